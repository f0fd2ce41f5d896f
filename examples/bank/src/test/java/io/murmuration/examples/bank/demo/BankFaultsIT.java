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
import io.murmuration.examples.bank.payments.Loader.Outcome;
import io.murmuration.examples.bank.payments.PaymentFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Five JVMs, real faults, and every answer compared with an independent model. */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class BankFaultsIT {
    private static final int KILLS = 5;
    private static final int BETWEEN = 500;
    private static final Duration GAP_MAX = Duration.ofMillis(1500);
    private static final Duration ROW_WITHIN = Duration.ofSeconds(60);
    private static final Duration TRY = Duration.ofSeconds(2);

    @TempDir
    private Path dir;

    @Test
    void losesAndRepeatsNothingWhenLeadersAndFollowersAreKilledUnderLoad() throws Exception {
        try (Fleet fleet = FleetFixture.open(dir, 5);
                BankClient client = new BankClient(fleet.urls(), TRY)) {
            FleetFixture.startAll(fleet);
            PaymentFile file = payments(200_000);
            Loader loader = new Loader(client, 32, ROW_WITHIN);
            Recorder recorder = new Recorder(BankFaultsIT::leaveTheMachineSomeTime);
            assertThat(loader.open(file.accounts())).isZero();
            CompletableFuture<Void> load = load(loader, file, recorder);
            awaitDecisions(recorder, BETWEEN);

            List<Duration> gaps = new ArrayList<>();
            Random random = new Random(7);
            for (int kill = 0; kill < KILLS; kill++) {
                gaps.add(killAndStart(fleet, recorder, FleetFixture.leader(fleet)));
                String leader = FleetFixture.leader(fleet);
                List<String> followers = fleet.nodes().stream()
                        .map(NodeSpec::id)
                        .filter(id -> !id.equals(leader))
                        .toList();
                Duration gap = killAndStart(fleet, recorder, followers.get(random.nextInt(followers.size())));
                assertThat(gap).as("after the kill of a follower").isLessThan(GAP_MAX);
            }
            loader.stop();
            load.get(2, TimeUnit.MINUTES);

            System.out.println("Longest time without a decision after each kill of a leader: " + gaps);
            assertThat(gaps).allSatisfy(gap -> assertThat(gap).isLessThan(GAP_MAX));
            compare(fleet, file, recorder.outcomes());
        }
    }

    /** At least 500 decisions lie between two kills, or this does not return. */
    private static Duration killAndStart(Fleet fleet, Recorder recorder, String node) {
        recorder.resetGap();
        fleet.kill(node);
        awaitDecisions(recorder, BETWEEN);
        Duration gap = recorder.longestGap();
        fleet.start(node);
        fleet.awaitReady(node, FleetFixture.READY_WITHIN);
        return gap;
    }

    /** Clients that take all of the machine would leave nothing to the JVM that starts again. */
    private static void leaveTheMachineSomeTime() {
        new CompletableFuture<Void>()
                .completeOnTimeout(null, 1, TimeUnit.MILLISECONDS)
                .join();
    }

    private static void awaitDecisions(Recorder recorder, int more) {
        int from = recorder.count();
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> recorder.count() >= from + more);
    }

    @Test
    void hasEveryAcknowledgedPaymentAfterAllNodesWereKilledAtOnce() throws Exception {
        try (Fleet fleet = FleetFixture.open(dir, 5);
                BankClient client = new BankClient(fleet.urls(), TRY)) {
            FleetFixture.startAll(fleet);
            PaymentFile file = payments(200_000);
            Loader loader = new Loader(client, 64, ROW_WITHIN);
            Recorder recorder = new Recorder(() -> {});
            assertThat(loader.open(file.accounts())).isZero();
            CompletableFuture<Void> load = load(loader, file, recorder);
            awaitDecisions(recorder, 2 * BETWEEN);

            fleet.killAll();
            List<Outcome> acknowledged = recorder.outcomes();
            FleetFixture.startAll(fleet);
            awaitDecisions(recorder, BETWEEN);
            loader.stop();
            load.get(2, TimeUnit.MINUTES);

            assertThat(acknowledged).hasSizeGreaterThan(2 * BETWEEN - 1);
            compare(fleet, file, recorder.outcomes());
            for (Outcome outcome : acknowledged.subList(acknowledged.size() - 50, acknowledged.size())) {
                Outcome again = loader.carryOut(outcome.row());
                assertThat(again.kind()).isEqualTo(outcome.kind());
                assertThat(again.index()).isEqualTo(outcome.index());
            }
        }
    }

    @Test
    void aMinorityRefusesWithinTheDeadlineAndStillReadsLocally() throws Exception {
        try (Fleet fleet = FleetFixture.open(dir, 5);
                BankClient client = new BankClient(fleet.urls(), TRY)) {
            FleetFixture.startAll(fleet);
            PaymentFile file = payments(1_000);
            Loader loader = new Loader(client, 64, ROW_WITHIN);
            Recorder recorder = new Recorder(() -> {});
            assertThat(loader.open(file.accounts())).isZero();
            loader.load(file, line -> false, recorder);
            Replay replay = Replay.of(file.accounts(), recorder.outcomes());
            NodeSpec left = fleet.node("n1");
            assertThat(Books.awaitApplied(left.url(), replay.lastIndex(), Duration.ofSeconds(30)))
                    .isTrue();

            List.of("n3", "n4", "n5").forEach(fleet::kill);

            Call deposit = Call.payment(null, file.accounts().first(), 100, "minority");
            assertThat(withinDeadline(left.url(), deposit)).isNotInstanceOf(Reply.Answered.class);
            assertThat(withinDeadline(left.url(), Call.get("/total"))).isInstanceOf(Reply.NotApplied.class);
            assertThat(replay.differences("n1", Books.of(left.url()))).isEmpty();

            List.of("n3", "n4", "n5").forEach(fleet::start);
            Reply again = client.send(deposit, ROW_WITHIN);
            assertThat(again)
                    .isInstanceOfSatisfying(
                            Reply.Answered.class,
                            answered -> assertThat(answered.carriedOut()).isTrue());
            assertThat(client.send(Call.get("/total"), ROW_WITHIN))
                    .isInstanceOfSatisfying(
                            Reply.Answered.class,
                            total -> assertThat(total.body().get("total").asLong())
                                    .isEqualTo(replay.total() + 100));
        }
    }

    private static Reply withinDeadline(URI node, Call call) throws InterruptedException {
        Duration deadline = Duration.ofSeconds(3);
        long before = System.nanoTime();
        try (BankClient one = new BankClient(List.of(node), deadline)) {
            Reply reply = one.send(call, deadline);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(deadline.plusSeconds(2));
            return reply;
        }
    }

    private PaymentFile payments(int rows) throws IOException {
        Path path = dir.resolve("payments.csv");
        Files.writeString(path, String.join("\n", new Generator(11, rows, 100).lines()) + "\n");
        return PaymentFile.scan(path);
    }

    private static CompletableFuture<Void> load(Loader loader, PaymentFile file, Recorder recorder) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        loader.load(file, line -> false, recorder);
                        done.complete(null);
                    } catch (IOException | InterruptedException | RuntimeException e) {
                        done.completeExceptionally(e);
                    }
                },
                "load");
        thread.setDaemon(true);
        thread.start();
        return done;
    }

    private static void compare(Fleet fleet, PaymentFile file, List<Outcome> outcomes) throws InterruptedException {
        Replay replay = Replay.of(file.accounts(), outcomes);
        assertThat(replay.problems()).isEmpty();
        assertThat(replay.accepted()).isGreaterThan(BETWEEN);
        for (NodeSpec node : fleet.nodes()) {
            assertThat(Books.awaitApplied(node.url(), replay.lastIndex(), Duration.ofSeconds(30)))
                    .as(node.id())
                    .isTrue();
            assertThat(replay.differences(node.id(), Books.of(node.url()))).isEmpty();
        }
    }
}
