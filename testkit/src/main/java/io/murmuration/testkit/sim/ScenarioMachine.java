package io.murmuration.testkit.sim;

import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.StateMachine;
import java.util.SortedMap;
import java.util.TreeMap;

/** What scenarios replicate: named numbers that are added to and set. */
final class ScenarioMachine {
    /** What can be asked. */
    sealed interface Change extends Command<Long> {}

    /**
     * Adds, and replies the sum.
     *
     * @param key what to add to
     * @param amount how much
     */
    record Add(String key, long amount) implements Change {
        @Override
        public String toString() {
            return "add " + key + " " + amount;
        }
    }

    /**
     * Sets, and replies what was there before.
     *
     * @param key what to set
     * @param value to what
     */
    record Put(String key, long value) implements Change {
        @Override
        public String toString() {
            return "put " + key + " " + value;
        }
    }

    private ScenarioMachine() {}

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
                .covering(Change.class);
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
