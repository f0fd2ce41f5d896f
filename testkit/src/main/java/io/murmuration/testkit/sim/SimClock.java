package io.murmuration.testkit.sim;

/**
 * The clocks of one node: a monotonic one that drifts, and a wall clock that may jump as well. Mutable. All times of
 * the simulated world are nanoseconds since its beginning.
 */
final class SimClock {
    private static final long MILLION = 1_000_000;
    private static final long WALL_START_MILLIS = 1_700_000_000_000L;

    private long since;
    private long shown;
    private long driftPpm;
    private long wallOffsetMillis;

    /** @param shown what the monotonic clock shows at the beginning of the world: any number */
    SimClock(long shown) {
        this.shown = shown;
    }

    /** From now on the clock gains or loses this many microseconds a second. */
    void drift(long ppm, long now) {
        shown = nanos(now);
        since = now;
        driftPpm = ppm;
    }

    /** This clock alone goes on: no two clocks of a group need agree on how long something took. */
    void advance(long nanos) {
        shown += nanos;
    }

    /** The wall clock is set. */
    void jump(long millis) {
        wallOffsetMillis += millis;
    }

    long nanos(long now) {
        long passed = now - since;
        return shown + passed + passed / MILLION * driftPpm + passed % MILLION * driftPpm / MILLION;
    }

    /** When the clock will show this time, roughly: what wakes too early is woken again. */
    long when(long local, long now) {
        long wait = Math.max(0, local - nanos(now));
        return now + wait - wait / MILLION * driftPpm;
    }

    long millis(long now) {
        return WALL_START_MILLIS + wallOffsetMillis + now / MILLION;
    }
}
