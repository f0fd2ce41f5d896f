package io.murmuration.core.client;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ClientRpc.Outcome;
import io.murmuration.core.model.ClientRpc.Refusal;
import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.Encoded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Speaks to a {@link Client} as a shell does, with a clock of its own, and keeps the effects. Mutable. */
final class Driver {
    /** T of all tests. */
    static final Duration T = Duration.ofMillis(500);

    static final Encoded COMMAND = new Encoded(1, "c", new byte[10]);

    final Client client;
    private final List<Effect> effects = new ArrayList<>();
    private long lastNumber;
    long now = 1_000;

    Driver() {
        this(1 << 24);
    }

    Driver(long bytesMax) {
        ClientSettings settings = new ClientSettings("bank", "n1", List.of("n1", "n2", "n3"), T, bytesMax);
        client = new Client(settings, new Random(7));
    }

    /** A client whose leader is n2, with session 40 open. */
    static Driver inSession() {
        Driver driver = new Driver();
        driver.joined();
        driver.ask(Duration.ofHours(1));
        ClientRpc.Open open = driver.sent(ClientRpc.Open.class);
        driver.answer("n2", new ClientRpc.Opened(open.life(), 40));
        driver.outcome("n2", driver.sent(ClientRpc.Propose.class), 1);
        driver.take();
        return driver;
    }

    void joined() {
        did(client.up(false, now));
        did(client.leaderIs(1, "n2", now));
    }

    /** Asks and flushes; the request's number. */
    long ask(Duration patience) {
        return ask(COMMAND, patience);
    }

    long ask(Encoded command, Duration patience) {
        long number = askWithoutFlush(command, patience);
        did(client.flush(now));
        return number;
    }

    long askWithoutFlush(Encoded command, Duration patience) {
        Request request = request(patience);
        did(client.ask(request, command, now));
        return request.number();
    }

    long read(Duration patience) {
        Request request = request(patience);
        did(client.read(request, now));
        did(client.flush(now));
        return request.number();
    }

    long readLocal() {
        Request request = request(Duration.ofSeconds(10));
        did(client.readLocal(request, now));
        return request.number();
    }

    private Request request(Duration patience) {
        return new Request(++lastNumber, now, now + patience.toNanos());
    }

    /** Lets time pass, waking the client when it wants to be woken. */
    void pass(Duration time) {
        long end = now + time.toNanos();
        for (int wakes = 0; client.wakeAt() != Long.MAX_VALUE && client.wakeAt() - end <= 0; wakes++) {
            if (wakes > 100_000) {
                throw new AssertionError("The client wants to be woken again and again at " + client.wakeAt());
            }
            now = Math.max(now, client.wakeAt());
            did(client.wake(now));
        }
        now = end;
    }

    void answer(String from, ClientRpc answer) {
        did(client.received(from, answer, now));
    }

    void outcome(String from, ClientRpc.Propose propose, long... serials) {
        List<Outcome> outcomes = new ArrayList<>();
        for (long serial : serials) {
            outcomes.add(new Outcome(serial, 100 + serial, new Reply.Replied(COMMAND)));
        }
        answer(from, new ClientRpc.Outcomes(propose.life(), propose.session(), outcomes));
    }

    void outcome(String from, ClientRpc.Propose propose, long serial, Reply reply) {
        answer(
                from,
                new ClientRpc.Outcomes(
                        propose.life(), propose.session(), List.of(new Outcome(serial, 100 + serial, reply))));
    }

    void refuse(String from, ClientRpc.Propose propose, Refusal why, @Nullable String hint, boolean surely) {
        List<Long> serials =
                propose.proposals().stream().map(ClientRpc.Proposal::serial).toList();
        answer(from, new ClientRpc.Refused(propose.life(), propose.batch(), serials, why, hint, surely));
    }

    void refuse(String from, ClientRpc.ReadIndex read, @Nullable String hint) {
        answer(from, new ClientRpc.ReadRefused(read.life(), read.id(), Refusal.NOT_LEADER, hint));
    }

    void leaderIs(long term, @Nullable String leader) {
        did(client.leaderIs(term, leader, now));
    }

    void did(List<Effect> more) {
        effects.addAll(more);
    }

    /** All effects since the last take. */
    List<Effect> take() {
        List<Effect> taken = List.copyOf(effects);
        effects.clear();
        return taken;
    }

    /** The one message of this kind since the last take; takes all. */
    <M extends ClientRpc> M sent(Class<M> kind) {
        List<M> sent = allSent(kind);
        if (sent.size() != 1) {
            throw new AssertionError("Expected one " + kind.getSimpleName() + ", but there are " + sent);
        }
        return sent.get(0);
    }

    /** All messages of this kind since the last take; takes all. */
    <M extends ClientRpc> List<M> allSent(Class<M> kind) {
        return take().stream()
                .filter(Effect.Send.class::isInstance)
                .map(effect -> ((Effect.Send) effect).rpc())
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    /** Whom something was sent to since the last take; takes all. */
    List<String> targets() {
        return take().stream()
                .filter(Effect.Send.class::isInstance)
                .map(effect -> ((Effect.Send) effect).node())
                .toList();
    }

    /** In which way the one failed request failed; takes all. */
    Effect.Fail failed() {
        List<Effect.Fail> failed = take().stream()
                .filter(Effect.Fail.class::isInstance)
                .map(Effect.Fail.class::cast)
                .toList();
        if (failed.size() != 1) {
            throw new AssertionError("Expected one failure, but there are " + failed);
        }
        return failed.get(0);
    }

    static List<Long> serials(ClientRpc.Propose propose) {
        return propose.proposals().stream().map(ClientRpc.Proposal::serial).toList();
    }

    static Encoded commandOf(int bytes) {
        return new Encoded(1, "c", new byte[bytes]);
    }

    static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    static long toMillis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    static UUID strangeLife() {
        return new UUID(0, 99);
    }
}
