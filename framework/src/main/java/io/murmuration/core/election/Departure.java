package io.murmuration.core.election;

import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import java.util.TreeSet;

/**
 * That the process of the leader is known to be gone, so that its term is not waited out, and when this node is to
 * stand for that. Mutable. A hint from outside of the protocol (no section of the paper): it lifts stickiness (§6) and
 * brings the election timer forward, no more. Both are there for liveness; a hint that is false costs a round of
 * pre-votes that the others refuse.
 *
 * <p>The voters that are left stand one after the other, by name, so that no two share the votes between them.
 */
final class Departure {
    /** In parts of T: so long has a voter to be elected before the next one stands. */
    private static final int TURNS = 5;
    /** In parts of T: so long a candidate, and one that has voted for it, wait for the outcome. */
    private static final int VOTES = 2;

    private final long timeout;
    private boolean known;
    private long turnAt;

    Departure(long timeout) {
        this.timeout = timeout;
    }

    boolean known() {
        return known;
    }

    /** It is said, perhaps again; returns when it is this node's turn. */
    long told(int rank, long now) {
        if (!known) {
            known = true;
            turnAt = now + rank * (timeout / TURNS);
        }
        return turnAt;
    }

    /** A leader was heard. */
    void forget() {
        known = false;
    }

    /** Another node would have this one's vote, and goes first. */
    void preVoted(long now) {
        turnAt = now + timeout / TURNS;
    }

    /** Votes for another node, or for this one, are on their way. */
    void voted(long now) {
        turnAt = now + timeout / VOTES;
    }

    /** How many voters go first: those with smaller names, except for the one that is gone. */
    static int rank(Members members, String self, String gone) {
        TreeSet<String> before = new TreeSet<>();
        members.everyone().filter(members::votes).map(Peer::node).forEach(before::add);
        before.remove(gone);
        return before.headSet(self).size();
    }
}
