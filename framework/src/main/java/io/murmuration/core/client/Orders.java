package io.murmuration.core.client;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.Order;
import io.murmuration.core.model.Ruling;
import io.murmuration.core.model.Ticket;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The asker's side of an operator's orders. Mutable, bounded. An order is said each T / 2 until it is settled or
 * declined: a lost answer, or another leader, costs time and nothing else.
 *
 * <p>Each leader gives a ticket first, and is told with it that the order is still wanted. What a leader says counts
 * only while its ticket is the latest: one that was cut off since may decline what another one is doing.
 */
final class Orders {
    /** So many orders may wait; operators are few. */
    static final int ORDERS_MAX = 64;

    private final ClientSettings settings;
    private final LeaderSearch search;
    private final UUID life;
    private final TreeMap<Long, Open> open = new TreeMap<>();
    private long turn;

    /** One order that is not settled. Mutable. */
    private static final class Open {
        final Request request;
        final Order order;
        long sayAt;
        boolean said;
        boolean unanswered;
        /** What the leader said last, if it has taken the order. */
        @Nullable
        String how;
        /** What the latest leader has given. */
        @Nullable
        Ticket ticket;

        Open(Request request, Order order, long now) {
            this.request = request;
            this.order = order;
            this.sayAt = now;
        }
    }

    Orders(ClientSettings settings, LeaderSearch search, UUID life) {
        this.settings = settings;
        this.search = search;
        this.life = life;
    }

    void order(Request request, Order order, long now, List<Effect> out) {
        if (open.size() >= ORDERS_MAX) {
            String sentence = Sentences.tooManyOrders(settings.group(), ORDERS_MAX, settings.retryAfter(0));
            out.add(new Effect.Fail(request.number(), Failure.OVERLOADED, sentence, settings.retryAfter(0)));
            return;
        }
        open.put(request.number(), new Open(request, order, now));
    }

    /** Says what is due, to the leader as far as it is known. */
    void send(long now, List<Effect> out) {
        if (search.paused()) {
            return;
        }
        if (silenceSince(now)) {
            search.silent();
        }
        if (turn != search.turns()) {
            turn = search.turns();
            open.values().forEach(each -> each.sayAt = now);
        }
        for (Open each : open.values()) {
            if (Moment.reached(each.sayAt, now)) {
                each.sayAt = now + settings.tNanos() / 2;
                each.said = true;
                each.unanswered = true;
                search.asking();
                long patience = Math.max(1, (each.request.deadline() - now) / 1_000_000);
                out.add(new Effect.Send(
                        search.node(),
                        new ClientRpc.Control(life, each.request.number(), each.order, patience, each.ticket)));
            }
        }
    }

    /** Whether something that was said to this node is still unanswered when it is to be said again. */
    private boolean silenceSince(long now) {
        return turn == search.turns()
                && open.values().stream().anyMatch(each -> each.unanswered && Moment.reached(each.sayAt, now));
    }

    void ruled(String from, ClientRpc.Ruled ruled, long now, List<Effect> out) {
        Open asked = ruled.life().equals(life) ? open.get(ruled.id()) : null;
        if (asked == null) {
            return;
        }
        Ruling ruling = ruled.ruling();
        if (ruling instanceof Ruling.NotLeader elsewhere) {
            if (asked.unanswered && from.equals(search.node())) {
                asked.unanswered = false;
                asked.sayAt = now;
                search.refused(ClientRpc.Refusal.NOT_LEADER, elsewhere.leader(), now);
            }
            return;
        }
        if (ruling instanceof Ruling.StillWanted wanted) {
            confirm(asked, from, wanted.ticket(), now);
            return;
        }
        Ticket ticket = asked.ticket;
        if (ticket == null || ticket.term() != ruled.term()) {
            return;
        }
        asked.unanswered = false;
        search.answeredBy(from);
        if (ruling instanceof Ruling.Underway underway) {
            asked.how = underway.how();
        } else if (ruling instanceof Ruling.Settled settled) {
            open.remove(ruled.id());
            out.add(new Effect.Settled(ruled.id(), settled.members()));
        } else if (ruling instanceof Ruling.Declined declined) {
            open.remove(ruled.id());
            out.add(new Effect.Fail(ruled.id(), Failure.DECLINED, declined.why()));
        }
    }

    /** A leader asks whether this is still wanted: it is, and it is said so at once. */
    private void confirm(Open asked, String from, Ticket ticket, long now) {
        Ticket before = asked.ticket;
        if (before != null && !ticket.after(before)) {
            // A copy, or somebody who does not know yet that another one leads.
            return;
        }
        asked.ticket = ticket;
        asked.unanswered = false;
        asked.sayAt = now;
        search.answeredBy(from);
    }

    long wakeAt() {
        long at = Moment.NEVER;
        for (Open each : open.values()) {
            at = Moment.earlier(at, each.request.deadline());
            // What was never said, or is said when the pause ends, goes with the event that makes it possible.
            if (each.said && !search.paused()) {
                at = Moment.earlier(at, each.sayAt);
            }
        }
        return at;
    }

    void expire(long now, List<Effect> out) {
        for (Iterator<Open> each = open.values().iterator(); each.hasNext(); ) {
            Open next = each.next();
            if (Moment.reached(next.request.deadline(), now)) {
                each.remove();
                out.add(tooLate(next, now));
            }
        }
    }

    private Effect.Fail tooLate(Open order, long now) {
        long number = order.request.number();
        String how = order.how;
        if (how != null) {
            return new Effect.Fail(number, Failure.UNKNOWN, Sentences.orderOpen(settings.group(), how));
        }
        return order.said
                ? new Effect.Fail(
                        number,
                        Failure.UNKNOWN,
                        Sentences.orderUnanswered(settings.group(), order.request, search, now))
                : new Effect.Fail(
                        number, Failure.NO_LEADER, Sentences.noLeader(settings.group(), order.request, search, now));
    }

    void close(String why, List<Effect> out) {
        List<Open> left = new ArrayList<>(open.values());
        open.clear();
        for (Open each : left) {
            Failure failure = each.said ? Failure.UNKNOWN : Failure.CLOSED;
            String sentence =
                    each.said ? Sentences.orderOpen(settings.group(), why) : Sentences.closed(settings.group(), why);
            out.add(new Effect.Fail(each.request.number(), failure, sentence));
        }
    }
}
