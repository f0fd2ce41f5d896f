package io.murmuration.examples.bank.http;

import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.murmuration.Explanation;
import io.murmuration.Finding;
import io.murmuration.Indexed;
import io.murmuration.Replica;
import io.murmuration.examples.bank.ledger.BankCommand.Balance;
import io.murmuration.examples.bank.ledger.BankCommand.Deposit;
import io.murmuration.examples.bank.ledger.BankCommand.Open;
import io.murmuration.examples.bank.ledger.BankCommand.Receipt;
import io.murmuration.examples.bank.ledger.BankCommand.Transfer;
import io.murmuration.examples.bank.ledger.BankCommand.Withdraw;
import io.murmuration.examples.bank.ledger.Ledger;
import io.murmuration.machine.Command;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.ExceptionHandler;
import org.apache.pekko.http.javadsl.server.MethodRejection;
import org.apache.pekko.http.javadsl.server.Rejection;
import org.apache.pekko.http.javadsl.server.RejectionHandler;
import org.apache.pekko.http.javadsl.server.Route;

/** Every request that the bank answers, on any node. Thread-safe: it holds a replica and nothing else. */
public final class BankRoutes extends AllDirectives {
    static final int BODY_MAX = 64 * 1024;
    static final Duration BODY_WITHIN = Duration.ofSeconds(10);

    private final Replica<Ledger> bank;
    private final EventStream events;
    private final Duration bodyWithin;

    /**
     * The routes of one node.
     *
     * @param bank this node's replica
     * @param events what {@code /events} says
     */
    public BankRoutes(Replica<Ledger> bank, EventStream events) {
        this(bank, events, BODY_WITHIN);
    }

    BankRoutes(Replica<Ledger> bank, EventStream events, Duration bodyWithin) {
        this.bank = bank;
        this.events = events;
        this.bodyWithin = bodyWithin;
    }

    /**
     * All routes, with an answer in {@code application/problem+json} to whatever is none of them.
     *
     * @return the route to bind
     */
    public Route route() {
        ExceptionHandler failures = ExceptionHandler.newBuilder()
                .matchAny(failure -> complete(Failures.response(failure)))
                .build();
        return handleRejections(rejections(), () -> handleExceptions(failures, this::routes));
    }

    private Route routes() {
        return concat(
                pathSingleSlash(() -> get(() -> complete(welcome()))),
                path("openapi.yaml", () -> get(() -> complete(openApi()))),
                path("events", () -> get(() -> complete(events.response()))),
                path(
                        "explain",
                        () -> get(() -> completeWithFuture(bank.explain().thenApply(BankRoutes::explained)))),
                path("total", () -> get(() -> query(this::total))),
                path("transfers", () -> post(() -> payment(List.of("from", "to", "amount"), this::transfer))),
                path("accounts", () -> get(() -> query(this::accounts))),
                path(segment("accounts").slash(segment()), this::account),
                path(
                        segment("accounts").slash(segment()).slash("deposits"),
                        id -> post(() -> payment(List.of("amount"), (body, ask) -> deposit(id, body, ask)))),
                path(
                        segment("accounts").slash(segment()).slash("withdrawals"),
                        id -> post(() -> payment(List.of("amount"), (body, ask) -> withdraw(id, body, ask)))));
    }

    private static HttpResponse explained(Explanation explanation) {
        ObjectNode json = Json.object();
        json.put("group", explanation.group()).put("node", explanation.node());
        json.put("well", explanation.well()).put("summary", explanation.summary());
        ArrayNode findings = json.putArray("findings");
        for (Finding finding : explanation.findings()) {
            findings.addObject()
                    .put("kind", finding.kind().name())
                    .put("about", finding.about())
                    .put("sentence", finding.sentence());
        }
        return Json.answer(200, json);
    }

    private Route account(String id) {
        return concat(
                get(() -> query(asked -> balance(Body.account("account", id), asked))),
                put(() -> extractRequest(request -> withBody(request, bytes -> open(id, Asked.of(request))))));
    }

    /** How a request wants to be answered. */
    private record Asked(Duration timeout, boolean local, HttpRequest request) {
        static Asked of(HttpRequest request) {
            return new Asked(
                    Query.timeout(query(request, "timeout")), Query.local(query(request, "consistency")), request);
        }

        Optional<String> query(String name) {
            return query(request, name);
        }

        private static Optional<String> query(HttpRequest request, String name) {
            return request.getUri().query().get(name);
        }
    }

    private Route query(Function<Asked, CompletionStage<HttpResponse>> answer) {
        return extractRequest(request -> answered(() -> answer.apply(Asked.of(request))));
    }

    /** What a payment needs besides its body. */
    private record Payment(String id, Duration timeout) {}

    private Route payment(List<String> fields, BiFunction<Body, Payment, CompletionStage<HttpResponse>> answer) {
        return extractRequest(request -> {
            IdempotencyKey key = IdempotencyKey.of(request);
            Function<byte[], CompletionStage<HttpResponse>> pay = bytes -> {
                Payment payment = new Payment(key.paymentId(), Asked.of(request).timeout());
                return answer.apply(Body.parse(bytes, fields), payment);
            };
            return respondWithHeader(key.header(), () -> withBody(request, pay));
        });
    }

    private Route withBody(HttpRequest request, Function<byte[], CompletionStage<HttpResponse>> answer) {
        return extractMaterializer(materializer -> answered(() -> request.entity()
                .withSizeLimit(BODY_MAX)
                .toStrict(bodyWithin.toMillis(), materializer)
                .exceptionally(BankRoutes::notReceived)
                .thenApply(HttpEntity.Strict::getData)
                .thenCompose(data -> answer.apply(data.toArray()))));
    }

