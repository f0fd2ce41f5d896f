package io.murmuration.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.core.model.StartingPoint.State;
import io.murmuration.core.model.StoreRecord.BallotCast;
import io.murmuration.core.model.StoreRecord.Base;
import io.murmuration.core.model.StoreRecord.SnapshotInstalled;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** From where a replica goes on, by what its journal and its newest snapshot say. */
class StartingPointTest {
    private static final UUID GROUP = new UUID(1, 1);
    private static final Peer SELF = new Peer("n1", new UUID(2, 2));
    private static final Members MEMBERS = Members.voting(List.of(SELF));
    private static final Ballot BALLOT = new Ballot(3, SELF);

    @Test
    void withoutSnapshotAndPrefixItBeginsAtTheBeginning() {
        Recovered journal = journal(EntryId.NONE, entries(1, 1, 3));

        assertThat(StartingPoint.of(journal, EntryId.NONE, Members.NONE))
                .isEqualTo(new StartingPoint(journal, State.INITIAL, List.of()));
    }

    @Test
    void withoutTheSnapshotThatItsPrefixRestsOnItHasNoState() {
        Recovered journal = journal(new EntryId(5, 2), entries(6, 2, 3));

        assertThat(StartingPoint.of(journal, EntryId.NONE, Members.NONE).state())
                .isEqualTo(State.LOST);
        assertThat(StartingPoint.of(journal, new EntryId(4, 2), MEMBERS).state())
                .isEqualTo(State.LOST);
        assertThat(StartingPoint.withoutState(journal).state()).isEqualTo(State.LOST);
    }

    @Test
    void goesOnFromASnapshotThatTheLogCovers() {
        Recovered journal = journal(new EntryId(5, 2), entries(6, 2, 3));

        for (long index = 5; index <= 8; index++) {
            assertThat(StartingPoint.of(journal, new EntryId(index, 2), MEMBERS))
                    .isEqualTo(new StartingPoint(journal, State.SNAPSHOT, List.of()));
        }
    }

    @Test
    void adoptsASnapshotThatReachesFurtherThanTheLog() {
        Recovered journal = journal(new EntryId(5, 2), entries(6, 2, 3));
        EntryId last = new EntryId(9, 2);

        StartingPoint point = StartingPoint.of(journal, last, MEMBERS);

        assertThat(point.state()).isEqualTo(State.SNAPSHOT);
        assertThat(point.records()).containsExactly(new SnapshotInstalled(base(BALLOT, last), null));
        assertThat(point.recovered())
                .isEqualTo(new Recovered(SELF.incarnation(), GROUP, BALLOT, last, MEMBERS, List.of()));
        assertThat(replayed(journal, point)).isEqualTo(point.recovered());
    }

    @Test
    void adoptsASnapshotWhereTheLogHoldsAnotherEntry() {
        Recovered journal = journal(EntryId.NONE, entries(1, 1, 9));

        StartingPoint point = StartingPoint.of(journal, new EntryId(4, 3), MEMBERS);

        assertThat(point.recovered().entries()).isEmpty();
        assertThat(replayed(journal, point)).isEqualTo(point.recovered());
    }

    @Test
    void raisesTheBallotWithASnapshotOfALaterTerm() {
        Recovered journal = journal(EntryId.NONE, entries(1, 1, 2));
        EntryId last = new EntryId(9, 7);

        StartingPoint point = StartingPoint.of(journal, last, MEMBERS);

        Ballot raised = new Ballot(7, null);
        assertThat(point.records())
                .containsExactly(new BallotCast(raised), new SnapshotInstalled(base(raised, last), null));
        assertThat(replayed(journal, point)).isEqualTo(point.recovered());
    }

    @Test
    void refusesTwoHistories() {
        Recovered journal = journal(new EntryId(5, 2), List.of());

        assertThatThrownBy(() -> StartingPoint.of(journal, new EntryId(5, 1), MEMBERS))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("two histories are mixed");
    }

    /** What the next start reads, once the records are written behind the others. */
    private static Recovered replayed(Recovered journal, StartingPoint point) {
        Replay replay = new Replay();
        replay.add(new SnapshotInstalled(new Base(GROUP, SELF.incarnation(), MEMBERS, BALLOT, journal.base()), null));
        if (!journal.entries().isEmpty()) {
            replay.add(new StoreRecord.EntriesAppended(journal.entries()));
        }
        point.records().forEach(replay::add);
        return replay.result();
    }

    private static Recovered journal(EntryId base, List<Entry> entries) {
        return new Recovered(SELF.incarnation(), GROUP, BALLOT, base, MEMBERS, entries);
    }

    private static Base base(Ballot ballot, EntryId last) {
        return new Base(GROUP, SELF.incarnation(), MEMBERS, ballot, last);
    }

    private static List<Entry> entries(long first, long term, int count) {
        List<Entry> entries = new ArrayList<>();
        for (long index = first; index < first + count; index++) {
            entries.add(new Entry(new EntryId(index, term), 0, new Payload.NoOp()));
        }
        return entries;
    }
}
