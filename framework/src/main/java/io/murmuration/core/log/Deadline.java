package io.murmuration.core.log;

/** Moments of the monotonic clock, compared by difference as {@link System#nanoTime} asks. */
final class Deadline {
    /** No deadline at all. */
    static final long NEVER = Long.MAX_VALUE;

    private Deadline() {}

    static boolean due(long at, long now) {
        return at != NEVER && now - at >= 0;
    }

    static long earlier(long one, long other) {
        if (one == NEVER) {
            return other;
        }
        if (other == NEVER) {
            return one;
        }
        return one - other < 0 ? one : other;
    }
}
