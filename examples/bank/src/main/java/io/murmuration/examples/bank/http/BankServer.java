package io.murmuration.examples.bank.http;

import io.murmuration.Replica;
import io.murmuration.examples.bank.ledger.Ledger;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.settings.ServerSettings;

/** The bank's HTTP interface of one node, bound to a port. */
public final class BankServer {
    /** How long requests that are under way may take when the node stops. */
    private static final Duration END_WITHIN = Duration.ofSeconds(3);

    /** A connection outlives the longest deadline that a request may set, by enough to carry the answer. */
    private static final Duration IDLE_AT_MOST = Query.TIMEOUT_MAX.plusSeconds(60);

    private final ServerBinding binding;
    private final EventStream events;

    private BankServer(ServerBinding binding, EventStream events) {
        this.binding = binding;
        this.events = events;
    }

    /**
     * Binds the interface.
     *
     * @param system the node's ActorSystem
     * @param bank the node's replica
     * @param host the interface to bind; 127.0.0.1 unless others shall reach it
     * @param port the port, or 0 for a free one
     * @param diskBytes how much of the disk the node takes
     * @return the server; fails if the port is taken
     */
    public static CompletionStage<BankServer> bind(
            ActorSystem<?> system, Replica<Ledger> bank, String host, int port, LongSupplier diskBytes) {
        EventStream events = new EventStream(bank, diskBytes);
        return Http.get(system)
                .newServerAt(host, port)
                .withSettings(settings(system))
                .bind(new BankRoutes(bank, events).route())
                .thenApply(binding -> new BankServer(binding, events));
    }

    static ServerSettings settings(ActorSystem<?> system) {
        ServerSettings defaults = ServerSettings.create(system.settings().config());
        // Each request has a deadline of its own, so that the answer can tell "not applied" from "unknown".
        ServerSettings.Timeouts timeouts = defaults.getTimeouts()
                .withRequestTimeout(scala.concurrent.duration.Duration.Inf())
                .withIdleTimeout(scala.concurrent.duration.Duration.fromNanos(IDLE_AT_MOST.toNanos()));
        // Pekko says 503 to what is under way at the end, which here means: surely without effect.
        return defaults.withTimeouts(timeouts)
                .withTerminationDeadlineExceededResponse(Problem.stopped().response());
    }

    /**
     * Where it is bound.
     *
     * @return address and port
     */
    public InetSocketAddress address() {
        return binding.localAddress();
    }

    /**
     * Takes no more requests, and lets those under way end.
     *
     * @return done, within a few seconds
     */
    public CompletionStage<Done> stop() {
        events.close();
        return binding.terminate(END_WITHIN).thenApply(terminated -> Done.getInstance());
    }
}
