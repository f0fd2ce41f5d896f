package io.murmuration.examples.bank.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Asks whichever node answers, and asks again, with the same key, until there is an answer or the deadline has come.
 * Thread-safe; calls block.
 */
public final class BankClient implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(1);
    private static final long BACK_OFF_MILLIS = 20;

    /** A node answers a little after its own deadline; only one that hangs does not. */
    private static final Duration GRACE = Duration.ofMillis(500);

    private final Targets targets;
    private final Duration tryTimeout;
    private final ExecutorService executor;
    private final HttpClient http;

    /**
     * A client.
     *
     * @param urls the nodes, for example {@code http://127.0.0.1:8081}
     * @param tryTimeout how long to wait for one node before another is asked
     */
    public BankClient(List<URI> urls, Duration tryTimeout) {
        this.targets = new Targets(urls);
        this.tryTimeout = tryTimeout;
        this.executor = Executors.newFixedThreadPool(2, task -> {
            Thread thread = new Thread(task, "bank-client");
            thread.setDaemon(true);
            return thread;
        });
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_WITHIN)
                .executor(executor)
                .build();
    }

    /**
     * Sends a call until it is answered.
     *
     * @param call what to ask
     * @param timeout how long to try
     * @return the answer; or what is known at the end
     * @throws InterruptedException if the thread is interrupted, with the outcome unknown
     */
    public Reply send(Call call, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        boolean unknown = false;
        String why = "no node was asked";
        int tries = 0;
        long remaining = timeout.toNanos();
        while (remaining > 0) {
            int target = targets.take();
            Duration limit = remaining < tryTimeout.toNanos() ? Duration.ofNanos(remaining) : tryTimeout;
            Reply reply = attempt(target, call, limit);
            boolean answered = reply instanceof Reply.Answered;
            targets.gave(target, answered);
            if (reply instanceof Reply.Answered) {
                return reply;
            }
            if (reply instanceof Reply.NotApplied notApplied) {
                why = notApplied.why();
            } else if (reply instanceof Reply.Unknown unclear) {
                why = unclear.why();
                unknown = true;
            }
            tries++;
            remaining = deadline - System.nanoTime();
            if (remaining > 0) {
                Thread.sleep(Math.min(BACK_OFF_MILLIS * Math.min(tries, 10), 1 + remaining / 1_000_000));
            }
            remaining = deadline - System.nanoTime();
        }
        return unknown && !call.reads() ? new Reply.Unknown(why) : new Reply.NotApplied(why);
    }

    private Reply attempt(int target, Call call, Duration limit) throws InterruptedException {
        URI base = targets.url(target);
        try {
            return judge(base, http.send(request(base, call, limit), BodyHandlers.ofString()));
        } catch (ConnectException | HttpConnectTimeoutException e) {
            return new Reply.NotApplied(base + " cannot be reached");
        } catch (IOException e) {
            return new Reply.Unknown(base + " did not answer (" + e + ")");
        }
    }

    private static HttpRequest request(URI base, Call call, Duration limit) {
        String path = call.path() + (call.path().contains("?") ? "&" : "?") + "timeout=" + Math.max(1, limit.toMillis())
                + "ms";
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(base.toString().replaceAll("/+$", "") + path))
                .timeout(limit.plus(GRACE));
        if (call.key() != null) {
            request.header("Idempotency-Key", call.key());
        }
        if (call.body() != null) {
            request.header("Content-Type", "application/json");
        }
        return request.method(
                        call.method(),
                        call.body() == null ? BodyPublishers.noBody() : BodyPublishers.ofString(call.body()))
                .build();
    }

    private static Reply judge(URI base, HttpResponse<String> response) {
        JsonNode body = parse(response.body());
        String said = base + " said " + response.statusCode() + ": "
                + body.path("detail").asText("");
        return switch (response.statusCode()) {
            case 408, 429, 503 -> new Reply.NotApplied(said);
            case 500, 502, 504 -> new Reply.Unknown(said);
            default -> new Reply.Answered(response.statusCode(), body);
        };
    }

    private static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
