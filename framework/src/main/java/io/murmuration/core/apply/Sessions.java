package io.murmuration.core.apply;

import io.murmuration.core.model.ClientRpc.Outcome;
import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.Payload.Proposed;
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
 * remembered replies in total (more only while a single session is left). At each bound the session that has been idle
 * longest goes first, and its commands are refused as unknown from then on, never applied a second time. Sessions are
 * kept in the order of their last use in the log, so that whatever expires them by {@code elapsed} only has to look at
 * the first.
 */
public final class Sessions {
    /** The most sessions that are open at a time. */
    public static final int SESSIONS_MAX = 10_000;

    /** How far a session's highest serial may be ahead of its lowest unanswered one [B8]. The Gateway keeps to it. */
    public static final int WINDOW = 1_024;

    /** The most bytes of remembered replies, over all sessions. */
    public static final long BYTES_MAX = 256L << 20;

    /** What a remembered outcome costs beyond its reply, roughly. */
    private static final int OVERHEAD = 96;

    private final int sessionsMax;
    private final long bytesMax;
    /** In the order of last use: the first is the one that has been idle longest. */
    private final LinkedHashMap<Long, Session> open = new LinkedHashMap<>(16, 0.75f, true);

    private final Map<UUID, Long> byLife = new HashMap<>();
    /**
     * Where refusals of sessions that are gone are sent: the last {@link #SESSIONS_MAX} of them. No state, a courtesy.
     */
    private final LinkedHashMap<Long, Gateway> gone = new LinkedHashMap<>();

    private long bytes;

    /** An empty table with the bounds of this version. */
    public Sessions() {
        this(SESSIONS_MAX, BYTES_MAX);
    }

    Sessions(int sessionsMax, long bytesMax) {
        this.sessionsMax = sessionsMax;
        this.bytesMax = bytesMax;
    }

    /**
     * Where a session's answers go.
     *
     * @param life the Gateway's life
     * @param node the node on which it runs
     */
    public record Gateway(UUID life, String node) {}

    /**
     * One session, as it belongs into a snapshot.
     *
     * @param session its number
     * @param gateway who asks in it
     * @param lowest its lowest unanswered serial
     * @param outcomes what is remembered, serials ascending
     */
    public record Contents(long session, Gateway gateway, long lowest, List<Outcome> outcomes) {}

    private static final class Session {
        private final Gateway gateway;
        private final NavigableMap<Long, Outcome> outcomes = new TreeMap<>();
        private long lowest = 1;

        private Session(Gateway gateway) {
            this.gateway = gateway;
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
        open.put(index, new Session(gateway));
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
     * The whole table as values: equal on all nodes at the same index.
     *
     * @return the sessions, the one that has been idle longest first
     */
    public List<Contents> contents() {
        return open.entrySet().stream()
                .map(entry -> new Contents(
                        entry.getKey(),
                        entry.getValue().gateway,
                        entry.getValue().lowest,
                        List.copyOf(entry.getValue().outcomes.values())))
                .toList();
    }

    /** The map is ordered by access: to look a session up is to use it. */
    private @Nullable Session use(long session) {
        return open.get(session);
    }

    private void shrink() {
        while (open.size() > sessionsMax || (bytes > bytesMax && open.size() > 1)) {
            Iterator<Map.Entry<Long, Session>> eldest = open.entrySet().iterator();
            Map.Entry<Long, Session> dropped = eldest.next();
            eldest.remove();
            byLife.remove(dropped.getValue().gateway.life());
            forget(dropped.getValue().outcomes);
            gone.put(dropped.getKey(), dropped.getValue().gateway);
            if (gone.size() > sessionsMax) {
                Iterator<Long> first = gone.keySet().iterator();
                first.next();
                first.remove();
            }
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
