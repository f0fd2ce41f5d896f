package io.murmuration.persistence;

import static io.murmuration.persistence.JournalFixture.FOLDER;
import static io.murmuration.persistence.JournalFixture.JOURNAL;
import static io.murmuration.persistence.JournalFixture.delete;
import static io.murmuration.persistence.JournalFixture.endOf;
import static io.murmuration.persistence.JournalFixture.open;
import static io.murmuration.persistence.JournalFixture.segment;
import static io.murmuration.persistence.JournalFixture.segments;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.murmuration.persistence.DiskImage.Outage;
import io.murmuration.persistence.JournalInspection.Damage;
import io.murmuration.persistence.JournalInspection.Event;
import io.murmuration.persistence.JournalInspection.Lost;
import io.murmuration.persistence.JournalInspection.SegmentFile;
import io.murmuration.persistence.JournalInspection.Stream;
import io.murmuration.persistence.JournalInspection.Use;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * An inspection tells what a start would serve, finds damage where a start finds it and beyond, and changes nothing.
 */
final class JournalInspectionTest {

    private static final long ONE_SEGMENT = 1 << 20;

    private static void write(Storage storage, String persistenceId, long sequenceNr, String text) throws Exception {
        JournalScript.await(storage.journal()
                .append(List.of(new AtomicAppend(
                        persistenceId,
                        sequenceNr,
                        List.of(new EventBytes(head(), text.getBytes(StandardCharsets.UTF_8)))))));
    }

    /** As {@link ReprCodec} writes it: format, time, writer, adapter, no metadata, serializer and manifest. */
    private static byte[] head() {
        ByteBuffer head = ByteBuffer.allocate(1 + Long.BYTES + 2 * Integer.BYTES + 1 + 2 * Integer.BYTES + 1);
        head.put((byte) 1).putLong(77).putInt(0).putInt(0).put((byte) 0).putInt(4711);
        return head.putInt(1).put((byte) 'm').array();
    }

    private static JournalInspection inspect(FaultyDisk disk) throws IOException {
        return JournalInspection.of(disk, FOLDER, () -> {});
    }

    private static List<String> events(JournalInspection inspection, String persistenceId) {
        List<String> events = new ArrayList<>();
        inspection.events(
                persistenceId,
                1,
                Long.MAX_VALUE,
                event -> events.add(event.sequenceNr()
                        + StandardCharsets.UTF_8.decode(event.payload()).toString()));
        return events;
    }

    private static FaultyDisk severalSegments() throws Exception {
        FaultyDisk disk = JournalScript.emptyDisk();
        try (Storage storage = open(disk, 400)) {
            for (int i = 1; i <= 12; i++) {
                write(storage, "a", i, "event " + i);
            }
        }
        assertThat(segments(disk)).hasSizeGreaterThan(3);
        return disk;
    }

    private static void flip(FaultyDisk disk, long number, int at) {
        disk.tamper(segment(number), content -> {
            content[at] ^= 1;
            return content;
        });
    }

    /** Where the last record of a segment begins, looking from the first. */
    private static int lastRecord(FaultyDisk disk, long number) {
        ByteBuffer content = ByteBuffer.wrap(disk.content(segment(number)));
        int at = SegmentHeader.BYTES;
        int last = at;
        while (at + RecordFrame.HEADER_BYTES <= content.limit() && RecordFrame.claimedBytes(content, at) > 0) {
            last = at;
            at += (int) RecordFrame.claimedBytes(content, at);
        }
        return last;
    }

    private static Map<Path, byte[]> image(FaultyDisk disk) {
        Map<Path, byte[]> image = new TreeMap<>();
        disk.files().forEach(file -> image.put(file, disk.content(file)));
        return image;
    }

