package io.murmuration.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.murmuration.testkit.jvm.JvmCluster;
import io.murmuration.testkit.jvm.JvmNode;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One node of three folds otherwise than the others: it stops itself, and comes back with their state. */
final class DivergenceIT {
    private static final Duration LONG = TallyNodes.LONG;
    /** Replicas compare every 4,096 entries. */
    private static final int MORE_THAN_ONE_ROUND = 4_200;

    private final JvmCluster cluster = JvmCluster.create();
    private final TallyNodes nodes =
            new TallyNodes(cluster, BlocksNode.class, "-Dmurmuration.snapshot-every-bytes=128KiB");

    @AfterEach
    void close() {
        cluster.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Blocks.Lot.class,
            names = {"IDENTITY", "CLOCK"})
    void theOddOneStopsWithTheEvidenceAndTakesTheStateOfTheOthersOnceItsFoldIsMended(Blocks.Lot lot) throws Exception {
        cluster.run(() -> {
            JvmNode odd = nodes.get(2);
            odd.options("-Dlot=" + lot);
            nodes.start();
            assertThat(TallyNodes.answer(nodes.get(1), "draw " + MORE_THAN_ONE_ROUND))
                    .isEqualTo("drawn");

            stopsItself(odd);
            assertThat(TallyNodes.answer(nodes.get(3), "add beside")).isEqualTo("done 1");
            assertThat(TallyNodes.answer(odd, "add through-it"))
                    .as("a command needs no replica here")
                    .isEqualTo("done 1");
            Map<String, Long> right = TallyNodes.read(nodes.get(1));
            assertThat(TallyNodes.awaitEqual(nodes.others(odd))).isEqualTo(right);

            odd.kill();
            odd.options().start();
            await("it goes on from a state that is wrong")
                    .atMost(LONG)
                    .until(() -> TallyNodes.status(odd, "snapshot") > 0);
            odd.ask("reseed").join();
            await().atMost(LONG).until(() -> odd.printed().contains("state replaced"));
            assertThat(TallyNodes.awaitEqual(nodes.all())).isEqualTo(right);

            assertThat(TallyNodes.answer(nodes.get(1), "draw " + MORE_THAN_ONE_ROUND))
                    .isEqualTo("drawn");
            assertThat(TallyNodes.awaitEqual(nodes.all())).isEqualTo(TallyNodes.read(odd));
            assertThat(odd.printed()).doesNotContain("has folded otherwise");
        });
    }

    private static void stopsItself(JvmNode odd) {
        String status =
                await().atMost(LONG).until(() -> odd.ask("status").join(), answer -> answer.contains("role=stopped"));
        assertThat(status)
                .contains("has folded otherwise than a majority", "its outcomes hash to", "n1#", "n2#", "n3#", "4,096");
        assertThat(odd.printed()).contains("ERROR", "replica stops", "has folded otherwise than a majority");
        assertThat(odd.ask("local").join()).as("it answers nothing wrong").startsWith("!");
    }
}
