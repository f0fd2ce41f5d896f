package io.murmuration.testkit.sim;

import io.murmuration.core.apply.Machine;
import io.murmuration.core.client.Client;
import io.murmuration.core.client.ClientSettings;
import io.murmuration.core.election.Election;
import io.murmuration.core.founding.Founding;
import io.murmuration.core.log.LogSettings;
import io.murmuration.core.log.ReplicatedLog;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.FoundingRpc;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.Rpc;
import io.murmuration.core.model.StoreRecord;
import io.murmuration.machine.StateMachine;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One node: a process that lives and dies, a disk that stays, clocks, and while the process lives a Gateway and a
 * replica, whose actors live and die together (F5). Mutable. It does what GroupActor and its children do in production,
 * and decides nothing that the cores decide.
 */
final class SimNode implements Founding.Port {
    private final World world;
    private final SimGroup group;
    private final int number;
    private final SimRandom random;
    private final SimClock clock;
    private final SimDisk disk = new SimDisk();

    private final long[] armedAt = new long[Actor.COUNT];
    private boolean up;
    private boolean lost;
    private long process;
    private long life;
    private boolean stopping;
    private long writes;

    private @Nullable GatewayShell gateway;
    private @Nullable Recovered recovered;
    private @Nullable Founding founding;
    private @Nullable UUID id;
    private @Nullable Peer self;
    private @Nullable ElectionShell election;
    private @Nullable LogShell log;
    private @Nullable MachineShell machine;

    SimNode(World world, SimGroup group, int number, SimRandom random) {
        this.world = world;
        this.group = group;
        this.number = number;
        this.random = random;
        this.clock = new SimClock(random.between(-1_000_000_000_000L, 1_000_000_000_000L));
    }

    // ---- the process

    /** The process starts: a new Gateway, and a replica that reads its journal. */
    void start() {
        up = true;
        stopping = false;
        id = null;
        process++;
        Arrays.fill(armedAt, Long.MAX_VALUE);
        ClientSettings known = new ClientSettings(
                SimGroup.NAME, name(), group.names(), group.electionTimeout(), SimGroup.GATEWAY_BYTES_MAX);
        gateway = new GatewayShell(this, new Client(known, random.split()), group.codec());
        begin();
    }

    /**
     * The process dies: nothing of what its actors knew is left. Callers that waited in it know nothing either.
     *
     * @param kept how many of the records that were not synced are there afterwards
     */
    void crash(int kept) {
        GatewayShell ended = gateway;
        up = false;
        forget();
        gateway = null;
        disk.crash(kept);
        if (ended != null) {
            ended.open().forEach(call -> end(call, SimCall.Status.UNKNOWN, 0, "the process died"));
        }
    }

    /** One actor has failed: all of the replica stop, and it starts anew from its journal, in the same process. */
    void stopReplica(String why) {
        forget();
        stopping = true;
        post(Actor.GROUP, Actor.GATEWAY, new Message.ReplicaDown(why));
        stoppedIfIdle();
    }

    /** An in-place restart waits for the old Store's writes in flight. */
    private void stoppedIfIdle() {
        if (stopping && disk.idle()) {
            stopping = false;
            world.startAnew(this);
        }
    }

    private void forget() {
        life++;
        for (Actor actor : Actor.values()) {
            if (!actor.outlivesReplica() || !up) {
                armedAt[actor.slot()] = Long.MAX_VALUE;
            }
        }
        founding = null;
        recovered = null;
        self = null;
        election = null;
        log = null;
        machine = null;
    }

    /** Reads the journal. */
    void begin() {
        life++;
        post(Actor.GROUP, Actor.GATEWAY, new Message.ReplicaDown("The journal of this replica is being read."));
        world.recover(this);
    }

