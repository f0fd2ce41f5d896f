package io.murmuration.testkit.sim;

import io.murmuration.core.apply.MachineSettings;
import io.murmuration.core.apply.Sessions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * How unkind one world is: drawn from its seed. One world in eight is quiet; in the others each kind of fault is there
 * or not (swarm testing, Groce and others 2012: a mix of everything hides what a mix of few finds), and rare or not.
 */
final class Mix {
    static final long MICRO = 1_000;
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000_000_000;

    private static final double ORDERED = 0.4;
    /** Whoever names so few kinds of fault wants to see most of them at once. */
    private static final int FEW = 5;

    private static final double NAMED = 0.8;
    private static final List<Double> DENSITIES = List.of(0.08, 0.15, 0.3, 0.6);

    /** T in nanoseconds. What hurts by lasting long is measured in it, so that it hurts a group with any T. */
    final long timeout;

    final Set<Fault> faults = EnumSet.noneOf(Fault.class);
    final double loss;
    final double delay;
    final double twice;
    final double late;
    final double slowSync;
    final double failingSync;
    final double crashBetweenEffects;
    /** Whether a message that meets a cut link waits for its end instead of being lost, as in a full TCP buffer. */
    final double keptAtCut;
    /** The mean time between two faults of the world. */
    final long interval;
    /** The longest usual time of a message between actors of one node: on a loaded machine they overtake each other. */
    final long step;
    /** The usual time of a message between nodes, and of a sync. */
    final long hop;

    final long sync;
    final long driftPpm;
    /** How many callers stand where the user asked for one: in some worlds there is a crowd. */
    final int crowd;
    /** How many bytes each command weighs: in some worlds a message holds few of them, and bounds are reached. */
    final int weight;
    /** Whether leaders replace members that have lost their disks by themselves, where members change at all. */
    final boolean replacesLost;
    /** In most worlds snapshots are taken often, in some there is little room for the log, and sessions expire soon. */
    final Limits limits;

    /** What operators do is drawn behind all the rest. */
    private static final Set<Fault> ORDERS = EnumSet.of(Fault.CHANGE_MEMBERS, Fault.HAND_OVER);

    private static final Set<Fault> FAULTS = EnumSet.range(Fault.LOSS, Fault.CLOCK_JUMP);

    Mix(Set<Fault> allowed, long timeout, SimRandom random) {
        this.timeout = timeout;
        boolean quiet = random.chance(0.125);
        // In many worlds few kinds of fault strike often: a rare story must not be cut short by all the others.
        double drawnDensity = random.pick(DENSITIES);
        double density = allowed.size() <= FEW ? NAMED : drawnDensity;
        for (Fault fault : FAULTS) {
            boolean drawn = random.chance(density) && !quiet;
            if (drawn && allowed.contains(fault)) {
                faults.add(fault);
            }
        }
        loss = rate(Fault.LOSS, 0.002, 0.2, random);
        delay = rate(Fault.DELAY, 0.002, 0.2, random);
        twice = rate(Fault.DOUBLE, 0.002, 0.2, random);
        late = rate(Fault.SLOW_MAILBOX, 0.001, 0.05, random);
        slowSync = rate(Fault.SLOW_DISK, 0.01, 0.3, random);
        failingSync = rate(Fault.FAILING_SYNC, 0.0001, 0.002, random);
        crashBetweenEffects = rate(Fault.CRASH_BETWEEN_EFFECTS, 0.00002, 0.002, random);
        keptAtCut = random.nextDouble();
        step = Math.max(20 * MICRO, (long) rate(Fault.SLOW_MAILBOX, 20 * MICRO, timeout / 5.0, random));
        interval = random.between(timeout / 10, 2 * timeout);
        hop = random.between(50 * MICRO, 2 * MILLI);
        sync = random.between(100 * MICRO, 4 * MILLI);
        driftPpm = has(Fault.CLOCK_DRIFT) ? random.between(100, 100_000) : 0;
        boolean crowded = random.chance(0.125);
        crowd = crowded ? random.nextInt(4, 65) : 1;
        weight = crowded && random.nextBoolean() ? random.nextInt(1_000, 50_000) : 0;
        limits =
                limits(crowded && random.nextBoolean() ? 100_000 + 4L * weight : Limits.WIDE.gatewayBytesMax(), random);
        replacesLost = random.nextBoolean();
        for (Fault order : ORDERS) {
            if (random.chance(ORDERED) && allowed.contains(order)) {
                faults.add(order);
            }
        }
    }

    private Limits limits(long gatewayBytesMax, SimRandom random) {
        boolean snapshots = random.chance(0.75);
        long every = (long) (500 * StrictMath.pow(40, random.nextDouble()));
        long tail = random.chance(0.7) ? 0 : random.around(every);
        boolean narrow = random.chance(0.25);
        long least = 300_000 + 40L * weight + 4 * (every + tail);
        int chunk = random.nextInt(200, 3_000);
        long hashEvery = random.nextInt(8, 128);
        Duration idle = Duration.ofMillis(random.nextInt(1_000, 6_000));
        boolean expire = random.chance(0.25);
        MachineSettings machine = MachineSettings.DEFAULT
                .withHashEvery(hashEvery)
                .withSnapshotBytes(snapshots ? every : Limits.WIDE.machine().snapshotBytes());
        if (expire) {
            machine = machine.withSessions(new Sessions.Bounds(Sessions.SESSIONS_MAX, Sessions.BYTES_MAX, idle));
        }
        return new Limits(
                gatewayBytesMax, snapshots && narrow ? least : Limits.WIDE.logBytesMax(), tail, chunk, machine);
    }

    /** How many of all nodes found the group: where members change, some wait to be added. */
    int founders(int all, SimRandom random) {
        return has(Fault.CHANGE_MEMBERS) ? 1 + random.nextInt(all) : all;
    }

    boolean has(Fault fault) {
        return faults.contains(fault);
    }

    /** Drawn also where it is not used, so that one kind of fault more or less does not move the others. */
    private double rate(Fault fault, double least, double most, SimRandom random) {
        double drawn = least * StrictMath.pow(most / least, random.nextDouble());
        return has(fault) ? drawn : 0;
    }
}
