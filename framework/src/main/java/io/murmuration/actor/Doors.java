package io.murmuration.actor;

import org.apache.pekko.actor.typed.ActorRef;

/**
 * Where other nodes reach the actors of a group on this node.
 *
 * @param entrance the {@link Entrance}
 */
record Doors(ActorRef<Object> entrance) {
    /** The group has been started, with or without a replica. */
    void open(ActorRef<GroupMessage> group, ActorRef<GatewayMessage> gateway) {
        entrance.tell(new Door.LeadTo(group));
        entrance.tell(new Entrance.Turn(Entrance.GATEWAY, gateway));
    }

    /** Its replica runs. */
    void leadTo(Neighbours replica) {
        entrance.tell(new Entrance.Turn(Entrance.LOG, replica.log()));
        entrance.tell(new Entrance.Turn(Entrance.MACHINE, replica.machine()));
        entrance.tell(new Entrance.Turn(Entrance.SNAPSHOTS, replica.snapshots()));
        entrance.tell(new Entrance.Turn(Entrance.ELECTION, replica.election()));
    }

    /** Its replica has stopped. */
    void close() {
        entrance.tell(new Entrance.Turn(Entrance.LOG, null));
        entrance.tell(new Entrance.Turn(Entrance.MACHINE, null));
        entrance.tell(new Entrance.Turn(Entrance.SNAPSHOTS, null));
        entrance.tell(new Entrance.Turn(Entrance.ELECTION, null));
    }

    /** The group has been stopped, or has ended. */
    void shut() {
        close();
        entrance.tell(new Entrance.Turn(Entrance.GATEWAY, null));
        entrance.tell(new Door.LeadTo(null));
    }
}
