package io.murmuration.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.testkit.jvm.FreePorts;
import io.murmuration.testkit.jvm.JvmCluster;
import io.murmuration.testkit.jvm.JvmNode;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a node says that cannot start, in a process of its own. */
final class NodeStartIT {
    private static final Duration LONG = Duration.ofMinutes(2);

    private final JvmCluster cluster = JvmCluster.create();

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void refusesWithOneSentenceAndExitCodeOne() throws Exception {
        Path file = Files.createFile(cluster.folder("a-file"));
        Path foreign = Files.createDirectories(cluster.folder("foreign"));
        List<Refusal> refusals = new ArrayList<>();

        cluster.run(() -> {
            try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                JvmNode owner = node("n1", foreign, FreePorts.take(1).get(0)).start();
                refusals.add(
                        refusal("address-taken", "the port of remoting", cluster.folder("d1"), taken.getLocalPort())
                                .says("cannot listen on 127.0.0.1:" + taken.getLocalPort(), "murmuration.addresses"));
                refusals.add(free(
                                "management-taken",
                                cluster.folder("d2"),
                                "-Dmurmuration.bootstrap.management=on",
                                "-Dpekko.management.http.port=" + taken.getLocalPort())
                        .says("cannot listen on 127.0.0.1:" + taken.getLocalPort(), "pekko.management.http.port"));
                refusals.add(free("in-use", foreign, "-Dmurmuration.node=n1").says("in use", foreign.toString()));
                refusals.add(free("file", file).says(file.toString()));
                refusals.add(free("missing", cluster.folder("no").resolve("such"))
                        .says(cluster.folder("no").toString()));
                refusals.add(free("option", cluster.folder("d3"), "--nodes").says("The option \"--nodes\" is unknown"));
                refusals.add(free("setting", cluster.folder("d4"), "-Dmurmuration.election-timeout=1ms")
                        .says("murmuration.election-timeout is 1 ms; it must be at least 50 ms."));
                refusals.forEach(Refusal::check);
                owner.kill();
            }
            free("n9", foreign).says("n1", "n9").check();
        });
    }

    @Test
    void endsWithExitCodeThreeOnceItsJournalFails() throws Exception {
        cluster.run(() -> {
            JvmNode node = node("n1", cluster.folder("n1"), FreePorts.take(1).get(0), "-Dmurmuration.members=n1");
            // 2 MiB for any file: the journal's second segment cannot grow.
            node.launchedBy("sh", "-c", "ulimit -f 4096; exec \"$@\"", "sh").options();
            node.start();
            int acknowledged = 0;

            String much = "x".repeat(100_000);
            for (int i = 0; i < 1_000 && node.isRunning(); i++) {
                String answer = node.ask("add " + much)
                        .handle((text, gone) -> gone == null ? text : "gone")
                        .join();
                acknowledged += answer.startsWith("done") ? 1 : 0;
            }

            assertThat(node.awaitExit(LONG)).isEqualTo(MurmurationNode.JOURNAL_FAILED);
            assertThat(node.output()).contains("The journal of this node has failed");
            assertThat(acknowledged).isPositive();
        });
    }

    private Refusal free(String name, Path folder, String... more) {
        return refusal(name, name, folder, FreePorts.take(1).get(0), more);
    }

    private Refusal refusal(String name, String what, Path folder, int port, String... more) {
        return new Refusal(what, node(name, folder, port, more).begin());
    }

    private JvmNode node(String name, Path folder, int port, String... more) {
        List<String> options = new ArrayList<>(List.of(
                "--node",
                name,
                "--members",
                "n1,n2,n3",
                "--data-dir",
                folder.toString(),
                "-Dmurmuration.bootstrap.management=off"));
        options.addAll(List.of(more));
        String named = options.contains("-Dmurmuration.node=n1") ? "n1" : name;
        options.addAll(List.of("--addresses", named + "=127.0.0.1:" + port));
        return cluster.node(name, NodeMain.class, options.toArray(String[]::new))
                .options("-Dbare=true");
    }

    /** A node that must not come up, and what it must say. */
    private record Refusal(String what, JvmNode node, List<String> words) {
        Refusal(String what, JvmNode node) {
            this(what, node, List.of());
        }

        Refusal says(String... expected) {
            return new Refusal(what, node, List.of(expected));
        }

        void check() {
            assertThat(node.awaitExit(LONG)).as(what).isEqualTo(MurmurationNode.FAILED);
            assertThat(node.error()).as(what).contains(words);
            assertThat(node.error().strip().lines()).as(what).hasSize(1);
        }
    }
}
