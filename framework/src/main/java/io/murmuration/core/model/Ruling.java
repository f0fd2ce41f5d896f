package io.murmuration.core.model;

import org.jspecify.annotations.Nullable;

/** What the leader says to an {@link Order}. */
public sealed interface Ruling {
    /**
     * It is as was ordered; an entry that says so, and names the order, is committed.
     *
     * @param members the members in force
     */
    record Settled(Members members) implements Ruling {}

    /**
     * The leader sees this order for the first time, and does nothing before it is said again with this ticket.
     *
     * @param ticket proof that the order is still wanted in this leadership
     */
    record StillWanted(Ticket ticket) implements Ruling {}

    /**
     * It is being done. Said each time that the order is repeated.
     *
     * @param how what is being waited for, as a sentence
     */
    record Underway(String how) implements Ruling {}

    /**
     * It will not be done, and nothing of it is left.
     *
     * @param why a full sentence with the way out
     */
    record Declined(String why) implements Ruling {}

    /**
     * This node does not lead. What it had begun may be finished by its successor.
     *
     * @param leader the node that leads, if that is known
     */
    record NotLeader(@Nullable String leader) implements Ruling {}
}
