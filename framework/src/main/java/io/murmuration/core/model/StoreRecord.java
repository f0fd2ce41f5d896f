package io.murmuration.core.model;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a replica makes durable, one record an event of its journal, in the order in which it was handed over. Records
 * carry absolute indices, so that replay can start at any record whose predecessors were deleted after a
 * {@link PrefixDropped}.
 */
public sealed interface StoreRecord {
    /**
     * The first record of all: this node has drawn its incarnation and says so to those who found the group.
     *
     * @param incarnation the random id of this life of the node's disk
     */
    record Prepared(UUID incarnation) implements StoreRecord {}

    /**
     * The group exists, with these members at index 0.
     *
     * @param group the group's random id
     * @param members the founders with the incarnations that they had prepared
     */
    record Founded(UUID group, Members members) implements StoreRecord {}

    /**
     * Term and vote (figure 2), always together.
     *
     * @param ballot the ballot as it is from now on
     */
    record BallotCast(Ballot ballot) implements StoreRecord {}

    /**
     * The log from the first of these entries on is exactly these entries: what stood there before is replaced.
     *
     * @param entries at least one, their indices without a gap
     */
    record EntriesAppended(List<Entry> entries) implements StoreRecord {
        /** Checks that there is an entry; that they follow each other is {@link Replay}'s business. */
        public EntriesAppended {
            if (entries.isEmpty()) {
                throw new IllegalArgumentException("A record of appended entries has at least one entry.");
            }
            entries = List.copyOf(entries);
        }

        /**
         * Where the batch starts.
         *
         * @return the id of its first entry
         */
        public EntryId first() {
            return entries.get(0).id();
        }

        /**
         * Where the log ends after it.
         *
         * @return the id of its last entry
         */
        public EntryId last() {
            return entries.get(entries.size() - 1).id();
        }
    }

    /**
     * All that replay needs when older records are gone [A6].
     *
     * @param group the group's random id
     * @param incarnation this node's own incarnation
     * @param founded the members at index 0: who joins later, or has forgotten that it founded the group, may ask
     *     anybody
     * @param members the members in force at {@code last}
     * @param ballot the ballot at this point of the journal; the Store fills it in [A1]
     * @param last the last entry that the snapshot includes
     */
    record Base(UUID group, UUID incarnation, Members founded, Members members, Ballot ballot, EntryId last) {}

    /**
     * Entries up to {@code base.last} are in a durable snapshot of this node and no longer needed here.
     *
     * @param base what replay starts from
     */
    record PrefixDropped(Base base) implements StoreRecord {}

    /**
     * A snapshot from another node has replaced the log up to {@code base.last}.
     *
     * @param base what replay starts from
     * @param kept the last entry kept behind the snapshot, or null if none is; replay obeys it and compares nothing
     *     [A2]
     */
    record SnapshotInstalled(Base base, @Nullable EntryId kept) implements StoreRecord {}
}
