package io.murmuration.testkit.sim;

import io.murmuration.machine.StateMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
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
 * <p>A value: each method that changes something returns a copy. {@link #run} may be called by many threads at once. A
 * run of a seed is the same in every process. The machine must be deterministic, as always: a fold that reads a clock
 * is found out here.
 *
 * @param <S> the type of the state; it needs an {@code equals} that compares contents
 * @since 0.1.0
 */
public final class SimulatedCluster<S> {
    private final StateMachine<S> machine;
    // Written by changed() only, before anybody else sees the copy.
    private long seed = 1;
    private int nodes = 5;
    private int callers = 4;
    /** Zero: one, or several in some worlds. */
    private int groups;

    private Set<Fault> faults = EnumSet.allOf(Fault.class);
    private Duration lasting = Duration.ofSeconds(10);
    private Duration electionTimeout = Duration.ofMillis(500);
    private List<Law> laws = List.of();
    private @Nullable Consumer<String> trace;
    private @Nullable Consumer<Call> calls;

    private SimulatedCluster(StateMachine<S> machine) {
        this.machine = machine;
    }

    private SimulatedCluster<S> changed(Consumer<SimulatedCluster<S>> change) {
        SimulatedCluster<S> copy = new SimulatedCluster<>(machine);
        copy.seed = seed;
        copy.nodes = nodes;
        copy.callers = callers;
        copy.groups = groups;
        copy.faults = faults;
        copy.lasting = lasting;
        copy.electionTimeout = electionTimeout;
        copy.laws = laws;
        copy.trace = trace;
        copy.calls = calls;
        change.accept(copy);
        return copy;
    }

    /**
     * Five nodes, four callers, all faults for ten seconds of simulated time, seed 1, an election time-out of 500 ms.
     *
     * @param machine the machine that is replicated
     * @param <S> the type of the state
     * @return a cluster that has not run yet
     */
    public static <S> SimulatedCluster<S> of(StateMachine<S> machine) {
        return new SimulatedCluster<>(machine);
    }

    /**
     * Decides all that is left to chance.
     *
     * @param chosen any number
     * @return the same cluster with that seed
     */
    public SimulatedCluster<S> seed(long chosen) {
        return changed(copy -> copy.seed = chosen);
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
        return changed(copy -> copy.nodes = count);
    }

    /**
     * How many callers ask at the same time. In one world of eight there is a crowd of up to 64 times as many, with
     * commands that weigh more, so that bounds are reached too.
     *
     * @param count at least 1
     * @return the same cluster with so many callers
     * @throws IllegalArgumentException for less
     */
    public SimulatedCluster<S> callers(int count) {
        require(count >= 1, "Somebody must ask: a simulation has at least 1 caller, not " + count + ".");
        return changed(copy -> copy.callers = count);
    }

    /**
     * How many groups run on the same nodes, each of this machine. By default there is one in three worlds of four, and
     * two to four in the others: they share processes, clocks, disks and links, and nothing else. Laws must hold in
     * each.
     *
     * @param count from 1 to 8, in every world
     * @return the same cluster with so many groups
     * @throws IllegalArgumentException for another count
     */
    public SimulatedCluster<S> groups(int count) {
        require(
                count >= 1 && count <= GroupMix.GROUPS_MAX,
                "A simulated world has 1 to " + GroupMix.GROUPS_MAX + " groups, not " + count + ".");
        return changed(copy -> copy.groups = count);
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
        return changed(copy -> copy.faults = chosen);
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
        return changed(copy -> copy.lasting = simulated);
    }

    /**
     * T: how long a follower waits for its leader before it stands for election itself.
     *
     * @param timeout from 100 ms to one minute
     * @return the same cluster with that time-out
     * @throws IllegalArgumentException for another time
     */
    public SimulatedCluster<S> electionTimeout(Duration timeout) {
        require(
                timeout.toMillis() >= 100 && timeout.compareTo(Duration.ofMinutes(1)) <= 0,
                "An election time-out lasts from 100 ms to one minute, not " + timeout + ".");
        return changed(copy -> copy.electionTimeout = timeout);
    }

    /**
     * What must be true of every state, whatever goes wrong.
     *
     * @param what in words, for the violation
     * @param holds is asked after each command that took effect
     * @return the same cluster with one more law
     */
    public SimulatedCluster<S> always(String what, Predicate<? super S> holds) {
        List<Law> more = new ArrayList<>(laws);
        more.add(new Law(what, untyped(holds)));
        return changed(copy -> copy.laws = List.copyOf(more));
    }

    @SuppressWarnings("unchecked") // the machine of this cluster makes no other states
    private static <S> Predicate<Object> untyped(Predicate<? super S> holds) {
        return (Predicate<Object>) holds;
    }

    /**
     * Who is given each event in words, one aligned line each; slow.
     *
     * @param listener called by the thread that runs
     * @return the same cluster with a listener
     */
    public SimulatedCluster<S> trace(Consumer<String> listener) {
        return changed(copy -> copy.trace = listener);
    }

    /**
     * Who is told of all calls when a run has ended, with or without a violation: group by group, in the order in which
     * they were made.
     *
     * @param listener called by the thread that runs
     * @return the same cluster with a listener
     */
    public SimulatedCluster<S> calls(Consumer<Call> listener) {
        return changed(copy -> copy.calls = listener);
    }

    /**
     * Runs the world of the seed to its end.
     *
     * @param workload what callers ask for
     * @return what happened
     * @throws Violation if an invariant does not hold, or the group does not recover
     */
    public Report run(Workload workload) {
        List<String> names =
                IntStream.rangeClosed(1, nodes).mapToObj(number -> "n" + number).toList();
        SimGroup group = SimGroup.of(names, machine, electionTimeout, laws);
        Trace lines = new Trace(trace);
        Simulation world = new Simulation(group, groups, faults, callers, workload, seed, lines);
        try {
            world.run(lasting.toNanos());
        } catch (Violation violation) {
            Violation told = violation.told(seed, toString(), world, lines);
            try {
                tell(world);
            } catch (RuntimeException thrown) {
                told.addSuppressed(thrown);
            }
            throw told;
        } catch (IllegalArgumentException refused) {
            throw refused;
        } catch (RuntimeException | AssertionError | StackOverflowError broken) {
            throw new IllegalStateException(
                    "The simulation itself broke, and says nothing about the group: " + this + ", step " + world.steps()
                            + ": " + broken,
                    broken);
        }
        tell(world);
        return Report.of(seed, world, lines.digest());
    }

    private void tell(Simulation world) {
        Consumer<Call> listener = calls;
        if (listener != null) {
            for (RunningGroup group : world.groups()) {
                String name = group.group().name();
                group.callers().history().forEach(call -> listener.accept(Call.of(name, call)));
            }
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    @Override
    public String toString() {
        return "seed " + seed + ", " + nodes + " nodes, " + callers + " callers, "
                + (groups == 0 ? "" : groups + " groups, ") + "faults for " + lasting + " of "
                + faults + ", election time-out " + electionTimeout;
    }
}
