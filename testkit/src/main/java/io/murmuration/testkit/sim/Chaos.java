package io.murmuration.testkit.sim;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Does to the world what the mix allows, one fault after the other. Mutable. */
final class Chaos {
    private static final Set<Fault> EVENTS = EnumSet.of(
            Fault.CUT,
            Fault.ONE_WAY,
            Fault.PAUSE,
            Fault.CRASH,
            Fault.POWER_FAILURE,
            Fault.ACTOR_FAILURE,
            Fault.FULL_DISK,
            Fault.DAMAGE,
            Fault.DAMAGED_SNAPSHOT,
            Fault.WIPE,
            Fault.CLOCK_DRIFT,
            Fault.CLOCK_JUMP);

    /** A third of all cuts, pauses and absences then outlasts an election. */
    private static final int LASTING_TIMEOUTS = 2;

    private final Simulation world;
    private final Mix mix;
    private final SimRandom random;
    private final Hints hints;
    private final List<Fault> events = new ArrayList<>();
    private boolean calm;
    private long count;

    Chaos(Simulation world, Mix mix, SimRandom random, Hints hints) {
        this.world = world;
        this.mix = mix;
        this.random = random;
        this.hints = hints;
        for (Fault fault : EVENTS) {
            if (mix.has(fault)) {
                events.add(fault);
            }
        }
    }

    void begin() {
        hints.begin();
        if (!events.isEmpty()) {
            next();
        }
    }

    void calm() {
        calm = true;
        hints.calm();
    }

    /** How many faults there were, without lost and late messages. */
    long count() {
        return count + hints.count();
    }

    /** Others may learn at once that a process has died. */
    void died(SimNode node) {
        hints.died(node);
    }

    private void next() {
        world.later(random.around(mix.interval), "", () -> {
            if (!calm) {
                if (!world.lulls().now()) {
                    strike(random.pick(events), victim());
                }
                next();
            }
        });
    }

    /** At once, if anything may strike. */
    void disturb() {
        if (!calm && !events.isEmpty()) {
            strike(random.pick(events), victim());
        }
    }

    /** Half of the time a leader: nothing tries a group as much as the loss of its leader. */
    private SimNode victim() {
        List<SimNode> leaders = world.replicas().stream().filter(SimNode::leads).toList();
        boolean leader = random.nextBoolean() && !leaders.isEmpty();
        return random.pick(leader ? leaders : world.replicas());
    }

    private void strike(Fault fault, SimNode node) {
        long lasting = Mix.MILLI + random.around(LASTING_TIMEOUTS * mix.timeout);
        count++;
        switch (fault) {
            case CUT -> cut(2 * lasting);
            case ONE_WAY -> oneWay(node, lasting);
            case PAUSE -> world.pause(node, lasting / 2);
            case CRASH -> world.kill(node, "SIGKILL", lasting);
            case POWER_FAILURE ->
                world.nodes().forEach(each -> world.kill(each, "power failure", lasting / 2 + random.around(lasting)));
            case ACTOR_FAILURE -> failActor(node);
            case FULL_DISK -> fill(node, lasting);
            case DAMAGE -> {
                if (mayLose(node)) {
                    damage(node, lasting);
                }
            }
            case DAMAGED_SNAPSHOT -> {
                if (mayLose(node)) {
                    damageSnapshot(node, lasting);
                }
            }
            case WIPE -> {
                if (mayLose(node)) {
                    wipe(node, lasting);
                }
            }
            case CLOCK_DRIFT -> drift(node, random.between(-mix.driftPpm, mix.driftPpm));
            case CLOCK_JUMP -> jump(node, random.between(-3_600_000, 3_600_000));
            default -> throw new AssertionError(fault + " is no event.");
        }
    }

    /** Each node falls into one of two parts, which do not hear each other; or a leader is left with few or none. */
    private void cut(long lasting) {
        List<SimNode> leaders = world.replicas().stream().filter(SimNode::leads).toList();
        boolean few = random.nextBoolean() && !leaders.isEmpty();
        long sides = few ? withFew(random.pick(leaders)) : random.nextLong();
        StringBuilder words = new StringBuilder("cut ");
        for (SimNode one : world.nodes()) {
            words.append((sides >> one.number() & 1) == 0 ? one.name() + " " : "");
        }
        world.trace(words.append("from the others").toString());
        for (SimNode one : world.nodes()) {
            for (SimNode other : world.nodes()) {
                if ((sides >> one.number() & 1) != (sides >> other.number() & 1)) {
                    world.network().cut(one.number(), other.number(), world.now() + lasting);
                }
            }
        }
    }

    /** A node with less than half of the group: who leads there goes on alone, while others elect another one. */
    private long withFew(SimNode node) {
        int size = world.nodes().size();
        long few = 1L << node.number();
        for (int more = random.nextInt((size + 1) / 2); more > 0; more--) {
            few |= 1L << random.nextInt(size);
        }
        return few;
    }

    private void oneWay(SimNode node, long lasting) {
        int other = random.nextInt(world.nodes().size());
        if (other != node.number()) {
            world.trace("cut " + world.nodes().get(other).name() + " from hearing " + node.name());
            world.network().cut(node.number(), other, world.now() + lasting);
        }
    }

    private void failActor(SimNode node) {
        if (node.up() && node.election() != null) {
            world.trace("an actor of " + node.label() + " fails");
            node.stopReplica("An actor failed.");
        }
    }

    private void fill(SimNode node, long lasting) {
        world.trace("the disk of " + node.name() + " is full for " + lasting / Mix.MILLI + " ms");
        full(node, true);
        world.later(lasting, "the disk of " + node.name() + " has space again", () -> full(node, false));
    }

    private static void full(SimNode node, boolean now) {
        node.host().nodes().forEach(each -> each.disk().full(now));
    }

    /** A majority must keep its disks, and nobody loses one before the group is founded on all of them. */
    private boolean mayLose(SimNode node) {
        for (RunningGroup group : world.groups()) {
            SimNode each = group.node(node.name());
            if (each.lost() || !group.witness().founded() || !group.operators().survives(each)) {
                return false;
            }
        }
        return true;
    }

    private void damage(SimNode node, long down) {
        world.trace("a record of " + node.name() + " is damaged");
        // The groups share a journal: none can read on behind what is damaged.
        for (SimNode each : node.host().nodes()) {
            each.lose();
            each.disk().damage();
        }
        world.kill(node, "its machine restarts", down);
    }

    private void damageSnapshot(SimNode node, long down) {
        world.trace("the newest snapshot of " + node.label() + " is damaged");
        node.disk().damageSnapshot();
        if (random.nextBoolean()) {
            world.kill(node, "its machine restarts", down);
        }
    }

    private void wipe(SimNode node, long down) {
        world.kill(node, "its machine is replaced", down);
        world.trace("the disk of " + node.name() + " is lost");
        node.host().nodes().forEach(SimNode::lose);
        node.host().wipe();
    }

    private void drift(SimNode node, long ppm) {
        world.trace("the clock of " + node.name() + " drifts by " + ppm + " ppm");
        node.clock().drift(ppm, world.now());
    }

    private void jump(SimNode node, long millis) {
        world.trace("the wall clock of " + node.name() + " jumps by " + millis + " ms");
        node.clock().jump(millis);
    }
}
