package io.murmuration.actor;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent.MemberEvent;
import org.apache.pekko.cluster.ClusterEvent.ReachabilityEvent;
import org.apache.pekko.cluster.ClusterEvent.ReachableMember;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * All groups of one node: {@code /system/murmuration}, with an {@link Entrance} and an actor for each group. It also
 * learns from the cluster where other nodes are; the cluster never decides anything else.
 */
final class NodeActor {
    /** What is said to a NodeActor. */
    sealed interface Message {}

    /**
     * Start a group.
     *
     * @param group its name
     * @param dispatcher the dispatcher of its actors
     * @param behavior makes its GroupActor, or its ClientActor on a node without a replica, given how other nodes are
     *     reached and how they reach it
     * @param gateway completed by the GroupActor with its Gateway; failed here if the group cannot be started
     */
    record StartGroup(
            String group,
            String dispatcher,
            BiFunction<Routes, Doors, Behavior<GroupMessage>> behavior,
            CompletableFuture<ActorRef<GatewayMessage>> gateway)
            implements Message {}

    /**
     * Stop all groups in order: nothing new is accepted, what is open is answered honestly, writes in flight are
     * settled.
     *
     * @param stopped completed when all have stopped
     */
    record StopAll(CompletableFuture<Void> stopped) implements Message {}

    /**
     * Stop one group in order, as {@link StopAll} does; it may be started again afterwards.
     *
     * @param group its name
     * @param stopped completed when it has stopped; failed if it does not run here
     */
    record StopGroup(String group, CompletableFuture<Void> stopped) implements Message {}

    /**
     * A replica cannot be stopped: something of it hangs, and its GroupActor ends only once that does.
     *
     * @param group the group's name
     * @param why what hangs, and what to do, as a sentence
     */
    record Stuck(String group, String why) implements Message {}

    private record Seen(MemberEvent event) implements Message {}

    private record Reached(ReachabilityEvent event) implements Message {}

    /** What the name of a GroupActor ends with: the group's own name is that of its Entrance. */
    private static final String BEHIND = "~";

    private final ActorContext<Message> context;
    private final Consumer<String> failed;
    private final Addresses addresses;
    private final Links links = new Links();
    private final Sightings sightings = new Sightings();
    private final ActorRef<Object> heartbeats;
    private final ActorRef<LivenessActor.Message> liveness;
    private final Map<String, ActorRef<GroupMessage>> groups = new LinkedHashMap<>();
    /** Also of groups that have been stopped since. */
    private final Map<String, Doors> doors = new HashMap<>();
    /** Who waits for a group to start, or waited. */
    private final Map<String, CompletableFuture<?>> started = new HashMap<>();
    /** Why groups cannot be stopped, as a sentence. */
    private final Map<String, String> stuck = new HashMap<>();
    /** Who waits for a group to stop. */
    private final Map<String, List<CompletableFuture<Void>>> stopped = new HashMap<>();

    private NodeActor(ActorContext<Message> context, Consumer<String> failed) {
        this.context = context;
        this.failed = failed;
        this.addresses = new Addresses(context.getSystem(), links);
        String node = context.getSystem().settings().config().getString("murmuration.node");
        Duration timeout = context.getSystem().settings().config().getDuration("murmuration.election-timeout");
        DispatcherSelector loops = DispatcherSelector.fromConfig("murmuration.loops");
        this.heartbeats = context.spawn(
                HeartbeatsActor.create(node, addresses::heartbeats, timeout), HeartbeatsActor.NAME, loops);
        links.leadsTo(HeartbeatsActor.NAME, heartbeats);
        context.spawn(LinkActor.create(links, node, addresses::links), LinkActor.NAME, loops);
        this.liveness = context.spawn(
                LivenessActor.create(listensOnTcp() ? addresses::whereIs : nobody -> Optional.empty(), timeout),
                LivenessActor.NAME);
        requireWholePaths();
        String provider = context.getSystem().settings().config().getString("pekko.actor.provider");
        if (provider.equals("cluster") || provider.contains("ClusterActorRefProvider")) {
            ActorRef<MemberEvent> events = context.messageAdapter(MemberEvent.class, Seen::new);
            ActorRef<ReachabilityEvent> reached = context.messageAdapter(ReachabilityEvent.class, Reached::new);
            Cluster cluster = Cluster.get(context.getSystem());
            cluster.subscriptions().tell(Subscribe.create(events, MemberEvent.class));
            cluster.subscriptions().tell(Subscribe.create(reached, ReachabilityEvent.class));
        }
    }

