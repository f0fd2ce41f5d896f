package io.murmuration;

import java.util.Objects;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;

/**
 * The way in: starts groups on this node. One per ActorSystem.
 *
 * <pre>{@code
 * Replica<Long> counter = Murmuration.get(system).start(Group.of("counter", Counter.machine()));
 * }</pre>
 *
 * @since 0.1.0
 */
public final class Murmuration implements Extension {
    private Murmuration(ActorSystem<?> system) {
        Objects.requireNonNull(system);
    }

    /**
     * The Murmuration of an ActorSystem.
     *
     * @param system any typed ActorSystem with a Pekko remoting provider
     * @return always the same for one system
     */
    public static Murmuration get(ActorSystem<?> system) {
        return Id.INSTANCE.apply(system);
    }

    /**
     * Starts this node's replica of a group. Returns at once; recovery, founding and election go on behind it, and what
     * is asked meanwhile waits until its deadline.
     *
     * @param group the group, the same on all nodes
     * @param <S> the type of the state
     * @return the replica
     * @throws IllegalArgumentException if the settings are wrong or the machine's types cannot be encoded
     * @throws IllegalStateException if the group was already started on this node
     */
    public <S> Replica<S> start(Group<S> group) {
        throw new IllegalStateException(group.name());
    }

    private static final class Id extends ExtensionId<Murmuration> {
        private static final Id INSTANCE = new Id();

        @Override
        public Murmuration createExtension(ActorSystem<?> system) {
            return new Murmuration(system);
        }
    }
}
