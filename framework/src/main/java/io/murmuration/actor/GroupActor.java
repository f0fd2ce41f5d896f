package io.murmuration.actor;

import io.murmuration.Group;
import io.murmuration.GroupSettings;
import io.murmuration.core.apply.Diverged;
import io.murmuration.core.founding.Founding;
import io.murmuration.core.model.Codec;
import io.murmuration.core.model.FoundingRpc;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.StoreRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * The life of one replica: its Store is read, its group founded or found, then Election, Log and Machine run. They live
 * and die together (F5): when one fails, all stop, and after a pause the replica starts anew from its Store, unless
 * {@link RestartRule} says that this cannot help. The Gateway outlives them.
 */
final class GroupActor<S> {
    /** An in-place restart waits for the old Store's writes in flight; beyond this it gives up loudly. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    private final ActorContext<GroupMessage> context;
    private final TimerScheduler<GroupMessage> timers;
    private final Group<S> group;
    private final GroupSettings settings;
    private final Codec codec;
    private final Routes routes;
    private final ActorRef<GatewayMessage> gateway;
    private final Doors doors;
    private final Notices notices;

    private final Backoff backoff = new Backoff();
    /** Whether the next replica is not to trust what it holds, and takes another member's state. */
    private boolean anew;

    private GroupActor(
            ActorContext<GroupMessage> context,
            TimerScheduler<GroupMessage> timers,
            Group<S> group,
            GroupSettings settings,
            Codec codec,
            Routes routes,
            Doors doors) {
        this.context = context;
        this.timers = timers;
        this.group = group;
        this.settings = settings;
        this.codec = codec;
        this.routes = routes;
        Answering answers = new Answering(group.name(), group.machine());
        this.gateway = context.spawn(
                Gateway.create(group.name(), settings, codec, routes, context.getSelf(), answers),
                "gateway",
                DispatcherSelector.sameAsParent());
        this.doors = doors;
        doors.open(context.getSelf(), gateway);
        this.notices = new Notices(context.getLog(), group.name() + "/" + settings.node());
        context.watch(gateway);
    }

