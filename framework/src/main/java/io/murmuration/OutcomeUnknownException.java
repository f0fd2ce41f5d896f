package io.murmuration;

/**
 * A copy of the command left this node, and its outcome was not heard of within the deadline: it may have taken effect,
 * or may still do so. Read the state to find out, or ask again with something in the command by which the fold knows it
 * again (a payment id, say). The framework never guesses.
 *
 * @since 0.1.0
 */
public sealed class OutcomeUnknownException extends MurmurationException {
    private static final long serialVersionUID = 1L;

    /**
     * Says what is known.
     *
     * @param message a full sentence with the way out
     */
    public OutcomeUnknownException(String message) {
        super(message);
    }

    /** The command surely took effect, but its reply could not be encoded, so nobody can tell what the reply was. */
    public static final class ReplyLost extends OutcomeUnknownException {
        private static final long serialVersionUID = 1L;

        private final long index;

        /**
         * Says where it took effect and why the reply is lost.
         *
         * @param message a full sentence
         * @param index where the command took effect
         */
        public ReplyLost(String message, long index) {
            super(message);
            this.index = index;
        }

        /**
         * Where the command took effect.
         *
         * @return the index of the entry
         */
        public long index() {
            return index;
        }
    }
}
