package io.murmuration.actor;

import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TCP connection between two nodes, in frames: four bytes of length, then so many bytes. A sender encodes into the
 * connection's buffer and writes to the socket on its own thread; what the socket does not take at once leaves when it
 * does. What is received is handed out on the thread of the {@link Loop}. The first frame each way is a greeting; an
 * empty frame asks whether the other side is there, and one of one byte answers.
 */
final class Link {
    /** Longer frames are refused: Artery's are no longer than 256 KiB by default. */
    static final int FRAME_MAX = 16 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    /** What one reads at once, and a buffer starts with; most frames are shorter. */
    private static final int BUFFER = 128 << 10;

    /** What waits for a socket that takes nothing; beyond it messages are lost. */
    private static final int WAITING_MAX = 16 << 20;

    /** What a buffer may keep that was larger for a while. */
    private static final int KEPT = 1 << 20;

    private static final int LENGTH = Integer.BYTES;

    /** Told what is sent, by whoever measures this process; null as a rule. */
    static volatile @Nullable Sent observer;

    /** Who is at the other end, once it has been greeted. Only the loop's thread sets it. */
    volatile Links.@Nullable Other other;

    private final SocketChannel channel;
    private final Runnable changed;

    // Of the loop's thread.
    private ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
    private long heardAt = System.nanoTime();
    private boolean asked;

    // Guarded by this.
    private ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);
    private boolean writing;
    private boolean closed;
    private boolean unanswered;
    private long lost;

    /**
     * A connection, or one that is being made.
     *
     * @param channel not blocking
     * @param changed run, on any thread, when {@link #interest} or {@link #isClosed} has changed
     */
    Link(SocketChannel channel, Runnable changed) {
        this.channel = channel;
        this.changed = changed;
    }

    // ---- any thread

    /**
     * Sends a message.
     *
     * @param path to which actor
     * @param wire the message
     * @return whether the connection was there; it may end before the message arrives
     */
    synchronized boolean send(byte[] path, Wire wire) {
        if (closed) {
            return false;
        }
        unanswered = true;
        int bytes = add(buffer -> {
            Format<?> format = WireSerializer.FORMATS.of(wire.body());
            buffer.put((byte) path.length);
            buffer.put(path);
            Out manifest = Out.into(buffer);
            manifest.text(format.manifest());
            WireSerializer.write(wire, manifest);
        });
        Sent told = observer;
        if (told != null && bytes > 0) {
            told.sent(new String(path, StandardCharsets.UTF_8), bytes);
        }
        return true;
    }

    /** Sends a frame that is no message. */
    synchronized void frame(byte[] bytes) {
        if (!closed) {
            int unused = add(buffer -> buffer.put(bytes));
        }
    }

    /** How many bytes are to be sent for it; none if it was lost. */
    private int add(Consumer<ByteBuffer> writer) {
        int start = out.position();
        while (!fits(start, writer)) {
            if (out.capacity() > WAITING_MAX) {
                if (lost++ == 0) {
                    LOG.warn("{} takes no more; messages are lost until it does", this);
                }
                return 0;
            }
            out = ByteBuffer.allocateDirect(2 * out.capacity()).put(out.flip());
        }
        int length = out.position() - start - LENGTH;
        if (length > FRAME_MAX) {
            out.position(start);
            LOG.error("{}: a message of {} bytes was dropped, which is too long", this, length);
            return 0;
        }
        if (!writing) {
            flush();
        }
        return LENGTH + length;
    }

    private boolean fits(int start, Consumer<ByteBuffer> writer) {
        boolean fits = false;
        try {
            out.putInt(0);
            writer.accept(out);
            out.putInt(start, out.position() - start - LENGTH);
            fits = true;
        } catch (BufferOverflowException e) {
            LOG.trace("A larger buffer is needed", e);
        } finally {
            if (!fits) {
                out.position(start);
            }
        }
        return fits;
    }

    private void flush() {
        out.flip();
        try {
            channel.write(out);
        } catch (IOException e) {
            LOG.debug("Cannot write to {}", this, e);
            closed = true;
            changed.run();
            return;
        }
        out.compact();
        boolean more = out.position() > 0;
        if (!more) {
            lost = 0;
            if (out.capacity() > KEPT) {
                out = ByteBuffer.allocateDirect(BUFFER);
            }
        }
        if (more != writing) {
            writing = more;
            changed.run();
        }
    }

    /** What the loop is to wait for. */
    synchronized int interest() {
        return writing ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
    }

    /** Whether it is to be ended, or has been. */
    synchronized boolean isClosed() {
        return closed;
    }

    // ---- the loop's thread

    /** The socket takes more. */
    synchronized void writable() {
        if (!closed) {
            flush();
        }
    }

    /**
     * Reads what is there.
     *
     * @param frames is given each frame, whose bytes are good until it returns
     * @throws IOException if the connection has ended, or what comes is nothing that a Link says
     */
    void readable(Frames frames) throws IOException {
        int read;
        do {
            read = channel.read(in);
            if (read < 0) {
                throw new IOException("closed by the other side");
            }
            heard();
            boolean filled = !in.hasRemaining();
            in.flip();
            handOut(frames);
            makeRoom();
            if (!filled) {
                return;
            }
        } while (read > 0);
    }

    private synchronized void heard() {
        heardAt = System.nanoTime();
        unanswered = false;
        asked = false;
    }

    private void handOut(Frames frames) throws IOException {
        while (in.remaining() >= LENGTH) {
            int length = in.getInt(in.position());
            if (length < 0 || length > FRAME_MAX || (other == null && length > BUFFER)) {
                throw new IOException("a frame of " + length + " bytes");
            }
            if (in.remaining() < LENGTH + length) {
                return;
            }
            int end = in.position() + LENGTH + length;
            if (length == 0) {
                frame(new byte[1]);
            } else if (length > 1) {
                frames.read(in.slice(in.position() + LENGTH, length));
            }
            in.position(end);
        }
    }

    /** Behind what is there of a frame. */
    private void makeRoom() {
        int needed = in.remaining() < LENGTH ? 0 : LENGTH + in.getInt(in.position());
        if (needed > in.capacity()) {
            in = ByteBuffer.allocateDirect(Integer.highestOneBit(needed) << 1).put(in);
        } else {
            in.compact();
        }
    }

    /**
     * Whether the other side does not greet, or says nothing any more although something was sent; it is asked before.
     *
     * @param now the time
     * @param patience how long each of the two may take
     */
    synchronized boolean isSilent(long now, long patience) {
        if (now - heardAt < patience) {
            return false;
        }
        if (other != null && unanswered && !asked) {
            asked = true;
            heardAt = now;
            frame(new byte[0]);
            return false;
        }
        return other == null || asked;
    }

    /** It sends no more. */
    synchronized void close() {
        closed = true;
    }

    @Override
    public String toString() {
        Links.Other known = other;
        return known == null ? "A connection" : "The connection with " + known.address();
    }

    /** Takes what was received. */
    @FunctionalInterface
    interface Frames {
        /**
         * One frame.
         *
         * @param frame its bytes
         * @throws IOException if the connection is to be ended
         */
        void read(ByteBuffer frame) throws IOException;
    }

    /** Counts what a process sends. */
    @FunctionalInterface
    interface Sent {
        /**
         * A message, on any thread.
         *
         * @param path to which actor
         * @param bytes its frame's
         */
        void sent(String path, int bytes);
    }

    static byte[] path(String path) {
        return path.getBytes(StandardCharsets.UTF_8);
    }
}
