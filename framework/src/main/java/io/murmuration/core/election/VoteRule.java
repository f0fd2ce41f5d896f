package io.murmuration.core.election;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Peer;

/**
 * Whom a server votes for (§5.2, §5.4.1). "Each server will vote for at most one candidate in a given term, on a
 * first-come-first-served basis", and "the voter denies its vote if its own log is more up-to-date than that of the
 * candidate".
 */
final class VoteRule {
    private VoteRule() {}

    /**
     * Whether the candidate receives the vote of a term.
     *
     * @param ballot the voter's ballot
     * @param term the candidate's term
     * @param candidate who asks
     * @param candidateLast the last entry of the candidate's log
     * @param ownLast the last entry of the voter's log behind the fence of that term, durable or not
     * @return true also if this candidate already has the vote of this term
     */
    static boolean grants(Ballot ballot, long term, Peer candidate, EntryId candidateLast, EntryId ownLast) {
        // "Reply false if term < currentTerm" (figure 2). A higher term was adopted before this rule is asked.
        if (term != ballot.term()) {
            return false;
        }
        // "If votedFor is null or candidateId, and candidate's log is at least as up-to-date as receiver's log, grant".
        boolean free = ballot.votedFor() == null || ballot.votedFor().equals(candidate);
        return free && candidateLast.atLeastAsUpToDateAs(ownLast);
    }
}
