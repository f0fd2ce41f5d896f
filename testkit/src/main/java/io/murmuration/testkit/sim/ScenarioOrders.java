package io.murmuration.testkit.sim;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Order;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Ruling;
import io.murmuration.core.model.Ticket;
import java.util.List;
import java.util.stream.Collectors;

/** Orders of operators, members and rulings: as a script says them, and in words. */
final class ScenarioOrders {
    private ScenarioOrders() {}

    static Order read(ScenarioArguments words) {
        String what = words.next("add, remove, set, replace or hand-over");
        List<String> nodes = words.rest();
        if (what.equals("hand-over")) {
            return new Order.HandOver(nodes.isEmpty() ? null : nodes.get(0));
        }
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("An order to " + what + " names at least one node.");
        }
        return switch (what) {
            case "add" -> new Order.AddMembers(nodes);
            case "remove" -> new Order.RemoveMembers(nodes);
            case "set" -> new Order.SetMembers(nodes);
            case "replace" -> new Order.ReplaceMember(nodes.get(0));
            default ->
                throw new IllegalArgumentException(
                        "What is ordered is 'add', 'remove', 'set', 'replace' or 'hand-over', not '" + what + "'.");
        };
    }

    static String of(Order order) {
        if (order instanceof Order.AddMembers add) {
            return "add " + String.join(" ", add.nodes());
        }
        if (order instanceof Order.RemoveMembers remove) {
            return "remove " + String.join(" ", remove.nodes());
        }
        if (order instanceof Order.SetMembers set) {
            return "set " + String.join(" ", set.nodes());
        }
        if (order instanceof Order.ReplaceMember replace) {
            return "replace " + replace.node();
        }
        String to = ((Order.HandOver) order).to();
        return to == null ? "hand over" : "hand over to " + to;
    }

    static String of(Members members) {
        String words = names(members.voters());
        if (!members.outgoing().isEmpty()) {
            words = names(members.outgoing()) + " and " + words + " jointly";
        }
        return members.learners().isEmpty() ? words : words + ", learning " + names(members.learners());
    }

    private static String names(List<Peer> peers) {
        return peers.isEmpty() ? "nobody" : peers.stream().map(Peer::node).collect(Collectors.joining(" "));
    }

    static String of(ClientRpc.Control control) {
        return "order " + control.id() + ": " + of(control.order())
                + (control.ticket() == null ? "" : " (ticket " + of(control.ticket()) + ")");
    }

    private static String of(Ticket ticket) {
        return ticket.number() + " of term " + ticket.term();
    }

    static String of(ClientRpc.Ruled ruled) {
        String what = "order " + ruled.id() + ": ";
        Ruling ruling = ruled.ruling();
        if (ruling instanceof Ruling.Settled settled) {
            return what + "settled, " + of(settled.members());
        }
        if (ruling instanceof Ruling.Underway underway) {
            return what + "under way, " + underway.how();
        }
        if (ruling instanceof Ruling.Declined declined) {
            return what + "declined, " + declined.why();
        }
        if (ruling instanceof Ruling.StillWanted asked) {
            return what + "still wanted? (ticket " + of(asked.ticket()) + ")";
        }
        String leader = ((Ruling.NotLeader) ruling).leader();
        return what + "not leader" + (leader == null ? "" : ", ask " + leader);
    }
}
