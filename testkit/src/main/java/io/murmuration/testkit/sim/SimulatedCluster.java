package io.murmuration.testkit.sim;

import io.murmuration.machine.StateMachine;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A group that runs in one thread with virtual time: the cores of production, and around them a network, disks, clocks
 * and processes that fail as a seed decides. After every step the invariants of Raft and of this framework are checked,
 * and what callers were told; when the faults have ended, the group must recover.
 *
 * <pre>{@code
 * SimulatedCluster.of(machine).nodes(5).seed(42).run((random, caller) -> new Add(random.nextInt(10)));
 * }</pre>
 *
 * <p>Immutable; {@link #run} may be called by many threads at once. A run of a seed is the same in every process. The
 * machine must be deterministic, as always: a fold that reads a clock is found out here.
 *
 * @param <S> the type of the state; it needs an {@code equals} that compares contents
 * @since 0.1.0
 */
public final class SimulatedCluster<S> {
    private final StateMachine<S> machine;
    private final long seed;
    private final int nodes;
    private final int callers;
    private final Set<Fault> faults;
    private final Duration lasting;
    private final Duration electionTimeout;
    private final @Nullable Consumer<String> trace;

    private SimulatedCluster(
            StateMachine<S> machine,
            long seed,
            int nodes,
            int callers,
            Set<Fault> faults,
            Duration lasting,
            Duration electionTimeout,
            @Nullable Consumer<String> trace) {
        this.machine = machine;
        this.seed = seed;
        this.nodes = nodes;
        this.callers = callers;
        this.faults = faults;
        this.lasting = lasting;
        this.electionTimeout = electionTimeout;
        this.trace = trace;
    }

    /**
     * Five nodes, four callers, all faults for ten seconds of simulated time, seed 1, an election time-out of 500 ms.
     *
     * @param machine the machine that is replicated
     * @param <S> the type of the state
     * @return a cluster that has not run yet
     */
    public static <S> SimulatedCluster<S> of(StateMachine<S> machine) {
        return new SimulatedCluster<>(
                machine, 1, 5, 4, EnumSet.allOf(Fault.class), Duration.ofSeconds(10), Duration.ofMillis(500), null);
    }

    /**
     * Decides all that is left to chance.
     *
     * @param chosen any number
     * @return the same cluster with that seed
     */
    public SimulatedCluster<S> seed(long chosen) {
        return new SimulatedCluster<>(machine, chosen, nodes, callers, faults, lasting, electionTimeout, trace);
    }

    /**
     * How many nodes the group has.
     *
     * @param count from 1 to 9
     * @return the same cluster of that size
     * @throws IllegalArgumentException for another count
     */
    public SimulatedCluster<S> nodes(int count) {
        require(count >= 1 && count <= 9, "A simulated group has 1 to 9 nodes, not " + count + ".");
        return new SimulatedCluster<>(machine, seed, count, callers, faults, lasting, electionTimeout, trace);
    }

    /**
     * How many callers ask at the same time.
     *
     * @param count at least 1
     * @return the same cluster with so many callers
     * @throws IllegalArgumentException for less
     */
    public SimulatedCluster<S> callers(int count) {
        require(count >= 1, "Somebody must ask: a simulation has at least 1 caller, not " + count + ".");
        return new SimulatedCluster<>(machine, seed, nodes, count, faults, lasting, electionTimeout, trace);
    }

    /**
     * What may go wrong; which of it does, and how often, is drawn from the seed.
     *
     * @param allowed the faults; none for a world in which nothing fails
     * @return the same cluster with these faults
     */
    public SimulatedCluster<S> faults(Fault... allowed) {
        Set<Fault> chosen = EnumSet.noneOf(Fault.class);
        chosen.addAll(List.of(allowed));
        return new SimulatedCluster<>(machine, seed, nodes, callers, chosen, lasting, electionTimeout, trace);
    }

    /**
     * How long faults last.
     *
     * @param simulated time of the simulated world, at most an hour; the recovery comes on top of it
     * @return the same cluster with that time
     * @throws IllegalArgumentException if it is not positive, or longer
     */
    public SimulatedCluster<S> lasting(Duration simulated) {
        require(
                !simulated.isNegative() && !simulated.isZero() && simulated.compareTo(Duration.ofHours(1)) <= 0,
                "Faults last for a positive time of at most one hour, not " + simulated + ".");
        return new SimulatedCluster<>(machine, seed, nodes, callers, faults, simulated, electionTimeout, trace);
    }

    /**
     * The election time-out, T. What faults do lasts as long as they compare with it: cuts, pauses, late messages, slow
     * syncs. Healthy messages and syncs take the same time whatever it is, so a short one has more elections in a
     * second, and more that comes between.
     *
     * @param timeout 50 ms to 10 s
     * @return the same cluster with that time-out
     * @throws IllegalArgumentException if it is shorter or longer
     */
    public SimulatedCluster<S> electionTimeout(Duration timeout) {
        require(
                timeout.toMillis() >= 50 && timeout.toSeconds() <= 10,
                "An election time-out of a simulation is 50 ms to 10 s, not " + timeout + ".");
        return new SimulatedCluster<>(machine, seed, nodes, callers, faults, lasting, timeout, trace);
    }

    /**
     * Who is given each event in words, one aligned line each; slow.
     *
     * @param listener called by the thread that runs
     * @return the same cluster with a listener
     */
    public SimulatedCluster<S> trace(Consumer<String> listener) {
        return new SimulatedCluster<>(machine, seed, nodes, callers, faults, lasting, electionTimeout, listener);
    }

    /**
     * Runs the world of the seed to its end.
     *
     * @param workload what callers ask for
     * @return what happened
     * @throws Violation if an invariant does not hold, or the group does not recover
     */
    public Report run(Workload workload) {
        SimCodec codec = new SimCodec();
        List<String> names =
                IntStream.rangeClosed(1, nodes).mapToObj(number -> "n" + number).toList();
        SimGroup group = new SimGroup(names, machine, codec, electionTimeout, 64L << 20, 16L << 20);
        Trace lines = new Trace(trace);
        Simulation world = new Simulation(group, faults, callers, workload, seed, lines);
        try {
            world.run(lasting.toNanos());
        } catch (Violation violation) {
            throw violation.told(seed, world, lines);
        }
        return Report.of(seed, world, lines.digest());
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "SimulatedCluster[seed=%d nodes=%d faults=%s]", seed, nodes, faults);
    }
}
