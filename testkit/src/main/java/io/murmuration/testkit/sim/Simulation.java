package io.murmuration.testkit.sim;

import io.murmuration.core.election.ElectionSettings;
import io.murmuration.core.model.ClientRpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The world of one seed: an agenda of what will happen, virtual time, and everything around the nodes that can go
 * wrong. Mutable, for one thread. Two runs of one seed are the same, event by event, in every process and on every JDK.
 */
final class Simulation implements World {
    /** So many election time-outs are given to each step of the recovery after the last fault. */
    static final int RECOVERY = 20;

    private final SimGroup group;
    private final Mix mix;
    private final List<SimNode> nodes = new ArrayList<>();
    private final PriorityQueue<Event> agenda = new PriorityQueue<>();
    private final Network network;
    private final Chaos chaos;
    private final Callers callers;
    private final Operators operators;
    private final LeadershipMix leadership;
    private final Standstills standstills;
    private final Disks disks;
    private final Stalls stalls;
    private final Watch witness;
    private final Trace trace;
    private final SimRandom mailboxes;
    private final SimRandom drifts;
    private final SimRandom ends;
    private final long[] localAt;
    private final long[] pausedUntil;
    private long now;
    private long order;
    private long steps;
    private boolean calm;

    Simulation(SimGroup named, Set<Fault> allowed, int callers, Workload workload, long seed, Trace trace) {
        SimRandom root = new SimRandom(seed);
        this.trace = trace;
        long timeout = named.electionTimeout().toNanos();
        SimRandom aside = new SimRandom(~seed + 2);
        this.leadership = new LeadershipMix(allowed, named.names().size(), timeout, aside.split());
        this.mix = new Mix(leadership.others(allowed), timeout, root.split());
        mix.faults.addAll(leadership.faults);
        this.group = named.foundedBy(mix.founders(named.names().size(), new SimRandom(~seed)));
        this.network = new Network(group.names().size(), mix, root.split());
        this.mailboxes = root.split();
        this.drifts = root.split();
        this.standstills = new Standstills(group.names().size());
        this.disks = new Disks(mix, standstills, group.names().size(), drifts, aside.split());
        this.ends = root.split();
        this.chaos = new Chaos(this, mix, root.split());
        this.callers = new Callers(this, callers, mix.crowd, workload, root.split());
        this.operators = new Operators(this, mix, new SimRandom(~seed + 1));
        this.stalls = new Stalls(this, leadership, standstills, disks, aside.split());
        this.witness = new Watch(group, this.callers, operators::ended, stalls.watch());
        for (int number = 0; number < group.names().size(); number++) {
            nodes.add(new SimNode(this, group, number, root.split()));
        }
        this.localAt = new long[nodes.size() * Actor.COUNT * Actor.COUNT];
        this.pausedUntil = new long[nodes.size()];
    }

    // ---- the run

    /** Faults for so long, then peace, and then what must hold. */
    void run(long nanos) {
        for (SimNode node : nodes) {
            node.clock().drift(mix.driftPpm == 0 ? 0 : drifts.between(-mix.driftPpm, mix.driftPpm), now);
            startLater(node, drifts.around(mix.timeout));
        }
        group.codec().weigh(mix.weight);
        callers.begin();
        chaos.begin();
        operators.begin();
        stalls.begin();
        goOnUntil(nanos);
        new Recovery(this).demand();
    }

    void goOnUntil(long time) {
        while (!agenda.isEmpty() && agenda.peek().at() <= time) {
            step(agenda.remove());
        }
        now = Math.max(now, time);
    }

