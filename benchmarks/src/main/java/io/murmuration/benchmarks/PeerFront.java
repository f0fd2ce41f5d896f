package io.murmuration.benchmarks;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pipelined TCP front on loopback, the same that the harness puts before systems without a remote client. A request
 * is id (8 bytes), length (4), data; a reply id (8), whether it succeeded (1), value (8), big endian. Two threads for
 * each connection: one reads, one writes and flushes when nothing more waits.
 */
final class PeerFront {
    private static final Logger LOG = LoggerFactory.getLogger(PeerFront.class);
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int REQUEST_BYTES_MAX = 1 << 20;

    private final Socket socket;
    private final Function<byte[], CompletionStage<Long>> handler;
    private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();

    private PeerFront(Socket socket, Function<byte[], CompletionStage<Long>> handler) {
        this.socket = socket;
        this.handler = handler;
    }

    /** What goes back; none for the end of the connection. */
    private record Reply(long id, @Nullable Long value) {}

    /** Listens, and answers each request by what the handler's stage completes with. */
    @SuppressWarnings("AddressSelection") // Loopback has no name service.
    static void serve(int port, Function<byte[], CompletionStage<Long>> handler) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        start("front-accept", () -> {
            while (true) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                PeerFront front = new PeerFront(socket, handler);
                start("front-read", front::read);
                start("front-write", front::write);
            }
        });
    }

    private void read() throws IOException {
        try (socket) {
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
            while (true) {
                long id = in.readLong();
                int length = in.readInt();
                if (length < 1 || length > REQUEST_BYTES_MAX) {
                    throw new IOException("A request of " + length + " bytes came; something else speaks here.");
                }
                byte[] data = new byte[length];
                in.readFully(data);
                CompletionStage<Long> unused = handler.apply(data)
                        .whenComplete((value, failure) -> replies.add(new Reply(id, failure == null ? value : null)));
            }
        } catch (EOFException e) {
            LOG.debug("The client has closed its connection.");
        }
    }

    private void write() throws IOException, InterruptedException {
        try (OutputStream bytes = socket.getOutputStream()) {
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(bytes, BUFFER_BYTES));
            while (true) {
                Reply reply = replies.poll();
                if (reply == null) {
                    out.flush();
                    reply = replies.take();
                }
                Long value = reply.value();
                out.writeLong(reply.id());
                out.writeBoolean(value != null);
                out.writeLong(value == null ? -1 : value);
            }
        }
    }

    /** What a thread does. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        LOG.debug("A connection has ended.", e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }
}
