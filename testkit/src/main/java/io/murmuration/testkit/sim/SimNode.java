package io.murmuration.testkit.sim;

import io.murmuration.core.apply.Machine;
import io.murmuration.core.election.Election;
import io.murmuration.core.log.ReplicatedLog;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.Rpc;
import java.util.Objects;
import java.util.UUID;
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

    private final StoreShell store = new StoreShell(this, disk);
    private final SimTimers timers = new SimTimers();
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

    /** The only group of a machine of its own. */
    static SimNode alone(int number, World world, SimGroup group, SimRandom random) {
        SimHost host = new SimHost(number, random);
        SimNode node = new SimNode(host, 0, world, group, random);
        host.add(node);
        return node;
    }

    // ---- the life of the group on this node

    /** The group starts in its process: a new Gateway, and a replica that reads its journal. */
    void open() {
        stopping = false;
        closed = false;
        timers.forget();
        begin();
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

    /**
     * The process is stopped in order: its replica hands leadership over first, if it leads, as Farewell has it do.
     *
     * @return false if no replica runs that could lead
     */
    boolean retire() {
        return replica != null && replica.leave();
    }

    /** Whether its process is being stopped in order. */
    boolean leaving() {
        return replica != null && replica.leaving();
    }

    /** One actor has failed: all of the replica stop, and it starts anew from its journal, in the same process. */
    void stopReplica(String why) {
        host.stopAlone(this, () -> {
            forget();
            stopping = true;
            if (host.several() && up()) {
                post(Actor.ELECTION, Actor.HEARTBEATS, new Message.Gone(group.name()));
            }
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
                timers.forget(actor);
            }
        }
        replica = null;
        world.witness().ended(this);
    }

    /** Reads the journal. */
    void begin() {
        if (gateway == null || gateway.closed()) {
            tenure++;
            timers.forget(Actor.GATEWAY);
            gateway = GatewayShell.of(this, random.split());
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
        SimReplica started = new SimReplica(this, group, found, random);
        self = started.self();
        replica = started;
        started.start();
        world.askAgain(this);
    }

    // ---- what comes

    /** An actor of this node is told something. */
    void receive(Actor to, Object message) {
        if (to == Actor.GATEWAY) {
            shell(gateway).receive(message);
        } else if (to == Actor.HEARTBEATS) {
            host.heartbeats().receive(message);
        } else if (to == Actor.STORE) {
            store.write((Message.Write) message);
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

    /** A timer has rung. */
    void wake(Actor actor) {
        timers.forget(actor);
        receive(actor, new Message.Wake());
    }

    // ---- what the shells need

    void arm(Actor actor, long at) {
        if (timers.arm(actor, at)) {
            world.wake(this, actor, at);
        }
    }

    /** Whether this timer is still the one that is meant. */
    boolean armed(Actor actor, long at) {
        return timers.armed(actor, at);
    }

    void post(Actor from, Actor to, Object message) {
        world.post(this, from, to, message);
    }

    void send(Actor from, String other, Actor to, Rpc body) {
        world.transmit(this, from, other, to, shell(replica).wire(body));
    }

    /** A heartbeat, or the answer to one, that may travel with those of other groups. */
    void beat(String other, ElectionRpc body) {
        post(
                Actor.ELECTION,
                Actor.HEARTBEATS,
                new Message.Beating(other, shell(replica).beat(body)));
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

    StoreShell store() {
        return store;
    }

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

    /** Whether its Gateway takes requests. */
    boolean serves() {
        return gateway != null && !gateway.closed();
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
