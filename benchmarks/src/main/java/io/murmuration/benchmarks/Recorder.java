package io.murmuration.benchmarks;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** What becomes of the requests of one load. Thread-safe. */
final class Recorder {
    private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(5);

    private final long start = System.nanoTime();
    private final Histogram micros = new ConcurrentHistogram(LONGEST_MICROS, 3);
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong lastAnswer = new AtomicLong(start);
    private final LongAccumulator gapNanos = new LongAccumulator(Math::max, 0);
    private volatile String failure = "";

    /**
     * What came out.
     *
     * @param answers how many requests were answered
     * @param failures how many failed
     * @param failure what the last of these said
     * @param seconds how long it took
     * @param p50 median latency in microseconds
     * @param p99 99 of 100 took at most so many microseconds
     * @param p999 999 of 1,000 took at most so many microseconds
     * @param max the longest took so many microseconds
     * @param gap the longest time without an answer, in microseconds
     */
    record Measured(
            long answers,
            long failures,
            String failure,
            double seconds,
            long p50,
            long p99,
            long p999,
            long max,
            long gap) {
        double perSecond() {
            return answers / seconds;
        }
    }

    /** When the load began, by {@link System#nanoTime}. */
    long start() {
        return start;
    }

    /** A request that was due at this time by {@link System#nanoTime} is answered. */
    void answered(long due) {
        long now = System.nanoTime();
        micros.recordValue(Math.min(LONGEST_MICROS, Math.max(0, now - due) / 1_000));
        gapNanos.accumulate(now - lastAnswer.getAndSet(now));
    }

    void failed(Throwable cause) {
        failures.incrementAndGet();
        failure = String.valueOf(cause.getMessage());
    }

    /** All requests have come to an end. */
    Measured measured() {
        long now = System.nanoTime();
        gapNanos.accumulate(now - lastAnswer.get());
        return new Measured(
                micros.getTotalCount(),
                failures.get(),
                failure,
                (now - start) / 1e9,
                micros.getValueAtPercentile(50),
                micros.getValueAtPercentile(99),
                micros.getValueAtPercentile(99.9),
                micros.getMaxValue(),
                gapNanos.get() / 1_000);
    }
}
