package io.murmuration.core.snapshot;

import io.murmuration.core.model.Blocks;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.SnapshotRpc;
import io.murmuration.core.model.SnapshotRpc.Held;
import io.murmuration.core.model.SnapshotRpc.SnapshotId;

/** What {@link Snapshots} wants done. The shell does it in the order given. */
public sealed interface Effect {
    /**
     * Does it.
     *
     * @param port the shell
     */
    void to(Port port);

    /**
     * Encode, away from the protocol's threads; then {@link Snapshots#encoded} or {@link Snapshots#encodingFailed}.
     *
     * @param image what the Machine is at {@code last}
     * @param last the last entry that it includes
     */
    record Encode(Object image, EntryId last) implements Effect {
        @Override
        public void to(Port port) {
            port.encode(this);
        }
    }

    /**
     * Decode, away from the protocol's threads; then {@link Snapshots#decoded} or {@link Snapshots#undecodable}. One at
     * a time.
     *
     * @param bytes all bytes of a snapshot
     */
    record Decode(Blocks bytes) implements Effect {
        @Override
        public void to(Port port) {
            port.decode(this);
        }
    }

    /**
     * Make durable; then {@link Snapshots#saved} or {@link Snapshots#saveFailed}. One at a time.
     *
     * @param last the last entry that the snapshot includes
     * @param bytes all its bytes
     */
    record Save(EntryId last, Blocks bytes) implements Effect {
        @Override
        public void to(Port port) {
            port.save(this);
        }
    }

    /**
     * Read a durable snapshot's bytes, to serve them; then {@link Snapshots#loaded}. One at a time.
     *
     * @param id a snapshot that this node holds
     */
    record Load(SnapshotId id) implements Effect {
        @Override
        public void to(Port port) {
            port.load(this);
        }
    }

    /**
     * Delete the older snapshots. Not answered.
     *
     * @param index those that end below this index
     */
    record DeleteBelow(long index) implements Effect {
        @Override
        public void to(Port port) {
            port.deleteBelow(this);
        }
    }

    /**
     * A message for another node's Snapshots.
     *
     * @param node the node's name
     * @param message the message
     */
    record Send(String node, SnapshotRpc message) implements Effect {
        @Override
        public void to(Port port) {
            port.send(this);
        }
    }

    /** The own Machine is to take a snapshot now, or after the one that it is taking. */
    record TakeNow() implements Effect {
        @Override
        public void to(Port port) {
            port.takeNow(this);
        }
    }

    /**
     * The own Machine may take the next one.
     *
     * @param index the index of the one that has ended
     * @param ok whether this node holds one, durable, that reaches so far
     */
    record TakeEnded(long index, boolean ok) implements Effect {
        @Override
        public void to(Port port) {
            port.takeEnded(this);
        }
    }

    /**
     * The own Log may drop what this snapshot includes: it is durable.
     *
     * @param snapshot what is held here
     */
    record Compact(Held snapshot) implements Effect {
        @Override
        public void to(Port port) {
            port.compact(this);
        }
    }

    /**
     * A snapshot that was durable here can no longer be read: the own Log offers it no more, and the own Machine may
     * take another one at the same index.
     *
     * @param id which one
     */
    record Lost(SnapshotId id) implements Effect {
        @Override
        public void to(Port port) {
            port.lost(this);
        }
    }

    /**
     * A snapshot of another node is complete, checked, decoded and durable: for the own Log, which answers
     * {@link Snapshots#installed} or {@link Snapshots#unneeded}.
     *
     * @param last the last entry that it includes
     * @param members the members in force there
     * @param image for the Machine
     */
    record Install(EntryId last, Members members, Object image) implements Effect {
        @Override
        public void to(Port port) {
            port.install(this);
        }
    }

    /**
     * A follower pulls: it is alive, and the log from this index on is to be kept for it. For the own Log.
     *
     * @param follower who
     * @param index the last index of the snapshot that it pulls
     */
    record Pulled(Peer follower, long index) implements Effect {
        @Override
        public void to(Port port) {
            port.pulled(this);
        }
    }

    /**
     * Something that an operator can act on.
     *
     * @param what a full sentence
     */
    record Warn(String what) implements Effect {
        @Override
        public void to(Port port) {
            port.warn(this);
        }
    }
}
