package io.murmuration.core.model;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What Gateways say to the leader, and what is answered (§8, thesis 6.3 and 6.4). Each message names the life of the
 * Gateway; an answer to another life is dropped [B2].
 */
public sealed interface ClientRpc extends Rpc {
    /**
     * How long a session may be idle, by the steps of the log's time, before it is dropped. A constant, since it is
     * part of the replicated rules. A Gateway renews its session long before.
     */
    Duration SESSION_IDLE_MAX = Duration.ofHours(1);

    /**
     * The random 128-bit id that the Gateway drew when it started.
     *
     * @return the Gateway's life
     */
    UUID life();

    /**
     * Open a session for this life. To the leader's Log.
     *
     * @param life the Gateway's life
     * @param batch the Gateway's count of messages that it proposes
     */
    record Open(UUID life, long batch) implements ClientRpc {}

    /**
     * Append these commands. To the leader's Log.
     *
     * @param life the Gateway's life
     * @param batch the Gateway's count of messages that it proposes: names this copy of the commands in a refusal
     * @param session the session, as {@link Opened} told it
     * @param lowest the session's lowest unanswered serial
     * @param proposals the commands, serials ascending
     */
    record Propose(UUID life, long batch, long session, long lowest, List<Proposal> proposals) implements ClientRpc {
        /** Copies the list. */
        public Propose {
            proposals = List.copyOf(proposals);
        }
    }

    /**
     * One command of a {@link Propose}.
     *
     * @param serial its number within the session
     * @param command the command as its asker encoded it
     */
    record Proposal(long serial, Encoded command) {}

    /** Why a Log does not take something. */
    enum Refusal {
        /** This node does not lead; the hint says who does, if it is known. */
        NOT_LEADER,
        /** A bound is reached; try again later. */
        OVERLOADED,
        /** The group is being stopped on that node. */
        CLOSED
    }

    /**
     * The Log tells the fate of one copy of some proposals. From Log to Gateway.
     *
     * @param life the Gateway's life
     * @param batch the {@link Propose} or {@link Open} that is meant
     * @param serials the serials of that message that are meant; empty for an {@link Open}
     * @param refusal why
     * @param leader the node that leads, if that is known
     * @param surely true if this copy was never appended, or can never commit since another entry is committed in its
     *     place; false if the Log lost leadership with the entry in its log: it may still commit [B1]
     */
    record Refused(
            UUID life,
            long batch,
            List<Long> serials,
            Refusal refusal,
            @Nullable String leader,
            boolean surely) implements ClientRpc {
        /** Copies the list. */
        public Refused {
            serials = List.copyOf(serials);
        }
    }

    /**
     * The session is open. From the leader's Machine to the Gateway.
     *
     * @param life the Gateway's life
     * @param session the session's number
     */
    record Opened(UUID life, long session) implements ClientRpc {}

    /**
     * What became of committed commands. From the leader's Machine to the Gateway.
     *
     * @param life the Gateway's life
     * @param session the session
     * @param outcomes one for each command
     */
    record Outcomes(UUID life, long session, List<Outcome> outcomes) implements ClientRpc {
        /** Copies the list. */
        public Outcomes {
            outcomes = List.copyOf(outcomes);
        }
    }

    /**
     * What became of one command.
     *
     * @param serial the command's serial
     * @param index the index at which the command took effect (not at which its retry was seen)
     * @param reply what the fold said, or why it was not asked
     */
    record Outcome(long serial, long index, Reply reply) {}

    /** What the Machine answers to a command. */
    sealed interface Reply {
        /**
         * The fold replied.
         *
         * @param value the reply, encoded
         */
        record Replied(Encoded value) implements Reply {}

        /**
         * The fold said no ({@code Applied.rejected}).
         *
         * @param reason the fold's words
         */
        record Declined(String reason) implements Reply {}

        /**
         * The command took effect, but its reply cannot be encoded.
         *
         * @param why what the serializer said
         */
        record Unencodable(String why) implements Reply {}

