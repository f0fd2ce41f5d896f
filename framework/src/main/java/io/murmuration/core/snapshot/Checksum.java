package io.murmuration.core.snapshot;

import java.util.zip.CRC32C;

/** The checksum that is part of a snapshot's id: CRC32C over all its bytes. */
public final class Checksum {
    /** The JVM cannot stop a thread within one call: on a large array all others, heartbeats too, would wait for it. */
    private static final int PIECE_BYTES = 1 << 20;

    private Checksum() {}

    /**
     * Reads all bytes; of a large snapshot that takes a while.
     *
     * @param bytes an encoded snapshot
     * @return its checksum
     */
    public static long of(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        int end;
        for (int at = 0; at < bytes.length; at = end) {
            end = at + Math.min(PIECE_BYTES, bytes.length - at);
            checksum.update(bytes, at, end - at);
        }
        return checksum.getValue();
    }
}
