package io.murmuration.actor;

import io.murmuration.GroupSettings;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.Rpc;
import java.util.UUID;

/**
 * What Election, Log and Machine of one replica are started with.
 *
 * @param group the group's name
 * @param id the group's id
 * @param self this node in this life of its disk
 * @param settings the group's settings
 * @param recovered what the Store read from the journal
 * @param routes how other nodes are reached
 */
record ReplicaContext(String group, UUID id, Peer self, GroupSettings settings, Recovered recovered, Routes routes) {
    /**
     * An envelope for a message of this replica.
     *
     * @param body the message
     * @return the message with the group's id and this node's identity
     */
    Wire wire(Rpc body) {
        return new Wire(id, self, body);
    }

    /** The same with another content of the journal. */
    ReplicaContext with(Recovered other) {
        return new ReplicaContext(group, id, self, settings, other, routes);
    }

    /**
     * Whether a message belongs to this group.
     *
     * @param wire a received message
     * @return false if it is of another group under the same name
     */
    boolean concerns(Wire wire) {
        return id.equals(wire.group());
    }
}
