package io.murmuration.core.apply;

import io.murmuration.machine.Meta;
import java.time.Duration;
import java.time.Instant;

/**
 * The time that the log tells, which is the same on every node and at every replay (protocol, Machine 4). It never runs
 * backwards, whatever the leaders' clocks do, and its {@code elapsed} part cannot jump [B9].
 *
 * @param millis the highest stamp so far, milliseconds since 1970; 0 before the first entry
 * @param elapsedMillis the sum of the steps of {@code millis}, each counted as at most {@link #STEP_MILLIS_MAX}
 */
public record LogTime(long millis, long elapsedMillis) {
    /** A longer step of the clock counts as this much for {@code elapsed}. */
    public static final long STEP_MILLIS_MAX = 10_000;

    /** Before the first entry. The first stamp is where time starts from, so it is no step. */
    public static final LogTime START = new LogTime(0, 0);

    /**
     * The time at an entry.
     *
     * @param stampMillis the clock of the leader that made the entry, milliseconds since 1970
     * @return the later of the stamp and this time, and what has elapsed by then
     */
    public LogTime at(long stampMillis) {
        long later = Math.max(stampMillis, millis);
        long step = millis == 0 ? 0 : Math.min(later - millis, STEP_MILLIS_MAX);
        return new LogTime(later, elapsedMillis + step);
    }

    /**
     * What a fold may know of the entry at this time.
     *
     * @param index the entry's index
     * @param term the entry's term
     * @return the meta
     */
    public Meta meta(long index, long term) {
        return new Meta(index, term, Instant.ofEpochMilli(millis), Duration.ofMillis(elapsedMillis));
    }
}
