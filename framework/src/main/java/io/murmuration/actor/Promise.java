package io.murmuration.actor;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What a caller holds the other end of. Thread-safe; the first one that completes it wins. It stands in the list of all
 * open promises of its replica, so that none is forgotten when the Gateway stops with messages in its mailbox.
 */
final class Promise {
    private final CompletableFuture<Object> future = new CompletableFuture<>();
    private final Set<Promise> open;

    Promise(Set<Promise> open) {
        this.open = open;
        open.add(this);
    }

    void complete(Object value) {
        open.remove(this);
        future.complete(value);
    }

    void fail(Throwable failure) {
        open.remove(this);
        future.completeExceptionally(failure);
    }

    boolean isSettled() {
        return future.isDone();
    }

    /** The caller's end. The caller knows the type: of its command's reply, or of what its function returns. */
    @SuppressWarnings("unchecked")
    <T> CompletionStage<T> stage() {
        return (CompletionStage<T>) future;
    }
}
