package io.murmuration.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Keeps a number of requests open for a time: each answer at once makes the next request. Thread-safe. */
final class ClosedLoop {
    private static final Executor LATER = CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS);

    private final Supplier<CompletionStage<?>> request;
    private final Recorder recorder = new Recorder();

    ClosedLoop(Supplier<CompletionStage<?>> request) {
        this.request = request;
    }

    CompletionStage<Recorder.Measured> run(int outstanding, Duration time) {
        long end = recorder.start() + time.toNanos();
        List<CompletableFuture<Void>> loops = new ArrayList<>();
        for (int i = 0; i < outstanding; i++) {
            CompletableFuture<Void> ended = new CompletableFuture<>();
            next(end, ended);
            loops.add(ended);
        }
        return CompletableFuture.allOf(loops.toArray(CompletableFuture[]::new)).thenApply(all -> recorder.measured());
    }

    private void next(long end, CompletableFuture<Void> ended) {
        long asked = System.nanoTime();
        if (asked >= end) {
            ended.complete(null);
            return;
        }
        CompletionStage<?> unused = request.get().whenComplete((answer, failed) -> {
            if (failed == null) {
                recorder.answered(asked);
                next(end, ended);
            } else {
                recorder.failed(failed);
                // A refusal comes at once; without a pause the loop would only count refusals.
                LATER.execute(() -> next(end, ended));
            }
        });
    }
}
