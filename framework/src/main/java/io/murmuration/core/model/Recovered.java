package io.murmuration.core.model;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a replica's journal says when it has been read to its end.
 *
 * @param incarnation this node's incarnation, or null if the store is empty
 * @param group the group's id, or null if the group was not founded as far as this node knows
 * @param ballot term and vote
 * @param base the last entry that is no longer in the log; {@link EntryId#NONE} while nothing was compacted
 * @param founded the members at index 0, with which the group began: known to whoever knows the group, for as long as
 *     it knows it; {@link Members#NONE} without a group
 * @param baseMembers the members in force at {@code base}
 * @param entries the log behind the base, without a gap
 */
public record Recovered(
        @Nullable UUID incarnation,
        @Nullable UUID group,
        Ballot ballot,
        EntryId base,
        Members founded,
        Members baseMembers,
        List<Entry> entries) {
    /** An empty store. */
    public static final Recovered NOTHING =
            new Recovered(null, null, Ballot.NONE, EntryId.NONE, Members.NONE, List.of());

    /**
     * What is known while the members are still those with which the group began.
     *
     * @param incarnation this node's incarnation, or null if the store is empty
     * @param group the group's id, or null if the group was not founded as far as this node knows
     * @param ballot term and vote
     * @param base the last entry that is no longer in the log
     * @param members the members at index 0, and in force at {@code base}
     * @param entries the log behind the base, without a gap
     */
    public Recovered(
            @Nullable UUID incarnation,
            @Nullable UUID group,
            Ballot ballot,
            EntryId base,
            Members members,
            List<Entry> entries) {
        this(incarnation, group, ballot, base, members, members, entries);
    }

    /**
     * All but the log, for who must not keep what the Log itself may drop.
     *
     * @return this without entries
     */
    public Recovered withoutEntries() {
        return new Recovered(incarnation, group, ballot, base, founded, baseMembers, List.of());
    }

    /**
     * The latest members in the log, committed or not (§6).
     *
     * @return those that the last entry about members has set, or those at the base
     */
    public Members members() {
        for (int at = entries.size() - 1; at >= 0; at--) {
            if (entries.get(at).payload() instanceof Payload.MembersSet set) {
                return set.members();
            }
        }
        return baseMembers;
    }

    /** Copies the list. */
    public Recovered {
        entries = List.copyOf(entries);
    }
}
