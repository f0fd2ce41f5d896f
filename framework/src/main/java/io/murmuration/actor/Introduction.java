package io.murmuration.actor;

import io.murmuration.core.model.Codec;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.SnapshotRpc.Held;
import io.murmuration.machine.StateMachine;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;

/**
 * How the actors of a replica come to know each other.
 *
 * @param machine what the user writes
 * @param codec encodes and decodes what the user's types are
 * @param store the replica's Store, which has read its journal
 * @param snapshots its Snapshots, which know the newest
 * @param gateway the group's Gateway on this node
 * @param group the GroupActor
 * @param doors where other nodes reach the actors
 */
record Introduction(
        StateMachine<?> machine,
        Codec codec,
        ActorRef<StoreMessage> store,
        ActorRef<SnapshotsMessage> snapshots,
        ActorRef<GatewayMessage> gateway,
        ActorRef<GroupMessage> group,
        Doors doors) {
    /** Who starts an actor that lives and dies with the replica. */
    interface Children {
        /**
         * Starts one.
         *
         * @param behavior what it does
         * @param name its name
         * @param dispatcher where it runs
         * @param <M> what it is told
         */
        <M> ActorRef<M> child(Behavior<M> behavior, String name, DispatcherSelector dispatcher);
    }

    /**
     * Starts Machine, Log and Election, and opens the doors.
     *
     * @param joined the group that the replica belongs to, and who it is in it
     * @param from what it goes on from
     * @param children starts them
     * @return its actors
     */
    Neighbours perform(ReplicaContext joined, Origin from, Children children) {
        Recovered recovered = from.point().recovered();
        ReplicaContext whole = joined.with(recovered);
        // Log may drop what nobody else must keep then.
        ReplicaContext lean = joined.with(recovered.withoutEntries());
        ActorRef<MachineMessage> fold = children.child(
                MachineActor.create(lean, from.machine(lean, machine, codec)),
                "machine-behind",
                DispatcherSelector.fromConfig(MachineActor.DISPATCHER));
        DispatcherSelector same = DispatcherSelector.sameAsParent();
        ActorRef<LogMessage> log = children.child(LogActor.create(whole, from.withoutState()), "log-behind", same);
        ActorRef<ElectionMessage> election = children.child(ElectionActor.create(lean), "election-behind", same);
        Neighbours neighbours = new Neighbours(election, log, fold, store, snapshots, gateway, group);
        // In this order each knows the others before one of them can speak: what comes earlier is dropped, and the
        // Machine says only once where it starts.
        store.tell(neighbours);
        snapshots.tell(neighbours);
        log.tell(neighbours);
        Held held = from.held();
        if (held != null) {
            log.tell(new SnapshotsMessage.Compact(held));
        }
        fold.tell(neighbours);
        gateway.tell(new GatewayMessage.ReplicaUp(lean.id(), neighbours));
        election.tell(neighbours);
        doors.leadTo(neighbours);
        lean.routes().runs(election);
        if (from.withoutState()) {
            snapshots.tell(from.seed(lean.self()));
        }
        return neighbours;
    }
}
