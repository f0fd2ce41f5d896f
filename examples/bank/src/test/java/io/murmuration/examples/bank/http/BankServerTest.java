package io.murmuration.examples.bank.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the server says when something takes too long: the machine, the client, or its own end. */
class BankServerTest {
    private final ObjectMapper mapper = new ObjectMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private final FakeReplica bank = new FakeReplica();
    private ActorSystem<Void> system;

    @BeforeEach
    void startSystem() {
        system = ActorSystem.create(
                Behaviors.empty(),
                "server-test",
                ConfigFactory.parseString(
                                "pekko.actor.provider = local, pekko.loglevel = OFF, pekko.stdout-loglevel = OFF")
                        .withFallback(ConfigFactory.load()));
    }

    @AfterEach
    void stopSystem() throws Exception {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aConnectionOutlivesTheLongestTimeoutOfARequest() {
        long idleMillis =
                BankServer.settings(system).getTimeouts().idleTimeout().toMillis();

        assertThat(idleMillis).isGreaterThan(Query.TIMEOUT_MAX.toMillis());
    }

    /** Pekko mostly cuts the connection at the deadline, and says this when it still can. */
    @Test
    void whatIsUnderWayWhenTheNodeStopsIsNotCalledWithoutEffect() throws Exception {
        HttpResponse stopped = BankServer.settings(system).getTerminationDeadlineExceededResponse();

        String body = ((HttpEntity.Strict) stopped.entity()).getData().utf8String();
        assertThat(stopped.status().intValue()).isEqualTo(504);
        assertThat(mapper.readTree(body).get("code").asText()).isEqualTo("outcome-unknown");
    }

    @Test
    void aBodyThatDoesNotArriveInTimeIsAnsweredWith408() throws Exception {
        EventStream events = new EventStream(bank, () -> 0);
        ServerBinding binding = Http.get(system)
                .newServerAt("127.0.0.1", 0)
                .withSettings(BankServer.settings(system))
                .bind(new BankRoutes(bank, events, Duration.ofMillis(100)).route())
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), binding.localAddress().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("POST /accounts/a/deposits HTTP/1.1\r\nHost: bank\r\nContent-Length: 12\r\n\r\n{\"am"
                            .getBytes(StandardCharsets.US_ASCII));

            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            assertThat(lines.readLine()).startsWith("HTTP/1.1 408 ");
        }
    }

    @Test
    void aMachineThatIsStuckDoesNotSilenceTheEvents() throws Exception {
        BankServer server = BankServer.bind(system, bank, "127.0.0.1", 0, () -> 0)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        bank.getStuck();

        java.net.http.HttpResponse<InputStream> stream =
                client.send(request(server.address(), "/events").build(), BodyHandlers.ofInputStream());

        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("event: status");
            JsonNode view = mapper.readTree(lines.readLine().substring("data: ".length()));
            assertThat(view.get("role").asText()).isEqualTo("leader");
            assertThat(view.has("window")).isFalse();
        }
        server.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static HttpRequest.Builder request(InetSocketAddress server, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getPort() + path))
                .timeout(Duration.ofSeconds(20));
    }
}
