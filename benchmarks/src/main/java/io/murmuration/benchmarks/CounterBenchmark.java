package io.murmuration.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.murmuration.testkit.jvm.FreePorts;
import io.murmuration.testkit.jvm.JvmCluster;
import io.murmuration.testkit.jvm.JvmNode;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Three processes keep a counter; one of them adds and reads in a closed loop. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures a counter on three processes of this machine, each with a journal that really forces.")
final class CounterBenchmark implements Callable<Integer> {
    private static final Duration START = Duration.ofMinutes(2);
    private static final List<String> NAMES = List.of("n1", "n2", "n3");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--outstanding",
            split = ",",
            description = "How many requests are open (default ${DEFAULT-VALUE}).")
    private List<Integer> outstanding = List.of(1, 16, 64, 256);

    @Option(names = "--operations", split = ",", description = "add (durable), read (linearizable); default both.")
    private List<String> operations = List.of("add", "read");

    @Option(names = "--payload", description = "Bytes of padding in each command (default ${DEFAULT-VALUE}).")
    private int payload = 64;

    @Option(names = "--seconds", description = "Length of a window (default ${DEFAULT-VALUE}).")
    private double seconds = 10;

    @Option(names = "--warm-up", description = "Seconds of load before the first window (default ${DEFAULT-VALUE}).")
    private double warmUp = 20;

    @Option(names = "--repeat", description = "Windows of each kind (default ${DEFAULT-VALUE}).")
    private int repeat = 1;

    @Option(
            names = "--on",
            description = "Whose process makes the load: leader or follower (default ${DEFAULT-VALUE}).")
    private String on = "leader";

    @Option(names = "--heap", description = "Heap of each node; its log stays in it (default ${DEFAULT-VALUE}).")
    private String heap = "2g";

    @Option(names = "--dir", description = "A folder on the disk to measure (default: the temporary folder).")
    private Path folder = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(names = "-D", description = "Any setting of the nodes, for example -Dmurmuration.election-timeout=1s.")
    private Map<String, String> settings = new LinkedHashMap<>();

    private CounterBenchmark() {}

    public static void main(String[] arguments) {
        System.exit(run(new PrintWriter(System.out, true, StandardCharsets.UTF_8), arguments));
    }

    static int run(PrintWriter out, String... arguments) {
        return new CommandLine(new CounterBenchmark()).setOut(out).execute(arguments);
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        require(List.of("leader", "follower").contains(on), "--on is " + on + "; it must be leader or follower.");
        require(
                List.of("add", "read").containsAll(operations),
                "--operations are add and read, not " + operations + ".");
        require(outstanding.stream().allMatch(open -> open > 0), "--outstanding must be positive.");
        List<Window> windows = new ArrayList<>();
        try (JvmCluster cluster = JvmCluster.createIn(folder)) {
            cluster.options("-Xmx" + heap, "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Djava.net.preferIPv4Stack=true");
            cluster.run(() -> {
                addNodes(cluster);
                cluster.startAll(START);
                warmUp(cluster.nodes());
                out.println(Window.HEAD);
                for (String operation : operations) {
                    for (int open : outstanding) {
                        for (int i = 0; i < repeat; i++) {
                            windows.add(measure(cluster.nodes(), operation, open));
                            out.println(windows.get(windows.size() - 1).row());
                        }
                    }
                }
            });
        }
        out.println(new ObjectMapper().writeValueAsString(Map.of("benchmark", "counter", "windows", windows)));
        return windows.stream().allMatch(window -> window.failures() == 0) ? 0 : 1;
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    private void addNodes(JvmCluster cluster) {
        List<Integer> ports = FreePorts.take(NAMES.size());
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) {
            addresses.add(NAMES.get(i) + "=127.0.0.1:" + ports.get(i));
        }
        for (String name : NAMES) {
            List<String> options = new ArrayList<>(List.of(
                    "--node",
                    name,
                    "--members",
                    String.join(",", NAMES),
                    "--addresses",
                    String.join(",", addresses),
                    "--data-dir",
                    cluster.folder(name).toString(),
                    "-Dmurmuration.bootstrap.management=off",
                    // So much stays in the log before a snapshot is taken: none is to fall into a window.
                    "-Dmurmuration.log-bytes-max=1 GiB"));
            settings.forEach((key, value) -> options.add("-D" + key + "=" + value));
            cluster.node(name, CounterNode.class, options.toArray(String[]::new));
        }
    }

    private void warmUp(List<JvmNode> nodes) throws Exception {
        Duration part = Duration.ofMillis((long) (warmUp * 1_000 / operations.size()));
        for (String operation : operations) {
            ClosedLoop.Measured unused = load(loading(nodes, leader(nodes)), operation, 64, part);
        }
    }

    private Window measure(List<JvmNode> nodes, String operation, int open) throws Exception {
        String leader = leader(nodes);
        JvmNode loading = loading(nodes, leader);
        CpuTimes before = CpuTimes.now(processes(nodes));
        ClosedLoop.Measured measured = load(loading, operation, open, Duration.ofMillis((long) (seconds * 1_000)));
        CpuTimes after = CpuTimes.now(processes(nodes));
        Map<String, Double> cpu = new LinkedHashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            cpu.put(nodes.get(i).name(), Window.micros(after.since(before).get(i), measured.answers()));
        }
        return new Window(
                operation,
                open,
                payload,
                loading.name(),
                leader,
                Math.round(measured.perSecond()),
                measured.failures(),
                measured.failure(),
                measured.p50(),
                measured.p99(),
                measured.p999(),
                measured.max(),
                cpu,
                after.othersPercent(before));
    }

    private ClosedLoop.Measured load(JvmNode node, String operation, int open, Duration time) throws Exception {
        String request = operation.toLowerCase(Locale.ROOT) + " " + open + " " + payload + " " + time.toMillis();
        String answer = node.ask(request).get(time.toSeconds() + 60, TimeUnit.SECONDS);
        if (answer.startsWith("!")) {
            throw new IllegalStateException("The load could not be made: " + answer);
        }
        return new ObjectMapper().readValue(answer, ClosedLoop.Measured.class);
    }

    /** The nodes, and this process, which only waits. */
    private static Stream<ProcessHandle> processes(List<JvmNode> nodes) {
        return Stream.concat(nodes.stream().map(JvmNode::handle), Stream.of(ProcessHandle.current()));
    }

    private JvmNode loading(List<JvmNode> nodes, String leader) {
        return nodes.stream()
                .filter(node -> on.equals("leader") == node.name().equals(leader))
                .findFirst()
                .orElseThrow();
    }

    private static String leader(List<JvmNode> nodes) throws Exception {
        long end = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < end) {
            List<String> named = new ArrayList<>();
            for (JvmNode node : nodes) {
                named.add(node.ask("leader").get(START.toSeconds(), TimeUnit.SECONDS));
            }
            if (named.stream().distinct().count() == 1 && NAMES.contains(named.get(0))) {
                return named.get(0);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new IllegalStateException("The nodes do not agree who leads within " + START.toSeconds() + " s.");
    }
}