    /**
     * The node's one NodeActor.
     *
     * @param failed told the name of a group that has ended for good on this node although nobody stopped it
     * @return its behavior
     */
    static Behavior<Message> create(Consumer<String> failed) {
        return Behaviors.setup(context -> new NodeActor(context, failed).running());
    }

    /**
     * Who speaks to a group before it is started here finds nobody. Artery puts that nobody into the table by which it
     * shortens recipients, and from then on this node hears nothing any more: messages name it by path, without uid.
     */
    private void requireWholePaths() {
        String key = "pekko.remote.artery.advanced.compression.actor-refs.max";
        Config config = context.getSystem().settings().config();
        if (config.hasPath(key)
                && !config.getString(key).equals("off")
                && !config.getString(key).equals("false")) {
            context.getLog()
                    .warn(
                            "{} is {}, with which a node that others speak to while it starts goes deaf a minute later;"
                                    + " set it to off",
                            key,
                            config.getString(key));
        }
    }

    /** Whether nodes are reached by TCP; over UDP nobody can tell that a process is gone. */
    private boolean listensOnTcp() {
        Config config = context.getSystem().settings().config();
        String key = "pekko.remote.artery.transport";
        return config.hasPath(key) && config.getString(key).endsWith("tcp");
    }

    private Behavior<Message> running() {
        return Behaviors.receive(Message.class)
                .onMessage(StartGroup.class, this::start)
                .onMessage(StopGroup.class, this::stop)
                .onMessage(StopAll.class, this::stopAll)
                .onMessage(Stuck.class, this::stuck)
                .onMessage(Seen.class, seen -> {
                    sightings.seen(seen.event().member());
                    return sighted(seen.event().member());
                })
                .onMessage(Reached.class, reached -> {
                    sightings.reachable(reached.event().member(), reached.event() instanceof ReachableMember);
                    return sighted(reached.event().member());
                })
                .onSignal(Terminated.class, this::failed)
                .build();
    }

    /** The node that this member is may be elsewhere now: what it left behind is taken out of the cluster. */
    private Behavior<Message> sighted(Member member) {
        Sightings.node(member).ifPresent(node -> {
            sightings.whereIs(node).ifPresent(address -> addresses.isAt(node, address));
            for (UniqueAddress left : sightings.left(node)) {
                takeOut(node, left);
            }
        });
        return Behaviors.same();
    }

    /** Down names an address and no life: by now somebody else may have been started there. */
    private void takeOut(String node, UniqueAddress left) {
        Cluster cluster = Cluster.get(context.getSystem());
        boolean there = false;
        for (Member member : cluster.state().getUnreachable()) {
            there |= member.uniqueAddress().equals(left);
        }
        if (there) {
            context.getLog()
                    .info("[{}] node takes the cluster member of its former place out at={}", node, left.address());
            cluster.manager().tell(new Down(left.address()));
        }
    }

    private Behavior<Message> start(StartGroup start) {
        if (groups.containsKey(start.group())) {
            start.gateway()
                    .completeExceptionally(new IllegalStateException("The group " + start.group()
                            + " was already started on this node, or has a client here; keep the Replica that start"
                            + " returned, which is a client, too."));
            return Behaviors.same();
        }
        try {
            spawn(start);
        } catch (RuntimeException e) {
            // A dispatcher that is not configured, for example: this group's matter, and not its neighbours'.
            start.gateway()
                    .completeExceptionally(new IllegalStateException(
                            "The actors of group " + start.group() + " cannot be started: " + e.getMessage(), e));
        }
        return Behaviors.same();
    }

