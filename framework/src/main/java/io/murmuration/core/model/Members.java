package io.murmuration.core.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Who belongs to a group (§6). While {@code outgoing} is not empty the configuration is joint: what is decided needs a
 * majority of {@code voters} and a majority of {@code outgoing}. All lists of peers are sorted, so that equal members
 * are equal values and are encoded alike everywhere.
 *
 * @param voters those who vote and are counted
 * @param outgoing the voters of the old configuration while a change is under way, else empty
 * @param learners those who receive the log and are not counted
 * @param orders which orders these members, or earlier ones, have settled, the latest last; so that each takes effect
 *     once, whoever leads when it is repeated
 */
public record Members(List<Peer> voters, List<Peer> outgoing, List<Peer> learners, List<OrderId> orders) {
    /** So many settled orders are remembered. Whoever repeats one waits for its answer still, and operators are few. */
    public static final int ORDERS_MAX = 64;

    /** A group that nobody belongs to: it commits nothing and elects nobody. */
    public static final Members NONE = new Members(List.of(), List.of(), List.of());

    /** Sorts and copies the lists, and forgets the oldest orders beyond {@link #ORDERS_MAX}. */
    public Members {
        voters = voters.stream().sorted().distinct().toList();
        outgoing = outgoing.stream().sorted().distinct().toList();
        learners = learners.stream().sorted().distinct().toList();
        orders = List.copyOf(orders.subList(Math.max(0, orders.size() - ORDERS_MAX), orders.size()));
    }

    /**
     * Members that no order has set.
     *
     * @param voters those who vote and are counted
     * @param outgoing the voters of the old configuration, or nobody
     * @param learners those who receive the log and are not counted
     */
    public Members(List<Peer> voters, List<Peer> outgoing, List<Peer> learners) {
        this(voters, outgoing, learners, List.of());
    }

    /**
     * A group in which all vote.
     *
     * @param voters the members
     * @return members without learners and without a change under way
     */
    public static Members voting(Collection<Peer> voters) {
        return new Members(List.copyOf(voters), List.of(), List.of());
    }

    /**
     * The same orders, and others who belong to the group.
     *
     * @param voting those who vote and are counted
     * @param leaving the voters of the old configuration, or nobody
     * @param learning those who receive the log and are not counted
     * @return members that remember what these remember
     */
    public Members then(List<Peer> voting, List<Peer> leaving, List<Peer> learning) {
        return new Members(voting, leaving, learning, orders);
    }

    /**
     * The same members, having settled these orders too.
     *
     * @param settled which orders, at most {@link #ORDERS_MAX}
     * @return members that remember them as the latest
     */
    public Members noting(Collection<OrderId> settled) {
        if (settled.isEmpty()) {
            return this;
        }
        LinkedHashSet<OrderId> all = new LinkedHashSet<>(orders);
        all.removeAll(settled);
        all.addAll(settled);
        return new Members(voters, outgoing, learners, new ArrayList<>(all));
    }

    /**
     * Who belongs to the group, whatever was ordered.
     *
     * @return the same members without orders
     */
    public Members bare() {
        return orders.isEmpty() ? this : new Members(voters, outgoing, learners);
    }

    /**
     * Whether somebody is counted. The incarnation counts too: a node that lost its disk is somebody else [A7].
     *
     * @param peer who
     * @return true for a voter of the old or the new configuration
     */
    public boolean votes(Peer peer) {
        return voters.contains(peer) || outgoing.contains(peer);
    }

    /**
     * Everyone to whom the log is sent.
     *
     * @return voters, outgoing voters and learners, each once, in order
     */
    public Stream<Peer> everyone() {
        return Stream.of(voters, outgoing, learners)
                .flatMap(List::stream)
                .sorted()
                .distinct();
    }

    /**
     * Whether somebody belongs to the group in any role.
     *
     * @param peer who
     * @return true for voters, outgoing voters and learners
     */
    public boolean contains(Peer peer) {
        return votes(peer) || learners.contains(peer);
    }

    /**
     * Whether a change of voters is under way: both majorities are needed.
     *
     * @return true if there are outgoing voters
     */
    public boolean joint() {
        return !outgoing.isEmpty();
    }

    /**
     * One of each name. Messages go by the name of a node, and while a node's lost disk is replaced two incarnations of
     * it are members: this is about the one that is more likely to be there. A leader speaks to both.
     *
     * @return one peer of each name, by name: learners before voters, and these before outgoing voters
     */
    public List<Peer> reachable() {
        TreeMap<String, Peer> newest = new TreeMap<>();
        Stream.of(learners, voters, outgoing)
                .flatMap(List::stream)
                .forEach(peer -> newest.putIfAbsent(peer.node(), peer));
        return List.copyOf(newest.values());
    }

    /**
     * The member of a name who can be spoken to.
     *
     * @param node the stable name of a node
     * @return the member with its newest incarnation, or nothing if no member has that name
     * @see #reachable
     */
    public Optional<Peer> named(String node) {
        return reachable().stream().filter(peer -> peer.node().equals(node)).findFirst();
    }
}
