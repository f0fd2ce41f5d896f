package io.murmuration.testkit.mutants;

import io.murmuration.testkit.sim.Fault;
import io.murmuration.testkit.sim.SimulatedCluster;
import io.murmuration.testkit.sim.Violation;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/**
 * Runs one seed in the simulator: three nodes or five, one group or as many as are asked for. Each mutant loads a class
 * of its own of it.
 */
public final class SimulatorTrial implements Trial {
    private static final Duration TIMEOUT = Duration.ofMillis(100);
    private static final Duration LASTING = Duration.ofSeconds(4);

    private final Fault[] faults;
    private final int groups;

    /**
     * Called by reflection, from another class loader.
     *
     * @param faults by name, with commas between; empty for all but what tries leadership
     * @param groups how many run on the same nodes
     */
    public SimulatorTrial(String faults, int groups) {
        this.faults = faults.isEmpty()
                ? EnumSet.range(Fault.LOSS, Fault.HAND_OVER).toArray(Fault[]::new)
                : Arrays.stream(faults.split(",", -1)).map(Fault::valueOf).toArray(Fault[]::new);
        this.groups = groups;
    }

    @Override
    public @Nullable Finding run(long seed) {
        try {
            SimulatedCluster.of(Chain.machine())
                    .seed(seed)
                    .faults(faults)
                    .callers(6)
                    .groups(groups)
                    .nodes(seed % 2 == 0 ? 3 : 5)
                    .lasting(LASTING)
                    .electionTimeout(TIMEOUT)
                    .run(Chain::next);
            return null;
        } catch (Violation violation) {
            return new Finding(violation.invariant(), String.valueOf(violation.getMessage()));
        } catch (RuntimeException | AssertionError thrown) {
            return new Finding("THROWN", thrown.toString());
        }
    }
}
