package io.murmuration.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.core.model.StoreRecord.BallotCast;
import io.murmuration.core.model.StoreRecord.Base;
import io.murmuration.core.model.StoreRecord.EntriesAppended;
import io.murmuration.core.model.StoreRecord.Founded;
import io.murmuration.core.model.StoreRecord.PrefixDropped;
import io.murmuration.core.model.StoreRecord.Prepared;
import io.murmuration.core.model.StoreRecord.SnapshotInstalled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayTest {
    private static final UUID SELF = new UUID(1, 1);
    private static final UUID GROUP = new UUID(2, 2);
    private static final Peer ME = new Peer("n1", SELF);
    private static final Peer OTHER = new Peer("n2", new UUID(3, 3));
    private static final Members FOUNDERS = Members.voting(List.of(ME, OTHER));
    private static final Members LATER = Members.voting(List.of(ME));

    private static Entry entry(long index, long term) {
        return new Entry(new EntryId(index, term), 0, new Payload.NoOp());
    }

    /** Entries from one index to another, all of one term. */
    private static EntriesAppended appended(long from, long to, long term) {
        List<Entry> entries = new ArrayList<>();
        for (long index = from; index <= to; index++) {
            entries.add(entry(index, term));
        }
        return new EntriesAppended(entries);
    }

    private static BallotCast ballot(long term) {
        return new BallotCast(new Ballot(term, null));
    }

    private static Base base(long index, long term, Ballot ballot) {
        return new Base(GROUP, SELF, FOUNDERS, LATER, ballot, new EntryId(index, term));
    }

    private static Recovered replayed(StoreRecord... records) {
        Replay replay = new Replay();
        for (StoreRecord record : records) {
            replay.add(record);
        }
        return replay.result();
    }

    private static List<String> ids(Recovered recovered) {
        return recovered.entries().stream().map(entry -> entry.id().toString()).toList();
    }

    @Test
    void anEmptyJournalSaysNothing() {
        assertThat(replayed()).isEqualTo(Recovered.NOTHING);
    }

    @Test
    void tellsWhoWeAreAndTheFounders() {
        assertThat(replayed(new Prepared(SELF), new Founded(GROUP, FOUNDERS)))
                .isEqualTo(new Recovered(SELF, GROUP, Ballot.NONE, EntryId.NONE, FOUNDERS, List.of()));
    }

    @Test
    void refusesTwoMixedJournals() {
        assertThatThrownBy(() -> replayed(new Prepared(SELF), new Prepared(new UUID(9, 9))))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("two journals are mixed");
        assertThatThrownBy(() -> replayed(new Founded(GROUP, FOUNDERS), new Founded(new UUID(9, 9), FOUNDERS)))
                .isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> replayed(new Prepared(new UUID(9, 9)), new PrefixDropped(base(1, 1, Ballot.NONE))))
                .isInstanceOf(InvariantViolation.class);
    }

    @Test
    void takesTheLaterBallot() {
        Ballot voted = new Ballot(5, OTHER);

        assertThat(replayed(ballot(4), new BallotCast(voted)).ballot()).isEqualTo(voted);
        assertThat(replayed(new BallotCast(voted), ballot(5), ballot(3)).ballot())
                .isEqualTo(voted);
    }

    @Test
    void entriesReplaceWhatStoodThere() {
        Recovered recovered = replayed(ballot(3), appended(1, 5, 1), appended(3, 3, 2), appended(4, 6, 3));

        assertThat(ids(recovered)).containsExactly("1@1", "2@1", "3@2", "4@3", "5@3", "6@3");
    }

    @Test
    void entriesThatReplaceAreTheEndOfTheLog() {
        assertThat(ids(replayed(ballot(3), appended(1, 5, 1), appended(2, 2, 2))))
                .containsExactly("1@1", "2@2");
        assertThat(ids(replayed(ballot(3), appended(1, 5, 1), appended(1, 1, 2))))
                .containsExactly("1@2");
    }

    @Test
    void refusesAGap() {
        assertThatThrownBy(() -> replayed(ballot(1), appended(1, 2, 1), appended(4, 4, 1)))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("goes on at index 4 after 2@1");
        assertThatThrownBy(() -> replayed(ballot(1), new EntriesAppended(List.of(entry(1, 1), entry(3, 1)))))
                .isInstanceOf(InvariantViolation.class);
    }

    @Test
    void refusesATermThatFalls() {
        assertThatThrownBy(() -> replayed(ballot(5), appended(1, 2, 4), appended(3, 3, 3)))
                .isInstanceOf(InvariantViolation.class);
    }

    @Test
    void refusesAJournalWhoseBeginningIsMissing() {
        assertThatThrownBy(() -> replayed(ballot(1), appended(4, 5, 1)))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("begins at index 4");
    }

    @Test
    void refusesEntriesOfATermWithoutItsBallot() {
        assertThatThrownBy(() -> replayed(ballot(1), appended(1, 1, 2)))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("no ballot above term 1");
    }

    @Test
    void aBaseSetsAllThatDeletedRecordsSaid() {
        Ballot voted = new Ballot(4, OTHER);

        Recovered recovered = replayed(new PrefixDropped(base(10, 3, voted)), appended(11, 12, 4));

        assertThat(recovered)
                .isEqualTo(new Recovered(
                        SELF, GROUP, voted, new EntryId(10, 3), FOUNDERS, LATER, List.of(entry(11, 4), entry(12, 4))));
    }

    @Test
    void theFoundersOutliveCompactionAndSnapshots() {
        Replay both = new Replay();
        both.add(new Founded(GROUP, FOUNDERS));
        both.add(new SnapshotInstalled(base(10, 3, ballot(3).ballot()), null));
        Recovered whole = both.result();
        Recovered shortened = replayed(new PrefixDropped(base(10, 3, ballot(3).ballot())));

        assertThat(whole.founded()).isEqualTo(FOUNDERS);
        assertThat(whole.members()).isEqualTo(LATER);
        assertThat(shortened.founded()).isEqualTo(FOUNDERS);
        assertThat(shortened.withoutEntries().founded()).isEqualTo(FOUNDERS);
    }

    @Test
    void aFirstRecordAboveIndexOneIsNoGapOnceABaseIsSet() {
        Recovered recovered =
                replayed(appended(8, 9, 3), appended(10, 12, 3), new PrefixDropped(base(10, 3, new Ballot(3, null))));

        assertThat(recovered.base()).isEqualTo(new EntryId(10, 3));
        assertThat(ids(recovered)).containsExactly("11@3", "12@3");
    }

    @Test
    void aRemainingRecordMayReplaceWhatWasDeleted() {
        Recovered recovered = replayed(
                appended(11, 20, 1),
                appended(5, 8, 2),
                appended(9, 15, 2),
                new PrefixDropped(base(12, 2, new Ballot(2, null))));

        assertThat(ids(recovered)).containsExactly("13@2", "14@2", "15@2");
    }

    @Test
    void aBaseNeverLowersTheBallot() {
        Ballot later = new Ballot(7, OTHER);

        assertThat(replayed(
                                ballot(3),
                                appended(1, 2, 3),
                                new BallotCast(later),
                                new PrefixDropped(base(2, 3, new Ballot(3, null))))
                        .ballot())
                .isEqualTo(later);
    }

    @Test
    void refusesABaseThatFitsNothing() {
        StoreRecord entries = appended(1, 5, 2);

        assertThatThrownBy(() -> replayed(ballot(2), entries, new PrefixDropped(base(6, 2, new Ballot(2, null)))))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("reach from 1 to 5@2");
        assertThatThrownBy(() -> replayed(ballot(2), entries, new PrefixDropped(base(4, 1, new Ballot(2, null)))))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("another entry");
        assertThatThrownBy(() -> replayed(
                        ballot(2),
                        entries,
                        new PrefixDropped(base(4, 2, new Ballot(2, null))),
                        new PrefixDropped(base(3, 2, new Ballot(2, null)))))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("falls");
        assertThatThrownBy(() -> replayed(appended(8, 9, 2), new PrefixDropped(base(4, 2, new Ballot(2, null)))))
                .isInstanceOf(InvariantViolation.class);
    }

    @Test
    void refusesEntriesAtOrBelowTheBase() {
        assertThatThrownBy(() -> replayed(new PrefixDropped(base(4, 2, new Ballot(3, null))), appended(4, 5, 3)))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("prefix that ends at 4@2");
        assertThatThrownBy(() -> replayed(new PrefixDropped(base(4, 2, new Ballot(3, null))), appended(6, 6, 3)))
                .isInstanceOf(InvariantViolation.class);
    }

    @Test
    void anInstalledSnapshotReplacesTheLogUnlessItSaysOtherwise() {
        Ballot ballot = new Ballot(6, null);

        Recovered recovered = replayed(ballot(2), appended(1, 9, 2), new SnapshotInstalled(base(5, 4, ballot), null));

        assertThat(recovered.entries()).isEmpty();
        assertThat(recovered.base()).isEqualTo(new EntryId(5, 4));
        assertThat(recovered.ballot()).isEqualTo(ballot);
    }

    @Test
    void replayObeysWhatAnInstalledSnapshotKept() {
        SnapshotInstalled installed = new SnapshotInstalled(base(5, 2, new Ballot(2, null)), new EntryId(7, 2));

        assertThat(ids(replayed(ballot(2), appended(1, 9, 2), installed))).containsExactly("6@2", "7@2");
        assertThat(ids(replayed(ballot(2), appended(1, 9, 2), installed, appended(8, 8, 2))))
                .containsExactly("6@2", "7@2", "8@2");
    }

    @Test
    void replayDoesNotJudgeTheBaseOfAnInstalledSnapshotAnew() {
        SnapshotInstalled installed = new SnapshotInstalled(base(5, 1, new Ballot(2, null)), new EntryId(7, 2));

        assertThat(ids(replayed(ballot(2), appended(1, 9, 2), installed))).containsExactly("6@2", "7@2");
    }

    @Test
    void refusesASnapshotThatKeepsWhatIsNotThere() {
        Base base = base(5, 2, new Ballot(2, null));

        assertThatThrownBy(() -> replayed(ballot(2), appended(1, 6, 2), new SnapshotInstalled(base, new EntryId(7, 2))))
                .isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> replayed(ballot(2), appended(1, 9, 2), new SnapshotInstalled(base, new EntryId(7, 1))))
                .isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> replayed(ballot(2), appended(1, 9, 2), new SnapshotInstalled(base, new EntryId(5, 2))))
                .isInstanceOf(InvariantViolation.class);
    }

    /** Deleting any prefix of records that lie wholly below the base changes nothing of what is recovered (Store 4). */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void deletionBelowTheBaseChangesNothing(long start) {
        for (long seed = start * 500; seed < start * 500 + 500; seed++) {
            Random random = new Random(seed);
            List<StoreRecord> journal = randomJournal(random);
            Recovered whole = replayed(journal.toArray(StoreRecord[]::new));

            int deletable = 0;
            while (deletable < journal.size()
                    && !(journal.get(deletable) instanceof PrefixDropped)
                    && !(journal.get(deletable) instanceof EntriesAppended some
                            && some.last().index() > whole.base().index())) {
                deletable++;
            }
            int deleted = random.nextInt(deletable + 1);
            List<StoreRecord> rest = journal.subList(deleted, journal.size());

            assertThat(replayed(rest.toArray(StoreRecord[]::new)))
                    .as("seed %s, %s records deleted of %s", seed, deleted, journal)
                    .isEqualTo(whole);
        }
    }

    private static List<StoreRecord> randomJournal(Random random) {
        List<StoreRecord> journal = new ArrayList<>(List.of(new Prepared(SELF), new Founded(GROUP, FOUNDERS)));
        LastBallot order = new LastBallot(Ballot.NONE);
        List<Long> terms = new ArrayList<>();
        long term = 1;
        long committed = 0;
        journal.add(order.next(ballot(term)));
        for (int step = 0; step < 30; step++) {
            if (random.nextInt(4) == 0) {
                term++;
                journal.add(order.next(ballot(term)));
                terms = new ArrayList<>(
                        terms.subList(0, (int) (committed + random.nextInt(terms.size() + 1 - (int) committed))));
            }
            int count = 1 + random.nextInt(5);
            journal.add(order.next(appended(terms.size() + 1, terms.size() + count, term)));
            for (int added = 0; added < count; added++) {
                terms.add(term);
            }
            committed += random.nextInt((int) (terms.size() - committed) + 1);
        }
        if (committed > 0) {
            long at = 1L + random.nextInt((int) committed);
            journal.add(order.next(new PrefixDropped(base(at, terms.get((int) at - 1), Ballot.NONE))));
        }
        return journal;
    }
}
