package io.murmuration.core.election;

import java.util.Locale;

/**
 * What a node is in its current term (figure 4, with the pre-candidate of thesis 9.6 and the learner of thesis 4.2.1).
 */
public enum Role {
    /** Answers others and waits for a leader. */
    FOLLOWER,
    /** Receives the log and is not counted. */
    LEARNER,
    /** Asks whether it would be elected; its term is unchanged. */
    PRE_CANDIDATE,
    /** Asks for votes in a term of its own. */
    CANDIDATE,
    /** Was elected by a majority. */
    LEADER;

    /**
     * The word that operators read.
     *
     * @return for example {@code pre-candidate}
     */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
