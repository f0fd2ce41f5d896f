package io.murmuration.testkit.sim;

import io.murmuration.core.apply.Machine;
import io.murmuration.core.client.Client;
import io.murmuration.core.client.ClientSettings;
import io.murmuration.core.election.Election;
import io.murmuration.core.log.ReplicatedLog;
import io.murmuration.core.model.Blocks;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.Rpc;
import io.murmuration.core.model.Snapshot;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One node: a process that lives and dies, a disk that stays, clocks, and while the process lives a Gateway and a
 * {@link SimReplica}. Mutable. It does what GroupActor does in production, and decides nothing that the cores decide.
 */
final class SimNode {
    private final World world;
    private final SimGroup group;
    private final int number;
    private final SimRandom random;
    private final SimClock clock;
    private final SimDisk disk = new SimDisk();

    private final long[] armedAt = new long[Actor.COUNT];
    private boolean up;
    private boolean lost;
    private @Nullable Peer self;
    private long process;
    private long life;
    private boolean stopping;

    private @Nullable GatewayShell gateway;
    private @Nullable SimReplica replica;

    SimNode(World world, SimGroup group, int number, SimRandom random) {
        this.world = world;
        this.group = group;
        this.number = number;
        this.random = random;
        // A monotonic clock may start anywhere, also just before its number wraps.
        long shown = random.between(-1_000_000_000_000L, 1_000_000_000_000L);
        this.clock = new SimClock(random.chance(0.25) ? Long.MAX_VALUE - random.around(5 * Mix.SECOND) : shown);
    }

    // ---- the process

    /** The process starts: a new Gateway, and a replica that reads its journal. */
    void start() {
        up = true;
        stopping = false;
        process++;
        Arrays.fill(armedAt, Long.MAX_VALUE);
        ClientSettings known = new ClientSettings(
                SimGroup.NAME,
                name(),
                group.founders(),
                group.electionTimeout(),
                world.limits().gatewayBytesMax(),
                world.limits().machine().sessions().idle());
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

    /**
     * The process is stopped in order: its replica hands leadership over first, if it leads, as Farewell has it do.
     *
     * @return false if no replica runs that could lead
     */
    boolean retire() {
        SimReplica own = replica;
        if (own == null || !own.runs()) {
            return false;
        }
        own.leave();
        post(Actor.GROUP, Actor.ELECTION, new Message.Retire());
        return true;
    }

    /** Whether its process is being stopped in order. */
    boolean leaving() {
        return replica != null && replica.leaving();
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
        replica = null;
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
        int known = disk.durable();
        Recovered found = disk.recover();
        self = found.incarnation() == null ? null : new Peer(name(), found.incarnation());
        world.witness().durable(this, disk.durable(known));
        world.witness().recovered(this, found);
        SimReplica started = new SimReplica(this, group, found, newest(found), random);
        self = started.self();
        replica = started;
        started.start();
        world.askAgain(this);
    }

    /** The newest snapshot of this replica that can be read. */
    private @Nullable Snapshot newest(Recovered found) {
        Map.Entry<Long, Blocks> newest = disk.snapshots().lastEntry();
        return found.group() == null || newest == null ? null : group.codec().snapshot(newest.getValue());
    }

    // ---- what comes

    /** An actor of this node is told something. */
    void receive(Actor to, Object message) {
        if (to == Actor.GATEWAY) {
            shell(gateway).receive(message);
        } else if (to == Actor.STORE) {
            write((Message.Write) message);
        } else {
            shell(replica).receive(to, message);
        }
    }

    /** Whether there is an actor to be told: other nodes reach Election and Log through doors, which drop. */
    boolean hears(Actor to) {
        return switch (to) {
            case GATEWAY, CALLER -> up;
            case GROUP, STORE -> up && replica != null;
            case ELECTION, LOG, MACHINE, SNAPSHOTS -> up && replica != null && replica.runs();
        };
    }

    private static <T> T shell(@Nullable T shell) {
        return Objects.requireNonNull(shell, "Nobody is told who does not live.");
    }

    private void write(Message.Write write) {
        if (disk.full() && random.nextBoolean()) {
            // What the embedded journal does: it trusts itself no more, and its process ends.
            throw new World.Crash();
        } else if (disk.full()) {
            stopReplica("The disk is full.");
        } else if (disk.write(write, life)) {
            world.sync(this);
        }
    }

    /** The sync that was under way has succeeded. */
    void synced() {
        int before = disk.durable();
        List<SimDisk.Waiting> done = disk.synced();
        world.witness().durable(this, disk.durable(before));
        if (world.deletes(this)) {
            disk.deleteNeedless();
        }
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

    /**
     * Something that Snapshots has done elsewhere: it comes to an end if the process lives, and is told to whom it
     * concerns if that one still lives too.
     */
    void aside(String what, Supplier<Message> work) {
        long meant = life;
        world.aside(this, what, () -> {
            Message done = work.get();
            if (life == meant && hears(Actor.SNAPSHOTS)) {
                post(Actor.SNAPSHOTS, Actor.SNAPSHOTS, done);
            }
        });
    }

    void post(Actor from, Actor to, Object message) {
        world.post(this, from, to, message);
    }

    void send(Actor from, String other, Actor to, Rpc body) {
        world.transmit(this, from, other, to, shell(replica).wire(body));
    }

    /** To a Gateway, perhaps the own one. */
    void answer(Actor from, String other, ClientRpc body) {
        Message.Wire wire = shell(replica).wire(body);
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

    // ---- what is seen from outside

    int number() {
        return number;
    }

    String name() {
        return group.names().get(number);
    }

    /** This node in this life of its disk; null before it has been read. */
    @Nullable
    Peer self() {
        return self;
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

    /** The group has let it in, under another incarnation. */
    void letIn() {
        lost = false;
    }

    /** The life of an actor: what was told to an earlier one is not heard. */
    long lifeOf(Actor actor) {
        return actor.outlivesReplica() ? process : life;
    }

    @Nullable
    UUID groupId() {
        return replica == null ? null : replica.groupId();
    }

    @Nullable
    Election election() {
        return replica == null ? null : replica.election();
    }

    @Nullable
    ReplicatedLog log() {
        return replica == null ? null : replica.log();
    }

    @Nullable
    Machine<?> machine() {
        return replica == null ? null : replica.machine();
    }

    /** Whether its Log leads. */
    boolean leads() {
        ReplicatedLog log = log();
        return log != null && log.leading();
    }

    /** Why the founding does not go on, for reports. */
    String obstacle() {
        return replica == null ? "the journal is being read" : replica.obstacle();
    }
}
