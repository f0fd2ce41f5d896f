package io.murmuration.core.client;

import java.util.ArrayList;
import java.util.List;

/**
 * The copies of one command that left this node and were not surely refused. Mutable. While there is one, nobody can
 * say that the command is without effect (thesis 6.3).
 */
final class Copies {
    /** So many are kept by name. Who sent more has lost count, and says <em>unknown</em> whatever is refused later. */
    private static final int NAMED_MAX = 32;

    private final List<Long> open = new ArrayList<>(1);
    private boolean countLost;
    private int sent;

    /** A copy leaves, in the message of this number. */
    void leaves(long batch) {
        sent++;
        if (open.size() == NAMED_MAX) {
            countLost = true;
        } else {
            open.add(batch);
        }
    }

    /** The copy in that message was never appended, or can never commit any more. */
    void surelyRefused(long batch) {
        open.remove((Long) batch);
    }

    /** Whether a copy may have been appended, or may still be. */
    boolean mayTakeEffect() {
        return countLost || !open.isEmpty();
    }

    /** Whether one copy at most may have been appended: then a refusal that was committed speaks of that one. */
    boolean oneAtMost() {
        return !countLost && open.size() <= 1;
    }

    int sent() {
        return sent;
    }
}
