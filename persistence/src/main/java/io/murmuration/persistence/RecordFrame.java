package io.murmuration.persistence;

import java.nio.ByteBuffer;
import java.util.function.Supplier;
import java.util.zip.Checksum;

/**
 * Frames and checks records.
 *
 * <p>A record is 16 bytes of header, the body, and zeros up to a multiple of 8:
 *
 * <pre>
 *  0  u32  length of the body
 *  4  u32  CRC32C over segment number, salt, position, the length, and everything from byte 8 on, padding included
 *  8  u16  marker
 * 10  u8   kind
 * 11  u8   zero
 * 12  u32  offset at which the record's group begins: what was written by one write and made durable by one force
 * </pre>
 *
 * <p>The segment and the position go into the checksum, so an old record with a good checksum never passes for a new
 * one. The group tells a torn tail from damage: a later group exists only if the earlier one was durable.
 *
 * <p>Not thread-safe; each reader and writer has its own.
 */
final class RecordFrame {

    static final int HEADER_BYTES = 16;
    static final int ALIGNMENT = 8;
    private static final short MARKER = 0x4D52;

    private final Checksum checksum;
    private final ByteBuffer seed = ByteBuffer.allocate(3 * Long.BYTES + Integer.BYTES);

    RecordFrame(Supplier<? extends Checksum> checksums) {
        this.checksum = checksums.get();
    }

    /** The bytes that a record with such a body takes in a file. */
    static long framedBytes(long bodyBytes) {
        return (HEADER_BYTES + bodyBytes + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /**
     * Completes the record that begins at {@code start} and whose body ends at the buffer's position: pads it and
     * writes its header.
     */
    void seal(ByteBuffer buffer, int start, RecordKind kind, SegmentId segment, long position, long groupStart) {
        int bodyBytes = buffer.position() - start - HEADER_BYTES;
        while ((buffer.position() - start) % ALIGNMENT != 0) {
            buffer.put((byte) 0);
        }
        buffer.putInt(start, bodyBytes);
        buffer.putShort(start + 8, MARKER);
        buffer.put(start + 10, kind.code());
        buffer.put(start + 11, (byte) 0);
        buffer.putInt(start + 12, (int) groupStart);
        buffer.putInt(start + 4, checksum(buffer, start, buffer.position(), segment, position));
    }

    /** The framed size that the header at {@code start} claims, or -1 if those bytes are no header of a record. */
    static long claimedBytes(ByteBuffer buffer, int start) {
        int bodyBytes = buffer.getInt(start);
        boolean plausible = bodyBytes >= 0
                && buffer.getShort(start + 8) == MARKER
                && RecordKind.of(buffer.get(start + 10)) != null
                && buffer.get(start + 11) == 0;
        return plausible ? framedBytes(bodyBytes) : -1;
    }

    /** Says whether the bytes from {@code start} to {@code end} are the record of this segment at this position. */
    boolean isIntact(ByteBuffer buffer, int start, int end, SegmentId segment, long position) {
        return buffer.getInt(start + 4) == checksum(buffer, start, end, segment, position);
    }

    private int checksum(ByteBuffer buffer, int start, int end, SegmentId segment, long position) {
        seed.clear();
        seed.putLong(segment.number()).putLong(segment.salt()).putLong(position).putInt(buffer.getInt(start));
        checksum.reset();
        checksum.update(seed.flip());
        checksum.update(buffer.slice(start + 8, end - start - 8));
        return (int) checksum.getValue();
    }
}
