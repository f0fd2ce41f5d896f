package io.murmuration.benchmarks;

import java.util.Locale;

/**
 * What one window of writing to a journal has shown, beside the engine alone and a bare loop on the same disk.
 *
 * @param groups how many persistence ids were written to
 * @param writers how many writes of each were open at any time
 * @param batch how many entries of a log each write held
 * @param payloadBytes the size of an entry's command
 * @param pekko through a persistent actor and the plugin: from the hand-over to the actor's handler
 * @param engine the same writes given to the storage engine by itself
 * @param bare a loop that writes one batch of each group at a time into a file of zeros, and forces it
 * @param failures writes that failed
 */
record JournalWindow(
        int groups, int writers, int batch, int payloadBytes, Rate pekko, Rate engine, Rate bare, long failures) {
    static final String HEAD = String.format(
            Locale.ROOT,
            "%6s %7s %5s %5s   %10s %7s %7s  %5s   %10s %7s %7s  %5s   %10s %7s %7s",
            "groups",
            "writers",
            "batch",
            "bytes",
            "pekko/s",
            "p50 us",
            "p99 us",
            "ratio",
            "engine/s",
            "p50 us",
            "p99 us",
            "ratio",
            "bare/s",
            "p50 us",
            "p99 us");

    /**
     * How fast.
     *
     * @param perSecond durable entries per second
     * @param p50 one write, in microseconds
     * @param p99 the same
     */
    record Rate(long perSecond, long p50, long p99) {
        static Rate of(double perSecond, long p50, long p99) {
            return new Rate(Math.round(perSecond), p50, p99);
        }

        private String row(Rate bare) {
            return String.format(Locale.ROOT, "%s  %5.2f", row(), (double) perSecond / bare.perSecond());
        }

        private String row() {
            return String.format(Locale.ROOT, "%10d %7d %7d", perSecond, p50, p99);
        }
    }

    String row() {
        return String.format(
                Locale.ROOT,
                "%6d %7d %5d %5d   %s   %s   %s",
                groups,
                writers,
                batch,
                payloadBytes,
                pekko.row(bare),
                engine.row(bare),
                bare.row());
    }
}