    private void spawn(StartGroup start) {
        DispatcherSelector dispatcher = DispatcherSelector.fromConfig(start.dispatcher());
        Doors reached = doors.computeIfAbsent(
                start.group(), name -> new Doors(name, context.spawn(Entrance.create(), name, dispatcher), links));
        ActorRef<GroupMessage> group = context.spawn(
                start.behavior().apply(addresses.of(start.group(), heartbeats, liveness, context.getSelf()), reached),
                start.group() + BEHIND,
                dispatcher);
        context.watch(group);
        groups.put(start.group(), group);
        started.put(start.group(), start.gateway());
    }

    private Behavior<Message> stop(StopGroup stop) {
        ActorRef<GroupMessage> group = groups.get(stop.group());
        if (group == null) {
            stop.stopped()
                    .completeExceptionally(
                            new IllegalStateException("The group " + stop.group() + " does not run on this node."));
            return Behaviors.same();
        }
        String hangs = stuck.get(stop.group());
        if (hangs != null) {
            stop.stopped().completeExceptionally(new IllegalStateException(hangs));
            return Behaviors.same();
        }
        stopped.computeIfAbsent(stop.group(), name -> new ArrayList<>()).add(stop.stopped());
        group.tell(new GroupMessage.Stop());
        return Behaviors.same();
    }

    private Behavior<Message> stuck(Stuck what) {
        stuck.put(what.group(), what.why());
        context.getLog().error("[{}] {}", what.group(), what.why());
        failed.accept(what.group());
        waiting(what.group()).forEach(each -> each.completeExceptionally(new IllegalStateException(what.why())));
        return Behaviors.same();
    }

    /** Who waits for a group to stop, and is told now. */
    private List<CompletableFuture<Void>> waiting(String group) {
        List<CompletableFuture<Void>> asked = stopped.remove(group);
        return asked == null ? List.of() : asked;
    }

    private Behavior<Message> stopAll(StopAll stop) {
        groups.values().forEach(group -> group.tell(new GroupMessage.Stop()));
        return stopping(stop.stopped());
    }

    private Behavior<Message> stopping(CompletableFuture<Void> all) {
        if (groups.isEmpty()) {
            stopped.values().forEach(asked -> asked.forEach(each -> each.complete(null)));
            stopped.clear();
            all.complete(null);
        }
        return Behaviors.receive(Message.class)
                .onMessage(StartGroup.class, start -> {
                    start.gateway()
                            .completeExceptionally(
                                    new IllegalStateException("This node is being stopped; it starts no group."));
                    return Behaviors.same();
                })
                .onMessage(StopGroup.class, stop -> {
                    if (groups.containsKey(stop.group())) {
                        stopped.computeIfAbsent(stop.group(), name -> new ArrayList<>())
                                .add(stop.stopped());
                    } else {
                        stop.stopped().complete(null);
                    }
                    return Behaviors.same();
                })
                .onMessage(StopAll.class, again -> {
                    var unused =
                            all.whenComplete((done, never) -> again.stopped().complete(null));
                    return Behaviors.same();
                })
                .onMessage(Stuck.class, this::stuck)
                .onSignal(Terminated.class, terminated -> {
                    String unused = remove(terminated);
                    return stopping(all);
                })
                .build();
    }

    private Behavior<Message> failed(Terminated terminated) {
        String group = remove(terminated);
        List<CompletableFuture<Void>> asked = waiting(group);
        if (!asked.isEmpty()) {
            asked.forEach(each -> each.complete(null));
            return Behaviors.same();
        }
        context.getLog()
                .error("[{}] the group has ended on this node and is not started again; restart the node", group);
        failed.accept(group);
        return Behaviors.same();
    }

    /** Which group has ended. */
    private String remove(Terminated terminated) {
        String name = terminated.getRef().path().name();
        String group = name.substring(0, name.length() - BEHIND.length());
        groups.remove(group);
        stuck.remove(group);
        // Completed long ago, as a rule.
        Objects.requireNonNull(started.remove(group))
                .completeExceptionally(new IllegalStateException(
                        "Group " + group + " ended on this node before it had started; the log says why."));
        Objects.requireNonNull(doors.get(group)).shut();
        return group;
    }
}
