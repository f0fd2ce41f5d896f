package io.murmuration.testkit.jvm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Ports of 127.0.0.1 that nobody listens on. They lie below the range that the machine takes for outgoing connections,
 * so that none of those grabs a port between its release here and its use by a child, or while a killed child is away.
 * One JVM never gives out a port twice. Thread-safe.
 *
 * @since 0.1.0
 */
public final class FreePorts {
    private static final Path EPHEMERAL = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final int LOWEST = 10_000;
    private static final int EPHEMERAL_UNLESS_KNOWN = 32_768;
    private static final int HIGHEST = 60_000;
    private static final int ROOM = 1_000;

    private static final Set<Integer> GIVEN = new HashSet<>();

    private FreePorts() {}

    /**
     * Finds ports. All are held open at once and then released together, so that they differ.
     *
     * @param count how many, 1 to 100
     * @return the ports
     * @throws IllegalStateException if there are not enough
     */
    public static synchronized List<Integer> take(int count) {
        if (count < 1 || count > 100) {
            throw new IllegalArgumentException("Asked for " + count + " ports; take 1 to 100.");
        }
        int end = end();
        List<ServerSocket> held = new ArrayList<>();
        try {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, end);
            for (int tried = 0; tried < end - LOWEST && held.size() < count; tried++) {
                port = port + 1 < end ? port + 1 : LOWEST;
                ServerSocket socket = GIVEN.contains(port) ? null : listen(port);
                if (socket != null) {
                    held.add(socket);
                }
            }
            if (held.size() < count) {
                throw new IllegalStateException("Only " + held.size() + " of " + count + " ports between " + LOWEST
                        + " and " + end + " are free on 127.0.0.1.");
            }
            List<Integer> ports = held.stream().map(ServerSocket::getLocalPort).toList();
            GIVEN.addAll(ports);
            return ports;
        } finally {
            held.forEach(FreePorts::release);
        }
    }

    /** The first port that is not given out: where the machine's range for outgoing connections begins. */
    static int end() {
        int ephemeral = EPHEMERAL_UNLESS_KNOWN;
        // In one read: such a file has no size, and what is read from it in a second go is empty.
        try (InputStream range = Files.newInputStream(EPHEMERAL)) {
            ephemeral = Integer.parseInt(new String(range.readNBytes(64), StandardCharsets.US_ASCII)
                    .strip()
                    .split("\\s+", -1)[0]);
        } catch (IOException | NumberFormatException unknown) {
            // Not Linux: what other systems take lies higher still.
        }
        // A machine that takes nearly all ports for outgoing connections leaves no room below: then luck must do.
        return ephemeral >= LOWEST + ROOM ? Math.min(ephemeral, HIGHEST) : HIGHEST;
    }

    private static @Nullable ServerSocket listen(int port) {
        try {
            ServerSocket socket = new ServerSocket();
            try {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return socket;
            } catch (IOException taken) {
                socket.close();
                return null;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("No socket can be opened.", e);
        }
    }

    private static void release(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Port " + socket.getLocalPort() + " cannot be released.", e);
        }
    }
}
