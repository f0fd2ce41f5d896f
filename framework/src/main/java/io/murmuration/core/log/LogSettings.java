package io.murmuration.core.log;

import java.time.Duration;

/**
 * What a Log must know of its group's settings.
 *
 * @param electionTimeout T: a batch unanswered for T/2 puts a follower back to probing, a silent one is probed each
 *     T/10
 * @param logBytesMax proposals are refused when the log in memory would grow beyond it
 * @param tailBytesMax so much of the log in front of the last snapshot is kept for slow followers
 * @param replaceLost whether a voter whose disk was lost is replaced without an order
 */
public record LogSettings(Duration electionTimeout, long logBytesMax, long tailBytesMax, boolean replaceLost) {
    private static final long RECENT_BYTES_MAX = 1 << 20;

    /** Checks that they are positive. */
    public LogSettings {
        if (electionTimeout.isNegative() || electionTimeout.isZero() || logBytesMax <= 0 || tailBytesMax < 0) {
            throw new IllegalArgumentException(
                    "Election time-out and log bound must be positive, and the tail not negative, but they are "
                            + electionTimeout + ", " + logBytesMax + " and " + tailBytesMax + ".");
        }
    }

    /**
     * Settings with which a lost disk is replaced only when that is ordered.
     *
     * @param electionTimeout T
     * @param logBytesMax the bound of the log in memory
     * @param tailBytesMax the tail for slow followers
     */
    public LogSettings(Duration electionTimeout, long logBytesMax, long tailBytesMax) {
        this(electionTimeout, logBytesMax, tailBytesMax, false);
    }

    /** How much of the end of the log is kept as objects, too: a 64th of the tail, and no more than 1 MiB. */
    long recentBytes() {
        return Math.min(RECENT_BYTES_MAX, tailBytesMax / 64);
    }

    long timeoutNanos() {
        return electionTimeout.toNanos();
    }
}
