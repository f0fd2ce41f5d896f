package io.murmuration;

import io.murmuration.actor.Node;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;
import org.jspecify.annotations.Nullable;

/**
 * The way in: starts groups on this node. One per ActorSystem; thread-safe. When the ActorSystem shuts down in order,
 * the groups stop first: what is open is answered honestly, and writes in flight are settled.
 *
 * <pre>{@code
 * Replica<Long> counter = Murmuration.get(system).start(Group.of("counter", Counter.machine()));
 * }</pre>
 *
 * @since 0.1.0
 */
public final class Murmuration implements Extension {
    private final Node node;
    private final Map<String, Replica<?>> replicas = new ConcurrentHashMap<>();
    private final Map<String, Access> clients = new ConcurrentHashMap<>();

    /** A client, and for what it was made. */
    private record Access(Class<?> commands, @Nullable Class<?> queries, GroupClient client) {}

    private Murmuration(ActorSystem<?> system) {
        this.node = new Node(system);
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
     * Starts this node's replica of a group. Recovery, founding and election go on behind it, and what is asked
     * meanwhile waits until its deadline.
     *
     * @param group the group, the same on all nodes
     * @param <S> the type of the state
     * @return the replica
     * @throws IllegalArgumentException if the settings are wrong or the machine's types cannot be encoded
     * @throws IllegalStateException if the group was already started on this node or has a client here, or the node is
     *     being stopped
     */
    public <S> Replica<S> start(Group<S> group) {
        Replica<S> replica = node.start(group);
        replicas.put(group.name(), replica);
        return replica;
    }

    /**
     * The way to a group that runs on other nodes, for its commands only.
     *
     * @param group the group's name
     * @param commands the sealed interface of all its commands, as given to {@code covering}
     * @return as {@link #client(String, Class, Class)} returns it
     * @throws IllegalArgumentException if the settings are wrong or the types cannot be encoded
     * @throws IllegalStateException if this node has a client of that group for other types, or is being stopped
     */
    public GroupClient client(String group, Class<?> commands) {
        return clientOf(group, commands, null);
    }

    /**
     * The way to a group that runs on other nodes: this node needs no replica, no journal and no folds, but a name of
     * its own ({@code murmuration.node}) by which the others can reach it. The group is looked for among
     * {@code murmuration.members}, {@code murmuration.addresses} and the cluster's members, and what is asked meanwhile
     * waits until its deadline.
     *
     * <p>On a node that has started the group, its replica is returned. A node that has a client of a group cannot
     * start the group any more: start the replica first.
     *
     * @param group the group's name
     * @param commands the sealed interface of all its commands, as given to {@code covering}
     * @param queries the sealed interface of all its queries
     * @return the client; the same if it is asked for again
     * @throws IllegalArgumentException if the settings are wrong or the types cannot be encoded
     * @throws IllegalStateException if this node has a client of that group for other types, or is being stopped
     */
    public GroupClient client(String group, Class<?> commands, Class<?> queries) {
        return clientOf(group, commands, queries);
    }

    private synchronized GroupClient clientOf(String group, Class<?> commands, @Nullable Class<?> queries) {
        Replica<?> replica = replicas.get(group);
        if (replica != null) {
            return replica;
        }
        Access known = clients.get(group);
        if (known == null) {
            known = new Access(commands, queries, node.client(group, commands, queries));
            clients.put(group, known);
        }
        if (!known.commands().equals(commands) || !Objects.equals(known.queries(), queries)) {
            throw new IllegalStateException(
                    "This node has a client of group " + group + " already, for the commands of "
                            + known.commands().getName()
                            + (known.queries() == null
                                    ? " and no queries"
                                    : " and the queries of " + known.queries().getName())
                            + "; make it once, for all types that are needed.");
        }
        return known.client();
    }

    /**
     * Stops this node's replica of a group in order: if it leads it hands leadership over first, then nothing new is
     * accepted, what is open is answered honestly, writes in flight are settled. The group goes on without it while a
     * majority of its members runs, this one included among those counted; its disk stays, and {@link #start} takes it
     * up again. The former {@link Replica} stays stopped.
     *
     * @param group the group's name
     * @return completed when the replica has stopped, on a thread that may start it again; fails with an
     *     {@link IllegalStateException} if none was started, or if it hangs and cannot be stopped
     */
    public CompletionStage<Void> stop(String group) {
        return node.stop(group).thenRunAsync(() -> {
            replicas.remove(group);
            clients.remove(group);
        });
    }

    /**
     * The replicas that were started on this node.
     *
     * @return those of all groups, in no order
     */
    public Collection<Replica<?>> replicas() {
        return List.copyOf(replicas.values());
    }

    /**
     * The groups that have ended for good on this node although nobody stopped them: a reason to restart the process.
     *
     * @return their names; empty while all is well
     */
    public Collection<String> failed() {
        return node.failed();
    }

    private static final class Id extends ExtensionId<Murmuration> {
        private static final Id INSTANCE = new Id();

        @Override
        public Murmuration createExtension(ActorSystem<?> system) {
            return new Murmuration(system);
        }
    }
}
