package io.murmuration.actor;

import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Where other nodes reach the actors of a group on this node, through Artery and beside it.
 *
 * @param group the group's name
 * @param entrance the {@link Entrance}
 * @param links the connections beside Artery
 */
record Doors(String group, ActorRef<Object> entrance, Links links) {
    /** The group has been started, with or without a replica. */
    void open(ActorRef<GroupMessage> actor, ActorRef<GatewayMessage> gateway) {
        entrance.tell(new Door.LeadTo(actor));
        turn(Entrance.GATEWAY, gateway);
    }

    /** Its replica runs. */
    void leadTo(Neighbours replica) {
        turn(Entrance.LOG, replica.log());
        turn(Entrance.MACHINE, replica.machine());
        turn(Entrance.SNAPSHOTS, replica.snapshots());
        turn(Entrance.ELECTION, replica.election());
    }

    /** Its replica has stopped. */
    void close() {
        turn(Entrance.LOG, null);
        turn(Entrance.MACHINE, null);
        turn(Entrance.SNAPSHOTS, null);
        turn(Entrance.ELECTION, null);
    }

    /** The group has been stopped, or has ended. */
    void shut() {
        close();
        turn(Entrance.GATEWAY, null);
        entrance.tell(new Door.LeadTo(null));
    }

    private void turn(String door, @Nullable ActorRef<? super Wire> actor) {
        entrance.tell(new Entrance.Turn(door, actor));
        links.leadsTo(group + "/" + door, actor);
    }
}
