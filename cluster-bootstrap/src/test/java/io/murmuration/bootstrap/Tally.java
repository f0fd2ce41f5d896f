package io.murmuration.bootstrap;

import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.StateMachine;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Counts what each origin has added.
 *
 * @param counts how often, by origin; never changed
 */
record Tally(Map<String, Long> counts) {
    /**
     * One more, answered by the origin's new count.
     *
     * @param origin who adds
     */
    record Add(String origin) implements Command<Long> {}

    static StateMachine<Tally> machine() {
        return StateMachine.startingFrom(new Tally(Map.of()))
                .on(Add.class, (tally, add, meta) -> {
                    Map<String, Long> next = new TreeMap<>(tally.counts);
                    long count = next.merge(add.origin(), 1L, Long::sum);
                    return Applied.of(new Tally(next), count);
                })
                .covering(Add.class);
    }

    /** As the children answer it. */
    @Override
    public String toString() {
        return new TreeMap<>(counts).entrySet().stream().map(Object::toString).collect(Collectors.joining(","));
    }
}
