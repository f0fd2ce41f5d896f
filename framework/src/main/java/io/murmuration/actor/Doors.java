package io.murmuration.actor;

import java.util.function.BiFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;

/**
 * Where other nodes reach the actors of a replica: under names that are part of the protocol.
 *
 * @param election leads to its Election
 * @param log leads to its Log
 * @param machine leads to its Machine
 * @param snapshots leads to its Snapshots
 */
record Doors(ActorRef<Object> election, ActorRef<Object> log, ActorRef<Object> machine, ActorRef<Object> snapshots) {
    /** Doors that lead nowhere yet. */
    static Doors spawned(BiFunction<Behavior<Object>, String, ActorRef<Object>> spawn) {
        return new Doors(
                spawn.apply(Door.create(), "election"),
                spawn.apply(Door.create(), "log"),
                spawn.apply(Door.create(), "machine"),
                spawn.apply(Door.create(), "snapshots"));
    }

    void leadTo(Neighbours replica) {
        log.tell(new Door.LeadTo(replica.log()));
        machine.tell(new Door.LeadTo(replica.machine()));
        snapshots.tell(new Door.LeadTo(replica.snapshots()));
        election.tell(new Door.LeadTo(replica.election()));
    }

    void close() {
        log.tell(new Door.LeadTo(null));
        machine.tell(new Door.LeadTo(null));
        snapshots.tell(new Door.LeadTo(null));
        election.tell(new Door.LeadTo(null));
    }
}
