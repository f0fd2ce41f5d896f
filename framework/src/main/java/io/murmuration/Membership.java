package io.murmuration;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Changes who belongs to a group: ordered on any node with a replica, carried out by the leader (§6, thesis 4).
 * Thread-safe. The page {@code docs/members.md} tells the whole way.
 *
 * <p>An order says what is to be: a group for which it is so already settles it at once, and ordering it twice, also at
 * two nodes, does no harm. Whoever joins is a learner first and is promoted to a voter when it has caught up; voters
 * change by joint consensus, in which a majority of the old and one of the new voters decide. One change at a time: a
 * different order is declined meanwhile. Commands are carried out as ever.
 *
 * <p>The stages complete with the members in force when the change is committed. They fail with a
 * {@link DeclinedException} if the leader declines the change or gives it up (nothing of it is left), with a
 * {@link NotAppliedException} if it was never said to anybody ({@link NotAppliedException.NoLeader} at the deadline,
 * {@link NotAppliedException.Overloaded} if too many orders wait on this node, {@link NotAppliedException.Closed} if
 * the group was stopped here), and with an {@link OutcomeUnknownException} if it is not settled by the deadline: it may
 * go on then. What it waits for is in the message, and in {@link Status#change} of the node that leads.
 *
 * <p>All methods throw an {@link IllegalArgumentException} if no node is named, a name is blank, or the timeout is not
 * positive.
 *
 * @since 0.1.0
 */
public interface Membership {
    /** How long an order is tried for that names no deadline: a learner may have a large state to fetch. */
    Duration PATIENCE = Duration.ofMinutes(5);

    /**
     * Makes a node a voter, within {@link #PATIENCE}. It must run with this group started, with an empty disk or with
     * the one that it had when it was a member; if it does not answer within 20 election time-outs, this is declined.
     *
     * @param node its stable name ({@code murmuration.node})
     * @return the members in force
     */
    default CompletionStage<MembersView> add(String node) {
        return add(List.of(node), PATIENCE);
    }

    /**
     * Makes nodes voters, all in one change.
     *
     * @param nodes their names
     * @param timeout how long to try; positive
     * @return the members in force
     */
    CompletionStage<MembersView> add(Collection<String> nodes, Duration timeout);

    /**
     * Removes a node from the group, within {@link #PATIENCE}. Removing the leader is possible: it hands over when the
     * change is committed. A learner can be removed too. The node says in its status that it was removed; it can be
     * stopped once this has completed.
     *
     * @param node its name
     * @return the members in force
     */
    default CompletionStage<MembersView> remove(String node) {
        return remove(List.of(node), PATIENCE);
    }

    /**
     * Removes nodes from the group, all in one change.
     *
     * @param nodes their names; not all voters
     * @param timeout how long to try; positive
     * @return the members in force
     */
    CompletionStage<MembersView> remove(Collection<String> nodes, Duration timeout);

    /**
     * Replaces a member that has lost its disk by the node of the same name that runs now: the old incarnation goes,
     * the new one is a learner first, and then a voter. Nothing changes if its disk was not lost. With
     * {@code murmuration.replace-lost = automatic} the leader does so by itself.
     *
     * @param node the name of a voter
     * @return the members in force
     */
    default CompletionStage<MembersView> replace(String node) {
        return replace(node, PATIENCE);
    }

    /**
     * As {@link #replace(String)}, with a deadline of its own.
     *
     * @param node the name of a voter
     * @param timeout how long to try; positive
     * @return the members in force
     */
    CompletionStage<MembersView> replace(String node, Duration timeout);

    /**
     * Makes exactly these nodes the voters, in one change, and leaves no learner.
     *
     * @param nodes their names, at least one
     * @param timeout how long to try; positive
     * @return the members in force
     */
    CompletionStage<MembersView> set(Collection<String> nodes, Duration timeout);
}
