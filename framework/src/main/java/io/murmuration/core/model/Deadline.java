package io.murmuration.core.model;

/** Moments of the monotonic clock, compared by difference as {@link System#nanoTime} asks. */
public final class Deadline {
    /** No deadline at all. */
    public static final long NEVER = Long.MAX_VALUE;

    private Deadline() {}

    /**
     * {@return whether a moment has come}
     *
     * @param at the moment, or {@link #NEVER}
     * @param now the monotonic clock
     */
    public static boolean due(long at, long now) {
        return at != NEVER && now - at >= 0;
    }

    /**
     * {@return the moment that comes first}
     *
     * @param one a moment, or {@link #NEVER}
     * @param other a moment, or {@link #NEVER}
     */
    public static long earlier(long one, long other) {
        if (one == NEVER) {
            return other;
        }
        if (other == NEVER) {
            return one;
        }
        return one - other < 0 ? one : other;
    }

    /**
     * {@return a moment that does not happen to look like {@link #NEVER}}
     *
     * @param now the monotonic clock
     * @param nanos how much later
     */
    public static long after(long now, long nanos) {
        long at = now + nanos;
        return at == NEVER ? at - 1 : at;
    }
}
