package io.murmuration.examples.bank.cli;

import io.murmuration.examples.bank.fleet.NodeSpec;
import io.murmuration.examples.bank.node.BankNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** One node, for a process manager. SIGTERM ends it in order. */
@Command(
        name = "node",
        description = {
            "Runs one node. Without --member, the bank has five: n1 to n5 on this machine, on the default ports.",
            "SIGTERM ends it in order, within ten seconds."
        },
        mixinStandardHelpOptions = true)
final class NodeCommand implements Callable<Integer> {
    private static final String MEMBER = "[A-Za-z0-9_-]{1,64}=[^=,]+:[0-9]{1,5}";
    private static final long HALT_AFTER_MILLIS = 12_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = "--id", required = true, paramLabel = "ID", description = "Its name, one of the members'.")
    private String id = "";

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = "bank-data",
            description = "The state folder; the node's data is in DIR/ID. Default: ${DEFAULT-VALUE}.")
    private Path dir = Path.of("bank-data");

    @Option(
            names = "--member",
            paramLabel = "ID=HOST:PORT",
            description = "A founder of the bank and its remoting address, this node included;"
                    + " repeatable, the same on all nodes.")
    private List<String> members = new ArrayList<>();

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = "Where HTTP is bound. Default: ${DEFAULT-VALUE}.")
    private String host = "127.0.0.1";

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            description = "Default: 8080 and the node's place among the members.")
    private int httpPort;

    @Option(names = "--management-port", paramLabel = "PORT", description = "Default: 7625 and the node's place.")
    private int managementPort;

    @Option(names = "--until-stdin-ends", hidden = true)
    private boolean untilStdinEnds;

    @Override
    public Integer call() {
        NodeSpec self = self();
        if (untilStdinEnds) {
            endWithStdin();
        }
        BankNode node = BankNode.start(self, members, dir);
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                "READY " + id + " " + self.url() + "/ management http://" + host + ":" + self.managementPort() + "/");
        out.flush();
        node.awaitEnd();
        // SIGTERM and the launcher's end are exits already under way; here the system ended by itself.
        return Exit.REJECTED;
    }

    private NodeSpec self() {
        if (members.isEmpty()) {
            NodeSpec.list(5, "127.0.0.1", NodeSpec.HTTP_PORT, NodeSpec.REMOTING_PORT, NodeSpec.MANAGEMENT_PORT)
                    .forEach(node -> members.add(node.id() + "=" + node.address()));
        }
        for (int i = 0; i < members.size(); i++) {
            String member = members.get(i);
            if (!member.matches(MEMBER)) {
                throw new ParameterException(
                        spec.commandLine(), "--member \"" + member + "\" must look like n1=127.0.0.1:25521.");
            }
            if (member.startsWith(id + "=")) {
                int remoting = Integer.parseInt(member.substring(member.lastIndexOf(':') + 1));
                return new NodeSpec(
                        id,
                        host,
                        httpPort == 0 ? NodeSpec.HTTP_PORT + i : httpPort,
                        remoting,
                        managementPort == 0 ? NodeSpec.MANAGEMENT_PORT + i : managementPort);
            }
        }
        throw new ParameterException(spec.commandLine(), "--id " + id + " is none of the members " + members + ".");
    }

    /** The launcher holds the other end of the standard input, and never writes to it. */
    private static void endWithStdin() {
        daemon("bank-launcher-watch", () -> {
            try {
                while (System.in.read() >= 0) {
                    // Whatever is said there does not matter.
                }
            } catch (IOException gone) {
                // The launcher is gone, too.
            }
            daemon("bank-halt", () -> {
                try {
                    Thread.sleep(HALT_AFTER_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                Runtime.getRuntime().halt(Exit.REJECTED);
            });
            System.exit(Exit.DONE);
        });
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
