package io.murmuration.core.log;

import io.murmuration.core.model.Deadline;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.LogRpc;
import io.murmuration.core.model.LogRpc.AppendEntries;
import io.murmuration.core.model.LogRpc.SnapshotOffer;
import io.murmuration.core.model.Peer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Mutable. What a replica does with the entries of one term's leader (§5.3). It acknowledges only what is durable, and
 * only to that term: the object ends when the fence moves, and what waited in it with it.
 */
final class Follower {
    /**
     * Replies that wait for the disk; beyond it the oldest is dropped, as a message may be, and the leader asks again.
     */
    private static final int REPLIES_MAX = 64;

    private final LogState state;
    private final long term;
    private final ArrayList<Waiting> waiting = new ArrayList<>();
    private @Nullable String leader;
    private long toldAt;
    private boolean told;
    private long askAt;
    private boolean asked;

    /** A reply that waits until {@code matched} is durable. */
    private record Waiting(String node, long sequence, long matched) {}

    Follower(LogState state, long term) {
        this.state = state;
        this.term = term;
    }

    /** The node that leads this term as far as is known here, never this one. */
    @Nullable
    String hint() {
        return state.self().node().equals(leader) ? null : leader;
    }

    /** Election, or a message, says who leads this term. */
    void follow(String node) {
        if (leader != null && !leader.equals(node)) {
            throw new InvariantViolation(
                    "Election safety: both " + leader + " and " + node + " lead term " + term + ".");
        }
        leader = node;
    }

    void append(Peer from, AppendEntries message, long now) {
        follow(from.node());
        tellLeaderHeard(from, now);
        LogTail tail = state.tail();
        EntryId previous = message.previous();
        if (!AppendRule.wellFormed(previous, message.entries(), term)) {
            throw new InvariantViolation("The leader " + from + " of term " + term + " has sent entries behind "
                    + previous + " that do not follow each other, or are of a later term.");
        }
        if (!AppendRule.matches(tail, state.commit(), previous)) {
            EntryId hint = HintRule.hint(tail, state.commit(), previous);
            send(from.node(), new LogRpc.Mismatched(term, message.sequence(), hint));
            return;
        }
        boolean room = room(message.entries());
        if (room) {
            accept(message.entries(), now);
        } else {
            makeRoom(now);
        }
        long verified = room ? message.verified().index() : previous.index();
        acknowledge(new Waiting(from.node(), message.sequence(), verified));
        long commit = CommitRule.heard(state.commit(), message.commit(), verified);
        if (commit > state.commit()) {
            state.commitTo(commit);
        }
    }

    /**
     * The leader no longer has what is needed here: its snapshot is pulled, and until then it is told where this log
     * is. What is committed here equals its log.
     */
    void offered(Peer from, SnapshotOffer message, long now) {
        follow(from.node());
        tellLeaderHeard(from, now);
        long commit = state.commit();
        if (message.snapshot().last().index() <= commit) {
            long matched = Math.min(commit, state.durability().durable());
            send(from.node(), new LogRpc.Matched(term, message.sequence(), matched));
            return;
        }
        send(
                from.node(),
                new LogRpc.Mismatched(term, message.sequence(), state.tail().id(commit)));
        state.emit(new Effect.Fetch(message.snapshot()));
    }

    /** More of the log is durable: what waited for it is acknowledged, all in one reply. */
    void durable() {
        long durable = state.durability().durable();
        Waiting latest = null;
        long matched = 0;
        for (Waiting next : waiting) {
            if (next.matched() <= durable) {
                latest = latest == null || next.sequence() > latest.sequence() ? next : latest;
                matched = Math.max(matched, next.matched());
            }
        }
        if (latest != null) {
            waiting.removeIf(next -> next.matched() <= durable);
            send(latest.node(), new LogRpc.Matched(term, latest.sequence(), matched));
        }
    }

    /**
     * A Machine that hangs must not fill this node's memory with what it does not apply: entries beyond twice the bound
     * are not taken, and the leader sends them again.
     */
    private boolean room(List<Entry> entries) {
        long size = state.tail().bytes();
        for (Entry entry : entries) {
            size += entry.size();
        }
        return entries.isEmpty() || size <= 2 * state.settings().logBytesMax();
    }

    /** Nothing more is applied once the log is full, so no snapshot would come by itself if the last one failed. */
    private void makeRoom(long now) {
        state.prefix().trim(Prefix.NO_PIN, now);
        if (!asked || Deadline.due(askAt, now)) {
            asked = true;
            askAt = now + Leader.ASK_TIMEOUTS * state.settings().timeoutNanos();
            state.emit(new Effect.TakeSnapshot());
        }
    }

    private void accept(List<Entry> entries, long now) {
        LogTail tail = state.tail();
        int first = AppendRule.firstLacking(tail, state.commit(), entries);
        if (first == entries.size()) {
            return;
        }
        List<Entry> lacking = first == 0 ? entries : List.copyOf(entries.subList(first, entries.size()));
        if (lacking.get(0).index() <= tail.lastIndex()) {
            state.replace(lacking, now);
        } else {
            state.append(lacking, now);
        }
    }

    private void acknowledge(Waiting reply) {
        if (reply.matched() <= state.durability().durable()) {
            send(reply.node(), new LogRpc.Matched(term, reply.sequence(), reply.matched()));
            return;
        }
        if (waiting.size() == REPLIES_MAX) {
            waiting.remove(0);
        }
        waiting.add(reply);
    }

    /**
     * At once when the leader is new, then at most ten times in a heartbeat interval's two: Election has heartbeats
     * too.
     */
    private void tellLeaderHeard(Peer from, long now) {
        long interval = state.settings().timeoutNanos() / 20;
        if (!told || Deadline.due(toldAt + interval, now)) {
            told = true;
            toldAt = now;
            state.emit(new Effect.LeaderHeard(term, from.node()));
        }
    }

    private void send(String node, LogRpc message) {
        state.emit(new Effect.Send(node, message));
    }
}
