package io.murmuration.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.murmuration.testkit.jvm.FreePorts;
import io.murmuration.testkit.jvm.JvmCluster;
import io.murmuration.testkit.jvm.JvmNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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

    private List<JvmNode> nodes(int count, String founders, String... more) {
        List<Integer> ports = FreePorts.take(count);
        String addresses = String.join(
                ",",
                IntStream.range(0, count)
                        .mapToObj(i -> "n" + (i + 1) + "=127.0.0.1:" + ports.get(i))
                        .toList());
        List<JvmNode> nodes = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            List<String> options = new ArrayList<>(List.of(
                    "--node",
                    "n" + i,
                    "--members",
                    founders,
                    "--addresses",
                    addresses,
                    "--data-dir",
                    cluster.folder("n" + i).toString(),
                    "-Dmurmuration.bootstrap.management=off"));
            options.addAll(List.of(more));
            nodes.add(cluster.node("n" + i, NodeMain.class, options.toArray(String[]::new)));
        }
        nodes.forEach(JvmNode::begin);
        nodes.forEach(node -> node.awaitReady(TallyNodes.LONG));
        return nodes;
    }

    @Test
    void growsFromOneToThreeToFiveAndShrinksToThreeUnderLoad() throws Exception {
        cluster.run(() -> {
            List<JvmNode> nodes = nodes(5, "n1");
            TallyLoad load = new TallyLoad(nodes.get(1), "n2");
            awaitMore(load);

            assertThat(TallyNodes.answer(nodes.get(0), "set n1,n2,n3")).isEqualTo("n1,n2,n3");
            awaitMore(load);
            assertThat(TallyNodes.answer(nodes.get(4), "set n1,n2,n3,n4,n5")).isEqualTo("n1,n2,n3,n4,n5");
            awaitMore(load);
            assertThat(TallyNodes.answer(nodes.get(3), "set n2,n4,n5")).isEqualTo("n2,n4,n5");
            awaitMore(load);

            load.stop(TallyNodes.LONG);
            Map<String, Long> tally = TallyNodes.read(nodes.get(4));
            load.check(tally);
            assertThat(TallyNodes.awaitEqual(List.of(nodes.get(1), nodes.get(3), nodes.get(4))))
                    .isEqualTo(tally);
            assertThat(TallyNodes.answer(nodes.get(0), "status")).contains("was removed from the group at index");
        });
    }

    @Test
    void aWipedNodeTakesTheOldOnesPlaceWhenThatIsOrdered() throws Exception {
        cluster.run(() -> {
            List<JvmNode> nodes = nodes(3, "n1,n2,n3");
            wipe(nodes.get(2));

            assertThat(TallyNodes.answer(nodes.get(0), "replace n3")).isEqualTo("n1,n2,n3");

            takesPart(nodes.get(2), nodes.get(1));
        });
    }

    @Test
    void aWipedNodeIsReplacedByItselfIfConfigured() throws Exception {
        cluster.run(() -> {
            List<JvmNode> nodes = nodes(3, "n1,n2,n3", "-Dmurmuration.replace-lost=automatic");
            wipe(nodes.get(2));

            takesPart(nodes.get(2), nodes.get(1));
        });
    }

    /** It votes: with one of the others away, nothing is committed without it. */
    private static void takesPart(JvmNode wiped, JvmNode other) {
        await().atMost(TallyNodes.LONG)
                .until(
                        () -> wiped.ask("status").join(),
                        status -> status.contains("role=follower") || status.contains("role=leader"));
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

    private static void awaitMore(TallyLoad load) {
        int before = load.acknowledged();
        await().atMost(TallyNodes.LONG).until(() -> load.acknowledged() >= before + SOME);
    }
}
