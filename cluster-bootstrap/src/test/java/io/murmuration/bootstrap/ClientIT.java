package io.murmuration.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.murmuration.testkit.jvm.FreePorts;
import io.murmuration.testkit.jvm.JvmCluster;
import io.murmuration.testkit.jvm.JvmNode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Three nodes with a replica each, and one without that asks them. */
final class ClientIT {
    private static final Duration LONG = TallyNodes.LONG;
    private static final int SOME = 300;

    private final JvmCluster cluster = JvmCluster.create();
    private final TallyNodes nodes = new TallyNodes(cluster);
    private final JvmNode web = cluster.node(
            "web",
            ClientMain.class,
            "--node",
            "web",
            "--members",
            "n1,n2,n3",
            "--addresses",
            nodes.addresses() + ",web=127.0.0.1:" + FreePorts.take(1).get(0),
            "--data-dir",
            cluster.folder("web").toString(),
            "-Dmurmuration.bootstrap.storage=off",
            "-Dmurmuration.bootstrap.management=off");

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void asksExactlyOnceAndReadsWhatWasAcknowledgedWhileLeadersDie() throws Exception {
        cluster.run(() -> {
            web.begin().awaitReady(LONG);
            CompletableFuture<String> early = web.ask("add early 90s");
            nodes.start();
            assertThat(early)
                    .as("asked before there was a group")
                    .succeedsWithin(LONG)
                    .isEqualTo("done 1");
            assertThat(web.folder()).as("a client needs no disk").doesNotExist();

            TallyLoad load = new TallyLoad(web, "web");
            awaitMore(load);
            JvmNode leader = nodes.leader(nodes.all());
            leader.kill();
            awaitMore(load);
            load.stop(LONG);
            assertThat(load.acknowledged()).isGreaterThan(2 * SOME);
            Map<String, Long> tally = TallyNodes.read(nodes.others(leader).get(0));
            load.check(tally);
            System.out.println(load + ", longest time without a success " + load.longestGap());

            readsWhatItAdded();
            failsWhereItMust();

            nodes.start();
            assertThat(TallyNodes.answer(leader, "count web")).isEqualTo("done " + tally.get("web"));
        });
    }

    /** One of three is dead; whoever is asked has to know what was acknowledged to this very node. */
    private void readsWhatItAdded() {
        long start = System.nanoTime();
        for (int i = 1; i <= 200; i++) {
            assertThat(web.ask("both pair").join()).isEqualTo("done " + i);
        }
        System.out.println("200 commands, each with a query behind it, one member of three being dead: "
                + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms");
    }

    private void failsWhereItMust() {
        assertThat(web.ask("broken reason").join())
                .startsWith("not-applied io.murmuration.NotAppliedException$QueryFailed")
                .contains("Tally.Broken", "java.lang.IllegalStateException: reason");
        assertThat(web.ask("sheet 100000").join()).isEqualTo("done 100000");
        assertThat(web.ask("sheet 300000").join())
                .contains("NotAppliedException$QueryFailed", "more than fit into a message");
        assertThat(web.ask("nowhere add x 2s").join())
                .contains("NotAppliedException$NoLeader", "did not learn the id of group nowhere", "n1");
        assertThat(web.ask("nowhere count x 2s").join())
                .contains("NotAppliedException$NoLeader", "did not learn the id of group nowhere");
        assertThat(web.ask("count pair").join()).isEqualTo("done 200");
    }

    @Test
    void saysWhatItKnowsWhenNobodyAnswersAndGoesOnWhenTheyDo() throws Exception {
        cluster.run(() -> {
            nodes.start();
            web.begin().awaitReady(LONG);
            assertThat(web.ask("both some 60s").join()).isEqualTo("done 1");

            nodes.all().forEach(JvmNode::kill);

            assertThat(web.ask("count some 3s").join())
                    .contains("NotAppliedException$NoLeader", "No member of group tally answered", "asked: ");
            assertThat(web.ask("add some 3s").join()).matches("(not-applied|unknown) .*");
            nodes.start();
            String count = await().atMost(LONG)
                    .until(() -> web.ask("count some").join(), answer -> answer.startsWith("done "));
            assertThat(count).matches("done [12]");
        });
    }

    private static void awaitMore(TallyLoad load) {
        int before = load.acknowledged();
        await().atMost(LONG).until(() -> load.acknowledged() >= before + SOME);
    }
}
