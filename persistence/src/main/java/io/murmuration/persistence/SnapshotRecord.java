package io.murmuration.persistence;

import org.jspecify.annotations.Nullable;

/**
 * A snapshot as it is stored.
 *
 * @param persistenceId whose snapshot it is
 * @param sequenceNr its sequence number
 * @param timestamp when it was taken, in milliseconds since 1970
 * @param metadata what the persistent actor attached, or null
 * @param state the state
 */
record SnapshotRecord(
        String persistenceId,
        long sequenceNr,
        long timestamp,
        @Nullable StoredObject metadata,
        SnapshotState state) {}
