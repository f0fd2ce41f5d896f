package io.murmuration.persistence;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.zip.CRC32C;

/** Short ways to write to a journal on a faulty disk and to read it back. */
final class JournalFixture {

    static final Path FOLDER = JournalScript.FOLDER;
    static final Path JOURNAL = JournalScript.JOURNAL;

    private JournalFixture() {}

    static JournalSettings settings(long segmentBytes) {
        long[] salt = {0x5EED};
        return new JournalSettings(segmentBytes, 1 << 20, 4096, 600, CRC32C::new, () -> salt[0] += 0x9E37_79B9L);
    }

    static Storage open(Disk disk, long segmentBytes) {
        return Storage.open(disk, FOLDER, "n1", settings(segmentBytes));
    }

    static AtomicAppend event(String persistenceId, long sequenceNr, String text) {
        return new AtomicAppend(persistenceId, sequenceNr, List.of(bytes(text)));
    }

    static EventBytes bytes(String text) {
        return new EventBytes(new byte[0], text.getBytes(StandardCharsets.UTF_8));
    }

    static void write(Storage storage, String persistenceId, long sequenceNr, String text) throws ExecutionException {
        JournalScript.await(storage.journal().append(List.of(event(persistenceId, sequenceNr, text))));
    }

    static void delete(Storage storage, String persistenceId, long to) throws ExecutionException {
        JournalScript.await(storage.journal().deleteTo(persistenceId, to));
    }

    static long highest(Storage storage, String persistenceId) throws ExecutionException {
        return JournalScript.await(storage.journal().highestSequenceNr(persistenceId));
    }

    static List<String> events(Storage storage, String persistenceId) throws ExecutionException {
        return events(storage, persistenceId, 1, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    static List<String> events(Storage storage, String persistenceId, long from, long to, long max)
            throws ExecutionException {
        List<String> events = new ArrayList<>();
        Journal.EventSink sink = (sequenceNr, event) ->
                events.add(sequenceNr + StandardCharsets.UTF_8.decode(event).toString());
        JournalScript.await(storage.journal().replay(persistenceId, from, to, max, sink, Runnable::run));
        return events;
    }

    static Path segment(long number) {
        return JOURNAL.resolve(SegmentId.fileName(number));
    }

    /** The numbers of the segments on the disk. */
    static List<Long> segments(FaultyDisk disk) {
        return disk.files().stream()
                .filter(file -> JOURNAL.equals(file.getParent()))
                .map(file -> SegmentId.numberOf(file.getFileName().toString()))
                .filter(number -> number > 0)
                .toList();
    }

    /** Where the content of a segment ends, that is, where only zeros follow. */
    static int endOf(FaultyDisk disk, long number) {
        byte[] content = disk.content(segment(number));
        int end = content.length;
        while (end > 0 && content[end - 1] == 0) {
            end--;
        }
        return (end + RecordFrame.ALIGNMENT - 1) & -RecordFrame.ALIGNMENT;
    }
}
