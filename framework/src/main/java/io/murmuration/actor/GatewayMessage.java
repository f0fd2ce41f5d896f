package io.murmuration.actor;

import org.jspecify.annotations.Nullable;

/** What is said to a Gateway from outside its file; what callers ask is nested in it. */
interface GatewayMessage {
    /**
     * Election says who leads, as far as this node knows.
     *
     * @param term the term
     * @param leader the node that leads it, or null if none is known
     */
    record LeaderIs(long term, @Nullable String leader) implements GatewayMessage {}

    /**
     * The replica's trio runs (again): reads go to this Machine from now on.
     *
     * @param neighbours the actors of the replica
     */
    record ReplicaUp(Neighbours neighbours) implements GatewayMessage {}

    /**
     * The replica does not run: reads on this node wait for its return until their deadline. Commands go on.
     *
     * @param why what happened, as a sentence
     */
    record ReplicaDown(String why) implements GatewayMessage {}
}