    private void step(Event event) {
        now = Math.max(now, event.at());
        SimNode node = event.node();
        if (node != null && pausedUntil[node.number()] > now && !(event.message() instanceof Event.Deed)) {
            agenda.add(event.postponed(pausedUntil[node.number()]));
            return;
        }
        if (node != null && event.to() != null && standstills.holds(node, event.to(), event.life(), now)) {
            agenda.add(event.keptFor(node.lifeOf(event.to()), now + standstills.rest(node, event.to(), now)));
            return;
        }
        steps++;
        try {
            if (event.message() instanceof Event.Deed deed) {
                if (!deed.what().isEmpty()) {
                    trace.add(steps, event);
                }
                deed.act().run();
            } else if (node != null) {
                deliver(event, node);
            }
        } catch (Crash crash) {
            kill(
                    Objects.requireNonNull(node, "Only nodes perform effects."),
                    "died between two effects",
                    ends.around(Mix.SECOND));
        } catch (RuntimeException thrown) {
            Thrown.judge(this, node, thrown);
        }
        if (node != null) {
            witness.stepped(node);
        }
    }

    private void deliver(Event event, SimNode node) {
        Actor to = Objects.requireNonNull(event.to());
        boolean meant = event.life() == Event.ANY_LIFE || event.life() == node.lifeOf(to);
        if (!meant || !node.hears(to)) {
            if (event.message() instanceof Message.Asked asked) {
                node.end(asked.call(), SimCall.Status.UNKNOWN, 0, "the process died before it was asked");
            }
            return;
        }
        trace.add(steps, event);
        if (event.message() instanceof Event.Ring ring) {
            if (node.armed(to, ring.local())) {
                node.wake(to);
            }
        } else {
            node.receive(to, event.message());
        }
    }

    // ---- what nodes need

    @Override
    public long now() {
        return now;
    }

    @Override
    public void post(SimNode node, Actor from, Actor to, Object message) {
        int channel = (node.number() * Actor.COUNT + from.slot()) * Actor.COUNT + to.slot();
        long at = now + mailboxes.nextLong(calm ? 20 * Mix.MICRO : mix.step);
        if (!calm && mailboxes.chance(mix.late)) {
            at += mailboxes.around(20 * Mix.MILLI);
        }
        localAt[channel] = Math.max(localAt[channel], at);
        add(localAt[channel], node, node.lifeOf(to), from.word(), to, message);
    }

    @Override
    public void transmit(SimNode node, Actor from, String other, Actor to, Message.Wire message) {
        SimNode receiver = node(other);
        String sender = node.name() + "/" + from.word();
        long at = network.arrival(node.number(), from, receiver.number(), to, now);
        if (at == Network.LOST) {
            return;
        }
        add(at, receiver, Event.ANY_LIFE, sender, to, message);
        long again = network.secondArrival(at);
        // Pekko delivers at most once, and "not applied" may be said of a refused proposal only because of that.
        boolean doubles = !(message.body() instanceof ClientRpc.Propose);
        if (again != Network.LOST && doubles) {
            add(again, receiver, Event.ANY_LIFE, sender, to, message);
        }
    }

    @Override
    public void wake(SimNode node, Actor actor, long local) {
        long at = node.clock().when(local, now) + mailboxes.nextLong(100 * Mix.MICRO);
        add(at, node, node.lifeOf(actor), null, actor, new Event.Ring(local));
    }

    @Override
    public void sync(SimNode node) {
        long lasting = disks.sync(node, now, calm);
        boolean fails = disks.fails(calm);
        later(node, Actor.GATEWAY, lasting, fails ? " fails to sync" : " has synced", () -> {
            if (fails && !calm) {
                kill(node, "a failed sync", ends.around(Mix.SECOND));
            } else {
                node.synced();
            }
        });
    }

    @Override
    public void recover(SimNode node) {
        later(node, Actor.STORE, disks.recovery(), " has read its journal", () -> {
            if (node.disk().full()) {
                // Reading ends with a sync of what was read [A4].
                recover(node);
            } else {
                node.recovered();
            }
        });
    }

    @Override
    public void startAnew(SimNode node) {
        later(node, Actor.STORE, 200 * Mix.MILLI, " starts its replica anew", node::begin);
    }

    @Override
    public void askAgain(SimNode node) {
        long pause = group.electionTimeout().toNanos() / 2;
        later(node, Actor.STORE, pause, " asks again", () -> node.receive(Actor.GROUP, new Message.AskAgain()));
    }

