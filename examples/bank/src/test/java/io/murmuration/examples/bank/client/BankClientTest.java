package io.murmuration.examples.bank.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BankClientTest {
    private static final Duration TRY = Duration.ofSeconds(1);

    private final Deque<Integer> script = new ArrayDeque<>();
    private final Set<String> keys = new LinkedHashSet<>();
    private HttpServer server;
    private int asked;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void asksAgainWithTheSameKeyUntilThereIsAnAnswer() throws Exception {
        script.addAll(List.of(503, 504, 429, 408, 500, 200));

        Reply reply = send(List.of(url()), Call.payment(null, "a", 1, null), Duration.ofSeconds(10));

        assertThat(reply).isInstanceOfSatisfying(Reply.Answered.class, answered -> {
            assertThat(answered.carriedOut()).isTrue();
            assertThat(answered.index()).isEqualTo(7);
        });
        assertThat(asked).isEqualTo(6);
        assertThat(keys).hasSize(1);
    }

    @Test
    void aRefusalIsAnAnswer() throws Exception {
        script.add(409);

        assertThat(send(List.of(url()), Call.payment("a", null, 1, "k"), Duration.ofSeconds(10)))
                .isInstanceOfSatisfying(
                        Reply.Answered.class,
                        answered -> assertThat(answered.carriedOut()).isFalse());
        assertThat(keys).containsExactly("k");
    }

    @Test
    void isSureThatNothingHappenedIfEachTryWas() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            script.add(503);
        }

        // A try that a pause of this machine outlasts is unknown.
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(send(List.of(url(), closed()), Call.open("a"), Duration.ofMillis(500)))
                        .isInstanceOf(Reply.NotApplied.class));
    }

    @Test
    void isNotSureAfterOneTryThatIsUnknown() throws Exception {
        script.add(504);
        for (int i = 0; i < 1000; i++) {
            script.add(503);
        }

        assertThat(send(List.of(url()), Call.open("a"), Duration.ofMillis(500))).isInstanceOf(Reply.Unknown.class);
    }

    @Test
    void goesToAnotherNodeWhenOneCannotBeReached() throws Exception {
        script.add(200);

        assertThat(send(List.of(closed(), closed(), url()), Call.get("/total"), Duration.ofSeconds(10)))
                .isInstanceOf(Reply.Answered.class);
    }

    @Test
    void givesANodeThatHangsItsShareAndNoMore() {
        Targets targets = new Targets(List.of(url(), url(), url()));
        int[] taken = new int[3];
        for (int i = 0; i < 30; i++) {
            int target = targets.take();
            taken[target]++;
            if (target != 0) {
                targets.gave(target, true);
            }
        }

        assertThat(taken[0]).isEqualTo(1);
    }

    private Reply send(List<URI> urls, Call call, Duration timeout) throws InterruptedException {
        try (BankClient client = new BankClient(urls, TRY)) {
            return client.send(call, timeout);
        }
    }

    private URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static URI closed() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        asked++;
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        if (key != null) {
            keys.add(key);
        }
        exchange.getRequestBody().readAllBytes();
        byte[] body = "{\"index\":7,\"code\":\"x\"}".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(script.isEmpty() ? 500 : script.poll(), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
