package io.murmuration.actor;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import io.murmuration.Group;
import io.murmuration.GroupClient;
import io.murmuration.GroupSettings;
import io.murmuration.Replica;
import io.murmuration.core.model.Codec;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.jspecify.annotations.Nullable;

/** Starts a node's actors and hands out what callers hold. Thread-safe; made once per ActorSystem. */
public final class Node {
    /** Starting an actor takes microseconds; whoever waits so long has no thread left to run it. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String MEMBERS = "murmuration.members";

    private final Set<String> failed = ConcurrentHashMap.newKeySet();
    private final ActorSystem<?> system;
    private final ActorRef<NodeActor.Message> actor;

    /**
     * Starts {@code /system/murmuration}, and has it stopped in order when the ActorSystem shuts down.
     *
     * @param system the node's ActorSystem
     */
    public Node(ActorSystem<?> system) {
        this.system = system;
        this.actor = system.systemActorOf(NodeActor.create(failed::add), "murmuration", Props.empty());
        CoordinatedShutdown.get(system)
                .addTask(CoordinatedShutdown.PhaseServiceStop(), "murmuration-stop-groups", () -> {
                    CompletableFuture<Void> stopped = new CompletableFuture<>();
                    actor.tell(new NodeActor.StopAll(stopped));
                    return stopped.thenApply(nothing -> Done.getInstance());
                });
    }

    /**
     * Starts this node's replica of a group.
     *
     * @param group the group
     * @param <S> the type of the state
     * @return what callers hold
     * @throws IllegalArgumentException if the settings are wrong or the machine's types cannot be encoded
     * @throws IllegalStateException if the group was already started on this node, or the node is being stopped
     */
    public <S> Replica<S> start(Group<S> group) {
        GroupSettings settings = GroupSettings.from(system.settings().config());
        Codec codec = UserCodec.forGroup(system, group);
        CompletableFuture<ActorRef<GatewayMessage>> gateway = new CompletableFuture<>();
        actor.tell(new NodeActor.StartGroup(
                group.name(),
                settings.dispatcher(),
                (routes, doors) -> GroupActor.create(group, settings, codec, routes, doors, gateway),
                gateway));
        return new GatewayReplica<>(group.name(), await(gateway), group.machine(), codec, settings);
    }

    /**
     * Makes a client of a group that runs on other nodes.
     *
     * @param group the group's name
     * @param commands the sealed interface of all its commands
     * @param queries the sealed interface of all its queries, or null if it is asked none
     * @return what callers hold
     * @throws IllegalArgumentException if the settings are wrong or the types cannot be encoded
     * @throws IllegalStateException if the group has a replica on this node, or the node is being stopped
     */
    public GroupClient client(String group, Class<?> commands, @Nullable Class<?> queries) {
        GroupSettings settings = clientSettings();
        List<Class<?>> asked = SealedTypes.members(commands);
        Codec codec =
                UserCodec.forClient(system, group, asked, queries == null ? List.of() : SealedTypes.members(queries));
        CompletableFuture<ActorRef<GatewayMessage>> gateway = new CompletableFuture<>();
        actor.tell(new NodeActor.StartGroup(
                group,
                settings.dispatcher(),
                (routes, doors) -> ClientActor.create(
                        group, settings, codec, routes, doors, contactsOf(settings, routes::nodes), gateway),
                gateway));
        Asker asker = new Asker(group, await(gateway), asked, codec, settings.commandBytesMax());
        return new GatewayClient(group, asker, settings);
    }

    /** A client founds nothing: where no member is named its own name stands, and it asks whoever else is there. */
    private GroupSettings clientSettings() {
        Config config = system.settings().config();
        boolean named = !config.getStringList(MEMBERS).isEmpty();
        List<String> own = List.of(config.getString("murmuration.node"));
        return GroupSettings.from(
                named ? config : config.withValue(MEMBERS, ConfigValueFactory.fromIterable(own, "the node itself")));
    }

    /** The members first: other nodes need not have the group. */
    private static Supplier<Collection<String>> contactsOf(
            GroupSettings settings, Supplier<Collection<String>> contacts) {
        return () -> {
            Set<String> nodes = new LinkedHashSet<>(settings.founders());
            nodes.addAll(contacts.get());
            return nodes;
        };
    }

    /**
     * Stops this node's replica of a group, in order.
     *
     * @param group its name
     * @return completed when it has stopped
     */
    public CompletionStage<Void> stop(String group) {
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        actor.tell(new NodeActor.StopGroup(group, stopped));
        return stopped;
    }

    /**
     * The groups that have ended for good on this node although nobody stopped them.
     *
     * @return their names
     */
    public Set<String> failed() {
        return Set.copyOf(failed);
    }

    private static <T> T await(CompletableFuture<T> started) {
        try {
            return started.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof IllegalStateException refused) {
                throw refused;
            }
            throw new IllegalStateException("The group could not be started: " + failed.getCause(), failed);
        }
    }
}