    /** The GroupActor of a group. It starts the Gateway first, and says so. */
    static <S> Behavior<GroupMessage> create(
            Group<S> group,
            GroupSettings settings,
            Codec codec,
            Routes routes,
            Doors doors,
            CompletableFuture<ActorRef<GatewayMessage>> started) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            GroupActor<S> actor = new GroupActor<>(context, timers, group, settings, codec, routes, doors);
            started.complete(actor.gateway);
            return actor.begin();
        }));
    }

    private Behavior<GroupMessage> begin() {
        return new Life().recovering();
    }

    /** One run of the replica, from the reading of its Store to the end of its last actor. */
    private final class Life implements Founding.Port, Introduction.Children {
        private final ActorRef<StoreMessage> store;
        private final List<ActorRef<?>> living = new ArrayList<>();
        private final long startedAt = System.nanoTime();
        private Recovered recovered = Recovered.NOTHING;
        private @Nullable Founding founding;
        private long writes;
        private boolean runs;
        private @Nullable ReplicaContext joined;
        private @Nullable ActorRef<SnapshotsMessage> snapshots;
        private @Nullable Neighbours neighbours;
        private boolean forGood;
        private @Nullable Origin origin;
        private @Nullable String staysDown;
        private boolean diverged;
        private final Outlook outlook = new Outlook(gateway, notices);

        Life() {
            store = StoreActor.spawn(context, group.name(), settings);
            living.add(store);
            context.watch(store);
        }

        Behavior<GroupMessage> recovering() {
            gateway.tell(new GatewayMessage.ReplicaDown("recovering", "The journal of this replica is being read."));
            return Behaviors.receive(GroupMessage.class)
                    .onMessage(StoreMessage.Loaded.class, this::loaded)
                    .onMessage(GroupMessage.Reseed.class, this::reseedLater)
                    .onMessage(StoreMessage.Failed.class, failed -> fail(failed.why(), failed.cause()))
                    .onMessage(GroupMessage.Stop.class, stop -> finish())
                    .onSignal(Terminated.class, this::ended)
                    .build();
        }

        private Behavior<GroupMessage> loaded(StoreMessage.Loaded loaded) {
            recovered = loaded.recovered();
            Founding core = new Founding(
                    settings.node(),
                    settings.founders(),
                    settings.mayFound(),
                    recovered.incarnation(),
                    UUID.randomUUID(),
                    UUID.randomUUID());
            founding = core;
            core.contacts(routes.nodes());
            perform(core.start(recovered));
            if (!runs) {
                timers.startTimerWithFixedDelay(
                        GroupMessage.AskAgain.class,
                        new GroupMessage.AskAgain(),
                        settings.electionTimeout().dividedBy(2));
            }
            return active(core);
        }

        private Behavior<GroupMessage> active(Founding core) {
            return Behaviors.receive(GroupMessage.class)
                    .onMessage(Wire.class, wire -> on(core, wire))
                    .onMessage(StoreMessage.Written.class, written -> written(core))
                    .onMessage(SnapshotsMessage.Replaced.class, replaced -> {
                        anew = false;
                        return Behaviors.same();
                    })
                    .onMessage(SnapshotsMessage.Stored.class, this::stored)
                    .onMessage(SnapshotsMessage.Failed.class, failed -> fail(failed.why(), failed.cause()))
                    .onMessage(GroupMessage.Reseed.class, this::reseed)
                    .onMessage(GroupMessage.AskAgain.class, again -> askAgain(core))
                    .onMessage(GroupMessage.Identify.class, asked -> perform(core.identify(asked.node())))
                    .onMessage(GroupMessage.Invite.class, asked -> perform(core.invite(asked.peer())))
                    .onMessage(GroupMessage.MembersAre.class, are -> outlook.membersAre(core, are.members()))
                    .onMessage(StoreMessage.Failed.class, failed -> fail(failed.why(), failed.cause()))
                    .onMessage(GroupMessage.Stop.class, this::leave)
                    .onSignal(Terminated.class, this::ended)
                    .build();
        }

        private Behavior<GroupMessage> on(Founding core, Wire wire) {
            if (wire.body() instanceof FoundingRpc rpc) {
                perform(core.on(wire.from().node(), rpc));
                outlook.heard(core, wire.from(), rpc, runs);
                Neighbours own = neighbours;
                if (own != null) {
                    core.met(wire.from(), rpc).ifPresent(peer -> own.log().tell(new LogMessage.Met(peer)));
                }
            }
            return Behaviors.same();
        }

        private Behavior<GroupMessage> askAgain(Founding core) {
            if (runs) {
                timers.cancel(GroupMessage.AskAgain.class);
                return Behaviors.same();
            }
            outlook.tellObstacle(core, runs);
            core.contacts(routes.nodes());
            return perform(core.tick());
        }

        private Behavior<GroupMessage> perform(List<Founding.Effect> effects) {
            effects.forEach(effect -> effect.to(this));
            return Behaviors.same();
        }

        @Override
        public void persist(StoreRecord record) {
            store.tell(new StoreMessage.Write(StoreMessage.Owner.GROUP, ++writes, List.of(record)));
        }

        @Override
        public void send(String node, FoundingRpc rpc) {
            Peer self = Objects.requireNonNull(founding, "founding has begun").self();
            routes.group(node).tell(new Wire(recovered.group(), self, rpc));
        }

        @Override
        public void join(UUID id, Peer self, Members members) {
            runs = true;
            if (recovered.group() == null) {
                recovered = new Recovered(
                        self.incarnation(), id, recovered.ballot(), recovered.base(), members, recovered.entries());
                context.getLog()
                        .info("[{}/{}] group founded id={} members={}", group.name(), self, id, members.voters());
            }
            ReplicaContext replica = new ReplicaContext(group.name(), id, self, settings, recovered, routes);
            SnapshotCoder coder = SnapshotCoder.of(id, codec, settings.snapshotBytesMax());
            ActorRef<SnapshotsMessage> opened = SnapshotsActor.spawn(context, "snapshots-behind", replica, coder);
            context.watch(opened);
            living.add(opened);
            snapshots = opened;
            joined = replica;
            opened.tell(
                    anew
                            ? new SnapshotsMessage.Distrust(context.getSelf())
                            : new SnapshotsMessage.LoadNewest(context.getSelf()));
        }

        private Behavior<GroupMessage> stored(SnapshotsMessage.Stored stored) {
            Origin found;
            try {
                found = Origin.of(recovered, stored, anew);
            } catch (InvariantViolation mixed) {
                return fail(String.valueOf(mixed.getMessage()), mixed);
            }
            origin = found;
            notices.tell(found.notice(stored), true);
            if (found.point().records().isEmpty()) {
                run(found);
            } else {
                store.tell(new StoreMessage.Write(
                        StoreMessage.Owner.GROUP, ++writes, found.point().records()));
            }
            return Behaviors.same();
        }

        private Behavior<GroupMessage> written(Founding core) {
            Origin adopted = origin;
            if (adopted != null) {
                run(adopted);
                return Behaviors.same();
            }
            return perform(core.written());
        }

        private void run(Origin from) {
            recovered = from.point().recovered().withoutEntries();
            ActorRef<SnapshotsMessage> opened = Objects.requireNonNull(snapshots);
            neighbours = new Introduction(group.machine(), codec, store, opened, gateway, context.getSelf(), doors)
                    .perform(Objects.requireNonNull(joined), from, this);
        }

        @Override
        public <M> ActorRef<M> child(Behavior<M> behavior, String name, DispatcherSelector dispatcher) {
            ActorRef<M> child = context.spawn(behavior, name, dispatcher);
            context.watch(child);
            living.add(child);
            return child;
        }

        private Behavior<GroupMessage> leave(GroupMessage.Stop asked) {
            timers.cancel(GroupMessage.AskAgain.class);
            return Farewell.of(
                    context.getSelf(), neighbours, settings.electionTimeout(), timers, this::finish, child -> {
                        gone(child);
                        return finish();
                    });
        }

        private void gone(Terminated child) {
            RestartRule.requireGateway(group.name(), gateway, child);
            living.removeIf(ref -> ref.equals(child.getRef()));
        }

        private Behavior<GroupMessage> finish() {
            forGood = true;
            close();
            return stop("This node is being stopped.");
        }

        private void close() {
            gateway.tell(new GatewayMessage.Close(ending(), false));
        }

        private String ending() {
            return "The group " + group.name() + " is being stopped on this node.";
        }

        private Behavior<GroupMessage> ended(Terminated child) {
            gone(child);
            String name = child.getRef().path().name();
            return child instanceof ChildFailed failed
                    ? fail(name + " failed: " + failed.cause(), failed.cause())
                    : fail(name + " ended although it should not.", null);
        }

        private Behavior<GroupMessage> fail(String what, @Nullable Throwable cause) {
            staysDown = RestartRule.staysDown(cause);
            String reason = staysDown == null ? what : what + " " + staysDown;
            context.getLog().error("[{}/{}] replica stops ({})", group.name(), settings.node(), reason);
            diverged = cause instanceof Diverged;
            if (staysDown != null && !diverged) {
                gateway.tell(new GatewayMessage.Close(reason, false));
            }
            return stop(reason);
        }

        /** Its state is not to be trusted: another member's is taken. One that contradicts itself stays down. */
        private Behavior<GroupMessage> reseed(GroupMessage.Reseed asked) {
            anew = true;
            if (!living.isEmpty()) {
                return stop("This replica distrusts its state and takes another member's.");
            }
            if (staysDown != null && !diverged) {
                return Behaviors.same();
            }
            timers.cancelAll();
            return begin();
        }

        private Behavior<GroupMessage> reseedLater(GroupMessage.Reseed asked) {
            anew = true;
            return Behaviors.same();
        }

        private Behavior<GroupMessage> stop(String reason) {
            gateway.tell(new GatewayMessage.ReplicaDown("stopped", reason));
            timers.cancel(GroupMessage.AskAgain.class);
            doors.close();
            living.stream().filter(child -> !child.equals(store)).forEach(child -> context.stop(child));
            store.tell(new StoreMessage.Finish());
            timers.startSingleTimer(new GroupMessage.StillStopping(), STOP_LIMIT);
            return stopping();
        }

        private Behavior<GroupMessage> stopping() {
            if (living.isEmpty()) {
                timers.cancelAll();
                if (forGood) {
                    return Farewell.end(gateway, ending());
                }
                return staysDown == null || (diverged && anew) ? pausing() : down();
            }
            return Behaviors.receive(GroupMessage.class)
                    .onMessage(GroupMessage.Stop.class, stop -> {
                        forGood = true;
                        close();
                        return Behaviors.same();
                    })
                    .onMessage(GroupMessage.Reseed.class, this::reseedLater)
                    .onMessage(GroupMessage.StillStopping.class, late -> {
                        String why = RestartRule.stuck(group.name(), STOP_LIMIT, living);
                        routes.stuck(why);
                        throw new IllegalStateException(why);
                    })
                    .onSignal(Terminated.class, child -> {
                        gone(child);
                        return stopping();
                    })
                    .build();
        }

        private Behavior<GroupMessage> pausing() {
            timers.startSingleTimer(new GroupMessage.StartAnew(), backoff.next(System.nanoTime() - startedAt));
            return down();
        }

        /** Until the pause is over, if there is one; else until the node is stopped. */
        private Behavior<GroupMessage> down() {
            return Behaviors.receive(GroupMessage.class)
                    .onMessage(GroupMessage.StartAnew.class, again -> begin())
                    .onMessage(GroupMessage.Reseed.class, this::reseed)
                    .onMessage(GroupMessage.Stop.class, stop -> Farewell.end(gateway, ending()))
                    .onSignal(Terminated.class, child -> {
                        gone(child);
                        return Behaviors.same();
                    })
                    .build();
        }
    }
}
