package io.murmuration.actor;

import io.murmuration.Indexed;
import io.murmuration.NotAppliedException;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ClientRpc.Refusal;
import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.Codec;
import io.murmuration.core.model.Codec.CodecException;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Peer;
import io.murmuration.machine.Query;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Answers the typed queries of nodes without a replica: part of a Gateway. It decodes them on the Gateway's thread, has
 * them read as any linearizable read of this node, and encodes and sends the replies on the dispatcher, so that neither
 * Gateway nor Machine waits for a large one. What it holds is bounded by the reads that may wait.
 */
final class QueryDesk {
    /** No asker waits longer: times of the monotonic clock are compared by difference. */
    private static final long PATIENCE_MAX_MILLIS = TimeUnit.DAYS.toMillis(365);

    private final String node;
    private final Answering answering;
    private final Codec codec;
    private final Routes routes;
    private final Executor executor;
    private final int replyBytesMax;
    private final Set<Copy> open = ConcurrentHashMap.newKeySet();
    private final Set<Promise> promises = ConcurrentHashMap.newKeySet();

    /** A query that is being answered: an asker that has only this node asks again while it waits. */
    private record Copy(UUID life, long id) {}

    /** Who asked, in which group, and what. */
    private record Caller(UUID group, String node, ClientRpc.Query query) {}

    QueryDesk(String node, Answering answering, Codec codec, Routes routes, Executor executor, int replyBytesMax) {
        this.node = node;
        this.answering = answering;
        this.codec = codec;
        this.routes = routes;
        this.executor = executor;
        this.replyBytesMax = replyBytesMax;
    }

    /**
     * Refuses a query: another node may answer it.
     *
     * @param wire who asks
     * @param query what
     * @param why what is the matter here, as a sentence
     */
    static void refuse(String node, Routes routes, Wire wire, ClientRpc.Query query, String why) {
        Refusal refusal = Refusal.CLOSED;
        ClientRpc.QueryRefused refused =
                new ClientRpc.QueryRefused(query.life(), query.id(), refusal, node + " says: " + why);
        routes.gateway(wire.from().node()).tell(new Wire(wire.group(), new Peer(node, query.life()), refused));
    }

    /**
     * Answers a query.
     *
     * @param group the group's id
     * @param asker the node that asks
     * @param query what it asks
     * @param reader has a read carried out by this node's Machine
     */
    void serve(UUID group, String asker, ClientRpc.Query query, Consumer<GatewayMessage.Read> reader) {
        Copy copy = new Copy(query.life(), query.id());
        Caller caller = new Caller(group, asker, query);
        if (!open.add(copy)) {
            return;
        }
        Query<?> decoded;
        try {
            decoded = decode(query.query());
        } catch (CodecException unknown) {
            open.remove(copy);
            send(caller, 0, new Reply.Declined(node + " cannot answer the query: " + Answering.words(unknown)));
            return;
        }
        Promise outcome = new Promise(promises);
        outcome.<Indexed<?>>stage()
                .whenCompleteAsync(
                        (read, failure) -> {
                            open.remove(copy);
                            answer(caller, read, failure);
                        },
                        executor);
        long now = System.nanoTime();
        long patience = Math.min(Math.max(1, query.patienceMillis()), PATIENCE_MAX_MILLIS);
        reader.accept(new GatewayMessage.Read(
                (state, index) -> new Indexed<>(index, answering.answer(state, index, decoded)),
                false,
                now,
                now + TimeUnit.MILLISECONDS.toNanos(patience),
                outcome));
    }

    private Query<?> decode(Encoded bytes) {
        Object decoded = codec.decode(bytes);
        if (!(decoded instanceof Query<?> query)) {
            throw new CodecException(decoded.getClass().getName() + " is no query.", null);
        }
        if (!answering.takes(query)) {
            throw new CodecException(answering.unknown(query), null);
        }
        return query;
    }

    /** On the dispatcher. */
    private void answer(Caller caller, Indexed<?> read, Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (cause == null) {
            send(caller, read.index(), encode(read.value()));
        } else if (cause instanceof NotAppliedException.QueryFailed failed) {
            send(caller, 0, new Reply.Declined(String.valueOf(failed.getMessage())));
        } else if (cause instanceof NotAppliedException) {
            boolean overloaded = cause instanceof NotAppliedException.Overloaded;
            send(
                    caller,
                    new ClientRpc.QueryRefused(
                            caller.query().life(),
                            caller.query().id(),
                            overloaded ? Refusal.OVERLOADED : Refusal.CLOSED,
                            node + " says: " + cause.getMessage()));
        } else {
            send(caller, 0, new Reply.Declined(node + " failed to read: " + Answering.words(cause)));
        }
    }

    private Reply encode(Object value) {
        Encoded encoded;
        try {
            encoded = codec.encode(value);
        } catch (RuntimeException unencodable) {
            return new Reply.Unencodable("The reply to the query cannot be encoded: " + Answering.words(unencodable));
        }
        if (encoded.size() > replyBytesMax) {
            return new Reply.Unencodable(String.format(
                    Locale.ROOT,
                    "The reply to the query has %,d bytes encoded, more than fit into a message (%,d); ask for less at"
                            + " a time.",
                    encoded.size(),
                    replyBytesMax));
        }
        return new Reply.Replied(encoded);
    }

    private void send(Caller caller, long index, Reply reply) {
        send(caller, new ClientRpc.Answer(caller.query().life(), caller.query().id(), index, reply));
    }

    private void send(Caller caller, ClientRpc message) {
        Way asker = routes.gateway(caller.node());
        asker.tell(new Wire(caller.group(), new Peer(node, message.life()), message));
    }
}
