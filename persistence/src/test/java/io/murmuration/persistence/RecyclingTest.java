package io.murmuration.persistence;

import static io.murmuration.persistence.JournalFixture.delete;
import static io.murmuration.persistence.JournalFixture.events;
import static io.murmuration.persistence.JournalFixture.open;
import static io.murmuration.persistence.JournalFixture.segment;
import static io.murmuration.persistence.JournalFixture.segments;
import static io.murmuration.persistence.JournalFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.persistence.DiskImage.Outage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Dead segments' files are written again, and nothing of what they held before ever counts. */
final class RecyclingTest {

    private static final long SMALL = 1000;
    private final FaultyDisk disk = JournalScript.emptyDisk();

    @Test
    void writesDeadSegmentsAgainInsteadOfNewFiles() throws Exception {
        try (Storage storage = open(disk, SMALL)) {
            churn(storage, 1, 100);
            int before = disk.operations().size();
            churn(storage, 101, 200);

            List<String> later =
                    disk.operations().subList(before, disk.operations().size());
            assertThat(later).noneMatch(operation -> operation.startsWith("create"));
            assertThat(later).anyMatch(operation -> operation.startsWith("openForWriting"));
            assertThat(spares(disk)).isLessThanOrEqualTo(JournalWriter.SPARES_MAX);
        }
    }

    @Test
    void keepsSoManySparesOnlyAndAStartWritesOverNoneOfThem() throws Exception {
        try (Storage storage = open(disk, SMALL)) {
            for (int i = 1; i <= 80; i++) {
                write(storage, "a", i, "-event");
            }
            delete(storage, "a", 80);
            JournalFixture.highest(storage, "a");
            assertThat(spares(disk)).isEqualTo(JournalWriter.SPARES_MAX);
        }

        FaultyDisk left = disk.afterPowerFailure(Outage.DROP_UNFORCED, 0);
        try (Storage storage = open(left, SMALL)) {
            assertThat(left.operations()).noneMatch(operation -> operation.startsWith("openForWriting"));
            assertThat(spares(left)).isEqualTo(JournalWriter.SPARES_MAX);

            churn(storage, 81, 120);

            assertThat(left.operations()).anyMatch(operation -> operation.startsWith("openForWriting"));
        }
    }

    @Test
    void aCleanEndInAFileThatWasUsedBeforeIsNoTornTail() throws Exception {
        recycledLastSegment();

        try (LogCapture log = new LogCapture(Recovery.class);
                Storage storage = open(disk, SMALL)) {
            assertThat(events(storage, "a")).containsExactly("101-last");
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void cutsATornTailInAFileThatWasUsedBefore() throws Exception {
        recycledLastSegment();
        long newest = newest();
        int[] groups = lastGroups(newest);

        disk.tamper(segment(newest), content -> {
            content[groups[1] + 20] ^= 1;
            return content;
        });

        try (LogCapture log = new LogCapture(Recovery.class);
                Storage storage = open(disk, SMALL)) {
            assertThat(events(storage, "a")).isEmpty();
            assertThat(log.messages()).singleElement().asString().contains("torn tail", "offset=" + groups[1]);
        }
    }

    @Test
    void refusesDamageInFrontOfALaterGroupInAFileThatWasUsedBefore() throws Exception {
        recycledLastSegment();
        long newest = newest();
        int[] groups = lastGroups(newest);

        disk.tamper(segment(newest), content -> {
            content[groups[0] + 20] ^= 1;
            return content;
        });

        assertThatThrownBy(() -> open(disk, SMALL))
                .isInstanceOf(DamagedJournalException.class)
                .hasMessageContaining("offset " + groups[0])
                .hasMessageContaining("one of a later write lies at offset " + groups[1]);
    }

    @Test
    void noChecksumFitsInAnotherSegmentWhateverTheSalts() {
        long seed = Long.getLong("murmuration.seed", System.nanoTime());
        System.out.println("[recycling] seed=" + seed);
        Random random = new Random(seed);
        RecordFrame frame = new RecordFrame(CRC32C::new);
        ByteBuffer record = ByteBuffer.allocate(64);
        for (int i = 0; i < 20_000; i++) {
            SegmentId id = SegmentId.of(1 + (random.nextLong() >>> 1 >>> random.nextInt(60)), random.nextLong());
            SegmentId next = SegmentId.of(id.number() + 1 + random.nextInt(1000), random.nextLong());
            CRC32C checksum = new CRC32C();
            checksum.update(ByteBuffer.allocate(16)
                    .putLong(id.number())
                    .putLong(id.salt())
                    .flip());
            assertThat((int) checksum.getValue()).isEqualTo((int) id.number());

            record.clear().position(RecordFrame.HEADER_BYTES).putLong(random.nextLong());
            frame.seal(record, 0, RecordKind.EVENTS, id, 4096, 4096);
            int end = record.position();

            assertThat(frame.isIntact(record, 0, end, id, 4096)).isTrue();
            assertThat(frame.isIntact(record, 0, end, next, 4096)).isFalse();
        }
    }

    @Test
    void segmentsOfTheSameNumberDifferByChance() {
        assertThat(SegmentId.of(7, 1L << 40)).isNotEqualTo(SegmentId.of(7, 2L << 40));
    }

    private void recycledLastSegment() throws Exception {
        try (Storage storage = open(disk, SMALL)) {
            churn(storage, 1, 100);
            delete(storage, "a", 100);
            write(storage, "a", 101, "-last");
        }
        byte[] content = disk.content(segment(newest()));
        assertThat(SegmentHeader.decode(ByteBuffer.wrap(content), new CRC32C()).header())
                .isNotNull()
                .extracting(SegmentHeader::recycled)
                .isEqualTo(true);
    }

    private long newest() {
        List<Long> numbers = segments(disk);
        return numbers.get(numbers.size() - 1);
    }

    /** Where the last two groups begin; each is one record here. */
    private int[] lastGroups(long number) {
        ByteBuffer content = ByteBuffer.wrap(disk.content(segment(number)));
        int[] last = {0, 0};
        int at = SegmentHeader.BYTES;
        while (RecordFrame.claimedBytes(content, at) > 0) {
            last = new int[] {last[1], at};
            at += (int) RecordFrame.claimedBytes(content, at);
        }
        return last;
    }

    private static int spares(FaultyDisk disk) {
        return (int) disk.files().stream()
                .filter(file -> file.toString().endsWith(SegmentId.SPARE_SUFFIX))
                .count();
    }

    /** Writes many events, one at a time, and keeps the last one only. */
    private static void churn(Storage storage, long from, long to) throws ExecutionException {
        for (long i = from; i <= to; i++) {
            write(storage, "a", i, "-event");
            delete(storage, "a", i - 1);
        }
    }
}
