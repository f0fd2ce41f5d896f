package io.murmuration.testkit.sim;

import java.util.Arrays;

/** When each actor of a replica is to be woken. One timer for each; one that rings too early is left alone. Mutable. */
final class SimTimers {
    private final long[] armedAt = new long[Actor.COUNT];

    /** No timer is set. */
    void forget() {
        Arrays.fill(armedAt, Long.MAX_VALUE);
    }

    void forget(Actor actor) {
        armedAt[actor.slot()] = Long.MAX_VALUE;
    }

    /** Returns whether a timer is to be set for this time. */
    boolean arm(Actor actor, long at) {
        long armed = armedAt[actor.slot()];
        if (at == Long.MAX_VALUE || (armed != Long.MAX_VALUE && armed - at <= 0)) {
            return false;
        }
        armedAt[actor.slot()] = at;
        return true;
    }

    /** Whether this timer is still the one that is meant: an earlier one may have been set since. */
    boolean armed(Actor actor, long at) {
        return armedAt[actor.slot()] == at;
    }
}
