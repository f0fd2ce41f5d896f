package io.murmuration.actor;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.murmuration.core.model.NodeRpc;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two ends in one process, over real sockets. */
@Timeout(60)
class LinkPortTest {
    private static final String A = "127.0.0.1:1111";
    private static final String B = "127.0.0.1:2222";
    private static final String PATH = "bank/log";

    private final ActorTestKit kit = ActorTestKit.create();
    private final TestProbe<Wire> atA = kit.createTestProbe(Wire.class);
    private final TestProbe<Wire> atB = kit.createTestProbe(Wire.class);
    private End a;
    private End b;

    @BeforeEach
    void start() throws Exception {
        a = new End(A);
        b = new End(B);
        a.links.leadsTo(PATH, atA.getRef());
        b.links.leadsTo(PATH, atB.getRef());
    }

    @AfterEach
    void stop() {
        a.close();
        b.close();
        kit.shutdownTestKit();
    }

    @Test
    void whatIsSentEitherWayArrivesInOrder() {
        assertThat(a.send(B, wire("nobody there yet"))).isFalse();
        connect();
        for (int i = 0; i < 1_000; i++) {
            assertThat(a.send(B, wire("to b " + i))).isTrue();
            assertThat(b.send(A, wire("to a " + i))).isTrue();
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(atB.receiveMessage()).isEqualTo(wire("to b " + i));
            assertThat(atA.receiveMessage()).isEqualTo(wire("to a " + i));
        }
    }

    @Test
    void messagesOfAllKindsAndSizesArrive() {
        connect();
        List<Wire> sent = WireSamples.wires().values().stream().collect(Collectors.toList());
        for (int bytes : new int[] {1, 100, 65_536, 131_072, 1 << 20, 4 << 20}) {
            sent.add(wire("x".repeat(bytes)));
        }
        sent.forEach(wire -> assertThat(a.send(B, wire)).isTrue());
        sent.forEach(
                wire -> assertThat(atB.receiveMessage(Duration.ofSeconds(10))).isEqualTo(wire));
    }

