package io.murmuration.core.model;

import org.jspecify.annotations.Nullable;

/**
 * What a server must never forget (figure 2, persistent state): the latest term it has seen and whom it voted for in
 * that term. One record on disk, never two.
 *
 * @param term currentTerm
 * @param votedFor who received the vote in that term, or null if nobody has
 */
public record Ballot(long term, @Nullable Peer votedFor) {
    /** Before the first election. */
    public static final Ballot NONE = new Ballot(0, null);

    /**
     * The same server in a later term, its vote not yet given.
     *
     * @param later a higher term
     * @return an open ballot
     */
    public Ballot advancedTo(long later) {
        if (later <= term) {
            throw new InvariantViolation("Terms only rise: " + term + " cannot be followed by " + later + ".");
        }
        return new Ballot(later, null);
    }

    /**
     * This ballot with the vote given.
     *
     * @param candidate who receives it
     * @return a closed ballot of the same term
     */
    public Ballot castFor(Peer candidate) {
        if (votedFor != null && !votedFor.equals(candidate)) {
            throw new InvariantViolation("One vote per term: " + votedFor + " already has the vote of term " + term
                    + ", not " + candidate + ".");
        }
        return new Ballot(term, candidate);
    }

    /**
     * Which of two ballots of one server is the later one: the higher term wins, and within a term a vote beats none
     * [A1].
     *
     * @param other another ballot of the same server
     * @return the later of both
     */
    public Ballot laterOf(Ballot other) {
        if (term != other.term) {
            return term > other.term ? this : other;
        }
        return votedFor != null ? this : other;
    }
}