    /** The journal has been read to its end. A damaged one is refused: the replica never starts, and says so. */
    void recovered() {
        if (disk.damaged()) {
            lost = true;
            return;
        }
        boolean fresh = disk.isEmpty();
        Recovered found = disk.recover();
        world.witness().durable(this, disk.durable());
        world.witness().recovered(this, found);
        recovered = found;
        Founding core = new Founding(
                name(),
                group.names(),
                true,
                found.incarnation(),
                fresh ? random.uuid() : new UUID(0, 0),
                random.uuid());
        founding = core;
        self = core.self();
        perform(core.start(found.group(), found.baseMembers()));
        world.askAgain(this);
    }

    // ---- what comes

    /** An actor of this node is told something. */
    void receive(Actor to, Object message) {
        if (to == Actor.GATEWAY) {
            shell(gateway).receive(message);
        } else if (to == Actor.GROUP) {
            receiveGroup(message);
        } else if (to == Actor.STORE) {
            write((Message.Write) message);
        } else if (message instanceof Message.Wire wire && !Objects.equals(wire.group(), id)) {
            return;
        } else if (to == Actor.ELECTION) {
            shell(election).receive(message);
        } else if (to == Actor.LOG) {
            shell(log).receive(message);
        } else if (to == Actor.MACHINE) {
            shell(machine).receive(message);
        }
    }

    /** Whether there is an actor to be told: other nodes reach Election and Log through doors, which drop. */
    boolean hears(Actor to) {
        return switch (to) {
            case GATEWAY, CALLER -> up;
            case GROUP -> up && founding != null;
            case STORE -> up && recovered != null;
            case ELECTION, LOG, MACHINE -> up && election != null;
        };
    }

    private static <T> T shell(@Nullable T shell) {
        return Objects.requireNonNull(shell, "Nobody is told who does not live.");
    }

    private void receiveGroup(Object message) {
        Founding core = shell(founding);
        if (message instanceof Message.Wire wire) {
            if (wire.body() instanceof FoundingRpc body) {
                perform(core.on(wire.from().node(), body));
            }
        } else if (message instanceof Message.Written) {
            perform(core.written());
        } else if (message instanceof Message.AskAgain && election == null) {
            perform(core.tick());
            world.askAgain(this);
        }
    }

    private void write(Message.Write write) {
        if (disk.full()) {
            stopReplica("The disk is full.");
        } else if (disk.write(write, life)) {
            world.sync(this);
        }
    }

    /** The sync that was under way has succeeded. */
    void synced() {
        int before = disk.durable().size();
        List<SimDisk.Waiting> done = disk.synced();
        world.witness()
                .durable(this, disk.durable().subList(before, disk.durable().size()));
        for (SimDisk.Waiting write : done) {
            if (write.life() == life) {
                post(Actor.STORE, write.owner(), new Message.Written(write.sequence()));
            }
        }
        if (disk.startSync()) {
            world.sync(this);
        }
        stoppedIfIdle();
    }

    /** A timer has rung. */
    void wake(Actor actor) {
        armedAt[actor.slot()] = Long.MAX_VALUE;
        receive(actor, new Message.Wake());
    }

    // ---- what the shells need

    /** One timer for each actor; one that rings too early is left alone. */
    void arm(Actor actor, long at) {
        long armed = armedAt[actor.slot()];
        if (at == Long.MAX_VALUE || (armed != Long.MAX_VALUE && armed - at <= 0)) {
            return;
        }
        armedAt[actor.slot()] = at;
        world.wake(this, actor, at);
    }

    /** Whether this timer is still the one that is meant: an earlier one may have been set since. */
    boolean armed(Actor actor, long at) {
        return armedAt[actor.slot()] == at;
    }

    void post(Actor from, Actor to, Object message) {
        world.post(this, from, to, message);
    }

    void send(Actor from, String other, Actor to, Rpc body) {
        world.transmit(this, from, other, to, new Message.Wire(id, shell(self), body));
    }

