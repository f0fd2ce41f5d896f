package io.murmuration.actor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * What other nodes reach of a group by path: {@code /system/murmuration/<group>}, which leads to its GroupActor, with a
 * {@link Door} for each of the others as a child. It stays from the group's first start until the node ends, also while
 * the group is stopped, for the reason for which a Door does.
 */
final class Entrance {
    /** The names of its doors, which are part of the protocol. */
    static final String GATEWAY = "gateway";

    static final String ELECTION = "election";
    static final String LOG = "log";
    static final String MACHINE = "machine";
    static final String SNAPSHOTS = "snapshots";

    private static final List<String> DOORS = List.of(GATEWAY, ELECTION, LOG, MACHINE, SNAPSHOTS);

    private Entrance() {}

    /**
     * One of the doors leads elsewhere from now on.
     *
     * @param door which
     * @param behind the actor behind it; null while there is none
     */
    record Turn(String door, @Nullable ActorRef<? super Wire> behind) {}

    /** An entrance that leads nowhere yet, and so do its doors. */
    static Behavior<Object> create() {
        return Behaviors.setup(context -> {
            Map<String, ActorRef<Object>> doors = new HashMap<>();
            for (String name : DOORS) {
                doors.put(name, context.spawn(Door.create(), name, DispatcherSelector.sameAsParent()));
            }
            return leadingTo(null, doors);
        });
    }

    private static Behavior<Object> leadingTo(
            @Nullable ActorRef<? super Wire> group, Map<String, ActorRef<Object>> doors) {
        return Behaviors.receive(Object.class)
                .onMessage(Wire.class, wire -> {
                    if (group != null) {
                        group.tell(wire);
                    }
                    return Behaviors.same();
                })
                .onMessage(Turn.class, turn -> {
                    Objects.requireNonNull(doors.get(turn.door())).tell(new Door.LeadTo(turn.behind()));
                    return Behaviors.same();
                })
                .onMessage(Door.LeadTo.class, next -> leadingTo(next.behind(), doors))
                .build();
    }
}
