package io.murmuration.persistence;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * Sizes and sources that the journal runs with.
 *
 * @param segmentBytes a segment is closed rather than grown beyond this; one group may exceed it
 * @param queueBytes how many bytes may wait for the disk before writes are refused
 * @param groupBytes how many bytes go out with one force at most; one write may exceed it
 * @param preallocatedBytes how far zeros are written ahead of the end of the log
 * @param checksums makes the checksum of records and headers
 * @param salts makes the random part of a segment's identity
 */
record JournalSettings(
        long segmentBytes,
        long queueBytes,
        int groupBytes,
        int preallocatedBytes,
        Supplier<? extends Checksum> checksums,
        LongSupplier salts) {

    static final long SEGMENT_BYTES_DEFAULT = 64L << 20;
    static final long SEGMENT_BYTES_MAX = 1L << 30;
    static final long QUEUE_BYTES_DEFAULT = 64L << 20;
    private static final int GROUP_BYTES = 4 << 20;
    private static final int PREALLOCATED_BYTES = 1 << 20;

    JournalSettings {
        if (segmentBytes < 1 || segmentBytes > SEGMENT_BYTES_MAX) {
            throw new StorageException("murmuration.journal.segment-bytes is " + segmentBytes
                    + " but must lie between 1 and " + SEGMENT_BYTES_MAX + " (1 GiB).");
        }
        if (queueBytes < 1) {
            throw new StorageException("murmuration.journal.queue-bytes is " + queueBytes + " but must be positive.");
        }
    }

    static JournalSettings of(long segmentBytes, long queueBytes) {
        return new JournalSettings(
                segmentBytes,
                queueBytes,
                GROUP_BYTES,
                PREALLOCATED_BYTES,
                CRC32C::new,
                () -> ThreadLocalRandom.current().nextLong());
    }
}
