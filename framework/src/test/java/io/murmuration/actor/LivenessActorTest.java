package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections to real ports of this machine, behind which is no node. */
final class LivenessActorTest {
    private static final Duration T = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int LONG_MILLIS = 60_000;

    private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.parseString("pekko.actor.provider = local"));
    private final TestProbe<ElectionMessage> election = kit.createTestProbe();
    private volatile Optional<String> address = Optional.empty();
    private ServerSocket server;
    private ActorRef<LivenessActor.Message> liveness;

    @BeforeEach
    void start() throws IOException {
        server = listen(0);
        address = Optional.of("127.0.0.1:" + server.getLocalPort());
        liveness = kit.spawn(LivenessActor.create(node -> address, T));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        kit.shutdownTestKit();
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket listening = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        listening.setSoTimeout(LONG_MILLIS);
        return listening;
    }

    private void near(String... nodes) {
        liveness.tell(new LivenessActor.Near("bank", election.ref(), List.of(nodes)));
    }

    private void die(Socket connection) throws IOException {
        // As the kernel does: the port is closed before the connections are.
        server.close();
        connection.close();
    }

    @Test
    void tellsAgainAndAgainThatAProcessIsGoneWhoseConnectionIsClosedAndWhosePortRefuses() throws IOException {
        near("n2");

        die(server.accept());

        for (int told = 0; told < 3; told++) {
            election.expectMessage(LONG, new ElectionMessage.Gone("n2"));
        }
    }

    @Test
    void saysNothingOnTheConnectionNorOfANodeThatTakesItAgain() throws IOException {
        near("n2");
        Socket first = server.accept();
        first.setSoTimeout((int) T.toMillis());
        assertThatThrownBy(() -> first.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

        first.close();
        Socket second = server.accept();

        election.expectNoMessage(T);
        die(second);
        election.expectMessage(LONG, new ElectionMessage.Gone("n2"));
    }

    @Test
    void nodeThatWasNeverReachedIsNotGoneButTriedOn() throws IOException {
        int port = server.getLocalPort();
        server.close();
        near("n2");

        election.expectNoMessage(T.multipliedBy(2));
        server = listen(port);

        die(server.accept());
        election.expectMessage(LONG, new ElectionMessage.Gone("n2"));
    }

    @Test
    void nodeOfUnknownAddressIsFoundWhenItIsKnown() throws IOException {
        Optional<String> later = address;
        address = Optional.empty();
        near("n2");

        election.expectNoMessage(T);
        address = later;

        die(server.accept());
        election.expectMessage(LONG, new ElectionMessage.Gone("n2"));
    }

    @Test
    void connectionIsClosedWhenNoGroupNeedsIt() throws IOException {
        near("n2");
        Socket connection = server.accept();
        connection.setSoTimeout(LONG_MILLIS);

        near();

        assertThat(connection.getInputStream().read()).isEqualTo(-1);
        server.close();
        election.expectNoMessage(T);
    }

    @Test
    void connectionIsClosedWhenTheElectionHasEnded() throws IOException {
        near("n2");
        Socket connection = server.accept();
        connection.setSoTimeout(LONG_MILLIS);

        election.stop();

        assertThat(connection.getInputStream().read()).isEqualTo(-1);
    }
}