    @Test
    void tellsWhatAStartWouldServeAndChangesNothing() throws Exception {
        FaultyDisk disk = JournalScript.emptyDisk();
        try (Storage storage = open(disk, 400)) {
            for (int i = 1; i <= 9; i++) {
                write(storage, "a", i, "event " + i);
            }
            write(storage, "b", 1, "one");
            delete(storage, "a", 2);
            storage.snapshots().save(new SnapshotRecord("s@x", 8, 1234, null, SnapshotState.of(new byte[][] {
                {5, 6, 7}, {8}
            })));
        }
        Map<Path, byte[]> before = image(disk);
        int operations = disk.operations().size();

        JournalInspection inspection = inspect(disk);

        assertThat(inspection.node()).isEqualTo("n1");
        assertThat(inspection.damages()).isEmpty();
        assertThat(inspection.lost()).isEmpty();
        assertThat(inspection.tornTail()).isNull();
        assertThat(events(inspection, "a")).hasSize(7).startsWith("3event 3").endsWith("9event 9");
        assertThat(inspection.streams())
                .extracting(Stream::persistenceId, Stream::highest, Stream::deletedTo, Stream::records)
                .containsExactlyInAnyOrder(tuple("a", 9L, 2L, 7L), tuple("b", 1L, 0L, 1L));
        assertThat(inspection.streams()).allMatch(stream -> stream.bytes() > 0);
        assertThat(inspection.snapshots()).singleElement().satisfies(snapshot -> {
            assertThat(snapshot.persistenceId()).isEqualTo("s@x");
            assertThat(snapshot.sequenceNr()).isEqualTo(8);
            assertThat(snapshot.timestampMillis()).isEqualTo(1234);
            assertThat(snapshot.intact()).isTrue();
            assertThat(snapshot.beginning()).isEqualTo(ByteBuffer.wrap(new byte[] {5, 6, 7}));
        });
        assertThat(disk.operations().subList(operations, disk.operations().size()))
                .as("operations that change the disk")
                .noneMatch(operation -> operation.matches("(write|force|create|rename|delete|lock).*"));
        assertThat(image(disk)).usingRecursiveComparison().isEqualTo(before);
    }

    @Test
    void tellsOfEachFileWhatItIs() throws Exception {
        FaultyDisk disk = severalSegments();
        disk.put(JOURNAL.resolve(SegmentId.fileName(77) + SegmentId.SPARE_SUFFIX), new byte[500]);
        disk.put(JOURNAL.resolve(SegmentId.fileName(78) + SegmentId.UNFINISHED_SUFFIX), new byte[10]);
        List<Long> numbers = segments(disk);

        List<SegmentFile> files = inspect(disk).segments();

        assertThat(files).hasSize(numbers.size() + 2);
        assertThat(files.subList(0, numbers.size() - 1)).allMatch(file -> file.use() == Use.SEALED);
        assertThat(files.get(numbers.size() - 1).use()).isEqualTo(Use.LIVE);
        assertThat(files.get(numbers.size()))
                .isEqualTo(new SegmentFile(
                        JOURNAL.resolve(SegmentId.fileName(77) + ".spare").toString(), Use.SPARE, 0, 500, 0, 0, 0));
        assertThat(files.get(numbers.size() + 1).use()).isEqualTo(Use.UNFINISHED);
        for (int i = 0; i < numbers.size(); i++) {
            SegmentFile file = files.get(i);
            long number = numbers.get(i);
            assertThat(file.number()).isEqualTo(number);
            assertThat(file.used()).isEqualTo(endOf(disk, number));
            assertThat(file.size()).isEqualTo(disk.content(segment(number)).length);
            assertThat(file.records()).isPositive();
        }
        assertThat(files.stream().mapToLong(SegmentFile::liveBytes).sum())
                .isEqualTo(inspect(disk).streams().get(0).bytes());
    }

