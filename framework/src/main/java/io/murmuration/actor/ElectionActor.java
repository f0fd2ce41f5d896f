package io.murmuration.actor;

import io.murmuration.GroupSettings;
import io.murmuration.core.election.Effect;
import io.murmuration.core.election.Election;
import io.murmuration.core.election.ElectionSettings;
import io.murmuration.core.election.Role;
import io.murmuration.core.election.View;
import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.HandOverStep;
import io.murmuration.core.model.StoreRecord;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * The shell of {@link Election}: receives, asks its core, performs the effects in order. Decides nothing. Waits for its
 * {@link Neighbours} and drops whatever comes before. Fails with its core; the GroupActor then starts the whole replica
 * anew (F5).
 */
final class ElectionActor extends AbstractBehavior<ElectionMessage> implements Effect.Port {
    private static final String TIMER = "wake";

    private final ReplicaContext replica;
    private final Neighbours neighbours;
    private final TimerScheduler<ElectionMessage> timers;
    private final LongSupplier clock;
    private final Election core;
    private @Nullable ActorRef<GroupMessage> retires;
    /** Whether heartbeats may wait for those of other groups: not those that a read waits for. */
    private boolean together;

    /** Of which nodes it matters whether their processes are gone, as it was said last. */
    private List<String> near = List.of();

    private boolean armed;
    private long armedAt;

    /**
     * An Election that reads the machine's monotonic clock and draws its timers at random.
     *
     * @param replica what it is started with
     * @return its behavior
     */
    static Behavior<ElectionMessage> create(ReplicaContext replica) {
        return create(replica, System::nanoTime, new SplittableRandom());
    }

    /** The same with a clock and a randomness of one's own. */
    static Behavior<ElectionMessage> create(ReplicaContext replica, LongSupplier clock, RandomGenerator random) {
        return Behaviors.receive((ctx, message) -> message instanceof Neighbours neighbours
                ? Behaviors.withTimers(
                        timers -> new ElectionActor(ctx, replica, neighbours, timers, clock, random).started())
                : Behaviors.same());
    }

    private ElectionActor(
            ActorContext<ElectionMessage> ctx,
            ReplicaContext replica,
            Neighbours neighbours,
            TimerScheduler<ElectionMessage> timers,
            LongSupplier clock,
            RandomGenerator random) {
        super(ctx);
        ctx.setLoggerName(ElectionActor.class);
        this.replica = replica;
        this.neighbours = neighbours;
        this.timers = timers;
        this.clock = clock;
        GroupSettings group = replica.settings();
        ElectionSettings settings = new ElectionSettings(
                group.electionTimeout(),
                group.priority(),
                group.leaseDriftPercent(),
                replica.routes().watchesNodes());
        this.core = new Election(replica.self(), settings, replica.recovered().ballot(), random);
    }

    private Behavior<ElectionMessage> started() {
        return perform(core.start(clock.getAsLong()));
    }

    @Override
    public Receive<ElectionMessage> createReceive() {
        return newReceiveBuilder()
                .onMessage(Wire.class, this::onWire)
                .onMessage(ElectionMessage.Together.class, this::onTogether)
                .onMessage(StoreMessage.Written.class, m -> perform(core.written(m.sequence(), clock.getAsLong())))
                .onMessage(
                        ElectionMessage.Fenced.class,
                        m -> perform(core.fenced(
                                m.term(), m.attempt(), m.last(), m.members(), m.mayStand(), clock.getAsLong())))
                .onMessage(ElectionMessage.TermSeen.class, m -> perform(core.termSeen(m.term(), clock.getAsLong())))
                .onMessage(
                        ElectionMessage.LeaderHeard.class,
                        m -> perform(core.leaderHeard(m.term(), m.leader(), clock.getAsLong())))
                .onMessage(
                        ElectionMessage.MembersChanged.class,
                        m -> perform(core.membersChanged(m.members(), m.mayStand(), clock.getAsLong())))
                .onMessage(
                        ElectionMessage.SteppedDown.class, m -> perform(core.steppedDown(m.term(), clock.getAsLong())))
                .onMessage(ElectionMessage.ConfirmRead.class, this::onConfirmRead)
                .onMessage(
                        ElectionMessage.LogPulse.class,
                        m -> perform(core.logPulse(m.last(), m.commit(), m.durable(), m.written(), clock.getAsLong())))
                .onMessage(
                        ElectionMessage.MachinePulse.class,
                        m -> perform(core.machinePulse(m.applied(), clock.getAsLong())))
                .onMessage(
                        ElectionMessage.HandOver.class,
                        m -> perform(core.handOver(m.term(), m.step(), clock.getAsLong())))
                .onMessage(ElectionMessage.Retire.class, this::onRetire)
                .onMessage(ElectionMessage.Silent.class, this::onSilent)
                .onMessage(ElectionMessage.Gone.class, m -> perform(core.gone(m.node(), clock.getAsLong())))
                .onMessage(ElectionMessage.Wake.class, m -> onWake())
                .onMessage(ElectionMessage.Drained.class, m -> perform(core.drained(clock.getAsLong())))
                .onMessage(ElectionMessage.AskStatus.class, this::onAskStatus)
                .build();
    }

