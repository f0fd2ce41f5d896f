package io.murmuration.actor;

import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Rpc;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All that crosses the wire: who speaks, in which group, and what. Encoded by {@link WireSerializer}. The receiver
 * checks group and sender, then hands the body to its core.
 *
 * @param group the group's id, or null while the sender does not know it (founding, and a Gateway without a replica)
 * @param from the sender; for a Gateway the node's name with the Gateway's life
 * @param body the message
 */
public record Wire(@Nullable UUID group, Peer from, Rpc body)
        implements ElectionMessage, LogMessage, MachineMessage, SnapshotsMessage, GatewayMessage, GroupMessage {
    /** Checks that nothing is missing. */
    public Wire {
        Objects.requireNonNull(from);
        Objects.requireNonNull(body);
    }
}
