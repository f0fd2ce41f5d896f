package io.murmuration.testkit.sim;

import io.murmuration.core.model.ClientRpc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The world of one seed: an agenda of what will happen, virtual time, and everything around the nodes and the groups on
 * them that can go wrong. Mutable, for one thread. Two runs of one seed are the same, event by event, in every process
 * and on every JDK.
 */
final class Simulation {
    /** So many election time-outs are given to each step of the recovery after the last fault. */
    static final int RECOVERY = 20;

    private final Mix mix;
    private final GroupMix among;
    private final LeadershipMix leadership;
    private final List<RunningGroup> groups = new ArrayList<>();
    private final List<SimNode> replicas = new ArrayList<>();
    private final PriorityQueue<Event> agenda = new PriorityQueue<>();
    private final Network network;
    private final Chaos chaos;
    private final Standstills standstills;
    private final Disks disks;
    private final Stalls stalls;
    private final Lulls lulls;
    private final Trace trace;
    private final SimRandom mailboxes;
    private final SimRandom drifts;
    private final SimRandom ends;
    private final SimRandom strays;
    private final long[] localAt;
    private final long[] pausedUntil;
    private long now;
    private long order;
    private long steps;
    private boolean calm;

    /** @param wanted how many groups there are to be, or 0 for a number that is drawn */
    Simulation(SimGroup named, int wanted, Set<Fault> allowed, int callers, Workload workload, long seed, Trace trace) {
        SimRandom root = new SimRandom(seed);
        this.trace = trace;
        long timeout = named.electionTimeout().toNanos();
        SimRandom aside = new SimRandom(~seed + 2);
        this.leadership = new LeadershipMix(allowed, named.names().size(), timeout, aside.split());
        this.mix = new Mix(leadership.others(allowed), timeout, root.split());
        this.among = new GroupMix(wanted, timeout, mix.faults.isEmpty(), new SimRandom(~seed + 3));
        mix.faults.addAll(leadership.faults);
        SimGroup first = named.foundedBy(mix.founders(named.names().size(), new SimRandom(~seed)));
        int nodes = first.names().size();
        this.network = new Network(nodes, among.count, mix, root.split(), new SimRandom(seed ^ 0x57415953));
        this.mailboxes = root.split();
        this.drifts = root.split();
        this.standstills = new Standstills(nodes * among.count, timeout / 5);
        this.disks = new Disks(mix, standstills, nodes, drifts, aside.split());
        this.ends = root.split();
        this.chaos = new Chaos(this, mix, root.split(), new Hints(this, allowed, new SimRandom(~seed + 4)));
        SimRandom ordering = new SimRandom(~seed + 1);
        groups.add(new RunningGroup(
                this,
                0,
                among.count > 1 ? first.named(GroupMix.name(0)) : first,
                new RunningGroup.Crowd(callers, mix.crowd),
                workload,
                root.split(),
                ordering));
        for (int number = 0; number < nodes; number++) {
            SimRandom own = root.split();
            groups.get(0).settle(new SimHost(number, own), own);
        }
        for (int place = 1; place < among.count; place++) {
            SimGroup neighbour = among.neighbour(place, first, mix);
            RunningGroup group = new RunningGroup(
                    this, place, neighbour, among.crowd(callers), workload, among.split(), among.split());
            nodes().forEach(node -> group.settle(node.host(), among.split()));
            groups.add(group);
        }
        groups.forEach(group -> replicas.addAll(group.nodes()));
        this.stalls = new Stalls(this, leadership, standstills, disks, aside.split());
        this.lulls = new Lulls(this, chaos, among, among.split(), among.split());
        this.strays = among.split();
        this.localAt = new long[replicas.size() * Actor.COUNT * Actor.COUNT];
        this.pausedUntil = new long[nodes];
    }

    // ---- the run

    /** Faults for so long, then peace, and then what must hold. */
    void run(long nanos) {
        for (SimNode node : nodes()) {
            node.clock().drift(mix.driftPpm == 0 ? 0 : drifts.between(-mix.driftPpm, mix.driftPpm), now);
            startLater(node, drifts.around(mix.timeout));
        }
        group().codec().weigh(mix.weight);
        groups.get(0).callers().begin();
        chaos.begin();
        groups.get(0).operators().begin();
        groups.subList(1, groups.size()).forEach(RunningGroup::begin);
        stalls.begin();
        lulls.begin();
        goOnUntil(nanos);
        Recovery.demand(this);
    }