    /**
     * The rule by which a flipped bit is damage is the start's own: for each byte of each segment both say the same.
     */
    @Test
    void agreesWithAStartOnEveryFlippedBit() throws Exception {
        FaultyDisk disk = severalSegments();
        delete(open(disk, 400), "a", 1);
        int refused = 0;
        int served = 0;

        for (long number : segments(disk)) {
            for (int at = 0; at < endOf(disk, number); at += 3) {
                FaultyDisk flipped = disk.afterPowerFailure(Outage.KEEP_ALL, 0);
                flip(flipped, number, at);
                JournalInspection inspection = inspect(flipped);
                List<String> left = events(inspection, "a");
                try (LogCapture log = new LogCapture(Recovery.class);
                        Storage storage = open(flipped, 400)) {
                    assertThat(log.messages()).hasSizeLessThan(2);
                    assertThat(inspection.damages()).as("%d at %d", number, at).isEmpty();
                    assertThat(inspection.tornTail() != null)
                            .isEqualTo(!log.messages().isEmpty());
                    assertThat(left).hasSameSizeAs(JournalFixture.events(storage, "a"));
                    served++;
                } catch (DamagedJournalException e) {
                    Damage first = inspection.damages().get(0);
                    assertThat(first.file()).as("%d at %d", number, at).isEqualTo(e.file());
                    assertThat(first.offset()).isEqualTo(e.offset());
                    assertThat(e).hasMessageContaining(first.finding());
                    refused++;
                }
            }
        }

        assertThat(refused).isGreaterThan(100);
        assertThat(served).isPositive();
    }

    @Test
    void findsEachPlaceOfDamageAndWhatIsLostAndReadsTheRest() throws Exception {
        FaultyDisk disk = severalSegments();
        List<String> all = events(inspect(disk), "a");
        List<Long> numbers = segments(disk);
        long one = numbers.get(0);
        long two = numbers.get(2);
        int begin = firstEvent(disk, one);
        flip(disk, one, begin + 20);
        disk.tamper(segment(two), content -> {
            content[3] ^= 1;
            return content;
        });

        JournalInspection inspection = inspect(disk);

        assertThat(inspection.damages())
                .extracting(Damage::file, Damage::offset)
                .contains(
                        tuple(segment(one).toString(), (long) begin),
                        tuple(segment(two).toString(), 0L));
        assertThat(inspection.damages()).allMatch(damage -> damage.wayOut().contains("Leave this node stopped"));
        assertThat(inspection.segments().get(2).use()).isEqualTo(Use.UNREADABLE);
        List<String> left = events(inspection, "a");
        List<String> lost = new ArrayList<>();
        for (Lost range : inspection.lost()) {
            assertThat(range.persistenceId()).isEqualTo("a");
            for (long i = range.from(); i <= range.to(); i++) {
                lost.add(i + "event " + i);
            }
        }
        assertThat(lost).contains("1event 1");
        assertThat(left).isNotEmpty().doesNotContainAnyElementsOf(lost);
        assertThat(left.size() + lost.size()).isEqualTo(all.size());
    }

    private static int firstEvent(FaultyDisk disk, long number) {
        ByteBuffer content = ByteBuffer.wrap(disk.content(segment(number)));
        int at = SegmentHeader.BYTES;
        while (!RecordKind.of(content.get(at + 10)).holdsEvents()) {
            at += (int) RecordFrame.claimedBytes(content, at);
        }
        return at;
    }

    @Test
    void aTornTailIsNoDamage() throws Exception {
        FaultyDisk disk = JournalScript.emptyDisk();
        try (Storage storage = open(disk, ONE_SEGMENT)) {
            write(storage, "a", 1, "one");
            write(storage, "a", 2, "two");
        }
        int begin = lastRecord(disk, 1);
        disk.tamper(segment(1), content -> Arrays.copyOf(content, begin + 20));

        JournalInspection inspection = inspect(disk);

        assertThat(inspection.damages()).isEmpty();
        assertThat(inspection.tornTail())
                .isEqualTo(new JournalInspection.TornTail(segment(1).toString(), begin));
        assertThat(events(inspection, "a")).containsExactly("1one");
        assertThat(inspection.segments().get(0).used()).isEqualTo(begin);
    }

    /** The last write is one group of three records, the first of which is torn: the other two are intact and lost. */
    private static int tearTheFirstOfThreeOfOneGroup(FaultyDisk disk, long segmentBytes, long from) throws Exception {
        int begin;
        long newest;
        try (Storage storage = open(disk, segmentBytes)) {
            newest = segments(disk).get(segments(disk).size() - 1);
            begin = endOf(disk, newest);
            List<AtomicAppend> group = new ArrayList<>();
            for (long i = from; i < from + 3; i++) {
                group.add(new AtomicAppend("a", i, List.of(new EventBytes(head(), new byte[] {1}))));
            }
            JournalScript.await(storage.journal().append(group));
        }
        assertThat(segments(disk)).last().isEqualTo(newest);
        flip(disk, newest, begin + 20);
        return begin;
    }

