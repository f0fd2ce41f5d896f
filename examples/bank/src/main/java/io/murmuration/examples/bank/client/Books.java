package io.murmuration.examples.bank.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks into what single nodes hold, each by itself. */
public final class Books {
    private static final Duration LOOK_EACH = Duration.ofMillis(100);
    private static final Duration VIEW_WITHIN = Duration.ofSeconds(2);

    private Books() {}

    /**
     * Waits until one of the nodes leads.
     *
     * @param urls the nodes
     * @param timeout how long to wait
     * @return the leader's name, or empty if there was none in time
     * @throws InterruptedException if the thread is interrupted
     */
    public static Optional<String> awaitLeader(List<URI> urls, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (System.nanoTime() < deadline) {
            for (URI url : urls) {
                Optional<NodeView> view = NodeView.of(url, VIEW_WITHIN);
                if (view.isPresent() && view.get().role().equals("leader")) {
                    return Optional.of(view.get().node());
                }
            }
            Thread.sleep(LOOK_EACH.toMillis());
        }
        return Optional.empty();
    }

    /**
     * Waits until a node has applied an index.
     *
     * @param url the node
     * @param index the index
     * @param timeout how long to wait
     * @return false if it has not in time
     * @throws InterruptedException if the thread is interrupted
     */
    public static boolean awaitApplied(URI url, long index, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<NodeView> view = NodeView.of(url, VIEW_WITHIN);
            if (view.isPresent() && view.get().number("applied") >= index) {
                return true;
            }
            Thread.sleep(LOOK_EACH.toMillis());
        }
        return false;
    }

    /**
     * All accounts of one node, as it has them, page by page.
     *
     * @param url the node
     * @return each account and what is in it
     * @throws InterruptedException if the thread is interrupted
     * @throws IllegalStateException if it does not answer
     */
    public static Map<String, Long> of(URI url) throws InterruptedException {
        Map<String, Long> books = new HashMap<>();
        try (BankClient client = new BankClient(List.of(url), Duration.ofSeconds(5))) {
            String after = "";
            boolean more = true;
            while (more) {
                Call page = Call.get("/accounts?consistency=local&limit=200&after=" + after);
                if (!(client.send(page, Duration.ofSeconds(10)) instanceof Reply.Answered answered)) {
                    throw new IllegalStateException(url + " does not show its accounts.");
                }
                for (JsonNode account : answered.body().path("accounts")) {
                    books.put(
                            account.path("account").asText(),
                            account.path("balance").asLong());
                }
                after = answered.body().path("next").asText("");
                more = answered.body().path("next").isTextual();
            }
        }
        return books;
    }
}