    @Override
    public void beforeEffect(SimNode node) {
        if (!calm && ends.chance(mix.crashBetweenEffects)) {
            throw new Crash();
        }
    }

    @Override
    public void aside(SimNode node, String what, Runnable end) {
        later(node, Actor.GATEWAY, disks.aside(node, now, calm), " " + what, end);
    }

    @Override
    public Limits limits() {
        return mix.limits;
    }

    @Override
    public boolean replacesLost() {
        return mix.replacesLost && mix.has(Fault.CHANGE_MEMBERS);
    }

    @Override
    public ElectionSettings election(SimNode node, Duration timeout) {
        return leadership.settings(node, timeout, mix.driftPpm);
    }

    @Override
    public void relieved(SimNode node) {
        stalls.stopped(node);
    }

    @Override
    public List<String> contacts() {
        return group.names();
    }

    @Override
    public Watch witness() {
        return witness;
    }

    private void add(
            long at, @Nullable SimNode node, long life, @Nullable String from, @Nullable Actor to, Object message) {
        agenda.add(new Event(at, order++, node, life, from, to, message));
    }

    /** The world does something by itself, after a while. */
    void later(long nanos, String what, Runnable act) {
        add(now + nanos, null, Event.ANY_LIFE, null, null, new Event.Deed(what, act));
    }

    /** Something happens to one life of a node's replica, or of its process. */
    void later(SimNode node, Actor life, long nanos, String what, Runnable act) {
        long meant = node.lifeOf(life);
        add(now + nanos, node, meant, null, null, new Event.Deed(node.name() + what, () -> {
            if (node.up() && node.lifeOf(life) == meant) {
                act.run();
            }
        }));
    }

    // ---- what can happen to nodes

    void kill(SimNode node, String why, long down) {
        if (!node.up()) {
            return;
        }
        int kept = (int) ends.between(0, node.disk().unsynced());
        trace(node.name() + " dies: " + why + ", " + kept + " of " + node.disk().unsynced()
                + " records that were not synced are kept");
        node.crash(kept);
        startLater(node, down);
    }

    /** A machine that lost its disk, or whose disk is damaged, gets an empty one. */
    void replaceDisk(SimNode node) {
        if (node.disk().damaged()) {
            kill(node, "its disk is replaced", Mix.MILLI);
            node.disk().wipe();
            witness.wiped(node);
        }
    }

    private void startLater(SimNode node, long down) {
        later(down, node.name() + " starts", () -> {
            if (!node.up()) {
                pausedUntil[node.number()] = 0;
                node.start();
            }
        });
    }

    void pause(SimNode node, long lasting) {
        trace(node.name() + " stands still for " + lasting / Mix.MILLI + " ms");
        pausedUntil[node.number()] = Math.max(pausedUntil[node.number()], now + lasting);
    }

    /** No more faults: what was cut is whole, what was down starts, what stands still goes on by itself. */
    void calm() {
        trace("peace: no more faults");
        calm = true;
        chaos.calm();
        operators.calm();
        network.calm();
        stalls.calm();
        for (SimNode node : nodes) {
            node.disk().full(false);
            if (!node.up()) {
                node.start();
            }
        }
    }

    /** When all that was held up by faults has arrived: what waited for the end of a cut or a pause. */
    long settled() {
        long last = Math.max(network.lastArrival(), standstills.last());
        for (long paused : pausedUntil) {
            last = Math.max(last, paused);
        }
        return last;
    }

    // ---- what is seen from outside

    SimGroup group() {
        return group;
    }

    Mix mix() {
        return mix;
    }

    List<SimNode> nodes() {
        return nodes;
    }

    Network network() {
        return network;
    }

    Callers callers() {
        return callers;
    }

    Operators operators() {
        return operators;
    }

    SimNode node(String name) {
        return nodes.get(group.names().indexOf(name));
    }

    LeadershipMix leadership() {
        return leadership;
    }

    /** How many faults there were, without lost and late messages. */
    long faults() {
        return chaos.count() + stalls.count();
    }

    long steps() {
        return steps;
    }

    void trace(String what) {
        trace.add(steps, now, what);
    }
}