    @Test
    void countsNothingThatLiesInATornTail() throws Exception {
        FaultyDisk disk = JournalScript.emptyDisk();
        try (Storage storage = open(disk, ONE_SEGMENT)) {
            write(storage, "a", 1, "one");
        }
        int begin = tearTheFirstOfThreeOfOneGroup(disk, ONE_SEGMENT, 2);

        JournalInspection inspection = inspect(disk);

        assertThat(inspection.damages()).isEmpty();
        assertThat(inspection.tornTail()).isNotNull();
        assertThat(inspection.segments().get(0).used()).isEqualTo(begin);
        assertThat(inspection.segments().get(0).records()).isEqualTo(2);
        assertThat(events(inspection, "a")).containsExactly("1one");
    }

    @Test
    void aTornTailIsNoDamageBesideDamageElsewhere() throws Exception {
        FaultyDisk disk = severalSegments();
        tearTheFirstOfThreeOfOneGroup(disk, 4000, 13);
        flip(disk, 1, firstEvent(disk, 1) + 20);

        assertThat(inspect(disk).damages())
                .singleElement()
                .satisfies(
                        damage -> assertThat(damage.file()).isEqualTo(segment(1).toString()));
    }

    @Test
    void findsEachSegmentThatEndsTooEarly() throws Exception {
        FaultyDisk disk = severalSegments();
        for (long number : List.of(1L, 3L)) {
            int begin = firstEvent(disk, number);
            disk.tamper(segment(number), content -> Arrays.copyOf(content, begin));
        }

        assertThat(inspect(disk).damages())
                .extracting(Damage::file)
                .containsExactly(segment(1).toString(), segment(3).toString());
    }

    @Test
    void namesAMissingSegmentAndAForeignFile() throws Exception {
        FaultyDisk lacking = severalSegments();
        lacking.remove(segment(2));
        FaultyDisk foreign = severalSegments();
        Path notes = JOURNAL.resolve("notes.txt");
        foreign.put(notes, new byte[] {1});

        JournalInspection lacks = inspect(lacking);
        JournalInspection holdsMore = inspect(foreign);

        assertThat(lacks.damages())
                .singleElement()
                .satisfies(damage -> assertThat(damage.finding()).contains("missing", SegmentId.fileName(2)));
        assertThat(lacks.lost()).isNotEmpty();
        assertThat(holdsMore.damages()).singleElement().satisfies(damage -> {
            assertThat(damage.file()).isEqualTo(notes.toString());
            assertThat(damage.finding()).contains("move it elsewhere");
        });
        assertThat(holdsMore.lost()).isEmpty();
        assertThat(events(holdsMore, "a")).hasSize(12);
    }

    /** An older copy of the first segment: what it held when two events were written. */
    private static FaultyDisk withAnOlderCopyOfASegment() throws Exception {
        FaultyDisk disk = JournalScript.emptyDisk();
        byte[] older;
        try (Storage storage = open(disk, 400)) {
            write(storage, "a", 1, "event 1");
            older = disk.content(segment(1));
            for (int i = 2; i <= 12; i++) {
                write(storage, "a", i, "event " + i);
            }
        }
        disk.put(segment(1), older);
        return disk;
    }

    private static FaultyDisk withSwappedSegments() throws Exception {
        FaultyDisk disk = severalSegments();
        byte[] first = disk.content(segment(1));
        disk.put(segment(1), disk.content(segment(2)));
        disk.put(segment(2), first);
        return disk;
    }

    private static FaultyDisk withASegmentOfAnotherJournal() throws Exception {
        FaultyDisk disk = severalSegments();
        disk.put(segment(2), severalSegments().content(segment(2)));
        return disk;
    }

