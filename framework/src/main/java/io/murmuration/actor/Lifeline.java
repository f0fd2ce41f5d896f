package io.murmuration.actor;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import jdk.net.ExtendedSocketOptions;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.io.Inet;
import org.apache.pekko.io.Tcp;
import org.apache.pekko.io.TcpMessage;
import org.apache.pekko.io.TcpSO;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt to connect, and the connection if there is one; it ends with it, and says each thing once. A classic
 * actor, since Pekko's TCP says who speaks by the sender.
 *
 * <p>The kernel probes a connection on which nothing is said: one to a machine that has lost its power would never be
 * closed, and a firewall would forget it.
 */
final class Lifeline extends AbstractActor {
    /** What becomes of it. */
    enum News {
        /** The connection was taken. */
        OPENED,
        /** It is closed; the last that is said. */
        CLOSED,
        /** The other machine says that nobody listens there; the last that is said. */
        REFUSED,
        /** There is no connection for another reason; the last that is said. */
        FAILED
    }

    private static final Logger LOG = LoggerFactory.getLogger(Lifeline.class);

    /** Asks it to close the connection and end. */
    static final Object END = new Object();

    /**
     * In seconds of silence, and between two probes; and how many probes are not answered by a connection that is gone.
     */
    private static final Map<SocketOption<Integer>, Integer> PROBES = Map.of(
            ExtendedSocketOptions.TCP_KEEPIDLE, 60,
            ExtendedSocketOptions.TCP_KEEPINTERVAL, 10,
            ExtendedSocketOptions.TCP_KEEPCOUNT, 3);

    private final InetSocketAddress remote;
    private final Duration patience;
    private final Consumer<News> told;
    private @Nullable ActorRef connection;
    private boolean ending;
    private boolean said;

    private Lifeline(InetSocketAddress remote, Duration patience, Consumer<News> told) {
        this.remote = remote;
        this.patience = patience;
        this.told = told;
    }

    /**
     * Starts an attempt.
     *
     * @param parent whose child it is to be
     * @param address {@code host:port}
     * @param patience how long the attempt may take
     * @param told what becomes of it, on another thread
     * @return to be told {@link #END}
     */
    static ActorRef spawn(
            org.apache.pekko.actor.typed.javadsl.ActorContext<?> parent,
            String address,
            Duration patience,
            Consumer<News> told) {
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, colon).replaceAll("[\\[\\]]", "");
        InetSocketAddress remote =
                InetSocketAddress.createUnresolved(host, Integer.parseInt(address.substring(colon + 1)));
        return Adapter.actorOf(parent, Props.create(Lifeline.class, () -> new Lifeline(remote, patience, told)));
    }

    @Override
    public void preStart() {
        List<Inet.SocketOption> options = List.of(TcpSO.keepAlive(true), new Probed());
        Tcp.get(getContext().getSystem())
                .manager()
                .tell(TcpMessage.connect(remote, null, options, patience, false), getSelf());
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(Tcp.Connected.class, connected -> opened())
                .match(Tcp.CommandFailed.class, this::failed)
                .match(Tcp.ConnectionClosed.class, closed -> end(News.CLOSED))
                .matchEquals(END, end -> close())
                .build();
    }

    private void opened() {
        connection = getSender();
        connection.tell(TcpMessage.register(getSelf()), getSelf());
        if (ending) {
            close();
        } else {
            told.accept(News.OPENED);
        }
    }

    private void failed(Tcp.CommandFailed failed) {
        boolean refused = failed.cause().exists(cause -> cause instanceof ConnectException);
        end(refused ? News.REFUSED : News.FAILED);
    }

    /** In order, and not as if it had broken. */
    private void close() {
        ending = true;
        if (connection != null) {
            connection.tell(TcpMessage.close(), getSelf());
        }
    }

    private void end(News news) {
        said = true;
        told.accept(news);
        getContext().stop(getSelf());
    }

    @Override
    public void postStop() {
        if (!said) {
            told.accept(connection == null ? News.FAILED : News.CLOSED);
        }
        if (connection != null) {
            connection.tell(TcpMessage.close(), ActorRef.noSender());
        }
    }

    private static final class Probed extends Inet.AbstractSocketOption {
        @Override
        public void afterConnect(Socket socket) {
            SocketChannel channel = socket.getChannel();
            PROBES.forEach((option, value) -> {
                if (channel.supportedOptions().contains(option)) {
                    set(channel, option, value);
                }
            });
        }

        private static void set(SocketChannel channel, SocketOption<Integer> option, int value) {
            try {
                channel.setOption(option, value);
            } catch (IOException e) {
                LOG.debug("The kernel probes silent connections as it is used to, since {} cannot be set", option, e);
            }
        }
    }
}
