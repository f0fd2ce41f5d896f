package io.murmuration.benchmarks;

import io.murmuration.testkit.jvm.JvmNode;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Takes a node out of three while one more process asks them, and measures what that process feels of it. */
@Command(
        name = "run outage",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Takes a node out of three under load and measures for how long nothing was answered, or how long"
                + " the node needs to catch up.")
final class OutageBenchmark implements Callable<Integer> {
    private static final Operation ADD = Operation.of("add");
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final long PATIENCE_SECONDS = 120;
    /** A follower under load is always some commands behind what its leader has just committed. */
    private static final long SLACK = 2_048;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--how",
            description = "kill: the leader's process ends (SIGKILL); stop: it stands still (SIGSTOP); back: a follower"
                    + " that was killed comes back (default ${DEFAULT-VALUE}).")
    private String how = "kill";

    @Option(names = "--times", description = "How often (default ${DEFAULT-VALUE}).")
    private int times = 5;

    @Option(names = "--outstanding", description = "How many requests are open (default ${DEFAULT-VALUE}).")
    private int outstanding = 64;

    @Option(names = "--payload", description = "Bytes of padding in each command (default ${DEFAULT-VALUE}).")
    private int payload = 64;

    @Option(names = "--away", description = "back: seconds for which the follower is gone (default ${DEFAULT-VALUE}).")
    private int away = 60;

    @Option(
            names = "--seconds",
            description = "Seconds of load around each outage, which comes when a quarter has passed; back: before and"
                    + " after the return (default ${DEFAULT-VALUE}).")
    private int seconds = 8;

    @Option(names = "--warm-up", description = "Seconds of load before the first time (default ${DEFAULT-VALUE}).")
    private int warmUp = 20;

    @Option(names = "--heap", description = "Heap of each process (default ${DEFAULT-VALUE}).")
    private String heap = "1g";

    @Option(names = "--dir", description = "A folder on the disk to measure (default: the temporary folder).")
    private Path folder = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(names = "-D", description = "Any setting of the nodes, for example -Dmurmuration.election-timeout=1s.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(names = "-J", description = "Any option of the JVMs, for example -J-XX:+UseParallelGC.")
    private List<String> jvm = new ArrayList<>();

    private OutageBenchmark() {}

    public static void main(String[] arguments) {
        System.exit(run(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                arguments));
    }

    static int run(PrintWriter out, PrintWriter errors, String... arguments) {
        return new CommandLine(new OutageBenchmark()).setOut(out).setErr(errors).execute(arguments);
    }

    @Override
    public Integer call() throws Exception {
        if (!List.of("kill", "stop", "back").contains(how)) {
            throw new ParameterException(spec.commandLine(), "--how is " + how + "; it must be kill, stop or back.");
        }
        if (times < 1 || outstanding < 1 || payload < 0 || away < 1 || seconds < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--times, --outstanding, --away and --seconds must be positive, --payload not negative.");
        }
        List<String> options = new ArrayList<>(List.of("-Xmx" + heap, "-Djava.net.preferIPv4Stack=true"));
        options.addAll(jvm);
        CounterCluster.Setup setup =
                new CounterCluster.Setup(3, 1, CounterCluster.From.CLIENT, folder, options, settings);
        PrintWriter out = spec.commandLine().getOut();
        try (CounterCluster cluster = new CounterCluster(setup)) {
            cluster.run(() -> {
                load(cluster, Duration.ofSeconds(warmUp));
                if (how.equals("back")) {
                    comeBack(cluster, out);
                } else {
                    silence(cluster, out);
                }
            });
        }
        return 0;
    }

    /** The client makes it, whoever leads. */
    private Recorder.Measured load(CounterCluster cluster, Duration time) throws Exception {
        return cluster.load(cluster.client(), ADD, outstanding, payload, time);
    }

    /** The longest time without an answer while the leader is gone. */
    private void silence(CounterCluster cluster, PrintWriter out) throws Exception {
        List<Double> gaps = new ArrayList<>();
        Duration time = Duration.ofSeconds(seconds);
        for (int turn = 0; turn < times; turn++) {
            JvmNode leader = cluster.node(cluster.leader());
            CompletableFuture<String> load =
                    cluster.client().ask(CounterLoad.request(ADD, outstanding, payload, time, 0));
            TimeUnit.MILLISECONDS.sleep(time.toMillis() / 4);
            if (how.equals("kill")) {
                leader.kill();
            } else {
                leader.pause();
            }
            Recorder.Measured measured = CounterCluster.measured(load, time);
            gaps.add(measured.gap() / 1e3);
            out.printf(
                    Locale.ROOT,
                    "%s %s: %.0f ms without an answer; %,d commands were answered in %.1f s, %,d were not%s%n",
                    how,
                    leader.name(),
                    measured.gap() / 1e3,
                    measured.answers(),
                    measured.seconds(),
                    measured.failures(),
                    measured.failures() > 0 ? ": " + measured.failure() : "");
            if (how.equals("kill")) {
                leader.start();
            } else {
                leader.resume();
            }
            // What was restarted catches up, and runs warm.
            load(cluster, Duration.ofSeconds(warmUp));
        }
        Collections.sort(gaps);
        out.printf(
                Locale.ROOT,
                "median %.0f ms, longest %.0f ms of %d%n",
                gaps.get(gaps.size() / 2),
                gaps.get(gaps.size() - 1),
                times);
    }

    /** How long a follower needs that comes back under load, and what the others' callers feel of it. */
    private void comeBack(CounterCluster cluster, PrintWriter out) throws Exception {
        Duration time = Duration.ofSeconds(seconds);
        for (int turn = 0; turn < times; turn++) {
            String leader = cluster.leader();
            JvmNode follower = cluster.nodes().stream()
                    .filter(node -> !node.name().equals(leader))
                    .findFirst()
                    .orElseThrow();
            follower.kill();
            long missed = load(cluster, Duration.ofSeconds(away)).answers();
            Recorder.Measured without = load(cluster, time);
            missed += without.answers();
            long started = System.nanoTime();
            follower.begin();
            long worst = 0;
            long answers = 0;
            Catching catching = new Catching(cluster, leader, follower, started);
            while (!catching.done()) {
                Recorder.Measured window = load(cluster, SHORT);
                worst = Math.max(worst, window.p99());
                answers += window.answers();
            }
            Recorder.Measured after = load(cluster, time);
            out.printf(
                    Locale.ROOT,
                    "back %s: ready after %.1f s, caught up after %.1f s; p99 without it %.1f ms, the worst"
                            + " second meanwhile %.1f ms, afterwards %.1f ms; %,d commands while it was"
                            + " away, %,d more meanwhile%n",
                    follower.name(),
                    catching.readySeconds,
                    catching.caughtUpSeconds,
                    without.p99() / 1e3,
                    worst / 1e3,
                    after.p99() / 1e3,
                    missed,
                    answers);
        }
    }

    /** Waits, beside the load, until a follower has applied what was committed when it was asked. */
    private static final class Catching {
        private final CompletableFuture<Void> end;
        private volatile double readySeconds;
        private volatile double caughtUpSeconds;

        Catching(CounterCluster cluster, String leader, JvmNode follower, long started) {
            end = CompletableFuture.runAsync(() -> watch(cluster.node(leader), follower, started));
        }

        private void watch(JvmNode leader, JvmNode follower, long started) {
            follower.awaitReady(Duration.ofSeconds(PATIENCE_SECONDS));
            readySeconds = (System.nanoTime() - started) / 1e9;
            long committed = number(leader, CounterNode.COMMITTED);
            while (number(follower, CounterNode.APPLIED) < committed) {
                pause();
                committed = number(leader, CounterNode.COMMITTED) - SLACK;
            }
            caughtUpSeconds = (System.nanoTime() - started) / 1e9;
        }

        boolean done() {
            if (end.isCompletedExceptionally()) {
                end.join();
            }
            return end.isDone();
        }

        private static long number(JvmNode node, String request) {
            return Long.parseLong(node.ask(request)
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join());
        }

        private static void pause() {
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
