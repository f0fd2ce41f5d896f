package io.murmuration.testkit.sim;

import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.StateMachine;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Registers that are added to, written, and compared and set: what the command line and the scenarios replicate. */
final class Registers {
    private static final int KEYS = 4;

    /** What can be asked. */
    sealed interface Change extends Command<Long> {}

    /** Adds, and replies the sum. */
    record Add(String key, long amount) implements Change {
        @Override
        public String toString() {
            return "add " + key + " " + amount;
        }
    }

    /** Sets the value, and replies the one before. */
    record Put(String key, long value) implements Change {
        @Override
        public String toString() {
            return "put " + key + " " + value;
        }
    }

    /** Sets the value if it is the expected one, and is rejected otherwise. */
    record CompareAndSet(String key, long expected, long value) implements Change {
        @Override
        public String toString() {
            return "cas " + key + " " + expected + " -> " + value;
        }
    }

    private Registers() {}

    static StateMachine<SortedMap<String, Long>> machine() {
        SortedMap<String, Long> nothing = new TreeMap<>();
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
        String key = "r" + random.nextInt(KEYS);
        return switch (random.nextInt(3)) {
            case 0 -> new Put(key, random.nextInt(1_000_000));
            case 1 -> new CompareAndSet(key, random.nextInt(3), random.nextInt(3));
            default -> new Add(key, 1);
        };
    }

    private static long value(SortedMap<String, Long> state, String key) {
        return state.getOrDefault(key, 0L);
    }

    private static SortedMap<String, Long> with(SortedMap<String, Long> state, String key, long value) {
        SortedMap<String, Long> next = new TreeMap<>(state);
        next.put(key, value);
        return next;
    }
}
