package io.murmuration.core.model;

import io.murmuration.core.model.StoreRecord.BallotCast;
import io.murmuration.core.model.StoreRecord.Base;
import io.murmuration.core.model.StoreRecord.SnapshotInstalled;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * From where a replica goes on, given what its journal and its newest snapshot say (protocol, Machine 2). A snapshot
 * that the log does not cover is adopted: it was taken, or pulled, and became durable before the record that says so.
 *
 * @param recovered what Election and Log start from
 * @param state where the Machine starts
 * @param records what is to be made durable before anything else, so that the next replay says the same; may be empty
 */
public record StartingPoint(Recovered recovered, State state, List<StoreRecord> records) {
    /** Where a Machine starts. */
    public enum State {
        /** In the machine's initial state, before the first entry. */
        INITIAL,
        /** In the state of the newest snapshot. */
        SNAPSHOT,
        /** Without a state: what the log rests on is lost, and another member must give it. */
        LOST
    }

    /** Copies the list. */
    public StartingPoint {
        records = List.copyOf(records);
    }

    /**
     * Decides.
     *
     * @param journal what the journal says
     * @param last the last entry that the newest snapshot includes which this node, in this life of its disk, has and
     *     can read; {@link EntryId#NONE} if there is none
     * @param members the members in force there
     * @return from where to go on
     * @throws InvariantViolation if the two speak of different histories
     */
    public static StartingPoint of(Recovered journal, EntryId last, Members members) {
        EntryId base = journal.base();
        if (last.equals(EntryId.NONE) || last.index() < base.index()) {
            State state = base.equals(EntryId.NONE) ? State.INITIAL : State.LOST;
            return new StartingPoint(journal, state, List.of());
        }
        if (covers(journal, last)) {
            return new StartingPoint(journal, State.SNAPSHOT, List.of());
        }
        if (last.index() == base.index()) {
            throw new InvariantViolation("The newest snapshot ends with " + last + ", but the journal's prefix with "
                    + base + ": two histories are mixed.");
        }
        return adopted(journal, last, members);
    }

    /**
     * What is here is not to be trusted: another member must give the state.
     *
     * @param journal what the journal says
     * @return a starting point without a state
     */
    public static StartingPoint withoutState(Recovered journal) {
        return new StartingPoint(journal, State.LOST, List.of());
    }

    private static boolean covers(Recovered journal, EntryId last) {
        long position = last.index() - journal.base().index() - 1;
        if (position < 0) {
            return last.equals(journal.base());
        }
        List<Entry> entries = journal.entries();
        return position < entries.size() && entries.get((int) position).id().equals(last);
    }

    /** What the log holds instead is not committed. F1: no term in the log without a ballot. */
    private static StartingPoint adopted(Recovered journal, EntryId last, Members members) {
        List<StoreRecord> records = new ArrayList<>();
        Ballot ballot = journal.ballot();
        if (last.term() > ballot.term()) {
            ballot = new Ballot(last.term(), null);
            records.add(new BallotCast(ballot));
        }
        Base base = new Base(
                Objects.requireNonNull(journal.group(), "Who has a snapshot belongs to a group."),
                Objects.requireNonNull(journal.incarnation(), "A founded replica has an incarnation."),
                journal.founded(),
                members,
                ballot,
                last);
        records.add(new SnapshotInstalled(base, null));
        Recovered recovered = new Recovered(
                journal.incarnation(), journal.group(), ballot, last, journal.founded(), members, List.of());
        return new StartingPoint(recovered, State.SNAPSHOT, records);
    }
}
