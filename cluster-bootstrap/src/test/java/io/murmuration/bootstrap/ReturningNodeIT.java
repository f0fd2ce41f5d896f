package io.murmuration.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.murmuration.testkit.jvm.JvmCluster;
import io.murmuration.testkit.jvm.JvmNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node that was restarted takes part again, also where nobody writes, and for longer than Artery's tables last. */
final class ReturningNodeIT {
    private static final Duration LONG = TallyNodes.LONG;
    /** A minute by default: how often Artery makes the table by which it shortens recipients. */
    private static final Duration TABLES = Duration.ofSeconds(2);

    private final JvmCluster cluster = JvmCluster.create();
    private final TallyNodes nodes = new TallyNodes(
            cluster,
            "-Dpekko.remote.artery.advanced.compression.actor-refs.advertisement-interval=" + TABLES.toMillis() + "ms");

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void aNodeThatWasRestartedAmongIdleOnesHasTheirStateAndKeepsHearingThem() throws Exception {
        cluster.run(() -> {
            nodes.start();
            assertThat(TallyNodes.answer(nodes.get(1), "add before")).isEqualTo("done 1");
            JvmNode leader = nodes.leader(nodes.all());
            JvmNode returned = nodes.others(leader).get(0);
            long term = TallyNodes.status(leader, "term");

            returned.kill();
            returned.start();

            await("nobody writes")
                    .atMost(LONG)
                    .until(() -> TallyNodes.status(returned, "applied") == TallyNodes.status(leader, "applied"));
            assertThat(TallyNodes.answer(returned, "read 5s")).endsWith("before=1");
            await("nobody goes deaf")
                    .during(TABLES.multipliedBy(4))
                    .atMost(LONG)
                    .until(() -> heard(leader));
            assertThat(TallyNodes.status(leader, "term")).isEqualTo(term);
        });
    }

    private boolean heard(JvmNode leader) {
        List<String> named = nodes.all().stream()
                .map(node -> TallyNodes.answer(node, "leader"))
                .toList();
        assertThat(named).as("who leads, as each node says").containsOnly(leader.name());
        return true;
    }
}
