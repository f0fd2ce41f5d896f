package io.murmuration.testkit.sim;

import io.murmuration.core.apply.MachineSettings;

/**
 * What bounds the nodes of one world.
 *
 * @param gatewayBytesMax what may wait in a Gateway
 * @param logBytesMax what a log may hold in memory before the leader says that it is overloaded
 * @param tailBytesMax what is kept in front of a snapshot for slow followers
 * @param chunkBytes how much of a snapshot travels in one message
 * @param machine when a Machine takes a snapshot, when it is compared with others, and how its sessions are bounded
 */
record Limits(long gatewayBytesMax, long logBytesMax, long tailBytesMax, int chunkBytes, MachineSettings machine) {
    /** Nothing is reached, and nothing happens by itself. */
    static final Limits WIDE =
            new Limits(16L << 20, 1L << 40, 0, 1_000, MachineSettings.DEFAULT.withSnapshotBytes(1L << 40));

    /** The largest snapshot. */
    static final long SNAPSHOT_BYTES_MAX = 1 << 20;
}
