package io.murmuration.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.murmuration.testkit.jvm.JvmCluster;
import io.murmuration.testkit.jvm.JvmNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node of three loses its disk under load: the group goes on, and the node says why it waits and votes nowhere. */
final class LostDiskIT {
    private static final Duration LONG = TallyNodes.LONG;
    private static final int SOME = 200;
    /** At least three rounds of elections at the default time-out of 500 ms. */
    private static final Duration ROUNDS = Duration.ofSeconds(3);

    private final JvmCluster cluster = JvmCluster.create();
    private final TallyNodes nodes = new TallyNodes(cluster);

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void aNodeThatLostItsDiskSaysWhyItWaitsAndNeverVotesUnderItsOldIdentity() throws Exception {
        cluster.run(() -> {
            nodes.start();
            JvmNode lost = nodes.leader(nodes.all());
            List<JvmNode> others = nodes.others(lost);
            List<TallyLoad> loads = others.stream()
                    .map(node -> new TallyLoad(node, node.name()))
                    .toList();
            loads.forEach(LostDiskIT::awaitMore);

            lost.kill();
            wipe(lost.folder());
            loads.forEach(load -> load.slow(true));
            lost.start();
            loads.forEach(load -> load.slow(false));

            saysWhyItWaits(lost);
            loads.forEach(LostDiskIT::awaitMore);
            loads.forEach(load -> load.stop(LONG));
            // A majority of two: nobody can miss the third.
            cannotElectWithItsHelp(lost, others.get(0), others.get(1));
            others.get(1).start();
            Map<String, Long> tally = TallyNodes.read(others.get(0));
            loads.forEach(load -> load.check(tally));
            assertThat(nodes.leader(others)).isIn(others);
            oneLineEach(lost, others.get(1));
        });
    }

    private static void awaitMore(TallyLoad load) {
        int before = load.acknowledged();
        await().atMost(LONG).until(() -> load.acknowledged() >= before + SOME);
    }

    private static void saysWhyItWaits(JvmNode lost) {
        String status =
                await().atMost(LONG).until(() -> lost.ask("status").join(), answer -> answer.contains("role=waiting"));
        assertThat(status).contains("lost or replaced", "never votes under its old identity", "term=0", "leader=null");
        assertThat(lost.ask("local").join()).startsWith("!").contains("does not run on this node", "lost or replaced");
        assertThat(lost.ask("read 1s").join()).startsWith("!").contains("lost or replaced");
        assertThat(lost.ask("add beside").join())
                .as("a command needs no replica here")
                .isEqualTo("done 1");
    }

    private static void cannotElectWithItsHelp(JvmNode lost, JvmNode left, JvmNode stopped) {
        stopped.kill();

        // The one that is left may have led until it misses the other.
        await().atMost(LONG).until(() -> left.ask("leader").join().equals("null"));
        await().during(ROUNDS).atMost(LONG).until(() -> left.ask("leader").join(), leader -> leader.equals("null"));
        assertThat(left.ask("add alone 1s").join()).matches("(not-applied|unknown) .*");
        assertThat(lost.ask("status").join()).contains("role=waiting", "term=0");
    }

    /** An operator is told once by the node itself, and once by each process that it asks, four times a second. */
    private static void oneLineEach(JvmNode lost, JvmNode member) {
        await().atMost(LONG).until(() -> !warnings(member).isEmpty());
        assertThat(warnings(lost)).singleElement().asString().contains("The group knows " + lost.name() + "#");
        assertThat(warnings(member))
                .singleElement()
                .asString()
                .contains("but " + lost.name() + "#", "asks to take part");
    }

    private static List<String> warnings(JvmNode node) {
        return node.printed()
                .lines()
                .filter(line -> line.contains(" WARN ") && line.contains("GroupActor"))
                .toList();
    }

    private static void wipe(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