    /** Names what kept a body from arriving; a timeout of the replica's is another matter. */
    private static HttpEntity.Strict notReceived(Throwable failure) {
        if (failure instanceof TimeoutException) {
            throw new Problem.Thrown(Problem.tooSlow());
        }
        throw failure instanceof CompletionException known ? known : new CompletionException(failure);
    }

    private Route answered(Supplier<CompletionStage<HttpResponse>> answer) {
        try {
            return completeWithFuture(answer.get().exceptionally(Failures::response));
        } catch (Problem.Thrown malformed) {
            return complete(malformed.problem().response());
        }
    }

    private CompletionStage<HttpResponse> open(String id, Asked asked) {
        return bank.ask(new Open(Body.account("account", id)), asked.timeout())
                .thenApply(opened ->
                        Json.answer(opened.created() ? 201 : 200, Json.account(opened.account(), opened.balance())));
    }

    private CompletionStage<HttpResponse> deposit(String id, Body body, Payment payment) {
        return receipt(new Deposit(Body.account("account", id), body.amount(), payment.id()), payment.timeout());
    }

    private CompletionStage<HttpResponse> withdraw(String id, Body body, Payment payment) {
        return receipt(new Withdraw(Body.account("account", id), body.amount(), payment.id()), payment.timeout());
    }

    private CompletionStage<HttpResponse> receipt(Command<Receipt> command, Duration timeout) {
        return bank.ask(command, timeout).thenApply(receipt -> {
            ObjectNode answer = Json.account(receipt.account(), receipt.balance());
            return Json.answer(200, answer.put("index", receipt.index()));
        });
    }

    private CompletionStage<HttpResponse> transfer(Body body, Payment payment) {
        String from = body.account("from");
        String to = body.account("to");
        if (from.equals(to)) {
            throw new Problem.Thrown(
                    Problem.malformed("to", "The money must go to another account than it comes from."));
        }
        return bank.ask(new Transfer(from, to, body.amount(), payment.id()), payment.timeout())
                .thenApply(done -> {
                    ObjectNode answer = Json.object();
                    answer.set(
                            "from",
                            Json.account(done.from().account(), done.from().balance()));
                    answer.set("to", Json.account(done.to().account(), done.to().balance()));
                    return Json.answer(200, answer.put("index", done.index()));
                });
    }

    private CompletionStage<HttpResponse> balance(String account, Asked asked) {
        return read(asked, ledger -> ledger.balanceOf(account)).thenApply(found -> {
            OptionalLong balance = found.value();
            return balance.isEmpty()
                    ? Problem.notOpen(account, found.index()).response()
                    : Json.answer(
                            200, Json.account(account, balance.getAsLong()).put("index", found.index()));
        });
    }

    private CompletionStage<HttpResponse> accounts(Asked asked) {
        String after = Query.after(asked.query("after"));
        int limit = Query.limit(asked.query("limit"));
        return read(asked, ledger -> ledger.page(after, limit)).thenApply(found -> {
            ObjectNode answer = Json.object();
            ArrayNode accounts = answer.putArray("accounts");
            for (Balance balance : found.value().accounts()) {
                accounts.add(Json.account(balance.account(), balance.balance()));
            }
            return Json.answer(200, answer.put("next", found.value().next()).put("index", found.index()));
        });
    }

    private CompletionStage<HttpResponse> total(Asked asked) {
        return read(
                        asked,
                        ledger ->
                                Json.object().put("accounts", ledger.accounts()).put("total", ledger.total()))
                .thenApply(found -> Json.answer(200, found.value().put("index", found.index())));
    }

    private <T> CompletionStage<Indexed<T>> read(Asked asked, Function<Ledger, T> query) {
        if (asked.local()) {
            return bank.readLocal(query);
        }
        return bank.readIndexed(query, asked.timeout());
    }

    private RejectionHandler rejections() {
        return RejectionHandler.newBuilder()
                .handleAll(MethodRejection.class, this::methodNotAllowed)
                .handle(
                        Rejection.class,
                        rejection -> complete(
                                Problem.malformed("request", "The request cannot be understood: " + rejection + ".")
                                        .response()))
                .handleNotFound(extractUnmatchedPath(
                        path -> complete(Problem.notFound(path).response())))
                .build();
    }

    private Route methodNotAllowed(List<MethodRejection> rejections) {
        String allowed = rejections.stream()
                .map(rejection -> rejection.supported().name())
                .distinct()
                .sorted()
                .reduce((one, other) -> one + ", " + other)
                .orElse("");
        Problem problem = Problem.of(405, "method-not-allowed", "Method not allowed", "Allowed here: " + allowed + ".");
        return complete(problem.response().addHeader(RawHeader.create("Allow", allowed)));
    }

    private static HttpResponse welcome() {
        return HttpResponse.create()
                .withEntity(
                        ContentTypes.TEXT_PLAIN_UTF8,
                        "This is a node of a replicated bank. What it answers is described at /openapi.yaml.\n");
    }

    private static HttpResponse openApi() {
        try (InputStream in = BankRoutes.class.getResourceAsStream("/openapi.yaml")) {
            if (in == null) {
                throw new IllegalStateException("The class path lacks openapi.yaml.");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return HttpResponse.create()
                    .withEntity(
                            ContentTypes.create(MediaTypes.applicationWithOpenCharset("yaml"), HttpCharsets.UTF_8),
                            text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
