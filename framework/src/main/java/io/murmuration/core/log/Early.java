package io.murmuration.core.log;

import io.murmuration.core.model.LogRpc;
import io.murmuration.core.model.LogRpc.AppendEntries;
import io.murmuration.core.model.Peer;
import org.jspecify.annotations.Nullable;

/** Mutable. The request of the highest term above the fence, the newest among equals: it waits for the fence (F2). */
final class Early {
    private @Nullable Request request;

    /** A leader's entries. */
    record Request(Peer from, AppendEntries message) {}

    void hold(Peer from, LogRpc message) {
        if (message instanceof AppendEntries append
                && (request == null || append.term() >= request.message().term())) {
            request = new Request(from, append);
        }
    }

    /** The request that waits, if the fence has come to it; once. */
    @Nullable
    Request take(long fence) {
        Request waiting = request;
        if (waiting == null || waiting.message().term() > fence) {
            return null;
        }
        request = null;
        return waiting;
    }
}
