package io.murmuration.testkit.history;

import org.jspecify.annotations.Nullable;

/**
 * Checks a history by its <em>witness</em>: the log index that each answer carries claims an order, and that order is
 * checked. Near-linear, for millions of operations; stricter than linearizability, since the indices must be true as
 * well.
 *
 * <ol>
 *   <li>Real time: if one operation returned before another was called, its index is not above the other's, and is
 *       below it if the other one is a write.
 *   <li>Each write has an index of its own.
 *   <li>Carried out one by one, lowest index first, and a read after the write of its index, the model gives every
 *       answer.
 *   <li>With an {@link AppliedLog}, that log is what is carried out: each acknowledged write is in it once and at its
 *       index, nothing that failed is in it, and nothing is in it twice. An unknown write may be in it, at an index
 *       that its call allows.
 * </ol>
 *
 * <p>Without such a log nobody knows where an unknown write took effect. Its partition is then not replayed but left to
 * {@link SearchChecker}, as is one with an answer that carries no index; the verdict is UNDECIDED and names them.
 * Without side effects; the caller's thread does all the work.
 *
 * @since 0.1.0
 */
public final class WitnessChecker {
    private WitnessChecker() {}

    /**
     * Checks the answers against each other.
     *
     * @param history what was observed
     * @param model what should have been observed
     * @return the verdict
     * @param <S> the model's state
     */
    public static <S> Verdict check(History history, Model<S> model) {
        return judge(history, model, null);
    }

    /**
     * Checks the answers against what a replica applied.
     *
     * @param history what was observed
     * @param model what should have been observed
     * @param log what took effect, and where
     * @return the verdict
     * @throws IllegalArgumentException if the log names an operation that the history does not have
     * @param <S> the model's state
     */
    public static <S> Verdict check(History history, Model<S> model, AppliedLog log) {
        return judge(history, model, log);
    }

    private static <S> Verdict judge(History history, Model<S> model, @Nullable AppliedLog log) {
        Violations violations = new Violations();
        Places places = Places.of(history, model, log, violations);
        places.checkRealTime(violations);
        Replay<S> replay = new Replay<>(model, places);
        replay.run(violations);
        if (!violations.isEmpty()) {
            return new Verdict(Verdict.Kind.VIOLATED, violations.text(), replay.leftToSearch());
        }
        if (!replay.leftToSearch().isEmpty()) {
            String left = "Left to the search are " + replay.leftToSearch().size() + " partitions: "
                    + Violations.some(replay.leftToSearch()) + ". "
                    + (log == null
                            ? "Each has a write whose outcome is unknown or an answer without an index; give the "
                                    + "applied log to place such writes."
                            : "Each has an answer without an index.");
            return new Verdict(Verdict.Kind.UNDECIDED, left, replay.leftToSearch());
        }
        return new Verdict(
                Verdict.Kind.LINEARIZABLE,
                "The order of the log indices gives every answer and respects real time, for " + replay.replayed()
                        + " operations.",
                replay.leftToSearch());
    }
}
