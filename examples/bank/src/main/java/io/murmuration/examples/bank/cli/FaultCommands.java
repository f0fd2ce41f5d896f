package io.murmuration.examples.bank.cli;

import io.murmuration.examples.bank.fleet.Fleet;
import io.murmuration.examples.bank.fleet.FleetException;
import io.murmuration.examples.bank.fleet.ProcessRef;
import io.murmuration.examples.bank.fleet.RunFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Does to a node what the world may do to it. */
final class FaultCommands {
    private static final Duration START_WITHIN = Duration.ofSeconds(60);
    private static final long LOOK_EACH_MILLIS = 100;

    private FaultCommands() {}

    /** Which node. */
    private static final class Target {
        @Parameters(paramLabel = "NODE", description = "The node, for example n1.")
        private String node = "";

        @Option(
                names = "--dir",
                paramLabel = "DIR",
                defaultValue = "bank-data",
                description = "The state folder of the nodes. Default: ${DEFAULT-VALUE}.")
        private Path dir = Path.of("bank-data");

        RunFile runFile() {
            return RunFile.read(dir)
                    .filter(file -> file.launcher().find().isPresent())
                    .orElseThrow(() -> new FleetException(
                            "No bank runs in " + dir + "; start one by \"bank up\", or name its folder by --dir."));
        }

        RunFile.Running running() {
            RunFile file = runFile();
            return file.node(node)
                    .orElseThrow(() -> new FleetException("There is no node " + node + "; there are "
                            + file.nodes().stream()
                                    .map(other -> other.spec().id())
                                    .toList() + "."));
        }

        ProcessRef process() {
            ProcessRef process = running().process();
            if (process == null || process.find().isEmpty()) {
                throw new FleetException(node + " does not run; start it by \"bank restart " + node + "\".");
            }
            return process;
        }

        void requireDone(boolean done, String what) {
            if (!done) {
                throw new FleetException(
                        node + " was not " + what + ": the signal did not reach it; see \"bank status\".");
            }
        }
    }

    private static int done(CommandSpec spec, String what) {
        spec.commandLine().getOut().println(what);
        return Exit.DONE;
    }

    /** SIGKILL. */
    @Command(name = "kill", description = "Kills a node (SIGKILL).", mixinStandardHelpOptions = true)
    static final class Kill implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private CommandSpec spec;

        @Mixin
        private final Target target = new Target();

        @Override
        public Integer call() {
            target.requireDone(target.process().kill(), "killed");
            return done(spec, target.node + " was killed.");
        }
    }

    /** SIGSTOP. */
    @Command(name = "pause", description = "Stops a node where it is (SIGSTOP).", mixinStandardHelpOptions = true)
    static final class Pause implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private CommandSpec spec;

        @Mixin
        private final Target target = new Target();

        @Override
        public Integer call() {
            target.requireDone(target.process().pause(), "paused");
            return done(spec, target.node + " is paused.");
        }
    }

    /** SIGCONT. */
    @Command(name = "resume", description = "Lets a paused node go on (SIGCONT).", mixinStandardHelpOptions = true)
    static final class Resume implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private CommandSpec spec;

        @Mixin
        private final Target target = new Target();

        @Override
        public Integer call() {
            target.requireDone(target.process().resume(), "resumed");
            return done(spec, target.node + " goes on.");
        }
    }

    /** Killed if it runs, and started again by its launcher, so that it ends with it. */
    @Command(
            name = "restart",
            description = "Starts a node again; kills it first if it runs.",
            mixinStandardHelpOptions = true)
    static final class Restart implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private CommandSpec spec;

        @Mixin
        private final Target target = new Target();

        @Override
        public Integer call() throws InterruptedException {
            ProcessRef before = target.running().process();
            long deadline = System.nanoTime() + START_WITHIN.toNanos();
            if (before != null && before.kill()) {
                await(deadline, () -> before.find().isEmpty());
            }
            Fleet.requestStart(target.dir, target.node);
            await(deadline, () -> started(target.running().process(), before));
            return done(spec, target.node + " was started again.");
        }

        private static boolean started(@Nullable ProcessRef now, @Nullable ProcessRef before) {
            return now != null && !now.equals(before) && now.find().isPresent();
        }

        private void await(long deadline, BooleanSupplier condition) throws InterruptedException {
            while (!condition.getAsBoolean()) {
                if (System.nanoTime() > deadline) {
                    throw new FleetException(target.node + " did not start within " + START_WITHIN.toSeconds() + " s.");
                }
                Thread.sleep(LOOK_EACH_MILLIS);
            }
        }
    }
}
