package io.murmuration.actor;

import io.murmuration.GroupSettings;
import io.murmuration.core.client.Lookup;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.Codec;
import io.murmuration.core.model.FoundingRpc;
import io.murmuration.core.model.Peer;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Stands where a GroupActor stands, on a node without a replica: performs what {@link Lookup} decides, and has a
 * Gateway that sends everything to other nodes.
 */
final class ClientActor {
    /** The members are told this node's place each so many looks, of T/2 each: a restarted one knows nothing of it. */
    private static final int TELL_EACH = 4;

    private final ActorContext<GroupMessage> context;
    private final TimerScheduler<GroupMessage> timers;
    private final String group;
    private final GroupSettings settings;
    private final Routes routes;
    private final Supplier<Collection<String>> contacts;
    private final ActorRef<GatewayMessage> gateway;
    private final Lookup lookup;
    /** Founders speak of themselves by the incarnation of their disk; a client has none, and draws one for its life. */
    private final Peer self;

    private final Notices notices;
    private boolean asked;
    private int untold;
    private @Nullable String obstacle;

    private ClientActor(
            ActorContext<GroupMessage> context,
            TimerScheduler<GroupMessage> timers,
            String group,
            GroupSettings settings,
            Codec codec,
            Routes routes,
            Doors doors,
            Supplier<Collection<String>> contacts) {
        this.context = context;
        this.timers = timers;
        this.group = group;
        this.settings = settings;
        this.routes = routes;
        this.contacts = contacts;
        this.lookup = new Lookup(group, settings.node(), settings.electionTimeout());
        this.self = new Peer(settings.node(), UUID.randomUUID());
        this.notices = new Notices(context.getLog(), group + "/" + settings.node());
        this.gateway = context.spawn(
                Gateway.create(group, settings, codec, routes, context.getSelf(), null),
                "gateway",
                DispatcherSelector.fromConfig(settings.dispatcher()));
        context.watch(gateway);
        doors.open(context.getSelf(), gateway);
    }

    /**
     * The client of a group. It starts the Gateway first, and says so.
     *
     * @param group the group's name
     * @param settings this node's settings
     * @param codec decodes replies
     * @param routes how other nodes are reached
     * @param doors how other nodes reach it
     * @param contacts the nodes whose place is known by now
     * @param started completed with the Gateway
     * @return its behavior
     */
    static Behavior<GroupMessage> create(
            String group,
            GroupSettings settings,
            Codec codec,
            Routes routes,
            Doors doors,
            Supplier<Collection<String>> contacts,
            CompletableFuture<ActorRef<GatewayMessage>> started) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            ClientActor actor = new ClientActor(context, timers, group, settings, codec, routes, doors, contacts);
            started.complete(actor.gateway);
            return actor.begin();
        }));
    }

    private Behavior<GroupMessage> begin() {
        gateway.tell(new GatewayMessage.ReplicaDown("client", "The group is being looked for."));
        timers.startTimerWithFixedDelay(
                new GroupMessage.AskAgain(), settings.electionTimeout().dividedBy(2));
        look();
        return Behaviors.receive(GroupMessage.class)
                .onMessage(Wire.class, this::on)
                .onMessage(GroupMessage.AskAgain.class, again -> look())
                .onMessage(
                        GroupMessage.Stop.class,
                        stop -> Farewell.end(gateway, "The client of group " + group + " is being stopped."))
                .onSignal(Terminated.class, ended -> {
                    throw new IllegalStateException(
                            "The Gateway of the client of " + group + " has ended. Restart this node.");
                })
                .build();
    }

    private Behavior<GroupMessage> look() {
        if (asked) {
            tellObstacle();
        }
        asked = true;
        List<String> next = lookup.tick(contacts.get(), System.nanoTime());
        if (!next.isEmpty() || ++untold >= TELL_EACH) {
            untold = 0;
            tellPlace(next);
        }
        for (String node : next) {
            routes.group(node).tell(new Wire(null, self, new FoundingRpc.AreYouEmpty()));
        }
        return Behaviors.same();
    }

    /** Each member answers this node by itself, so each has to know where it is, also when all were started anew. */
    private void tellPlace(List<String> asked) {
        Address own = ((ExtendedActorSystem) context.getSystem().classicSystem())
                .provider()
                .getDefaultAddress();
        if (own.getHost().isEmpty() || own.getPort().isEmpty()) {
            return;
        }
        String place = own.getHost().get() + ":" + own.getPort().get();
        Wire wire = new Wire(null, self, new ClientRpc.IsAt(self.incarnation(), place));
        Set<String> nodes = new LinkedHashSet<>(asked);
        nodes.addAll(lookup.members());
        nodes.forEach(node -> routes.introduce(node, wire));
    }

    private void tellObstacle() {
        String why = lookup.obstacle();
        if (why != null && !why.equals(obstacle)) {
            notices.tell(why, false);
            gateway.tell(new GatewayMessage.ReplicaDown("client", why));
        }
        obstacle = why;
    }

    private Behavior<GroupMessage> on(Wire wire) {
        if (!(wire.body() instanceof FoundingRpc rpc)) {
            return Behaviors.same();
        }
        Lookup.Known known = lookup.heard(wire.from().node(), rpc, System.nanoTime());
        if (known != null) {
            context.getLog()
                    .info(
                            "[{}/{}] client found its group id={} members={}",
                            group,
                            settings.node(),
                            known.group(),
                            known.nodes());
            gateway.tell(new GatewayMessage.AskThese(known.nodes()));
            gateway.tell(new GatewayMessage.GroupIs(known.group()));
        }
        return Behaviors.same();
    }
}
