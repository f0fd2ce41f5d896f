package io.murmuration.core.apply;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ClientRpc.Outcome;
import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.Payload.Proposed;
import io.murmuration.core.model.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who asked what, and what was answered (thesis 6.3); mutable. "The solution is for clients to assign unique serial
 * numbers to every command. Then, the state machine tracks the latest serial number processed for each client, along
 * with the associated response" (§8). Ours keeps the responses of all unanswered serials, since a Gateway has many
 * commands under way.
 *
 * <p>Replicated state: changed by committed entries only, so that every node holds the same table at the same index.
 * Bounds: {@link #SESSIONS_MAX} sessions, {@link #WINDOW} serials behind the highest of each, {@link #BYTES_MAX} of
 * remembered replies in total (more only while a single session is left), and {@link #IDLE_MAX} without a command. At
 * each bound the session that has been idle longest goes first, and its commands are refused as unknown from then on,
 * never applied a second time.
 */
public final class Sessions {
    /** The most sessions that are open at a time. */
    public static final int SESSIONS_MAX = 10_000;

    /** How far a session's highest serial may be ahead of its lowest unanswered one [B8]. The Gateway keeps to it. */
    public static final int WINDOW = 1_024;

    /** The most bytes of remembered replies, over all sessions. */
    public static final long BYTES_MAX = 256L << 20;

    /** A session that was idle for longer, by {@link LogTime#elapsedMillis}, is dropped [B9]. */
    public static final Duration IDLE_MAX = ClientRpc.SESSION_IDLE_MAX;

    /** What a remembered outcome costs beyond its reply, roughly. */
    private static final int OVERHEAD = 96;

    private final Bounds bounds;
    /** In the order of last use: the first is the one that has been idle longest. */
    private final LinkedHashMap<Long, Session> open = new LinkedHashMap<>(16, 0.75f, true);

    private final Map<UUID, Long> byLife = new HashMap<>();
    /**
     * Where refusals of sessions that are gone are sent: as many as may be open, those that were dropped last. Part of
     * the table, so that a leader that started from a snapshot refuses as every other does.
     */
    private final LinkedHashMap<Long, Gateway> gone = new LinkedHashMap<>();

    private long bytes;
    private long nowMillis;

    /** An empty table with the bounds of this version. */
    public Sessions() {
        this(Bounds.DEFAULT);
    }

    Sessions(Bounds bounds) {
        this.bounds = bounds;
    }

    /**
     * The table of a snapshot: it behaves as the one of which it is a copy.
     *
     * @param bounds the bounds, which are the same on all nodes
     * @param table what the snapshot holds
     * @param elapsedMillis what has elapsed at the snapshot, by the log's time
     */
    Sessions(Bounds bounds, Table table, long elapsedMillis) {
        this(bounds);
        nowMillis = elapsedMillis;
        for (Snapshot.Session each : table.open()) {
            Session session = new Session(new Gateway(each.life(), each.node()), each.usedMillis());
            session.lowest = each.lowest();
            for (Outcome outcome : each.outcomes()) {
                session.outcomes.put(outcome.serial(), outcome);
                bytes += size(outcome);
            }
            open.put(each.session(), session);
            byLife.put(each.life(), each.session());
        }
        table.gone().forEach(each -> gone.put(each.session(), new Gateway(each.life(), each.node())));
    }

    /**
     * How much may be remembered. All nodes of a group must agree, so these are no settings of a node: another value
     * than the default is for tests.
     *
     * @param sessions the most open sessions
     * @param bytes the most bytes of remembered replies
     * @param idle how long a session may be idle, by {@link LogTime#elapsedMillis}
     */
    public record Bounds(int sessions, long bytes, Duration idle) {
        /** The bounds of this version. */
        public static final Bounds DEFAULT = new Bounds(SESSIONS_MAX, BYTES_MAX, IDLE_MAX);
    }

    /**
     * The whole table as values, in the form in which it is stored.
     *
     * @param open the open sessions, the one that has been idle longest first
     * @param gone the sessions that were dropped last, the earliest first
     */
    public record Table(List<Snapshot.Session> open, List<Snapshot.Gone> gone) {
        /** Nobody has asked yet. */
        public static final Table EMPTY = new Table(List.of(), List.of());

        /** Copies the lists. */
        public Table {
            open = List.copyOf(open);
            gone = List.copyOf(gone);
        }
    }

    /**
     * Where a session's answers go.
     *
     * @param life the Gateway's life
     * @param node the node on which it runs
     */
    public record Gateway(UUID life, String node) {}

    private static final class Session {
        private final Gateway gateway;
        private final NavigableMap<Long, Outcome> outcomes = new TreeMap<>();
        private long lowest = 1;
        private long usedMillis;

        private Session(Gateway gateway, long usedMillis) {
            this.gateway = gateway;
            this.usedMillis = usedMillis;
        }

        private Snapshot.Session copy(long number) {
            return new Snapshot.Session(
                    number, gateway.life(), gateway.node(), lowest, usedMillis, List.copyOf(outcomes.values()));
        }
    }

    /**
     * An entry is applied: what has been idle for too long by then goes first. Constant time for each entry and each
     * session dropped, since sessions are kept in the order of their last use.
     *
     * @param time the log's time at the entry
     */
    void at(LogTime time) {
        nowMillis = time.elapsedMillis();
        long idleMillis = bounds.idle().toMillis();
        while (!open.isEmpty()) {
            Map.Entry<Long, Session> eldest = open.entrySet().iterator().next();
            if (nowMillis - eldest.getValue().usedMillis <= idleMillis) {
                return;
            }
            dropEldest();
        }
    }

    /**
     * Opens a session, or finds the one that this life has opened already.
     *
     * @param index the index of the entry that asks for it
     * @param gateway who asks
     * @return the session's number
     */
    long open(long index, Gateway gateway) {
        Long known = byLife.get(gateway.life());
        if (known != null) {
            use(known);
            return known;
        }
        open.put(index, new Session(gateway, nowMillis));
        byLife.put(gateway.life(), index);
        shrink();
        return index;
    }

    /**
     * Whether a command must not be carried out now, and what is answered instead.
     *
     * @param proposed the committed command
     * @return null if it is to be carried out; else the outcome that its serial had, or why there is none, with index 0
     */
    @Nullable
    Outcome answered(Proposed proposed) {
        Session session = use(proposed.session());
        if (session == null) {
            return new Outcome(proposed.serial(), 0, new Reply.SessionUnknown());
        }
        // Beyond the window replies are forgotten even if the Gateway does not say so: the bound must not rest on its
        // word.
        long lowest = Math.max(proposed.lowest(), Math.max(proposed.serial(), 0) - WINDOW);
        if (lowest > session.lowest) {
            session.lowest = lowest;
            forget(session.outcomes.headMap(lowest, false));
        }
        if (proposed.serial() < session.lowest) {
            return new Outcome(proposed.serial(), 0, new Reply.Forgotten());
        }
        return session.outcomes.get(proposed.serial());
    }

    /**
     * Keeps what was answered, for retries.
     *
     * @param session an open session
     * @param outcome the outcome of a command that was carried out just now
     */
    void remember(long session, Outcome outcome) {
        Session holder = use(session);
        if (holder != null && holder.outcomes.putIfAbsent(outcome.serial(), outcome) == null) {
            bytes += size(outcome);
            shrink();
        }
    }

    /**
     * Where answers of a session go.
     *
     * @param session its number
     * @return its Gateway, or null if the session was dropped so long ago that nobody remembers it
     */
    @Nullable
    Gateway gateway(long session) {
        Session holder = open.get(session);
        return holder != null ? holder.gateway : gone.get(session);
    }

    /**
     * How many sessions are open.
     *
     * @return at most {@link #SESSIONS_MAX}
     */
    public int count() {
        return open.size();
    }

    /**
     * The size of all remembered replies.
     *
     * @return bytes, roughly
     */
    public long bytes() {
        return bytes;
    }

    /**
     * The open sessions as values: equal on all nodes at the same index.
     *
     * @return the sessions, the one that has been idle longest first
     */
    public List<Snapshot.Session> contents() {
        List<Snapshot.Session> contents = new ArrayList<>(open.size());
        open.forEach((number, session) -> contents.add(session.copy(number)));
        return contents;
    }

    /**
     * The whole table as values: equal on all nodes at the same index.
     *
     * @return a copy that never changes
     */
    public Table table() {
        List<Snapshot.Gone> dropped = new ArrayList<>(gone.size());
        gone.forEach((number, gateway) -> dropped.add(new Snapshot.Gone(number, gateway.life(), gateway.node())));
        return new Table(contents(), dropped);
    }

    /** The map is ordered by access: to look a session up is to use it. */
    private @Nullable Session use(long session) {
        Session used = open.get(session);
        if (used != null) {
            used.usedMillis = nowMillis;
        }
        return used;
    }

    private void shrink() {
        while (open.size() > bounds.sessions() || (bytes > bounds.bytes() && open.size() > 1)) {
            dropEldest();
        }
    }

    private void dropEldest() {
        Iterator<Map.Entry<Long, Session>> eldest = open.entrySet().iterator();
        Map.Entry<Long, Session> dropped = eldest.next();
        eldest.remove();
        byLife.remove(dropped.getValue().gateway.life());
        forget(dropped.getValue().outcomes);
        gone.put(dropped.getKey(), dropped.getValue().gateway);
        if (gone.size() > bounds.sessions()) {
            Iterator<Long> first = gone.keySet().iterator();
            first.next();
            first.remove();
        }
    }

    private void forget(Map<Long, Outcome> outcomes) {
        for (Outcome outcome : outcomes.values()) {
            bytes -= size(outcome);
        }
        outcomes.clear();
    }

    private static int size(Outcome outcome) {
        return OVERHEAD + ReplyRule.size(outcome.reply());
    }
}
