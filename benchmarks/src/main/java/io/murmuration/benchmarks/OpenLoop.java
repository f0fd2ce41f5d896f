package io.murmuration.benchmarks;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Asks at fixed times, whether or not what was asked before is answered. Latency counts from the time at which a
 * request was due, so that one that leaves late because others are slow is not taken for a fast one. Thread-safe.
 */
final class OpenLoop {
    private final Supplier<CompletionStage<?>> request;
    private final Recorder recorder = new Recorder();
    /** Requests without an answer, and one for the loop itself. */
    private final AtomicLong open = new AtomicLong(1);

    private final CompletableFuture<Recorder.Measured> ended = new CompletableFuture<>();

    OpenLoop(Supplier<CompletionStage<?>> request) {
        this.request = request;
    }

    /** Begins, in a thread of its own. */
    CompletionStage<Recorder.Measured> run(long perSecond, Duration time) {
        Thread thread = new Thread(() -> ask(perSecond, time.toNanos()), "open-loop");
        thread.setDaemon(true);
        thread.start();
        return ended;
    }

    private void ask(long perSecond, long nanos) {
        try {
            double apart = 1e9 / perSecond;
            for (long number = 0; number * apart < nanos; number++) {
                long due = recorder.start() + (long) (number * apart);
                for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
                    LockSupport.parkNanos(early);
                }
                open.incrementAndGet();
                CompletionStage<?> unused = request.get().whenComplete((answer, failed) -> {
                    if (failed == null) {
                        recorder.answered(due);
                    } else {
                        recorder.failed(failed);
                    }
                    end();
                });
            }
            end();
        } catch (RuntimeException e) {
            ended.completeExceptionally(e);
        }
    }

    private void end() {
        if (open.decrementAndGet() == 0) {
            ended.complete(recorder.measured());
        }
    }
}
