package io.murmuration.examples.bank.cli;

import io.murmuration.examples.bank.client.Books;
import io.murmuration.examples.bank.fleet.Fleet;
import io.murmuration.examples.bank.fleet.JavaCommand;
import io.murmuration.examples.bank.fleet.NodeSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Starts the nodes as processes and stays until it is told to stop. */
@Command(
        name = "up",
        description = "Starts the nodes and stays; Ctrl-C stops them in order."
                + " Started again on the same folder, everything is there.",
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
    static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration LEADER_WITHIN = Duration.ofSeconds(30);
    private static final int NODES_MAX = 9;
    private static final long LOOK_EACH_MILLIS = 200;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final PortOptions ports = new PortOptions();

    @Option(names = "--nodes", defaultValue = "5", description = "How many nodes. Default: ${DEFAULT-VALUE}.")
    private int nodes = 5;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = "bank-data",
            description = "The state folder. Default: ${DEFAULT-VALUE}.")
    private Path dir = Path.of("bank-data");

    @Override
    public Integer call() throws InterruptedException {
        if (nodes < 1 || nodes > NODES_MAX) {
            throw new ParameterException(spec.commandLine(), "--nodes must be from 1 to " + NODES_MAX + ".");
        }
        Console console = Console.of(spec.commandLine().getErr());
        Fleet fleet = Fleet.open(dir, ports.nodes(nodes), command(), console::say);
        Thread stop = new Thread(
                () -> {
                    console.say("Stopping the nodes.");
                    fleet.close();
                },
                "bank-stop");
        Runtime.getRuntime().addShutdownHook(stop);
        console.say("Starting " + nodes + " nodes in " + dir + ".");
        fleet.startAll();
        for (NodeSpec node : fleet.nodes()) {
            fleet.awaitReady(node.id(), READY_WITHIN);
            console.say(node.id() + " answers at " + node.url() + "/");
        }
        String leader = Books.awaitLeader(fleet.urls(), LEADER_WITHIN)
                .map(id -> id + " leads.")
                .orElse("No node leads yet; see \"bank status\".");
        console.say("All nodes run. " + leader + " Ctrl-C stops them.");
        while (true) {
            fleet.serveRequests();
            Thread.sleep(LOOK_EACH_MILLIS);
        }
    }

    static JavaCommand command() {
        return JavaCommand.likeThisOne(BankMain.class.getName());
    }
}
