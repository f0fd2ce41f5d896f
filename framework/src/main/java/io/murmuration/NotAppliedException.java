package io.murmuration;

import java.time.Duration;

/**
 * The command surely had no effect, and never will have: no copy of it left this node, or every copy that left was
 * refused before it was appended, or the fold itself said no. Asking again is safe.
 *
 * @since 0.1.0
 */
public abstract sealed class NotAppliedException extends MurmurationException {
    private static final long serialVersionUID = 1L;

    private NotAppliedException(String message) {
        super(message);
    }

    /** A bound is reached: ask again later. */
    public static final class Overloaded extends NotAppliedException {
        private static final long serialVersionUID = 1L;

        private final Duration retryAfter;

        /**
         * Says which bound.
         *
         * @param message a full sentence with the values and the way out
         * @param retryAfter how long to wait before asking again
         */
        public Overloaded(String message, Duration retryAfter) {
            super(message);
            this.retryAfter = retryAfter;
        }

        /**
         * When asking again makes sense. A tenth of the election time-out, doubled each time that the leader refuses
         * again before it has answered anything, up to the election time-out. A hint: nothing is reserved, so callers
         * that are many do well to add some randomness of their own.
         *
         * @return how long to wait, positive
         */
        public Duration retryAfter() {
            return retryAfter;
        }
    }

    /**
     * The session in which this node asks had ended before the command was applied: it had been idle for an hour of the
     * log's time, or 10,000 others were used since. The group refused the command; a new session is being opened. Where
     * an earlier copy of the command may have been applied, {@link OutcomeUnknownException} is said instead.
     */
    public static final class SessionEnded extends NotAppliedException {
        private static final long serialVersionUID = 1L;

        /**
         * Says which session.
         *
         * @param message a full sentence with the way out
         */
        public SessionEnded(String message) {
            super(message);
        }
    }

    /**
     * No leader was found within the deadline: a majority of the group cannot be reached, or an election is going on.
     */
    public static final class NoLeader extends NotAppliedException {
        private static final long serialVersionUID = 1L;

        /**
         * Says how long was waited and why there is no leader.
         *
         * @param message a full sentence
         */
        public NoLeader(String message) {
            super(message);
        }
    }

    /** The fold said no ({@code Applied.rejected}). */
    public static final class Rejected extends NotAppliedException {
        private static final long serialVersionUID = 1L;

        private final String reason;
        private final long index;

        /**
         * Passes on what the fold said.
         *
         * @param reason the fold's own words
         * @param index the index at which it said so
         */
        public Rejected(String reason, long index) {
            super("The command was rejected at index " + index + ": " + reason);
            this.reason = reason;
            this.index = index;
        }

        /**
         * The fold's own words.
         *
         * @return the reason given to {@code Applied.rejected}
         */
        public String reason() {
            return reason;
        }

        /**
         * Where in the log the fold said so.
         *
         * @return the index of the entry
         */
        public long index() {
            return index;
        }
    }

    /** The encoded command or query exceeds {@code murmuration.command-bytes-max}. */
    public static final class TooLarge extends NotAppliedException {
        private static final long serialVersionUID = 1L;

        /**
         * Says which bound.
         *
         * @param message a full sentence with both sizes
         */
        public TooLarge(String message) {
            super(message);
        }
    }

    /**
     * A query was not answered although a replica had it: its function threw, or its reply cannot be encoded or does
     * not fit into a message. The same query would fail again on any node while the state is what it is.
     */
    public static final class QueryFailed extends NotAppliedException {
        private static final long serialVersionUID = 1L;

        /**
         * Says what is wrong: for a function that threw, the class of what it threw with its message.
         *
         * @param message a full sentence with the way out
         */
        public QueryFailed(String message) {
            super(message);
        }
    }

    /** The machine has no fold or answer for the class of the command or query, or it cannot be encoded. */
    public static final class Unsupported extends NotAppliedException {
        private static final long serialVersionUID = 1L;

        /**
         * Says which class and what is missing.
         *
         * @param message a full sentence with the way out
         */
        public Unsupported(String message) {
            super(message);
        }
    }

    /** The group, or the node, is being stopped. */
    public static final class Closed extends NotAppliedException {
        private static final long serialVersionUID = 1L;

        /**
         * Says what is being stopped.
         *
         * @param message a full sentence
         */
        public Closed(String message) {
            super(message);
        }
    }
}
