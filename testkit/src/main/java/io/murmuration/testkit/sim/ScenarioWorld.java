package io.murmuration.testkit.sim;

import io.murmuration.core.election.Effect.Fence;
import io.murmuration.core.election.Role;
import io.murmuration.core.model.LostPatience;
import io.murmuration.testkit.sim.ScenarioLocals.Local;
import io.murmuration.testkit.sim.ScenarioLocals.Path;
import io.murmuration.testkit.sim.ScenarioNetwork.Letter;
import io.murmuration.testkit.sim.ScenarioTimers.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A world in which nothing happens by itself: messages between nodes lie where they are until a script delivers or
 * drops them, and time stands still. What actors of one node say to each other arrives at once, and disks sync at once,
 * unless the script holds them. Mutable, for one thread; the same script leads to the same, always.
 */
final class ScenarioWorld implements World {
    /** T of every scenario. */
    static final Duration ELECTION_TIMEOUT = Duration.ofMillis(500);

    private static final long SEED = 1;
    private static final int ROUNDS_MAX = 10_000;
    private static final int STEPS_MAX = 100_000;

    private final SimGroup group;
    private final ScenarioCalls calls = new ScenarioCalls();
    private final ScenarioTold told;
    private final ScenarioWords words;
    private final ScenarioWitness witness;
    private final ScenarioNetwork network = new ScenarioNetwork();
    private final List<SimNode> nodes = new ArrayList<>();
    private final List<ScenarioLocals> locals = new ArrayList<>();
    private final ScenarioTimers timers = new ScenarioTimers();
    private final ScenarioHearsay hearsay;
    private Limits limits = Limits.WIDE;
    private long fences;
    private long now;

    ScenarioWorld(List<String> names, int founders, ScenarioTold told) {
        this.group = SimGroup.of(names, Registers.machine(), ELECTION_TIMEOUT, List.of())
                .foundedBy(founders);
        this.told = told;
        this.words = new ScenarioWords(group.codec());
        this.hearsay = new ScenarioHearsay(told, words);
        this.witness = new ScenarioWitness(
                new Watch(group, Sleepers.undisturbed(group.names().size()), calls, call -> {}), told, words);
        SimRandom root = new SimRandom(SEED);
        for (int number = 0; number < names.size(); number++) {
            nodes.add(SimNode.alone(number, this, group, root.split()));
            locals.add(new ScenarioLocals());
        }
    }

    // ---- what nodes need

    @Override
    public long now() {
        return now;
    }

    @Override
    public void post(SimNode node, Actor from, Actor to, Object message) {
        if (message instanceof Fence) {
            fences++;
        }
        Path path = new Path(from, to);
        ScenarioLocals inside = locals(node);
        if (inside.holds(path)) {
            told.happened(node.name(), to.word(), "does not hear yet from " + from.word() + ": " + local(message));
        }
        inside.add(new Local(path, node.lifeOf(to), message));
    }

    @Override
    public void transmit(SimNode node, Actor from, String other, Actor to, Message.Wire message) {
        Letter letter = new Letter(node, node(other), to, message);
        if (network.isCut(node.name(), other)) {
            hearsay.tell(letter, false);
        } else {
            network.add(letter);
        }
    }

    @Override
    public void wake(SimNode node, Actor actor, long local) {
        timers.add(new Timer(node, actor, node.lifeOf(actor), local, false));
    }

    @Override
    public void sync(SimNode node) {
        locals(node).sync();
    }

    @Override
    public void recover(SimNode node) {
        deed(node, () -> {
            witness.reading(true);
            node.recovered();
            witness.reading(false);
        });
    }

    @Override
    public void startAnew(SimNode node) {
        deed(node, node::begin);
    }

    @Override
    public void askAgain(SimNode node) {
        long local = node.nanos() + ELECTION_TIMEOUT.toNanos() / 2;
        timers.add(new Timer(node, Actor.GROUP, node.lifeOf(Actor.STORE), local, true));
    }

    @Override
    public void aside(SimNode node, String what, Runnable end) {
        Path path = new Path(Actor.SNAPSHOTS, Actor.STORE);
        locals(node).add(new Local(path, node.lifeOf(Actor.GATEWAY), new ScenarioLocals.Aside(what, end)));
    }

    @Override
    public void beforeEffect(SimNode node) {
        // Scripts crash nodes between messages: by holding what an actor says, also between two effects.
    }

    @Override
    public boolean deletes(SimNode node) {
        return locals(node).deletesByItself();
    }

    @Override
    public Limits limits() {
        return limits;
    }

    @Override
    public Witness witness() {
        return witness;
    }

    private void deed(SimNode node, Runnable act) {
        locals(node).add(new Local(new Path(Actor.STORE, Actor.STORE), node.lifeOf(Actor.STORE), act));
    }

    // ---- inside a node

    /** The script does something to a node, and all that follows inside it happens. */
    void act(SimNode node, Runnable act) {
        step(node, act);
        settle(node);
    }

    private void step(SimNode node, Runnable act) {
        Set<Long> held = Set.copyOf(node.disk().snapshots().keySet());
        try {
            act.run();
            hearsay.tellSnapshots(node, held);
        } catch (RuntimeException thrown) {
            if (!(thrown instanceof LostPatience)) {
                throw new Violation("CORE", String.valueOf(thrown.getMessage()), thrown);
            }
            told.happened(node.name(), Actor.GROUP.word(), "stops its replica: " + thrown.getMessage());
            node.stopReplica(String.valueOf(thrown.getMessage()));
        }
        witness.stepped(node);
    }

