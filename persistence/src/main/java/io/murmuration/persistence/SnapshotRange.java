package io.murmuration.persistence;

/**
 * Which snapshots are meant; all bounds are inclusive.
 *
 * @param sequenceNrMin the lowest sequence number
 * @param sequenceNrMax the highest sequence number
 * @param timestampMin the earliest time, in milliseconds since 1970
 * @param timestampMax the latest time, in milliseconds since 1970
 */
record SnapshotRange(long sequenceNrMin, long sequenceNrMax, long timestampMin, long timestampMax) {

    static SnapshotRange upTo(long sequenceNr) {
        return new SnapshotRange(0, sequenceNr, 0, Long.MAX_VALUE);
    }

    static SnapshotRange exactly(long sequenceNr) {
        return new SnapshotRange(sequenceNr, sequenceNr, 0, Long.MAX_VALUE);
    }

    boolean contains(long sequenceNr, long timestamp) {
        return sequenceNr >= sequenceNrMin
                && sequenceNr <= sequenceNrMax
                && timestamp >= timestampMin
                && timestamp <= timestampMax;
    }
}
