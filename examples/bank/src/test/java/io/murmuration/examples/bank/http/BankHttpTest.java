package io.murmuration.examples.bank.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import io.murmuration.Finding;
import io.murmuration.NotAppliedException;
import io.murmuration.OutcomeUnknownException;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of the interface, over a real socket, on a group of one in memory. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BankHttpTest {
    private final ObjectMapper mapper = new ObjectMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private ActorSystem<Void> system;
    private FakeReplica bank;
    private BankServer server;

    @BeforeAll
    void startSystem() {
        system = ActorSystem.create(
                Behaviors.empty(),
                "http-test",
                ConfigFactory.parseString(
                                "pekko.actor.provider = local, pekko.loglevel = OFF, pekko.stdout-loglevel = OFF")
                        .withFallback(ConfigFactory.load()));
    }

    @AfterAll
    void stopSystem() throws Exception {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @BeforeEach
    void bind() throws Exception {
        if (server != null) {
            server.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
        bank = new FakeReplica();
        server = BankServer.bind(system, bank, "127.0.0.1", 0, () -> 4711)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @Test
    void opensAnAccountAndSaysWhenItIsOpen() throws Exception {
        check(put("/accounts/a"), 201, "{'account':'a','balance':0}");
        check(put("/accounts/a"), 200, "{'account':'a','balance':0}");
        check(get("/accounts/a"), 200, "{'account':'a','balance':0,'index':2}");
    }

    @Test
    void depositsWithdrawsAndTransfers() throws Exception {
        put("/accounts/a");
        put("/accounts/b");

        check(post("/accounts/a/deposits", "{'amount':100}"), 200, "{'account':'a','balance':100,'index':3}");
        check(post("/accounts/a/withdrawals", "{'amount':30}"), 200, "{'account':'a','balance':70,'index':4}");
        check(
                post("/transfers", "{'from':'a','to':'b','amount':20}"),
                200,
                "{'from':{'account':'a','balance':50},'to':{'account':'b','balance':20},'index':5}");
        check(get("/total"), 200, "{'accounts':2,'total':70,'index':5}");
    }

    @Test
    void explainsWhatIsWrong() throws Exception {
        check(
                get("/explain"),
                200,
                "{'group':'bank','node':'n1','well':true,'summary':'n1 leads term 1.','findings':[]}");

        bank.find(new Finding(Finding.Kind.MEMBER_BEHIND, "n2", "n2 is silent."));

        check(
                get("/explain"),
                200,
                "{'group':'bank','node':'n1','well':false,'summary':'n1 leads term 1.','findings':"
                        + "[{'kind':'MEMBER_BEHIND','about':'n2','sentence':'n2 is silent.'}]}");
    }

    @Test
    void pagesThroughTheAccounts() throws Exception {
        for (String account : new String[] {"c", "a", "b"}) {
            put("/accounts/" + account);
        }

        check(
                get("/accounts?limit=2"),
                200,
                "{'accounts':[{'account':'a','balance':0},{'account':'b','balance':0}],'next':'b','index':3}");
        check(
                get("/accounts?after=b&limit=2&consistency=local"),
                200,
                "{'accounts':[{'account':'c','balance':0}],'next':null,'index':3}");
    }

    @Test
    void refusalsAreProblemsWithTheirIndex() throws Exception {
        put("/accounts/a");

        JsonNode poor = problem(post("/accounts/a/withdrawals", "{'amount':1}"), 409, "insufficient-funds");
        problem(post("/accounts/x/deposits", "{'amount':1}"), 404, "no-such-account");
        problem(post("/transfers", "{'from':'a','to':'x','amount':1}"), 404, "no-such-account");
        problem(get("/accounts/x"), 404, "no-such-account");
        post("/accounts/a/deposits", "{'amount':9223372036854775807}");
        problem(post("/accounts/a/deposits", "{'amount':1}"), 409, "balance-overflow");

        assertThat(poor.get("index").asLong()).isEqualTo(2);
    }

    @Test
    void anIdempotencyKeyIsCarriedOutOnceAndReturned() throws Exception {
        put("/accounts/a");

        HttpResponse<String> first = post("/accounts/a/deposits", "{'amount':100}", "Idempotency-Key", "row 1");
        HttpResponse<String> second = post("/accounts/a/deposits", "{'amount':100}", "Idempotency-Key", "row 1");
        HttpResponse<String> other = post("/accounts/a/deposits", "{'amount':99}", "Idempotency-Key", "row 1");

        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("Idempotency-Key")).hasValue("row 1");
        problem(other, 409, "idempotency-conflict");
        assertThat(other.headers().firstValue("Idempotency-Key")).hasValue("row 1");
    }

    @Test
    void aRepeatedRefusalIsAnsweredWithItsFirstIndex() throws Exception {
        put("/accounts/a");
        HttpResponse<String> first = post("/accounts/a/withdrawals", "{'amount':1}", "Idempotency-Key", "k");
        post("/accounts/a/deposits", "{'amount':100}");

        HttpResponse<String> second = post("/accounts/a/withdrawals", "{'amount':1}", "Idempotency-Key", "k");

        assertThat(second.statusCode()).isEqualTo(409);
        assertThat(second.body()).isEqualTo(first.body());
    }

    @Test
    void anIdempotencyKeyIsMadeUpWhenThereIsNoneAndReturnedWithErrorsToo() throws Exception {
        put("/accounts/a");

        HttpResponse<String> done = post("/accounts/a/deposits", "{'amount':1}");
        HttpResponse<String> malformed = post("/accounts/a/deposits", "{'amount':-1}");
        bank.failWith(new OutcomeUnknownException("Nothing was heard within 10 s."));
        HttpResponse<String> unknown = post("/accounts/a/deposits", "{'amount':1}");

        for (HttpResponse<String> response : List.of(done, malformed, unknown)) {
            assertThat(response.headers().firstValue("Idempotency-Key").orElse(""))
                    .hasSize(36);
        }
        String key = unknown.headers().firstValue("Idempotency-Key").orElseThrow();
        bank.failWith(null);
        check(
                post("/accounts/a/deposits", "{'amount':1}", "Idempotency-Key", key),
                200,
                "{'account':'a','balance':2,'index':3}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "body   | ",
                "body   | nonsense",
                "body   | [1]",
                "body   | {'amount':1",
                "body   | {'amount':1}{}",
                "amount | {}",
                "amount | {'amount':0}",
                "amount | {'amount':-5}",
                "amount | {'amount':1.5}",
                "amount | {'amount':1.0}",
                "amount | {'amount':1e2}",
                "amount | {'amount':'1'}",
                "amount | {'amount':null}",
                "amount | {'amount':true}",
                "amount | {'amount':[1]}",
                "amount | {'amount':{'amount':1}}",
                "amount | {'amount':9223372036854775808}",
                "amount | {'amount':1,'amount':1}",
                "cents  | {'amount':1,'cents':1}"
            })
    void aMalformedBodyNamesTheField(String field, String body) throws Exception {
        put("/accounts/a");

        JsonNode problem = problem(post("/accounts/a/deposits", body == null ? "" : body), 400, "malformed");

        assertThat(problem.get("field").asText()).isEqualTo(field);
        check(get("/accounts/a"), 200, "{'account':'a','balance':0,'index':1}");
    }

    @Test
    void aBodyOfBytesThatAreNoCharactersIsMalformed() throws Exception {
        BodyPublisher bytes = BodyPublishers.ofByteArray(new byte[] {0, 0, (byte) 0xff, (byte) 0xfe});

        HttpResponse<String> refused =
                client.send(request("/accounts/a/deposits").POST(bytes).build(), BodyHandlers.ofString());

        assertThat(problem(refused, 400, "malformed").get("field").asText()).isEqualTo("body");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "from   | {'to':'b','amount':1}",
                "to     | {'from':'a','amount':1}",
                "to     | {'from':'a','to':'a','amount':1}",
                "from   | {'from':'no spaces','to':'a','amount':1}",
                "to     | {'from':'a','to':7,'amount':1}",
                "to     | {'from':'a','to':'','amount':1}"
            })
    void aMalformedTransferNamesTheField(String field, String body) throws Exception {
        assertThat(problem(post("/transfers", body), 400, "malformed")
                        .get("field")
                        .asText())
                .isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource({
        "account,     /accounts/a%20b",
        "account,     /accounts/a%2Fb",
        "account,     /accounts/0123456789012345678901234567890123456789012345678901234567890123x",
        "timeout,     /accounts/a?timeout=soon",
        "timeout,     /accounts/a?timeout=0s",
        "timeout,     /total?timeout=6m",
        "consistency, /accounts?consistency=maybe",
        "limit,       /accounts?limit=0",
        "limit,       /accounts?limit=1001",
        "limit,       /accounts?limit=many",
        "after,       /accounts?after=%C3%A4"
    })
    void aMalformedAddressNamesTheField(String field, String path) throws Exception {
        assertThat(problem(get(path), 400, "malformed").get("field").asText()).isEqualTo(field);
    }

    @Test
    void aMalformedIdempotencyKeyIsRefused() throws Exception {
        put("/accounts/a");

        HttpResponse<String> refused = post("/accounts/a/deposits", "{'amount':1}", "Idempotency-Key", "x".repeat(129));

        assertThat(problem(refused, 400, "malformed").get("field").asText()).isEqualTo("Idempotency-Key");
    }

    @Test
    void aBodyAbove64KiBIsRefused() throws Exception {
        put("/accounts/a");
        String fits = "{'amount':1" + " ".repeat(65_536 - 12) + "}";

        assertThat(post("/accounts/a/deposits", fits).statusCode()).isEqualTo(200);
        problem(post("/accounts/a/deposits", fits + " "), 413, "too-large");
    }

    @Test
    void failuresTellWhetherThePaymentTookEffect() throws Exception {
        put("/accounts/a");
        bank.failWith(new NotAppliedException.Overloaded("Full.", Duration.ofMillis(50)));
        HttpResponse<String> overloaded = post("/accounts/a/deposits", "{'amount':1}");
        problem(overloaded, 429, "overloaded");
        assertThat(overloaded.headers().firstValue("Retry-After")).hasValue("1");
        bank.failWith(new NotAppliedException.NoLeader("None."));
        problem(post("/accounts/a/deposits", "{'amount':1}"), 503, "not-applied");
        problem(put("/accounts/b"), 503, "not-applied");
        bank.failWith(new NotAppliedException.Closed("Stopping."));
        problem(post("/accounts/a/deposits", "{'amount':1}"), 503, "not-applied");
        bank.failWith(new NotAppliedException.TooLarge("Large."));
        problem(post("/accounts/a/deposits", "{'amount':1}"), 413, "too-large");
        bank.failWith(new OutcomeUnknownException("Lost."));
        problem(post("/accounts/a/deposits", "{'amount':1}"), 504, "outcome-unknown");
        bank.failWith(new OutcomeUnknownException.ReplyLost("Do not ask again.", 7));
        assertThat(problem(post("/accounts/a/deposits", "{'amount':1}"), 504, "outcome-unknown")
                        .get("detail")
                        .asText())
                .isEqualTo("Do not ask again.");
        bank.failWith(new IllegalStateException("A secret."));
        assertThat(problem(post("/accounts/a/deposits", "{'amount':1}"), 500, "internal")
                        .get("detail")
                        .asText())
                .doesNotContain("secret");
    }

    @Test
    void readsWithoutALeaderFailUnlessTheyAreLocal() throws Exception {
        put("/accounts/a");
        bank.failReadsWith(new NotAppliedException.NoLeader("None."));

        problem(get("/accounts/a"), 503, "not-applied");
        problem(get("/total"), 503, "not-applied");
        problem(get("/accounts"), 503, "not-applied");
        check(get("/accounts/a?consistency=local"), 200, "{'account':'a','balance':0,'index':1}");
        assertThat(get("/accounts?consistency=local").statusCode()).isEqualTo(200);
    }

    @Test
    void theTimeoutOfARequestIsTheTimeoutOfTheCommand() throws Exception {
        put("/accounts/a?timeout=1500ms");
        assertThat(bank.lastTimeout()).isEqualTo(Duration.ofMillis(1500));
        post("/accounts/a/deposits?timeout=5s", "{'amount':1}");
        assertThat(bank.lastTimeout()).isEqualTo(Duration.ofSeconds(5));
        get("/total?timeout=1m");
        assertThat(bank.lastTimeout()).isEqualTo(Duration.ofMinutes(1));
        get("/total");
        assertThat(bank.lastTimeout()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void whatIsNotThereIsAProblemToo() throws Exception {
        problem(get("/nothing"), 404, "no-such-resource");
        problem(get("/accounts/a/b/c"), 404, "no-such-resource");
        problem(post("/total", "{}"), 405, "method-not-allowed");
        HttpResponse<String> wrong = get("/accounts/a/deposits");
        problem(wrong, 405, "method-not-allowed");
        assertThat(wrong.headers().firstValue("Allow")).hasValue("POST");
    }

    @Test
    void describesItself() throws Exception {
        assertThat(get("/").body()).contains("/openapi.yaml");
        HttpResponse<String> described = get("/openapi.yaml");
        assertThat(described.statusCode()).isEqualTo(200);
        assertThat(described.body()).startsWith("openapi: 3");
    }

    @Test
    void streamsWhatTheNodeSeesAsItChanges() throws Exception {
        HttpResponse<InputStream> stream = client.send(request("/events").build(), BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            JsonNode first = nextEvent(lines);
            bank.setRole("follower");
            JsonNode second = nextEvent(lines);

            assertThat(stream.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
            assertThat(first.get("role").asText()).isEqualTo("leader");
            assertThat(first.get("matched").get("n2").asLong()).isZero();
            assertThat(first.get("diskBytes").asLong()).isEqualTo(4711);
            assertThat(first.get("window").get("payments").asInt()).isZero();
            assertThat(second.get("role").asText()).isEqualTo("follower");
            server.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertThat(ends(lines)).isTrue();
        }
    }

    private JsonNode nextEvent(BufferedReader lines) throws Exception {
        String line = lines.readLine();
        while (line != null && !line.startsWith("data: ")) {
            line = lines.readLine();
        }
        return mapper.readTree(line.substring("data: ".length()));
    }

    private static boolean ends(BufferedReader lines) {
        try {
            return lines.lines().noneMatch(line -> line.startsWith("data:"));
        } catch (UncheckedIOException cut) {
            return true;
        }
    }

    private void check(HttpResponse<String> response, int status, String json) throws Exception {
        assertThat(response.body()).isEqualTo(json.replace('\'', '"'));
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    }

    private JsonNode problem(HttpResponse<String> response, int status, String code) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        JsonNode problem = mapper.readTree(response.body());
        assertThat(problem.get("type").asText()).endsWith(":" + code);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("title").asText()).isNotBlank();
        assertThat(problem.get("detail").asText()).isNotBlank();
        return problem;
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> put(String path) throws Exception {
        return client.send(request(path).PUT(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = request(path).POST(BodyPublishers.ofString(body.replace('\'', '"')));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.address().getPort() + path))
                .timeout(Duration.ofSeconds(10));
    }
}
