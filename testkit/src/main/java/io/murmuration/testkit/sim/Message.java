package io.murmuration.testkit.sim;

import io.murmuration.core.apply.Reader;
import io.murmuration.core.model.Blocks;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.NodeRpc;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Rpc;
import io.murmuration.core.model.Snapshot;
import io.murmuration.core.model.SnapshotRpc.SnapshotId;
import io.murmuration.core.model.StoreRecord;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What actors of one node say to each other where no effect of a core says it, and the envelope of what goes to another
 * node. The effects of the cores are messages themselves.
 */
sealed interface Message {
    /**
     * A message from another node.
     *
     * @param group the group as the sender knows it
     * @param from the sender's node and incarnation, or its Gateway's life
     * @param body what it says
     */
    record Wire(@Nullable UUID group, Peer from, Rpc body) implements Message {}

    /** A heartbeat, or the answer to one, that came with those of other groups. */
    record Together(Wire wire) implements Message {}

    /** An Election hands over what may travel with what other groups say to that node. */
    record Beating(String node, NodeRpc.Beat beat) implements Message {}

    /** What came from another node, however it came; null for what did not. */
    static @Nullable Wire wire(Object message) {
        if (message instanceof Wire wire) {
            return wire;
        }
        return message instanceof Together together ? together.wire() : null;
    }

    /** Snapshots has an image encoded. */
    record Encoded(EntryId last, Blocks bytes) implements Message {
        @Override
        public String toString() {
            return "Encoded[" + last + " to " + bytes.size() + " bytes]";
        }
    }

    /** A snapshot is durable, or the disk had no room. */
    record Saved(long index, boolean durable) implements Message {}

    /** A snapshot was read; null if it cannot be. */
    record Loaded(SnapshotId id, @Nullable Blocks bytes) implements Message {
        @Override
        public String toString() {
            return "Loaded[" + id + (bytes == null ? " cannot be read]" : " " + bytes.size() + " bytes]");
        }
    }

    /** A pulled snapshot is decoded. */
    record Decoded(Snapshot snapshot) implements Message {
        @Override
        public String toString() {
            return "Decoded[" + snapshot.last() + "]";
        }
    }

    /** The Log has installed a snapshot. */
    record Installed(long index) implements Message {}

    /** A Machine without a state needs a snapshot. */
    record Seed(long index, List<Peer> others) implements Message {}

    /** The GroupActor starts an actor. */
    record Start() implements Message {}

    /** The time that a core asked to be woken at has come. */
    record Wake() implements Message {}

    /** To oneself: what was in the mailbox has been seen. */
    record Again() implements Message {}

    /** To oneself, behind what had come before the tick at which this node says that it is there. */
    record Drained() implements Message {}

    /** A group dozes and relies on these nodes; empty if it is awake. */
    record Rely(String group, List<String> nodes) implements Message {}

    /** This life of a group's Election runs. */
    record Registered(String group, long life) implements Message {}

    /** A group's Election has ended. */
    record Gone(String group) implements Message {}

    /** A node on which a dozing group relies is not heard any more, or no longer has the group. */
    record Silent(String node, long since) implements Message {}

    /** The process of another node is gone, as far as is known. */
    record Departed(String node) implements Message {}

    /** Whether the group dozes, for its Log. */
    record Doze(boolean dozes) implements Message {}

    /** Who hands records to the Store. */
    record Write(Actor owner, long sequence, List<StoreRecord> records) implements Message {}

    /** The Store has made a write durable. */
    record Written(long sequence) implements Message {}

    /** Reads for the Machine. */
    record Read(long index, Reader reader) implements Message {}

    /** Reads that the Machine has carried out. */
    record ReadsDone(List<Long> numbers) implements Message {}

    /** A caller asks or reads; its patience begins here, on its node's clock. */
    record Asked(SimCall call, long nanos) implements Message {}

    /** These members are in force, as far as this node knows. */
    record MembersAre(Members members) implements Message {}

    /** A node has said who it is in this life of its disk. */
    record Met(Peer peer) implements Message {}

    /** The replica runs. */
    record ReplicaUp(UUID group) implements Message {}

    /** The group is known although this node has no part in it. */
    record GroupIs(UUID group) implements Message {}

    /** The replica does not run. */
    record ReplicaDown(String why) implements Message {}

    /** The process is being stopped in order: who leads hands over first. */
    record Retire() implements Message {}

    /** Election leads no more, or has nobody to hand over to. */
    record Relieved() implements Message {}

    /** Half an election time-out has passed and the group is not founded. */
    record AskAgain() implements Message {}
}
