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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Two hundred groups on three nodes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ManyGroupsIT {
    private static final int GROUPS = 200;
    private static final Duration IDLE = Duration.ofSeconds(5);

    private final JvmCluster cluster = JvmCluster.create();
    private final TallyNodes nodes = new TallyNodes(cluster, ManyGroupsNode.class);

    @BeforeAll
    void start() throws Exception {
        cluster.run(() -> {
            nodes.start();
            long begin = System.nanoTime();
            List<CompletableFuture<String>> started = nodes.all().stream()
                    .map(node -> node.ask("start " + GROUPS))
                    .toList();
            started.forEach(
                    each -> assertThat(each).succeedsWithin(TallyNodes.LONG).isEqualTo("started"));
            awaitAllLed(nodes.all(), GROUPS);
            System.out.printf(
                    "%d groups on three nodes have their leaders %d ms after the first was started; led by each: %s%n",
                    GROUPS, (System.nanoTime() - begin) / 1_000_000, ledByEach());
        });
    }

    @AfterAll
    void close() {
        cluster.close();
    }

    private static void awaitAllLed(List<JvmNode> asked, int groups) {
        await().atMost(TallyNodes.LONG)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> asked.stream().allMatch(node -> led(node)[0] == groups));
    }

    private static int[] led(JvmNode node) {
        return Stream.of(TallyNodes.answer(node, "led").split(" ", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    private List<Integer> ledByEach() {
        return nodes.all().stream().map(node -> led(node)[1]).toList();
    }

    @Test
    @Order(1)
    void everyGroupCarriesOutWhatItIsAskedOnAnyNode() throws Exception {
        cluster.run(() -> {
            for (JvmNode node : nodes.all()) {
                assertThat(TallyNodes.answer(node, "add-all")).isEqualTo(String.valueOf(GROUPS));
            }
            assertThat(TallyNodes.answer(nodes.get(2), "add g77")).isEqualTo("done 4");
        });
    }

    /** Heartbeats go on, and nothing else: figures for operators, and a bound that only a busy loop would break. */
    @Test
    @Order(2)
    void idleGroupsWriteNothingAndCostLittle() throws Exception {
        cluster.run(() -> {
            awaitQuietDisks();
            AtomicReference<Span> quiet = new AtomicReference<>(span());

            // A JVM that stands still for T costs elections, which write: it is one span without any that counts.
            await("a span in which nothing is written")
                    .atMost(TallyNodes.LONG)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> {
                        if (!disks().equals(quiet.get().disks())) {
                            quiet.set(span());
                        }
                        return System.nanoTime() - quiet.get().begin() >= IDLE.toNanos();
                    });

            List<Long> after = cpu();
            double millis = (System.nanoTime() - quiet.get().begin()) / 1e6;
            for (int node = 0; node < after.size(); node++) {
                double share = 100 * (after.get(node) - quiet.get().cpu().get(node)) / millis;
                System.out.printf(
                        "%d idle groups: %.1f %% of a core on %s%n",
                        GROUPS, share, nodes.get(node + 1).name());
                assertThat(share).isLessThan(60);
            }
        });
    }

    /** What was on the disks, and what had been computed, when a span of time began. */
    private record Span(Map<String, String> disks, List<Long> cpu, long begin) {}

    private Span span() {
        return new Span(disks(), cpu(), System.nanoTime());
    }

    private List<Long> cpu() {
        return nodes.all().stream()
                .map(node -> Long.valueOf(TallyNodes.answer(node, "cpu")))
                .toList();
    }

    private void awaitQuietDisks() {
        AtomicReference<Map<String, String>> last = new AtomicReference<>(disks());
        await().atMost(TallyNodes.LONG).pollInterval(Duration.ofSeconds(2)).until(() -> {
            Map<String, String> now = disks();
            return now.equals(last.getAndSet(now));
        });
    }

    /** What a write would change: each file's size and time. */
    private Map<String, String> disks() {
        Map<String, String> files = new TreeMap<>();
        for (JvmNode node : nodes.all()) {
            try (Stream<Path> all = Files.walk(node.folder())) {
                for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                    files.put(file.toString(), Files.size(file) + " " + Files.getLastModifiedTime(file));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }

    @Test
    @Order(3)
    void aGroupThatFailsDoesNotHurtItsNeighbours() throws Exception {
        cluster.run(() -> {
            assertThat(TallyNodes.answer(nodes.get(1), "break g13")).startsWith("failed");

            for (JvmNode node : nodes.all()) {
                assertThat(TallyNodes.answer(node, "add g12")).startsWith("done");
                assertThat(TallyNodes.answer(node, "add g14")).startsWith("done");
            }
        });
    }

    @Test
    @Order(4)
    void aGroupIsStoppedAndStartedAgainWhileTheOthersGoOn() throws Exception {
        cluster.run(() -> {
            String before = TallyNodes.answer(nodes.get(1), "add g21");

            assertThat(TallyNodes.answer(nodes.get(1), "stop-one g21")).isEqualTo("stopped");

            assertThat(TallyNodes.answer(nodes.get(1), "add g22")).startsWith("done");
            assertThat(TallyNodes.answer(nodes.get(2), "add g21")).startsWith("done");
            assertThat(TallyNodes.answer(nodes.get(1), "start-one g21")).isEqualTo("started");
            long last = Long.parseLong(before.substring("done ".length()));
            assertThat(TallyNodes.answer(nodes.get(1), "add g21")).isEqualTo("done " + (last + 2));
        });
    }
}
