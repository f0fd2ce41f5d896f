package io.murmuration.core.apply;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Reads that wait for their index to be applied (thesis 6.4); mutable. They are served in the order of their indices,
 * and in the order in which they came within one index. How many wait is bounded by the Gateway, the only one who sends
 * them.
 */
final class Reads {
    private final Folded<?> folded;
    private final NavigableMap<Long, List<Reader>> waiting = new TreeMap<>();

    Reads(Folded<?> folded) {
        this.folded = folded;
    }

    /** Someone wants to read at an index or later. While there is no state, everybody waits. */
    List<Effect> read(long index, Reader reader, boolean hasState) {
        if (hasState && index <= folded.applied().index()) {
            return List.of(serving(reader));
        }
        waiting.computeIfAbsent(index, any -> new ArrayList<>()).add(reader);
        return List.of();
    }

    /** All whose index is applied are due: the state must reach a read's index, or lie behind it. */
    void serve(List<Effect> effects) {
        NavigableMap<Long, List<Reader>> due = waiting.headMap(folded.applied().index(), true);
        due.values().forEach(readers -> readers.forEach(reader -> effects.add(serving(reader))));
        due.clear();
    }

    private Effect serving(Reader reader) {
        return new Effect.Serve(reader, folded.state(), folded.applied().index());
    }
}
