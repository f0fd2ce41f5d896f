package io.murmuration.persistence;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * What tells one segment from every other.
 *
 * <p>It goes into the checksum of every record. A file is written again when its segment is dead, and behind the end of
 * the new records lie the old ones; {@link #of} draws the salt so that no checksum of a record of another number ever
 * fits. Two attempts at one number differ in their salts, but not in their checksums: see {@link SegmentWriter}.
 *
 * @param number counts up from 1 and is never used twice in a folder whose creation was completed
 * @param salt random in its upper half; by it files of one number are told apart, and part of every checksum
 */
record SegmentId(long number, long salt) {

    static final String UNFINISHED_SUFFIX = ".tmp";
    static final String SPARE_SUFFIX = ".spare";
    /** The polynomial of CRC32C with its bits reversed. */
    private static final int CRC32C_POLYNOMIAL = 0x82F6_3B78;

    private static final Pattern NAME = Pattern.compile("\\d{19}\\.wal");

    /**
     * Makes the identity of a segment from its number and chance.
     *
     * <p>The lower half of the salt is such that the CRC32C of number and salt is the number's lower half. A CRC of
     * what follows is a one-to-one function of the CRC before it; so two segments whose numbers differ never have the
     * same checksum for the same bytes at the same position, by construction and not by luck.
     */
    static SegmentId of(long number, long random) {
        CRC32C checksum = new CRC32C();
        ByteBuffer head = ByteBuffer.allocate(Long.BYTES + Integer.BYTES);
        int high = (int) (random ^ random >>> 32);
        checksum.update(head.putLong(number).putInt(high).flip());
        // Undoes the 32 steps that the last four bytes will take, from the result that is wanted.
        int register = ~(int) number;
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            register = register < 0 ? (register ^ CRC32C_POLYNOMIAL) << 1 | 1 : register << 1;
        }
        int low = Integer.reverseBytes(register ^ ~(int) checksum.getValue());
        return new SegmentId(number, (long) high << 32 | Integer.toUnsignedLong(low));
    }

    /** The name of the segment's file; names sort like numbers. */
    static String fileName(long number) {
        return String.format(Locale.ROOT, "%019d.wal", number);
    }

    /** The number in a file's name, or -1 if it is not the name of a segment. */
    static long numberOf(String fileName) {
        if (!NAME.matcher(fileName).matches()) {
            return -1;
        }
        try {
            return Long.parseLong(fileName.substring(0, 19));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    Path in(Path folder) {
        return folder.resolve(fileName(number));
    }
}
