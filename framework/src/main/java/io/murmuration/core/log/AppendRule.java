package io.murmuration.core.log;

import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.InvariantViolation;
import java.util.List;

/** What a follower does with entries (figure 2, receiver rules 2 to 4 of AppendEntries). */
final class AppendRule {
    private AppendRule() {}

    /**
     * "Reply false if log doesn't contain an entry at prevLogIndex whose term matches prevLogTerm" (§5.3). What lies
     * inside the compacted prefix is committed and therefore matches.
     *
     * @param tail the follower's log
     * @param commit its commit index
     * @param previous the entry that stands before the leader's entries
     * @return whether the log contains it
     */
    static boolean matches(LogTail tail, long commit, EntryId previous) {
        if (previous.index() < tail.base().index()) {
            return true;
        }
        if (previous.index() > tail.lastIndex()) {
            return false;
        }
        boolean same = tail.term(previous.index()) == previous.term();
        if (!same && previous.index() <= commit) {
            throw new InvariantViolation("The leader holds " + previous + " where " + tail.id(previous.index())
                    + " is committed here (commit " + commit + ").");
        }
        return same;
    }

    /**
     * The first of the leader's entries that the log lacks: "If an existing entry conflicts with a new one (same index
     * but different terms), delete the existing entry and all that follow it. Append any new entries not already in the
     * log" (§5.3). A message that is merely old or short conflicts with nothing.
     *
     * @param tail the follower's log, which contains what stands before the entries
     * @param commit its commit index
     * @param entries the leader's entries
     * @return a position in {@code entries}; their number if the log lacks none
     */
    static int firstLacking(LogTail tail, long commit, List<Entry> entries) {
        for (int at = 0; at < entries.size(); at++) {
            EntryId id = entries.get(at).id();
            if (id.index() > tail.lastIndex()) {
                return at;
            }
            if (id.index() > tail.base().index() && tail.term(id.index()) != id.term()) {
                if (id.index() <= commit) {
                    throw new InvariantViolation("The leader's entry " + id + " would replace the committed "
                            + tail.id(id.index()) + " (commit " + commit + ").");
                }
                return at;
            }
        }
        return entries.size();
    }

    /**
     * Whether the entries follow {@code previous} without a gap, with terms that never fall and end at the leader's.
     *
     * @param previous what stands before them
     * @param entries the leader's entries
     * @param term the leader's term
     * @return false for a message that no leader makes
     */
    static boolean wellFormed(EntryId previous, List<Entry> entries, long term) {
        EntryId before = previous;
        for (Entry entry : entries) {
            if (entry.index() != before.index() + 1 || entry.term() < before.term()) {
                return false;
            }
            before = entry.id();
        }
        return before.term() <= term;
    }
}
