package io.murmuration.actor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes and makes this node's {@link Link}s; all of it runs on one {@link Loop}. */
final class LinkPort {
    private static final Logger LOG = LoggerFactory.getLogger(LinkPort.class);

    /** So long a greeting, and the answer to whether the other end is there, may take. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** "MURM", and the version of what is said. */
    private static final long FORM = 0x4D55524D_0000_0001L;

    private static final int GREETING_MAX = 1_024;

    /** So many may have connected and not said who they are. */
    private static final int STRANGERS_MAX = 64;

    private final Links links;
    private final String self;
    private final Loop loop;
    private final ServerSocketChannel server;
    private final Set<Call> calls = new HashSet<>();

    /**
     * Listens.
     *
     * @param links whose connections these are
     * @param self this node's {@code host:port} of Artery's
     * @param bind where to listen
     * @param loop the loop on whose thread this is
     * @throws IOException if one cannot listen there
     */
    LinkPort(Links links, String self, InetSocketAddress bind, Loop loop) throws IOException {
        this.links = links;
        this.self = self;
        this.loop = loop;
        this.server = ServerSocketChannel.open();
        try {
            server.bind(bind);
            server.configureBlocking(false);
            loop.register(server, SelectionKey.OP_ACCEPT, key -> accept());
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
        loop.eachSecond(this::look);
    }

    /** Where it listens. */
    int port() throws IOException {
        return ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    /**
     * Makes a connection with the process at that address of Artery's, unless there is one. Any thread.
     *
     * @param address Artery's
     * @param at where it takes connections
     * @param token of the process's life
     */
    void dial(String address, InetSocketAddress at, UUID token) {
        loop.execute(() -> {
            if (!links.other(address).linked()
                    && calls.stream().noneMatch(call -> token.equals(call.dialled) && call.link.other == null)) {
                connect(at, token);
            }
        });
    }

    /** Ends all connections and listens no more. Any thread. */
    void close() {
        loop.execute(() -> {
            Set.copyOf(calls).forEach(Call::end);
            try {
                server.close();
            } catch (IOException e) {
                LOG.debug("Cannot close", e);
            }
        });
    }

    private void accept() {
        try {
            SocketChannel channel = server.accept();
            if (channel == null) {
                return;
            }
            if (calls.stream().filter(call -> call.link.other == null).count() < STRANGERS_MAX) {
                begin(channel, null);
            } else {
                channel.close();
            }
        } catch (IOException e) {
            LOG.warn("Cannot take a connection: {}", e.getMessage());
        }
    }

    private void connect(InetSocketAddress at, UUID token) {
        try {
            Call call = begin(SocketChannel.open(), token);
            call.connect(at);
        } catch (IOException e) {
            LOG.debug("Cannot connect with {}", at, e);
        }
    }

    private Call begin(SocketChannel channel, @Nullable UUID dialled) throws IOException {
        try {
            Call call = new Call(channel, dialled);
            calls.add(call);
            return call;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private void look() {
        long now = System.nanoTime();
        for (Call call : Set.copyOf(calls)) {
            if (call.link.isClosed() || call.link.isSilent(now, PATIENCE_NANOS)) {
                LOG.debug("{} is silent", call.link);
                call.end();
            }
        }
    }

    /** One connection, and who is expected at the other end. */
    private final class Call {
        private final SocketChannel channel;
        private final SelectionKey key;
        private final Link link;
        /** Null if the other side has connected. */
        private final @Nullable UUID dialled;

        Call(SocketChannel channel, @Nullable UUID dialled) throws IOException {
            this.channel = channel;
            this.dialled = dialled;
            this.link = new Link(channel, () -> loop.execute(this::changed));
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            int interest = dialled == null ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT;
            this.key = loop.register(channel, interest, this::ready);
        }

        private void ready(SelectionKey ready) {
            try {
                if (ready.isConnectable()) {
                    connected();
                }
                if (ready.isValid() && ready.isWritable()) {
                    link.writable();
                }
                if (ready.isValid() && ready.isReadable()) {
                    link.readable(this::read);
                }
            } catch (IOException | RuntimeException e) {
                LOG.debug("{} ends", link, e);
                end();
            }
        }

        void connect(InetSocketAddress at) {
            try {
                if (channel.connect(at)) {
                    connected();
                }
            } catch (IOException | RuntimeException e) {
                LOG.debug("Cannot connect with {}", at, e);
                end();
            }
        }

        private void connected() throws IOException {
            channel.finishConnect();
            changed();
            if (dialled != null) {
                link.frame(greeting(dialled));
            }
        }

        /** It is broken, or there is something to write or no more. */
        private void changed() {
            if (link.isClosed()) {
                end();
            } else if (key.isValid()) {
                key.interestOps(link.interest());
            }
        }

        private void read(ByteBuffer frame) throws IOException {
            if (link.other != null) {
                links.received(frame);
                return;
            }
            In in = new In(frame);
            if (in.fixed() != FORM || !in.uuid().equals(dialled == null ? links.token : dialled)) {
                throw new IOException("It was greeted as somebody else.");
            }
            String speaker = in.text();
            in.end();
            if (dialled == null) {
                link.frame(greeting(links.token));
            }
            for (Call older : Set.copyOf(calls)) {
                if (older.link.other == links.other(speaker)) {
                    older.end();
                }
            }
            links.opened(speaker, link);
            LOG.info("Connected with {} beside Artery", speaker);
        }

        private byte[] greeting(UUID token) {
            ByteBuffer greeting = ByteBuffer.allocate(GREETING_MAX);
            Out out = Out.into(greeting);
            out.fixed(FORM);
            out.uuid(token);
            out.text(self);
            byte[] bytes = new byte[greeting.position()];
            greeting.flip().get(bytes);
            return bytes;
        }

        void end() {
            calls.remove(this);
            links.closed(link);
            link.close();
            key.cancel();
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("Cannot close {}", link, e);
            }
        }
    }
}
