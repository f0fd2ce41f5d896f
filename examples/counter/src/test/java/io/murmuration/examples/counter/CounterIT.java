package io.murmuration.examples.counter;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.Group;
import io.murmuration.Murmuration;
import io.murmuration.Replica;
import io.murmuration.bootstrap.MurmurationNode;
import io.murmuration.bootstrap.NodeConfig;
import io.murmuration.testkit.jvm.FreePorts;
import io.murmuration.testkit.jvm.JvmCluster;
import io.murmuration.testkit.jvm.JvmNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorSystem;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CounterIT {
    @Test
    void countsOnEachNodeInTurnAndEnds() throws Exception {
        String addresses = "n1=127.0.0.1:%d,n2=127.0.0.1:%d,n3=127.0.0.1:%d"
                .formatted(FreePorts.take(3).toArray());
        try (JvmCluster cluster = JvmCluster.create()) {
            JvmNode process = cluster.node("counter", Main.class)
                    .options("-Dmurmuration.addresses=" + addresses, "-Djava.io.tmpdir=" + cluster.folder("temporary"));
            Files.createDirectory(cluster.folder("temporary"));

            cluster.run(() -> {
                assertThat(process.begin().awaitExit(Duration.ofMinutes(2))).isZero();
                assertThat(process.printed()).isEqualTo("count = 5\ncount = 10\ncount = 15\n");
                assertThat(process.error()).isEmpty();
                assertThat(cluster.folder("temporary")).isEmptyDirectory();
            });
        }
    }

    @Test
    void countsAsTheFirstPageSays(@TempDir Path data) {
        MurmurationNode node = MurmurationNode.start(NodeConfig.load(
                "--node",
                "n1",
                "--members",
                "n1",
                "--addresses",
                "n1=127.0.0.1:" + FreePorts.take(1).get(0),
                "--data-dir",
                data.resolve("n1").toString()));
        ActorSystem<?> system = node.system();
        try {
            // sample use begins
            Replica<Long> counter = Murmuration.get(system).start(Group.of("counter", Counter.machine()));

            counter.ask(new Counter.Add(5)) // on any node; exactly once
                    .thenCompose(sum -> counter.read(count -> count)) // linearizable, served by this node
                    .thenAccept(count -> System.out.println("count = " + count));
            // sample use ends

            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(counter.read(count -> count)
                                    .toCompletableFuture()
                                    .join())
                            .isEqualTo(5));
        } finally {
            node.stop().toCompletableFuture().join();
        }
    }
}
