package io.murmuration.core.log;

/**
 * The two clocks of the shell at one moment, for what appends entries.
 *
 * @param nanos the monotonic clock, to be compared by difference; what other methods call {@code now}
 * @param millis the wall clock, milliseconds since 1970, with which entries are stamped; may jump
 */
public record Moment(long nanos, long millis) {}
