package io.murmuration.examples.bank.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.murmuration.Indexed;
import io.murmuration.Replica;
import io.murmuration.Status;
import io.murmuration.examples.bank.ledger.Ledger;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What this node sees of the group, as it changes: the replica is looked at four times a second, and what differs from
 * what was said last is sent.
 */
public final class EventStream {
    private static final Duration LOOK_EACH = Duration.ofMillis(250);
    private static final Duration WINDOW_WITHIN = Duration.ofMillis(300);
    private static final Duration HEARTBEAT_EACH = Duration.ofSeconds(5);
    private static final String HEARTBEAT = ":\n\n";

    private final Replica<Ledger> bank;
    private final LongSupplier diskBytes;
    private final SharedKillSwitch end = KillSwitches.shared("bank-events");

    /**
     * The stream of one node.
     *
     * @param bank this node's replica
     * @param diskBytes how much of the disk this node takes; must be quick
     */
    public EventStream(Replica<Ledger> bank, LongSupplier diskBytes) {
        this.bank = bank;
        this.diskBytes = diskBytes;
    }

    /** Ends all streams, so that the node can stop. */
    public void close() {
        end.shutdown();
    }

    HttpResponse response() {
        Source<ByteString, NotUsed> bytes = views().map(view -> "event: status\ndata: " + view + "\n\n")
                .keepAlive(HEARTBEAT_EACH, () -> HEARTBEAT)
                .via(end.flow())
                .map(ByteString::fromString);
        return HttpResponse.create()
                .withEntity(HttpEntities.create(MediaTypes.TEXT_EVENT_STREAM.toContentType(), bytes));
    }

    private Source<String, NotUsed> views() {
        return Source.tick(Duration.ZERO, LOOK_EACH, NotUsed.notUsed())
                .mapMaterializedValue(cancellable -> NotUsed.notUsed())
                .mapAsync(1, tick -> view())
                .statefulMapConcat(() -> {
                    String[] last = {""};
                    return view -> {
                        boolean news = !view.isEmpty() && !view.equals(last[0]);
                        last[0] = view;
                        return news ? List.of(view) : List.of();
                    };
                });
    }

    private CompletionStage<String> view() {
        return bank.status()
                .thenCompose(status -> window().handle((window, failure) -> Json.text(view(status, window))))
                .exceptionally(failure -> "");
    }

    /** A machine that is stuck is told of without its window, and at once: its own deadline is seconds away. */
    private CompletionStage<Indexed<Ledger.Window>> window() {
        return bank.readLocal(Ledger::window)
                .toCompletableFuture()
                .copy()
                .orTimeout(WINDOW_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    }

    private ObjectNode view(Status status, @Nullable Indexed<Ledger.Window> window) {
        ObjectNode view = Json.object();
        view.put("group", status.group()).put("groupId", status.groupId()).put("node", status.node());
        view.put("role", status.role()).put("term", status.term()).put("leader", status.leader());
        view.put("last", status.last()).put("durable", status.durable());
        view.put("commit", status.commit()).put("applied", status.applied());
        view.put("logBytes", status.logBytes()).put("diskBytes", diskBytes.getAsLong());
        status.members().forEach(view.putArray("members")::add);
        status.outgoing().forEach(view.putArray("outgoing")::add);
        status.learners().forEach(view.putArray("learners")::add);
        view.put("change", status.change());
        ObjectNode matched = view.putObject("matched");
        new TreeMap<>(status.matched()).forEach(matched::put);
        view.put("why", status.why());
        if (window != null) {
            view.putObject("window")
                    .put("payments", window.value().payments())
                    .put("reachesBackSeconds", window.value().millis() / 1000);
        }
        return view;
    }
}
