package io.murmuration.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.core.model.StartingPoint.State;
import io.murmuration.core.model.StoreRecord.BallotCast;
import io.murmuration.core.model.StoreRecord.Base;
import io.murmuration.core.model.StoreRecord.SnapshotInstalled;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** From where a replica goes on, given its journal and its newest snapshot (protocol, Machine 2). */
class StartingPointTest {
    private static final UUID GROUP = new UUID(1, 1);
    private static final Peer SELF = new Peer("n1", new UUID(2, 2));
    private static final Members MEMBERS = Members.voting(List.of(SELF));
    private static final Ballot BALLOT = new Ballot(2, SELF);

    private static EntryId at(long index, long term) {
        return new EntryId(index, term);
    }

    /** A journal whose log rests on a base and goes on with entries of term 2. */
    private static Recovered journal(EntryId base, int entries) {
        List<Entry> log = LongStream.rangeClosed(base.index() + 1, base.index() + entries)
                .mapToObj(index -> new Entry(at(index, 2), 0, new Payload.NoOp()))
                .toList();
        return new Recovered(SELF.incarnation(), GROUP, BALLOT, base, MEMBERS, log);
    }

    @Test
    void withoutASnapshotAWholeLogIsFoldedFromItsBeginning() {
        Recovered journal = journal(EntryId.NONE, 3);

        assertThat(StartingPoint.of(journal, EntryId.NONE, Members.NONE))
                .isEqualTo(new StartingPoint(journal, State.INITIAL, List.of()));
    }

    @Test
    void withoutASnapshotThatReachesTheBaseTheStateIsLost() {
        Recovered journal = journal(at(5, 1), 3);
        StartingPoint lost = new StartingPoint(journal, State.LOST, List.of());

        assertThat(StartingPoint.of(journal, EntryId.NONE, Members.NONE)).isEqualTo(lost);
        assertThat(StartingPoint.of(journal, at(4, 1), MEMBERS)).isEqualTo(lost);
        assertThat(StartingPoint.withoutState(journal)).isEqualTo(lost);
    }

    @Test
    void aSnapshotThatTheLogCoversChangesNothingOfTheLog() {
        Recovered journal = journal(at(5, 1), 3);
        StartingPoint covered = new StartingPoint(journal, State.SNAPSHOT, List.of());

        assertThat(StartingPoint.of(journal, at(5, 1), MEMBERS)).isEqualTo(covered);
        assertThat(StartingPoint.of(journal, at(7, 2), MEMBERS)).isEqualTo(covered);
        assertThat(StartingPoint.of(journal, at(8, 2), MEMBERS)).isEqualTo(covered);
    }

    @Test
    void aSnapshotAheadOfTheLogIsAdoptedBeforeAnythingElse() {
        Base base = new Base(GROUP, SELF.incarnation(), MEMBERS, MEMBERS, BALLOT, at(9, 2));

        StartingPoint point = StartingPoint.of(journal(at(5, 1), 3), at(9, 2), MEMBERS);

        assertThat(point.state()).isEqualTo(State.SNAPSHOT);
        assertThat(point.recovered()).isEqualTo(journal(at(9, 2), 0));
        assertThat(point.records()).containsExactly(new SnapshotInstalled(base, null));
    }

    @Test
    void theFoundersAreThoseOfTheJournalAlsoBehindAnAdoptedSnapshot() {
        Members later = Members.voting(List.of(new Peer("n2", new UUID(3, 3))));
        SnapshotInstalled adopted =
                new SnapshotInstalled(new Base(GROUP, SELF.incarnation(), MEMBERS, later, BALLOT, at(9, 2)), null);

        StartingPoint point = StartingPoint.of(journal(at(5, 1), 3), at(9, 2), later);

        assertThat(point.recovered().founded()).isEqualTo(MEMBERS);
        assertThat(point.recovered().baseMembers()).isEqualTo(later);
        assertThat(point.records()).containsExactly(adopted);
    }

    @Test
    void aSnapshotInPlaceOfAnotherEntryIsAdopted() {
        StartingPoint point = StartingPoint.of(journal(at(5, 1), 3), at(7, 1), MEMBERS);

        assertThat(point.recovered().base()).isEqualTo(at(7, 1));
        assertThat(point.recovered().entries()).isEmpty();
        assertThat(point.records()).hasSize(1);
    }

    @Test
    void theBallotOfALaterTermIsAdoptedFirst() {
        Ballot later = new Ballot(4, null);

        StartingPoint point = StartingPoint.of(journal(at(5, 1), 3), at(9, 4), MEMBERS);

        assertThat(point.recovered().ballot()).isEqualTo(later);
        assertThat(point.records())
                .containsExactly(
                        new BallotCast(later),
                        new SnapshotInstalled(
                                new Base(GROUP, SELF.incarnation(), MEMBERS, MEMBERS, later, at(9, 4)), null));
    }

    @Test
    void refusesASnapshotOfAnotherHistory() {
        Recovered journal = journal(at(5, 1), 3);

        assertThatThrownBy(() -> StartingPoint.of(journal, at(5, 2), MEMBERS))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("two histories are mixed");
    }
}
