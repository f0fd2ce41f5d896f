package io.murmuration.actor;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What a caller holds the other end of. Thread-safe; the first one that claims it decides what becomes of it. Until
 * then it stands in the list of all open promises of its replica, so that none is forgotten when the Gateway stops with
 * messages in its mailbox.
 */
final class Promise {
    private final CompletableFuture<Object> future = new CompletableFuture<>();
    private final AtomicBoolean claimed = new AtomicBoolean();
    private final Set<Promise> open;

    Promise(Set<Promise> open) {
        this.open = open;
        open.add(this);
    }

    /** From now on nobody else completes or fails it; null if somebody has claimed it before. */
    @Nullable
    Claim claim() {
        open.remove(this);
        return claimed.compareAndSet(false, true) ? new Claim(future) : null;
    }

    void complete(Object value) {
        Claim claim = claim();
        if (claim != null) {
            claim.complete(value);
        }
    }

    void fail(Throwable failure) {
        Claim claim = claim();
        if (claim != null) {
            claim.fail(failure);
        }
    }

    /** Whether somebody has claimed it. */
    boolean isSettled() {
        return claimed.get();
    }

    /** The caller's end. The caller knows the type: of its command's reply, or of what its function returns. */
    @SuppressWarnings("unchecked")
    <T> CompletionStage<T> stage() {
        return (CompletionStage<T>) future;
    }

    /**
     * Held by who has decided what the caller is told, which runs the caller's code.
     *
     * @param future the caller's end
     */
    record Claim(CompletableFuture<Object> future) {
        void complete(Object value) {
            future.complete(value);
        }

        void fail(Throwable failure) {
            future.completeExceptionally(failure);
        }
    }
}
