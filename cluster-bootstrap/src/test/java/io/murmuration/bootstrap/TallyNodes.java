package io.murmuration.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.murmuration.testkit.jvm.FreePorts;
import io.murmuration.testkit.jvm.JvmCluster;
import io.murmuration.testkit.jvm.JvmNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Child JVMs that keep one tally; three, unless the test says how many. */
final class TallyNodes {
    static final Duration LONG = Duration.ofMinutes(2);
    private static final int TERMINATED = 143;

    private final List<JvmNode> nodes = new ArrayList<>();
    private final String addresses;

    TallyNodes(JvmCluster cluster, String... more) {
        this(cluster, NodeMain.class, more);
    }

    /** Of another class, which answers what is asked here as {@link NodeMain} does. */
    TallyNodes(JvmCluster cluster, Class<?> main, String... more) {
        this(cluster, main, 3, "n1,n2,n3", more);
    }

    /** As many as named, n1 to n9, of which some found the group. */
    TallyNodes(JvmCluster cluster, Class<?> main, int count, String founders, String... more) {
        List<Integer> ports = FreePorts.take(count);
        addresses = IntStream.rangeClosed(1, count)
                .mapToObj(i -> "n" + i + "=127.0.0.1:" + ports.get(i - 1))
                .collect(Collectors.joining(","));
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
            nodes.add(cluster.node("n" + i, main, options.toArray(String[]::new)));
        }
    }

    /** A node is to lead if it can. To be called before it starts. */
    void prefer(int number) {
        get(number).options("-Dmurmuration.priority=10");
    }

    /** Starts those that do not run, at once, and waits for all. */
    void start() {
        nodes.stream().filter(node -> !node.isRunning()).forEach(JvmNode::begin);
        nodes.forEach(node -> node.awaitReady(LONG));
    }

    /** Waits for the end, in order, of a node that SIGTERM was sent to. */
    static void awaitTerminated(JvmNode node) {
        assertThat(node.awaitExit(LONG)).as(node.output()).isEqualTo(TERMINATED);
        assertThat(node.output()).doesNotContain("it ends now");
    }

    /** Where they are, as the option says it. */
    String addresses() {
        return addresses;
    }

    JvmNode get(int number) {
        return nodes.get(number - 1);
    }

    List<JvmNode> all() {
        return nodes;
    }

    List<JvmNode> others(JvmNode node) {
        return nodes.stream().filter(other -> other != node).toList();
    }

    /** The node that these nodes agree to be led by. */
    JvmNode leader(List<JvmNode> asked) {
        return await().atMost(LONG).until(() -> agreed(asked), leader -> leader != null);
    }

    private JvmNode agreed(List<JvmNode> asked) {
        List<String> named =
                asked.stream().map(node -> node.ask("leader").join()).distinct().toList();
        return nodes.stream()
                .filter(node -> named.size() == 1 && node.name().equals(named.get(0)))
                .findFirst()
                .orElse(null);
    }

    /** What a linearizable read on a node shows, once it can answer. */
    static Map<String, Long> read(JvmNode node) {
        return parse(await().atMost(LONG).until(() -> node.ask("read").join(), answer -> !answer.startsWith("!")));
    }

    /** Waits until these nodes' own states show the same up to the same index. */
    static Map<String, Long> awaitEqual(List<JvmNode> asked) {
        List<String> seen = await().atMost(LONG)
                .until(
                        () -> asked.stream()
                                .map(node -> node.ask("local").join())
                                .distinct()
                                .toList(),
                        // A replica that is being started says so by "!".
                        states -> states.size() == 1 && !states.get(0).startsWith("!"));
        return parse(seen.get(0));
    }

    static String answer(JvmNode node, String request) {
        String answer = node.ask(request).join();
        assertThat(answer).as(node.name()).doesNotStartWith("!");
        return answer;
    }

    /** A number of a node's status. */
    static long status(JvmNode node, String component) {
        String status = answer(node, "status");
        Matcher found = Pattern.compile("[\\[ ]" + component + "=(\\d+)").matcher(status);
        assertThat(found.find()).as(component + " in " + status).isTrue();
        return Long.parseLong(found.group(1));
    }

    private static Map<String, Long> parse(String answer) {
        Map<String, Long> tally = new TreeMap<>();
        for (String pair : answer.substring(answer.indexOf(' ') + 1).split(",", -1)) {
            if (!pair.isEmpty()) {
                tally.put(pair.substring(0, pair.indexOf('=')), Long.valueOf(pair.substring(pair.indexOf('=') + 1)));
            }
        }
        return tally;
    }
}
