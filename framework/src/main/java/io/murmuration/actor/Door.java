package io.murmuration.actor;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * What other nodes reach by path: it stays while the actor behind it ends and is started anew. Artery keeps the actor
 * that it once found under a path, and would go on delivering to one that has ended. The order of a sender's messages
 * is kept.
 */
final class Door {
    private Door() {}

    /**
     * Leads elsewhere from now on.
     *
     * @param behind the actor behind the door; null while there is none, and what comes is lost, as any message may be
     */
    record LeadTo(@Nullable ActorRef<? super Wire> behind) {}

    /** A door that leads nowhere yet. */
    static Behavior<Object> create() {
        return leadingTo(null);
    }

    private static Behavior<Object> leadingTo(@Nullable ActorRef<? super Wire> behind) {
        return Behaviors.receive(Object.class)
                .onMessage(Wire.class, wire -> {
                    if (behind != null) {
                        behind.tell(wire);
                    }
                    return Behaviors.same();
                })
                .onMessage(LeadTo.class, next -> leadingTo(next.behind()))
                .build();
    }
}
