package io.murmuration.core.election;

import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.Peer;

/** What an attempt waits for Log's fence for (F3). */
sealed interface Purpose {
    /** Whether this takes the place of an older attempt that still waits: the same asker asks the same again. */
    default boolean replaces(Purpose older) {
        return false;
    }

    /** The term itself: at the start (F4), and when a higher one was adopted. */
    record Term() implements Purpose {}

    /** This node wants to ask for pre-votes. */
    record Stand() implements Purpose {}

    /** This node wants to ask for votes. */
    record Run() implements Purpose {}

    /** Another node asks for a pre-vote. */
    record PreVoteOf(Peer asker, ElectionRpc.PreVote request) implements Purpose {
        @Override
        public boolean replaces(Purpose older) {
            return older instanceof PreVoteOf that && that.asker.equals(asker);
        }
    }

    /** Another node asks for a vote. */
    record VoteOf(Peer asker, ElectionRpc.RequestVote request) implements Purpose {
        @Override
        public boolean replaces(Purpose older) {
            return older instanceof VoteOf that && that.asker.equals(asker);
        }
    }
}
