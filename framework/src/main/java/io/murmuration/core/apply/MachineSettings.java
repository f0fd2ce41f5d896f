package io.murmuration.core.apply;

/**
 * How a {@link Machine} is bounded.
 *
 * @param snapshotBytes a snapshot is taken when entries of so many bytes were folded since the last one
 * @param hashEvery members compare what they have folded every so many entries; the same on all nodes of a group
 * @param sessions the bounds of the table of sessions; the same on all nodes of a group
 * @param watchBytes how much of what was folded is remembered for those who watch; 0 for nothing
 */
public record MachineSettings(long snapshotBytes, long hashEvery, Sessions.Bounds sessions, long watchBytes) {
    /** A snapshot for 32 MiB of log, a hash for 4,096 entries, nothing for those who watch. */
    public static final MachineSettings DEFAULT = new MachineSettings(32L << 20, 4_096, Sessions.Bounds.DEFAULT, 0);

    /** So many comparisons cover each other; behind them the hash starts anew. */
    private static final long EPOCH_HASHES = 64;

    /** Checks that there is progress between two snapshots, and between two hashes. */
    public MachineSettings {
        if (snapshotBytes < 1 || hashEvery < 1 || hashEvery > Long.MAX_VALUE / EPOCH_HASHES) {
            throw new IllegalArgumentException(
                    "Snapshots and hashes need distances of at least 1 that can be counted, but these are "
                            + snapshotBytes + " bytes and " + hashEvery + " entries.");
        }
    }

    /**
     * How long an epoch is: behind each index that it divides, the hash of outcomes starts anew.
     *
     * @return entries; the same on all nodes of a group
     */
    public long epochEntries() {
        return EPOCH_HASHES * hashEvery;
    }

    /**
     * The same with another distance between snapshots.
     *
     * @param bytes the bytes of entries between two snapshots
     * @return changed settings
     */
    public MachineSettings withSnapshotBytes(long bytes) {
        return new MachineSettings(bytes, hashEvery, sessions, watchBytes);
    }

    /**
     * The same with another distance between hashes.
     *
     * @param entries the entries between two hashes
     * @return changed settings
     */
    public MachineSettings withHashEvery(long entries) {
        return new MachineSettings(snapshotBytes, entries, sessions, watchBytes);
    }

    /**
     * The same with other bounds of the table of sessions.
     *
     * @param bounds the bounds
     * @return changed settings
     */
    public MachineSettings withSessions(Sessions.Bounds bounds) {
        return new MachineSettings(snapshotBytes, hashEvery, bounds, watchBytes);
    }

    /**
     * The same with another bound of what is remembered for those who watch.
     *
     * @param bytes the bound; 0 for nothing
     * @return changed settings
     */
    public MachineSettings withWatchBytes(long bytes) {
        return new MachineSettings(snapshotBytes, hashEvery, sessions, bytes);
    }
}
