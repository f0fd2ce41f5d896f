package io.murmuration.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.murmuration.benchmarks.CounterCluster.From;
import io.murmuration.testkit.jvm.JvmNode;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Some processes keep a counter; one of them, or one more, adds and reads in a closed loop. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures a counter on some processes of this machine, each with a journal that really forces."
                + " \"run journal\" measures the journal alone, \"run rules\" single steps.")
final class CounterBenchmark implements Callable<Integer> {
    private static final int WARM_UP_OUTSTANDING = 64;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--nodes", split = ",", description = "How many nodes; several in turn (default 3, --full 3,5).")
    private @Nullable List<Integer> nodes;

    @Option(
            names = "--groups",
            split = ",",
            description = "How many groups share the load; several in turn (default 1).")
    private List<Integer> groups = List.of(1);

    @Option(
            names = "--from",
            description = "Whose process makes the load: client (a process without a replica), leader or follower"
                    + " (default ${DEFAULT-VALUE}).")
    private String from = "client";

    @Option(names = "--operations", split = ",", description = Operation.KNOWN + " (default ${DEFAULT-VALUE}).")
    private List<String> operations = List.of("add", "read", "local", "mix");

    @Option(
            names = "--outstanding",
            split = ",",
            description = "How many requests are open (default ${DEFAULT-VALUE}).")
    private List<Integer> outstanding = List.of(1, 16, 64, 256, 1024);

    @Option(
            names = {"--payloads", "--payload"},
            split = ",",
            description = "Bytes of padding in each command (default 64, --full 64,1024,16384).")
    private @Nullable List<Integer> payloads;

    @Option(
            names = "--half",
            description = "After each window one more with half as many requests per second, at fixed times.")
    private boolean half;

    @Option(names = "--seconds", description = "Length of a window (default ${DEFAULT-VALUE}).")
    private double seconds = 5;

    @Option(names = "--warm-up", description = "Seconds of load before the first window (default ${DEFAULT-VALUE}).")
    private double warmUp = 20;

    @Option(names = "--repeat", description = "Windows of each kind, in turn (default 1, --full 3).")
    private @Nullable Integer repeat;

    @Option(names = "--full", description = "The whole table: some 22 minutes.")
    private boolean full;

    @Option(
            names = "--others-max",
            description =
                    "A window in which everything else used more of the machine, in percent of one core, is marked"
                            + " with * (default ${DEFAULT-VALUE}).")
    private long othersMax = 10;

    @Option(names = "--json", description = "Also writes the report into this file.")
    private @Nullable Path json;

    @Option(names = "--picture", description = "Draws throughput and latency into this file, as SVG.")
    private @Nullable Path picture;

    @Option(names = "--heap", description = "Heap of each process (default ${DEFAULT-VALUE}).")
    private String heap = "1g";

