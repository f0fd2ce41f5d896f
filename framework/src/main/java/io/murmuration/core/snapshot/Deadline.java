package io.murmuration.core.snapshot;

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

    /** A moment that does not happen to look like {@link #NEVER}. */
    static long after(long now, long nanos) {
        long at = now + nanos;
        return at == NEVER ? at - 1 : at;
    }
}
