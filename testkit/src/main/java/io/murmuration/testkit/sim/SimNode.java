package io.murmuration.testkit.sim;

import io.murmuration.core.apply.Machine;
import io.murmuration.core.client.Client;
import io.murmuration.core.client.ClientSettings;
import io.murmuration.core.election.Election;
import io.murmuration.core.log.ReplicatedLog;
import io.murmuration.core.model.Blocks;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.NodeRpc.Beat;
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
 * One group on one node: its journal and snapshots, which stay, and while the process of its {@link SimHost} lives a
 * Gateway and a {@link SimReplica}. Mutable. It does what GroupActor does in production, and decides nothing that the
 * cores decide.
 */
final class SimNode {
    private final SimHost host;
    private final int place;
    private final World world;
    private final SimGroup group;
    private final SimRandom random;
    private final SimDisk disk = new SimDisk();

    private final long[] armedAt = new long[Actor.COUNT];
    private boolean lost;
    private @Nullable Peer self;
    /** The life of the Gateway, which outlives its replicas. */
    private long tenure;

    private long life;
    private boolean stopping;
    /** Whether the group is stopped on this node until it is started again. */
    private boolean closed;

    private @Nullable GatewayShell gateway;
    private @Nullable SimReplica replica;

    /** @param place which of the groups of its node it is */
    SimNode(SimHost host, int place, World world, SimGroup group, SimRandom random) {
        this.host = host;
        this.place = place;
        this.world = world;
        this.group = group;
        this.random = random;
    }

    // ---- the process

    /** The process starts, with all of its groups. */
    void start() {
        host.start();
    }

    /** The group starts in its process: a new Gateway, and a replica that reads its journal. */
    void open() {
        stopping = false;
        closed = false;
        Arrays.fill(armedAt, Long.MAX_VALUE);
        begin();
    }

    private GatewayShell opened() {
        tenure++;
        armedAt[Actor.GATEWAY.slot()] = Long.MAX_VALUE;
        ClientSettings known = new ClientSettings(
                group.name(),
                name(),
                group.founders(),
                group.electionTimeout(),
                world.limits().gatewayBytesMax(),
                world.limits().machine().sessions().idle());
        return new GatewayShell(this, new Client(known, random.split()), group.codec());
    }

    /** The process dies, with all of its groups, and so many records are kept of those that were not synced. */
    void crash(int kept) {
        host.crash(kept);
    }

    /**
     * The process has died: nothing of what its actors knew is left. Callers that waited in it know nothing either.
     *
     * @param kept how many of the records that were not synced are there afterwards
     */
    void died(int kept) {
        GatewayShell ended = gateway;
        forget();
        gateway = null;
        disk.crash(kept);
        if (ended != null) {
            ended.open().forEach(call -> end(call, SimCall.Status.UNKNOWN, 0, "the process died"));
        }
    }

    /** One actor has failed: all of the replica stop, and it starts anew from its journal, in the same process. */
    void stopReplica(String why) {
        host.stopAlone(this, () -> {
            forget();
            stopping = true;
            post(Actor.GROUP, Actor.GATEWAY, new Message.ReplicaDown(why));
            stoppedIfIdle();
        });
    }

    /** The group is stopped on this node, as Murmuration#stop ends if nobody takes over; its neighbours go on. */
    void stopGroup() {
        shell(gateway).close("The group is being stopped on this node.");
        closed = true;
        stopReplica("This group is being stopped on this node.");
    }

    /** It is started again, in the same process. */
    void startGroup() {
        if (closed && up()) {
            closed = false;
            if (!stopping) {
                begin();
            }
        }
    }

    /** A restart in place waits for the old Store's writes in flight. */
    void stoppedIfIdle() {
        if (stopping && disk.idle()) {
            stopping = false;
            if (!closed) {
                world.startAnew(this);
            }
        }
    }

    private void forget() {
        life++;
        for (Actor actor : Actor.values()) {
            if (!actor.outlivesReplica() || !up()) {
                armedAt[actor.slot()] = Long.MAX_VALUE;
            }
        }
        replica = null;
    }

    /** Reads the journal. */
    void begin() {
        if (gateway == null || gateway.closed()) {
            gateway = opened();
        }
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
        } else if (to == Actor.HEARTBEATS) {
            host.heartbeats().receive(message);
        } else if (to == Actor.STORE) {
            write((Message.Write) message);
        } else {
            shell(replica).receive(to, message);
        }
    }

    /** Whether there is an actor to be told: other nodes reach Election and Log through doors, which drop. */
    boolean hears(Actor to) {
        return switch (to) {
            case GATEWAY, CALLER, HEARTBEATS -> up();
            case GROUP, STORE -> up() && replica != null;
            case ELECTION, LOG, MACHINE, SNAPSHOTS -> up() && replica != null && replica.runs();
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
        } else {
            disk.write(write, life);
            host.written(this, write.records().size());
        }
    }

    /** The sync that was under way has succeeded. */
    void synced() {
        host.synced();
    }

    /** What this group's journal had written before it is durable. */
    void durable() {
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

    /** A heartbeat, or the answer to one, that may travel with those of other groups. */
    void beat(String other, ElectionRpc body) {
        Message.Wire wire = shell(replica).wire(body);
        UUID id = Objects.requireNonNull(wire.group(), "Elections run in groups that are founded.");
        Beat beat = new Beat(group.name(), id, wire.from().incarnation(), body);
        post(Actor.ELECTION, Actor.HEARTBEATS, new Message.Beating(other, beat));
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

    /** The machine, and all else that runs on it. */
    SimHost host() {
        return host;
    }

    SimGroup group() {
        return group;
    }

    /** Which of the groups on its node it is. */
    int place() {
        return place;
    }

    /** Which node. */
    int number() {
        return host.number();
    }

    /** Its place among all replicas of the world. */
    int slot() {
        return place * group.names().size() + number();
    }

    String name() {
        return group.names().get(number());
    }

    /** The node, and the group where there are several. */
    String label() {
        return host.several() ? name() + "." + group.name() : name();
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
        return host.clock();
    }

    SimRandom random() {
        return random;
    }

    long nanos() {
        return clock().nanos(world.now());
    }

    long millis() {
        return clock().millis(world.now());
    }

    boolean up() {
        return host.up();
    }

    /** Whether the group is stopped on this node, in a process that may run. */
    boolean closed() {
        return closed;
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
        return switch (actor) {
            case CALLER, HEARTBEATS -> host.process();
            case GROUP, GATEWAY -> tenure;
            case ELECTION, LOG, MACHINE, STORE, SNAPSHOTS -> life;
        };
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
