package io.murmuration.bootstrap;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.murmuration.Group;
import io.murmuration.Murmuration;
import io.murmuration.Replica;
import io.murmuration.Status;
import io.murmuration.machine.Command;
import io.murmuration.machine.StateMachine;
import io.murmuration.testkit.jvm.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica that fails starts anew in its place, within the same process, and takes part again (F5). */
class ReplicaRestartIT {
    /** How many folds of {@link Poison} still fail, on whichever nodes come first. */
    private static final AtomicInteger FAILURES = new AtomicInteger();

    sealed interface Change extends Command<Long> {}

    record Add(long amount) implements Change {}

    record Poison() implements Change {}

    private final List<MurmurationNode> nodes = new ArrayList<>();

    private static StateMachine<Long> machine() {
        return StateMachine.startingFrom(0L)
                .fold(Add.class, (count, add) -> count + add.amount())
                .fold(Poison.class, (count, poison) -> {
                    if (FAILURES.getAndDecrement() > 0) {
                        throw new IllegalStateException("planted: this fold fails once");
                    }
                    return count;
                })
                .covering(Change.class);
    }

    private List<Replica<Long>> start(Path folder) {
        List<Integer> ports = FreePorts.take(3);
        String addresses =
                "n1=127.0.0.1:" + ports.get(0) + ",n2=127.0.0.1:" + ports.get(1) + ",n3=127.0.0.1:" + ports.get(2);
        List<Replica<Long>> replicas = new ArrayList<>();
        for (String name : List.of("n1", "n2", "n3")) {
            MurmurationNode node = MurmurationNode.start(NodeConfig.load(
                    "--node",
                    name,
                    "--members",
                    "n1,n2,n3",
                    "--addresses",
                    addresses,
                    "--data-dir",
                    folder.resolve(name).toString(),
                    "-Dmurmuration.bootstrap.management=off"));
            nodes.add(node);
            replicas.add(node.start(Group.of("restarted", machine())));
        }
        return replicas;
    }

    @AfterEach
    void stop() {
        CompletableFuture<?>[] ends =
                nodes.stream().map(node -> node.stop().toCompletableFuture()).toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(ends).join();
    }

    @Test
    void everyReplicaThatFailedHearsTheOthersAgain(@TempDir Path folder) {
        List<Replica<Long>> replicas = start(folder);
        Duration patience = Duration.ofSeconds(60);
        assertThat(replicas.get(0)
                        .ask(new Add(1), patience)
                        .toCompletableFuture()
                        .join())
                .isEqualTo(1);

        // Each round fails one replica, whichever folds first: mostly the leader. Its process goes on.
        for (int round = 1; round <= 3; round++) {
            FAILURES.set(1);
            replicas.get(0).ask(new Poison(), patience).toCompletableFuture().join();
            Long sum = replicas.get(round - 1)
                    .ask(new Add(1), patience)
                    .toCompletableFuture()
                    .join();

            assertThat(sum).isEqualTo(1 + round);
            await().atMost(60, SECONDS).untilAsserted(() -> {
                List<Status> seen = replicas.stream()
                        .map(replica -> replica.status().toCompletableFuture().join())
                        .toList();
                assertThat(seen).allMatch(status -> status.why() == null && status.leader() != null);
                assertThat(seen.stream().map(Status::applied).distinct()).hasSize(1);
            });
        }
        for (Replica<Long> replica : replicas) {
            assertThat(replica.read(count -> count).toCompletableFuture().join())
                    .isEqualTo(4);
        }
    }

    @Test
    void aGroupThatWasStoppedAndStartedAgainHearsTheOthers(@TempDir Path folder) {
        List<Replica<Long>> replicas = start(folder);
        Duration patience = Duration.ofSeconds(30);
        assertThat(replicas.get(1)
                        .ask(new Add(1), patience)
                        .toCompletableFuture()
                        .join())
                .isEqualTo(1);

        for (int number = 0; number < nodes.size(); number++) {
            Murmuration node = Murmuration.get(nodes.get(number).system());
            node.stop("restarted").toCompletableFuture().join();
            Replica<Long> replica = node.start(Group.of("restarted", machine()));

            assertThat(replica.ask(new Add(1), patience).toCompletableFuture().join())
                    .isEqualTo(number + 2);
            await().atMost(patience).untilAsserted(() -> {
                Status status = replica.status().toCompletableFuture().join();
                assertThat(status.why()).isNull();
                assertThat(replica.readLocal(count -> count)
                                .toCompletableFuture()
                                .join()
                                .value())
                        .isGreaterThanOrEqualTo(2L);
            });
        }
    }
}
