package io.murmuration.testkit.sim;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the simulator: one seed with its trace, or as many as one likes. Runs a few registers. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Runs a simulated group through the faults that a seed decides, and checks it after every step.")
final class Simulate implements Callable<Integer> {
    private static final String RANGE = "\\d{1,18}\\.\\.\\d{1,18}";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Option(names = "--seed", paramLabel = "N", description = "Run this one seed.")
    private @Nullable Long seed;

    @Option(names = "--seeds", paramLabel = "FROM..TO", description = "Run these seeds (default: ${DEFAULT-VALUE}).")
    private String seeds = "1..2000";

    @Option(names = "--trace", description = "Print each event of --seed.")
    private boolean trace;

    @Option(names = "--nodes", paramLabel = "N", description = "Nodes of the group (default: ${DEFAULT-VALUE}).")
    private int nodes = 5;

    @Option(names = "--callers", paramLabel = "N", description = "Callers (default: ${DEFAULT-VALUE}).")
    private int callers = 4;

    @Option(
            names = "--groups",
            paramLabel = "N",
            description = "Groups on these nodes in each world (default: one, or 2 to 4 in one world of four).")
    private @Nullable Integer groups;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "Simulated time with faults (default: ${DEFAULT-VALUE}).")
    private int seconds = 10;

    @Option(
            names = "--faults",
            split = ",",
            paramLabel = "FAULT",
            description = "What may go wrong (default: all): ${COMPLETION-CANDIDATES}.")
    private Set<Fault> faults = EnumSet.allOf(Fault.class);

    @Option(names = "--without-faults", description = "Nothing goes wrong.")
    private boolean quiet;

    @Option(names = "--threads", paramLabel = "N", description = "Seeds at a time (default: one a processor).")
    private int threads = Runtime.getRuntime().availableProcessors();

    /**
     * Runs the command line and ends the process.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Simulate()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public Integer call() throws InterruptedException {
        SimulatedCluster<?> cluster = cluster();
        if (threads < 1) {
            throw new ParameterException(spec.commandLine(), "--threads takes at least 1, not " + threads + ".");
        }
        if (seed != null) {
            return one(cluster.seed(seed));
        }
        if (trace) {
            throw new ParameterException(spec.commandLine(), "--trace shows one seed; name it with --seed N.");
        }
        if (!seeds.matches(RANGE)) {
            throw new ParameterException(
                    spec.commandLine(), "--seeds takes two numbers as in 1..2000, not " + seeds + ".");
        }
        String[] ends = seeds.split("\\.\\.", 2);
        if (Long.parseLong(ends[0]) > Long.parseLong(ends[1])) {
            throw new ParameterException(
                    spec.commandLine(), "--seeds takes the lower number first, not " + seeds + ".");
        }
        return many(cluster, Long.parseLong(ends[0]), Long.parseLong(ends[1]));
    }

    private SimulatedCluster<?> cluster() {
        try {
            SimulatedCluster<?> cluster = SimulatedCluster.of(Registers.machine())
                    .nodes(nodes)
                    .callers(callers)
                    .lasting(Duration.ofSeconds(seconds))
                    .faults((quiet ? List.<Fault>of() : List.copyOf(faults)).toArray(Fault[]::new));
            return groups == null ? cluster : cluster.groups(groups);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private int one(SimulatedCluster<?> cluster) {
        SimulatedCluster<?> told =
                trace ? cluster.trace(line -> spec.commandLine().getOut().println(line)) : cluster;
        if (trace) {
            say(Trace.heading());
        }
        try {
            say(told.run(Registers::next).toString());
            return 0;
        } catch (Violation violation) {
            say(String.valueOf(violation.getMessage()));
            return 1;
        } finally {
            spec.commandLine().getOut().flush();
        }
    }

    private int many(SimulatedCluster<?> cluster, long from, long to) throws InterruptedException {
        Seeds run = new Seeds(cluster, Registers::next, threads);
        Seeds.Sum sum = run.run(from, to);
        for (Violation violation : run.violations()) {
            say(String.valueOf(violation.getMessage()));
        }
        say(sum.toString());
        return run.violations().isEmpty() ? 0 : 1;
    }

    private void say(String line) {
        spec.commandLine().getOut().printf(Locale.ROOT, "%s%n", line);
    }
}
