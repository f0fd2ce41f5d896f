package io.murmuration.examples.bank.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.murmuration.examples.bank.client.BankClient;
import io.murmuration.examples.bank.client.Books;
import io.murmuration.examples.bank.client.Call;
import io.murmuration.examples.bank.client.Reply;
import io.murmuration.examples.bank.fleet.Fleet;
import io.murmuration.examples.bank.fleet.NodeSpec;
import io.murmuration.examples.bank.payments.Generator;
import io.murmuration.examples.bank.payments.Loader;
import io.murmuration.examples.bank.payments.Loader.Kind;
import io.murmuration.examples.bank.payments.Loader.Outcome;
import io.murmuration.examples.bank.payments.PaymentFile;
import io.murmuration.examples.bank.payments.Row;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Five JVMs, real faults, and every answer compared with an independent model. All tests share the fleet and one file
 * of payments, where each goes on behind the last: what is compared is the bank's whole history up to then.
 */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BankFaultsIT {
    private static final int KILLS = 5;
    private static final int BETWEEN = 500;
    private static final int ROWS = 100_000;
    private static final Duration GAP_MAX = Duration.ofMillis(1500);
    private static final Duration ROW_WITHIN = Duration.ofSeconds(60);
    private static final Duration TRY = Duration.ofSeconds(2);
    private static final Duration CAUGHT_UP_WITHIN = Duration.ofSeconds(30);

    private final Recorder recorder = new Recorder(this::leaveTheMachineSomeTime);
    private volatile long pauseMillis;
    private Fleet fleet;
    private BankClient client;
    private PaymentFile file;

    @BeforeAll
    void open(@TempDir Path dir) throws Exception {
        fleet = FleetFixture.open(dir, 5);
        client = new BankClient(fleet.urls(), TRY);
        file = payments(dir.resolve("payments.csv"));
        FleetFixture.startAll(fleet);
        assertThat(new Loader(client, 32, ROW_WITHIN).open(file.accounts())).isZero();
    }

    @BeforeEach
    void start() throws InterruptedException {
        FleetFixture.startAll(fleet);
    }

    @AfterAll
    void close() {
        client.close();
        // An end in order takes seconds and is proven where Ctrl-C is.
        fleet.killAll();
        fleet.close();
    }

    @Test
    void losesAndRepeatsNothingWhenLeadersAndFollowersAreKilledUnderLoad() throws Exception {
        List<Duration> gaps = new ArrayList<>();
        List<Duration> followersGaps = new ArrayList<>();
        Random random = new Random(7);
        try (Load load = new Load(32, 1)) {
            awaitDecisions(BETWEEN);
            for (int kill = 0; kill < KILLS; kill++) {
                gaps.add(killAndStart(FleetFixture.leader(fleet)));
                String leader = FleetFixture.leader(fleet);
                List<String> followers = fleet.nodes().stream()
                        .map(NodeSpec::id)
                        .filter(id -> !id.equals(leader))
                        .toList();
                followersGaps.add(killAndStart(followers.get(random.nextInt(followers.size()))));
            }
            load.end();
        }

        System.out.println("Longest time without a decision after each kill of a leader: " + gaps);
        System.out.println("The same of a follower: " + followersGaps);
        assertThat(median(gaps)).as("after the kill of a leader").isLessThan(GAP_MAX);
        assertThat(median(followersGaps)).as("after the kill of a follower").isLessThan(GAP_MAX);
        compare();
    }

    /** A machine that pauses makes one gap longer, and not most of them. */
    private static Duration median(List<Duration> gaps) {
        assertThat(gaps).hasSize(KILLS);
        return gaps.stream().sorted().toList().get(KILLS / 2);
    }

    /** At least 500 decisions lie between two kills, or this does not return. */
    private Duration killAndStart(String node) throws InterruptedException {
        recorder.resetGap();
        fleet.kill(node);
        awaitDecisions(BETWEEN);
        Duration gap = recorder.longestGap();
        long usual = pauseMillis;
        pauseMillis = 10;
        fleet.start(node);
        fleet.awaitReady(node, FleetFixture.READY_WITHIN);
        pauseMillis = usual;
        // Or the next kill would leave a bare majority.
        assertThat(Books.awaitApplied(fleet.node(node).url(), lastIndex(recorder.outcomes()), CAUGHT_UP_WITHIN))
                .as(node)
                .isTrue();
        return gap;
    }

    /** Clients that take all of the machine would leave nothing to the JVMs, least of all to one that starts. */
    private void leaveTheMachineSomeTime() {
        if (pauseMillis > 0) {
            new CompletableFuture<Void>()
                    .completeOnTimeout(null, pauseMillis, TimeUnit.MILLISECONDS)
                    .join();
        }
    }

    private void awaitDecisions(int more) {
        int from = recorder.count();
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> recorder.count() >= from + more);
    }

    private static long lastIndex(List<Outcome> outcomes) {
        return outcomes.stream().mapToLong(Outcome::index).max().orElse(0);
    }

    @Test
    void hasEveryAcknowledgedPaymentAfterAllNodesWereKilledAtOnce() throws Exception {
        List<Outcome> acknowledged;
        try (Load load = new Load(64, 0)) {
            awaitDecisions(2 * BETWEEN);

            fleet.killAll();
            acknowledged = recorder.outcomes();
            FleetFixture.startAll(fleet);
            awaitDecisions(BETWEEN);
            load.end();

            assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(2 * BETWEEN);
        }
        compare();
        for (Outcome outcome : acknowledged.subList(acknowledged.size() - 50, acknowledged.size())) {
            Outcome again = new Loader(client, 1, ROW_WITHIN).carryOut(outcome.row());
            assertThat(again.kind()).isEqualTo(outcome.kind());
            assertThat(again.index()).isEqualTo(outcome.index());
        }
    }

    @Test
    void aMinorityRefusesWithinTheDeadlineAndStillReadsLocally() throws Exception {
        try (Load load = new Load(64, 0)) {
            awaitDecisions(2 * BETWEEN);
            load.end();
        }
        compare();
        NodeSpec left = fleet.node("n1");
        Row deposit = new Row(0, "minority", null, file.accounts().first(), 100);

        List.of("n3", "n4", "n5").forEach(fleet::kill);

        CompletableFuture<Reply> refused = withinDeadline(left.url(), Call.payment(deposit));
        CompletableFuture<Reply> unread = withinDeadline(left.url(), Call.get("/total"));
        assertThat(refused.get()).isNotInstanceOf(Reply.Answered.class);
        assertThat(unread.get()).isInstanceOf(Reply.NotApplied.class);
        assertThat(replay().differences("n1", Books.of(left.url()))).isEmpty();

        List.of("n3", "n4", "n5").forEach(fleet::start);
        Outcome again = new Loader(client, 1, ROW_WITHIN).carryOut(deposit);
        assertThat(again.kind()).isEqualTo(Kind.ACCEPTED);
        recorder.decided(again);
        assertThat(client.send(Call.get("/total"), ROW_WITHIN))
                .isInstanceOfSatisfying(
                        Reply.Answered.class,
                        total -> assertThat(total.body().get("total").asLong()).isEqualTo(replay().total()));
    }

    private static CompletableFuture<Reply> withinDeadline(URI node, Call call) {
        Duration deadline = Duration.ofSeconds(3);
        CompletableFuture<Reply> done = new CompletableFuture<>();
        daemon("within-deadline", done, () -> {
            long before = System.nanoTime();
            try (BankClient one = new BankClient(List.of(node), deadline)) {
                Reply reply = one.send(call, deadline);
                assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(deadline.plusSeconds(20));
                return reply;
            }
        });
        return done;
    }

    private static PaymentFile payments(Path path) throws IOException {
        Files.writeString(path, String.join("\n", new Generator(11, ROWS, 100).lines()) + "\n");
        return PaymentFile.scan(path);
    }

    /** Payments that are carried out from the first on that no load has taken yet. */
    private final class Load implements AutoCloseable {
        private final Loader loader;
        private final CompletableFuture<Boolean> done = new CompletableFuture<>();

        Load(int inFlight, long pause) {
            loader = new Loader(client, inFlight, ROW_WITHIN);
            pauseMillis = pause;
            long last = recorder.outcomes().stream()
                    .mapToLong(outcome -> outcome.row().line())
                    .max()
                    .orElse(0);
            daemon("load", done, () -> {
                loader.load(file, line -> line <= last, recorder);
                return true;
            });
        }

        /** Returns when what was asked for is answered; fails if the load has. */
        void end() throws Exception {
            loader.stop();
            assertThat(done.get(2, TimeUnit.MINUTES)).isTrue();
        }

        @Override
        public void close() {
            loader.stop();
        }
    }

    private static <T> void daemon(String name, CompletableFuture<T> done, Callable<T> task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        done.complete(task.call());
                    } catch (Exception | AssertionError e) {
                        done.completeExceptionally(e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private Replay replay() {
        return Replay.of(file.accounts(), recorder.outcomes());
    }

    private void compare() throws InterruptedException {
        Replay replay = replay();
        assertThat(replay.problems()).isEmpty();
        assertThat(replay.accepted()).isGreaterThan(BETWEEN);
        for (NodeSpec node : fleet.nodes()) {
            assertThat(Books.awaitApplied(node.url(), replay.lastIndex(), CAUGHT_UP_WITHIN))
                    .as(node.id())
                    .isTrue();
            assertThat(replay.differences(node.id(), Books.of(node.url()))).isEmpty();
        }
    }
}
