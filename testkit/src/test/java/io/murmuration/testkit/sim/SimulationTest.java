package io.murmuration.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.StateMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The simulator itself, and the group in it. Three minutes are what the seeds of each build may take on two cores. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class SimulationTest {
    private static final long SEEDS = Long.getLong("murmuration.seeds", 2_000);

    @Test
    void holdsAllInvariantsAndRecoversInMixedWorlds() throws InterruptedException {
        Seeds run = new Seeds(SimulatedCluster.of(Registers.machine()), Registers::next, processors());

        Seeds.Sum sum = run.run(1, SEEDS);

        assertThat(run.violations()).isEmpty();
        System.out.println(sum);
        // Not vacuous: leaders change, calls are answered, and some callers are left in doubt.
        assertThat(sum.total().leaders()).isGreaterThan(2 * SEEDS);
        assertThat(sum.total().answered()).isGreaterThan(50 * SEEDS);
        assertThat(sum.total().unknown()).isPositive();
        assertThat(sum.total().failed()).isPositive();
        assertThat(sum.total().groups()).isGreaterThan(SEEDS + SEEDS / 4);
    }

    @Test
    void holdsInWorldsOfSeveralGroups() throws InterruptedException {
        Seeds run = new Seeds(SimulatedCluster.of(Registers.machine()).groups(4), Registers::next, processors());

        Seeds.Sum sum = run.run(1, SEEDS / 40);

        assertThat(run.violations()).isEmpty();
        assertThat(sum.total().groups()).isEqualTo(4 * sum.seeds());
        // Not vacuous: groups fall asleep, and lose in their sleep whom they rely on.
        assertThat(sum.total().dozes()).isGreaterThan(5 * sum.seeds());
        assertThat(sum.total().silences()).isGreaterThan(sum.seeds() / 5);
    }

    @Test
    void groupsDozeWhereNothingGoesOnAndNeverWhereThereIsOneOnly() {
        SimulatedCluster<?> cluster = SimulatedCluster.of(Registers.machine()).faults();
        long dozes = 0;

        for (long seed = 1; seed <= 10; seed++) {
            dozes += cluster.groups(3).seed(seed).run(Registers::next).dozes();

            assertThat(cluster.groups(1).seed(seed).run(Registers::next).dozes())
                    .isZero();
        }

        assertThat(dozes).isGreaterThan(30);
    }

    @Test
    void tellsWhichGroupWasAskedAndServesAll() {
        Set<String> answered = new TreeSet<>();

        Report report = SimulatedCluster.of(Registers.machine())
                .faults()
                .groups(3)
                .calls(call -> {
                    if (call.outcome() == Call.Outcome.ANSWERED) {
                        answered.add(call.group());
                    }
                })
                .run(Registers::next);

        assertThat(answered).containsExactly("a", "b", "c");
        assertThat(report.groups()).isEqualTo(3);
        assertThat(report.faults()).isZero();
    }

    @Test
    void namesTheGroupAndLetsHeartbeatsTravelTogether() {
        List<String> lines = new ArrayList<>();

        SimulatedCluster.of(Registers.machine())
                .faults()
                .groups(4)
                .seed(9)
                .trace(lines::add)
                .run(Registers::next);

        assertThat(lines).anyMatch(line -> line.matches(".* n\\d\\.d +log +n\\d\\.d/log .*"));
        assertThat(lines)
                .anyMatch(line -> line.matches(".* n\\d +heartbeats n\\d/heartbeats Beats.*Beat\\[.*Beat\\[.*"));
    }

    @Test
    void holdsInGroupsOfOneTwoThreeAndSeven() throws InterruptedException {
        for (int nodes : List.of(1, 2, 3, 7)) {
            Seeds run = new Seeds(SimulatedCluster.of(Registers.machine()).nodes(nodes), Registers::next, processors());

            run.run(1, SEEDS / 20);

            assertThat(run.violations()).as("%d nodes", nodes).isEmpty();
        }
    }

    @Test
    void answersEveryCallInAQuietWorld() {
        for (long seed = 1; seed <= 20; seed++) {
            Report report = SimulatedCluster.of(Registers.machine())
                    .faults()
                    .groups(1)
                    .seed(seed)
                    .run(Registers::next);

            // Not all: a crowd meets bounds, some callers are impatient, and nobody leads at first.
            assertThat(report.failed() + report.unknown()).as("seed %d", seed).isLessThan(report.answered());
            assertThat(report.leaders()).as("seed %d", seed).isBetween(1L, 2L);
            assertThat(report.faults()).isZero();
        }
    }

    @Test
    void givesTheSameTraceForTheSameSeed() {
        List<String> once = new ArrayList<>();
        List<String> again = new ArrayList<>();

        Report first = SimulatedCluster.of(Registers.machine())
                .seed(7)
                .trace(once::add)
                .run(Registers::next);
        Report second = SimulatedCluster.of(Registers.machine())
                .seed(7)
                .trace(again::add)
                .run(Registers::next);
        Report silent = SimulatedCluster.of(Registers.machine()).seed(7).run(Registers::next);

        assertThat(again).isEqualTo(once).hasSizeGreaterThan(1_000);
        assertThat(second).isEqualTo(first).isEqualTo(silent);
    }

    @Test
    void findsAFoldThatIsNotTheSameOnAllNodes() {
        AtomicLong clock = new AtomicLong();
        StateMachine<Long> impure = StateMachine.startingFrom(0L)
                .fold(Tick.class, (state, tick) -> state + clock.incrementAndGet() % 3)
                .covering(Tick.class);

        assertThatThrownBy(() -> SimulatedCluster.of(impure).faults().run((random, caller) -> new Tick(caller)))
                .isInstanceOfSatisfying(
                        Violation.class,
                        violation -> assertThat(violation.invariant()).isEqualTo("SAME_STATE"))
                .hasMessageContaining("Seed 1, step ")
                .hasMessageContaining("must hold: Replicas that applied the same entries have the same state")
                .hasMessageContaining("actor    from        event");
    }

    @Test
    void findsAFoldThatChangesTheStateItIsGiven() {
        StateMachine<List<Integer>> inPlace = StateMachine.startingFrom((List<Integer>) new ArrayList<Integer>())
                .<Integer, Count>on(Count.class, (state, count, meta) -> {
                    state.add(count.caller());
                    return Applied.of(state, state.size());
                })
                .covering(Count.class);

        assertThatThrownBy(() -> SimulatedCluster.of(inPlace).faults().run((random, caller) -> new Count(caller)))
                .isInstanceOfSatisfying(
                        Violation.class,
                        violation -> assertThat(violation.invariant()).isEqualTo("STATE_IS_A_VALUE"))
                .hasMessageContaining("Return a new state");
    }

    @Test
    void blamesAWorkloadThatThrowsOrReturnsNothing() {
        SimulatedCluster<?> cluster = SimulatedCluster.of(Registers.machine()).faults();

        assertThatThrownBy(() -> cluster.run((random, caller) -> {
                    throw new ArithmeticException("planted");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("The workload throws java.lang.ArithmeticException: planted");
        assertThatThrownBy(() -> cluster.run((random, caller) -> null)).hasMessageContaining("returned null");
    }

    @Test
    void findsAFoldThatThrows() {
        StateMachine<Long> broken = StateMachine.startingFrom(0L)
                .<Tick>fold(Tick.class, (state, tick) -> {
                    throw new ArithmeticException("planted");
                })
                .covering(Tick.class);

        assertThatThrownBy(() -> SimulatedCluster.of(broken).faults().run((random, caller) -> new Tick(caller)))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("could not be folded")
                .hasMessageContaining("planted");
    }

    @Test
    void findsAStateThatTheUserForbids() {
        assertThatThrownBy(() -> SimulatedCluster.of(Registers.machine())
                        .always(
                                "no register is above 100",
                                state -> state.values().stream().allMatch(v -> v <= 100))
                        .run(Registers::next))
                .isInstanceOfSatisfying(
                        Violation.class,
                        violation -> assertThat(violation.invariant()).isEqualTo("LAW"))
                .hasMessageContaining("\"no register is above 100\" is not true after put r");
    }

    @Test
    void refusesAWorkloadThatGivesOneObjectTwice() {
        Tick same = new Tick(1);
        StateMachine<Long> counter = StateMachine.startingFrom(0L)
                .fold(Tick.class, (state, tick) -> state + 1)
                .covering(Tick.class);

        assertThatThrownBy(() -> SimulatedCluster.of(counter).faults().run((random, caller) -> same))
                .hasMessageContaining("gave the same object twice");
    }

    @Test
    void refusesSizesThatMakeNoSense() {
        SimulatedCluster<?> cluster = SimulatedCluster.of(Registers.machine());

        assertThatThrownBy(() -> cluster.nodes(0)).hasMessageContaining("1 to 9 nodes, not 0");
        assertThatThrownBy(() -> cluster.groups(9)).hasMessageContaining("1 to 8 groups, not 9");
        assertThatThrownBy(() -> cluster.callers(0)).hasMessageContaining("at least 1 caller");
        assertThatThrownBy(() -> cluster.lasting(Duration.ZERO)).hasMessageContaining("positive time");
    }

    /** A command of the tests. */
    record Tick(int caller) implements Command<Long> {}

    /** A command that replies how many there were. */
    record Count(int caller) implements Command<Integer> {}

    private static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }
}
