package io.murmuration.examples.bank.fleet;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * A node and where it listens.
 *
 * @param id its name
 * @param host the interface
 * @param httpPort the bank's HTTP
 * @param remotingPort what the nodes say to each other
 * @param managementPort the health of the node
 */
public record NodeSpec(String id, String host, int httpPort, int remotingPort, int managementPort) {
    /** Where HTTP begins, unless something else is said. */
    public static final int HTTP_PORT = 8081;

    /** Where remoting begins, unless something else is said. */
    public static final int REMOTING_PORT = 25521;

    /** Where management begins, unless something else is said. */
    public static final int MANAGEMENT_PORT = 7626;

    /**
     * Nodes {@code n1}, {@code n2} and so on, each on the ports behind those of the one before.
     *
     * @param count how many
     * @param host the interface
     * @param http the first port of HTTP
     * @param remoting the first port of remoting
     * @param management the first port of management
     * @return the nodes
     */
    public static List<NodeSpec> list(int count, String host, int http, int remoting, int management) {
        List<NodeSpec> nodes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            nodes.add(new NodeSpec("n" + (i + 1), host, http + i, remoting + i, management + i));
        }
        return nodes;
    }

    /**
     * Where its HTTP is.
     *
     * @return the URL
     */
    public URI url() {
        return URI.create("http://" + host + ":" + httpPort);
    }

    /**
     * Where other nodes reach it.
     *
     * @return host and port
     */
    public String address() {
        return host + ":" + remotingPort;
    }
}
