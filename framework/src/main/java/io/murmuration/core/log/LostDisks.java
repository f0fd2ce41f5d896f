package io.murmuration.core.log;

import io.murmuration.core.model.Deadline;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import java.util.Optional;

/**
 * Mutable. Which lost disks a leader replaces without an order ({@code murmuration.replace-lost = automatic}): a voter
 * was silent for long, and another incarnation answers under its name.
 */
final class LostDisks {
    /** How long a voter is silent, in election time-outs, until another incarnation may take its place by itself. */
    static final long LOST_TIMEOUTS = 10;
    /** So many election time-outs pass between two replacements that nobody ordered. */
    static final long REPLACE_TIMEOUTS = 20;
    /** Silent voters are asked who they are each so many election time-outs. */
    static final long LOOK_TIMEOUTS = 2;

    private final LogState state;
    private final Replication replication;
    private long replaceAt;

    LostDisks(LogState state, Replication replication, long now) {
        this.state = state;
        this.replication = replication;
        this.replaceAt = now;
    }

    /** Whether they are replaced at all. */
    boolean replaced() {
        return state.settings().replaceLost();
    }

    /** Whether this is a voter's node in a new life of its disk, and the old one has been silent for long. */
    boolean succeeds(Peer peer, long now) {
        Members members = state.members();
        return mayBegin(now)
                && !members.contains(peer)
                && members.voters().stream().anyMatch(old -> old.node().equals(peer.node()) && lost(old, now));
    }

    /** Whom an earlier leader has let in for a disk that is lost still: nobody who ordered it would ask again. */
    Optional<Peer> begun(long now) {
        Members members = state.members();
        return members.learners().stream()
                .filter(learner -> mayBegin(now))
                .filter(learner -> members.voters().stream()
                        .anyMatch(old -> old.node().equals(learner.node()) && !old.equals(learner) && lost(old, now)))
                .findFirst();
    }

    /** One is being replaced. */
    void begin(long now) {
        replaceAt = now + REPLACE_TIMEOUTS * state.settings().timeoutNanos();
    }

    /** Asks who answers under the names of silent voters. */
    void look(long now) {
        if (replaced()) {
            state.members().voters().stream()
                    .filter(voter -> lost(voter, now))
                    .forEach(voter -> state.emit(new Effect.Identify(voter.node())));
        }
    }

    private boolean mayBegin(long now) {
        return replaced() && Deadline.due(replaceAt, now);
    }

    private boolean lost(Peer voter, long now) {
        return replication.silence(voter, now)
                >= LOST_TIMEOUTS * state.settings().timeoutNanos();
    }
}
