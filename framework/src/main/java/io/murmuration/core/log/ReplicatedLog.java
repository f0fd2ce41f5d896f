package io.murmuration.core.log;

import io.murmuration.core.model.ClientRpc.Control;
import io.murmuration.core.model.ClientRpc.Open;
import io.murmuration.core.model.ClientRpc.Propose;
import io.murmuration.core.model.ClientRpc.ReadIndex;
import io.murmuration.core.model.Deadline;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.HandOverStep;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.LogRpc;
import io.murmuration.core.model.LogRpc.AppendEntries;
import io.murmuration.core.model.LogRpc.Outdated;
import io.murmuration.core.model.LogRpc.SnapshotOffer;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.SnapshotRpc.Held;
import io.murmuration.core.model.SnapshotRpc.SnapshotId;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Mutable. The Log of one replica: it owns the entries, the members in force, the commit index and, while it leads,
 * nextIndex and matchIndex (§5.3, §5.4.2). It acknowledges nothing below its fence, which Election moves (F1, F2), and
 * nothing at all before the first fence (F4).
 *
 * <p>One method for each message; each returns what is to be done, in this order. Not thread-safe: one actor owns it.
 * Deterministic: no clock, no random, no I/O. {@code now} is the monotonic clock in nanoseconds.
 */
public final class ReplicatedLog {
    private static final long CLOSED = -1;

    private final LogState state;
    private final Proposals proposals = new Proposals();
    private long fence = CLOSED;
    private Follower follower;
    private @Nullable Leader leader;
    private final Early early = new Early();
    private final MembersDesk members;

    /**
     * The Log of a replica that has just started. All that was recovered is durable.
     *
     * @param self this node in this life of its disk
     * @param settings bounds and time-outs
     * @param recovered what the Store read
     */
    public ReplicatedLog(Peer self, LogSettings settings, Recovered recovered) {
        this.state = new LogState(self, settings, recovered);
        this.follower = new Follower(state, CLOSED);
        this.members = new MembersDesk(state, () -> leader);
    }

    /**
     * Moves the fence up, never down; a higher one ends leading. Always answered by {@link Effect.Fenced}.
     *
     * @param term the term whose ballot is durable
     * @param attempt repeated in the answer
     * @param now the monotonic clock
     */
    public List<Effect> fence(long term, long attempt, long now) {
        if (term > fence) {
            endLeading();
            fence = term;
            follower = new Follower(state, fence);
        }
        state.emit(new Effect.Fenced(fence, attempt, state.tail().last(), state.members(), state.mayStand()));
        Early.Request waiting = early.take(fence);
        if (waiting != null) {
            request(waiting.from(), waiting.message(), now);
        }
        state.prefix().fenced(fence, leader != null, now);
        return state.takeEffects();
    }

    /**
     * Begins to lead, if the term is the fence.
     *
     * @param term the term that Election has won
     * @param at the clocks
     */
    public List<Effect> lead(long term, Moment at) {
        if (term == fence && leader == null) {
            follower.follow(state.self().node());
            state.leading(true);
            leader = new Leader(state, proposals, term, at);
        }
        return state.takeEffects();
    }

    /**
     * Election knows who leads.
     *
     * @param term the term
     * @param node who leads it
     */
    public List<Effect> follow(long term, String node) {
        if (term == fence) {
            follower.follow(node);
        }
        return state.takeEffects();
    }

    /** Ends leading this term; the fence stays. */
    public List<Effect> resign(long term) {
        if (leader != null && leader.term() == term) {
            endLeading();
        }
        return state.takeEffects();
    }

    /**
     * Takes a message of another node's Log.
     *
     * @param from the sender
     * @param message the message
     * @param now the monotonic clock
     */
    public List<Effect> receive(Peer from, LogRpc message, long now) {
        if (message.term() > fence) {
            state.emit(new Effect.TermSeen(message.term()));
            early.hold(from, message);
        } else if (message instanceof AppendEntries request) {
            request(from, request, now);
        } else if (message instanceof SnapshotOffer offer) {
            offered(from, offer, now);
        } else if (leader != null && message.term() == fence) {
            leader.reply(from, message, now);
        }
        return state.takeEffects();
    }

    /**
     * The Store has made this write, and all before it, durable.
     *
     * @param sequence which write
     */
    public List<Effect> written(long sequence, long now) {
        state.durability().written(sequence);
        state.prefix().written(sequence);
        if (leader != null) {
            leader.durable(now);
        } else {
            follower.durable();
        }
        return state.takeEffects();
    }

    /** A Gateway opens its session. */
    public List<Effect> open(Peer from, Open message, Moment at) {
        if (leader != null) {
            leader.open(from.node(), message, at);
        } else {
            Redirect.refuse(state, follower.hint(), from, message);
        }
        return state.takeEffects();
    }

    /** A Gateway proposes commands. */
    public List<Effect> propose(Peer from, Propose message, Moment at) {
        if (leader != null) {
            leader.propose(from.node(), message, at);
        } else {
            Redirect.refuse(state, follower.hint(), from, message);
        }
        return state.takeEffects();
    }

    /** A Gateway asks for the index of a linearizable read. */
    public List<Effect> readIndex(Peer from, ReadIndex message, long now) {
        if (leader != null) {
            leader.readIndex(from.node(), message, now);
        } else {
            Redirect.refuse(state, follower.hint(), from, message);
        }
        return state.takeEffects();
    }

    /** An operator orders something, through a Gateway. */
    public List<Effect> control(Peer from, Control message, Moment at) {
        if (leader != null) {
            leader.control(from.node(), message, at);
        } else {
            Redirect.refuse(state, follower.hint(), from, message);
        }
        return state.takeEffects();
    }