    @Test
    void whatIsForNobodyOrCannotBeReadIsLostAndTheRestArrives() {
        connect();
        Links.Other other = a.links.other(B);
        assertThat(a.links.send(other, Link.path("bank/machine"), wire("for nobody")))
                .isTrue();
        b.links.leadsTo(PATH, null);
        a.send(B, wire("for nobody any more"));
        a.send(B, wire("to be known when the last was lost"));
        b.links.leadsTo("known", atB.getRef());
        a.links.send(other, Link.path("known"), wire("arrives"));
        assertThat(atB.receiveMessage()).isEqualTo(wire("arrives"));
        atB.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void aMessageThatIsTooLongHarmsNoOther() {
        connect();
        assertThat(a.send(B, wire("x".repeat(Link.FRAME_MAX)))).isTrue();
        a.send(B, wire("next"));
        assertThat(atB.receiveMessage()).isEqualTo(wire("next"));
    }

    @Test
    void whoTakesNothingHoldsNobodyUpAndGetsWhatWasKeptLater() throws Exception {
        connect();
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<Void> blocked = new CompletableFuture<>();
        b.loop.execute(() -> {
            blocked.complete(null);
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        blocked.get(10, SECONDS);
        String mebibyte = "x".repeat(1 << 20);
        // More than the kernel and the buffer keep.
        for (int i = 0; i < 64; i++) {
            assertThat(a.send(B, wire(i + mebibyte))).isTrue();
        }
        go.countDown();
        assertThat(atB.receiveMessage()).isEqualTo(wire(0 + mebibyte));
        // Some of them are lost, and what is sent afterwards arrives.
        await().atMost(30, SECONDS).until(() -> {
            a.send(B, wire("later"));
            Wire got = atB.receiveMessage();
            while (((NodeRpc.Left) got.body()).name().length() > 100) {
                got = atB.receiveMessage();
            }
            return got.equals(wire("later"));
        });
    }

    @Test
    void whoDoesNotKnowTheTokenIsNotTaken() throws Exception {
        a.port.dial(B, b.at(), UUID.randomUUID());
        try (Socket stranger = new Socket(InetAddress.getLoopbackAddress(), b.at().getPort())) {
            stranger.getOutputStream().write(frame(new byte[50]));
            assertThat(closed(stranger)).isTrue();
        }
        try (Socket babbler = new Socket(InetAddress.getLoopbackAddress(), b.at().getPort())) {
            babbler.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(closed(babbler)).isTrue();
        }
        try (Socket mute = new Socket(InetAddress.getLoopbackAddress(), b.at().getPort())) {
            assertThat(closed(mute)).isTrue();
        }
        assertThat(b.send(A, wire("to nobody"))).isFalse();
        connect();
    }

    @Test
    void whoIsNotHeardAnyMoreIsNotSentTo() throws Exception {
        // It greets as it should, and says nothing more.
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            UUID token = UUID.randomUUID();
            a.port.dial(B, new InetSocketAddress(InetAddress.getLoopbackAddress(), silent.getLocalPort()), token);
            try (Socket taken = silent.accept()) {
                InputStream in = taken.getInputStream();
                int length = ByteBuffer.wrap(in.readNBytes(Integer.BYTES)).getInt();
                ByteBuffer greeting = ByteBuffer.wrap(in.readNBytes(length));
                ByteBuffer answer = ByteBuffer.allocate(200);
                Out out = Out.into(answer);
                out.fixed(greeting.getLong());
                out.uuid(token);
                out.text(B);
                byte[] bytes = new byte[answer.position()];
                answer.flip().get(bytes);
                taken.getOutputStream().write(frame(bytes));
                await().until(() -> a.links.other(B).linked());
                // Nothing is due, so that silence means nothing.
                atA.expectNoMessage(Duration.ofSeconds(4));
                assertThat(a.send(B, wire("are you there?"))).isTrue();
                await().atMost(10, SECONDS).until(() -> !a.links.other(B).linked());
                assertThat(a.send(B, wire("goes through Artery"))).isFalse();
            }
        }
    }

    @Test
    void whoHasNothingToSayIsKeptWhenItIsThere() {
        connect();
        a.send(B, wire("one way"));
        assertThat(atB.receiveMessage()).isEqualTo(wire("one way"));
        atB.expectNoMessage(Duration.ofSeconds(6));
        assertThat(a.send(B, wire("again"))).isTrue();
        assertThat(atB.receiveMessage()).isEqualTo(wire("again"));
    }

    @Test
    void whoWasStartedAnewIsConnectedWithAgain() throws Exception {
        connect();
        b.close();
        await().atMost(10, SECONDS).until(() -> !a.links.other(B).linked());
        b = new End(B);
        b.links.leadsTo(PATH, atB.getRef());
        connect();
        a.send(B, wire("to its next life"));
        assertThat(atB.receiveMessage()).isEqualTo(wire("to its next life"));
    }

    @Test
    void aSecondConnectionTakesThePlaceOfTheFirst() {
        connect();
        // As if a had forgotten the first.
        a.loop.execute(() -> a.links.closed(a.links.other(B).link()));
        await().until(() -> !a.links.other(B).linked());
        connect();
        List<String> names = IntStream.range(0, 100).mapToObj(i -> "after " + i).toList();
        names.forEach(name -> b.send(A, wire(name)));
        names.forEach(name -> assertThat(atA.receiveMessage()).isEqualTo(wire(name)));
    }

    private void connect() {
        a.port.dial(B, b.at(), b.links.token);
        await().atMost(10, SECONDS)
                .until(() -> a.links.other(B).linked() && b.links.other(A).linked());
    }

    private static Wire wire(String name) {
        return new Wire(null, WireSamples.N1, new NodeRpc.Left(name));
    }

    private static byte[] frame(byte[] bytes) {
        return ByteBuffer.allocate(Integer.BYTES + bytes.length)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    private static boolean closed(Socket socket) throws IOException {
        socket.setSoTimeout(20_000);
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /** One node's. */
    private static final class End {
        final Links links = new Links();
        final Loop loop;
        final LinkPort port;

        End(String address) throws Exception {
            loop = new Loop(task -> {
                Thread thread = new Thread(task, address);
                thread.setDaemon(true);
                return thread;
            });
            loop.start();
            CompletableFuture<LinkPort> made = new CompletableFuture<>();
            loop.execute(() -> {
                try {
                    made.complete(new LinkPort(
                            links, address, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), loop));
                } catch (IOException e) {
                    made.completeExceptionally(e);
                }
            });
            port = made.get(10, SECONDS);
        }

        boolean send(String address, Wire wire) {
            return links.send(links.other(address), Link.path(PATH), wire);
        }

        InetSocketAddress at() {
            try {
                return new InetSocketAddress(InetAddress.getLoopbackAddress(), port.port());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void close() {
            port.close();
            loop.end();
        }
    }
}
