package io.murmuration.examples.bank.cli;

import io.murmuration.examples.bank.fleet.NodeSpec;
import java.util.List;
import picocli.CommandLine.Option;

/** Where nodes listen: node i takes each first port and i - 1. */
final class PortOptions {
    @Option(names = "--host", defaultValue = "127.0.0.1", description = "The interface. Default: ${DEFAULT-VALUE}.")
    private String host = "127.0.0.1";

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "" + NodeSpec.HTTP_PORT,
            description = "The first port of HTTP. Default: ${DEFAULT-VALUE}.")
    private int http = NodeSpec.HTTP_PORT;

    @Option(
            names = "--remoting-port",
            paramLabel = "PORT",
            defaultValue = "" + NodeSpec.REMOTING_PORT,
            description = "The first port on which nodes talk to each other. Default: ${DEFAULT-VALUE}.")
    private int remoting = NodeSpec.REMOTING_PORT;

    @Option(
            names = "--management-port",
            paramLabel = "PORT",
            defaultValue = "" + NodeSpec.MANAGEMENT_PORT,
            description = "The first port of the nodes' health. Default: ${DEFAULT-VALUE}.")
    private int management = NodeSpec.MANAGEMENT_PORT;

    List<NodeSpec> nodes(int count) {
        return NodeSpec.list(count, host, http, remoting, management);
    }
}
