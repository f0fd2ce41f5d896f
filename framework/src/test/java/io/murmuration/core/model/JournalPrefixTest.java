package io.murmuration.core.model;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Which records of a journal may go, and that a replay of those that are left says the same. */
class JournalPrefixTest {
    private static final int RUNS = Integer.getInteger("murmuration.seeds", 400);
    private static final UUID GROUP = new UUID(1, 1);
    private static final Peer SELF = new Peer("n1", new UUID(2, 2));
    private static final Members MEMBERS = Members.voting(List.of(SELF));

    @Test
    void allBeforeTheFirstLiveEntryMayGo() {
        JournalPrefix prefix = new JournalPrefix();
        prefix.next(1, new Prepared(SELF.incarnation()));
        prefix.next(2, new EntriesAppended(entries(1, 1, 5)));
        prefix.next(3, new BallotCast(new Ballot(2, SELF)));
        prefix.next(4, new EntriesAppended(entries(6, 2, 5)));

        assertThat(prefix.next(5, new PrefixDropped(base(new EntryId(5, 1))))).isEqualTo(3);
        assertThat(prefix.next(6, new PrefixDropped(base(new EntryId(9, 2))))).isEqualTo(3);
        assertThat(prefix.next(7, new PrefixDropped(base(new EntryId(10, 2))))).isEqualTo(6);
    }

    @Test
    void aRecordWhoseEntriesWereReplacedHoldsNothing() {
        JournalPrefix prefix = new JournalPrefix();
        prefix.next(1, new EntriesAppended(entries(1, 1, 10)));
        prefix.next(2, new EntriesAppended(entries(3, 2, 10)));

        assertThat(prefix.next(3, new PrefixDropped(base(new EntryId(2, 1))))).isEqualTo(1);
    }

    @Test
    void aSnapshotThatKeepsNothingLetsEverythingGo() {
        JournalPrefix prefix = new JournalPrefix();
        prefix.next(1, new EntriesAppended(entries(1, 1, 10)));

        assertThat(prefix.next(2, new SnapshotInstalled(base(new EntryId(20, 1)), null)))
                .isEqualTo(1);
    }

    @Test
    void whatIsLeftReplaysToTheSame() {
        for (long seed = 1; seed <= RUNS; seed++) {
            try {
                new Journal(new Random(seed)).run();
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("seed " + seed, failure);
            }
        }
    }

    /** A journal from which whatever may go goes, now or later, and one from which nothing does. */
    private static final class Journal {
        private final Random random;
        private final List<StoreRecord> whole = new ArrayList<>();
        private final List<Entry> log = new ArrayList<>();
        private final JournalPrefix prefix = new JournalPrefix();
        private Ballot ballot = Ballot.NONE;
        private EntryId base = EntryId.NONE;
        private long deletable;

        Journal(Random random) {
            this.random = random;
        }

        void run() {
            write(new Prepared(SELF.incarnation()));
            write(new Founded(GROUP, MEMBERS));
            for (int step = 0; step < 60; step++) {
                step();
                compare();
            }
        }

        private void step() {
            int what = random.nextInt(10);
            if (what < 5) {
                append();
            } else if (what < 6) {
                cast(ballot.term() + 1);
            } else if (what < 9 && !log.isEmpty()) {
                Entry last = log.get(random.nextInt(log.size()));
                log.subList(0, log.indexOf(last) + 1).clear();
                base = last.id();
                write(new PrefixDropped(filled()));
            } else {
                install();
            }
        }

        private void append() {
            if (ballot.term() == 0) {
                cast(1);
            }
            int keep = random.nextInt(log.size() + 1);
            log.subList(keep, log.size()).clear();
            long from = base.index() + keep + 1;
            List<Entry> added = entries(from, ballot.term(), 1 + random.nextInt(5));
            log.addAll(added);
            write(new EntriesAppended(added));
        }

        private void install() {
            if (random.nextBoolean() && log.size() > 1) {
                Entry last = log.get(random.nextInt(log.size() - 1));
                log.subList(0, log.indexOf(last) + 1).clear();
                base = last.id();
                write(new SnapshotInstalled(filled(), log.get(log.size() - 1).id()));
                return;
            }
            cast(ballot.term() + 1);
            base = new EntryId(base.index() + log.size() + 1 + random.nextInt(5), ballot.term());
            log.clear();
            write(new SnapshotInstalled(filled(), null));
        }

        private void cast(long term) {
            ballot = new Ballot(term, SELF);
            write(new BallotCast(ballot));
        }

        private Base filled() {
            return new Base(GROUP, SELF.incarnation(), MEMBERS, MEMBERS, ballot, base);
        }

        private void write(StoreRecord record) {
            whole.add(record);
            deletable = Math.max(deletable, prefix.next(whole.size(), record));
        }

        /** Deletion is lazy: any part of what may go is still there. */
        private void compare() {
            int deleted = random.nextInt((int) deletable + 1);
            Recovered expected = new Recovered(SELF.incarnation(), GROUP, ballot, base, MEMBERS, log);

            assertThat(replayed(0)).isEqualTo(expected);
            assertThat(replayed((int) deletable)).isEqualTo(expected);
            assertThat(replayed(deleted)).isEqualTo(expected);
        }

        private Recovered replayed(int deleted) {
            Replay replay = new Replay();
            whole.subList(deleted, whole.size()).forEach(replay::add);
            return replay.result();
        }
    }

    private static Base base(EntryId last) {
        return new Base(GROUP, SELF.incarnation(), MEMBERS, MEMBERS, Ballot.NONE, last);
    }

    private static List<Entry> entries(long first, long term, int count) {
        List<Entry> entries = new ArrayList<>();
        for (long index = first; index < first + count; index++) {
            entries.add(new Entry(new EntryId(index, term), 0, new Payload.NoOp()));
        }
        return entries;
    }
}
