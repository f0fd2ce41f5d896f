package io.murmuration.core.election;

import io.murmuration.core.model.EntryId;

/**
 * Who would get a vote if it campaigned (thesis 9.6): the proposed term is higher, its log is at least as up-to-date,
 * and no leader was heard of within an election time-out. Answering changes nothing.
 */
final class PreVoteRule {
    private PreVoteRule() {}

    /**
     * Whether the pre-vote is granted. Whether a leader was heard is {@link StickyRule}'s business, asked before and
     * again.
     *
     * @param ownTerm the voter's term
     * @param proposed the term in which the asker would campaign
     * @param askerLast the last entry of the asker's log
     * @param ownLast the last entry of the voter's log behind its fence
     * @return whether the voter would vote for the asker
     */
    static boolean grants(long ownTerm, long proposed, EntryId askerLast, EntryId ownLast) {
        return proposed > ownTerm && askerLast.atLeastAsUpToDateAs(ownLast);
    }
}
