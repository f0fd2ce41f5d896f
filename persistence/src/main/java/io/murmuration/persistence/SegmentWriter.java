package io.murmuration.persistence;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.UUID;

/**
 * The segment that is written to.
 *
 * <p>A segment gets its final name only when its beginning is durable. After any failure it must not be used again: a
 * second force would report success although the first has lost the data (ATC'20).
 */
final class SegmentWriter implements Closeable {

    private static final int COPY_BYTES = 1 << 20;
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(256 << 10).asReadOnlyBuffer();

    private final JournalSettings settings;
    private final Disk.File file;
    private final Segment segment;
    private final boolean recycled;
    private long allocated;

    private SegmentWriter(JournalSettings settings, Disk.File file, Segment segment, boolean recycled, long allocated) {
        this.settings = settings;
        this.file = file;
        this.segment = segment;
        this.recycled = recycled;
        this.allocated = allocated;
    }

    /** Where and for whom segments are made. */
    record Place(Disk disk, Path folder, UUID journal, JournalSettings settings) {}

    /** A file for a segment, under a name of which nothing is believed: one that was a segment before, or a new one. */
    private record Blank(Disk.File file, Path name, boolean recycled) {

        /**
         * A segment that repeats another one never gets a used file: what is left of an attempt that a power failure
         * undid has the same number, and so would fit behind the records of the next attempt.
         */
        static Blank take(Disk disk, JournalIndex index, Path path, boolean repeats) throws IOException {
            Path spare = repeats ? null : index.takeSpare();
            if (spare != null) {
                return new Blank(disk.openForWriting(spare), spare, true);
            }
            Path unfinished = path.resolveSibling(path.getFileName() + SegmentId.UNFINISHED_SUFFIX);
            return new Blank(disk.create(unfinished), unfinished, false);
        }
    }

    /** Creates an empty segment behind all others and adds it to the index. */
    static SegmentWriter following(Place place, JournalIndex index, long number) throws IOException {
        return create(place, index, number, 0);
    }

    /**
     * Creates a segment that repeats the live records of the last one, which may lie in the page cache only.
     *
     * <p>When this returns they are durable; the old segment is no longer in the index and may be deleted.
     */
    static SegmentWriter replacing(Place place, JournalIndex index, Segment last) throws IOException {
        return create(place, index, last.id().number() + 1, last.id().number());
    }

    private static SegmentWriter create(Place place, JournalIndex index, long number, long replaced)
            throws IOException {
        JournalSettings settings = place.settings();
        SegmentId id = SegmentId.of(number, settings.salts().getAsLong());
        Path path = id.in(place.folder());
        Blank blank = Blank.take(place.disk(), index, path, replaced != 0);
        Disk.File file = blank.file();
        boolean recycled = blank.recycled();
        try {
            GroupBuffer buffer = new GroupBuffer(settings);
            ByteBuffer facts = index.checkpoint(replaced).encode();
            buffer.begin(id, SegmentHeader.BYTES, SegmentHeader.BYTES);
            buffer.beginRecord(facts.remaining()).put(facts);
            buffer.endRecord(RecordKind.CHECKPOINT);
            DiskIo.writeFully(file, buffer.content(), SegmentHeader.BYTES);
            Segment segment = new Segment(id, SegmentHeader.BYTES + (long) buffer.bytes());
            segment.beginAt(segment.end());
            index.add(segment);
            if (replaced != 0) {
                copyLiveRecords(place, index, index.segment(replaced), file, segment, buffer);
            }
            long size = recycled ? file.size() : 0;
            long allocated =
                    size > segment.end() ? endMark(file, segment.end(), size) : zeroes(file, segment.end(), settings);
            SegmentHeader header = new SegmentHeader(id, place.journal(), segment.end(), recycled);
            DiskIo.writeFully(file, header.encode(settings.checksums().get()), 0);
            file.force(allocated > size);
            place.disk().rename(blank.name(), path);
            place.disk().forceFolder(place.folder());
            return new SegmentWriter(settings, file, segment, recycled, allocated);
        } catch (IOException | RuntimeException e) {
            DiskIo.closeAfter(e, file);
            throw e;
        }
    }

