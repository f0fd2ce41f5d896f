package io.murmuration.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.murmuration.testkit.jvm.JvmCluster;
import io.murmuration.testkit.jvm.JvmNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ThreeNodesIT {
    private static final Duration LONG = TallyNodes.LONG;
    private static final int KILLS = 3;
    private static final int BETWEEN_KILLS = 500;

    private final JvmCluster cluster = JvmCluster.create();
    private final TallyNodes nodes = new TallyNodes(cluster);
    private final List<TallyLoad> loads = new ArrayList<>();

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void losesNothingAndDoublesNothingWhenTheLeaderIsKilledUnderLoad() throws Exception {
        cluster.run(() -> {
            cluster.startAll(LONG);
            nodes.all().forEach(node -> load(node, 0));
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
        leader.start();
        load(leader, kill);
    }

    @Test
    void keepsEverythingWhenAllAreKilledAtOnce() throws Exception {
        cluster.run(() -> {
            cluster.startAll(LONG);
            nodes.all().forEach(node -> load(node, 0));
            awaitMore(loads);

            nodes.all().forEach(JvmNode::kill);
            loads.forEach(load -> load.stop(LONG));
            cluster.startAll(LONG);

            Map<String, Long> tally = TallyNodes.read(nodes.get(2));
            assertThat(TallyNodes.awaitEqual(nodes.all())).isEqualTo(tally);
            loads.forEach(load -> load.check(tally));
            assertThat(TallyNodes.answer(nodes.get(3), "add after")).isEqualTo("done 1");
        });
    }

    @Test
    void refusesWithoutAMajorityAndAnswersNothingWrong() throws Exception {
        cluster.run(() -> {
            cluster.startAll(LONG);
            assertThat(TallyNodes.answer(nodes.get(1), "add a")).isEqualTo("done 1");
            JvmNode last = nodes.others(nodes.leader(nodes.all())).get(0);

            nodes.others(last).forEach(JvmNode::kill);

            assertThat(last.ask("add a 3s")).succeedsWithin(LONG).asString().matches("(not-applied|unknown) .*");
            assertThat(last.ask("read")).succeedsWithin(LONG).asString().startsWith("!");
            nodes.others(last).forEach(JvmNode::start);
            assertThat(TallyNodes.read(last).get("a")).isBetween(1L, 2L);
        });
    }

    private void load(JvmNode node, int run) {
        loads.add(new TallyLoad(node, node.name() + "-" + run));
    }

    /** Each of these loads makes headway. */
    private static void awaitMore(List<TallyLoad> loads) {
        for (TallyLoad load : loads) {
            int before = load.acknowledged();
            await().atMost(LONG).until(() -> load.isOver() || load.acknowledged() >= before + BETWEEN_KILLS);
        }
    }
}