    @Test
    void tellsSwappedSegmentsAnOlderCopyAndAnotherJournalsAsAStartDoes() throws Exception {
        Map<String, FaultyDisk> cases = Map.of(
                "under another segment's name", withSwappedSegments(),
                "the segment was complete up to offset", withAnOlderCopyOfASegment(),
                "the file belongs to journal", withASegmentOfAnotherJournal());

        for (Map.Entry<String, FaultyDisk> each : cases.entrySet()) {
            JournalInspection inspection = inspect(each.getValue());

            Damage first = inspection.damages().get(0);
            assertThat(first.finding()).contains(each.getKey());
            assertThat(inspection.lost())
                    .as(each.getKey())
                    .isNotEmpty()
                    .allMatch(lost -> lost.persistenceId().equals("a"));
            assertThatThrownBy(() -> open(each.getValue(), 400))
                    .isInstanceOfSatisfying(DamagedJournalException.class, refusal -> {
                        assertThat(refusal.file()).isEqualTo(first.file());
                        assertThat(refusal.offset()).isEqualTo(first.offset());
                    })
                    .hasMessageContaining(each.getKey())
                    .hasMessageContaining("Events that cannot be read: a ");
        }
        assertThat(inspect(withSwappedSegments()).damages())
                .extracting(Damage::file)
                .contains(segment(1).toString(), segment(2).toString());
    }

