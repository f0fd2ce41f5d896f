package io.murmuration.actor;

import io.murmuration.core.founding.Founding;
import io.murmuration.core.model.FoundingRpc;
import io.murmuration.core.model.FoundingRpc.Knows;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * What this node's Gateway, and its operator, are told of a replica that takes no part in its group, and of who belongs
 * to that. Mutable.
 */
final class Outlook {
    private final ActorRef<GatewayMessage> gateway;
    private final Notices notices;
    private @Nullable String obstacle;
    private Members members = Members.NONE;

    Outlook(ActorRef<GatewayMessage> gateway, Notices notices) {
        this.gateway = gateway;
        this.notices = notices;
    }

    /** Another node has spoken, and the core has dealt with it. */
    void heard(Founding core, Peer from, FoundingRpc rpc, boolean runs) {
        notices.tell(core.stranger(from).orElse(null), true);
        tellObstacle(core, runs);
        UUID elsewhere = core.elsewhere().orElse(null);
        if (rpc instanceof Knows known && known.group().equals(elsewhere)) {
            tellMembers(known.members());
        }
    }

    /** The log is told once, and the Gateway, which passes it on to all who ask, whenever it is another one. */
    void tellObstacle(Founding core, boolean runs) {
        String why = core.obstacle().orElse(null);
        notices.tell(why, core.needsOperator());
        if (runs || why == null || why.equals(obstacle)) {
            return;
        }
        obstacle = why;
        gateway.tell(new GatewayMessage.ReplicaDown(core.needsOperator() ? "waiting" : "founding", why));
        core.elsewhere().ifPresent(id -> gateway.tell(new GatewayMessage.GroupIs(id)));
    }

    /** Other members are in force in the Log. */
    Behavior<GroupMessage> membersAre(Founding core, Members inForce) {
        core.membersAre(inForce);
        tellMembers(inForce);
        return Behaviors.same();
    }

    /** The Gateway looks for the leader among the members, whoever founded the group. */
    private void tellMembers(Members known) {
        if (!known.equals(members)) {
            members = known;
            gateway.tell(new GatewayMessage.MembersAre(known));
        }
    }
}
