package io.murmuration.actor;

import io.murmuration.MembersView;
import io.murmuration.Membership;
import io.murmuration.core.model.Order;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/** What callers hold to change the members: checks what they say, and passes it on as an {@link Order}. */
final class GatewayMembership implements Membership {
    private final BiFunction<Order, Duration, CompletionStage<MembersView>> orders;

    GatewayMembership(BiFunction<Order, Duration, CompletionStage<MembersView>> orders) {
        this.orders = orders;
    }

    @Override
    public CompletionStage<MembersView> add(Collection<String> nodes, Duration timeout) {
        return orders.apply(new Order.AddMembers(names(nodes)), timeout);
    }

    @Override
    public CompletionStage<MembersView> remove(Collection<String> nodes, Duration timeout) {
        return orders.apply(new Order.RemoveMembers(names(nodes)), timeout);
    }

    @Override
    public CompletionStage<MembersView> replace(String node, Duration timeout) {
        return orders.apply(new Order.ReplaceMember(names(List.of(node)).get(0)), timeout);
    }

    @Override
    public CompletionStage<MembersView> set(Collection<String> nodes, Duration timeout) {
        return orders.apply(new Order.SetMembers(names(nodes)), timeout);
    }

    private static List<String> names(Collection<String> nodes) {
        List<String> names = nodes.stream().sorted().distinct().toList();
        if (names.isEmpty() || names.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("Nodes are named as in murmuration.node, and at least one must be given,"
                    + " but these are " + nodes + ".");
        }
        return names;
    }
}
