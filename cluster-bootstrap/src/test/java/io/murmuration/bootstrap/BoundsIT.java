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

/** What is in memory is bounded while one node of three hangs and the others write as fast as they can. */
final class BoundsIT {
    private static final Duration LONG = TallyNodes.LONG;
    private static final Duration CATCH_UP_LIMIT = Duration.ofSeconds(30);
    private static final long MIB = 1 << 20;
    /** The log, the window of the Machine, what waits in Gateways, and all else: a JVM that idles has 30 MiB alive. */
    private static final long ALIVE_MAX = 64 * MIB;

    private static final long LOG_BYTES_MAX = 16 * MIB;
    /** 64 commands of 4 KiB on each of two nodes, a few more than their Gateways take. */
    private static final String FLOOD = "flood 64 4096";

    private final JvmCluster cluster = JvmCluster.create();
    private final TallyNodes nodes = new TallyNodes(
            cluster,
            BlocksNode.class,
            "-Dmurmuration.snapshot-every-bytes=4MiB",
            "-Dmurmuration.tail-bytes-max=4MiB",
            "-Dmurmuration.log-bytes-max=" + LOG_BYTES_MAX,
            "-Dmurmuration.gateway-bytes-max=240KiB");

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void memoryIsBoundedWhileAFollowerHangs() throws Exception {
        withAFollowerThatHangsFor(Duration.ofSeconds(20));
    }

    @Test
    @Tag("slow")
    void memoryIsBoundedWhileAFollowerHangsForMinutes() throws Exception {
        withAFollowerThatHangsFor(Duration.ofMinutes(3));
    }

    private void withAFollowerThatHangsFor(Duration hanging) throws Exception {
        cluster.run(() -> {
            nodes.start();
            assertThat(TallyNodes.answer(nodes.get(1), "add first")).isEqualTo("done 1");
            JvmNode leader = nodes.leader(nodes.all());
            JvmNode hangs = nodes.others(leader).get(0);
            List<JvmNode> others = nodes.others(hangs);
            long term = TallyNodes.status(leader, "term");

            hangs.pause();
            others.forEach(node -> TallyNodes.answer(node, FLOOD));
            Peak peak = new Peak(leader);
            await().pollInterval(Duration.ofSeconds(1))
                    .atMost(hanging.plus(LONG))
                    .during(hanging)
                    .until(peak::isBounded);
            long before = TallyNodes.status(leader, "applied");
            hangs.resume();
            long start = System.nanoTime();
            await().atMost(CATCH_UP_LIMIT).until(() -> TallyNodes.status(hangs, "applied") >= before);
            Duration caughtUp = Duration.ofNanos(System.nanoTime() - start);
            List<String> ends =
                    others.stream().map(node -> TallyNodes.answer(node, "ebb")).toList();

            assertThat(ends)
                    .as("done, or told when to come back")
                    .allMatch(end -> end.endsWith("other=none") && !end.contains("overloaded=0"));
            assertThat(before).as("full load").isGreaterThan(hanging.toSeconds() * 200);
            assertThat(TallyNodes.status(leader, "term"))
                    .as("nobody stood for election")
                    .isEqualTo(term);
            TallyNodes.awaitEqual(nodes.all());
            System.out.println("A follower hung for " + hanging.toSeconds() + " s: " + before + " entries, " + peak
                    + "; it caught up within " + caughtUp.toMillis() + " ms; " + ends);
        });
    }

    /** The most that a node was seen to hold. */
    private static final class Peak {
        private final JvmNode node;
        private long alive;
        private long log;

        Peak(JvmNode node) {
            this.node = node;
        }

        boolean isBounded() {
            alive = Math.max(alive, Long.parseLong(TallyNodes.answer(node, "heap")));
            log = Math.max(log, TallyNodes.status(node, "logBytes"));
            assertThat(alive).as("bytes that are alive").isLessThan(ALIVE_MAX);
            assertThat(log).as("bytes of the log").isLessThanOrEqualTo(LOG_BYTES_MAX);
            return true;
        }

        @Override
        public String toString() {
            return "at most " + alive / MIB + " MiB alive, " + log / MIB + " MiB of log";
        }
    }
}
