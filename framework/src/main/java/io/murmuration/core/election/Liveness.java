package io.murmuration.core.election;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which processes of other nodes are known to be gone, by connections on which nothing is ever said. Mutable, one for a
 * node, for one thread.
 *
 * <p>The kernel of a machine closes the connections of a process that dies, whatever it died of. That alone is no
 * proof, so another connection is tried at once: if a machine answers that nobody listens there any more, the process
 * is gone, and the groups are told, and told again for T while it stays so. An attempt that is accepted, or not
 * answered, says nothing. Nothing but waiting depends on it: no vote, no read and no lease counts what is seen here.
 */
public final class Liveness {
    /** In parts of T: how soon the groups are told a second time; each later pause is twice the one before. */
    private static final int FIRST_PAUSE = 64;
    /** In parts of T: the longest of those pauses. */
    private static final int LONGEST_PAUSE = 10;
    /**
     * How soon a node that is not there is tried again, in nanoseconds, or after T; each pause is twice the one before.
     */
    private static final long SOON = 1_000_000_000L;
    /** The longest of those pauses. */
    private static final long RARELY = 5_000_000_000L;

    /** What is to be done. */
    public sealed interface Order {}

    /**
     * Connect to a node, and say what becomes of it: {@link #opened}, {@link #refused} or {@link #failed}, and
     * {@link #closed} after the first of these.
     *
     * @param node its name
     * @param attempt to be named with whatever becomes of it
     */
    public record Connect(String node, long attempt) implements Order {}

    /**
     * Nobody needs this connection, or attempt, any more.
     *
     * @param node the node's name
     * @param attempt the attempt
     */
    public record Close(String node, long attempt) implements Order {}

    /**
     * A group is to be told that the process of a node is gone.
     *
     * @param group the group's name
     * @param node the node's
     */
    public record Gone(String group, String node) implements Order {}

    private static final class Line {
        private final TreeSet<String> groups = new TreeSet<>();
        private long attempt;
        private boolean connecting;
        /** Whether it was open, and has not been since. */
        private boolean lost;

        private boolean open;
        private long openedAt;
        /** Whether the last connection was closed before T had passed. */
        private boolean brief;
        /** Since when nobody listens there, as far as that is known. */
        private long goneSince = Times.NEVER;

        private long pause;
        private long tryAt = Times.NEVER;
    }

    private final long timeout;
    private final TreeMap<String, Line> lines = new TreeMap<>();
    private long attempts;

    /**
     * A Liveness of nobody.
     *
     * @param timeout T in nanoseconds
     */
    public Liveness(long timeout) {
        this.timeout = timeout;
    }

    /**
     * A group is to be told of the end of these nodes' processes from now on, and of no others'.
     *
     * @param group its name
     * @param nodes the nodes; empty for none
     * @param now nanoseconds on a monotonic clock
     * @return what to do
     */
    public List<Order> near(String group, Collection<String> nodes, long now) {
        List<Order> orders = new ArrayList<>();
        lines.values().forEach(line -> line.groups.remove(group));
        for (String node : nodes) {
            Line line = lines.get(node);
            if (line == null) {
                line = new Line();
                lines.put(node, line);
                attempt(node, line, orders);
            }
            line.groups.add(group);
        }
        lines.entrySet().removeIf(entry -> {
            Line line = entry.getValue();
            if (!line.groups.isEmpty()) {
                return false;
            }
            if (line.open || line.connecting) {
                orders.add(new Close(entry.getKey(), line.attempt));
            }
            return true;
        });
        return orders;
    }

    /**
     * A node has taken the connection.
     *
     * @param node its name
     * @param attempt of {@link Connect}
     * @param now nanoseconds
     */
    public void opened(String node, long attempt, long now) {
        Line line = current(node, attempt);
        if (line == null || !line.connecting) {
            return;
        }
        line.connecting = false;
        line.open = true;
        line.openedAt = now;
        line.lost = false;
        line.goneSince = Times.NEVER;
    }

    /**
     * A connection has been closed, not from here.
     *
     * @param node the other node's name
     * @param attempt of {@link Connect}
     * @param now nanoseconds
     * @return what to do
     */
    public List<Order> closed(String node, long attempt, long now) {
        List<Order> orders = new ArrayList<>();
        Line line = current(node, attempt);
        if (line != null && line.open) {
            line.open = false;
            line.lost = true;
            boolean again = line.brief;
            line.brief = now - line.openedAt < timeout;
            if (again && line.brief) {
                // Something in between may take connections for a node that is not there: no storm.
                tryLater(line, now);
            } else {
                line.pause = 0;
                attempt(node, line, orders);
            }
        }
        return orders;
    }

    /**
     * The machine of a node answers that nobody listens there.
     *
     * @param node the node's name
     * @param attempt of {@link Connect}
     * @param now nanoseconds
     * @return what to do
     */
    public List<Order> refused(String node, long attempt, long now) {
        List<Order> orders = new ArrayList<>();
        Line line = current(node, attempt);
        if (line == null || !line.connecting) {
            return orders;
        }
        line.connecting = false;
        if (line.lost && line.goneSince == Times.NEVER) {
            line.goneSince = now;
            line.pause = 0;
        }
        if (line.lost && now - line.goneSince <= timeout) {
            line.groups.forEach(group -> orders.add(new Gone(group, node)));
            line.pause = Math.min(Math.max(timeout / FIRST_PAUSE, 2 * line.pause), timeout / LONGEST_PAUSE);
            line.tryAt = now + line.pause;
        } else {
            line.lost = false;
            tryLater(line, now);
        }
        return orders;
    }

    /**
     * An attempt has failed in another way: nobody answers, or nobody knows where the node is.
     *
     * @param node the node's name
     * @param attempt of {@link Connect}
     * @param now nanoseconds
     */
    public void failed(String node, long attempt, long now) {
        Line line = current(node, attempt);
        if (line != null && line.connecting) {
            line.connecting = false;
            line.lost = false;
            tryLater(line, now);
        }
    }

    /**
     * When to call {@link #wake}.
     *
     * @return nanoseconds on the clock that {@code now} is read from; Long.MAX_VALUE for never
     */
    public long wakeAt() {
        long at = Times.NEVER;
        for (Line line : lines.values()) {
            at = Times.earlier(at, line.tryAt);
        }
        return at;
    }

    /**
     * The moment of {@link #wakeAt} has come.
     *
     * @param now nanoseconds
     * @return what to do
     */
    public List<Order> wake(long now) {
        List<Order> orders = new ArrayList<>();
        for (Map.Entry<String, Line> entry : lines.entrySet()) {
            if (Times.reached(entry.getValue().tryAt, now)) {
                attempt(entry.getKey(), entry.getValue(), orders);
            }
        }
        return orders;
    }

    private void attempt(String node, Line line, List<Order> orders) {
        line.attempt = ++attempts;
        line.connecting = true;
        line.tryAt = Times.NEVER;
        orders.add(new Connect(node, line.attempt));
    }

    private void tryLater(Line line, long now) {
        line.pause = Math.min(Math.max(Math.min(timeout, SOON), 2 * line.pause), RARELY);
        line.tryAt = now + line.pause;
    }

    private @Nullable Line current(String node, long attempt) {
        Line line = lines.get(node);
        return line != null && line.attempt == attempt ? line : null;
    }
}
