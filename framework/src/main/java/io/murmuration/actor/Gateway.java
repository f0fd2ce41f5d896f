package io.murmuration.actor;

import io.murmuration.GroupSettings;
import io.murmuration.MembersView;
import io.murmuration.NotAppliedException;
import io.murmuration.OutcomeUnknownException;
import io.murmuration.core.client.Client;
import io.murmuration.core.client.ClientSettings;
import io.murmuration.core.client.Effect;
import io.murmuration.core.client.Request;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.Codec;
import io.murmuration.core.model.Peer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * The way of all commands and reads of one group on this node: performs what {@link Client} decides. It outlives the
 * replica and is not restarted: each of its lives has sessions of its own. Callers' stages are completed on the
 * system's default dispatcher.
 */
final class Gateway extends AbstractBehavior<GatewayMessage> implements Effect.Port {
    /** What has been asked is to be sent. */
    private record Flush() implements GatewayMessage {}

    /** The time that the core asked to be woken at has come. */
    private record Wake() implements GatewayMessage {}

    /** The Machine has carried out these reads. */
    private record ReadsDone(List<Long> numbers) implements GatewayMessage {}

    /** Pekko's scheduler takes no delay above 248 days, and waking early does no harm. */
    private static final long WAIT_MAX_NANOS = 3_600_000_000_000L;

    private final String group;
    private final String node;
    private final GroupSettings settings;
    private final Replies replies;
    private final Routes routes;
    private final @Nullable QueryDesk desk;
    private final ActorRef<GroupMessage> parent;
    private final TimerScheduler<GatewayMessage> timers;
    private final Client client;
    private final Callers callers;
    private final Subscriptions subscriptions = new Subscriptions();

    private final Map<Long, Promise> commands = new HashMap<>();
    private final Map<Long, GatewayMessage.Read> reads = new HashMap<>();
    private final Map<Long, Promise> queries = new HashMap<>();
    private final List<Consumer<String>> whenStopped = new ArrayList<>();
    private long lastNumber;
    private long wakeSetTo = Long.MAX_VALUE;

    private @Nullable UUID id;
    private @Nullable Neighbours replica;
    private String role = "recovering";
    private String why = "The replica is being started.";
    private String stopping = "The Gateway has been stopped.";

    private Gateway(
            ActorContext<GatewayMessage> context,
            TimerScheduler<GatewayMessage> timers,
            String group,
            GroupSettings settings,
            Codec codec,
            Routes routes,
            ActorRef<GroupMessage> parent,
            @Nullable Answering answering) {
        super(context);
        this.parent = parent;
        this.timers = timers;
        this.group = group;
        this.node = settings.node();
        this.settings = settings;
        this.replies = new Replies(group, codec);
        this.routes = routes;
        this.desk = answering == null
                ? null
                : new QueryDesk(
                        node,
                        answering,
                        codec,
                        routes,
                        context.getExecutionContext(),
                        ChunkSize.ordinary(context.getSystem().settings().config()));
        this.callers = new Callers(context.getSystem().executionContext());
        ClientSettings known = new ClientSettings(
                group, node, settings.founders(), settings.electionTimeout(), settings.gatewayBytesMax());
        this.client = new Client(known, new SecureRandom());
    }