        /** The session is unknown (expired): this copy was not applied; an earlier copy may have been. */
        record SessionUnknown() implements Reply {}

        /** The serial lies below the session's lowest: not applied now; an earlier copy may have been [B8]. */
        record Forgotten() implements Reply {}
    }

    /**
     * Which index must be applied to read linearizably (thesis 6.4)? To the leader's Log. Writes nothing to the log.
     *
     * @param life the Gateway's life
     * @param id the Gateway's number for all reads that wait for this answer
     */
    record ReadIndex(UUID life, long id) implements ClientRpc {}

    /**
     * A majority has confirmed, in a round that started after the read came, that the leader still leads. From the
     * leader's Election to the Gateway.
     *
     * @param life the Gateway's life
     * @param id the reads that were asked for
     * @param index apply up to here, then read
     */
    record ReadReady(UUID life, long id, long index) implements ClientRpc {}

    /**
     * This node cannot serve the read. From Log or Election to the Gateway.
     *
     * @param life the Gateway's life
     * @param id the reads that were asked for
     * @param refusal why
     * @param leader the node that leads, if that is known
     */
    record ReadRefused(
            UUID life, long id, Refusal refusal, @Nullable String leader) implements ClientRpc {}

    /**
     * A node without a replica asks a question. To a replica's Gateway, which reads on its own node. It has no effect,
     * so it may be asked again, and elsewhere.
     *
     * @param life the asking Gateway's life
     * @param id its number for this query, the same in each copy
     * @param query a typed query record
     * @param patienceMillis how long the asker still waits
     */
    record Query(UUID life, long id, Encoded query, long patienceMillis) implements ClientRpc {}

    /**
     * The answer to a {@link Query}. From Gateway to Gateway.
     *
     * @param life the asking Gateway's life
     * @param id its number
     * @param index what was read reflects the log up to here; 0 if nothing was read
     * @param reply the reply; {@code Declined} if the query cannot be answered, by this node or any other;
     *     {@code Unencodable} if its reply cannot be sent
     */
    record Answer(UUID life, long id, long index, Reply reply) implements ClientRpc {}

    /**
     * This node does not answer the {@link Query} now; another one may. From Gateway to Gateway.
     *
     * @param life the asking Gateway's life
     * @param id its number
     * @param refusal {@code OVERLOADED} if a bound is reached, else {@code CLOSED}
     * @param why what is the matter there, as a sentence
     */
    record QueryRefused(UUID life, long id, Refusal refusal, String why) implements ClientRpc {}

    /**
     * Where a node without a replica is to be answered. From its ClientActor to Gateways, again and again: a member may
     * have been started anew, in another cluster than the one that the client has joined.
     *
     * @param life random, drawn by the sender
     * @param address its {@code host:port}
     */
    record IsAt(UUID life, String address) implements ClientRpc {}

    /**
     * An operator's order. To the leader's Log; repeated until it is settled.
     *
     * @param life the Gateway's life
     * @param id the Gateway's number for this order, the same each time that it is said
     * @param order what is to be
     * @param patienceMillis how long the operator still waits
     * @param ticket what the leader has given for it, or null if it is not known to have seen it
     */
    record Control(
            UUID life,
            long id,
            Order order,
            long patienceMillis,
            @Nullable Ticket ticket) implements ClientRpc {
        /**
         * Which order this is.
         *
         * @return the same for all copies
         */
        public OrderId which() {
            return new OrderId(life, id);
        }
    }

    /**
     * What becomes of an order. From a Log to the Gateway.
     *
     * @param life the Gateway's life
     * @param id the Gateway's number for the order
     * @param ruling what the leader says, or that this node does not lead
     * @param term the term that it leads, or 0: a ruling is only good if the order was last confirmed in that term
     */
    record Ruled(UUID life, long id, Ruling ruling, long term) implements ClientRpc {}
}
