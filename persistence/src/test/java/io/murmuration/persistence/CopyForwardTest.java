package io.murmuration.persistence;

import static io.murmuration.persistence.JournalFixture.delete;
import static io.murmuration.persistence.JournalFixture.events;
import static io.murmuration.persistence.JournalFixture.highest;
import static io.murmuration.persistence.JournalFixture.open;
import static io.murmuration.persistence.JournalFixture.segment;
import static io.murmuration.persistence.JournalFixture.segments;
import static io.murmuration.persistence.JournalFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.persistence.DiskImage.Outage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** Live records leave mostly dead segments; nothing is lost by it, and no more is written than was promised. */
final class CopyForwardTest {

    private static final long SMALL = 1000;
    private static final long LARGE = 620 << 10;
    private final FaultyDisk disk = JournalScript.emptyDisk();

    @Test
    void copiedRecordsAreFoundInTheirOrderAfterEveryRestart() throws Exception {
        List<String> expected = new ArrayList<>();
        long end = 0;
        try (Storage storage = open(disk, SMALL)) {
            for (int i = 1; i <= 6; i++) {
                write(storage, "quiet", i, "-here");
                expected.add(i + "-here");
                end = churn(storage, end, 40);
                assertThat(events(storage, "quiet")).isEqualTo(expected);
            }
            assertThat(storage.journal().copiedBytes()).isPositive();
            assertThat(segments(disk)).hasSizeLessThanOrEqualTo(3).doesNotContain(1L);
        }

        FaultyDisk left = disk;
        for (int restart = 0; restart < 3; restart++) {
            left = left.afterPowerFailure(Outage.DROP_UNFORCED, restart);
            try (Storage storage = open(left, SMALL)) {
                assertThat(events(storage, "quiet")).isEqualTo(expected);
                assertThat(events(storage, "quiet", 2, 5, 3)).containsExactly("2-here", "3-here", "4-here");
                assertThat(events(storage, "a")).hasSize(1);
                end = churn(storage, end, 40);
            }
        }
    }

    @Test
    void deletesWhatWasCopied() throws Exception {
        try (Storage storage = open(disk, SMALL)) {
            for (int i = 1; i <= 4; i++) {
                write(storage, "quiet", i, "-here");
            }
            long end = churn(storage, 0, 60);
            assertThat(storage.journal().copiedBytes()).isPositive();
            delete(storage, "quiet", 3);
            assertThat(events(storage, "quiet")).containsExactly("4-here");
            churn(storage, end, 60);
        }

        try (Storage storage = open(disk.afterPowerFailure(Outage.DROP_UNFORCED, 0), SMALL)) {
            assertThat(events(storage, "quiet")).containsExactly("4-here");
            assertThat(highest(storage, "quiet")).isEqualTo(4);
        }
    }

    @Test
    void neverCopiesMoreThanWasWrittenAndKeepsTheLogNearItsLiveRecords() throws Exception {
        long seed = Long.getLong("murmuration.seed", System.nanoTime());
        System.out.println("[copy-forward] seed=" + seed);
        Random random = new Random(seed);
        long[] ends = new long[8];
        long[] starts = new long[8];
        try (Storage storage = open(disk, 4000)) {
            for (int step = 1; step <= 4000; step++) {
                // Some persistence ids are busy and short, others quiet and long.
                int id = Math.min(random.nextInt(8), random.nextInt(8));
                write(storage, "p" + id, ++ends[id], "-event");
                if (ends[id] - starts[id] > 4 + id * 12) {
                    starts[id] = ends[id] - random.nextInt(4 + id * 12);
                    delete(storage, "p" + id, starts[id]);
                }
                if (step % 500 == 0) {
                    // What this deletion freed is copied with it and the two next ones; then the files are gone.
                    for (int more = 0; more < 3; more++) {
                        write(storage, "p0", ++ends[0], "-event");
                        highest(storage, "p0");
                    }
                    checkBounds(storage.journal(), ends, starts);
                }
            }
            assertThat(storage.journal().copiedBytes()).isPositive();
        }
        try (Storage storage = open(disk, 4000)) {
            for (int id = 0; id < 8; id++) {
                assertThat(events(storage, "p" + id)).hasSize((int) (ends[id] - starts[id]));
            }
        }
    }

    private void checkBounds(Journal journal, long[] ends, long[] starts) {
        long live = 0;
        for (int id = 0; id < ends.length; id++) {
            live += (ends[id] - starts[id]) * RecordFrame.framedBytes(EventsBody.HEAD_BYTES + Integer.BYTES + 6L);
        }
        assertThat(journal.copiedBytes()).isLessThanOrEqualTo(journal.appendedBytes());
        // A closed segment holds at least 4000 bytes less a group, its checkpoint and its header.
        assertThat((long) segments(disk).size()).isLessThanOrEqualTo(3 + 3 * live / (4000 - 1000));
    }

