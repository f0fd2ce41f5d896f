package io.murmuration.core.log;

import io.murmuration.core.model.Members;
import io.murmuration.core.model.Order;
import io.murmuration.core.model.Order.AddMembers;
import io.murmuration.core.model.Order.RemoveMembers;
import io.murmuration.core.model.Order.ReplaceMember;
import io.murmuration.core.model.Order.SetMembers;
import io.murmuration.core.model.Peer;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who is to belong to the group when an order is done, by names. It depends on nothing but the order and the members
 * that it is given to, so that the same order given twice has the same goal.
 *
 * @param what the order in words, after "to"
 * @param voters who is to vote
 * @param joining whose incarnation has to be learned first: those who do not vote yet, and who has lost its disk
 * @param learners which of the present learners stay learners
 */
record Goal(String what, SortedSet<String> voters, SortedSet<String> joining, SortedSet<String> learners) {
    /** The goal of an order about members, or null if it is about something else. */
    @Nullable
    static Goal of(Order order, Members origin) {
        SortedSet<String> voting = names(origin.voters());
        SortedSet<String> learning = names(origin.learners());
        if (order instanceof AddMembers add) {
            return new Goal(
                    "add " + list(add.nodes()),
                    union(voting, add.nodes()),
                    without(add.nodes(), voting),
                    without(learning, add.nodes()));
        }
        if (order instanceof RemoveMembers remove) {
            return new Goal(
                    "remove " + list(remove.nodes()),
                    without(voting, remove.nodes()),
                    new TreeSet<>(),
                    without(learning, remove.nodes()));
        }
        if (order instanceof SetMembers set) {
            return new Goal(
                    "set the members to " + list(set.nodes()),
                    new TreeSet<>(set.nodes()),
                    without(set.nodes(), voting),
                    new TreeSet<>());
        }
        if (order instanceof ReplaceMember replace) {
            List<String> node = List.of(replace.node());
            return new Goal("replace " + replace.node(), voting, new TreeSet<>(node), without(learning, node));
        }
        return null;
    }

    /** Whether two orders want the same. */
    boolean same(Goal other) {
        return voters.equals(other.voters) && joining.equals(other.joining) && learners.equals(other.learners);
    }

    static SortedSet<String> names(Collection<Peer> peers) {
        SortedSet<String> names = new TreeSet<>();
        peers.forEach(peer -> names.add(peer.node()));
        return names;
    }

    static String list(Collection<String> nodes) {
        return String.join(", ", new TreeSet<>(nodes));
    }

    private static SortedSet<String> union(Collection<String> some, Collection<String> more) {
        SortedSet<String> all = new TreeSet<>(some);
        all.addAll(more);
        return all;
    }

    private static SortedSet<String> without(Collection<String> all, Collection<String> gone) {
        SortedSet<String> left = new TreeSet<>(all);
        left.removeAll(new TreeSet<>(gone));
        return left;
    }
}
