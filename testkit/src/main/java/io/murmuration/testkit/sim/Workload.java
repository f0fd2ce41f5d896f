package io.murmuration.testkit.sim;

import io.murmuration.machine.Command;
import java.util.random.RandomGenerator;

/**
 * What simulated callers ask for. Reads come by themselves: each returns the whole state.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface Workload {
    /**
     * The next command of a caller.
     *
     * @param random the only source of chance that may be used, so that a seed decides all
     * @param caller the caller's number, from 0
     * @return a new object, never one that was returned before: calls are told apart by it
     */
    Command<?> next(RandomGenerator random, int caller);
}