    @Option(names = "--dir", description = "A folder on the disk to measure (default: the temporary folder).")
    private Path folder = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(names = "-D", description = "Any setting of the nodes, for example -Dmurmuration.election-timeout=1s.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(names = "-J", description = "Any option of the JVMs, for example -J-XX:+UseParallelGC.")
    private List<String> jvm = new ArrayList<>();

    private CounterBenchmark() {}

    public static void main(String[] arguments) {
        System.exit(run(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                arguments));
    }

    static int run(PrintWriter out, PrintWriter errors, String... arguments) {
        return new CommandLine(new CounterBenchmark())
                .setOut(out)
                .setErr(errors)
                .execute(arguments);
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        List<Operation> asked = checked();
        List<Window> windows = new ArrayList<>();
        out.println(Window.HEAD);
        try {
            measureAll(asked, windows, out);
        } catch (Exception failure) {
            // What was measured until then may have taken half an hour.
            if (!windows.isEmpty()) {
                report(windows, out);
            }
            throw failure;
        }
        report(windows, out);
        return windows.stream().allMatch(window -> window.failures() == 0) ? 0 : 1;
    }

    private void measureAll(List<Operation> asked, List<Window> windows, PrintWriter out) throws Exception {
        for (int count : nodes()) {
            for (int shared : groups) {
                CounterCluster.Setup setup = new CounterCluster.Setup(
                        count, shared, From.valueOf(from.toUpperCase(Locale.ROOT)), folder, jvmOptions(), settings);
                try (CounterCluster cluster = new CounterCluster(setup)) {
                    cluster.run(() -> {
                        warmUp(cluster, asked);
                        for (int pass = 0; pass < repeat(); pass++) {
                            pass(cluster, setup, asked, windows, out);
                        }
                    });
                }
            }
        }
    }

    private List<Operation> checked() {
        require(
                List.of("client", "leader", "follower").contains(from),
                "--from is " + from + "; it must be client, leader or follower.");
        require(nodes().stream().allMatch(count -> count > 0 && count <= 9), "--nodes must be 1 to 9.");
        require(groups.stream().allMatch(count -> count > 0), "--groups must be positive.");
        require(
                from.equals("client") || groups.stream().allMatch(count -> count == 1),
                "Several groups have several leaders; leave --from out.");
        require(
                nodes().stream().allMatch(count -> count > 1) || from.equals("leader"),
                "One node alone has no follower; say --from leader.");
        require(outstanding.stream().allMatch(open -> open > 0), "--outstanding must be positive.");
        require(payloads().stream().allMatch(bytes -> bytes >= 0), "--payloads must not be negative.");
        require(repeat() > 0, "--repeat must be positive.");
        require(seconds > 0, "--seconds must be positive.");
        try {
            return operations.stream().map(Operation::of).toList();
        } catch (IllegalArgumentException unknown) {
            throw new ParameterException(spec.commandLine(), unknown.getMessage(), unknown);
        }
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    private List<Integer> nodes() {
        return nodes != null ? nodes : full ? List.of(3, 5) : List.of(3);
    }

    private List<Integer> payloads() {
        return payloads != null ? payloads : full ? List.of(64, 1024, 16_384) : List.of(64);
    }

    private int repeat() {
        return repeat != null ? repeat : full ? 3 : 1;
    }

    private List<String> jvmOptions() {
        List<String> options =
                new ArrayList<>(List.of("-Xmx" + heap, "-XX:-UsePerfData", "-Djava.net.preferIPv4Stack=true"));
        // A JVM refuses to start with two collectors.
        if (jvm.stream().noneMatch(option -> option.matches("-XX:\\+Use\\w+GC"))) {
            options.add("-XX:+UseSerialGC");
        }
        options.addAll(jvm);
        return options;
    }

    private void warmUp(CounterCluster cluster, List<Operation> asked) throws Exception {
        Duration part = Duration.ofMillis((long) (warmUp * 1_000 / asked.size()));
        for (Operation operation : asked) {
            JvmNode process = cluster.asking(operation, cluster.leader());
            Recorder.Measured unused = cluster.load(
                    process, operation, WARM_UP_OUTSTANDING, payloads().get(0), part);
        }
    }

    /** What has no commands is the same with any payload. */
    private void pass(
            CounterCluster cluster,
            CounterCluster.Setup setup,
            List<Operation> asked,
            List<Window> windows,
            PrintWriter out)
            throws Exception {
        for (Operation operation : asked) {
            for (int payload : operation.writes() ? payloads() : List.of(0)) {
                for (int open : outstanding) {
                    Window.Work work =
                            new Window.Work(setup.nodes(), setup.groups(), operation.name(), payload, open, false);
                    Window window = measure(cluster, operation, work, 0);
                    keep(window, windows, out);
                    if (half) {
                        keep(measure(cluster, operation, work.halved(), window.perSecond() / 2), windows, out);
                    }
                }
            }
        }
    }

    private static void keep(Window window, List<Window> windows, PrintWriter out) {
        windows.add(window);
        out.println(window.row());
        if (window.failures() > 0) {
            out.println("      the last failure: " + window.failure());
        }
    }

    private Window measure(CounterCluster cluster, Operation operation, Window.Work work, long perSecond)
            throws Exception {
        String leader = cluster.leader();
        JvmNode asking = cluster.asking(operation, leader);
        CpuTimes before = CpuTimes.now(cluster.processes());
        Duration time = Duration.ofMillis((long) (seconds * 1_000));
        Recorder.Measured measured = perSecond == 0
                ? cluster.load(asking, operation, work.outstanding(), work.payloadBytes(), time)
                : cluster.load(asking, operation, perSecond, work.payloadBytes(), time);
        CpuTimes after = CpuTimes.now(cluster.processes());
        Map<String, Double> cpu = new LinkedHashMap<>();
        List<Duration> used = after.since(before);
        for (int i = 0; i < cluster.names().size(); i++) {
            cpu.put(cluster.names().get(i), Window.micros(used.get(i), measured.answers()));
        }
        long others = after.othersPercent(before);
        long stolen = after.stolenPercent(before);
        return new Window(
                work,
                asking.name(),
                leader,
                Math.round(measured.perSecond()),
                measured.failures(),
                measured.failure(),
                measured.p50(),
                measured.p99(),
                measured.p999(),
                measured.max(),
                cpu,
                others,
                stolen,
                others + stolen > othersMax);
    }

    private void report(List<Window> windows, PrintWriter out) throws Exception {
        List<Medians> medians = Medians.of(windows);
        if (repeat() > 1) {
            out.println();
            out.println("Medians of " + repeat() + " windows each:");
            out.println(Medians.HEAD);
            medians.forEach(each -> out.println(each.row()));
        }
        long disturbed = windows.stream().filter(Window::disturbed).count();
        if (disturbed > 0) {
            out.println("* In " + disturbed + " of " + windows.size() + " windows everything else used more than "
                    + othersMax + " % of a core: their figures say little.");
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("benchmark", "counter");
        report.put("machine", machine());
        report.put("from", from);
        report.put("seconds", seconds);
        report.put("warmUp", warmUp);
        report.put("othersMax", othersMax);
        report.put("jvm", jvmOptions());
        report.put("settings", settings);
        report.put("windows", windows);
        report.put("medians", medians);
        ObjectMapper mapper = new ObjectMapper();
        if (json != null) {
            Files.write(json, mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(report));
        }
        if (picture != null) {
            Picture.draw(medians, picture);
        }
        out.println(mapper.writeValueAsString(report));
    }

    private static Map<String, Object> machine() {
        return new TreeMap<>(Map.of(
                "processors", Runtime.getRuntime().availableProcessors(),
                "java", Runtime.version().toString(),
                "system", System.getProperty("os.name") + " " + System.getProperty("os.arch")));
    }
}
