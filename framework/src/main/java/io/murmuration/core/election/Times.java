package io.murmuration.core.election;

/** Moments on a monotonic clock that may pass Long.MAX_VALUE: they are compared by difference only. */
final class Times {
    /** A moment that does not come. */
    static final long NEVER = Long.MAX_VALUE;

    private Times() {}

    static long earlier(long one, long other) {
        if (one == NEVER || other == NEVER) {
            return one == NEVER ? other : one;
        }
        return one - other <= 0 ? one : other;
    }

    static boolean reached(long moment, long now) {
        return moment != NEVER && now - moment >= 0;
    }

    /** Whether the moment passed so long ago that this process must have been paused, or is overloaded. */
    static boolean missed(long moment, long now, long slack) {
        return moment != NEVER && now - moment > slack;
    }
}
