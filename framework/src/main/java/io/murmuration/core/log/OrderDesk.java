package io.murmuration.core.log;

import io.murmuration.core.model.ClientRpc.Control;
import io.murmuration.core.model.ClientRpc.Ruled;
import io.murmuration.core.model.OrderId;
import io.murmuration.core.model.Ruling;
import io.murmuration.core.model.Ticket;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Mutable, bounded. Which orders one leadership has seen, and what it ruled. Nothing is begun for a copy that may have
 * come late: its asker has to say it again, with the ticket that it is given here, and does so only while it waits.
 * What was ruled in this leadership is ruled the same again. To forget an order is harmless: it needs a new ticket
 * then.
 */
final class OrderDesk {
    /** Beyond it the oldest is forgotten. */
    static final int ORDERS_MAX = 128;

    private final LogState state;
    private final long term;
    private final Map<OrderId, Known> known = new LinkedHashMap<>();
    private long tickets;

    private record Known(Ticket ticket, @Nullable Ruling ruling) {}

    OrderDesk(LogState state, long term) {
        this.state = state;
        this.term = term;
    }

    /** Whether something is to be done about this copy; else it has been answered. */
    boolean admits(String node, Control message) {
        OrderId order = message.which();
        Known seen = known.get(order);
        if (seen == null || !seen.ticket().equals(message.ticket())) {
            Ticket ticket = seen == null ? new Ticket(term, ++tickets) : seen.ticket();
            remember(order, new Known(ticket, seen == null ? null : seen.ruling()));
            say(node, order, new Ruling.StillWanted(ticket));
            return false;
        }
        if (seen.ruling() != null) {
            say(node, order, seen.ruling());
            return false;
        }
        return true;
    }

    /** Says what becomes of an order that was admitted, and remembers it if that is the end of it. */
    void rule(String node, OrderId order, Ruling ruling) {
        Known seen = known.get(order);
        if (seen != null && !(ruling instanceof Ruling.Underway)) {
            known.put(order, new Known(seen.ticket(), ruling));
        }
        say(node, order, ruling);
    }

    private void say(String node, OrderId order, Ruling ruling) {
        state.emit(new Effect.Answer(node, new Ruled(order.life(), order.number(), ruling, term)));
    }

    private void remember(OrderId order, Known what) {
        known.put(order, what);
        if (known.size() > ORDERS_MAX) {
            known.remove(known.keySet().iterator().next());
        }
    }
}
