package io.murmuration.core.client;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ClientRpc.Refusal;
import io.murmuration.core.model.Encoded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of typed queries that other nodes answer. Mutable. Members are asked in turn, and one that is
 * silent or refuses is passed over for a while. Since a query has no effect, it is asked again elsewhere until its
 * deadline, and the first answer counts, whoever gives it. Each node that is asked reads linearizably at a point after
 * it was asked, so any answer reflects what was acknowledged before the caller asked (thesis 6.4).
 */
final class Queries {
    /** So many queries may wait. */
    static final int QUERIES_MAX = 10_000;

    /** An unanswered query is asked elsewhere after 2 T, then 4 T, then 8 T. */
    private static final int DOUBLINGS_MAX = 2;
    /** Who is silent or refuses is passed over for so many T; then one query tries it, and the others wait for that. */
    private static final int AVOIDED_FOR = 4;

    private final ClientSettings settings;
    private final UUID life;

    private final TreeMap<Long, Asked> open = new TreeMap<>();
    private final TreeMap<Long, Asked> unsent = new TreeMap<>();
    private final TreeSet<Asked> deadlines =
            new TreeSet<>((one, other) -> Request.BY_DEADLINE.compare(one.request, other.request));
    /** Those whose answer, or whose next try, is waited for. */
    private final TreeSet<Asked> timers = new TreeSet<>(Asked.BY_TIMER);

    private List<String> nodes;
    private int turn;
    /** Until when a node is passed over. No larger than the list of nodes. */
    private final Map<String, Long> avoided = new HashMap<>();

    private long bytes;

    Queries(ClientSettings settings, UUID life) {
        this.settings = settings;
        this.life = life;
        this.nodes = settings.members();
    }

    /** One query without an answer. Mutable. */
    private static final class Asked {
        static final Comparator<Asked> BY_TIMER = (one, other) -> one.timer == other.timer
                ? Long.compare(one.request.number(), other.request.number())
                : Long.signum(one.timer - other.timer);

        final Request request;
        final Encoded query;
        /** Whom was asked; bounded by the list of nodes, as far as a sentence needs it. */
        final Set<String> asked = new LinkedHashSet<>();
        /** Who is being asked, or was last. */
        @Nullable
        String node;
        /** Whether its answer is waited for. */
        boolean waiting;
        /** When to try elsewhere; meaningless while it is unsent. */
        long timer;

        int tries;
        /** The refusals since the last pause. */
        int refusals;
        /** What was said last, or null. */
        ClientRpc.@Nullable QueryRefused refused;

        Asked(Request request, Encoded query) {
            this.request = request;
            this.query = query;
        }
    }

    // ---- what callers ask

    void ask(Request request, Encoded query, List<Effect> out) {
        if (open.size() >= QUERIES_MAX || bytes + query.size() > settings.bytesMax()) {
            Duration after = settings.retryAfter(0);
            String sentence = Sentences.tooManyQueries(
                    settings.group(), open.size(), QUERIES_MAX, bytes, settings.bytesMax(), after);
            out.add(new Effect.Fail(request.number(), Failure.OVERLOADED, sentence, after));
            return;
        }
        Asked asked = new Asked(request, query);
        open.put(request.number(), asked);
        unsent.put(request.number(), asked);
        deadlines.add(asked);
        bytes += query.size();
    }

    /** Who is there to be asked. */
    void nodes(List<String> now) {
        nodes = List.copyOf(now);
        avoided.keySet().retainAll(nodes);
    }

    // ---- sending

    void send(long now, List<Effect> out) {
        if (nodes.isEmpty()) {
            return;
        }
        for (Asked asked : List.copyOf(unsent.values())) {
            String node = next(asked, now);
            asked.node = node;
            asked.asked.add(node);
            asked.waiting = true;
            unsent.remove(asked.request.number());
            rings(asked, now + ((2 * settings.tNanos()) << Math.min(asked.tries, DOUBLINGS_MAX)));
            asked.tries++;
            long patience = Math.max(1, (asked.request.deadline() - now) / 1_000_000);
            out.add(new Effect.SendQuery(
                    node, new ClientRpc.Query(life, asked.request.number(), asked.query, patience)));
        }
    }

    /** The next node in turn that is not passed over, and rather not the one that was asked before. */
    private String next(Asked asked, long now) {
        for (int i = 0; i < nodes.size(); i++) {
            String node = inTurn();
            if (!node.equals(asked.node) && maySend(node, now)) {
                return node;
            }
        }
        String node = inTurn();
        return node.equals(asked.node) ? inTurn() : node;
    }

