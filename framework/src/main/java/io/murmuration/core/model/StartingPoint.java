package io.murmuration.core.model;

import io.murmuration.core.model.StoreRecord.BallotCast;
import io.murmuration.core.model.StoreRecord.Base;
import io.murmuration.core.model.StoreRecord.SnapshotInstalled;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
     * @param newest the newest snapshot of this node, in this life of its disk, that can be read; null if there is none
     * @return from where to go on
     * @throws InvariantViolation if the two speak of different groups or histories
     */
    public static StartingPoint of(Recovered journal, @Nullable Snapshot newest) {
        EntryId base = journal.base();
        if (newest == null || newest.last().index() < base.index()) {
            State state = base.equals(EntryId.NONE) ? State.INITIAL : State.LOST;
            return new StartingPoint(journal, state, List.of());
        }
        if (!newest.group().equals(journal.group())) {
            throw new InvariantViolation("The newest snapshot is one of the group " + newest.group()
                    + ", but the journal is of " + journal.group() + ": the folders of two groups are mixed.");
        }
        if (covers(journal, newest.last())) {
            return new StartingPoint(journal, State.SNAPSHOT, List.of());
        }
        if (newest.last().index() == base.index()) {
            throw new InvariantViolation("The newest snapshot ends with " + newest.last()
                    + ", but the journal's prefix with " + base + ": two histories are mixed.");
        }
        return adopted(journal, newest);
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
    private static StartingPoint adopted(Recovered journal, Snapshot newest) {
        List<StoreRecord> records = new ArrayList<>();
        Ballot ballot = journal.ballot();
        if (newest.last().term() > ballot.term()) {
            ballot = new Ballot(newest.last().term(), null);
            records.add(new BallotCast(ballot));
        }
        Base base = new Base(
                newest.group(),
                Objects.requireNonNull(journal.incarnation(), "A founded replica has an incarnation."),
                newest.members(),
                ballot,
                newest.last());
        records.add(new SnapshotInstalled(base, null));
        Recovered recovered = new Recovered(
                journal.incarnation(), journal.group(), ballot, newest.last(), newest.members(), List.of());
        return new StartingPoint(recovered, State.SNAPSHOT, records);
    }
}
