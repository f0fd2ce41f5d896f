package io.murmuration.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.murmuration.testkit.jvm.JvmCluster;
import io.murmuration.testkit.jvm.JvmNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A group that one node founded grows to five and shrinks again under load; a wiped node is replaced. */
final class MembersIT {
    private static final int SOME = 100;

    private final JvmCluster cluster = JvmCluster.create();

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void growsFromOneToThreeToFiveAndShrinksToThreeWithoutItsLeaderUnderLoadAndNoAskFails() throws Exception {
        TallyNodes nodes = new TallyNodes(cluster, NodeMain.class, 5, "n1");
        cluster.run(() -> {
            nodes.start();
            // Also through nodes that are not members yet, and through those that are removed.
            List<TallyLoad> loads = nodes.all().stream()
                    .map(node -> new TallyLoad(node, node.name()))
                    .toList();
            loads.forEach(load -> load.slow(true));
            awaitMore(loads);

            changes(nodes.get(1), "n1,n2,n3", loads);
            changes(nodes.get(5), "n1,n2,n3,n4,n5", loads);
            JvmNode leader = nodes.leader(nodes.all());
            List<JvmNode> stay = nodes.others(leader).subList(0, 3);
            changes(stay.get(2), stay.stream().map(JvmNode::name).collect(Collectors.joining(",")), loads);

            loads.forEach(load -> load.stop(TallyNodes.LONG));
            Map<String, Long> tally = TallyNodes.read(stay.get(0));
            loads.forEach(load -> load.check(tally));
            assertThat(loads).as("failed asks").allMatch(load -> load.failed() == 0);
            assertThat(TallyNodes.awaitEqual(stay)).isEqualTo(tally);
            assertThat(nodes.leader(stay)).isIn(stay);
            assertThat(TallyNodes.answer(leader, "status")).contains("was removed from the group at index");
        });
    }

    private static void changes(JvmNode asked, String members, List<TallyLoad> loads) {
        loads.forEach(TallyLoad::longestGap);
        assertThat(TallyNodes.answer(asked, "set " + members)).isEqualTo(members);
        awaitMore(loads);
        System.out.printf(
                "%s: longest time without a success %s%n",
                members, loads.stream().map(TallyLoad::longestGap).toList());
    }

    @Test
    void aWipedNodeTakesTheOldOnesPlaceWhenThatIsOrdered() throws Exception {
        TallyNodes nodes = new TallyNodes(cluster);
        cluster.run(() -> {
            nodes.start();
            wipe(nodes.get(3));

            assertThat(TallyNodes.answer(nodes.get(1), "replace n3")).isEqualTo("n1,n2,n3");

            takesPart(nodes.get(3), nodes.get(2));
        });
    }

    @Test
    void aWipedNodeIsReplacedByItselfIfConfigured() throws Exception {
        TallyNodes nodes = new TallyNodes(cluster, "-Dmurmuration.replace-lost=automatic");
        cluster.run(() -> {
            nodes.start();
            wipe(nodes.get(3));

            takesPart(nodes.get(3), nodes.get(2));
        });
    }

    /** It votes: with one of the others away, nothing is committed without it. */
    private static void takesPart(JvmNode wiped, JvmNode other) {
        await().atMost(TallyNodes.LONG)
                .until(
                        () -> wiped.ask("status").join(),
                        // A replica that waits to be let in says why.
                        status -> status.contains("why=null")
                                && (status.contains("role=follower") || status.contains("role=leader")));
        other.kill();
        assertThat(TallyNodes.answer(wiped, "add alone 60s")).isEqualTo("done 1");
    }

    private static void wipe(JvmNode node) throws IOException {
        assertThat(TallyNodes.answer(node, "add before 60s")).isEqualTo("done 1");
        node.kill();
        try (Stream<Path> files = Files.walk(node.folder())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        node.start();
    }

    private static void awaitMore(List<TallyLoad> loads) {
        List<Integer> before = loads.stream().map(TallyLoad::acknowledged).toList();
        await().atMost(TallyNodes.LONG)
                .until(() -> IntStream.range(0, loads.size())
                        .allMatch(i -> loads.get(i).acknowledged() >= before.get(i) + SOME));
    }
}
