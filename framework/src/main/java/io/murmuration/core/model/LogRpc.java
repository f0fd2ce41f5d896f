package io.murmuration.core.model;

import java.util.List;

/** What Logs say to each other (§5.3). */
public sealed interface LogRpc extends Rpc {
    /**
     * The sender's term.
     *
     * @return a term
     */
    long term();

    /**
     * Which message of the leader this is, or answers.
     *
     * @return counted by the leader per follower and term, from 1
     */
    long sequence();

    /**
     * The leader's entries for a follower.
     *
     * @param term the leader's term
     * @param sequence the leader's count of messages to this follower in this term
     * @param previous the entry that stands before the first of {@code entries}
     * @param entries what to append; empty for a probe, or to tell the commit index
     * @param commit the leader's commit index
     */
    record AppendEntries(long term, long sequence, EntryId previous, List<Entry> entries, long commit)
            implements LogRpc {
        /** Copies the list. */
        public AppendEntries {
            entries = List.copyOf(entries);
        }

        /**
         * The last entry that this message verifies: nothing behind it may be committed because of it.
         *
         * @return the last of the entries, or {@code previous}
         */
        public EntryId verified() {
            return entries.isEmpty()
                    ? previous
                    : entries.get(entries.size() - 1).id();
        }
    }

    /**
     * The follower's log equals the leader's up to here, and that is durable [A3].
     *
     * @param term the follower's term
     * @param sequence the message that is answered
     * @param matched an index, never above the follower's durable end
     */
    record Matched(long term, long sequence, long matched) implements LogRpc {}

    /**
     * The follower has no entry {@code previous}. Try earlier: at the hint.
     *
     * @param term the follower's term
     * @param sequence the message that is answered
     * @param hint an id: if the follower's log is too short, its last entry; else the conflicting term with the first
     *     index that the follower stores for it (§5.3). Never below the follower's commit index.
     */
    record Mismatched(long term, long sequence, EntryId hint) implements LogRpc {}

    /**
     * The leader's term has passed [B6].
     *
     * @param term the replier's higher term
     * @param sequence the message that is answered
     */
    record Outdated(long term, long sequence) implements LogRpc {}

    /**
     * The leader no longer has the follower's next entry: the follower is to pull this snapshot instead (§7). Answered
     * by {@link Matched} once the follower holds as much; until then it is said again.
     *
     * @param term the leader's term
     * @param sequence the leader's count of messages to this follower in this term
     * @param snapshot where it is held, and up to where it reaches
     */
    record SnapshotOffer(long term, long sequence, SnapshotRpc.Held snapshot) implements LogRpc {}
}
