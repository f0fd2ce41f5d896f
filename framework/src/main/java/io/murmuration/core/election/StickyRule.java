package io.murmuration.core.election;

/**
 * Leader stickiness (§6): "if a server receives a RequestVote RPC within the minimum election timeout of hearing from a
 * current leader, it does not update its term or grant its vote." A leader counts as hearing itself.
 */
final class StickyRule {
    private StickyRule() {}

    /**
     * Whether a request for a vote or a pre-vote is refused because there is a leader.
     *
     * @param leads whether this node leads
     * @param silence nanoseconds since a leader was heard; Long.MAX_VALUE if none ever was
     * @param timeout the minimum election time-out
     * @param transfer whether the leader itself asked for the campaign (thesis 3.10)
     * @return true to refuse
     */
    static boolean refuses(boolean leads, long silence, long timeout, boolean transfer) {
        return !transfer && (leads || silence < timeout);
    }
}
