package io.murmuration.core.election;

import java.util.random.RandomGenerator;

/**
 * When to stand for election: "election timeouts are chosen randomly from a fixed interval" (§5.2), here [T, 2 T),
 * drawn anew each time. Mutable.
 */
final class ElectionTimer {
    private final long timeout;
    private final RandomGenerator random;
    private long deadline;

    ElectionTimer(long timeout, RandomGenerator random) {
        this.timeout = timeout;
        this.random = random;
    }

    /** Starts anew. */
    void reset(long now) {
        deadline = now + timeout + random.nextLong(timeout);
    }

    /** Starts anew at a moment that may have passed, with so much patience before the interval. */
    void reset(long at, long patience) {
        reset(at);
        deadline += patience;
    }

    /** Brings it forward, if it is later. */
    void noLaterThan(long at) {
        deadline = Times.earlier(deadline, at);
    }

    long deadline() {
        return deadline;
    }
}
