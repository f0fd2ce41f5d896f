package io.murmuration.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.testkit.jvm.FreePorts;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes of the counters as processes, spoken to over the protocol by which several systems are compared. */
final class PeerNodeIT {
    private static final Duration START = Duration.ofMinutes(2);

    @Test
    void threeNodesCountOverTheProtocolOfTheHarness(@TempDir Path folder) throws Exception {
        int base = freeBase();
        List<Process> nodes = new ArrayList<>();
        try {
            for (int id = 0; id < 3; id++) {
                nodes.add(start(id, base, Files.createDirectory(folder.resolve("n" + id))));
            }

            Awaitility.await().atMost(START).ignoreExceptions().until(() -> ask(base + 1, new byte[1]) >= 0);
            int leader = (int) ask(base + 1, new byte[1]);
            int port = base + 20 * leader + 1;

            assertThat(ask(port, add(7, 5))).isEqualTo(5);
            assertThat(ask(port, add(7, 2))).isEqualTo(7);
            assertThat(ask(port, add(8, 1))).isEqualTo(1);
            for (int id = 0; id < 3; id++) {
                assertThat(ask(base + 20 * id + 1, key(7))).as("node %s", id).isEqualTo(7);
                assertThat(ask(base + 20 * id + 1, key(-1))).as("the sum").isEqualTo(8);
            }
        } finally {
            nodes.forEach(Process::destroyForcibly);
            for (Process node : nodes) {
                node.waitFor();
            }
        }
    }

    private static byte[] add(long key, long delta) {
        return ByteBuffer.allocate(64).putLong(key).putLong(delta).array();
    }

    private static byte[] key(long key) {
        return ByteBuffer.allocate(Long.BYTES).putLong(key).array();
    }

    private static long ask(int port, byte[] data) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
            socket.setSoTimeout(30_000);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeLong(42);
            out.writeInt(data.length);
            out.write(data);
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            assertThat(in.readLong()).isEqualTo(42);
            if (!in.readBoolean()) {
                throw new IOException("It was refused.");
            }
            return in.readLong();
        }
    }

    private static Process start(int id, int base, Path folder) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PeerNode.class.getName(),
                        String.valueOf(id),
                        String.valueOf(base),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    /** A port whose neighbours that the nodes use are free, too. */
    private static int freeBase() {
        return IntStream.range(0, 1_000)
                .map(attempt -> FreePorts.take(1).get(0))
                .filter(base -> base + 60 <= 65_535
                        && IntStream.of(1, 2, 21, 22, 41, 42).allMatch(k -> isFree(base + k)))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
