package io.murmuration.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.murmuration.testkit.jvm.FreePorts;
import io.murmuration.testkit.jvm.JvmCluster;
import io.murmuration.testkit.jvm.JvmNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Some processes, each with all of the groups, and nobody who asks anything. */
@Command(
        name = "idle",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures what groups cost that nobody asks anything, on some processes of this machine.")
final class IdleBenchmark implements Callable<Integer> {
    private static final Duration START = Duration.ofMinutes(3);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--groups", description = "How many groups each node has (default ${DEFAULT-VALUE}).")
    private int groups = 100;

    @Option(names = "--nodes", description = "How many nodes (default ${DEFAULT-VALUE}).")
    private int count = 3;

    @Option(names = "--seconds", description = "Length of a window (default ${DEFAULT-VALUE}).")
    private double seconds = 30;

    @Option(names = "--warm-up", description = "Seconds of idling before the first window (default ${DEFAULT-VALUE}).")
    private double warmUp = 30;

    @Option(names = "--repeat", description = "How many windows (default ${DEFAULT-VALUE}).")
    private int repeat = 1;

    @Option(names = "--dir", description = "A folder for the nodes' disks (default: the temporary folder).")
    private Path folder = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(names = "-D", description = "Any setting of the nodes, for example -Dmurmuration.election-timeout=1s.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(names = "-J", description = "Any option of the nodes' JVMs, for example -J-XX:TieredStopAtLevel=1.")
    private List<String> options = new ArrayList<>();

    private IdleBenchmark() {}

    public static void main(String[] arguments) {
        System.exit(run(new PrintWriter(System.out, true, StandardCharsets.UTF_8), arguments));
    }

    static int run(PrintWriter out, String... arguments) {
        return new CommandLine(new IdleBenchmark()).setOut(out).execute(arguments);
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        require(groups >= 0, "--groups is " + groups + "; it must not be negative.");
        require(count > 0 && count <= 9, "--nodes is " + count + "; it must be 1 to 9.");
        require(seconds > 0, "--seconds is " + seconds + "; it must be positive.");
        List<Idle> windows = new ArrayList<>();
        try (JvmCluster cluster = JvmCluster.createIn(folder)) {
            List<String> jvm = new ArrayList<>(
                    List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Djava.net.preferIPv4Stack=true"));
            jvm.addAll(options);
            cluster.options(jvm.toArray(String[]::new));
            cluster.run(() -> {
                addNodes(cluster);
                cluster.startAll(START);
                askAll(cluster.nodes(), "start " + groups);
                awaitLeaders(cluster.nodes());
                askAll(cluster.nodes(), "add-all");
                pause(warmUp);
                out.println(Idle.HEAD + "  other load");
                for (int i = 0; i < repeat; i++) {
                    measure(cluster.nodes(), windows, out);
                }
            });
        }
        out.println(new ObjectMapper().writeValueAsString(Map.of("benchmark", "idle", "windows", windows)));
        return 0;
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    private void addNodes(JvmCluster cluster) {
        List<Integer> ports = FreePorts.take(count);
        List<String> names = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            names.add("n" + i);
            addresses.add("n" + i + "=127.0.0.1:" + ports.get(i - 1));
        }
        for (String name : names) {
            List<String> arguments = new ArrayList<>(List.of(
                    "--node",
                    name,
                    "--members",
                    String.join(",", names),
                    "--addresses",
                    String.join(",", addresses),
                    "--data-dir",
                    cluster.folder(name).toString(),
                    "-Dmurmuration.bootstrap.management=off",
                    "-Dpekko.remote.artery.advanced.instruments.0=" + Traffic.class.getName()));
            settings.forEach((key, value) -> arguments.add("-D" + key + "=" + value));
            cluster.node(name, IdleNode.class, arguments.toArray(String[]::new));
        }
    }

    private void awaitLeaders(List<JvmNode> nodes) throws Exception {
        long end = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < end) {
            boolean all = true;
            for (JvmNode node : nodes) {
                all &= ask(node, "led").startsWith(groups + " ");
            }
            if (all) {
                return;
            }
            pause(0.5);
        }
        throw new IllegalStateException("Not all groups have a leader within " + START.toSeconds() + " s.");
    }

    private void measure(List<JvmNode> nodes, List<Idle> windows, PrintWriter out) throws Exception {
        List<long[]> traffic = traffic(nodes);
        List<Long> switches = nodes.stream().map(IdleBenchmark::switches).toList();
        CpuTimes before = CpuTimes.now(processes(nodes));
        pause(seconds);
        CpuTimes after = CpuTimes.now(processes(nodes));
        List<Long> switchesAfter = nodes.stream().map(IdleBenchmark::switches).toList();
        List<long[]> trafficAfter = traffic(nodes);
        double passed = (after.at() - before.at()) / 1e9;
        long others = after.othersPercent(before);
        for (int i = 0; i < nodes.size(); i++) {
            long[] sent = new long[4];
            for (int kind = 0; kind < sent.length; kind++) {
                sent[kind] = Math.round((trafficAfter.get(i)[kind] - traffic.get(i)[kind]) / passed);
            }
            boolean known = switches.get(i) >= 0 && switchesAfter.get(i) >= 0;
            Idle idle = new Idle(
                    nodes.get(i).name(),
                    groups,
                    Integer.parseInt(ask(nodes.get(i), "led").split(" ", -1)[1]),
                    Math.round(after.since(before).get(i).toNanos() / passed / 1e5) / 100.0,
                    sent[0],
                    sent[1],
                    sent[2],
                    sent[3],
                    known ? Math.round((switchesAfter.get(i) - switches.get(i)) / passed) : -1);
            windows.add(idle);
            out.println(idle.row() + "  " + (others < 0 ? "unknown" : others + " % of a core"));
        }
    }

    /** The nodes, and this process, which only waits. */
    private static Stream<ProcessHandle> processes(List<JvmNode> nodes) {
        return Stream.concat(nodes.stream().map(JvmNode::handle), Stream.of(ProcessHandle.current()));
    }

    private static List<long[]> traffic(List<JvmNode> nodes) throws Exception {
        List<long[]> counts = new ArrayList<>();
        for (JvmNode node : nodes) {
            counts.add(Stream.of(ask(node, "traffic").split(" ", -1))
                    .mapToLong(Long::parseLong)
                    .toArray());
        }
        return counts;
    }

    /** Of all threads of a process; -1 where there is no {@code /proc}. */
    private static long switches(JvmNode node) {
        Path tasks = Path.of("/proc", String.valueOf(node.handle().pid()), "task");
        try (Stream<Path> threads = Files.list(tasks)) {
            return threads.flatMap(thread -> lines(thread.resolve("status")))
                    .filter(line -> line.contains("ctxt_switches"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException | NumberFormatException notLinux) {
            return -1;
        }
    }

    /** A thread that has ended meanwhile has none. */
    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.US_ASCII).stream();
        } catch (IOException ended) {
            return Stream.empty();
        }
    }

    private static void askAll(List<JvmNode> nodes, String request) throws Exception {
        List<CompletableFuture<String>> asked =
                nodes.stream().map(node -> node.ask(request)).toList();
        for (CompletableFuture<String> each : asked) {
            checked(each.get(START.toSeconds(), TimeUnit.SECONDS), request);
        }
    }

    private static String ask(JvmNode node, String request) throws Exception {
        return checked(node.ask(request).get(START.toSeconds(), TimeUnit.SECONDS), request);
    }

    private static String checked(String answer, String request) {
        if (answer.startsWith("!")) {
            throw new IllegalStateException("A node could not " + request + ": " + answer);
        }
        return answer;
    }

    private static void pause(double length) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep((long) (length * 1_000));
    }
}
