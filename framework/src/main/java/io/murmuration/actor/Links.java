package io.murmuration.actor;

import java.io.IOException;
import java.io.NotSerializableException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of this node to other nodes, beside Artery, for what is said often: a message costs a thread hop at
 * each end instead of three to five. Whatever cannot go this way goes through Artery, so nothing depends on it.
 * Thread-safe.
 */
final class Links {
    private static final Logger LOG = LoggerFactory.getLogger(Links.class);

    /** Another node is asked for a connection no more often. */
    private static final long ASK_EACH_NANOS = 500_000_000;

    /** Proves to whom connects that it was told of this node in this life. */
    final UUID token = UUID.randomUUID();

    private final ConcurrentMap<String, Other> others = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, ActorRef<? super Wire>> behind = new ConcurrentHashMap<>();
    private volatile @Nullable Consumer<String> wanted;

    /** Where another process listens, and the connection with it. */
    static final class Other {
        private final String address;
        private final AtomicLong asked = new AtomicLong(System.nanoTime() - ASK_EACH_NANOS);
        private volatile @Nullable Link link;

        private Other(String address) {
            this.address = address;
        }

        String address() {
            return address;
        }

        @Nullable
        Link link() {
            return link;
        }

        boolean linked() {
            return link != null;
        }
    }

    /** The process at this {@code host:port} of Artery's. */
    Other other(String address) {
        return others.computeIfAbsent(address, Other::new);
    }

    /**
     * Sends if there is a connection; asks for one otherwise.
     *
     * @return whether there was one
     */
    boolean send(Other other, byte[] path, Wire wire) {
        Link link = other.link;
        if (link != null && link.send(path, wire)) {
            return true;
        }
        Consumer<String> ask = wanted;
        long asked = other.asked.get();
        long now = System.nanoTime();
        if (ask != null && now - asked >= ASK_EACH_NANOS && other.asked.compareAndSet(asked, now)) {
            ask.accept(other.address);
        }
        return false;
    }

    /** From now on somebody makes connections. */
    void wanted(Consumer<String> ask) {
        wanted = ask;
    }

    /**
     * What other nodes send to this path is for this actor from now on.
     *
     * @param path as in {@link Entrance}, below {@code /system/murmuration}
     * @param actor null if it is for nobody
     */
    void leadsTo(String path, @Nullable ActorRef<? super Wire> actor) {
        if (actor == null) {
            behind.remove(path);
        } else {
            behind.put(path, actor);
        }
    }

    /** A connection is there. */
    void opened(String address, Link link) {
        Other other = other(address);
        link.other = other;
        other.link = link;
    }

    /** A connection is no more. */
    void closed(Link link) {
        Other other = link.other;
        if (other != null && other.link == link) {
            other.link = null;
        }
    }

    /** Hands a message out. What cannot be read is lost, as it is with Artery. */
    void received(ByteBuffer frame) throws IOException {
        In in = new In(frame);
        byte[] path = new byte[in.octet()];
        frame.get(path);
        ActorRef<? super Wire> actor = behind.get(new String(path, StandardCharsets.UTF_8));
        if (actor == null) {
            return;
        }
        String manifest = in.text();
        try {
            actor.tell(WireSerializer.read(frame, manifest));
        } catch (NotSerializableException e) {
            LOG.warn("A message was dropped: {}", e.getMessage());
        }
    }
}
