package io.murmuration.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import io.murmuration.Group;
import io.murmuration.Murmuration;
import io.murmuration.NotAppliedException;
import io.murmuration.Replica;
import io.murmuration.Status;
import io.murmuration.testkit.jvm.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One byte of a stopped node's journal changes: the node never serves it, and says where it is and what it means. */
class DamagedJournalIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void isNeitherServedNorReadAgain() throws Exception {
        Config config = config();
        countOn(config, "before");
        assertThat(countOn(config, "between")).as("an intact journal is served").startsWith("{before=10");

        Path segment = flipAByte();

        assertThatThrownBy(() -> MurmurationNode.start(config))
                .isInstanceOf(NodeStartException.class)
                .hasMessageContaining("The journal is damaged in " + segment)
                .hasMessageContaining("at offset ")
                .hasMessageContaining("Never put an older copy");
        withoutANodeTheReplicaSaysIt(config, segment);
    }

    /** An application that brings its own ActorSystem goes on, and is told by the replica. */
    private static void withoutANodeTheReplicaSaysIt(Config config, Path segment) throws Exception {
        ActorSystem<SpawnProtocol.Command> system =
                ActorSystem.create(SpawnProtocol.create(), MurmurationNode.SYSTEM, config);
        try {
            Replica<Tally> replica = Murmuration.get(system).start(Group.of("tally", Tally.machine()));

            Status down = await().atMost(LONG)
                    .until(
                            () -> result(replica.status()),
                            status -> status.role().equals("stopped"));

            assertThat(down.why())
                    .contains(segment.toString(), "at offset ", "stays down until this process is started again");
            assertThatThrownBy(() -> result(replica.ask(new Tally.Add("after"))))
                    .hasCauseInstanceOf(NotAppliedException.Closed.class)
                    .hasMessageContaining(segment.toString());
            assertThat(ready(system)).as("ready").isFalse();
            assertThat(alive(system))
                    .as("alive, although its journal has failed")
                    .isFalse();
        } finally {
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
    }

    private static boolean ready(ActorSystem<?> system) {
        return result(new ReadyCheck(system.classicSystem()).get());
    }

    private static boolean alive(ActorSystem<?> system) {
        return result(new AliveCheck(system.classicSystem()).get());
    }

    private Config config() {
        return NodeConfig.load(
                "--node",
                "n1",
                "--members",
                "n1",
                "--addresses",
                "n1=127.0.0.1:" + FreePorts.take(1).get(0),
                "--data-dir",
                folder.resolve("n1").toString(),
                "-Dmurmuration.bootstrap.management=off");
    }

    /** One life of the node, in which it counts to ten. */
    private static String countOn(Config config, String origin) throws Exception {
        MurmurationNode node = MurmurationNode.start(config);
        try {
            Replica<Tally> replica = node.start(Group.of("tally", Tally.machine()));
            for (int i = 0; i < 10; i++) {
                result(replica.ask(new Tally.Add(origin), LONG));
            }
            assertThat(ready(node.system())).as("ready").isTrue();
            assertThat(alive(node.system())).as("alive").isTrue();
            return "{" + result(replica.read(Tally::toString));
        } finally {
            node.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
    }

    private static <T> T result(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** In the middle of what was written, far from a torn tail. */
    private Path flipAByte() throws IOException {
        Path journal = folder.resolve("n1").resolve("journal");
        Path last;
        try (Stream<Path> files = Files.list(journal)) {
            last = files.max(Path::compareTo).orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(last);
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        bytes[end / 2] ^= 1;
        Files.write(last, bytes);
        return last;
    }
}
