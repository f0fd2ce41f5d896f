package io.murmuration.testkit.mutants;

import io.murmuration.testkit.sim.SimulatedCluster;
import io.murmuration.testkit.sim.Violation;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Runs one seed in the simulator: three nodes or five, all faults, one group or as many as are asked for. Each mutant
 * loads a class of its own of it.
 */
public final class SimulatorTrial implements Trial {
    private static final Duration TIMEOUT = Duration.ofMillis(100);
    private static final Duration LASTING = Duration.ofSeconds(4);

    private final int groups;

    /**
     * Called by reflection, from another class loader.
     *
     * @param groups how many run on the same nodes
     */
    public SimulatorTrial(int groups) {
        this.groups = groups;
    }

    @Override
    public @Nullable Finding run(long seed) {
        try {
            SimulatedCluster.of(Chain.machine())
                    .seed(seed)
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
