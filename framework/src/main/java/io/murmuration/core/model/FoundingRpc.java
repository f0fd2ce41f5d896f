package io.murmuration.core.model;

import java.util.UUID;

/** How a group comes to exist, once: what GroupActors of one group's name say to each other [A5]. */
public sealed interface FoundingRpc extends Rpc {
    /** Have you ever taken part in this group? */
    record AreYouEmpty() implements FoundingRpc {}

    /**
     * I have not, and this is who I am: the incarnation is durable.
     *
     * @param incarnation the incarnation that the replier has prepared
     */
    record Empty(UUID incarnation) implements FoundingRpc {}

    /**
     * I have: the group exists.
     *
     * @param group its id
     * @param members the members in force as the replier knows them
     * @param founded the members at index 0
     */
    record Knows(UUID group, Members members, Members founded) implements FoundingRpc {}

    /**
     * The group exists from now on. Written by the receiver iff it names the incarnation that the receiver has
     * prepared; repeated until the receiver {@link Knows}.
     *
     * @param group the group's id
     * @param members the founders with their incarnations
     */
    record Found(UUID group, Members members) implements FoundingRpc {}

    /**
     * The group has taken a node in, as a learner first. Obeyed by a node that has prepared exactly this incarnation
     * and belongs to no group; entries or a snapshot bring it the rest.
     *
     * @param group the group's id
     * @param founded the members at index 0
     * @param you the receiver in this life of its disk
     */
    record Invited(UUID group, Members founded, Peer you) implements FoundingRpc {}
}
