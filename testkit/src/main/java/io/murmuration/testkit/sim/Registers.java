package io.murmuration.testkit.sim;

import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.StateMachine;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** A few registers that are added to, written, and compared and set: the machine of the simulator's own tests. */
final class Registers {
    private static final int KEYS = 4;

    /** What can be asked. */
    sealed interface Change extends Command<Long> {}

    /** Adds, and replies the sum. */
    record Add(int key, long amount) implements Change {}

    /** Sets the value, and replies the one before. */
    record Put(int key, long value) implements Change {}

    /** Sets the value if it is the expected one, and is rejected otherwise. */
    record CompareAndSet(int key, long expected, long value) implements Change {}

    private Registers() {}

    static StateMachine<SortedMap<Integer, Long>> machine() {
        SortedMap<Integer, Long> nothing = new TreeMap<>();
        return StateMachine.startingFrom(nothing)
                .<Long, Add>on(Add.class, (state, add, meta) -> {
                    long sum = value(state, add.key()) + add.amount();
                    return Applied.of(with(state, add.key(), sum), sum);
                })
                .<Long, Put>on(
                        Put.class,
                        (state, put, meta) -> Applied.of(with(state, put.key(), put.value()), value(state, put.key())))
                .<Long, CompareAndSet>on(CompareAndSet.class, (state, cas, meta) -> {
                    long value = value(state, cas.key());
                    return value == cas.expected()
                            ? Applied.of(with(state, cas.key(), cas.value()), value)
                            : Applied.rejected(state, "The value is " + value + ", not " + cas.expected() + ".");
                })
                .covering(Change.class);
    }

    static Change next(RandomGenerator random, int caller) {
        int key = random.nextInt(KEYS);
        return switch (random.nextInt(3)) {
            case 0 -> new Put(key, random.nextInt(1_000_000));
            case 1 -> new CompareAndSet(key, random.nextInt(3), random.nextInt(3));
            default -> new Add(key, 1);
        };
    }

    private static long value(SortedMap<Integer, Long> state, int key) {
        return state.getOrDefault(key, 0L);
    }

    private static SortedMap<Integer, Long> with(SortedMap<Integer, Long> state, int key, long value) {
        SortedMap<Integer, Long> next = new TreeMap<>(state);
        next.put(key, value);
        return next;
    }
}
