package io.murmuration.actor;

import java.time.Duration;

/** How long a replica that failed waits before it starts anew: longer each time, until one has run well. Mutable. */
final class Backoff {
    private static final Duration PAUSE_MIN = Duration.ofMillis(200);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(30);
    /** A replica that ran so long was well: the next failure is a first one again. */
    private static final Duration RAN_WELL = Duration.ofMinutes(1);

    private Duration pause = PAUSE_MIN;

    /** The next pause, after a replica that ran for so many nanoseconds. */
    Duration next(long ranNanos) {
        if (ranNanos > RAN_WELL.toNanos()) {
            pause = PAUSE_MIN;
        }
        Duration next = pause;
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : doubled;
        return next;
    }
}
