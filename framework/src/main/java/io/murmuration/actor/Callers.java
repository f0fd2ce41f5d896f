package io.murmuration.actor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells callers what has become of what they asked, on a thread on which their code may do what it likes; several at
 * once. Mutable, of one actor.
 */
final class Callers {
    private final Executor executor;
    private List<Runnable> decided = new ArrayList<>();

    Callers(Executor executor) {
        this.executor = executor;
    }

    /** It is decided what this caller is told. */
    void decided(@Nullable Promise caller, Consumer<Promise.Claim> outcome) {
        Promise.Claim claim = caller == null ? null : caller.claim();
        if (claim != null) {
            decided.add(() -> outcome.accept(claim));
        }
    }

    /** Tells them. */
    void tell() {
        if (decided.isEmpty()) {
            return;
        }
        List<Runnable> all = decided;
        decided = new ArrayList<>();
        try {
            executor.execute(() -> all.forEach(Runnable::run));
        } catch (RejectedExecutionException ended) {
            all.forEach(Runnable::run);
        }
    }
}
