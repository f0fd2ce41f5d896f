package io.murmuration.testkit.history;

import java.time.Duration;

/** How long a check may go on. The clock is read once in a thousand questions. */
final class Budget {
    private static final int QUESTIONS_PER_LOOK = 1_000;

    private final int visitsMax;
    private final long deadlineNanos;
    private int questions;
    private boolean late;

    Budget(int visitsMax, Duration time) {
        this.visitsMax = visitsMax;
        this.deadlineNanos = System.nanoTime() + time.toNanos();
    }

    /** Whether a partition that has visited so many states must be given up. */
    boolean isSpent(int visits) {
        if (questions-- <= 0) {
            questions = QUESTIONS_PER_LOOK;
            late = System.nanoTime() - deadlineNanos >= 0;
        }
        return late || visits >= visitsMax;
    }
}