    @Test
    void zerosBehindTheEndAreTheEnd() throws Exception {
        FaultyDisk disk = severalSegments();
        List<Long> numbers = segments(disk);
        for (long number : numbers) {
            disk.tamper(segment(number), content -> Arrays.copyOf(content, content.length + 5000));
        }
        int operations = disk.operations().size();

        JournalInspection inspection = inspect(disk);

        assertThat(inspection.damages()).isEmpty();
        assertThat(inspection.tornTail()).isNull();
        assertThat(events(inspection, "a")).hasSize(12);
        assertThat(disk.operations()).hasSizeGreaterThan(operations);
        try (LogCapture log = new LogCapture(Recovery.class);
                Storage storage = open(disk, 400)) {
            assertThat(JournalFixture.events(storage, "a")).hasSize(12);
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void readsAFolderThatDoesNotSayWhoseItIs() throws Exception {
        FaultyDisk without = severalSegments();
        without.remove(FOLDER.resolve(Identity.FILE));
        FaultyDisk damaged = severalSegments();
        damaged.tamper(FOLDER.resolve(Identity.FILE), content -> {
            content[50] ^= 1;
            return content;
        });

        for (FaultyDisk disk : List.of(without, damaged)) {
            JournalInspection inspection = inspect(disk);

            assertThat(inspection.node()).isEmpty();
            assertThat(inspection.damages())
                    .singleElement()
                    .satisfies(damage -> assertThat(damage.file())
                            .isEqualTo(FOLDER.resolve(Identity.FILE).toString()));
            assertThat(events(inspection, "a")).hasSize(12);
        }
    }

    @Test
    void tellsAFolderWhoseJournalIsGone() throws Exception {
        FaultyDisk disk = severalSegments();
        segments(disk).forEach(number -> disk.remove(segment(number)));

        assertThat(inspect(disk).damages())
                .singleElement()
                .satisfies(damage -> assertThat(damage.finding()).contains("has no file any more"));
    }

    @Test
    void findsEveryFlippedBitInASnapshot() throws Exception {
        FaultyDisk disk = severalSegments();
        try (Storage storage = open(disk, 400)) {
            storage.snapshots().save(new SnapshotRecord("s", 8, 1, null, SnapshotState.of(new byte[][] {
                new byte[40], {8}
            })));
        }
        Path file = disk.files().stream()
                .filter(path -> path.toString().endsWith(".snapshot"))
                .findFirst()
                .orElseThrow();
        int length = disk.content(file).length;

        for (int at = 0; at < length; at++) {
            int position = at;
            FaultyDisk flipped = disk.afterPowerFailure(Outage.KEEP_ALL, 0);
            flipped.tamper(file, content -> {
                content[position] ^= 4;
                return content;
            });

            JournalInspection inspection = inspect(flipped);

            assertThat(inspection.snapshots()).as("flipped at %d", at).noneMatch(each -> each.intact());
            assertThat(inspection.damages()).singleElement().satisfies(damage -> {
                assertThat(damage.file()).isEqualTo(file.toString());
                assertThat(damage.wayOut()).contains("passes over it");
            });
        }
    }

    @Test
    void tellsOfASnapshotWhoseNameIsNotItsOwn() throws Exception {
        FaultyDisk disk = severalSegments();
        try (Storage storage = open(disk, 400)) {
            storage.snapshots().save(new SnapshotRecord("s", 8, 1, null, SnapshotState.of(new byte[][] {{8}})));
        }
        Path folder = FOLDER.resolve(Storage.SNAPSHOT_FOLDER);
        byte[] content = disk.content(folder.resolve("s@8.snapshot"));
        disk.put(folder.resolve("s@9.snapshot"), content);
        disk.put(folder.resolve("t@8.snapshot"), content);
        disk.put(folder.resolve("s@8 (copy).snapshot"), content);
        disk.put(folder.resolve("readme"), content);

        JournalInspection inspection = inspect(disk);

        assertThat(inspection.snapshots())
                .extracting(
                        JournalInspection.SnapshotEntry::persistenceId,
                        each -> each.sequenceNr(),
                        each -> each.intact())
                .containsExactlyInAnyOrder(tuple("s", 8L, true), tuple("s", 9L, false), tuple("t", 8L, false));
        assertThat(inspection.damages())
                .extracting(Damage::file)
                .containsExactlyInAnyOrder(
                        folder.resolve("s@9.snapshot").toString(),
                        folder.resolve("t@8.snapshot").toString(),
                        folder.resolve("s@8 (copy).snapshot").toString());
        assertThat(inspection.damages())
                .filteredOn(damage -> !damage.file().contains("copy"))
                .allMatch(damage -> damage.finding().contains("that of s@8.snapshot")
                        && damage.wayOut().contains("passes over it"));
        assertThat(inspection.damages())
                .filteredOn(damage -> damage.file().contains("copy"))
                .singleElement()
                .satisfies(damage -> assertThat(damage.wayOut()).contains("A node ignores it"));
    }

    /** Whatever was written, deleted and copied forward: what is read of it when it is damaged is part of the same. */
    @Test
    void readsOfADamagedJournalNothingButWhatWasThere() throws Exception {
        FaultyDisk disk = JournalScript.emptyDisk();
        long copied;
        try (Storage storage = open(disk, 800)) {
            write(storage, "quiet", 1, "stays");
            for (int i = 1; i <= 60; i++) {
                write(storage, "a", i, "event " + i);
                if (i % 10 == 0) {
                    delete(storage, "a", i - 3);
                }
            }
            copied = storage.journal().copiedBytes();
        }
        assertThat(copied).as("something was copied forward").isPositive();
        List<String> quiet = events(inspect(disk), "quiet");
        List<String> busy = events(inspect(disk), "a");
        assertThat(quiet).containsExactly("1stays");
        disk.put(JOURNAL.resolve(SegmentId.fileName(999)), new byte[800]);

        JournalInspection inspection = inspect(disk);

        assertThat(inspection.damages()).isNotEmpty();
        assertThat(events(inspection, "quiet")).isEqualTo(quiet);
        assertThat(events(inspection, "a")).isEqualTo(busy);
    }

    @Test
    void givesTheRangeThatIsAskedForWithEveryPartOfAnEvent() throws Exception {
        JournalInspection inspection = inspect(severalSegments());
        List<Event> found = new ArrayList<>();

        inspection.events("a", 4, 6, found::add);
        inspection.events("unknown", 1, 9, found::add);

        assertThat(found).extracting(Event::sequenceNr).containsExactly(4L, 5L, 6L);
        assertThat(found)
                .allMatch(event -> event.timestampMillis() == 77
                        && event.serializer() == 4711
                        && event.manifest().equals("m"));
        assertThat(found.get(0).payload()).isEqualTo(StandardCharsets.UTF_8.encode("event 4"));
    }

    @Test
    void refusesWhatIsNoDataFolderWithASentence() {
        FaultyDisk nothing = JournalScript.emptyDisk();

        assertThatThrownBy(() -> InspectionReader.requireDataFolder(nothing, FOLDER))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("There is no folder " + FOLDER)
                .hasMessageContaining("murmuration.data-dir");
    }
}
