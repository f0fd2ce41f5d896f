package io.murmuration.core.apply;

import io.murmuration.machine.Changed;
import java.util.List;

/** What a {@link Watcher} is told. */
public sealed interface Told {
    /**
     * These commands were folded.
     *
     * @param changes in order, none missing in between
     * @param next where the next question goes on
     */
    record Changes(List<Changed> changes, long next) implements Told {
        /** Copies the list. */
        public Changes {
            changes = List.copyOf(changes);
        }
    }

    /**
     * What was asked for is not here any more.
     *
     * @param from the index that was asked for
     * @param oldest from here on all is remembered
     * @param folded whether this node has folded what is at {@code from}, and let go of it; else it took over a state
     */
    record Forgotten(long from, long oldest, boolean folded) implements Told {}

    /**
     * This is the newest state.
     *
     * @param state the state
     * @param index the index that it is at
     */
    record State(Object state, long index) implements Told {}
}
