package io.murmuration.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What a start costs, in reads and in memory. */
final class RecoveryTest {

    private static final long SEGMENT_BYTES = 64 << 10;
    private static final int EVENTS = 3000;

    @Test
    void opensEachSegmentEquallyOftenWhateverTheNumberOfGroups() throws Exception {
        List<String> one = startOf(journalOf(1));
        List<String> many = startOf(journalOf(300));

        List<String> opened =
                one.stream().filter(operation -> operation.startsWith("open ")).toList();
        // All but the newest once; the newest for its checkpoint, for its records, and to be written anew.
        assertThat(opened).hasSizeGreaterThan(5);
        assertThat(opened.subList(0, opened.size()))
                .filteredOn(operation -> !operation.equals(opened.get(opened.size() - 1)))
                .doesNotHaveDuplicates();
        assertThat(many.stream()
                        .filter(operation -> operation.startsWith("open "))
                        .distinct())
                .hasSizeGreaterThan(5);
        assertThat(count(many, "open ") - distinct(many)).isEqualTo(count(one, "open ") - distinct(one));
        // 3,000 records in windows of up to 256 KiB: some reads per file and not one per record.
        assertThat(count(many, "read ")).isLessThan(20 * distinct(many));
    }

    @Test
    void replayOfOneOfManyGroupsReadsLittleMoreThanItsOwn() throws Exception {
        FaultyDisk disk = journalOf(100);
        try (Storage storage = JournalFixture.open(disk, SEGMENT_BYTES)) {
            int before = disk.operations().size();

            assertThat(JournalFixture.events(storage, "p7")).hasSize(EVENTS / 100);

            // At most a file's size and header, and two windows for each record.
            assertThat(disk.operations().size() - before)
                    .isLessThan(
                            EVENTS / 100 * 2 + 4 * JournalFixture.segments(disk).size());
        }
    }

    @Test
    void theIndexTakesTwentyBytesPerRecordAndDoesNotGrowBehindDeletions() {
        StreamIndex growing = new StreamIndex(1, "a");
        for (int i = 1; i <= 1_000_000; i++) {
            growing.add(i, StreamIndex.place(1, i), 100);
        }
        StreamIndex sliding = new StreamIndex(2, "b");
        for (int i = 1; i <= 1_000_000; i++) {
            sliding.add(i, StreamIndex.place(1, i), 100);
            sliding.deleteTo(i - 1000, (segment, bytes) -> {});
        }

        assertThat(growing.indexBytes()).isBetween(20L * 1_000_000, 40L * 1_000_000);
        assertThat(sliding.indexBytes()).isLessThanOrEqualTo(4 * 20 * 1024L);
        assertThat(new StreamIndex(3, "c").indexBytes()).isLessThanOrEqualTo(20 * 16);
    }

    private static int count(List<String> operations, String prefix) {
        return (int) operations.stream()
                .filter(operation -> operation.startsWith(prefix))
                .count();
    }

    private static int distinct(List<String> operations) {
        return (int) operations.stream()
                .filter(operation -> operation.startsWith("open "))
                .distinct()
                .count();
    }

    private static FaultyDisk journalOf(int groups) throws Exception {
        FaultyDisk disk = JournalScript.emptyDisk();
        try (Storage storage = JournalFixture.open(disk, SEGMENT_BYTES)) {
            List<CompletionStage<Void>> answers = new ArrayList<>();
            for (int i = 0; i < EVENTS; i++) {
                answers.add(storage.journal()
                        .append(List.of(JournalFixture.event("p" + i % groups, 1 + i / groups, "x".repeat(200)))));
            }
            for (CompletionStage<Void> answer : answers) {
                JournalScript.await(answer);
            }
        }
        return disk;
    }

    private static List<String> startOf(FaultyDisk disk) throws Exception {
        int before = disk.operations().size();
        JournalFixture.open(disk, SEGMENT_BYTES).close();
        return disk.operations().subList(before, disk.operations().size());
    }
}