    /** Election has a part in handing leadership of this term over. */
    public List<Effect> handOver(long term, HandOverStep step, long now) {
        if (leader != null && leader.term() == term) {
            leader.handOver(step, now);
        }
        return state.takeEffects();
    }

    /** The mailbox has been drained since {@link Effect.FlushSoon}. */
    public List<Effect> flush(long now) {
        proposals.flushed();
        if (leader != null) {
            leader.flush(now);
        }
        return state.takeEffects();
    }

    /**
     * The Machine has started.
     *
     * @param index the index of its state
     */
    public List<Effect> machineReady(long index) {
        state.machineReady(index);
        return state.takeEffects();
    }

    /** The Machine has no state, and waits for a snapshot. Called before anything else. */
    public void machineWithoutState() {
        state.prefix().stateless();
    }

    /** This node holds a snapshot, durably: what it includes may be forgotten (§7). */
    public List<Effect> compact(Held snapshot, long now) {
        state.prefix().hold(snapshot);
        trim(now);
        return state.takeEffects();
    }

    /** A snapshot of this node can no longer be read, and is offered no more. */
    public List<Effect> lost(SnapshotId snapshot) {
        state.prefix().lost(snapshot);
        return state.takeEffects();
    }

    /**
     * A snapshot from another node is durable here, and stands for what the log lacks. Answered by
     * {@link Effect.Restore} with {@link Effect.Covered}, or by {@link Effect.Unneeded}.
     *
     * @param last the last entry that it includes
     * @param members the members in force there
     * @param image handed to the Machine, and of no concern here
     * @param now the monotonic clock
     */
    public List<Effect> install(EntryId last, Members members, Object image, long now) {
        state.prefix().install(last, members, image, fence, leader != null, now);
        return state.takeEffects();
    }

    /** A follower was seen to pull a snapshot of this node that reaches up to this index. */
    public List<Effect> pulled(Peer peer, long index, long now) {
        if (leader != null) {
            leader.pulled(peer, index, now);
        }
        return state.takeEffects();
    }

    /** The Machine has applied up to this index. */
    public List<Effect> applied(long index) {
        state.applied(index);
        return state.takeEffects();
    }

    /** Election asks whether the Log is alive. */
    public List<Effect> pulse() {
        state.pulse();
        return state.takeEffects();
    }

    /** Election says whether idle followers need no reminder. */
    public List<Effect> doze(boolean dozes, long now) {
        if (leader != null) {
            leader.doze(dozes, now);
        }
        return state.takeEffects();
    }

    /**
     * The time of {@link #wakeAt} has come, or may have come.
     *
     * @throws IllegalStateException if the Store has not answered a write for 60 s
     */
    public List<Effect> wake(long now) {
        state.durability().check(now);
        if (leader != null) {
            leader.wake(now);
        }
        return state.takeEffects();
    }

    /** {@return when {@link #wake} is to be called, on the monotonic clock; {@link Long#MAX_VALUE} for never} */
    public long wakeAt() {
        long patience = state.durability().patienceEnds();
        return leader == null ? patience : Deadline.earlier(patience, leader.wakeAt());
    }

    /** {@return the fence: the lowest term that is acknowledged, or -1 before the first one} */
    public long fence() {
        return fence;
    }

    /** {@return whether this Log leads its fence's term} */
    public boolean leading() {
        return leader != null;
    }

    /** {@return the last index of the newest snapshot that the log may rest on, or 0} */
    public long snapshot() {
        return state.prefix().index();
    }

    /** {@return the last entry before those in memory, or {@link EntryId#NONE}} */
    public EntryId base() {
        return state.tail().base();
    }

    /** {@return the end of the log in memory} */
    public EntryId last() {
        return state.tail().last();
    }

    /** {@return the index up to which the log in memory is on disk} */
    public long durable() {
        return state.durability().durable();
    }

    /** {@return the index up to which the log is known to be committed} */
    public long commit() {
        return state.commit();
    }

    /** {@return the bytes of the log in memory, as {@link Entry#size} counts} */
    public long bytes() {
        return state.tail().bytes();
    }

    /** {@return who belongs to the group, and what is being changed about it} */
    public MembersDesk members() {
        return members;
    }

    /** {@return how it looks from here at this moment of the monotonic clock} */
    public LogView view(long now) {
        return LogView.of(state, members, proposals, leader, now);
    }

    /** {@return how far each other member is known to match, by node; empty unless this Log leads} */
    public SortedMap<String, Long> matched() {
        return leader == null ? new TreeMap<>() : leader.matched();
    }

    /** {@return the entry at an index behind {@link #base}, up to {@link #last}} */
    public Entry entry(long index) {
        return state.tail().entry(index);
    }

    private void request(Peer from, AppendEntries request, long now) {
        if (current(from, request)) {
            follower.append(from, request, now);
            proposals.settle(state, follower.hint());
        }
    }

    private void offered(Peer from, SnapshotOffer offer, long now) {
        if (current(from, offer)) {
            follower.offered(from, offer, now);
        }
    }

    private boolean current(Peer from, LogRpc request) {
        if (request.term() < fence) {
            state.emit(new Effect.Send(from.node(), new Outdated(fence, request.sequence())));
            return false;
        }
        if (leader != null) {
            throw new InvariantViolation("Election safety: " + from + " speaks as the leader of term " + fence
                    + ", which " + state.self() + " leads.");
        }
        return true;
    }

    private void trim(long now) {
        if (leader != null) {
            leader.trim(now);
        } else {
            state.prefix().trim(Prefix.NO_PIN, now);
        }
    }

    private void endLeading() {
        if (leader != null) {
            leader.end(null);
            leader = null;
            state.leading(false);
        }
    }
}
