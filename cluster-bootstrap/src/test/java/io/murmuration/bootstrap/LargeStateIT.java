package io.murmuration.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.murmuration.testkit.jvm.JvmCluster;
import io.murmuration.testkit.jvm.JvmNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A large state is taken, pulled, installed and recovered at the default election time-out of 500 ms, while others
 * write: nobody stands for election, and no ask fails. It prints how long each step took.
 */
final class LargeStateIT {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final int BLOCK_BYTES = 64 << 10;
    private static final int BLOCKS_PER_MIB = 16;

    private record Step(String name, Duration took) {}

    private final List<Step> steps = new ArrayList<>();

    @Test
    void thirtyMebibytesTravelWithoutAChangeOfTerm() throws Exception {
        travels(30, "-Xmx512m");
    }

    @Test
    @Tag("slow")
    void fiveHundredMebibytesTravelWithoutAChangeOfTerm() throws Exception {
        travels(500, "-Xmx3g");
    }

    private void travels(int mebibytes, String heap) throws Exception {
        try (JvmCluster cluster = JvmCluster.create()) {
            cluster.options(heap, "-XX:+UseG1GC", "-XX:-UsePerfData", "-Djava.net.preferIPv4Stack=true");
            TallyNodes nodes = new TallyNodes(
                    cluster,
                    BlocksNode.class,
                    // Taken on request only, so that each step can be told from the others.
                    "-Dmurmuration.snapshot-every-bytes=1GiB",
                    "-Dmurmuration.log-bytes-max=2GiB",
                    "-Dmurmuration.tail-bytes-max=0");
            cluster.run(() -> travels(nodes, mebibytes));
        }
        System.out.println("State of " + mebibytes + " MiB, " + heap + ": "
                + steps.stream()
                        .map(step -> String.format(
                                Locale.ROOT,
                                "%s %.1f s",
                                step.name(),
                                step.took().toMillis() / 1000.0))
                        .collect(Collectors.joining(", ")));
    }

    private void travels(TallyNodes nodes, int mebibytes) {
        nodes.start();
        int blocks = mebibytes * BLOCKS_PER_MIB;
        TallyNodes.answer(nodes.get(1), "add first");
        step(
                "written",
                () -> TallyNodes.answer(nodes.get(1), "keep " + blocks + " " + BLOCK_BYTES)
                        .equals("kept"));
        JvmNode leader = nodes.leader(nodes.all());
        JvmNode away = nodes.others(leader).get(0);
        JvmNode other = nodes.others(leader).get(1);
        long term = TallyNodes.status(leader, "term");
        String sum = TallyNodes.answer(leader, "sum");

        away.kill();
        TallyLoad load = new TallyLoad(other, "load");
        // Or entries would be all that it needs.
        await().atMost(LONG).until(() -> load.acknowledged() > 0);
        load.slow(true);
        taken(leader);
        taken(other);
        pulled(away, leader);
        sameTerm(nodes, term);
        restarted(other, load, leader);
        sameTerm(nodes, term);

        TallyNodes.awaitEqual(nodes.all());
        assertThat(nodes.all()).allMatch(node -> TallyNodes.answer(node, "sum").equals(sum));
    }

    private void taken(JvmNode node) {
        long applied = TallyNodes.status(node, "applied");
        TallyNodes.answer(node, "snapshot");
        step("encoded on " + node.name(), () -> node.printed().contains("saves a snapshot"));
        step("saved", () -> TallyNodes.status(node, "snapshot") >= applied);
    }

    private void pulled(JvmNode away, JvmNode leader) {
        long snapshot = TallyNodes.status(leader, "snapshot");
        step("started an empty one", () -> {
            away.start();
            return true;
        });
        step("began to pull", () -> away.printed().contains("pulls a snapshot"));
        step("pulled and decoded", () -> away.printed().contains("saves a snapshot"));
        step("saved", () -> away.printed().contains("state replaced"));
        step("caught up", () -> TallyNodes.status(away, "applied") > snapshot);
    }

    private void restarted(JvmNode node, TallyLoad load, JvmNode leader) {
        load.stop(LONG);
        assertThat(load.failed()).as("no ask failed: " + load).isZero();
        load.check(TallyNodes.read(leader));
        node.kill();
        long applied = TallyNodes.status(leader, "applied");
        step("restarted", () -> {
            node.start();
            return true;
        });
        step("recovered", () -> TallyNodes.status(node, "applied") >= applied);
        assertThat(node.printed()).doesNotContain("pulls a snapshot");
    }

    private static void sameTerm(TallyNodes nodes, long term) {
        assertThat(nodes.all())
                .as("nobody stood for election")
                .allMatch(node -> TallyNodes.status(node, "term") == term);
    }

    private void step(String name, BooleanSupplier done) {
        long start = System.nanoTime();
        await(name).atMost(LONG).pollInterval(Duration.ofMillis(20)).until(done::getAsBoolean);
        steps.add(new Step(name, Duration.ofNanos(System.nanoTime() - start)));
    }
}
