package io.murmuration.core.log;

import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Quorum;
import java.util.function.LongUnaryOperator;
import java.util.function.ToLongFunction;

/** How far the log is committed (§5.3, §5.4.2). The commit index never falls. */
final class CommitRule {
    private CommitRule() {}

    /**
     * The leader's commit index. "If there exists an N such that N > commitIndex, a majority of matchIndex[i] &ge; N,
     * and log[N].term == currentTerm: set commitIndex = N" (figure 2). "Only log entries from the leader's current term
     * are committed by counting replicas" (§5.4.2).
     *
     * @param members who counts
     * @param match up to where each of them is known to hold the log durably, the leader itself included
     * @param commit the commit index so far
     * @param term the leader's term
     * @param termAt the term of the leader's entry at an index
     * @return the new commit index, or the old one
     */
    static long counted(Members members, ToLongFunction<Peer> match, long commit, long term, LongUnaryOperator termAt) {
        long agreed = Quorum.agreed(members, match);
        if (agreed <= commit) {
            return commit;
        }
        return termAt.applyAsLong(agreed) == term ? agreed : commit;
    }

    /**
     * The follower's commit index. "If leaderCommit > commitIndex, set commitIndex = min(leaderCommit, index of last
     * new entry)" (figure 2), where the last entry that this message verified counts, new or not: what lies behind it
     * may differ from the leader's log.
     *
     * @param commit the commit index so far
     * @param leaderCommit what the leader says
     * @param verified the last index that the leader's message verified
     * @return the new commit index, or the old one
     */
    static long heard(long commit, long leaderCommit, long verified) {
        return Math.max(commit, Math.min(leaderCommit, verified));
    }
}
