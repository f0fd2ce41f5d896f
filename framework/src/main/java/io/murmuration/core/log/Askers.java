package io.murmuration.core.log;

import io.murmuration.core.model.ClientRpc.Control;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.OrderId;
import io.murmuration.core.model.Ruling;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Mutable, bounded. Who waits for one thing that was ordered. They are told that it is settled only when members that
 * name their orders are committed: a leader that is cut off commits nothing, and a later one knows the order by that.
 */
final class Askers {
    /**
     * Beyond it the oldest is forgotten: it asks again. No more than members remember, or they would never name all.
     */
    static final int ASKERS_MAX = Members.ORDERS_MAX;

    private final OrderDesk desk;
    private final Map<OrderId, String> waiting = new LinkedHashMap<>();

    Askers(OrderDesk desk) {
        this.desk = desk;
    }

    /** This order waits for the end. */
    void add(String node, Control message) {
        waiting.put(message.which(), node);
        if (waiting.size() > ASKERS_MAX) {
            waiting.remove(waiting.keySet().iterator().next());
        }
    }

    Set<OrderId> orders() {
        return waiting.keySet();
    }

    boolean waits(OrderId order) {
        return waiting.containsKey(order);
    }

    /** Whether all who wait are named as settled. */
    boolean allIn(Members members) {
        return members.orders().containsAll(waiting.keySet());
    }

    /** These members are committed: whom they name has waited long enough. */
    void settle(Members members) {
        if (!waiting.isEmpty()) {
            waiting.entrySet().removeIf(each -> {
                boolean named = members.orders().contains(each.getKey());
                if (named) {
                    desk.rule(each.getValue(), each.getKey(), new Ruling.Settled(members.bare()));
                }
                return named;
            });
        }
    }

    /** All who wait are told how it has ended. */
    void answerAll(Ruling ruling) {
        waiting.forEach((order, node) -> desk.rule(node, order, ruling));
        waiting.clear();
    }
}
