package io.murmuration.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.murmuration.testkit.jvm.FreePorts;
import io.murmuration.testkit.jvm.JvmCluster;
import io.murmuration.testkit.jvm.JvmNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each of five nodes is stopped by SIGTERM and started again, one after the other, and nobody who asks sees it. */
final class RollingRestartIT {
    private static final Duration LONG = TallyNodes.LONG;
    private static final int NODES = 5;
    private static final int SOME = 100;

    private final JvmCluster cluster = JvmCluster.create();
    private final TallyNodes nodes = new TallyNodes(cluster, NodeMain.class, NODES, "n1,n2,n3,n4,n5");
    /** Asks from beside the group, all the time. */
    private final JvmNode web = cluster.node(
            "web",
            ClientMain.class,
            "--node",
            "web",
            "--members",
            "n1,n2,n3,n4,n5",
            "--addresses",
            nodes.addresses() + ",web=127.0.0.1:" + FreePorts.take(1).get(0),
            "--data-dir",
            cluster.folder("web").toString(),
            "-Dmurmuration.bootstrap.storage=off",
            "-Dmurmuration.bootstrap.management=off");

    private final List<TallyLoad> ended = new ArrayList<>();
    /** By node, in their order; that of the web last. */
    private final List<TallyLoad> loads = new ArrayList<>();

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void everyNodeIsRestartedInTurnUnderLoadAndNoAskFails() throws Exception {
        cluster.run(() -> {
            web.begin();
            nodes.start();
            web.awaitReady(LONG);
            nodes.all().forEach(node -> loads.add(load(node, node.name())));
            loads.add(load(web, "web"));
            awaitMore();

            int led = 0;
            for (int number = 1; number <= NODES; number++) {
                led += restart(number) ? 1 : 0;
            }

            loads.forEach(this::end);
            Map<String, Long> tally = TallyNodes.read(nodes.get(1));
            ended.forEach(load -> load.check(tally));
            assertThat(ended).as("failed asks").allMatch(load -> load.failed() == 0);
            assertThat(TallyNodes.awaitEqual(nodes.all())).isEqualTo(tally);
            assertThat(tally.values().stream().mapToLong(Long::longValue).sum())
                    .isEqualTo(ended.stream().mapToLong(TallyLoad::acknowledged).sum());
            assertThat(led).as("restarts of the node that led").isPositive();
        });
    }

    /** Tells whether the node led. */
    private boolean restart(int number) {
        JvmNode node = nodes.get(number);
        List<JvmNode> others = nodes.others(node);
        JvmNode leader = nodes.leader(nodes.all());
        move(number, others.get(number % others.size()), "away-from-" + node.name());
        loads.forEach(TallyLoad::longestGap);

        node.terminate();
        TallyNodes.awaitTerminated(node);
        awaitMore();
        Duration stopping = longestGap();
        node.start();
        awaitCaughtUp(node, others);
        awaitMore();
        Duration starting = longestGap();

        System.out.printf(
                "%s%s restarted: longest time without a success %d ms while it stopped, %d ms until it had caught up%n",
                node.name(), node == leader ? ", which led," : "", stopping.toMillis(), starting.toMillis());
        move(number, node, "back-on-" + node.name());
        return node == leader;
    }

    /** As whoever takes a node out of service: nothing new goes there, and what is open there is answered. */
    private void move(int number, JvmNode to, String origin) {
        end(loads.get(number - 1));
        loads.set(number - 1, load(to, origin));
    }

    private TallyLoad load(JvmNode node, String origin) {
        TallyLoad load = new TallyLoad(node, origin);
        load.slow(true);
        return load;
    }

    private void end(TallyLoad load) {
        load.stop(LONG);
        ended.add(load);
    }

    private Duration longestGap() {
        return loads.stream()
                .map(TallyLoad::longestGap)
                .max(Duration::compareTo)
                .orElseThrow();
    }

    private void awaitMore() {
        List<Integer> before = loads.stream().map(TallyLoad::acknowledged).toList();
        await().atMost(LONG)
                .until(() -> IntStream.range(0, loads.size())
                        .allMatch(i -> loads.get(i).acknowledged() >= before.get(i) + SOME));
    }

    private static void awaitCaughtUp(JvmNode behind, List<JvmNode> others) {
        long applied = others.stream()
                .mapToLong(node -> TallyNodes.status(node, "applied"))
                .max()
                .orElseThrow();
        await().atMost(LONG).until(() -> {
            String status = TallyNodes.answer(behind, "status");
            return (status.contains("role=follower") || status.contains("role=leader"))
                    && TallyNodes.status(behind, "applied") >= applied;
        });
    }
}