    @Test
    void aLogOfLiveRecordsIsNeverCopied() throws Exception {
        try (Storage storage = open(disk, SMALL)) {
            for (int i = 1; i <= 100; i++) {
                write(storage, "a", i, "-event");
                // One of four records dies.
                write(storage, "b", i, "-x");
                write(storage, "c", i, "-event");
                write(storage, "d", i, "-event");
                delete(storage, "b", i);
            }

            assertThat(storage.journal().copiedBytes()).isZero();
        }
    }

    @Test
    void aReplayReadsOnWhileWhatItReadsIsCopiedAway() throws Exception {
        try (Storage storage = open(disk, SMALL)) {
            long end = 0;
            for (int i = 1; i <= 4; i++) {
                write(storage, "quiet", i, "-here");
                end = churn(storage, end, 8);
            }
            long[] churned = {end};
            List<Long> seen = new ArrayList<>();
            Journal.EventSink busy = (sequenceNr, event) -> {
                seen.add(sequenceNr);
                try {
                    churned[0] = churn(storage, churned[0], 40);
                } catch (ExecutionException e) {
                    throw new IllegalStateException(e);
                }
            };

            JournalScript.await(storage.journal().replay("quiet", 1, 4, 4, busy, Runnable::run));

            assertThat(seen).containsExactly(1L, 2L, 3L, 4L);
            assertThat(storage.journal().copiedBytes()).isPositive();
        }
    }

    @Test
    void refusesALogThatLacksTheSegmentWithTheCopies() throws Exception {
        try (Storage storage = open(disk, SMALL)) {
            write(storage, "quiet", 1, "-here");
            write(storage, "quiet", 2, "-here");
            churn(storage, 0, 60);
            assertThat(segments(disk)).doesNotContain(1L);
        }

        for (long number : segments(disk)) {
            FaultyDisk lacking = disk.afterPowerFailure(Outage.KEEP_ALL, 0);
            lacking.remove(segment(number));
            assertThatThrownBy(() -> JournalScript.closeQuietly(open(lacking, SMALL)))
                    .as("without %d of %s", number, segments(disk))
                    .isInstanceOf(DamagedJournalException.class);
        }
    }

    @Test
    void goesOnInSlicesAndAfterARestartWhereItStopped() throws Exception {
        long all;
        try (Storage storage = open(disk, LARGE)) {
            all = twentyQuietRecordsInAMostlyDeadSegment(storage);
            write(storage, "a", 141, "-small");
            assertThat(storage.journal().copiedBytes()).isBetween(1L, all - 1);
            assertThat(events(storage, "quiet")).hasSize(20);
        }

        try (Storage storage = open(disk.afterPowerFailure(Outage.DROP_UNFORCED, 0), LARGE)) {
            for (int i = 142; i <= 150; i++) {
                write(storage, "a", i, "-small");
                assertThat(events(storage, "quiet")).hasSize(20);
            }
            assertThat(storage.journal().copiedBytes()).isBetween(1L, all - 1);
        }
    }

    @Test
    void givesUpASegmentThatDiesWhileItIsCopied() throws Exception {
        try (Storage storage = open(disk, LARGE)) {
            twentyQuietRecordsInAMostlyDeadSegment(storage);
            write(storage, "a", 141, "-small");
            delete(storage, "quiet", 20);
            for (int i = 142; i <= 300; i++) {
                write(storage, "a", i, "x".repeat(8000));
                delete(storage, "a", i - 1);
            }
            write(storage, "quiet", 21, "-here");

            assertThat(events(storage, "quiet")).containsExactly("21-here");
        }
    }

    /** Fills a first segment, in which every seventh record stays alive; returns the bytes of those. */
    private static long twentyQuietRecordsInAMostlyDeadSegment(Storage storage) throws ExecutionException {
        String text = "x".repeat(4000);
        long quiet = 0;
        for (int i = 1; i <= 140; i++) {
            write(storage, "a", i, text);
            if (i % 7 == 0) {
                write(storage, "quiet", ++quiet, text);
            }
        }
        delete(storage, "a", 140);
        return 20 * RecordFrame.framedBytes(EventsBody.HEAD_BYTES + Integer.BYTES + 4000L);
    }

    /** Writes many events and keeps the last one only. */
    private static long churn(Storage storage, long end, int count) throws ExecutionException {
        for (long i = end + 1; i <= end + count; i++) {
            write(storage, "a", i, "-event");
            delete(storage, "a", i - 1);
        }
        return end + count;
    }
}
