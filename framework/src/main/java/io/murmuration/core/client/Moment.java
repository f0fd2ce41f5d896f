package io.murmuration.core.client;

/**
 * Times of a monotonic clock in nanoseconds, compared by difference, since such a clock may start anywhere and wrap.
 */
final class Moment {
    /** No time at all: what never comes. */
    static final long NEVER = Long.MAX_VALUE;

    private Moment() {}

    static boolean reached(long time, long now) {
        return time != NEVER && now - time >= 0;
    }

    static long earlier(long one, long other) {
        if (one == NEVER || other == NEVER) {
            return one == NEVER ? other : one;
        }
        return one - other <= 0 ? one : other;
    }
}
