package io.murmuration;

/**
 * A stream of {@link Replica#watch} has ended. Up to here nothing was missing; what comes next cannot be had from this
 * node. It says nothing of any command.
 *
 * @since 0.1.0
 */
public abstract sealed class WatchException extends MurmurationException {
    private static final long serialVersionUID = 1L;

    private WatchException(String message) {
        super(message);
    }

    /**
     * This node does not hold what is at the index that was to come next: it lies in front of what is remembered, or
     * this node took over the state of a snapshot instead of folding it. Read the state, and watch from the index
     * behind it.
     *
     * @since 0.1.0
     */
    public static final class Compacted extends WatchException {
        private static final long serialVersionUID = 1L;

        private final long next;
        private final long oldest;

        /**
         * Says what is missing.
         *
         * @param message a full sentence with the way out
         * @param next the index that was to come next
         * @param oldest the first index that can be watched
         */
        public Compacted(String message, long next, long oldest) {
            super(message);
            this.next = next;
            this.oldest = oldest;
        }

        /**
         * The index that was to come next.
         *
         * @return the first index that the stream lacks
         */
        public long next() {
            return next;
        }

        /**
         * From where on this node remembers everything.
         *
         * @return the least index that could be watched when this was said
         */
        public long oldest() {
            return oldest;
        }
    }

    /**
     * The watcher took up commands more slowly than they were applied, and what was to come next is not remembered any
     * more. Read the state, and watch from the index behind it; raise {@code murmuration.watch-bytes-max} if it happens
     * to watchers that are quick enough on average.
     *
     * @since 0.1.0
     */
    public static final class SlowSubscriber extends WatchException {
        private static final long serialVersionUID = 1L;

        private final long next;
        private final long oldest;

        /**
         * Says what is missing.
         *
         * @param message a full sentence with the way out
         * @param next the index that was to come next
         * @param oldest the first index that can be watched
         */
        public SlowSubscriber(String message, long next, long oldest) {
            super(message);
            this.next = next;
            this.oldest = oldest;
        }

        /**
         * The index that was to come next: all in front of it were delivered. Another node may still remember it.
         *
         * @return where to resume
         */
        public long next() {
            return next;
        }

        /**
         * From where on this node remembers everything.
         *
         * @return the least index that could be watched when this was said
         */
        public long oldest() {
            return oldest;
        }
    }

    /**
     * The group is being stopped on this node, or its replica stays down.
     *
     * @since 0.1.0
     */
    public static final class Closed extends WatchException {
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
