package io.murmuration.persistence;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The records of one group on their way to the disk, in one direct buffer.
 *
 * <p>A mutable hot path: the buffer is kept between groups and nothing is allocated per record. Not thread-safe.
 */
final class GroupBuffer {

    private static final int CAPACITY_FIRST_MAX = 256 << 10;
    private static final int CAPACITY_KEPT = 8 << 20;

    private final RecordFrame frame;
    private final int capacityFirst;
    private ByteBuffer buffer;
    private @Nullable SegmentId segment;
    private long position;
    private long groupStart;
    private int recordStart;

    GroupBuffer(JournalSettings settings) {
        this.frame = new RecordFrame(settings.checksums());
        this.capacityFirst = Math.min(CAPACITY_FIRST_MAX, settings.groupBytes());
        this.buffer = ByteBuffer.allocateDirect(capacityFirst);
    }

    /** Empties the buffer for records that will be written at a position. */
    void begin(SegmentId target, long at, long group) {
        if (buffer.capacity() > CAPACITY_KEPT) {
            buffer = ByteBuffer.allocateDirect(capacityFirst);
        }
        buffer.clear();
        segment = target;
        position = at;
        groupStart = group;
    }

    /** Begins a record and returns where its body is to be put. */
    ByteBuffer beginRecord(long bodyBytes) {
        reserve(RecordFrame.framedBytes(bodyBytes));
        recordStart = buffer.position();
        return buffer.position(recordStart + RecordFrame.HEADER_BYTES);
    }

    private void reserve(long bytes) {
        int needed = Math.toIntExact(buffer.position() + bytes);
        if (needed > buffer.capacity()) {
            int capacity = (int) Math.max(needed, Math.min(2L * buffer.capacity(), CAPACITY_KEPT));
            buffer = ByteBuffer.allocateDirect(capacity).put(buffer.flip());
        }
    }

    /** Ends the record and returns the offset in the file at which it begins. */
    long endRecord(RecordKind kind) {
        if (segment == null) {
            throw new IllegalStateException("A record was written before the group began.");
        }
        long at = position + recordStart;
        frame.seal(buffer, recordStart, kind, segment, at, groupStart);
        return at;
    }

    int bytes() {
        return buffer.position();
    }

    /** The bytes to write. */
    ByteBuffer content() {
        return buffer.duplicate().flip();
    }

    /** The bytes to write and zeros behind them, which are no part of the group. */
    ByteBuffer contentAndZeros(int zeros) {
        reserve(zeros);
        int bytes = buffer.position();
        for (int i = 0; i < zeros; i++) {
            buffer.put(bytes + i, (byte) 0);
        }
        return buffer.duplicate().limit(bytes + zeros).position(0);
    }
}
