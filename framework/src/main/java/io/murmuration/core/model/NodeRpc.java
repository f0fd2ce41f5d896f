package io.murmuration.core.model;

import java.util.List;
import java.util.UUID;

/** What nodes say to each other for all of their groups at once. */
public sealed interface NodeRpc extends Rpc {
    /**
     * Heartbeats, or answers to them, of several groups: between two nodes they travel together, so that many groups
     * cost hardly more messages than one.
     *
     * @param beats at least one
     */
    record Beats(List<Beat> beats) implements NodeRpc {
        /** Copies the list. */
        public Beats {
            beats = List.copyOf(beats);
        }
    }

    /** This node is there: said each T/10 to a node that dozing groups of this one rely on. */
    record Awake() implements NodeRpc {}

    /**
     * A group has ended on this node, or begins anew: who relied on this node for its sake does so no more.
     *
     * @param name the group's name
     */
    record Left(String name) implements NodeRpc {}

    /**
     * This node takes connections beside Artery. Who connects says the sender's incarnation, which belongs to this life
     * of the process.
     *
     * @param address the {@code host:port} of its Artery
     * @param port the port at which it takes them
     */
    record LinkAt(String address, int port) implements NodeRpc {}

    /**
     * One group's part of {@link Beats}.
     *
     * @param name the group's name, by which it is found on the receiving node
     * @param group the group's id
     * @param incarnation the sender's incarnation in that group
     * @param message a heartbeat, or the answer to one
     */
    record Beat(String name, UUID group, UUID incarnation, ElectionRpc message) {}
}
