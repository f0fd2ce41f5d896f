package io.murmuration.core.snapshot;

import java.time.Duration;

/**
 * What {@link Snapshots} must know of its group's settings.
 *
 * @param chunkBytes how much of a snapshot travels in one message
 * @param electionTimeout T: what is not answered is asked for again after T, and after longer the longer it takes
 * @param bytesMax the largest snapshot that is saved, or pulled
 */
public record SnapshotSettings(int chunkBytes, Duration electionTimeout, long bytesMax) {
    /** What fits into one array: a snapshot store other than the embedded one takes nothing else. */
    private static final long BYTES_LIMIT = Integer.MAX_VALUE - 64;

    /** Checks the ranges. */
    public SnapshotSettings {
        if (chunkBytes <= 0 || electionTimeout.isNegative() || electionTimeout.isZero()) {
            throw new IllegalArgumentException("Chunk size and election time-out must be positive, but they are "
                    + chunkBytes + " and " + electionTimeout + ".");
        }
        if (bytesMax <= 0 || bytesMax > BYTES_LIMIT) {
            throw new IllegalArgumentException("The largest snapshot must have 1 to " + BYTES_LIMIT
                    + " bytes, but the bound is " + bytesMax + "; larger state belongs into more groups.");
        }
    }

    /** So many T. */
    long timeouts(long count) {
        return count * electionTimeout.toNanos();
    }
}
