package io.murmuration.testkit.mutants;

import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.Meta;
import io.murmuration.machine.StateMachine;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * A machine whose state tells every history from every other one: all that was ever added, in its order, as one number.
 * Its fold looks at the time of the log too, which must never fall or leap.
 */
final class Chain {
    private static final Duration STEP_MAX = Duration.ofSeconds(10);

    /** Adds, and replies what the chain is then. */
    record Add(long value) implements Command<Long> {}

    /** What was folded last: the chain, the index, and the times. */
    record State(long sum, long index, Instant time, Duration elapsed) {}

    private Chain() {}

    static StateMachine<State> machine() {
        State empty = new State(1, 0, Instant.EPOCH, Duration.ZERO);
        return StateMachine.startingFrom(empty)
                .<Long, Add>on(Add.class, (state, add, meta) -> {
                    requireTrueTime(state, meta);
                    long sum = state.sum() * 31 + add.value();
                    return Applied.of(new State(sum, meta.index(), meta.time(), meta.elapsed()), sum);
                })
                .covering(Add.class);
    }

    static Add next(RandomGenerator random, int caller) {
        return new Add(random.nextInt(1_000_000) * 10L + caller);
    }

    private static void requireTrueTime(State state, Meta meta) {
        if (meta.time().isBefore(state.time()) || meta.elapsed().compareTo(state.elapsed()) < 0) {
            throw new IllegalArgumentException("The log's time runs backwards: " + meta + " after " + state + ".");
        }
        Duration elapsed = meta.elapsed().minus(state.elapsed());
        if (elapsed.compareTo(STEP_MAX.multipliedBy(meta.index() - state.index())) > 0) {
            throw new IllegalArgumentException("The log's time leaps: " + meta + " after " + state + ".");
        }
    }
}
