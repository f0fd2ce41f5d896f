package io.murmuration.actor;

import io.murmuration.core.model.HandOverStep;
import io.murmuration.core.model.Peer;
import org.apache.pekko.actor.typed.ActorRef;

/** What is said to a replica's Log. */
sealed interface LogMessage permits LogMessage.Local, Neighbours, SnapshotsMessage.ToLog, StoreMessage.Written, Wire {
    /** What is said on the same node only. */
    sealed interface Local extends LogMessage {}

    /**
     * Acknowledge nothing below this term any more, and answer {@link ElectionMessage.Fenced} (F1, F3). The ballot of
     * this term is durable. A term that equals the fence only asks for the position anew.
     *
     * @param term the term
     * @param attempt the Election's count of fences it asked for, to be repeated in the answer
     */
    record Fence(long term, long attempt) implements Local {}

    /**
     * Election has won this term. Obeyed only if it is the fence.
     *
     * @param term the term to lead
     */
    record Lead(long term) implements Local {}

    /**
     * Election has heard who leads a term, so that proposals can be refused with a hint.
     *
     * @param term the term
     * @param leader who leads it
     */
    record Follow(long term, String leader) implements Local {}

    /**
     * Stop leading this term (a majority no longer answers). The fence stays.
     *
     * @param term the term that was led
     */
    record Resign(long term) implements Local {}

    /**
     * Whether the group dozes: no follower needs to be reminded of anything then.
     *
     * @param dozes false when it is awake again
     */
    record Doze(boolean dozes) implements Local {}

    /**
     * Machine has started, and this is how far its state reaches. Log feeds it from the next index on.
     *
     * @param index the index of the state it started from
     */
    record MachineReady(long index) implements Local {}

    /**
     * Machine has applied up to here: more may be sent.
     *
     * @param index the last applied index
     */
    record Applied(long index) implements Local {}

    /**
     * Election's part in handing leadership over.
     *
     * @param term the term that this node leads
     * @param step what it has to say
     */
    record HandOver(long term, HandOverStep step) implements Local {}

    /** Are you alive? Answered with {@link ElectionMessage.LogPulse}. */
    record Pulse() implements Local {}

    /** The mailbox has been drained since the first waiting proposal came: send the batch. */
    record Flush() implements Local {}

    /**
     * A node has said who it is in this life of its disk, which is durable there.
     *
     * @param peer the node
     */
    record Met(Peer peer) implements Local {}

    /** The time that the core asked to be woken at has come. */
    record Wake() implements Local {}

    /**
     * How does it look from here?
     *
     * @param replyTo who wants to know
     */
    record AskStatus(ActorRef<StatusPart> replyTo) implements Local {}
}
