package io.murmuration.testkit.sim;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lets disks, folds, Logs and the way of the log stand still, and stops processes in order. Mutable. Beside
 * {@link Chaos}, with a randomness of its own, so that worlds without these faults are what they were.
 */
final class Stalls {
    private static final Set<Fault> EVENTS = EnumSet.of(
            Fault.STALLED_DISK, Fault.HUNG_FOLD, Fault.HUNG_LOG, Fault.GREY_PATH, Fault.STEADY_DISK, Fault.RETIREMENT);
    /** What ends by itself has ended by then, in election time-outs. */
    private static final int LASTING_MAX = 16;
    /** So many reads in T are asked of a leader that has leases. */
    private static final int READS = 15;
    /** Who is stopped in order waits no longer than this, as in production. */
    private static final long FAREWELL = 3 * Mix.SECOND;

    private final Simulation world;
    private final LeadershipMix drawn;
    private final Standstills standstills;
    private final Disks disks;
    private final SimRandom random;
    private final long timeout;
    private final List<Fault> events = new ArrayList<>();
    /** By which replicas a process that is stopped in order is still waited for. */
    private final Set<SimNode> awaited = new HashSet<>();

    private boolean calm;
    private long count;

    Stalls(Simulation world, LeadershipMix drawn, Standstills standstills, Disks disks, SimRandom random) {
        this.world = world;
        this.drawn = drawn;
        this.standstills = standstills;
        this.disks = disks;
        this.random = random;
        this.timeout = world.group().electionTimeout().toNanos();
        events.addAll(EVENTS);
        events.retainAll(drawn.faults);
    }

    void begin() {
        if (!events.isEmpty()) {
            next();
        }
        world.groups().get(0).leadership().begin();
        if (drawn.has(Fault.LEASE_READS)) {
            readNext();
        }
    }

    /** Whoever believes to lead is asked often: a lease that is too long is so for a moment only. */
    private void readNext() {
        world.later(random.around(timeout / READS), "", () -> {
            if (!calm) {
                if (!world.lulls().now()) {
                    world.replicas().stream()
                            .filter(SimNode::leads)
                            .forEach(node -> callersOf(node).read(node, 2 * timeout));
                }
                readNext();
            }
        });
    }

    private Callers callersOf(SimNode node) {
        return world.groups().get(node.place()).callers();
    }

    /** What would stand still for ever is started anew by its operator, and so is who is being stopped. */
    void calm() {
        calm = true;
        for (SimNode node : world.replicas()) {
            if (standstills.forEver(node, world.now()) || node.leaving()) {
                world.kill(node, "its operator starts it anew", Mix.MILLI);
            }
        }
    }

    long count() {
        return count;
    }

    private void next() {
        world.later(random.around(drawn.interval), "", () -> {
            if (!calm) {
                if (!world.lulls().now()) {
                    strike(random.pick(events), victim());
                }
                next();
            }
        });
    }

    /** At once, where anything stands still. */
    void disturb() {
        if (!calm && !events.isEmpty()) {
            strike(random.pick(events), victim());
        }
    }

    /** Mostly a leader: nobody minds much if a follower stands still. */
    private SimNode victim() {
        List<SimNode> leaders = world.replicas().stream().filter(SimNode::leads).toList();
        boolean leader = random.chance(0.7) && !leaders.isEmpty();
        return random.pick(leader ? leaders : world.replicas());
    }

    private void strike(Fault fault, SimNode node) {
        long lasting = timeout / 2 + Math.min(random.around(6 * timeout), LASTING_MAX * timeout);
        boolean forEver = random.chance(0.3);
        boolean anyway = random.chance(0.2);
        boolean others = world.replicas().stream().anyMatch(other -> standstills.any(other, world.now()));
        if (!node.up() || (drawn.alone != null && others && !anyway)) {
            return;
        }
        count++;
        long end = forEver ? Standstills.FOR_EVER : world.now() + lasting;
        switch (fault) {
            case STALLED_DISK -> stand(node, Actor.STORE, end);
            case HUNG_FOLD -> stand(node, Actor.MACHINE, end);
            case HUNG_LOG -> stand(node, Actor.LOG, end);
            case STEADY_DISK -> {
                world.trace("the disk of " + node.name() + " is slow for " + lasting / Mix.MILLI + " ms");
                disks.slow(node, world.now() + lasting);
            }
            case GREY_PATH -> grey(node, world.now() + lasting);
            case RETIREMENT -> retire(node);
            default -> throw new AssertionError(fault + " is no event.");
        }
    }

    private void stand(SimNode node, Actor actor, long end) {
        String lasting = end == Standstills.FOR_EVER ? "for ever" : "for " + (end - world.now()) / Mix.MILLI + " ms";
        world.trace("the " + actor.word() + " of " + node.name() + " stands still " + lasting);
        standstills.begin(node, actor, world.now(), end);
    }

    /** Heartbeats go on, and what carries the log does not: from a node, to it, or both. */
    private void grey(SimNode node, long until) {
        boolean out = random.nextBoolean();
        boolean in = !out || random.nextBoolean();
        world.trace("the log is not carried " + (out ? in ? "from and to " : "from " : "to ") + node.name() + " for "
                + (until - world.now()) / Mix.MILLI + " ms");
        for (SimNode other : world.nodes()) {
            if (other != node && out) {
                world.network().grey(node.number(), other.number(), until);
            }
            if (other != node && in) {
                world.network().grey(other.number(), node.number(), until);
            }
        }
    }

    private void retire(SimNode node) {
        world.trace(node.name() + " is stopped in order");
        List<SimNode> all = node.host().nodes();
        awaited.removeAll(all);
        for (SimNode each : all) {
            world.groups().get(each.place()).leadership().retires(each);
            if (each.retire()) {
                awaited.add(each);
            }
        }
        if (all.stream().anyMatch(awaited::contains)) {
            long patience = Math.min(2 * timeout, FAREWELL);
            world.later(node, Actor.CALLER, patience, " has nobody to hand over to in time", () -> stopped(node));
        } else {
            stopped(node);
        }
    }

    /** One group of a process that is stopped in order has another leader, or need not have one. */
    void relieved(SimNode node) {
        awaited.remove(node);
        if (node.host().nodes().stream().noneMatch(awaited::contains)) {
            stopped(node);
        }
    }

    /** The process of a node that was stopped in order ends. */
    private void stopped(SimNode node) {
        node.host()
                .nodes()
                .forEach(each -> world.groups().get(each.place()).leadership().stopped(each));
        world.kill(node, "it was stopped in order", Mix.MILLI + random.around(2 * timeout));
    }
}
