package io.murmuration.persistence;

import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What tells one segment from every other.
 *
 * @param number counts up from 1 and is never used twice in a folder whose creation was completed
 * @param salt random; part of every checksum, so that a record of another file never passes for one of this
 */
record SegmentId(long number, long salt) {

    static final String UNFINISHED_SUFFIX = ".tmp";
    private static final Pattern NAME = Pattern.compile("\\d{19}\\.wal");

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
