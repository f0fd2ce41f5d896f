package io.murmuration.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.murmuration.testkit.jvm.JvmCluster;
import io.murmuration.testkit.jvm.JvmNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes that go, in order or not, and what the others do meanwhile. */
final class NodeEndIT {
    private static final Duration LONG = TallyNodes.LONG;
    /** Longer than Artery's restart windows, its handshake time-out and the cluster's failure detection. */
    private static final Duration AWAY = Duration.ofSeconds(32);

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int TERMINATED = 143;

    private final JvmCluster cluster = JvmCluster.create();
    private final TallyNodes nodes = new TallyNodes(cluster);

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void leavesWithinTenSecondsOfSigtermWhoeverElseIsThere() throws Exception {
        cluster.run(() -> {
            cluster.startAll(LONG);
            assertThat(TallyNodes.answer(nodes.get(1), "add a")).isEqualTo("done 1");
            JvmNode leader = nodes.leader(nodes.all());
            List<JvmNode> followers = nodes.others(leader);
            followers.get(0).pause();

            Duration beside = end(followers.get(1));
            Duration alone = end(leader);
            followers.get(0).resume();
            Duration last = end(followers.get(0));

            System.out.println("Ended after SIGTERM: a follower beside a paused node " + beside.toMillis()
                    + " ms, the leader without a majority " + alone.toMillis() + " ms, the last one " + last.toMillis()
                    + " ms");
        });
    }

    @Test
    void keepsServingWhileTheFirstSeedNodeIsAwayForLong() throws Exception {
        cluster.run(() -> {
            cluster.startAll(LONG);
            List<JvmNode> survivors = nodes.others(nodes.get(1));
            assertThat(TallyNodes.answer(nodes.get(1), "add a")).isEqualTo("done 1");
            nodes.get(1).kill();
            long killed = System.nanoTime();
            TallyLoad load = new TallyLoad(nodes.get(2), "n2-0");
            await().atMost(LONG).until(() -> System.nanoTime() - killed > AWAY.toNanos());
            assertThat(survivors).allMatch(JvmNode::isRunning);
            int before = load.acknowledged();
            await().atMost(LONG).until(() -> load.acknowledged() > before + 100);
            load.stop(LONG);

            survivors.forEach(NodeEndIT::end);
            survivors.forEach(JvmNode::begin);
            survivors.forEach(node -> node.awaitReady(LONG));
            load.check(TallyNodes.read(nodes.get(3)));
            nodes.get(1).start();

            load.check(TallyNodes.awaitEqual(nodes.all()));
        });
    }

    private static Duration end(JvmNode node) {
        long start = System.nanoTime();
        node.terminate();
        int code = node.awaitExit(LONG);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(code).as(node.output()).isEqualTo(TERMINATED);
        assertThat(took).as(node.name()).isLessThan(LIMIT);
        assertThat(node.output()).doesNotContain("it ends now");
        return took;
    }
}
