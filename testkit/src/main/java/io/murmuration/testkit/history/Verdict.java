package io.murmuration.testkit.history;

import java.util.List;

/**
 * What a checker found.
 *
 * @param kind whether the history may be trusted
 * @param explanation sentences: what was violated, by which operations; what remains to be decided; or how much was
 *     checked
 * @param undecided the partitions that were not decided, sorted; never empty if the kind is {@link Kind#UNDECIDED}
 * @since 0.1.0
 */
public record Verdict(Kind kind, String explanation, List<String> undecided) {
    /** The three verdicts. */
    public enum Kind {
        /** One order of all operations, in real time, gives every answer. */
        LINEARIZABLE,
        /** There is no such order, or the indices of the answers are not one: a fault was found. */
        VIOLATED,
        /** Nothing wrong was found, and some partitions could not be decided. */
        UNDECIDED
    }

    /** Copies the list. */
    public Verdict {
        undecided = undecided.stream().sorted().toList();
    }

    /**
     * Lets a test fail unless the history is linearizable.
     *
     * @throws AssertionError with the explanation
     */
    public void requireLinearizable() {
        if (kind != Kind.LINEARIZABLE) {
            throw new AssertionError(kind + ": " + explanation);
        }
    }
}
