package io.murmuration.actor;

import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.HandOverStep;
import io.murmuration.core.model.Members;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorRef;

/** What is said to a replica's Election. */
sealed interface ElectionMessage permits ElectionMessage.Local, Neighbours, StoreMessage.Written, Wire {
    /** What is said on the same node only. */
    sealed interface Local extends ElectionMessage {}

    /**
     * Log's answer to a {@link LogMessage.Fence}: from now on it acknowledges nothing below this term (F3).
     *
     * @param term Log's fence
     * @param attempt which fence was asked for
     * @param last the end of Log in memory, durable or not
     * @param members the members in force, with which a candidate counts its votes
     * @param mayStand whether this node may stand for election
     */
    record Fenced(long term, long attempt, EntryId last, Members members, boolean mayStand) implements Local {}

    /**
     * Log was sent a message of a higher term, and holds it back until the fence has moved (F2).
     *
     * @param term the higher term
     */
    record TermSeen(long term) implements Local {}

    /**
     * Log was sent entries by the leader of its fence's term.
     *
     * @param term that term
     * @param leader who leads it
     */
    record LeaderHeard(long term, String leader) implements Local {}

    /**
     * Other members are in force in Log (appended, or rolled back by a truncation).
     *
     * @param members the members in force
     * @param index the index of the entry that set them
     * @param mayStand whether this node may stand for election
     */
    record MembersChanged(Members members, long index, boolean mayStand) implements Local {}

    /**
     * Log no longer leads this term, for a reason of its own.
     *
     * @param term the term that it led
     */
    record SteppedDown(long term) implements Local {}

    /**
     * A read waits: confirm with a round that starts from now on that this node still leads, then tell the asker.
     *
     * @param asker the node of the Gateway that asked
     * @param life that Gateway's life
     * @param id that Gateway's number for the reads
     * @param index Log's commit index, which the asker must apply before it reads
     * @param term the term that Log led when it took that index
     */
    record ConfirmRead(String asker, UUID life, long id, long index, long term) implements Local {}

    /**
     * Log's answer to a {@link LogMessage.Pulse}.
     *
     * @param last the end of the log
     * @param commit the commit index
     * @param durable the index up to which the log is on disk
     * @param written the number of the last write that the Store has answered, whatever it was for
     */
    record LogPulse(EntryId last, long commit, long durable, long written) implements Local {}

    /**
     * Log's part in handing leadership over.
     *
     * @param term the term that it leads
     * @param step what it has to say
     */
    record HandOver(long term, HandOverStep step) implements Local {}

    /**
     * This node is being stopped: hand leadership over if you lead, and stand no more.
     *
     * @param replyTo told when nothing is left to wait for
     */
    record Retire(ActorRef<GroupMessage> replyTo) implements Local {}

    /**
     * Machine's answer to a {@link MachineMessage.Pulse}.
     *
     * @param applied the index up to which it has applied
     */
    record MachinePulse(long applied) implements Local {}

    /**
     * A heartbeat, or the answer to one, that came together with those of other groups; what it is answered goes so
     * too.
     *
     * @param wire the message
     */
    record Together(Wire wire) implements Local {}

    /**
     * A node that this group relied on while it dozed has fallen silent.
     *
     * @param node its name
     * @param since when it was last heard, by {@link System#nanoTime}
     */
    record Silent(String node, long since) implements Local {}

    /**
     * The process of a node is gone: its connection was closed, and no other one is taken there. Said again and again
     * for T while that is so.
     *
     * @param node its name
     */
    record Gone(String node) implements Local {}

    /** The time that the core asked to be woken at has come. */
    record Wake() implements Local {}

    /** All that was in the mailbox when the core asked for it has been seen (a late timer lets it drain once). */
    record Drained() implements Local {}

    /**
     * How does it look from here?
     *
     * @param replyTo who wants to know
     */
    record AskStatus(ActorRef<StatusPart> replyTo) implements Local {}
}
