package io.murmuration.bootstrap;

import com.typesafe.config.Config;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Whether the node can listen where it must, asked before anything starts: Pekko's own failure comes late, with several
 * pages of logs. A port that is taken between this and the real start is still refused there.
 */
final class Ports {
    private Ports() {}

    /** Refuses to start if remoting's port, or that of Pekko Management, cannot be listened on. */
    static void requireFree(Config config, boolean management) {
        Config artery = config.getConfig("pekko.remote.artery");
        requireFree(
                first(artery.getString("bind.hostname"), artery.getString("canonical.hostname")),
                port(artery, "bind.port", "canonical.port"),
                "murmuration.addresses (or pekko.remote.artery.canonical.port)");
        if (management) {
            Config http = config.getConfig("pekko.management.http");
            requireFree(
                    first(http.getString("bind-hostname"), http.getString("hostname")),
                    port(http, "bind-port", "port"),
                    "pekko.management.http.port, or set murmuration.bootstrap.management = off");
        }
    }

    private static void requireFree(String host, int port, String key) {
        // 0 takes any port; <...> is Pekko's way to say: whatever address this machine has.
        if (port == 0 || host.startsWith("<")) {
            return;
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (IOException taken) {
            throw new NodeStartException(
                    "The node cannot listen on " + host + ":" + port + " (" + taken.getMessage()
                            + "); end the process that uses it, or change " + key + ".",
                    taken);
        }
    }

    private static String first(String bind, String canonical) {
        return bind.isEmpty() ? canonical : bind;
    }

    private static int port(Config config, String bind, String canonical) {
        String key = config.getString(bind).isEmpty() ? canonical : bind;
        int port = config.getInt(key);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(key + " is " + port + "; a port lies between 0 and 65535.");
        }
        return port;
    }
}
