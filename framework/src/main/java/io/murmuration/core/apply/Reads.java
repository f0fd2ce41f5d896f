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
    private final NavigableMap<Long, List<Reader>> waiting = new TreeMap<>();

    void await(long index, Reader reader) {
        waiting.computeIfAbsent(index, any -> new ArrayList<>()).add(reader);
    }

    /** Takes out all that may be served at {@code applied}: the state must reach the read's index, or lie behind it. */
    List<Reader> due(long applied) {
        NavigableMap<Long, List<Reader>> due = waiting.headMap(applied, true);
        List<Reader> readers = due.values().stream().flatMap(List::stream).toList();
        due.clear();
        return readers;
    }
}