    /**
     * A Gateway that knows nothing of its group yet.
     *
     * @param group the group's name
     * @param settings the group's settings
     * @param codec decodes replies
     * @param routes how other nodes are reached
     * @param parent the GroupActor
     * @param answering how queries of other nodes are answered, or null on a node without a replica
     * @return one behaviour for the life of the node
     */
    static Behavior<GatewayMessage> create(
            String group,
            GroupSettings settings,
            Codec codec,
            Routes routes,
            ActorRef<GroupMessage> parent,
            @Nullable Answering answering) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new Gateway(context, timers, group, settings, codec, routes, parent, answering)));
    }

    // ---- messages

    @Override
    public Receive<GatewayMessage> createReceive() {
        return newReceiveBuilder()
                .onMessage(GatewayMessage.Ask.class, this::onAsk)
                .onMessage(Wire.class, this::onWire)
                .onMessage(Flush.class, flush -> perform(client.flush(System.nanoTime())))
                .onMessage(GatewayMessage.Read.class, this::onRead)
                .onMessage(ReadsDone.class, this::onReadsDone)
                .onMessage(GatewayMessage.Query.class, this::onQuery)
                .onMessage(
                        GatewayMessage.AskThese.class,
                        these -> perform(client.members(these.nodes(), System.nanoTime())))
                .onMessage(Wake.class, this::onWake)
                .onMessage(GatewayMessage.LeaderIs.class, this::onLeaderIs)
                .onMessage(WatchMessage.class, subscriptions::on)
                .onMessage(GatewayMessage.ReplicaUp.class, this::onReplicaUp)
                .onMessage(GatewayMessage.GroupIs.class, this::onGroupIs)
                .onMessage(
                        GatewayMessage.MembersAre.class,
                        are -> perform(client.membersAre(are.members(), System.nanoTime())))
                .onMessage(GatewayMessage.ReplicaDown.class, this::onReplicaDown)
                .onMessage(GatewayMessage.Orders.class, this::onOrder)
                .onMessage(GatewayMessage.AskStatus.class, this::onAskStatus)
                .onMessage(GatewayMessage.RequestSnapshot.class, this::onRequestSnapshot)
                .onMessage(GatewayMessage.Reseed.class, this::onReseed)
                .onMessage(GatewayMessage.Close.class, this::onClose)
                .onMessage(GatewayMessage.TellStop.class, this::onTellStop)
                .onSignal(PostStop.class, signal -> onStop())
                .build();
    }

    private Behavior<GatewayMessage> onAsk(GatewayMessage.Ask ask) {
        Request request = new Request(++lastNumber, ask.askedAt(), ask.deadline());
        commands.put(request.number(), ask.outcome());
        return perform(client.ask(request, ask.command(), System.nanoTime()));
    }

    private Behavior<GatewayMessage> onRead(GatewayMessage.Read read) {
        Request request = new Request(++lastNumber, read.askedAt(), read.deadline());
        reads.put(request.number(), read);
        long now = System.nanoTime();
        return perform(read.local() ? client.readLocal(request, now) : client.read(request, now));
    }

    private Behavior<GatewayMessage> onOrder(GatewayMessage.Orders asked) {
        Request request = new Request(++lastNumber, asked.askedAt(), asked.deadline());
        commands.put(request.number(), asked.outcome());
        return perform(client.order(request, asked.order(), System.nanoTime()));
    }

    private Behavior<GatewayMessage> onReadsDone(ReadsDone done) {
        done.numbers().forEach(reads::remove);
        return perform(client.readsDone(done.numbers()));
    }

    private Behavior<GatewayMessage> onQuery(GatewayMessage.Query query) {
        Request request = new Request(++lastNumber, query.askedAt(), query.deadline());
        queries.put(request.number(), query.outcome());
        return perform(client.query(request, query.query(), System.nanoTime()));
    }

    /** A query has no effect, so that one of an unknown group may be refused, and the asker need not wait. */
    private void serve(Wire wire, ClientRpc.Query query) {
        UUID known = id;
        if (desk == null || replica == null || known == null) {
            QueryDesk.refuse(node, routes, wire, query, why);
        } else {
            desk.serve(known, wire.from().node(), query, this::onRead);
        }
    }

    private Behavior<GatewayMessage> onWire(Wire wire) {
        if (wire.body() instanceof ClientRpc.IsAt place) {
            routes.told(wire.from().node(), place.address());
            return this;
        }
        if (wire.body() instanceof ClientRpc.Query query && (id == null || id.equals(wire.group()))) {
            serve(wire, query);
            return this;
        }
        if (id == null || !id.equals(wire.group()) || !(wire.body() instanceof ClientRpc answer)) {
            getContext().getLog().debug("[{}/{}] dropped (not of this group) from={}", group, node, wire.from());
            return this;
        }
        return perform(client.received(wire.from().node(), answer, System.nanoTime()));
    }

    private Behavior<GatewayMessage> onWake(Wake wake) {
        wakeSetTo = Long.MAX_VALUE;
        return perform(client.wake(System.nanoTime()));
    }

    private Behavior<GatewayMessage> onLeaderIs(GatewayMessage.LeaderIs news) {
        subscriptions.leaderIs(news.term(), news.leader());
        return perform(client.leaderIs(news.term(), news.leader(), System.nanoTime()));
    }

    private Behavior<GatewayMessage> onReplicaUp(GatewayMessage.ReplicaUp up) {
        boolean another = id != null && !id.equals(up.group());
        id = up.group();
        replica = up.neighbours();
        subscriptions.up(up.neighbours().machine());
        return perform(client.up(another, System.nanoTime()));
    }

    private Behavior<GatewayMessage> onGroupIs(GatewayMessage.GroupIs known) {
        boolean another = id != null && !id.equals(known.group());
        id = known.group();
        return perform(client.known(another, System.nanoTime()));
    }

    private Behavior<GatewayMessage> onReplicaDown(GatewayMessage.ReplicaDown down) {
        replica = null;
        role = down.role();
        why = down.why();
        subscriptions.down();
        return perform(client.down(down.why(), System.nanoTime()));
    }

    private Behavior<GatewayMessage> onAskStatus(GatewayMessage.AskStatus ask) {
        if (replica == null || id == null) {
            ask.parts().complete(Parts.down(group, id, settings, role, why, settings.founders()));
        } else {
            Parts parts = Parts.running(group, id, settings, client.view(System.nanoTime()));
            getContext().spawnAnonymous(StatusActor.create(parts, replica, ask.parts()));
        }
        return this;
    }

    private Behavior<GatewayMessage> onRequestSnapshot(GatewayMessage.RequestSnapshot request) {
        if (replica != null) {
            replica.snapshots().tell(new SnapshotsMessage.Requested());
        }
        return this;
    }

    private Behavior<GatewayMessage> onReseed(GatewayMessage.Reseed reseed) {
        parent.tell(new GroupMessage.Reseed());
        return this;
    }

    private Behavior<GatewayMessage> onClose(GatewayMessage.Close close) {
        stopping = close.why();
        subscriptions.close(close.why());
        // What is open fails when it has stopped.
        return close.ends() ? Behaviors.stopped() : perform(client.close(close.why(), System.nanoTime()));
    }

    private Behavior<GatewayMessage> onTellStop(GatewayMessage.TellStop tell) {
        whenStopped.add(tell.stopped());
        return this;
    }

    private Behavior<GatewayMessage> onStop() {
        client.close(stopping, System.nanoTime()).forEach(effect -> effect.to(this));
        // Left over only if this actor failed between a decision and its effect: what was decided then is not known
        // here.
        commands.values().forEach(open -> callers.decided(open, caller -> caller.fail(unknown())));
        reads.values()
                .forEach(open -> callers.decided(
                        open.outcome(), caller -> caller.fail(new NotAppliedException.Closed(stopping))));
        queries.values()
                .forEach(
                        open -> callers.decided(open, caller -> caller.fail(new NotAppliedException.Closed(stopping))));
        callers.tell();
        whenStopped.forEach(stopped -> stopped.accept(stopping));
        return this;
    }

    private OutcomeUnknownException unknown() {
        return new OutcomeUnknownException("The Gateway of group " + group
                + " failed while it dealt with this command, which may have taken effect. Read the state to find out.");
    }

    // ---- effects

    private Behavior<GatewayMessage> perform(List<Effect> effects) {
        for (Effect effect : effects) {
            effect.to(this);
        }
        callers.tell();
        // The one timer is moved only if it would ring too late: ringing early is cheaper than being moved at each
        // command.
        long at = client.wakeAt();
        if (at != Long.MAX_VALUE && (wakeSetTo == Long.MAX_VALUE || at - wakeSetTo < 0)) {
            long now = System.nanoTime();
            long wait = Math.min(Math.max(0, at - now), WAIT_MAX_NANOS);
            wakeSetTo = now + wait;
            timers.startSingleTimer(new Wake(), Duration.ofNanos(wait));
        }
        return this;
    }

    @Override
    public void send(Effect.Send send) {
        Wire wire = new Wire(id, new Peer(node, send.rpc().life()), send.rpc());
        if (replica != null && send.node().equals(node)) {
            replica.log().tell(wire);
        } else {
            routes.log(send.node()).tell(wire);
        }
    }

    @Override
    public void answer(Effect.Answer answer) {
        callers.decided(commands.remove(answer.number()), caller -> replies.command(answer, caller));
    }

    @Override
    public void sendQuery(Effect.SendQuery send) {
        routes.gateway(send.node()).tell(new Wire(id, new Peer(node, send.rpc().life()), send.rpc()));
    }

    @Override
    public void queryAnswer(Effect.QueryAnswer answer) {
        callers.decided(queries.remove(answer.number()), caller -> replies.query(answer, caller));
    }

    @Override
    public void settled(Effect.Settled settled) {
        callers.decided(
                commands.remove(settled.number()), operator -> operator.complete(MembersView.of(settled.members())));
    }

    @Override
    public void fail(Effect.Fail fail) {
        RuntimeException exception = Replies.exception(fail);
        GatewayMessage.Read read = reads.remove(fail.number());
        callers.decided(commands.remove(fail.number()), caller -> caller.fail(exception));
        callers.decided(queries.remove(fail.number()), caller -> caller.fail(exception));
        callers.decided(read == null ? null : read.outcome(), caller -> caller.fail(exception));
    }

    @Override
    public void query(Effect.Query query) {
        if (replica == null) {
            return;
        }
        List<GatewayMessage.Read> asked = new ArrayList<>(query.numbers().size());
        for (long number : query.numbers()) {
            GatewayMessage.Read read = reads.get(number);
            if (read != null) {
                asked.add(read);
            }
        }
        ReadsDone done = new ReadsDone(query.numbers());
        replica.machine().tell(new MachineMessage.Read(query.index(), (state, applied) -> {
            asked.forEach(read -> read.carryOut(state, applied));
            getContext().getSelf().tell(done);
        }));
    }

    @Override
    public void flushSoon(Effect.FlushSoon flush) {
        getContext().getSelf().tell(new Flush());
    }

    @Override
    public void report(Effect.Report report) {
        getContext().getLog().info("[{}/{}] {}", group, node, report.sentence());
    }
}