    void settle(SimNode node) {
        ScenarioLocals inside = locals(node);
        for (int steps = 0; steps < STEPS_MAX; steps++) {
            Local next = inside.next();
            if (next != null) {
                hear(node, next);
            } else if (!inside.flushesByItself() || !inside.takeSync()) {
                return;
            } else {
                synced(node);
            }
        }
        throw new IllegalStateException(node.name() + " does not become quiet.");
    }

    private void hear(SimNode node, Local local) {
        if (local.message() instanceof ScenarioLocals.Aside aside) {
            step(node, aside.end());
            return;
        }
        Actor to = local.path().to();
        if (local.life() != node.lifeOf(to)) {
            return;
        }
        if (local.message() instanceof Runnable deed) {
            step(node, deed);
        } else if (node.hears(to)) {
            hearsay.tell(node, to, local.message());
            step(node, () -> node.receive(to, local.message()));
        }
    }

    /** Delivers one message of a path inside the node, then what follows from it. */
    boolean hearOne(SimNode node, Path path) {
        Local local = locals(node).next(path);
        if (local == null) {
            return false;
        }
        told.happened(
                node.name(), path.to().word(), "hears from " + path.from().word() + ": " + local(local.message()));
        hear(node, local);
        settle(node);
        return true;
    }

    private String local(Object message) {
        return message instanceof Message.Wire wire ? words.of(wire.body()) : ScenarioHearsay.inside(message);
    }

    /** Syncs the disk once: what was written before that sync began. Returns false if there was nothing to do. */
    boolean flush(SimNode node) {
        if (!locals(node).takeSync()) {
            return false;
        }
        synced(node);
        settle(node);
        return true;
    }

    private void synced(SimNode node) {
        int before = node.disk().deleted();
        step(node, node.host()::synced);
        int deleted = node.disk().deleted() - before;
        if (deleted > 0) {
            told.happened(node.name(), Actor.STORE.word(), "deletes " + deleted + " records that it needs no more");
        }
    }

    void crash(SimNode node, int kept) {
        node.host().crash(kept);
        locals(node).clear();
        timers.forget(node);
    }

    void wipe(SimNode node) {
        node.disk().wipe();
        node.lose();
        witness.wiped(node);
    }

    // ---- between nodes

    void deliver(Letter letter, boolean keep) {
        if (!keep) {
            network.take(letter);
        }
        boolean hears = letter.to().hears(letter.actor());
        hearsay.tell(letter, hears);
        if (hears) {
            act(letter.to(), () -> letter.to().receive(letter.actor(), letter.message()));
        }
    }

    void drop(Letter letter) {
        network.take(letter);
        hearsay.tell(letter, false);
    }

    /** Delivers all that is meant and not held, and what follows from it, until nothing is left. */
    void stabilize(Predicate<Letter> meant) {
        for (int rounds = 0; rounds < ROUNDS_MAX; rounds++) {
            List<Letter> lying = network.lying(meant, false);
            if (lying.isEmpty()) {
                return;
            }
            told.newRound();
            lying.forEach(letter -> deliver(letter, false));
        }
        throw new IllegalStateException("The nodes do not become quiet.");
    }

    // ---- time

    /** Time passes for these nodes alone: their timers ring, each when it is due, and nothing is delivered. */
    void tick(List<SimNode> meant, long nanos) {
        for (SimNode node : meant) {
            long end = node.nanos() + nanos;
            Timer next = timers.next(node, end);
            while (next != null) {
                ring(next);
                next = timers.next(node, end);
            }
            node.clock().advance(end - node.nanos());
        }
    }

    /** Time passes for all, and whatever is neither cut nor held is delivered at once. */
    void run(long nanos) {
        long begin = now;
        stabilize(letter -> true);
        Timer next = timers.next(begin + nanos, now);
        while (next != null) {
            now = Math.max(now, ScenarioTimers.due(next, now));
            told.at(now - begin);
            ring(next);
            stabilize(letter -> true);
            next = timers.next(begin + nanos, now);
        }
        now = begin + nanos;
    }

    /**
     * This node's time passes until its Election stands for election; nobody else's does.
     *
     * @return whether it has
     */
    boolean campaign(SimNode node) {
        long before = fences;
        long end = node.nanos() + 2 * ELECTION_TIMEOUT.toNanos();
        Timer next = timers.next(node, end);
        while (next != null) {
            ring(next);
            if (fences > before) {
                return true;
            }
            next = timers.next(node, end);
        }
        return false;
    }

    private void ring(Timer timer) {
        timers.take(timer);
        SimNode node = timer.node();
        node.clock().advance(Math.max(0, timer.local() - node.nanos()));
        told.newRound();
        act(node, () -> {
            if (timer.asks()) {
                node.receive(Actor.GROUP, new Message.AskAgain());
            } else {
                node.wake(timer.actor());
            }
        });
    }

    // ---- what commands ask for

    SimGroup group() {
        return group;
    }

    List<SimNode> nodes() {
        return nodes;
    }

    SimNode node(String name) {
        int number = group.names().indexOf(name);
        if (number < 0) {
            throw new IllegalArgumentException(
                    "There is no node " + name + "; the nodes are " + String.join(", ", group.names()) + ".");
        }
        return nodes.get(number);
    }

    ScenarioLocals locals(SimNode node) {
        return locals.get(node.number());
    }

    ScenarioNetwork network() {
        return network;
    }

    ScenarioCalls calls() {
        return calls;
    }

    ScenarioWords words() {
        return words;
    }

    ScenarioHearsay hearsay() {
        return hearsay;
    }

    /** The bounds of replicas that start from now on. */
    void limits(Limits next) {
        limits = next;
    }

    /** Whether the node's Election leads; a node that does not run has no role. */
    static boolean leads(SimNode node) {
        var election = node.election();
        return election != null && election.view(node.nanos()).role() == Role.LEADER;
    }
}
