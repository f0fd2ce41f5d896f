package io.murmuration.core.election;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.HandOverStep;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@link Election} decided, to be performed by its shell in the order given. */
public sealed interface Effect {
    /**
     * Hands this effect to the method that performs it.
     *
     * @param port who performs it
     */
    void to(Port port);

    /**
     * Say something to another node's Election. It may be lost.
     *
     * @param node the node's name
     * @param message what to say
     */
    record Send(String node, ElectionRpc message) implements Effect {
        @Override
        public void to(Port port) {
            port.send(node, message);
        }
    }

    /**
     * Answer a read: to the Gateway of the node that asked. It may be lost.
     *
     * @param node the node's name, perhaps this one
     * @param message what to say
     */
    record Answer(String node, ClientRpc message) implements Effect {
        @Override
        public void to(Port port) {
            port.answer(node, message);
        }
    }

    /**
     * Make the ballot durable, then call {@link Election#written}.
     *
     * @param sequence the Election's count of its writes
     * @param ballot term and vote
     */
    record Persist(long sequence, Ballot ballot) implements Effect {
        @Override
        public void to(Port port) {
            port.persist(sequence, ballot);
        }
    }

    /**
     * Ask Log to acknowledge nothing below this term, then call {@link Election#fenced} with its answer (F3).
     *
     * @param term a durable term
     * @param attempt the Election's count of fences
     */
    record Fence(long term, long attempt) implements Effect {
        @Override
        public void to(Port port) {
            port.fence(term, attempt);
        }
    }

    /**
     * Tell Log to lead.
     *
     * @param term the term that was won
     */
    record Lead(long term) implements Effect {
        @Override
        public void to(Port port) {
            port.lead(term);
        }
    }

    /**
     * Tell Log who leads.
     *
     * @param term the term
     * @param leader the node that leads it
     */
    record Follow(long term, String leader) implements Effect {
        @Override
        public void to(Port port) {
            port.follow(term, leader);
        }
    }

    /**
     * Tell Log to stop leading.
     *
     * @param term the term that was led
     */
    record Resign(long term) implements Effect {
        @Override
        public void to(Port port) {
            port.resign(term);
        }
    }

    /**
     * Tell this node's Gateway who leads as far as this node knows.
     *
     * @param term the term
     * @param leader the node that leads it, or null if none is known
     */
    record LeaderIs(long term, @Nullable String leader) implements Effect {
        @Override
        public void to(Port port) {
            port.leaderIs(term, leader);
        }
    }

    /** Ask this node's Log for a pulse, then call {@link Election#logPulse} with its answer. */
    record AskLogPulse() implements Effect {
        @Override
        public void to(Port port) {
            port.askLogPulse();
        }
    }

    /** Ask this node's Machine for a pulse, then call {@link Election#machinePulse} with its answer. */
    record AskMachinePulse() implements Effect {
        @Override
        public void to(Port port) {
            port.askMachinePulse();
        }
    }

    /** Call {@link Election#drained} when all that now waits in the mailbox has been seen. */
    record Drain() implements Effect {
        @Override
        public void to(Port port) {
            port.drain();
        }
    }

    /**
     * Role or term changed: for the log that operators read.
     *
     * @param role the role from now on
     * @param term the term from now on
     * @param why the reason, in words
     */
    record Became(Role role, long term, String why) implements Effect {
        @Override
        public void to(Port port) {
            port.became(role, term, why);
        }
    }

    /**
     * Leadership is to be handed over: for the own Log.
     *
     * @param term the term that this node leads
     * @param step what Election has to say
     */
    record HandOver(long term, HandOverStep step) implements Effect {
        @Override
        public void to(Port port) {
            port.handOver(term, step);
        }
    }

    /** This node is being stopped, and need not wait any longer: it does not lead, or nobody can take over. */
    record Relieved() implements Effect {
        @Override
        public void to(Port port) {
            port.relieved();
        }
    }

    /**
     * From now on this group dozes: {@link Election#silent} is to be called as soon as one of these nodes falls silent.
     *
     * @param nodes the nodes; empty if the group is awake again
     */
    record Doze(List<String> nodes) implements Effect {
        /** Copies the list. */
        public Doze {
            nodes = List.copyOf(nodes);
        }

        @Override
        public void to(Port port) {
            port.doze(nodes);
        }
    }

    /**
     * Something that an operator can act on.
     *
     * @param what full sentences
     */
    record Warn(String what) implements Effect {
        @Override
        public void to(Port port) {
            port.warn(what);
        }
    }

    /** Performs effects: one method for each. */
    interface Port {
        /**
         * Performs {@link Send}.
         *
         * @param node the receiver
         * @param message the message
         */
        void send(String node, ElectionRpc message);

        /**
         * Performs {@link Answer}.
         *
         * @param node the node of the Gateway that asked
         * @param message the answer
         */
        void answer(String node, ClientRpc message);

        /**
         * Performs {@link Persist}.
         *
         * @param sequence which write
         * @param ballot what to write
         */
        void persist(long sequence, Ballot ballot);

        /**
         * Performs {@link Fence}.
         *
         * @param term the term
         * @param attempt which fence
         */
        void fence(long term, long attempt);

        /**
         * Performs {@link Lead}.
         *
         * @param term the term
         */
        void lead(long term);

        /**
         * Performs {@link Follow}.
         *
         * @param term the term
         * @param leader its leader
         */
        void follow(long term, String leader);

        /**
         * Performs {@link Resign}.
         *
         * @param term the term
         */
        void resign(long term);

        /**
         * Performs {@link LeaderIs}.
         *
         * @param term the term
         * @param leader its leader, or null
         */
        void leaderIs(long term, @Nullable String leader);

        /** Performs {@link AskLogPulse}. */
        void askLogPulse();

        /** Performs {@link AskMachinePulse}. */
        void askMachinePulse();

        /** Performs {@link Drain}. */
        void drain();

        /**
         * Performs {@link Became}.
         *
         * @param role the role
         * @param term the term
         * @param why the reason
         */
        void became(Role role, long term, String why);

        /**
         * Performs {@link HandOver}.
         *
         * @param term the term
         * @param step what to say
         */
        void handOver(long term, HandOverStep step);

        /** Performs {@link Relieved}. */
        void relieved();

        /**
         * Performs {@link Doze}.
         *
         * @param nodes the nodes to watch; empty for none
         */
        void doze(List<String> nodes);

        /**
         * Performs {@link Warn}.
         *
         * @param what the sentences
         */
        void warn(String what);
    }
}
