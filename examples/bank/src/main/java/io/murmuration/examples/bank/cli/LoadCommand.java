package io.murmuration.examples.bank.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.murmuration.examples.bank.client.BankClient;
import io.murmuration.examples.bank.client.NodeView;
import io.murmuration.examples.bank.fleet.FleetException;
import io.murmuration.examples.bank.payments.LoadProgress;
import io.murmuration.examples.bank.payments.Loader;
import io.murmuration.examples.bank.payments.PaymentFile;
import io.murmuration.examples.bank.payments.Row;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Carries out a file of payments, each of them once, also when it is broken off and started again. */
@Command(
        name = "load",
        description = {
            "Carries out a CSV file of payments: id,from,to,amount."
                    + " Without from it is a deposit, without to a withdrawal.",
            "Broken off, it goes on where it was; no row is carried out twice."
        },
        mixinStandardHelpOptions = true)
final class LoadCommand implements Callable<Integer> {
    private static final Duration TRY_AT_MOST = Duration.ofSeconds(2);
    private static final int IN_FLIGHT_MAX = 1024;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final Connection connection = new Connection();

    @Parameters(paramLabel = "FILE", description = "The payments.")
    private Path file = Path.of("payments.csv");

    @Option(
            names = "--in-flight",
            defaultValue = "64",
            description = "How many payments are under way at a time. Default: ${DEFAULT-VALUE}.")
    private int inFlight = 64;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (inFlight < 1 || inFlight > IN_FLIGHT_MAX) {
            throw new ParameterException(spec.commandLine(), "--in-flight must be from 1 to " + IN_FLIGHT_MAX + ".");
        }
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new FleetException("The file " + file + " cannot be read.");
        }
        Console console = Console.of(spec.commandLine().getErr());
        PaymentFile payments = PaymentFile.scan(file);
        try (LoadProgress progress = LoadProgress.open(connection.dir(), payments, groupId());
                BankClient client = new BankClient(connection.urls(), TRY_AT_MOST)) {
            if (progress.decidedBefore() > 0) {
                console.say("Going on: " + progress.decidedBefore() + " rows were decided before.");
            }
            Loader loader = new Loader(client, inFlight, connection.timeout());
            int notOpened = loader.open(payments.accounts());
            if (notOpened > 0) {
                throw new FleetException(notOpened + " accounts could not be opened; see \"bank status\".");
            }
            Tally tally = new Tally(payments, progress, console);
            loader.load(payments, progress::isDecided, tally);
            console.endProgress();
            return report(tally);
        }
    }

    private String groupId() throws InterruptedException {
        long deadline = System.nanoTime() + connection.timeout().toNanos();
        while (System.nanoTime() < deadline) {
            for (URI url : connection.urls()) {
                Optional<NodeView> view = NodeView.of(url, Duration.ofSeconds(1));
                if (view.isPresent() && !view.get().groupId().isEmpty()) {
                    return view.get().groupId();
                }
            }
            Thread.sleep(100);
        }
        throw new FleetException("No node of the bank could be reached within "
                + connection.timeout().toSeconds() + " s; start it by \"bank up\", or name a node by --url.");
    }

    private int report(Tally tally) {
        PrintWriter out = spec.commandLine().getOut();
        if (connection.json()) {
            ObjectNode json = new ObjectMapper().createObjectNode();
            json.put("before", tally.progress.decidedBefore());
            json.put("accepted", tally.count(Loader.Kind.ACCEPTED)).put("refused", tally.count(Loader.Kind.REFUSED));
            json.put("bad", tally.bad).put("notApplied", tally.count(Loader.Kind.NOT_APPLIED));
            out.println(json.put("unknown", tally.count(Loader.Kind.UNKNOWN)));
        } else {
            out.println("Accepted " + tally.count(Loader.Kind.ACCEPTED) + ", refused "
                    + tally.count(Loader.Kind.REFUSED) + ", bad " + tally.bad + ", not carried out "
                    + tally.count(Loader.Kind.NOT_APPLIED) + ", unknown " + tally.count(Loader.Kind.UNKNOWN) + ".");
        }
        if (tally.count(Loader.Kind.UNKNOWN) > 0) {
            return Exit.UNKNOWN;
        }
        return tally.bad > 0 || tally.count(Loader.Kind.NOT_APPLIED) > 0 ? Exit.REJECTED : Exit.DONE;
    }

    /** Counts, reports and keeps what becomes of the rows. */
    private static final class Tally implements Loader.Listener {
        private static final int SHOWN_MAX = 20;

        private final PaymentFile payments;
        private final LoadProgress progress;
        private final Console console;
        private final Map<Loader.Kind, Integer> counts = new EnumMap<>(Loader.Kind.class);
        private long done;
        private int bad;
        private int shown;

        private Tally(PaymentFile payments, LoadProgress progress, Console console) {
            this.payments = payments;
            this.progress = progress;
            this.console = console;
            done = progress.decidedBefore();
        }

        private int count(Loader.Kind kind) {
            return counts.getOrDefault(kind, 0);
        }

        @Override
        public void decided(Loader.Outcome outcome) {
            counts.merge(outcome.kind(), 1, Integer::sum);
            if (outcome.kind() == Loader.Kind.ACCEPTED || outcome.kind() == Loader.Kind.REFUSED) {
                progress.decided(outcome.row().line());
            } else {
                show("line " + outcome.row().line() + ": " + outcome.detail());
            }
            if (outcome.detail().equals("idempotency-conflict")) {
                show("line " + outcome.row().line() + ": the id "
                        + outcome.row().id() + " was used for another payment");
            }
            done++;
            console.progress(
                    done,
                    payments.rows(),
                    done + " of " + payments.rows() + ", " + count(Loader.Kind.REFUSED) + " refused");
        }

        @Override
        public void bad(Row.Bad line) {
            bad++;
            show("line " + line.line() + ": " + line.why());
        }

        private void show(String what) {
            shown++;
            if (shown <= SHOWN_MAX) {
                console.say(what);
            } else if (shown == SHOWN_MAX + 1) {
                console.say("(more such lines are only counted)");
            }
        }
    }
}
