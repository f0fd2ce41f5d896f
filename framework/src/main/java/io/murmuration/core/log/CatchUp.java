package io.murmuration.core.log;

import io.murmuration.core.model.Peer;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Mutable. Whether learners have caught up (thesis 4.2.1): "The replication of entries to the new server is split into
 * rounds, as shown in Figure 4.5. Each round replicates all the log entries present in the leader's log at the start of
 * the round ... If the last round lasts less than an election timeout, then the leader adds the new server to the
 * cluster". Where the thesis waits a fixed number of rounds, this waits while the learner makes progress: a snapshot of
 * minutes is no failure.
 */
final class CatchUp {
    /** After so many election time-outs without a word, or without progress, a learner is given up. */
    static final long PATIENCE_TIMEOUTS = 20;
    /** A snapshot that was pulled takes so many times longer to be put in place, if its learner still answers. */
    static final long INSTALL_FACTOR = 10;
    /** After so many rounds the log is growing faster than the learner can follow. */
    static final int ROUNDS_MAX = 1_000;
    /** Who was not heard for so many election time-outs is not ready to vote; an idle one is asked each two. */
    static final long READY_TIMEOUTS = 4;

    private final TreeMap<Peer, Round> rounds = new TreeMap<>();
    private final long timeout;

    private static final class Round {
        final long metAt;
        long target;
        long beganAt;
        int number = 1;
        boolean caughtUp;

        Round(long target, long now) {
            this.metAt = now;
            this.beganAt = now;
            this.target = target;
        }
    }

    /** Nobody is waited for yet; {@code timeout} is T. */
    CatchUp(long timeout) {
        this.timeout = timeout;
    }

    /** Whether this learner may vote without holding up the group. */
    boolean ready(Progress learner, long end, long now) {
        Round round = round(learner, end, now);
        if (round.caughtUp && learner.state() != Progress.State.REPLICATING) {
            // It has fallen behind while another newcomer was waited for.
            round.caughtUp = false;
            round.target = end;
            round.beganAt = now;
        }
        while (!round.caughtUp && learner.match() >= round.target && round.number <= ROUNDS_MAX) {
            round.caughtUp = now - round.beganAt < timeout;
            round.number++;
            round.target = end;
            round.beganAt = now;
        }
        return round.caughtUp && learner.answered() && now - learner.heardAt() < READY_TIMEOUTS * timeout;
    }

    /** Why this learner is given up, or null. */
    @Nullable
    String hopeless(Progress learner, long end, long now) {
        Round round = round(learner, end, now);
        long patience = PATIENCE_TIMEOUTS * timeout;
        long silence = now - later(round.metAt, learner.heardAt());
        if (silence >= patience) {
            return String.format(
                    Locale.ROOT,
                    "%s has not answered for %.1f s, and holds the log up to %,d of %,d; see that it runs with this"
                            + " group and can be reached, then order again.",
                    learner.peer(),
                    silence / 1e9,
                    learner.match(),
                    end);
        }
        long stillness = now - later(round.metAt, learner.movedAt());
        if (!round.caughtUp && stillness >= patience * (learner.pulls() ? INSTALL_FACTOR : 1)) {
            return String.format(
                    Locale.ROOT,
                    "%s answers, but has come no further than %,d of %,d for %.1f s; look at its log for the reason,"
                            + " then order again.",
                    learner.peer(),
                    learner.match(),
                    end,
                    stillness / 1e9);
        }
        return round.number <= ROUNDS_MAX || round.caughtUp
                ? null
                : String.format(
                        Locale.ROOT,
                        "%s has not caught up in %,d rounds and is still %,d entries behind: the log grows faster"
                                + " than it can follow; order again when there is less load, or give it a faster disk.",
                        learner.peer(),
                        ROUNDS_MAX,
                        end - learner.match());
    }

    /** How far it is, for the operator. */
    String how(Progress learner, long end) {
        Round round = rounds.get(learner.peer());
        String number = round == null ? "" : String.format(Locale.ROOT, " (round %,d)", round.number);
        return !learner.answered()
                ? learner.peer() + " is invited and has not answered yet"
                : learner.peer()
                        + String.format(Locale.ROOT, " holds the log up to %,d of %,d", learner.match(), end)
                        + (learner.pulls() && learner.match() == 0 ? " and pulls a snapshot" : number);
    }

    private Round round(Progress learner, long end, long now) {
        return rounds.computeIfAbsent(learner.peer(), met -> new Round(end, now));
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }
}
