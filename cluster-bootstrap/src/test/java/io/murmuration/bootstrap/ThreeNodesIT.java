package io.murmuration.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.murmuration.testkit.jvm.JvmCluster;
import io.murmuration.testkit.jvm.JvmNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Three nodes as they are by default, and one tally that all tests share: each counts under origins of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ThreeNodesIT {
    private static final Duration LONG = TallyNodes.LONG;
    private static final Duration END_LIMIT = Duration.ofSeconds(10);
    private static final int KILLS = 3;
    private static final int BETWEEN_KILLS = 500;

    private final JvmCluster cluster = JvmCluster.create();
    private final TallyNodes nodes = new TallyNodes(cluster);
    private final List<TallyLoad> loads = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        loads.clear();
        cluster.run(nodes::start);
    }

    @AfterAll
    void close() {
        cluster.close();
    }

    @Test
    void losesNothingAndDoublesNothingWhenTheLeaderIsKilledUnderLoad() throws Exception {
        cluster.run(() -> {
            nodes.all().forEach(node -> load(node, "kill-0"));
            for (int kill = 1; kill <= KILLS; kill++) {
                killTheLeader(kill);
            }
            loads.forEach(load -> load.stop(LONG));

            Map<String, Long> tally = TallyNodes.read(nodes.get(1));
            assertThat(TallyNodes.read(nodes.get(2))).isEqualTo(tally);
            assertThat(TallyNodes.read(nodes.get(3))).isEqualTo(tally);
            assertThat(TallyNodes.awaitEqual(nodes.all())).isEqualTo(tally);
            loads.forEach(load -> load.check(tally));
            loads.forEach(System.out::println);
        });
    }

    private void killTheLeader(int kill) {
        awaitMore(loads);
        JvmNode leader = nodes.leader(nodes.all());
        List<TallyLoad> surviving = loads.stream()
                .filter(load -> !load.isOf(leader) && !load.isOver())
                .toList();
        surviving.forEach(TallyLoad::longestGap);

        leader.kill();

        awaitMore(surviving);
        System.out.println("killed " + leader.name() + ", longest time without a success: "
                + surviving.stream().map(TallyLoad::longestGap).toList());
        surviving.forEach(load -> load.slow(true));
        leader.start();
        surviving.forEach(load -> load.slow(false));
        load(leader, "kill-" + kill);
    }

    @Test
    void keepsEverythingWhenAllAreKilledAtOnce() throws Exception {
        cluster.run(() -> {
            nodes.all().forEach(node -> load(node, "all"));
            awaitMore(loads);

            nodes.all().forEach(JvmNode::kill);
            loads.forEach(load -> load.stop(LONG));
            nodes.start();

            Map<String, Long> tally = TallyNodes.read(nodes.get(2));
            assertThat(TallyNodes.awaitEqual(nodes.all())).isEqualTo(tally);
            loads.forEach(load -> load.check(tally));
            assertThat(TallyNodes.answer(nodes.get(3), "add after-all")).isEqualTo("done 1");
        });
    }

    @Test
    void refusesWithoutAMajorityAndAnswersNothingWrong() throws Exception {
        cluster.run(() -> {
            assertThat(TallyNodes.answer(nodes.get(1), "add minority")).isEqualTo("done 1");
            JvmNode last = nodes.others(nodes.leader(nodes.all())).get(0);

            nodes.others(last).forEach(JvmNode::kill);

            CompletableFuture<String> addition = last.ask("add minority 3s");
            CompletableFuture<String> read = last.ask("read 3s");
            assertThat(addition).succeedsWithin(LONG).asString().matches("(not-applied|unknown) .*");
            assertThat(read).succeedsWithin(LONG).asString().startsWith("!");
            nodes.start();
            assertThat(TallyNodes.read(last).get("minority")).isBetween(1L, 2L);
        });
    }

    /** The last one, since it leaves no node running; the others may come in any order. */
    @Test
    @Order(Integer.MAX_VALUE)
    void leavesWithinTenSecondsOfSigtermWhoeverElseIsThere() throws Exception {
        cluster.run(() -> {
            assertThat(TallyNodes.answer(nodes.get(1), "add leaving")).isEqualTo("done 1");
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

    private static Duration end(JvmNode node) {
        long start = System.nanoTime();
        node.terminate();
        TallyNodes.awaitTerminated(node);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(took).as(node.name()).isLessThan(END_LIMIT);
        return took;
    }

    private void load(JvmNode node, String run) {
        loads.add(new TallyLoad(node, node.name() + "-" + run));
    }

    /** Each of these loads makes headway. */
    private static void awaitMore(List<TallyLoad> loads) {
        Map<TallyLoad, Integer> before =
                loads.stream().collect(Collectors.toMap(load -> load, TallyLoad::acknowledged));
        before.forEach((load, count) ->
                await().atMost(LONG).until(() -> load.isOver() || load.acknowledged() >= count + BETWEEN_KILLS));
    }
}
