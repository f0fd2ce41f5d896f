package io.murmuration.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.murmuration.testkit.jvm.FreePorts;
import io.murmuration.testkit.jvm.JvmCluster;
import io.murmuration.testkit.jvm.JvmNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A node is started elsewhere under its name, with its folder: nobody orders anything, and all find it by their
 * cluster.
 */
final class MovedNodeIT {
    private static final Duration LONG = TallyNodes.LONG;
    private static final int SOME = 100;

    private final JvmCluster cluster = JvmCluster.create();
    /** In ascending order: whoever joins is told of the members in the order of their addresses. */
    private final List<Integer> ports = FreePorts.take(5).stream().sorted().toList();

    private final String seeds =
            "-Dpekko.cluster.seed-nodes=[\"" + place(ports.get(1)) + "\",\"" + place(ports.get(2)) + "\"]";
    private final JvmNode n1 = node("n1", NodeMain.class, ports.get(1));
    private final JvmNode n2 = node("n2", NodeMain.class, ports.get(2));
    private final JvmNode n3 = node("n3", NodeMain.class, ports.get(4));
    private final JvmNode web = node("web", ClientMain.class, ports.get(3), "-Dmurmuration.bootstrap.storage=off");

    private JvmNode node(String name, Class<?> main, int port, String... more) {
        List<String> options = new ArrayList<>(List.of(
                "--node",
                name,
                "--members",
                "n1,n2,n3",
                "--data-dir",
                cluster.folder(name).toString(),
                "-Dmurmuration.bootstrap.management=off",
                "-Dpekko.remote.artery.canonical.hostname=127.0.0.1",
                seeds));
        options.addAll(List.of(more));
        return listensAt(cluster.node(name, main, options.toArray(String[]::new)), port);
    }

    private static String place(int port) {
        return "pekko://" + MurmurationNode.SYSTEM + "@127.0.0.1:" + port;
    }

    private static JvmNode listensAt(JvmNode node, int port) {
        return node.options("-Dpekko.remote.artery.canonical.port=" + port);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void membersAndClientsFindANodeThatDiedAndWasStartedElsewhere() throws Exception {
        cluster.run(() -> {
            List<JvmNode> all = List.of(n1, n2, n3, web);
            all.forEach(JvmNode::begin);
            all.forEach(node -> node.awaitReady(LONG));
            assertThat(TallyNodes.answer(web, "add before 60s")).isEqualTo("done 1");
            TallyLoad load = new TallyLoad(n1, "n1");
            load.slow(true);

            n3.kill();
            listensAt(n3, ports.get(0)).start();

            // Nothing is committed without it now.
            awaitMore(load);
            n2.kill();
            assertThat(TallyNodes.answer(web, "add moved 90s")).isEqualTo("done 1");
            awaitMore(load);
            load.stop(LONG);
            load.check(TallyNodes.read(n3));

            // Who joins now is told where it is, and may join at all: the place that it left is forgotten.
            n2.start();
            await().atMost(LONG)
                    .until(
                            () -> TallyNodes.answer(n2, "places"),
                            places -> places.contains(ports.get(0) + "=") && !places.contains(ports.get(4) + "="));
            n1.kill();
            assertThat(TallyNodes.answer(n2, "add returned 90s")).isEqualTo("done 1");
            assertThat(TallyNodes.awaitEqual(List.of(n2, n3))).containsEntry("moved", 1L);
        });
    }

    private static void awaitMore(TallyLoad load) {
        int before = load.acknowledged();
        await().atMost(LONG).until(() -> load.acknowledged() >= before + SOME);
    }
}