    private static void copyLiveRecords(
            Place place, JournalIndex index, Segment old, Disk.File file, Segment target, GroupBuffer buffer)
            throws IOException {
        try (SegmentReader reader = SegmentReader.open(place, old.id().number())) {
            buffer.begin(target.id(), target.end(), SegmentHeader.BYTES);
            for (long at = old.begin(); at < old.end(); ) {
                SegmentReader.Found found = reader.at(at);
                if (found == null) {
                    throw new DamagedJournalException(
                            reader.path(), at, "a record that was intact a moment ago no longer is.");
                }
                if (found.kind().holdsEvents()) {
                    copyIfLive(index, old, found, target, buffer);
                }
                if (buffer.bytes() >= COPY_BYTES) {
                    flush(file, target, buffer);
                }
                at = found.next();
            }
            flush(file, target, buffer);
        }
        index.remove(old);
    }

    private static void copyIfLive(
            JournalIndex index, Segment old, SegmentReader.Found found, Segment target, GroupBuffer buffer) {
        EventsBody events = EventsBody.read(found.body().duplicate());
        StreamIndex stream = index.stream(events.stream());
        if (stream == null) {
            throw new IllegalStateException("The index lost the persistence id of number " + events.stream() + ".");
        }
        long from = StreamIndex.place(old.id().number(), found.position());
        if (stream.isAt(events.last(), from)) {
            buffer.beginRecord(found.body().remaining()).put(found.body());
            long to = StreamIndex.place(target.id().number(), buffer.endRecord(found.kind()));
            index.move(stream, events.last(), from, to);
        }
    }

    private static void flush(Disk.File file, Segment target, GroupBuffer buffer) throws IOException {
        DiskIo.writeFully(file, buffer.content(), target.end());
        target.extendTo(target.end() + buffer.bytes());
        buffer.begin(target.id(), target.end(), SegmentHeader.BYTES);
    }

    Segment segment() {
        return segment;
    }

    /** Where the next group begins. */
    long end() {
        return segment.end();
    }

    /** Says whether a group of this size belongs into the next segment. */
    boolean isFullFor(long bytes) {
        return segment.end() + bytes > settings.segmentBytes() && segment.end() > segment.begin();
    }

    /**
     * Writes a group and makes it durable.
     *
     * <p>Inside the zeros that were written and forced before, the file's size does not change and {@code force(false)}
     * is enough, at half the cost. A group that leaves them writes the next zeros in the same go and forces the size
     * too.
     */
    void append(GroupBuffer group) throws IOException {
        long end = segment.end() + group.bytes();
        // What a crash leaves of an earlier life's records behind the end must not look like the rest of a write.
        int mark = recycled ? (int) Math.max(0, Math.min(RecordFrame.HEADER_BYTES, allocated - end)) : 0;
        DiskIo.writeFully(file, group.contentAndZeros(mark), segment.end());
        boolean grows = end > allocated;
        if (grows) {
            allocated = zeroes(file, end, settings);
        }
        file.force(grows);
        segment.extendTo(end);
    }

    /** Writes the last record, which belongs to no group that anyone waits for, and closes the file. */
    void seal(GroupBuffer buffer) throws IOException {
        long end = segment.end();
        buffer.begin(segment.id(), end, end);
        buffer.beginRecord(0);
        buffer.endRecord(RecordKind.SEALED);
        DiskIo.writeFully(file, buffer.content(), end);
        file.force(true);
        file.close();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Marks the end in a file that was a segment before and returns its size, up to which it is allocated. */
    private static long endMark(Disk.File file, long end, long size) throws IOException {
        DiskIo.writeFully(file, ZEROS.slice(0, (int) Math.min(RecordFrame.HEADER_BYTES, size - end)), end);
        return size;
    }

    /** Writes zeros behind the end and returns up to where the file is now allocated. */
    private static long zeroes(Disk.File file, long end, JournalSettings settings) throws IOException {
        long target = Math.max(end, Math.min(end + settings.preallocatedBytes(), settings.segmentBytes()));
        long at = end;
        while (at < target) {
            int count = (int) Math.min(ZEROS.capacity(), target - at);
            DiskIo.writeFully(file, ZEROS.slice(0, count), at);
            at += count;
        }
        return target;
    }
}