    void goOnUntil(long time) {
        while (!agenda.isEmpty() && agenda.peek().at() <= time) {
            Event event = agenda.remove();
            try {
                step(event);
            } catch (Violation violation) {
                SimNode node = event.node();
                throw several() && node != null ? violation.in(node.group().name()) : violation;
            }
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
        } catch (World.Crash crash) {
            kill(
                    Objects.requireNonNull(node, "Only nodes perform effects."),
                    "died between two effects",
                    ends.around(Mix.SECOND));
        } catch (RuntimeException thrown) {
            Thrown.judge(this, node, thrown);
        }
        if (node != null) {
            node.world().witness().stepped(node);
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

    long now() {
        return now;
    }

    void post(SimNode node, Actor from, Actor to, Object message) {
        int channel = (node.slot() * Actor.COUNT + from.slot()) * Actor.COUNT + to.slot();
        long at = now + mailboxes.nextLong(calm ? 20 * Mix.MICRO : mix.step);
        if (!calm && mailboxes.chance(mix.late)) {
            at += mailboxes.around(20 * Mix.MILLI);
        }
        localAt[channel] = Math.max(localAt[channel], at);
        add(localAt[channel], node, node.lifeOf(to), from.word(), to, message);
    }

    void transmit(SimNode node, Actor from, String other, Actor to, Message.Wire message) {
        SimNode receiver = groups.get(node.place()).node(other);
        String sender = (from == Actor.HEARTBEATS ? node.name() : node.label()) + "/" + from.word();
        long at = network.arrival(node, from, receiver, to, now);
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
        if (!calm && message.group() != null && strays.chance(among.stray)) {
            SimNode neighbour = strays.pick(groups).node(other);
            if (neighbour != receiver && to != Actor.GROUP) {
                add(at, neighbour, Event.ANY_LIFE, sender, to, message);
            }
        }
    }

    void wake(SimNode node, Actor actor, long local) {
        long due = node.clock().when(local, now);
        long at = (due + among.tick - 1) / among.tick * among.tick
                + mailboxes.nextLong(several() ? 5 * Mix.MICRO : 100 * Mix.MICRO);
        add(at, node, node.lifeOf(actor), null, actor, new Event.Ring(local));
    }

    void sync(SimNode node) {
        long lasting = disks.sync(node, now, calm);
        boolean fails = disks.fails(calm);
        later(node, Actor.CALLER, lasting, fails ? " fails to sync" : " has synced", () -> {
            if (fails && !calm) {
                kill(node, "a failed sync", ends.around(Mix.SECOND));
            } else {
                node.host().synced();
            }
        });
    }

    void recover(SimNode node) {
        later(node, Actor.STORE, disks.recovery(), " has read its journal", () -> {
            if (node.disk().full()) {
                // Reading ends with a sync of what was read [A4].
                recover(node);
            } else {
                node.recovered();
            }
        });
    }

    void startAnew(SimNode node) {
        later(node, Actor.STORE, 200 * Mix.MILLI, " starts its replica anew", node::begin);
    }

    void askAgain(SimNode node) {
        long pause = node.group().electionTimeout().toNanos() / 2;
        later(node, Actor.STORE, pause, " asks again", () -> node.receive(Actor.GROUP, new Message.AskAgain()));
    }

    void beforeEffect(SimNode node) {
        if (!calm && ends.chance(mix.crashBetweenEffects)) {
            throw new World.Crash();
        }
    }

    void aside(SimNode node, String what, Runnable end) {
        later(node, Actor.CALLER, disks.aside(node, now, calm), " " + what, end);
    }

    Limits limits() {
        return mix.limits;
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
        add(now + nanos, node, meant, null, null, new Event.Deed(node.label() + what, () -> {
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
        int unsynced = node.host().unsynced();
        int kept = (int) ends.between(0, unsynced);
        trace(node.name() + " dies: " + why + ", " + kept + " of " + unsynced
                + " records that were not synced are kept");
        node.host().crash(kept);
        chaos.died(node);
        startLater(node, down);
    }

    private void startLater(SimNode node, long down) {
        later(down, node.name() + " starts", () -> {
            if (!node.up()) {
                pausedUntil[node.number()] = 0;
                node.host().start();
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
        groups.forEach(RunningGroup::calm);
        network.calm();
        stalls.calm();
        lulls.calm();
        replicas.forEach(replica -> replica.disk().full(false));
        nodes().stream().filter(node -> !node.up()).forEach(node -> node.host().start());
    }

    /** When all that was held up by faults has arrived: what waited for the end of a cut or a pause. */
    long settled() {
        long paused = Arrays.stream(pausedUntil).max().orElse(0);
        return Math.max(paused, Math.max(network.lastArrival(), standstills.last()));
    }

    // ---- what is seen from outside

    /** The first group: where there is one only, this is it. */
    SimGroup group() {
        return groups.get(0).group();
    }

    List<RunningGroup> groups() {
        return groups;
    }

    boolean several() {
        return among.count > 1;
    }

    Mix mix() {
        return mix;
    }

    /** The replicas of the first group: one on each machine. */
    List<SimNode> nodes() {
        return groups.get(0).nodes();
    }

    /** The replicas of all groups. */
    List<SimNode> replicas() {
        return replicas;
    }

    LeadershipMix leadership() {
        return leadership;
    }

    Standstills standstills() {
        return standstills;
    }

    Stalls stalls() {
        return stalls;
    }

    Lulls lulls() {
        return lulls;
    }

    Network network() {
        return network;
    }

    /** How many faults there were, without lost and late messages. */
    long faults() {
        return chaos.count() + lulls.stopped() + stalls.count();
    }

    long steps() {
        return steps;
    }

    void trace(String what) {
        trace.add(steps, now, what);
    }
}
