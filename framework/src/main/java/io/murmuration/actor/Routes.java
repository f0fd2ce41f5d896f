package io.murmuration.actor;

import java.util.Collection;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The actors of one group on other nodes, by fixed path without uid: a restarted peer is reached under the same
 * reference. A node whose address is unknown yet is a dead end: what is sent there is lost, as any message may be. The
 * own node's actors are reached through {@link Neighbours}, and through these routes too.
 */
interface Routes {
    /**
     * Sends a heartbeat, or the answer to one, that may travel together with those of other groups.
     *
     * @param node the node's name
     * @param wire the message
     */
    default void beat(String node, Wire wire) {
        election(node).tell(wire);
    }

    /**
     * The replica's Election runs: what comes together with the heartbeats of other groups is for it.
     *
     * @param election the replica's Election
     */
    default void runs(ActorRef<ElectionMessage> election) {}

    /**
     * Whether {@link #rely} is of use, so that the group may doze.
     *
     * @return whether somebody watches other nodes
     */
    default boolean watchesNodes() {
        return false;
    }

    /**
     * From now on the replica's Election is told when one of these nodes falls silent.
     *
     * @param nodes the nodes; empty for none
     */
    default void rely(Collection<String> nodes) {}

    /**
     * From now on the replica's Election is told when the process of one of these nodes is gone.
     *
     * @param election the replica's Election
     * @param nodes the nodes; empty for none
     */
    default void near(ActorRef<ElectionMessage> election, Collection<String> nodes) {}

    /**
     * The replica cannot be stopped, since something of it hangs.
     *
     * @param why what hangs, and what to do, as a sentence
     */
    default void stuck(String why) {}

    /**
     * The nodes whose addresses are known.
     *
     * @return their names
     */
    default Collection<String> nodes() {
        return List.of();
    }

    /**
     * Another node's Election.
     *
     * @param node the node's name
     * @return where to send
     */
    Way election(String node);

    /**
     * Another node's Log.
     *
     * @param node the node's name
     * @return where to send
     */
    Way log(String node);

    /**
     * Another node's Machine.
     *
     * @param node the node's name
     * @return where to send
     */
    Way machine(String node);

    /**
     * Another node's Gateway.
     *
     * @param node the node's name
     * @return where to send
     */
    Way gateway(String node);

    /**
     * Another node's Snapshots.
     *
     * @param node the node's name
     * @return where to send
     */
    Way snapshots(String node);

    /**
     * Says to another node's Gateway what is to arrive also when that node was restarted and has not spoken to this one
     * since: Artery drops ordinary messages to a node that left the cluster until its successor has spoken.
     *
     * @param node the node's name
     * @param wire the message
     */
    default void introduce(String node, Wire wire) {
        gateway(node).tell(wire);
    }

    /**
     * Another node's GroupActor.
     *
     * @param node the node's name
     * @return where to send
     */
    Way group(String node);

    /**
     * A node without a replica says where it is: good for what nobody else says.
     *
     * @param node the node's name
     * @param address its {@code host:port}
     */
    default void told(String node, String address) {
        // Routes that are fixed learn nothing.
    }
}
