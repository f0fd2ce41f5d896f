package io.murmuration.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.murmuration.testkit.jvm.FreePorts;
import io.murmuration.testkit.jvm.JvmCluster;
import io.murmuration.testkit.jvm.JvmNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The processes that keep a counter, and the one that asks them. */
final class CounterCluster implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(2);
    private static final String CLIENT = "client";

    private final JvmCluster cluster;
    private final From from;
    private final List<JvmNode> nodes = new ArrayList<>();
    private final @Nullable JvmNode client;

    /** Whose process makes the load. */
    enum From {
        /** A process without a replica. */
        CLIENT,
        /** The leader's. */
        LEADER,
        /** A follower's. */
        FOLLOWER
    }

    /**
     * How the processes are run.
     *
     * @param nodes how many nodes there are
     * @param groups how many groups each of them has
     * @param from whose process makes the load
     * @param folder on the disk to measure
     * @param jvm options of the JVMs
     * @param settings settings of the nodes and the client
     */
    record Setup(int nodes, int groups, From from, Path folder, List<String> jvm, Map<String, String> settings) {}

    CounterCluster(Setup setup) {
        cluster = JvmCluster.createIn(setup.folder());
        cluster.options(setup.jvm().toArray(String[]::new));
        from = setup.from();
        List<Integer> ports = FreePorts.take(setup.nodes() + 1);
        List<String> names = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        for (int i = 1; i <= setup.nodes(); i++) {
            names.add("n" + i);
            addresses.add("n" + i + "=127.0.0.1:" + ports.get(i));
        }
        for (String name : names) {
            nodes.add(cluster.node(name, CounterNode.class, options(name, names, addresses, setup)));
        }
        if (from == From.CLIENT) {
            addresses.add(CLIENT + "=127.0.0.1:" + ports.get(0));
            client = cluster.node(CLIENT, CounterClient.class, options(CLIENT, names, addresses, setup));
        } else {
            client = null;
        }
    }

    private String[] options(String name, List<String> members, List<String> addresses, Setup setup) {
        List<String> options = new ArrayList<>(List.of(
                "--node",
                name,
                "--members",
                String.join(",", members),
                "--addresses",
                String.join(",", addresses),
                "--data-dir",
                cluster.folder(name).toString(),
                "-Dmurmuration.bootstrap.storage=" + (members.contains(name) ? "on" : "off"),
                "-Dmurmuration.bootstrap.management=off",
                "-D" + CounterLoad.GROUPS + "=" + setup.groups()));
        setup.settings().forEach((key, value) -> options.add("-D" + key + "=" + value));
        return options.toArray(String[]::new);
    }

    /** Starts all processes and does what is to be done with them; what they printed goes with a failure. */
    void run(JvmCluster.Body body) throws Exception {
        cluster.run(() -> {
            cluster.startAll(START);
            body.run();
        });
    }

    /** All processes, in the order of {@link #processes}. */
    List<String> names() {
        return cluster.nodes().stream().map(JvmNode::name).toList();
    }

    /** All processes, and this one, which only waits. */
    Stream<ProcessHandle> processes() {
        return Stream.concat(cluster.nodes().stream().map(JvmNode::handle), Stream.of(ProcessHandle.current()));
    }

    /** The process that makes load of this kind: without a replica there is nothing to be read locally. */
    JvmNode asking(Operation operation, String leader) {
        if (client != null && !operation.local()) {
            return client;
        }
        return nodes.stream()
                .filter(node -> (from == From.LEADER) == node.name().equals(leader))
                .findFirst()
                .orElseThrow();
    }

    /** A node by its name. */
    JvmNode node(String name) {
        return nodes.stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The process without a replica, if there is one. */
    JvmNode client() {
        return Objects.requireNonNull(client, "A cluster with a client was asked for.");
    }

    /** All nodes, without the client. */
    List<JvmNode> nodes() {
        return List.copyOf(nodes);
    }

    /** A closed loop. */
    Recorder.Measured load(JvmNode process, Operation operation, int open, int payload, Duration time)
            throws Exception {
        return measured(process.ask(CounterLoad.request(operation, open, payload, time, 0)), time);
    }

    /** Requests at fixed times. */
    Recorder.Measured load(JvmNode process, Operation operation, long perSecond, int payload, Duration time)
            throws Exception {
        return measured(process.ask(CounterLoad.request(operation, 0, payload, time, perSecond)), time);
    }

    /** What came out of a load that takes so long. */
    static Recorder.Measured measured(CompletableFuture<String> load, Duration time) throws Exception {
        String answer = load.get(time.toSeconds() + 60, TimeUnit.SECONDS);
        if (answer.startsWith("!")) {
            throw new IllegalStateException("The load could not be made: " + answer);
        }
        return new ObjectMapper().readValue(answer, Recorder.Measured.class);
    }

    /** Who leads, as soon as all nodes say the same. */
    String leader() throws Exception {
        long end = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < end) {
            List<String> named = new ArrayList<>();
            for (JvmNode node : nodes) {
                named.add(node.ask(CounterNode.LEADER).get(START.toSeconds(), TimeUnit.SECONDS));
            }
            if (named.stream().distinct().count() == 1 && names().contains(named.get(0))) {
                return named.get(0);
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        throw new IllegalStateException("The nodes do not agree who leads within " + START.toSeconds() + " s.");
    }

    @Override
    public void close() {
        cluster.close();
    }
}
