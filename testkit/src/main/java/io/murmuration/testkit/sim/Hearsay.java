package io.murmuration.testkit.sim;

import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.Peer;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * Checks that heartbeats that travel with those of other groups arrive as they were said: by whom, to whom, and in
 * which group. Mutable. Where there is one group they travel by themselves.
 */
final class Hearsay {
    private final Set<Said> said = new HashSet<>();

    private record Said(Peer speaker, String listener, ElectionRpc message) {}

    void says(SimNode node, String other, ElectionRpc message) {
        boolean beat = message instanceof ElectionRpc.Heartbeat || message instanceof ElectionRpc.HeartbeatReply;
        if (beat && node.host().several()) {
            said.add(new Said(Objects.requireNonNull(node.self()), other, message));
        }
    }

    void heard(SimNode node, Message.Wire wire) {
        boolean beat =
                wire.body() instanceof ElectionRpc.Heartbeat || wire.body() instanceof ElectionRpc.HeartbeatReply;
        if (beat
                && node.host().several()
                && !said.contains(new Said(wire.from(), node.name(), (ElectionRpc) wire.body()))) {
            throw Invariant.OWN_GROUP.violatedBy(node.label() + " is told " + Words.of(wire.body()) + " by "
                    + wire.from() + ", who has not said that to it in this group.");
        }
    }
}
