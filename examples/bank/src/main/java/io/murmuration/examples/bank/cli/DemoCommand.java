package io.murmuration.examples.bank.cli;

import io.murmuration.examples.bank.demo.Demo;
import io.murmuration.examples.bank.fleet.Fleet;
import io.murmuration.examples.bank.fleet.FleetException;
import io.murmuration.examples.bank.payments.PaymentFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The main job: five processes carry out a file of payments, lose their leader, and lose nothing else. */
@Command(
        name = "demo",
        description = {
            "Starts five nodes in a fresh folder, carries out data/payments.csv, kills the leader in mid-load,"
                    + " pauses another",
            "node, checks every answer, and wipes a node's disk. Exit code 0 only if nothing was lost, nothing was",
            "done twice, and the wiped node votes nowhere."
        },
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private static final int NODES = 5;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final PortOptions ports = new PortOptions();

    @Option(names = "--file", paramLabel = "FILE", description = "Other payments than data/payments.csv.")
    private @Nullable Path file;

    @Option(names = "--dir", paramLabel = "DIR", description = "Another folder than a fresh one; it is kept.")
    private @Nullable Path dir;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Console console = Console.of(spec.commandLine().getErr());
        PaymentFile payments = payments();
        Path given = dir;
        boolean own = given == null;
        Path folder = given == null ? Files.createTempDirectory("bank-demo-") : given;
        Fleet fleet;
        try {
            fleet = Fleet.open(folder, ports.nodes(NODES), UpCommand.command(), line -> {});
        } catch (FleetException e) {
            if (own) {
                delete(folder);
            }
            throw e;
        }
        AtomicBoolean over = new AtomicBoolean();
        Thread stop = new Thread(() -> stop(fleet, folder, own, over), "bank-stop");
        Runtime.getRuntime().addShutdownHook(stop);
        console.say("The nodes' data and logs are in " + folder + ".");
        List<String> failures;
        boolean interrupted;
        try {
            failures = new Demo(fleet, payments, console).run();
        } catch (FleetException e) {
            failures = List.of(e.getMessage() == null ? e.toString() : e.getMessage());
        } finally {
            interrupted = !over.compareAndSet(false, true);
        }
        if (interrupted) {
            return Exit.REJECTED;
        }
        fleet.close();
        return conclude(console, folder, own, failures);
    }

    /** Whoever sets {@code over} first sees to the folder: Ctrl-C leaves nothing behind, a failure leaves the logs. */
    private static void stop(Fleet fleet, Path folder, boolean own, AtomicBoolean over) {
        boolean interrupted = over.compareAndSet(false, true);
        fleet.close();
        if (interrupted && own) {
            try {
                delete(folder);
            } catch (IOException | UncheckedIOException e) {
                System.err.println("The folder " + folder + " cannot be deleted (" + e + ").");
            }
        }
    }

    private static int conclude(Console console, Path folder, boolean own, List<String> failures) throws IOException {
        console.endProgress();
        if (!failures.isEmpty()) {
            failures.forEach(failure -> console.say("FAILED: " + failure));
            console.say("The nodes' data and logs are kept in " + folder + ".");
            return Exit.REJECTED;
        }
        console.say("Everything holds: nothing acknowledged was lost, and nothing was carried out twice.");
        if (own) {
            delete(folder);
        }
        return Exit.DONE;
    }

    private PaymentFile payments() throws IOException {
        Path path = file == null ? Path.of(System.getProperty("bank.home", "."), "data", "payments.csv") : file;
        if (!Files.isReadable(path) || Files.isDirectory(path)) {
            throw new FleetException("The file " + path + " cannot be read; name another by --file.");
        }
        return PaymentFile.scan(path);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
