package io.murmuration.examples.bank.fleet;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Looks whether ports are free before anything is started. */
public final class Ports {
    private Ports() {}

    /**
     * Refuses to go on if a port is taken, or given twice.
     *
     * @param nodes the nodes that are about to start
     * @throws FleetException with the port, what it is for, and the option that moves it
     */
    public static void requireFree(List<NodeSpec> nodes) {
        Set<Integer> seen = new HashSet<>();
        for (NodeSpec node : nodes) {
            require(node, node.httpPort(), "HTTP", "--http-port", seen);
            require(node, node.remotingPort(), "remoting", "--remoting-port", seen);
            require(node, node.managementPort(), "management", "--management-port", seen);
        }
    }

    private static void require(NodeSpec node, int port, String what, String option, Set<Integer> seen) {
        if (port < 1 || port > 65_535) {
            throw new FleetException(
                    "Port " + port + " (" + what + " of " + node.id() + ") does not exist; move it by " + option + ".");
        }
        if (!seen.add(port)) {
            throw new FleetException(
                    "Port " + port + " (" + what + " of " + node.id() + ") is used twice; move it by " + option + ".");
        }
        if (!isFree(node.host(), port)) {
            throw new FleetException("Port " + port + " (" + what + " of " + node.id() + ") on " + node.host()
                    + " is taken; end the process that uses it, or move it by " + option + ".");
        }
    }

    /**
     * Whether a port can be bound right now.
     *
     * @param host the interface
     * @param port the port
     * @return true if it is free
     */
    public static boolean isFree(String host, int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(host, port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
