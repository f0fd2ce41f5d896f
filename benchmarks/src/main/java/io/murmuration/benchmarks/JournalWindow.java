package io.murmuration.benchmarks;

import java.util.Locale;

/**
 * What one window of writing to a journal has shown, and the bare loop right before it on the same disk.
 *
 * @param groups how many persistence ids were written to
 * @param writers how many writes of each were open at any time
 * @param payloadBytes the size of an event
 * @param perSecond durable events per second
 * @param p50 from the hand-over to the persistent actor's handler, in microseconds
 * @param p99 the same
 * @param failures writes that failed
 * @param barePerSecond events per second of a loop that writes as many at a time into a preallocated file and forces it
 * @param bareP50 one write and one force of that loop, in microseconds
 * @param bareP99 the same
 * @param ratio events per second by those of the bare loop
 */
record JournalWindow(
        int groups,
        int writers,
        int payloadBytes,
        long perSecond,
        long p50,
        long p99,
        long failures,
        long barePerSecond,
        long bareP50,
        long bareP99,
        double ratio) {
    static final String HEAD = String.format(
            Locale.ROOT,
            "%6s %7s %5s %10s %8s %8s %6s   %10s %8s %8s  %5s",
            "groups",
            "writers",
            "bytes",
            "per second",
            "p50 us",
            "p99 us",
            "failed",
            "bare/s",
            "p50 us",
            "p99 us",
            "ratio");

    String row() {
        return String.format(
                Locale.ROOT,
                "%6d %7d %5d %10d %8d %8d %6d   %10d %8d %8d  %5.2f",
                groups,
                writers,
                payloadBytes,
                perSecond,
                p50,
                p99,
                failures,
                barePerSecond,
                bareP50,
                bareP99,
                ratio);
    }
}
