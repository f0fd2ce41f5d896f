package io.murmuration.core.log;

import io.murmuration.core.model.EntryId;

/**
 * Where two logs part (§5.3): "When rejecting an AppendEntries request, the follower can include the term of the
 * conflicting entry and the first index it stores for that term." One message, at most two, for each term in which the
 * logs differ, however many entries that are.
 */
final class HintRule {
    private HintRule() {}

    /**
     * The follower's side.
     *
     * @param tail the follower's log, which does not contain {@code previous}
     * @param commit its commit index: the leader's log equals it up to there, so no hint points below
     * @param previous what the leader asked for
     * @return the last entry if the log is too short, else the conflicting term and its first index
     */
    static EntryId hint(LogTail tail, long commit, EntryId previous) {
        if (previous.index() > tail.lastIndex()) {
            return tail.last();
        }
        EntryId first = tail.firstOfTermAt(previous.index());
        return first.index() >= commit ? first : tail.id(commit);
    }

    /**
     * The leader's side: the next entry to ask for. Logs that hold one entry of a term hold the same first entry of it,
     * so a term that the leader has too is left at its last entry, and one that it lacks is skipped as a whole.
     *
     * @param tail the leader's log
     * @param rejected the index that the follower did not have
     * @param hint what the follower said
     * @return an index below {@code rejected}, at least the leader's base
     */
    static long previous(LogTail tail, long rejected, EntryId hint) {
        long base = tail.base().index();
        if (rejected <= base) {
            return base;
        }
        boolean holdsHint = hint.index() >= base && hint.index() < rejected && tail.term(hint.index()) == hint.term();
        if (holdsHint && tail.term(rejected) == hint.term()) {
            // No conflict at the rejected index, so the follower's log is short and ends at the hint.
            return hint.index();
        }
        long candidate = tail.lastIndexUpToTerm(hint.term(), rejected - 1);
        if (tail.term(candidate) == hint.term()) {
            return candidate;
        }
        return Math.max(base, Math.min(candidate, hint.index() - 1));
    }
}
