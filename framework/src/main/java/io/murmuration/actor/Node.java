package io.murmuration.actor;

import io.murmuration.Group;
import io.murmuration.GroupSettings;
import io.murmuration.Replica;
import io.murmuration.core.model.Codec;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;

/** Starts a node's actors and hands out what callers hold. Thread-safe; made once per ActorSystem. */
public final class Node {
    /** Starting an actor takes microseconds; whoever waits so long has no thread left to run it. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

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
                routes -> GroupActor.create(group, settings, codec, routes, gateway),
                gateway));
        return new GatewayReplica<>(group.name(), await(gateway), group.machine(), codec, settings);
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
