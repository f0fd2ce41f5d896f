package io.murmuration.actor;

import org.apache.pekko.actor.typed.ActorRef;

/**
 * The actors of one replica. The first message that Store, Log, Machine and Election receive from their GroupActor, in
 * this order; whatever comes to the last three before it is dropped, as a message may be lost at any time.
 *
 * @param election the replica's Election
 * @param log its Log
 * @param machine its Machine
 * @param store its Store
 * @param snapshots its Snapshots
 * @param gateway the Gateway of this group on this node, which outlives the other four
 * @param group the GroupActor
 */
record Neighbours(
        ActorRef<ElectionMessage> election,
        ActorRef<LogMessage> log,
        ActorRef<MachineMessage> machine,
        ActorRef<StoreMessage> store,
        ActorRef<SnapshotsMessage> snapshots,
        ActorRef<GatewayMessage> gateway,
        ActorRef<GroupMessage> group)
        implements ElectionMessage, LogMessage, MachineMessage, StoreMessage, SnapshotsMessage {}
