package io.murmuration.persistence;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;

/**
 * Reads records of one segment through a window that moves forward, so that a file is read in large pieces.
 *
 * <p>The window grows while most of it is used and shrinks while it is not: a scan reads each byte once in large
 * pieces, and the replay of one of many groups whose records lie scattered reads little more than its own.
 *
 * <p>Hands out a record only if its checksum fits. Not thread-safe.
 */
final class SegmentReader implements Closeable {

    private static final int WINDOW_BYTES_MAX = 256 << 10;
    private static final int WINDOW_BYTES_MIN = 4 << 10;

    private final Disk.File file;
    private final Path path;
    private final SegmentHeader header;
    private final long size;
    private final RecordFrame frame;
    private ByteBuffer window;
    private long windowStart;
    private int windowBytes = WINDOW_BYTES_MIN;
    private long used;

    private SegmentReader(Disk.File file, Path path, SegmentHeader header, long size, RecordFrame frame) {
        this.file = file;
        this.path = path;
        this.header = header;
        this.size = size;
        this.frame = frame;
        this.window =
                ByteBuffer.allocate((int) Math.min(WINDOW_BYTES_MIN, size)).limit(0);
    }

    /**
     * Opens a segment and checks its header.
     *
     * @throws DamagedJournalException if the file is not that segment of that journal
     */
    static SegmentReader open(SegmentWriter.Place place, long number) throws IOException {
        Path path = place.folder().resolve(SegmentId.fileName(number));
        Disk.File file = place.disk().openForReading(path);
        try {
            Supplier<? extends Checksum> checksums = place.settings().checksums();
            ByteBuffer start = ByteBuffer.allocate(SegmentHeader.BYTES);
            DiskIo.readFully(file, start, 0);
            SegmentHeader.Parsed parsed = SegmentHeader.decode(start.flip(), checksums.get());
            SegmentHeader header = checked(parsed, path, number, place.journal());
            return new SegmentReader(file, path, header, file.size(), new RecordFrame(checksums));
        } catch (IOException | RuntimeException e) {
            DiskIo.closeAfter(e, file);
            throw e;
        }
    }

    private static SegmentHeader checked(SegmentHeader.Parsed parsed, Path path, long number, UUID journal) {
        SegmentHeader header = parsed.header();
        if (header == null) {
            throw new DamagedJournalException(path, 0, parsed.wrong());
        }
        if (header.id().number() != number) {
            throw new DamagedJournalException(
                    path, 0, "the file holds segment " + header.id().number() + " under another segment's name.");
        }
        if (!header.journal().equals(journal)) {
            throw new DamagedJournalException(
                    path,
                    0,
                    "the file belongs to journal " + header.journal() + ", but this folder to " + journal + ".");
        }
        return header;
    }

    /**
     * A record. Its body is valid until the reader is asked for the next one.
     *
     * @param kind what it says
     * @param position where it begins
     * @param next where the next one begins
     * @param groupStart where its group begins
     * @param body its content
     */
    record Found(RecordKind kind, long position, long next, long groupStart, ByteBuffer body) {}

    SegmentHeader header() {
        return header;
    }

    Path path() {
        return path;
    }

    /** The record at a position, or null if there is none whose checksum fits. */
    @Nullable
    Found at(long position) throws IOException {
        if (position + RecordFrame.HEADER_BYTES > size) {
            return null;
        }
        int start = locate(position, RecordFrame.HEADER_BYTES);
        long bytes = RecordFrame.claimedBytes(window, start);
        if (bytes < 0 || bytes > size - position) {
            return null;
        }
        start = locate(position, (int) bytes);
        int end = start + (int) bytes;
        RecordKind kind = RecordKind.of(window.get(start + 10));
        if (kind == null || !frame.isIntact(window, start, end, header.id(), position)) {
            return null;
        }
        used += bytes;
        long groupStart = Integer.toUnsignedLong(window.getInt(start + 12));
        ByteBuffer body = window.slice(start + RecordFrame.HEADER_BYTES, window.getInt(start));
        return new Found(kind, position, position + bytes, groupStart, body);
    }

    long size() {
        return size;
    }

    /** Says whether what lies at a position, up to the end of the file or of a record's header, is zero. */
    boolean isZeroAt(long position) throws IOException {
        int bytes = (int) Math.max(0, Math.min(RecordFrame.HEADER_BYTES, size - position));
        if (bytes == 0) {
            return true;
        }
        int start = locate(position, bytes);
        return window.slice(start, bytes).mismatch(ByteBuffer.allocate(bytes)) < 0;
    }

    /** Where the bytes that are not zero end, looking from a position on; the position itself if there are none. */
    long endOfContent(long from) throws IOException {
        long end = from;
        for (long at = from; at < size; ) {
            int start = locate(at, 1);
            used += window.limit() - start;
            for (int i = start; i < window.limit(); i++) {
                if (window.get(i) != 0) {
                    end = at + (i - start) + 1;
                }
            }
            at += window.limit() - start;
        }
        return end;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Makes {@code bytes} bytes at a position available and returns their index in the window. */
    private int locate(long position, int bytes) throws IOException {
        long index = position - windowStart;
        if (index < 0 || index + bytes > window.limit()) {
            resize(bytes);
            windowStart = position;
            DiskIo.readFully(file, window, position);
            window.flip();
            if (window.limit() < bytes) {
                throw new IOException(path + " ended at offset " + (position + window.limit()) + " while it was read");
            }
            return 0;
        }
        return (int) index;
    }

    /** Makes the next window larger or smaller by how much of the one before was used, but large enough. */
    private void resize(int bytes) {
        if (used * 2 >= window.limit()) {
            windowBytes = Math.min(WINDOW_BYTES_MAX, 2 * windowBytes);
        } else if (used * 8 < window.limit()) {
            windowBytes = Math.max(WINDOW_BYTES_MIN, windowBytes / 2);
        }
        used = 0;
        int wanted = Math.max(bytes, windowBytes);
        if (window.capacity() < wanted) {
            window = ByteBuffer.allocate(wanted);
        }
        window.clear().limit(wanted);
    }
}
