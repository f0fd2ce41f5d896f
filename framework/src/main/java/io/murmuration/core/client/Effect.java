package io.murmuration.core.client;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.Members;
import java.time.Duration;
import java.util.List;

/** What the shell must do, in the order in which it is said. */
public sealed interface Effect {
    /**
     * Hands this effect to the shell.
     *
     * @param port the shell
     */
    void to(Port port);

    /** What a shell can do: one method for each effect. */
    interface Port {
        /**
         * Sends a message to a node's Log.
         *
         * @param send the effect
         */
        void send(Send send);

        /**
         * Completes a command with what the Machine answered.
         *
         * @param answer the effect
         */
        void answer(Answer answer);

        /**
         * Completes an order.
         *
         * @param settled the effect
         */
        void settled(Settled settled);

        /**
         * Fails a command, a read or an order.
         *
         * @param fail the effect
         */
        void fail(Fail fail);

        /**
         * Hands reads to this node's Machine.
         *
         * @param query the effect
         */
        void query(Query query);

        /**
         * Calls {@link Client#flush} once what is in the mailbox has been seen.
         *
         * @param flush the effect
         */
        void flushSoon(FlushSoon flush);

        /**
         * Logs a fact.
         *
         * @param report the effect
         */
        void report(Report report);
    }

    /**
     * To the Log of a node.
     *
     * @param node the node's name
     * @param rpc the message; its life is the life to speak as
     */
    record Send(String node, ClientRpc rpc) implements Effect {
        @Override
        public void to(Port port) {
            port.send(this);
        }
    }

    /**
     * A command has its outcome. {@code reply} is a {@code Replied}, a {@code Declined} or an {@code Unencodable}.
     *
     * @param number the request
     * @param index where the command took effect
     * @param reply what the fold said
     */
    record Answer(long number, long index, ClientRpc.Reply reply) implements Effect {
        @Override
        public void to(Port port) {
            port.answer(this);
        }
    }

    /**
     * It is as was ordered.
     *
     * @param number the request
     * @param members the members in force
     */
    record Settled(long number, Members members) implements Effect {
        @Override
        public void to(Port port) {
            port.settled(this);
        }
    }

    /**
     * A command, a read or an order failed.
     *
     * @param number the request
     * @param failure in which way
     * @param sentence what happened and what to do
     * @param retryAfter how long to wait before asking again; zero unless it is {@link Failure#OVERLOADED}
     */
    record Fail(long number, Failure failure, String sentence, Duration retryAfter) implements Effect {
        Fail(long number, Failure failure, String sentence) {
            this(number, failure, sentence, Duration.ZERO);
        }

        @Override
        public void to(Port port) {
            port.fail(this);
        }
    }

    /**
     * These reads are to be carried out by this node's Machine as soon as it has applied an index.
     *
     * @param index the least index; 0 for local reads
     * @param numbers the reads, ascending
     */
    record Query(long index, List<Long> numbers) implements Effect {
        /** Copies the list. */
        public Query {
            numbers = List.copyOf(numbers);
        }

        @Override
        public void to(Port port) {
            port.query(this);
        }
    }

    /** Something waits to be sent: flush when the mailbox has been drained, so that it goes out together. */
    record FlushSoon() implements Effect {
        @Override
        public void to(Port port) {
            port.flushSoon(this);
        }
    }

    /**
     * Worth a line in the log: a session was opened or lost.
     *
     * @param sentence what happened
     */
    record Report(String sentence) implements Effect {
        @Override
        public void to(Port port) {
            port.report(this);
        }
    }
}
