package io.murmuration.bootstrap;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.murmuration.NotAppliedException.Overloaded;
import io.murmuration.Replica;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Keeps a number of additions open, of a size, as fast as they are answered; who is told to come back later does so.
 * Thread-safe.
 */
final class Flood {
    private final Replica<Blocks> blocks;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong overloaded = new AtomicLong();
    private final AtomicReference<String> other = new AtomicReference<>("none");
    private final List<CompletableFuture<?>> open = new ArrayList<>();
    private volatile boolean ended;

    Flood(Replica<Blocks> blocks) {
        this.blocks = blocks;
    }

    void begin(int atOnce, int bytes) {
        ended = false;
        String padding = "x".repeat(bytes);
        for (int i = 0; i < atOnce; i++) {
            CompletableFuture<Void> end = new CompletableFuture<>();
            open.add(end);
            next(new Blocks.Add("flood", padding), end);
        }
    }

    /** Answers how many were carried out, how many were told to come back later, and what else was said. */
    CompletionStage<String> end() {
        ended = true;
        return CompletableFuture.allOf(open.toArray(CompletableFuture[]::new))
                .thenApply(all -> "done=" + done + " overloaded=" + overloaded + " other=" + other);
    }

    private void next(Blocks.Add add, CompletableFuture<Void> end) {
        if (ended) {
            end.complete(null);
            return;
        }
        var unused = blocks.ask(add).whenCompleteAsync((count, failure) -> {
            Duration pause = Duration.ZERO;
            if (failure == null) {
                done.incrementAndGet();
            } else {
                pause = refused(failure);
            }
            CompletableFuture.delayedExecutor(pause.toNanos(), NANOSECONDS).execute(() -> next(add, end));
        });
    }

    private Duration refused(Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (cause instanceof Overloaded busy && busy.retryAfter().toNanos() > 0) {
            overloaded.incrementAndGet();
            return busy.retryAfter();
        }
        other.compareAndSet("none", String.valueOf(cause));
        return Duration.ofMillis(100);
    }
}
