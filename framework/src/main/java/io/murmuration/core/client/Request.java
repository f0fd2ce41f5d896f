package io.murmuration.core.client;

import java.util.Comparator;

/**
 * Something that a caller waits for, until its deadline.
 *
 * @param number the shell's number for it, ascending
 * @param askedAt when the caller asked, in nanoseconds of the monotonic clock
 * @param deadline when the caller stops waiting, on the same clock
 */
public record Request(long number, long askedAt, long deadline) {
    /** Who stops waiting first. */
    static final Comparator<Request> BY_DEADLINE = (one, other) -> one.deadline == other.deadline
            ? Long.compare(one.number, other.number)
            : Long.signum(one.deadline - other.deadline);
}
