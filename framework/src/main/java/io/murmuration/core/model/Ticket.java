package io.murmuration.core.model;

/**
 * What a leader gives for an order that it sees for the first time. It begins nothing until the order is said again
 * with the ticket: a copy that arrives late, of an order that nobody waits for any more, is never said again.
 *
 * @param term the term that is led
 * @param number the leader's count of tickets in that term
 */
public record Ticket(long term, long number) {
    /**
     * Whether this was given after another one.
     *
     * @param other another ticket for the same order
     * @return true if it is of a later leadership, or of the same one and later
     */
    public boolean after(Ticket other) {
        return term > other.term || (term == other.term && number > other.number);
    }
}
