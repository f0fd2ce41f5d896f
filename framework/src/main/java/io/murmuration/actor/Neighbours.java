package io.murmuration.actor;

import org.apache.pekko.actor.typed.ActorRef;

/**
 * <<<<<<< HEAD The actors of one replica. The first message that Election, Log and Machine receive from their
 * GroupActor; whatever comes before it (from another node, by path) is dropped, as a message may be lost at any time.
 * ======= The actors of one replica. The first message that Election, Log and Machine receive from their GroupActor;
 * whatever comes before it (from another node, by path) is dropped, as a message may be lost at any time. The Store
 * receives it before all of them, so that it knows whom to answer. >>>>>>> machine
 *
 * @param election the replica's Election
 * @param log its Log
 * @param machine its Machine
 * @param store its Store
 * @param gateway the Gateway of this group on this node, which outlives the other four
 */
record Neighbours(
        ActorRef<ElectionMessage> election,
        ActorRef<LogMessage> log,
        ActorRef<MachineMessage> machine,
        ActorRef<StoreMessage> store,
        ActorRef<GatewayMessage> gateway)
        implements ElectionMessage, LogMessage, MachineMessage, StoreMessage {}
