package io.murmuration.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Keeps a number of requests open for a time: each answer at once makes the next request. Thread-safe. */
final class ClosedLoop {
    private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(5);
    private static final Executor LATER = CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS);

    private final Supplier<CompletionStage<?>> request;
    private final Histogram micros = new ConcurrentHistogram(LONGEST_MICROS, 3);
    private final AtomicLong failures = new AtomicLong();
    private volatile String failure = "";

    ClosedLoop(Supplier<CompletionStage<?>> request) {
        this.request = request;
    }

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
     */
    record Measured(
            long answers, long failures, String failure, double seconds, long p50, long p99, long p999, long max) {
        double perSecond() {
            return answers / seconds;
        }
    }

    CompletionStage<Measured> run(int outstanding, Duration time) {
        long start = System.nanoTime();
        long end = start + time.toNanos();
        List<CompletableFuture<Void>> loops = new ArrayList<>();
        for (int i = 0; i < outstanding; i++) {
            CompletableFuture<Void> ended = new CompletableFuture<>();
            next(end, ended);
            loops.add(ended);
        }
        return CompletableFuture.allOf(loops.toArray(CompletableFuture[]::new)).thenApply(all -> measured(start));
    }

    private void next(long end, CompletableFuture<Void> ended) {
        long asked = System.nanoTime();
        if (asked >= end) {
            ended.complete(null);
            return;
        }
        CompletionStage<?> unused = request.get().whenComplete((answer, failed) -> {
            if (failed == null) {
                micros.recordValue(Math.min(LONGEST_MICROS, (System.nanoTime() - asked) / 1_000));
                next(end, ended);
            } else {
                failures.incrementAndGet();
                failure = String.valueOf(failed.getMessage());
                // A refusal comes at once; without a pause the loop would only count refusals.
                LATER.execute(() -> next(end, ended));
            }
        });
    }

    private Measured measured(long start) {
        return new Measured(
                micros.getTotalCount(),
                failures.get(),
                failure,
                (System.nanoTime() - start) / 1e9,
                micros.getValueAtPercentile(50),
                micros.getValueAtPercentile(99),
                micros.getValueAtPercentile(99.9),
                micros.getMaxValue());
    }
}