    private String inTurn() {
        turn = (turn + 1) % nodes.size();
        return nodes.get(turn);
    }

    /** Whoever was passed over long enough is tried by one query only, until it answers. */
    private boolean maySend(String node, long now) {
        Long until = avoided.get(node);
        if (until == null) {
            return true;
        }
        if (!Moment.reached(until, now)) {
            return false;
        }
        avoid(node, now);
        return true;
    }

    private void avoid(String node, long now) {
        if (nodes.contains(node)) {
            avoided.put(node, now + AVOIDED_FOR * settings.tNanos());
        }
    }

    // ---- answers

    /** Whichever node answers first; a later answer finds nobody who waits for it. */
    void answered(String from, ClientRpc.Answer answer, List<Effect> out) {
        if (!answer.life().equals(life)) {
            return;
        }
        avoided.remove(from);
        Asked asked = open.get(answer.id());
        if (asked != null) {
            remove(asked);
            out.add(new Effect.QueryAnswer(asked.request.number(), answer.index(), answer.reply()));
        }
    }

    /** Another node is asked at once, until as many have refused as there are; then after a pause of T / 5. */
    void refused(String from, ClientRpc.QueryRefused refused, long now) {
        if (!refused.life().equals(life)) {
            return;
        }
        Asked asked = open.get(refused.id());
        if (asked == null || !asked.waiting || !from.equals(asked.node)) {
            return;
        }
        avoid(from, now);
        asked.refused = refused;
        asked.refusals++;
        asked.waiting = false;
        timers.remove(asked);
        if (asked.refusals < nodes.size()) {
            unsent.put(asked.request.number(), asked);
        } else {
            asked.refusals = 0;
            rings(asked, now + settings.tNanos() / 5);
        }
    }

    // ---- time

    long wakeAt() {
        long at = deadlines.isEmpty() ? Moment.NEVER : deadlines.first().request.deadline();
        return timers.isEmpty() ? at : Moment.earlier(at, timers.first().timer);
    }

    /** Those whose caller no longer waits fail; nothing took effect, so that is all that there is to say. */
    void expire(long now, String notJoined, List<Effect> out) {
        while (!deadlines.isEmpty() && Moment.reached(deadlines.first().request.deadline(), now)) {
            Asked asked = deadlines.first();
            remove(asked);
            out.add(tooLate(asked, notJoined, now));
        }
    }

    private Effect.Fail tooLate(Asked asked, String notJoined, long now) {
        Request request = asked.request;
        String group = settings.group();
        if (!notJoined.isEmpty()) {
            return new Effect.Fail(
                    request.number(), Failure.NO_LEADER, Sentences.notJoined(group, request, now, notJoined));
        }
        ClientRpc.QueryRefused last = asked.refused;
        String why = last == null ? null : last.why();
        String sentence = Sentences.noAnswer(group, request, asked.asked, why, now);
        if (last != null && last.refusal() == Refusal.OVERLOADED) {
            return new Effect.Fail(request.number(), Failure.OVERLOADED, sentence, settings.retryAfter(0));
        }
        return new Effect.Fail(request.number(), Failure.NO_LEADER, sentence);
    }

    /** Gives up on nodes that did not answer in time, and ends pauses. */
    void retry(long now) {
        while (!timers.isEmpty() && Moment.reached(timers.first().timer, now)) {
            Asked asked = timers.first();
            timers.remove(asked);
            if (asked.waiting && asked.node != null) {
                avoid(asked.node, now);
            }
            asked.waiting = false;
            unsent.put(asked.request.number(), asked);
        }
    }

    void close(String why, List<Effect> out) {
        for (Asked asked : new ArrayList<>(open.values())) {
            remove(asked);
            String sentence = Sentences.closed(settings.group(), why);
            out.add(new Effect.Fail(asked.request.number(), Failure.CLOSED, sentence));
        }
    }

    // ---- bookkeeping

    private void rings(Asked asked, long at) {
        asked.timer = at;
        timers.add(asked);
    }

    private void remove(Asked asked) {
        open.remove(asked.request.number());
        unsent.remove(asked.request.number());
        deadlines.remove(asked);
        timers.remove(asked);
        bytes -= asked.query.size();
    }
}
