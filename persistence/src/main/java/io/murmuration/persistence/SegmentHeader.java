package io.murmuration.persistence;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;

/**
 * The first 64 bytes of a segment file.
 *
 * <p>A file gets its final name only after its header and everything before {@code durableTo} were forced, so damage
 * there is never a torn write.
 *
 * @param id the segment
 * @param journal the identity of the journal to which it belongs
 * @param durableTo where the part ends that was durable before the file got its name
 * @param recycled whether the file was a segment before, whose records may lie behind the end of this one's; if not,
 *     only zeros do
 */
record SegmentHeader(SegmentId id, UUID journal, long durableTo, boolean recycled) {

    static final int BYTES = 64;
    /** 2 since there are copied records, which a program for version 1 would take for damage. */
    static final int VERSION = 2;

    private static final long MAGIC = 0x4D55_524D_5741_4C00L; // MURMWAL
    private static final int CHECKED_BYTES = BYTES - Integer.BYTES;

    ByteBuffer encode(Checksum checksum) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
        buffer.putLong(MAGIC).putInt(VERSION).putInt(BYTES).putLong(id.number()).putLong(id.salt());
        buffer.putLong(journal.getMostSignificantBits()).putLong(journal.getLeastSignificantBits());
        buffer.putLong(durableTo).putInt(recycled ? 1 : 0);
        checksum.reset();
        checksum.update(buffer.duplicate().flip());
        return buffer.putInt((int) checksum.getValue()).flip();
    }

    /**
     * Reads a header.
     *
     * @return the header, or a sentence that says what is wrong with it
     */
    static Parsed decode(ByteBuffer buffer, Checksum checksum) {
        if (buffer.remaining() < BYTES) {
            return Parsed.wrong("the file is shorter than a segment header, so it was never written by a journal.");
        }
        int start = buffer.position();
        if (buffer.getLong(start) != MAGIC) {
            return Parsed.wrong("the file does not begin like a segment of a Murmuration journal.");
        }
        checksum.reset();
        checksum.update(buffer.slice(start, CHECKED_BYTES));
        if ((int) checksum.getValue() != buffer.getInt(start + CHECKED_BYTES)) {
            return Parsed.wrong("the checksum of the segment header does not fit.");
        }
        int version = buffer.getInt(start + 8);
        if (version < 1 || version > VERSION || buffer.getInt(start + 12) != BYTES) {
            return Parsed.wrong("it has format version " + version + " and this program reads versions 1 to " + VERSION
                    + "; run the program that wrote it, or a later one.");
        }
        SegmentId id = new SegmentId(buffer.getLong(start + 16), buffer.getLong(start + 24));
        UUID journal = new UUID(buffer.getLong(start + 32), buffer.getLong(start + 40));
        return new Parsed(
                new SegmentHeader(id, journal, buffer.getLong(start + 48), buffer.getInt(start + 56) == 1), "");
    }

    /** A header, or what is wrong with it. */
    record Parsed(@Nullable SegmentHeader header, String wrong) {

        static Parsed wrong(String finding) {
            return new Parsed(null, finding);
        }
    }
}