    private Behavior<ElectionMessage> onWire(Wire wire) {
        if (!replica.concerns(wire) || !(wire.body() instanceof ElectionRpc message)) {
            return this;
        }
        getContext()
                .getLog()
                .debug("[{}/{}] {} from {}", replica.group(), replica.self().node(), message, wire.from());
        return perform(core.received(wire.from(), message, clock.getAsLong()));
    }

    private Behavior<ElectionMessage> onTogether(ElectionMessage.Together m) {
        together = true;
        onWire(m.wire());
        together = false;
        return this;
    }

    private Behavior<ElectionMessage> onConfirmRead(ElectionMessage.ConfirmRead m) {
        return perform(core.confirmRead(m.asker(), m.life(), m.id(), m.index(), m.term(), clock.getAsLong()));
    }

    private Behavior<ElectionMessage> onRetire(ElectionMessage.Retire m) {
        retires = m.replyTo();
        return perform(core.retire(clock.getAsLong()));
    }

    private Behavior<ElectionMessage> onWake() {
        armed = false;
        together = true;
        perform(core.wake(clock.getAsLong()));
        together = false;
        return this;
    }

    /** All groups that relied on that node say so at once. */
    private Behavior<ElectionMessage> onSilent(ElectionMessage.Silent m) {
        together = true;
        perform(core.silent(m.node(), m.since(), clock.getAsLong()));
        together = false;
        return this;
    }

    private Behavior<ElectionMessage> onAskStatus(ElectionMessage.AskStatus ask) {
        ask.replyTo().tell(new StatusPart.OfElection(core.view(clock.getAsLong())));
        return this;
    }

    private Behavior<ElectionMessage> perform(List<Effect> effects) {
        effects.forEach(effect -> effect.to(this));
        List<String> nodes = core.near();
        if (!nodes.equals(near)) {
            near = nodes;
            replica.routes().near(getContext().getSelf(), nodes);
        }
        arm();
        return this;
    }

    /** One timer. One that rings too early is left alone: most deadlines move on before they are reached. */
    private void arm() {
        long wakeAt = core.wakeAt();
        if (wakeAt == Long.MAX_VALUE || (armed && armedAt - wakeAt <= 0)) {
            return;
        }
        armed = true;
        armedAt = wakeAt;
        long delay = Math.max(0, wakeAt - clock.getAsLong());
        timers.startSingleTimer(TIMER, new ElectionMessage.Wake(), Duration.ofNanos(delay));
    }

    @Override
    public void send(String node, ElectionRpc message) {
        boolean beat = message instanceof ElectionRpc.Heartbeat || message instanceof ElectionRpc.HeartbeatReply;
        if (together && beat) {
            replica.routes().beat(node, replica.wire(message));
        } else {
            replica.routes().election(node).tell(replica.wire(message));
        }
    }

    @Override
    public void answer(String node, ClientRpc message) {
        if (node.equals(replica.self().node())) {
            neighbours.gateway().tell(replica.wire(message));
        } else {
            replica.routes().gateway(node).tell(replica.wire(message));
        }
    }

    @Override
    public void persist(long sequence, Ballot ballot) {
        List<StoreRecord> records = List.of(new StoreRecord.BallotCast(ballot));
        neighbours.store().tell(new StoreMessage.Write(StoreMessage.Owner.ELECTION, sequence, records));
    }

    @Override
    public void fence(long term, long attempt) {
        neighbours.log().tell(new LogMessage.Fence(term, attempt));
    }

    @Override
    public void lead(long term) {
        neighbours.log().tell(new LogMessage.Lead(term));
    }

    @Override
    public void follow(long term, String leader) {
        neighbours.log().tell(new LogMessage.Follow(term, leader));
    }

    @Override
    public void resign(long term) {
        neighbours.log().tell(new LogMessage.Resign(term));
    }

    @Override
    public void leaderIs(long term, @Nullable String leader) {
        neighbours.gateway().tell(new GatewayMessage.LeaderIs(term, leader));
        String role = core.view(clock.getAsLong()).role().word();
        getContext()
                .getLog()
                .info(
                        "[{}/{} {} {}] leader changed leader={}",
                        replica.group(),
                        replica.self().node(),
                        term,
                        role,
                        leader);
    }

    @Override
    public void askLogPulse() {
        neighbours.log().tell(new LogMessage.Pulse());
    }

    @Override
    public void askMachinePulse() {
        neighbours.machine().tell(new MachineMessage.Pulse());
    }

    @Override
    public void drain() {
        getContext().getSelf().tell(new ElectionMessage.Drained());
    }

    @Override
    public void became(Role role, long term, String why) {
        getContext()
                .getLog()
                .info(
                        "[{}/{} {} {}] role changed ({})",
                        replica.group(),
                        replica.self().node(),
                        term,
                        role.word(),
                        why);
    }

    @Override
    public void handOver(long term, HandOverStep step) {
        neighbours.log().tell(new LogMessage.HandOver(term, step));
    }

    @Override
    public void relieved() {
        if (retires != null) {
            retires.tell(new GroupMessage.Relieved());
        }
    }

    @Override
    public void doze(List<String> nodes) {
        replica.routes().rely(nodes);
        neighbours.log().tell(new LogMessage.Doze(!nodes.isEmpty()));
    }

    @Override
    public void warn(String what) {
        View view = core.view(clock.getAsLong());
        getContext()
                .getLog()
                .warn(
                        "[{}/{} {} {}] {}",
                        replica.group(),
                        replica.self().node(),
                        view.term(),
                        view.role().word(),
                        what);
    }
}