    /** To a Gateway, perhaps the own one. */
    void answer(Actor from, String other, ClientRpc body) {
        Message.Wire wire = new Message.Wire(id, shell(self), body);
        if (other.equals(name())) {
            post(from, Actor.GATEWAY, wire);
        } else {
            world.transmit(this, from, other, Actor.GATEWAY, wire);
        }
    }

    void end(SimCall call, SimCall.Status status, long index, @Nullable Object answer) {
        if (call.status == SimCall.Status.OPEN) {
            call.status = status;
            call.endedAt = world.now();
            call.index = index;
            call.answer = answer;
            world.witness().ended(call);
        }
    }

    // ---- founding

    private void perform(List<Founding.Effect> effects) {
        for (Founding.Effect effect : effects) {
            world.beforeEffect(this);
            effect.to(this);
        }
    }

    @Override
    public void persist(StoreRecord record) {
        post(Actor.GROUP, Actor.STORE, new Message.Write(Actor.GROUP, ++writes, List.of(record)));
    }

    @Override
    public void send(String other, FoundingRpc body) {
        world.transmit(this, Actor.GROUP, other, Actor.GROUP, new Message.Wire(id, shell(self), body));
    }

    @Override
    public void join(UUID joined, Peer peer, Members members) {
        Recovered found = shell(recovered);
        if (found.group() == null) {
            found = new Recovered(peer.incarnation(), joined, found.ballot(), found.base(), members, found.entries());
        }
        id = joined;
        self = peer;
        StateMachine<?> observed = group.machine()
                .observed(
                        (command, meta, before, result) -> world.witness().folded(this, command, meta, before, result));
        machine = new MachineShell(this, new Machine<>(SimGroup.NAME, observed, group.codec()));
        LogSettings settings = new LogSettings(group.electionTimeout(), SimGroup.LOG_BYTES_MAX);
        log = new LogShell(this, new ReplicatedLog(peer, settings, found));
        election = new ElectionShell(this, new Election(peer, group.electionTimeout(), found.ballot(), random.split()));
        post(Actor.GROUP, Actor.MACHINE, new Message.Start());
        post(Actor.GROUP, Actor.GATEWAY, new Message.ReplicaUp(joined));
        post(Actor.GROUP, Actor.ELECTION, new Message.Start());
    }

    // ---- what is seen from outside

    int number() {
        return number;
    }

    String name() {
        return group.names().get(number);
    }

    World world() {
        return world;
    }

    SimDisk disk() {
        return disk;
    }

    SimClock clock() {
        return clock;
    }

    SimRandom random() {
        return random;
    }

    long nanos() {
        return clock.nanos(world.now());
    }

    long millis() {
        return clock.millis(world.now());
    }

    boolean up() {
        return up;
    }

    /** Whether its journal is damaged or gone, so that it cannot take part any more. */
    boolean lost() {
        return lost;
    }

    void lose() {
        lost = true;
    }

    /** The life of an actor: what was told to an earlier one is not heard. */
    long lifeOf(Actor actor) {
        return actor.outlivesReplica() ? process : life;
    }

    @Nullable
    UUID groupId() {
        return id;
    }

    @Nullable
    Peer self() {
        return self;
    }

    @Nullable
    Election election() {
        return election == null ? null : election.core();
    }

    @Nullable
    ReplicatedLog log() {
        return log == null ? null : log.core();
    }

    @Nullable
    Machine<?> machine() {
        return machine == null ? null : machine.core();
    }

    /** Whether its Log leads. */
    boolean leads() {
        return log != null && log.core().leading();
    }

    /** Why the founding does not go on, for reports. */
    String obstacle() {
        return founding == null
                ? "the journal is being read"
                : founding.obstacle().orElse("none");
    }

    /** A core that found its own state broken is a finding; one that says it waits no longer stops loudly. */
    static boolean isFinding(RuntimeException thrown) {
        return thrown instanceof InvariantViolation || !(thrown instanceof IllegalStateException);
    }
}
