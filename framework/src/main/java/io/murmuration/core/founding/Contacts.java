package io.murmuration.core.founding;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * The nodes that are known and are no founders; mutable. Members change, so they may know a group that no founder knows
 * any more: "no node that can be asked knows the group" (protocol, Founding). Who does not answer for three rounds of
 * asking cannot be asked.
 */
final class Contacts {
    private static final int ROUNDS = 3;

    private final TreeSet<String> names = new TreeSet<>();
    private int rounds;

    void are(Collection<String> known, String self, Collection<String> founders) {
        TreeSet<String> others = new TreeSet<>(known);
        others.remove(self);
        others.removeAll(founders);
        if (names.addAll(others)) {
            // Who is known late is waited for as long. Names only become more, and there is a bound to them.
            rounds = 0;
        }
    }

    /** All are asked once more. */
    List<String> ask() {
        rounds++;
        return List.copyOf(names);
    }

    /** Whether nobody else is left to be waited for. */
    boolean asked() {
        return names.isEmpty() || rounds > ROUNDS;
    }
}
