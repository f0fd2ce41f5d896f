package io.murmuration.persistence;

import static io.murmuration.persistence.JournalFixture.delete;
import static io.murmuration.persistence.JournalFixture.endOf;
import static io.murmuration.persistence.JournalFixture.events;
import static io.murmuration.persistence.JournalFixture.open;
import static io.murmuration.persistence.JournalFixture.segment;
import static io.murmuration.persistence.JournalFixture.segments;
import static io.murmuration.persistence.JournalFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.persistence.DiskImage.Outage;
import java.io.StreamCorruptedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A torn tail is cut and reported; any other damage is refused with the file and the offset. */
final class DamageTest {

    private static final long ONE_SEGMENT = 1 << 20;

    @Test
    void cutsARecordTornAtAnyByte() throws Exception {
        FaultyDisk disk = JournalScript.emptyDisk();
        int begin;
        int end;
        try (Storage storage = open(disk, ONE_SEGMENT)) {
            write(storage, "a", 1, "one");
            write(storage, "a", 2, "two");
            begin = endOf(disk, 1);
            write(storage, "a", 3, "three, the last one, which is torn");
            end = endOf(disk, 1);
        }

        for (int at = begin; at < end; at++) {
            for (boolean shortened : new boolean[] {false, true}) {
                int cut = at;
                FaultyDisk torn = disk.afterPowerFailure(Outage.KEEP_ALL, 0);
                boolean somethingIsTorn = lastNonZero(disk.content(segment(1)), cut) >= begin && cut > begin;
                boolean nothingIsLost = lastNonZero(disk.content(segment(1)), end) < cut;
                torn.tamper(segment(1), content -> shortened ? Arrays.copyOf(content, cut) : zeroed(content, cut));

                try (LogCapture log = new LogCapture(Recovery.class);
                        Storage storage = open(torn, ONE_SEGMENT)) {
                    // Bytes that are zero anyway are not missed when they are zero again.
                    assertThat(events(storage, "a"))
                            .as("torn at %d", at)
                            .containsExactly(
                                    nothingIsLost && !shortened
                                            ? new String[] {"1one", "2two", "3three, the last one, which is torn"}
                                            : new String[] {"1one", "2two"});
                    if (somethingIsTorn && !nothingIsLost) {
                        assertThat(log.messages())
                                .singleElement()
                                .asString()
                                .startsWith("WARN ")
                                .contains("torn tail", segment(1).toString(), "offset=" + begin);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {400, ONE_SEGMENT})
    void refusesAFlippedBitInAnyByteOfWhatIsKnownToBeDurable(long segmentBytes) throws Exception {
        FaultyDisk disk = JournalScript.emptyDisk();
        try (Storage storage = open(disk, segmentBytes)) {
            for (int i = 1; i <= 9; i++) {
                write(storage, i % 3 == 0 ? "b" : "a", i, "event " + i);
            }
            delete(storage, "a", 1);
            write(storage, "a", 10, "last");
        }
        List<Long> numbers = segments(disk);
        long newest = numbers.get(numbers.size() - 1);
        int beginOfLast = endOfAllButLastGroup(disk, newest);
        assertThat(beginOfLast).isGreaterThan(SegmentHeader.BYTES);

        int flips = 0;
        for (long number : numbers) {
            int end = number == newest ? beginOfLast : endOf(disk, number) - RecordFrame.HEADER_BYTES;
            for (int at = 0; at < end; at++) {
                assertRefused(disk, number, at, 1 << (at % 8));
                flips++;
            }
        }
        System.out.println("[damage] flipped bits refused=" + flips + " segments=" + numbers.size());
    }

    @Test
    void refusesAFlippedBitInWhatTheLastStartHasMadeDurable() throws Exception {
        FaultyDisk disk = JournalScript.emptyDisk();
        try (Storage storage = open(disk, ONE_SEGMENT)) {
            write(storage, "a", 1, "one");
            write(storage, "a", 2, "two");
        }
        open(disk, ONE_SEGMENT).close();
        assertThat(segments(disk)).containsExactly(2L);

        int lastRecord = endOfAllButLastGroup(disk, 2);
        for (int at = 0; at < endOf(disk, 2); at++) {
            assertRefused(disk, 2, at, 1 << (at % 8));
        }
        disk.tamper(segment(2), content -> flipped(content, lastRecord, 1));
        assertThatThrownBy(() -> open(disk, ONE_SEGMENT))
                .hasMessageContaining("at offset " + lastRecord)
                .hasMessageContaining("was made durable when the file was created");
    }

    @Test
    void cutsAFlippedBitInTheLastGroupOnlyAndServesNothingWrong() throws Exception {
        FaultyDisk disk = JournalScript.emptyDisk();
        int begin;
        try (Storage storage = open(disk, ONE_SEGMENT)) {
            write(storage, "a", 1, "one");
            begin = endOf(disk, 1);
            write(storage, "a", 2, "two");
        }
        int end = endOf(disk, 1);

        for (int at = begin; at < end; at++) {
            int position = at;
            FaultyDisk flipped = disk.afterPowerFailure(Outage.KEEP_ALL, 0);
            flipped.tamper(segment(1), content -> flipped(content, position, 1 << (position % 8)));

            try (LogCapture log = new LogCapture(Recovery.class);
                    Storage storage = open(flipped, ONE_SEGMENT)) {
                assertThat(events(storage, "a")).as("flipped at %d", at).containsExactly("1one");
                assertThat(log.messages()).singleElement().asString().contains("offset=" + begin);
            }
        }
    }

    @Test
    void refusesAFlippedBitInAnyByteOfTheIdentity() throws Exception {
        FaultyDisk disk = JournalScript.emptyDisk();
        open(disk, ONE_SEGMENT).close();
        byte[] identity = disk.content(JournalFixture.FOLDER.resolve(Identity.FILE));

        for (int at = 0; at < identity.length; at++) {
            int position = at;
            FaultyDisk flipped = disk.afterPowerFailure(Outage.KEEP_ALL, 0);
            flipped.tamper(
                    JournalFixture.FOLDER.resolve(Identity.FILE),
                    content -> flipped(content, position, 1 << (position % 8)));

            assertThatThrownBy(() -> open(flipped, ONE_SEGMENT))
                    .as("flipped at %d", at)
                    .isInstanceOf(StorageException.class);
        }
    }

    @Test
    void refusesAnyMissingSegmentThatHoldsLiveEvents() throws Exception {
        FaultyDisk disk = severalSegments();

        for (long number : segments(disk)) {
            FaultyDisk lacking = disk.afterPowerFailure(Outage.KEEP_ALL, 0);
            lacking.remove(segment(number));

            assertThatThrownBy(() -> open(lacking, 400))
                    .as("without segment %d", number)
                    .isInstanceOf(DamagedJournalException.class)
                    .hasMessageContaining("Never put an older copy of the data folder in its place")
                    .hasCauseInstanceOf(StreamCorruptedException.class);
        }
    }

    @Test
    void namesTheMissingSegment() throws Exception {
        FaultyDisk disk = severalSegments();
        disk.remove(segment(2));

        assertThatThrownBy(() -> open(disk, 400))
                .hasMessageContaining("are missing")
                .hasMessageContaining("missing from the folder: " + SegmentId.fileName(2))
                .hasMessageContaining("Events that cannot be read: a ");
    }

    @Test
    void saysWhichEventsOfWhichPersistenceIdAreLost() throws Exception {
        FaultyDisk disk = JournalScript.emptyDisk();
        int begin;
        int second;
        try (Storage storage = open(disk, ONE_SEGMENT)) {
            write(storage, "murmuration|bank|n1", 1, "one");
            write(storage, "b", 1, "one");
            begin = endOf(disk, 1);
            write(storage, "murmuration|bank|n1", 2, "two");
            write(storage, "murmuration|bank|n1", 3, "three");
            write(storage, "b", 2, "two");
            second = endOf(disk, 1);
            write(storage, "murmuration|bank|n1", 4, "four");
            write(storage, "b", 3, "three");
        }
        disk.tamper(segment(1), content -> {
            Arrays.fill(content, begin, second, (byte) 7);
            return content;
        });

        assertThatThrownBy(() -> open(disk, ONE_SEGMENT))
                .hasMessageContaining("at offset " + begin)
                .hasMessageContaining("Events that cannot be read: murmuration|bank|n1 2 to 3, b 2 to 2;");
    }

    @Test
    void saysSoIfNoKnownEventIsLost() throws Exception {
        FaultyDisk disk = severalSegments();
        disk.put(JournalFixture.JOURNAL.resolve(SegmentId.fileName(99)), disk.content(segment(1)));

        assertThatThrownBy(() -> open(disk, 400))
                .hasMessageContaining("Every event of which intact records tell can be read");
    }

    @Test
    void refusesAFolderWhoseJournalIsGone() throws Exception {
        FaultyDisk disk = severalSegments();
        segments(disk).forEach(number -> disk.remove(segment(number)));

        assertThatThrownBy(() -> open(disk, 400)).hasMessageContaining("has no file any more");
    }

    @Test
    void refusesAJournalWithoutItsIdentity() throws Exception {
        FaultyDisk disk = severalSegments();
        disk.remove(JournalFixture.FOLDER.resolve(Identity.FILE));

        assertThatThrownBy(() -> open(disk, 400))
                .hasMessageContaining("node.id")
                .hasMessageContaining("is missing");
    }

    @Test
    void refusesAFolderOfWhichOnlyAFileIsLeftThatWasASegment() throws Exception {
        FaultyDisk disk = severalSegments();
        byte[] first = disk.content(segment(1));
        segments(disk).forEach(number -> disk.remove(segment(number)));
        disk.remove(JournalFixture.FOLDER.resolve(Identity.FILE));
        disk.put(JournalFixture.JOURNAL.resolve(SegmentId.fileName(1) + SegmentId.SPARE_SUFFIX), first);

        assertThatThrownBy(() -> open(disk, 400))
                .hasMessageContaining("node.id")
                .hasMessageContaining("is missing");
    }

    @Test
    void refusesSwappedSegments() throws Exception {
        FaultyDisk disk = severalSegments();
        byte[] first = disk.content(segment(1));
        disk.put(segment(1), disk.content(segment(2)));
        disk.put(segment(2), first);

        assertThatThrownBy(() -> open(disk, 400)).hasMessageContaining("under another segment's name");
    }

    @Test
    void refusesAnOlderCopyOfASegment() throws Exception {
        FaultyDisk disk = JournalScript.emptyDisk();
        byte[] older;
        try (Storage storage = open(disk, 400)) {
            write(storage, "a", 1, "one");
            older = disk.content(segment(1));
            for (int i = 2; i <= 12; i++) {
                write(storage, "a", i, "event " + i);
            }
        }
        disk.put(segment(1), older);

        assertThatThrownBy(() -> open(disk, 400)).hasMessageContaining("the segment was complete up to offset");
    }

    @Test
    void refusesASegmentOfTheSameNumberFromAnotherCopyOfTheFolder() throws Exception {
        FaultyDisk one = JournalScript.emptyDisk();
        open(one, 400).close();
        FaultyDisk other = one.afterKill();
        fillWithSalt(one, 100);
        fillWithSalt(other, 200);
        long number = segments(one).get(0);
        assertThat(one.content(segment(number))).hasSameSizeAs(other.content(segment(number)));
        one.put(segment(number), other.content(segment(number)));

        assertThatThrownBy(() -> open(one, 400)).hasMessageContaining("is not the segment of this number");
    }

    private static void fillWithSalt(FaultyDisk disk, long salt) throws Exception {
        JournalSettings settings = new JournalSettings(400, 1 << 20, 4096, 600, java.util.zip.CRC32C::new, () -> salt);
        try (Storage storage = Storage.open(disk, JournalFixture.FOLDER, "n1", settings)) {
            for (int i = 1; i <= 12; i++) {
                write(storage, "a", i, "event " + i);
            }
        }
    }

    @Test
    void refusesASegmentOfAnotherJournal() throws Exception {
        FaultyDisk disk = severalSegments();
        disk.put(segment(1), severalSegments().content(segment(1)));

        assertThatThrownBy(() -> open(disk, 400)).hasMessageContaining("the file belongs to journal");
    }

    @Test
    void refusesAForeignFileAndOneThatIsNoSegment() throws Exception {
        FaultyDisk foreign = severalSegments();
        foreign.put(JournalFixture.JOURNAL.resolve("notes.txt"), new byte[] {1});
        FaultyDisk noSegment = severalSegments();
        noSegment.tamper(segment(2), content -> "hello".repeat(40).getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> open(foreign, 400))
                .hasMessageContaining("notes.txt")
                .hasMessageContaining("move it");
        assertThatThrownBy(() -> open(noSegment, 400)).hasMessageContaining("does not begin like a segment");
    }

    @Test
    void anOldRecordIsNotReplayedAtAnotherPlace() throws Exception {
        FaultyDisk disk = JournalScript.emptyDisk();
        int begin;
        int end;
        try (Storage storage = open(disk, ONE_SEGMENT)) {
            write(storage, "a", 1, "one");
            begin = endOf(disk, 1);
            write(storage, "a", 2, "two");
            end = endOf(disk, 1);
        }
        disk.tamper(segment(1), content -> {
            System.arraycopy(content, begin, content, end, end - begin);
            return content;
        });

        try (LogCapture log = new LogCapture(Recovery.class);
                Storage storage = open(disk, ONE_SEGMENT)) {
            assertThat(events(storage, "a")).containsExactly("1one", "2two");
            assertThat(log.messages()).hasSize(1);
        }
    }

    @Test
    void failsForGoodWhenARecordIsDamagedWhileTheNodeRuns() throws Exception {
        FaultyDisk disk = JournalScript.emptyDisk();
        try (Storage storage = open(disk, ONE_SEGMENT)) {
            write(storage, "a", 1, "one");
            disk.tamper(segment(1), content -> flipped(content, endOf(disk, 1) - 9, 1));

            assertThatThrownBy(() -> events(storage, "a"))
                    .cause()
                    .isInstanceOf(StorageException.class)
                    .hasCauseInstanceOf(DamagedJournalException.class)
                    .hasRootCauseInstanceOf(StreamCorruptedException.class);
            assertThatThrownBy(() -> write(storage, "a", 2, "two")).hasMessageContaining("takes nothing more");
        }
    }

    private static FaultyDisk severalSegments() throws Exception {
        FaultyDisk disk = JournalScript.emptyDisk();
        try (Storage storage = open(disk, 400)) {
            for (int i = 1; i <= 12; i++) {
                write(storage, "a", i, "event " + i);
            }
        }
        assertThat(segments(disk)).hasSizeGreaterThan(2);
        return disk;
    }

    private static void assertRefused(FaultyDisk disk, long number, int at, int mask) {
        FaultyDisk flipped = disk.afterPowerFailure(Outage.KEEP_ALL, 0);
        flipped.tamper(segment(number), content -> flipped(content, at, mask));
        assertThatThrownBy(() -> JournalScript.closeQuietly(open(flipped, 400)))
                .as("segment %d byte %d", number, at)
                .isInstanceOf(DamagedJournalException.class)
                .hasMessageContaining(segment(number).toString());
    }

    /** The last group of the last segment is one record here: walk back to where it begins. */
    private static int endOfAllButLastGroup(FaultyDisk disk, long number) {
        byte[] content = disk.content(segment(number));
        int at = SegmentHeader.BYTES;
        int before = at;
        java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(content);
        while (at + RecordFrame.HEADER_BYTES <= content.length && RecordFrame.claimedBytes(buffer, at) > 0) {
            before = at;
            at += (int) RecordFrame.claimedBytes(buffer, at);
        }
        return before;
    }

    private static int lastNonZero(byte[] content, int end) {
        int last = Math.min(end, content.length) - 1;
        while (last >= 0 && content[last] == 0) {
            last--;
        }
        return last;
    }

    private static byte[] flipped(byte[] content, int at, int mask) {
        content[at] ^= (byte) mask;
        return content;
    }

    private static byte[] zeroed(byte[] content, int from) {
        Arrays.fill(content, from, content.length, (byte) 0);
        return content;
    }
}
