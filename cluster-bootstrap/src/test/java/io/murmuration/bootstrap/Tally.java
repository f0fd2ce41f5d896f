package io.murmuration.bootstrap;

import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.Query;
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

    // sample queries begins
    /** What can be asked of a tally. */
    sealed interface Question permits CountOf, Broken, Sheet {}

    /** How often an origin has added. */
    record CountOf(String origin) implements Question, Query<Long> {}
    // sample queries ends

    /** A question that cannot be answered. */
    record Broken(String why) implements Question, Query<Long> {}

    /** An answer of so many characters. */
    record Sheet(int characters) implements Question, Query<String> {}

    // sample answering begins
    static StateMachine<Tally> machine() {
        return StateMachine.startingFrom(new Tally(Map.of()))
                .on(Add.class, (tally, add, meta) -> {
                    Map<String, Long> next = new TreeMap<>(tally.counts);
                    long count = next.merge(add.origin(), 1L, Long::sum);
                    return Applied.of(new Tally(next), count);
                })
                .answering(CountOf.class, (tally, asked) -> tally.counts.getOrDefault(asked.origin(), 0L))
                .answering(Sheet.class, (tally, asked) -> "x".repeat(asked.characters()))
                .answering(Broken.class, (tally, asked) -> {
                    throw new IllegalStateException(asked.why());
                })
                .covering(Add.class, Question.class); // refuses to be built incomplete
    }
    // sample answering ends

    /** As the children answer it. */
    @Override
    public String toString() {
        return new TreeMap<>(counts).entrySet().stream().map(Object::toString).collect(Collectors.joining(","));
    }
}
