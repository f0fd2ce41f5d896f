package io.murmuration.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Whole reads and writes over {@link Disk.File}, whose single operations may do less than was asked. */
final class DiskIo {

    /** A disk that takes nothing this many times in a row is taken to be broken. */
    private static final int FRUITLESS_WRITES_MAX = 3;

    private DiskIo() {}

    /** Writes all remaining bytes; a short write is continued where it stopped. */
    static void writeFully(Disk.File file, ByteBuffer source, long position) throws IOException {
        long at = position;
        int fruitless = 0;
        while (source.hasRemaining()) {
            int written = file.write(source, at);
            at += written;
            fruitless = written > 0 ? 0 : fruitless + 1;
            if (fruitless >= FRUITLESS_WRITES_MAX) {
                throw new IOException(
                        "the disk accepted no byte in " + FRUITLESS_WRITES_MAX + " writes at offset " + at);
            }
        }
    }

    /** Fills the buffer as far as the file reaches and returns the number of bytes read. */
    static int readFully(Disk.File file, ByteBuffer target, long position) throws IOException {
        int total = 0;
        while (target.hasRemaining()) {
            int read = file.read(target, position + total);
            if (read < 0) {
                break;
            }
            total += read;
        }
        return total;
    }

    /** Closes what only a failed operation leaves open; its own failure is added to the first. */
    static void closeAfter(Throwable failure, AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            failure.addSuppressed(e);
        }
    }
}
