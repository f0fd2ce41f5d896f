package io.murmuration.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.murmuration.testkit.jvm.JvmCluster;
import io.murmuration.testkit.jvm.JvmNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The first seed node is away for longer than all that Artery and the cluster wait for. */
final class SeedNodeAwayIT {
    private static final Duration LONG = TallyNodes.LONG;

    private final JvmCluster cluster = JvmCluster.create();

    @AfterEach
    void close() {
        cluster.close();
    }

    /**
     * The handshake time-out and the cluster's detection are over in 3 s here. Artery's restart windows stay at their 5
     * s: shorter ones would count fewer failures and let a lower limit of restarts pass.
     */
    @Test
    void keepsServingWhileTheFirstSeedNodeIsAway() throws Exception {
        TallyNodes nodes = new TallyNodes(
                cluster,
                "-Dpekko.remote.artery.advanced.handshake-timeout=3s",
                "-Dpekko.cluster.failure-detector.acceptable-heartbeat-pause=1s");

        keepsServing(nodes, Duration.ofSeconds(12));
    }

    /** With the time-outs as they are: 5 s, 20 s and 3 s. */
    @Test
    @Tag("slow")
    void keepsServingWhileTheFirstSeedNodeIsAwayForLong() throws Exception {
        keepsServing(new TallyNodes(cluster), Duration.ofSeconds(32));
    }

    private void keepsServing(TallyNodes nodes, Duration away) throws Exception {
        cluster.run(() -> {
            nodes.start();
            List<JvmNode> survivors = nodes.others(nodes.get(1));
            assertThat(TallyNodes.answer(nodes.get(1), "add a")).isEqualTo("done 1");
            nodes.get(1).kill();
            long killed = System.nanoTime();
            TallyLoad load = new TallyLoad(nodes.get(2), "n2-0");
            await().atMost(LONG).until(() -> System.nanoTime() - killed > away.toNanos());
            assertThat(survivors).allMatch(JvmNode::isRunning);
            int before = load.acknowledged();
            await().atMost(LONG).until(() -> load.acknowledged() > before + 100);
            load.stop(LONG);

            survivors.forEach(JvmNode::terminate);
            survivors.forEach(TallyNodes::awaitTerminated);
            survivors.forEach(JvmNode::begin);
            survivors.forEach(node -> node.awaitReady(LONG));
            load.check(TallyNodes.read(nodes.get(3)));
            nodes.get(1).start();

            load.check(TallyNodes.awaitEqual(nodes.all()));
        });
    }
}
