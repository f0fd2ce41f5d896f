package io.murmuration.testkit.sim;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * What happened in one simulated world in which everything held.
 *
 * @param seed the seed of the world
 * @param groups how many groups there were
 * @param steps how many events there were
 * @param simulated how much time passed in the world
 * @param answered how many calls ended with an answer
 * @param failed how many calls surely had no effect, and were told so
 * @param unknown how many calls ended without knowledge
 * @param leaders how many terms had a leader
 * @param dozes how often a replica fell asleep, in worlds of several groups
 * @param silences how often one that dozed was told that a node it relied on is not there
 * @param faults how many faults there were, without those of single messages, effects and syncs
 * @param digest of all events: equal for equal runs
 * @since 0.1.0
 */
public record Report(
        long seed,
        long groups,
        long steps,
        Duration simulated,
        long answered,
        long failed,
        long unknown,
        long leaders,
        long dozes,
        long silences,
        long faults,
        long digest) {
    static final Report NOTHING = new Report(0, 0, 0, Duration.ZERO, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Both together. */
    Report plus(Report other) {
        return new Report(
                0,
                groups + other.groups,
                steps + other.steps,
                simulated.plus(other.simulated),
                answered + other.answered,
                failed + other.failed,
                unknown + other.unknown,
                leaders + other.leaders,
                dozes + other.dozes,
                silences + other.silences,
                faults + other.faults,
                digest ^ other.digest);
    }

    static Report of(long seed, Simulation world, long digest) {
        Map<SimCall.Status, Long> ends = new EnumMap<>(SimCall.Status.class);
        long leaders = 0;
        long dozes = 0;
        long silences = 0;
        for (RunningGroup group : world.groups()) {
            group.callers().history().forEach(call -> ends.merge(call.status, 1L, Long::sum));
            leaders += group.witness().leaders();
            dozes += group.witness().sleepers().dozes();
            silences += group.witness().sleepers().silences();
        }
        return new Report(
                seed,
                world.groups().size(),
                world.steps(),
                Duration.ofNanos(world.now()),
                ends.getOrDefault(SimCall.Status.OK, 0L),
                ends.getOrDefault(SimCall.Status.FAILED, 0L),
                ends.getOrDefault(SimCall.Status.UNKNOWN, 0L),
                leaders,
                dozes,
                silences,
                world.faults(),
                digest);
    }
}
