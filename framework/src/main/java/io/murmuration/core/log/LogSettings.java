package io.murmuration.core.log;

import java.time.Duration;

/**
 * What a Log must know of its group's settings.
 *
 * @param electionTimeout T: a batch unanswered for T/2 puts a follower back to probing, a silent one is probed each
 *     T/10
 * @param logBytesMax proposals are refused when the log in memory would grow beyond it
 * @param tailBytesMax so much of the log in front of the last snapshot is kept for slow followers
 */
public record LogSettings(Duration electionTimeout, long logBytesMax, long tailBytesMax) {
    /** Checks that they are positive. */
    public LogSettings {
        if (electionTimeout.isNegative() || electionTimeout.isZero() || logBytesMax <= 0 || tailBytesMax < 0) {
            throw new IllegalArgumentException(
                    "Election time-out and log bound must be positive, and the tail not negative, but they are "
                            + electionTimeout + ", " + logBytesMax + " and " + tailBytesMax + ".");
        }
    }

    long timeoutNanos() {
        return electionTimeout.toNanos();
    }
}
