package io.murmuration.actor;

import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Order;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is said to a Gateway. What it says to itself is in its own file. */
interface GatewayMessage {
    /**
     * Election says who leads, as far as this node knows.
     *
     * @param term the term
     * @param leader the node that leads it, or null if none is known
     */
    record LeaderIs(long term, @Nullable String leader) implements GatewayMessage {}

    /**
     * The replica's trio runs (again): reads go to this Machine from now on. Nothing is sent to other nodes before the
     * first of these, since only a founded group has an id.
     *
     * @param group the group's id
     * @param neighbours the actors of the replica
     */
    record ReplicaUp(UUID group, Neighbours neighbours) implements GatewayMessage {}

    /**
     * The replica does not run: reads on this node wait for its return until their deadline. Commands go on.
     *
     * @param role what the replica is doing instead, as {@link Status#role} says it: {@code recovering},
     *     {@code founding}, {@code waiting} or {@code stopped}
     * @param why what happened, as a sentence
     */
    record ReplicaDown(String role, String why) implements GatewayMessage {}

    /**
     * The group is known although this node has no part in it: commands go to its other nodes.
     *
     * @param group the group's id
     */
    record GroupIs(UUID group) implements GatewayMessage {}

    /**
     * The group has these members: one of them leads.
     *
     * @param members the members in force as far as this node knows
     */
    record MembersAre(Members members) implements GatewayMessage {}

    /**
     * The group is being stopped on this node: everything open fails honestly, and so does what comes later.
     *
     * @param why what is being stopped, as a sentence
     * @param ends whether the Gateway ends too. To stop it instead would overtake this, and who waits would not hear
     *     why. If not, it stays to say so
     */
    record Close(String why, boolean ends) implements GatewayMessage {}

    /**
     * Carry out a command.
     *
     * @param command the command
     * @param askedAt when the caller asked ({@code System.nanoTime})
     * @param deadline when the caller stops waiting, on the same clock
     * @param outcome completed with the decoded reply, on the Gateway's thread
     */
    record Ask(Encoded command, long askedAt, long deadline, Promise outcome) implements GatewayMessage {}

    /**
     * Read the state.
     *
     * @param query given the state and the index that it is at; runs on the Machine's thread
     * @param local whether whatever this node has applied is good enough
     * @param askedAt when the caller asked ({@code System.nanoTime})
     * @param deadline when the caller stops waiting, on the same clock
     * @param outcome completed with what the query returns, on the Machine's thread
     */
    record Read(BiFunction<Object, Long, Object> query, boolean local, long askedAt, long deadline, Promise outcome)
            implements GatewayMessage {
        /** On the Machine's thread. Whatever the caller's function does wrong is told to the caller alone. */
        void carryOut(Object state, long applied) {
            if (outcome.isSettled()) {
                return;
            }
            try {
                outcome.complete(query.apply(state, applied));
            } catch (Throwable failure) {
                outcome.fail(failure);
                if (failure instanceof OutOfMemoryError fatal) {
                    throw fatal;
                }
            }
        }
    }

    /**
     * Have another node answer a query.
     *
     * @param query the query
     * @param askedAt when the caller asked ({@code System.nanoTime})
     * @param deadline when the caller stops waiting, on the same clock
     * @param outcome completed with the decoded reply, on the Gateway's thread
     */
    record Query(Encoded query, long askedAt, long deadline, Promise outcome) implements GatewayMessage {}

    /**
     * Who is to be asked, on a node without a replica: the members of the group, as one of them told.
     *
     * @param nodes their names
     */
    record AskThese(List<String> nodes) implements GatewayMessage {}

    /**
     * An operator orders something of the group.
     *
     * @param order what is to be
     * @param askedAt when the operator asked ({@code System.nanoTime})
     * @param deadline when the operator stops waiting, on the same clock
     * @param outcome completed with the members in force
     */
    record Orders(Order order, long askedAt, long deadline, Promise outcome) implements GatewayMessage {}

    /** Take a snapshot of this node's state. */
    record RequestSnapshot() implements GatewayMessage {}

    /** Throw this node's state away and take another member's. */
    record Reseed() implements GatewayMessage {}

    /**
     * How does this node see the group?
     *
     * @param parts completed within two seconds
     */
    record AskStatus(CompletableFuture<Parts> parts) implements GatewayMessage {}

    /**
     * Tell when this Gateway stops: nobody reads what is still in its mailbox then.
     *
     * @param stopped given the reason, a sentence, when all that was read has been failed
     */
    record TellStop(Consumer<String> stopped) implements GatewayMessage {}
}
