package io.murmuration.testkit.sim;

import org.jspecify.annotations.Nullable;

/**
 * Something that will happen: a message arrives, a timer rings, a disk has synced, or the world does something by
 * itself.
 *
 * @param at when, in nanoseconds of the world
 * @param order which of two at the same time comes first
 * @param node where, or null for the world itself
 * @param life the life of the receiver that is meant, or -1 for whichever lives then
 * @param from the sender in words, null if there is none
 * @param to the receiver, null for the world and for the node itself
 * @param message what the receiver is told, or a {@link Deed}
 */
record Event(
        long at,
        long order,
        @Nullable SimNode node,
        long life,
        @Nullable String from,
        @Nullable Actor to,
        Object message)
        implements Comparable<Event> {
    /** For whichever life of the receiver there is. */
    static final long ANY_LIFE = -1;

    /**
     * What the world does by itself.
     *
     * @param what in words, empty if it is not worth a line
     * @param act does it
     */
    record Deed(String what, Runnable act) {
        @Override
        public String toString() {
            return what;
        }
    }

    /** A timer of an actor, by the time of its node's clock. */
    record Ring(long local) {
        @Override
        public String toString() {
            return "timer";
        }
    }

    Event postponed(long until) {
        return new Event(until, order, node, life, from, to, message);
    }

    /** It waits in a mailbox, and is lost with it. */
    Event keptFor(long receiver, long until) {
        return new Event(until, order, node, receiver, from, to, message);
    }

    @Override
    public int compareTo(Event other) {
        return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
    }
}
