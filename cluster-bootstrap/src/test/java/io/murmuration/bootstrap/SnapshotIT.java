package io.murmuration.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.murmuration.testkit.jvm.JvmCluster;
import io.murmuration.testkit.jvm.JvmNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Three nodes that take a snapshot each 512 KiB of log and keep nothing that it includes (§7), under load. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SnapshotIT {
    private static final Duration LONG = TallyNodes.LONG;
    /** 8 MiB of state, in chunks of 16 KiB: so a pull takes a while. */
    private static final String SOME_STATE = "keep 128 65536";

    private static final int SOME = 300;
    private static final int KILLS = 2;
    private static final String PULLS = "pulls a snapshot";
    private static final String REPLACED = "state replaced";

    private final JvmCluster cluster = JvmCluster.create();
    private final TallyNodes nodes = new TallyNodes(
            cluster,
            BlocksNode.class,
            "-Dmurmuration.snapshot-every-bytes=512KiB",
            "-Dmurmuration.tail-bytes-max=0",
            "-Dmurmuration.log-bytes-max=16MiB",
            "-Dmurmuration.journal.segment-bytes=1MiB",
            "-Dpekko.remote.artery.advanced.maximum-large-frame-size=32KiB");
    private final List<TallyLoad> loads = new ArrayList<>();

    @BeforeAll
    void fill() throws Exception {
        cluster.run(() -> {
            nodes.all().forEach(node -> node.options("-Dpadding=500"));
            nodes.start();
            assertThat(TallyNodes.answer(nodes.get(1), SOME_STATE)).isEqualTo("kept");
        });
    }

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
    void aFollowerThatWasAwayForLongerThanTheLogTakesASnapshotWhileWritersGoOn() throws Exception {
        cluster.run(() -> {
            JvmNode leader = nodes.leader(nodes.all());
            JvmNode follower = nodes.others(leader).get(0);
            long term = TallyNodes.status(leader, "term");
            follower.kill();
            nodes.others(follower).forEach(node -> load(node, "return"));
            awaitNewSnapshot(leader);

            returns(follower);
            awaitCaughtUp(follower, leader);
            end();

            assertThat(follower.printed()).contains(PULLS, REPLACED);
            assertThat(loads).as("no ask failed").allMatch(load -> load.failed() == 0);
            assertThat(nodes.all())
                    .as("nobody stood for election")
                    .allMatch(node -> TallyNodes.status(node, "term") == term);
            assertThat(TallyNodes.status(follower, "snapshot")).isPositive();
        });
    }

    @Test
    void aPullGoesOnWithAnotherNodeWhenTheLeaderIsKilledInTheMiddle() throws Exception {
        cluster.run(() -> {
            JvmNode leader = nodes.leader(nodes.all());
            JvmNode follower = nodes.others(leader).get(0);
            JvmNode other = nodes.others(leader).get(1);
            follower.kill();
            load(other, "middle");
            awaitNewSnapshot(leader);
            awaitNewSnapshot(other);

            loads.forEach(load -> load.slow(true));
            follower.begin();
            await().atMost(LONG)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> follower.printed().contains(PULLS + " from=" + leader.name()));
            leader.kill();
            follower.awaitReady(LONG);
            loads.forEach(load -> load.slow(false));

            await().atMost(LONG).until(() -> follower.printed().contains(PULLS + " from=" + other.name()));
            awaitCaughtUp(follower, other);
            assertThat(nodes.leader(nodes.others(leader))).isSameAs(other);
            leader.start();
            end();
        });
    }

    @Test
    void whatIsAskedWhileLeadersAreKilledTakesEffectOnce() throws Exception {
        cluster.run(() -> {
            for (int kill = 1; kill <= KILLS; kill++) {
                JvmNode leader = nodes.leader(nodes.all());
                loads.clear();
                for (JvmNode node : nodes.others(leader)) {
                    load(node, "once-" + kill);
                }
                awaitMore();

                leader.kill();

                awaitMore();
                returns(leader);
                end();
                assertThat(loads)
                        .as("asked again under the same serial until the outcome was known")
                        .allMatch(load -> load.failed() == 0);
            }
        });
    }

    @Test
    void allNodesGoOnFromTheirSnapshotsWhenAllWereKilled() throws Exception {
        cluster.run(() -> {
            JvmNode leader = nodes.leader(nodes.all());
            // Whoever another test has left behind would pull what it lacks, as it should.
            nodes.others(leader).forEach(node -> awaitCaughtUp(node, leader));
            nodes.all().forEach(node -> load(node, "all"));
            awaitNewSnapshot(leader);
            List<String> sums = sums();

            nodes.all().forEach(JvmNode::kill);
            loads.forEach(load -> load.stop(LONG));
            nodes.start();
            end();

            assertThat(sums()).isEqualTo(sums);
            assertThat(nodes.all()).allMatch(node -> TallyNodes.status(node, "snapshot") > 0);
            assertThat(nodes.all()).noneMatch(node -> node.printed().contains(PULLS));
        });
    }

    private void load(JvmNode node, String run) {
        loads.add(new TallyLoad(node, node.name() + "-" + run));
    }

    /** Loads that take all of the machine would leave nothing to a JVM that starts. */
    private void returns(JvmNode node) {
        loads.forEach(load -> load.slow(true));
        node.start();
        loads.forEach(load -> load.slow(false));
    }

    private void awaitMore() {
        loads.forEach(load -> {
            int before = load.acknowledged();
            await().atMost(LONG).until(() -> load.acknowledged() >= before + SOME);
        });
    }

    /** What anybody had until now is then in a snapshot, and its entries are gone. */
    private static void awaitNewSnapshot(JvmNode node) {
        long last = TallyNodes.status(node, "last");
        await().atMost(LONG).until(() -> TallyNodes.status(node, "snapshot") > last);
    }

    private static void awaitCaughtUp(JvmNode behind, JvmNode ahead) {
        await().atMost(LONG).until(() -> running(behind));
        long applied = TallyNodes.status(ahead, "applied");
        await().atMost(LONG).until(() -> TallyNodes.status(behind, "applied") >= applied);
    }

    private static boolean running(JvmNode node) {
        String status = TallyNodes.answer(node, "status");
        return status.contains("role=follower") || status.contains("role=leader");
    }

    /** Ends the load: all nodes have the same, each acknowledged addition once. */
    private void end() {
        loads.forEach(load -> load.stop(LONG));
        Map<String, Long> tally = TallyNodes.read(nodes.get(1));
        assertThat(TallyNodes.awaitEqual(nodes.all())).isEqualTo(tally);
        loads.forEach(load -> load.check(tally));
        assertThat(sums().stream().distinct()).as("blocks on all nodes").hasSize(1);
    }

    private List<String> sums() {
        return nodes.all().stream().map(node -> TallyNodes.answer(node, "sum")).toList();
    }
}
