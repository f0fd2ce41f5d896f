package io.murmuration.core.snapshot;

import java.util.zip.CRC32C;

/** The checksum that is part of a snapshot's id: CRC32C over all its bytes. */
public final class Checksum {
    private Checksum() {}

    /**
     * Reads all bytes; of a large snapshot that takes a while.
     *
     * @param bytes an encoded snapshot
     * @return its checksum
     */
    public static long of(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return checksum.getValue();
    }
}
