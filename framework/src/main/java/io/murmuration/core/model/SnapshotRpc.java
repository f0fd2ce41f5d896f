package io.murmuration.core.model;

/**
 * How a snapshot travels (§7): offered by the leader's Log ({@link LogRpc.SnapshotOffer}), pulled by the follower from
 * the node that holds it.
 */
public sealed interface SnapshotRpc extends Rpc {
    /**
     * Which snapshot: chunks of two are never mixed [C7].
     *
     * @param holder the node, in this life of its disk, that holds it
     * @param index the last index that it includes
     * @param checksum the checksum over all its bytes
     */
    record SnapshotId(Peer holder, long index, long checksum) {}

    /**
     * A snapshot that a node holds, durable.
     *
     * @param id which one
     * @param last the last entry that it includes
     * @param size its bytes
     */
    record Held(SnapshotId id, EntryId last, long size) {}

    /**
     * A replica has lost its state and needs a snapshot to go on from. Who has none that reaches so far takes one.
     * Asked again until it is answered.
     *
     * @param index the snapshot must include this index
     */
    record SnapshotWanted(long index) implements SnapshotRpc {}

    /**
     * The answer to {@link SnapshotWanted}.
     *
     * @param snapshot what can be pulled here
     */
    record SnapshotHeld(Held snapshot) implements SnapshotRpc {}

    /**
     * The follower asks for the bytes from an offset on.
     *
     * @param id the snapshot
     * @param offset how many bytes the follower already has
     */
    record SnapshotPull(SnapshotId id, long offset) implements SnapshotRpc {}

    /**
     * A piece of a snapshot.
     *
     * @param id the snapshot
     * @param offset where the bytes belong
     * @param bytes the bytes
     * @param last whether the snapshot ends with them
     */
    record SnapshotChunk(SnapshotId id, long offset, Blocks bytes, boolean last) implements SnapshotRpc {
        @Override
        public String toString() {
            return "SnapshotChunk[id=" + id + ", offset=" + offset + ", " + bytes.size() + " bytes"
                    + (last ? ", last]" : "]");
        }
    }

    /**
     * All of a snapshot has come and is being installed: its holder, if it leads, must keep the log behind it until
     * then. Said each election time-out.
     *
     * @param id the snapshot
     */
    record SnapshotArrived(SnapshotId id) implements SnapshotRpc {}

    /**
     * The holder no longer has that snapshot: start again with a new offer, at 0.
     *
     * @param id the snapshot that was asked for
     */
    record SnapshotGone(SnapshotId id) implements SnapshotRpc {}
}
