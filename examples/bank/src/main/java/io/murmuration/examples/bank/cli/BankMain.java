package io.murmuration.examples.bank.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.murmuration.bootstrap.NodeStartException;
import io.murmuration.examples.bank.client.BankClient;
import io.murmuration.examples.bank.client.Call;
import io.murmuration.examples.bank.client.Reply;
import io.murmuration.examples.bank.fleet.FleetException;
import io.murmuration.examples.bank.ledger.BankCommand;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line of the bank. The commands that are one request each are its methods. */
@Command(
        name = "bank",
        description = "A bank that is replicated on five nodes.",
        mixinStandardHelpOptions = true,
        version = "Murmuration bank 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            NodeCommand.class,
            LoadCommand.class,
            StatusCommand.class,
            ExplainCommand.class,
            FaultCommands.Kill.class,
            FaultCommands.Pause.class,
            FaultCommands.Resume.class,
            FaultCommands.Restart.class,
            GenerateCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:rejected, not carried out, or a check failed",
            "2:usage",
            "3:the outcome is unknown: ask again with the same key"
        })
public final class BankMain implements Runnable {
    /**
     * Runs a command and ends the process.
     *
     * @param arguments the command and its options
     */
    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    static int execute(String... arguments) {
        return line().execute(arguments);
    }

    static CommandLine line() {
        return new CommandLine(new BankMain()).setExecutionExceptionHandler((failure, line, parsed) -> {
            if (!(failure instanceof FleetException
                    || failure instanceof IllegalArgumentException
                    || failure instanceof NodeStartException)) {
                failure.printStackTrace(line.getErr());
            }
            line.getErr().println("bank: " + failure.getMessage());
            return Exit.REJECTED;
        });
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command; for example \"bank demo\".");
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Command(name = "open", description = "Opens an account.", mixinStandardHelpOptions = true)
    int open(@Parameters(paramLabel = "ACCOUNT") String account, @Mixin Connection connection)
            throws InterruptedException {
        return ask(connection, Call.open(account(account)));
    }

    @Command(name = "deposit", description = "Brings money in.", mixinStandardHelpOptions = true)
    int deposit(
            @Parameters(paramLabel = "ACCOUNT") String account,
            @Parameters(paramLabel = "CENTS") long cents,
            @Option(names = "--key", description = "What the payment is known by, to ask again.") @Nullable String key,
            @Mixin Connection connection)
            throws InterruptedException {
        return ask(connection, Call.payment(null, account(account), amount(cents), key(key)));
    }

    @Command(name = "withdraw", description = "Takes money out.", mixinStandardHelpOptions = true)
    int withdraw(
            @Parameters(paramLabel = "ACCOUNT") String account,
            @Parameters(paramLabel = "CENTS") long cents,
            @Option(names = "--key", description = "What the payment is known by, to ask again.") @Nullable String key,
            @Mixin Connection connection)
            throws InterruptedException {
        return ask(connection, Call.payment(account(account), null, amount(cents), key(key)));
    }

    @Command(
            name = "transfer",
            description = "Moves money from one account to another.",
            mixinStandardHelpOptions = true)
    int transfer(
            @Parameters(paramLabel = "FROM") String from,
            @Parameters(paramLabel = "TO") String to,
            @Parameters(paramLabel = "CENTS") long cents,
            @Option(names = "--key", description = "What the payment is known by, to ask again.") @Nullable String key,
            @Mixin Connection connection)
            throws InterruptedException {
        if (from.equals(to)) {
            throw usage("The money must go to another account than it comes from.");
        }
        return ask(connection, Call.payment(account(from), account(to), amount(cents), key(key)));
    }

    @Command(name = "balance", description = "What is in an account.", mixinStandardHelpOptions = true)
    int balance(
            @Parameters(paramLabel = "ACCOUNT") String account,
            @Option(names = "--local", description = "What one node knows, possibly behind.") boolean local,
            @Mixin Connection connection)
            throws InterruptedException {
        return ask(connection, Call.get("/accounts/" + account(account) + (local ? "?consistency=local" : "")));
    }

    @Command(
            name = "total",
            description = "How many accounts there are, and the sum of their balances.",
            mixinStandardHelpOptions = true)
    int total(@Mixin Connection connection) throws InterruptedException {
        return ask(connection, Call.get("/total"));
    }

    private int ask(Connection connection, Call call) throws InterruptedException {
        Reply reply;
        try (BankClient client = connection.client()) {
            reply = client.send(call, connection.timeout());
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (reply instanceof Reply.Answered answered) {
            if (connection.json()) {
                out.println(answered.body());
            } else if (answered.carriedOut()) {
                out.println(words(answered));
            } else {
                err.println("Refused: " + answered.code() + ". "
                        + answered.body().path("detail").asText(""));
            }
            return answered.carriedOut() ? Exit.DONE : Exit.REJECTED;
        }
        if (reply instanceof Reply.NotApplied notApplied) {
            err.println("Not carried out: " + notApplied.why() + ". Surely without effect: ask again.");
            return Exit.REJECTED;
        }
        err.println("Outcome unknown: " + ((Reply.Unknown) reply).why() + ".");
        if (call.key() != null) {
            err.println("Ask again with --key " + call.key() + "; it is carried out once at most.");
        }
        return Exit.UNKNOWN;
    }

    private static String words(Reply.Answered answered) {
        JsonNode body = answered.body();
        String index = body.has("index") ? " (index " + body.path("index").asText() + ")" : "";
        if (body.has("total")) {
            return body.path("accounts").asText() + " accounts, "
                    + body.path("total").asText() + " cents" + index;
        }
        if (body.has("from")) {
            return words(body.path("from")) + ", " + words(body.path("to")) + index;
        }
        String opened = answered.status() == 201 ? ", opened" : "";
        return words(body) + opened + index;
    }

    private static String words(JsonNode account) {
        return account.path("account").asText() + ": " + account.path("balance").asText() + " cents";
    }

    private String account(String id) {
        if (!BankCommand.ACCOUNT.matcher(id).matches()) {
            throw usage("\"" + id + "\" is no account id; it has 1 to 64 letters, digits, hyphens and underscores.");
        }
        return id;
    }

    private long amount(long cents) {
        if (cents <= 0) {
            throw usage("The amount must be a positive whole number of cents.");
        }
        return cents;
    }

    private @Nullable String key(@Nullable String key) {
        if (key != null && !BankCommand.isPaymentId(key)) {
            throw usage("The key must have 1 to 128 printable characters.");
        }
        return key;
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
