package io.murmuration.actor;

import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.SnapshotRpc.Held;
import io.murmuration.core.model.SnapshotRpc.SnapshotId;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What is said to a replica's Snapshots, and what it says on its own node. */
sealed interface SnapshotsMessage permits SnapshotsMessage.Local, Neighbours, Wire {
    /** What is said on the same node only. */
    sealed interface Local extends SnapshotsMessage {}

    /**
     * Read and decode the newest snapshot that the store has; one that is damaged is passed over for an older one. Said
     * once, before {@link Neighbours}.
     *
     * @param replyTo receives one {@link Stored}
     */
    record LoadNewest(ActorRef<? super Stored> replyTo) implements Local {}

    /**
     * What this node holds is not to be trusted: begin as if there were none, and delete all others once another node's
     * is installed; until then they stay. Said instead of {@link LoadNewest}.
     *
     * @param replyTo receives {@link None}, and {@link Replaced} when the state is another node's
     */
    record Distrust(ActorRef<GroupMessage> replyTo) implements Local {}

    /**
     * The Machine has no state: ask the others for one, until Log has installed a snapshot that reaches so far.
     *
     * @param index the least index that the snapshot must include
     * @param others the other members
     */
    record Seed(long index, List<Peer> others) implements Local {
        public Seed {
            others = List.copyOf(others);
        }
    }

    /**
     * The Machine has taken a snapshot. Answered with {@link TakeEnded}; until then it takes no other.
     *
     * @param image what the Machine is at {@code last}, immutable
     * @param last the last entry that is included
     */
    record Take(Object image, EntryId last) implements Local {}

    /** Somebody on this node wants a snapshot. */
    record Requested() implements Local {}

    /**
     * The leader has offered a snapshot to the Log.
     *
     * @param offer where it is held
     */
    record Fetch(Held offer) implements Local {}

    /**
     * The Log's record over the snapshot at this index is durable.
     *
     * @param index the new base of the log
     */
    record Covered(long index) implements Local {}

    /**
     * The Log has taken over the snapshot of {@link Install}.
     *
     * @param index its index
     */
    record Installed(long index) implements Local {}

    /**
     * The Log has no use for the snapshot of {@link Install}: it is committed that far.
     *
     * @param index its index
     */
    record Unneeded(long index) implements Local {}

    /**
     * Say how far the snapshots are that travel.
     *
     * @param replyTo receives a {@link StatusPart.OfSnapshots}
     */
    record AskStatus(ActorRef<StatusPart> replyTo) implements Local {}

    /** What Snapshots says to the own Log. */
    sealed interface ToLog extends LogMessage {}

    /**
     * This snapshot is durable here: what it includes may be dropped, and it may be offered to followers.
     *
     * @param snapshot what is held
     */
    record Compact(Held snapshot) implements ToLog {}

    /**
     * A snapshot of this node can no longer be read.
     *
     * @param id which one
     */
    record Lost(SnapshotId id) implements ToLog, ToMachine {}

    /**
     * A pulled snapshot is complete, checked, decoded and durable. Answered with {@link Installed} or {@link Unneeded}.
     *
     * @param last the last entry that it includes
     * @param members the members in force there
     * @param image for the Machine
     */
    record Install(EntryId last, Members members, Object image) implements ToLog {}

    /**
     * A follower pulls a snapshot of this node: keep the log from there on for it.
     *
     * @param follower who
     * @param index the snapshot's last index
     */
    record Pulled(Peer follower, long index) implements ToLog {}

    /** What Snapshots says to the own Machine. */
    sealed interface ToMachine extends MachineMessage {}

    /** Take a snapshot now, or after the one that is being taken. */
    record TakeNow() implements ToMachine {}

    /**
     * The snapshot has ended: the next may be taken.
     *
     * @param index its index
     * @param ok whether this node holds one, durable, that reaches so far
     */
    record TakeEnded(long index, boolean ok) implements ToMachine {}

    /** The answer to {@link LoadNewest}. */
    sealed interface Stored extends GroupMessage {}

    /**
     * This is the newest one.
     *
     * @param held which one
     * @param members the members in force at its index
     * @param image for the Machine
     */
    record Newest(Held held, Members members, Object image) implements Stored {}

    /** There is none, and there never was one that could not be read. */
    record None() implements Stored {}

    /**
     * There is at least one, and none can be read.
     *
     * @param why what is wrong, as a sentence
     */
    record Unreadable(String why) implements Stored {}

    /** Another node's snapshot is installed in place of what was distrusted. */
    record Replaced() implements GroupMessage {}

    /**
     * Snapshots can no longer do its work and stops. Its last word to its GroupActor.
     *
     * @param why what happened, as a sentence
     * @param cause what was thrown
     */
    record Failed(String why, Throwable cause) implements GroupMessage {}
}
