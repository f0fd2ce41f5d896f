package io.murmuration.core.log;

import io.murmuration.core.model.ClientRpc.Control;
import io.murmuration.core.model.ClientRpc.Open;
import io.murmuration.core.model.ClientRpc.Propose;
import io.murmuration.core.model.ClientRpc.ReadIndex;
import io.murmuration.core.model.ClientRpc.ReadRefused;
import io.murmuration.core.model.ClientRpc.Refusal;
import io.murmuration.core.model.ClientRpc.Refused;
import io.murmuration.core.model.Deadline;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.HandOverStep;
import io.murmuration.core.model.LogRpc;
import io.murmuration.core.model.LogRpc.Matched;
import io.murmuration.core.model.LogRpc.Mismatched;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Order;
import io.murmuration.core.model.Payload.MembersSet;
import io.murmuration.core.model.Payload.NoOp;
import io.murmuration.core.model.Peer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Mutable, on the hot path. What a replica does while it leads one term (§5.3, §5.4.2): it only appends, it counts its
 * own copy like any other when that is durable, and it commits by counting only entries of its own term. How each
 * follower is sent what it lacks is {@link Replication}'s business.
 */
final class Leader {
    /** How many batches of own making may be uncommitted; what comes meanwhile waits and goes out together. */
    static final int BATCHES_MAX = 2;
    /** The largest batch: one message's worth. */
    static final long BATCH_BYTES = Replication.MESSAGE_BYTES;
    /** While the log is full a snapshot is asked for each so many election time-outs. */
    static final int ASK_TIMEOUTS = 10;
    /** How many reads may wait for the first commit of the term. */
    static final int READS_MAX = 1_024;

    private final LogState state;
    private final Proposals proposals;
    private final Replication replication;
    private final OrderDesk desk;
    private final HandOver handOver;
    private final long term;
    private final long noOp;
    private final ArrayDeque<Long> batches = new ArrayDeque<>();
    private final ArrayList<Read> reads = new ArrayList<>();
    private final Change change;
    /** Both clocks at one moment, from which the stamp of an entry that nobody proposed is reckoned. */
    private Moment clocks;
    /** When a snapshot may be asked for again. */
    private long askAt;
    /** When something was last refused for lack of room. */
    private long refusedAt = Deadline.NEVER;
    /** Whether the group dozes and nothing was asked of it since. */
    private boolean dozing;

    private record Read(String asker, ReadIndex message) {}

    /** Begins to lead: with a no-op of its own term, which commits what its predecessors left (§8). */
    Leader(LogState state, Proposals proposals, long term, Moment at) {
        this.state = state;
        this.proposals = proposals;
        this.term = term;
        this.noOp = state.tail().lastIndex() + 1;
        this.replication = new Replication(state, term, at.nanos());
        this.desk = new OrderDesk(state, term);
        this.handOver = new HandOver(state, replication, desk, term);
        append(List.of(new Entry(new EntryId(noOp, term), at.millis(), new NoOp())), at.nanos());
        replication.probeAll(at.nanos());
        this.askAt = at.nanos();
        this.clocks = at;
        this.change = new Change(
                state, replication, desk, this::appendMembers, handOver::toBest, new EntryId(noOp, term), at.nanos());
    }

    long term() {
        return term;
    }

    void propose(String node, Propose message, Moment at) {
        if (overloaded(Proposals.size(message), at)) {
            List<Long> serials = new ArrayList<>(message.proposals().size());
            message.proposals().forEach(proposal -> serials.add(proposal.serial()));
            refuse(node, new Refused(message.life(), message.batch(), serials, Refusal.OVERLOADED, own(), true));
            return;
        }
        proposals.add(node, message, at.millis());
        askForFlush();
    }

    void open(String node, Open message, Moment at) {
        if (overloaded(Proposals.OPEN_BYTES, at)) {
            refuse(node, new Refused(message.life(), message.batch(), List.of(), Refusal.OVERLOADED, own(), true));
            return;
        }
        proposals.add(node, message, at.millis());
        askForFlush();
    }

    /**
     * The index of a linearizable read: "save the current commit index in a local variable readIndex" (thesis 6.4), but
     * not before an entry of the own term is committed, since until then the leader does not know which entries are
     * (§8).
     */
    void readIndex(String node, ReadIndex message, long now) {
        if (state.commit() >= noOp) {
            confirm(new Read(node, message));
            replication.hurryNews(node, now);
            return;
        }
        if (reads.size() == READS_MAX) {
            state.emit(
                    new Effect.Answer(node, new ReadRefused(message.life(), message.id(), Refusal.OVERLOADED, own())));
            return;
        }
        reads.add(new Read(node, message));
    }

    /** An operator orders something. */
    void control(String node, Control message, Moment at) {
        if (!desk.admits(node, message)) {
            return;
        }
        clocks = at;
        if (!(message.order() instanceof Order.HandOver order)) {
            change.order(node, message, at.nanos());
        } else if (own().equals(order.to()) && handOver.stays()) {
            change.stay(node, message, at.nanos());
        } else {
            handOver.ordered(node, message, order, at.nanos());
        }
    }

    /** A node has said who it is in this life of its disk. */
    void met(Peer peer, Moment at) {
        clocks = at;
        change.met(peer, at.nanos());
    }

    /** What is being changed about the members, and what that waits for; or null. */
    @Nullable
    String change() {
        return change.words();
    }

    /** Leadership is to go to the best suited voter, for a reason of this Log's own [C1]. */
    void handOverToBest(long now) {
        handOver.toBest(now);
    }

    /** Election says something about a hand-over. */
    void handOver(HandOverStep step, long now) {
        handOver.step(step, now);
    }

    /**
     * Sends what waits, at most two uncommitted batches at a time, and nothing while leadership is handed over: "the
     * prior leader stops accepting new client requests" (thesis 3.10).
     */
    void flush(long now) {
        while (!handOver.holdsBack() && batches.size() < BATCHES_MAX && !proposals.isEmpty()) {
            append(proposals.take(state.tail().lastIndex(), term, BATCH_BYTES), now);
        }
    }

    /** A follower answers this term. */
    void reply(Peer from, LogRpc message, long now) {
        if (message instanceof Matched matched) {
            replication.matched(from, matched, now);
            advance(now);
        } else if (message instanceof Mismatched mismatched) {
            replication.mismatched(from, mismatched, now);
        }
    }

    /** More of the own log is durable. */
    void durable(long now) {
        advance(now);
    }

    /** A follower pulls a snapshot of this node. */
    void pulled(Peer peer, long snapshot, long now) {
        replication.pulled(peer, snapshot, now);
    }

    /** Forgets what no follower needs any more. */
    void trim(long now) {
        state.prefix().trim(replication.pin(now), now);
    }

    void doze(boolean dozes, long now) {
        dozing = dozes;
        replication.doze(dozes, now);
    }

    /** Once: Election looks seldom while the group dozes. */
    private void rouse() {
        if (dozing) {
            dozing = false;
            state.pulse();
        }
    }

    void wake(long now) {
        replication.wake(now);
        change.wake(now);
        if (handOver.wake(now)) {
            flush(now);
        }
    }

    long wakeAt() {
        return Deadline.earlier(Deadline.earlier(replication.wakeAt(), change.wakeAt()), handOver.wakeAt());
    }

    /** Leadership has ended. */
    void end(@Nullable String heard) {
        String successor = heard == null ? handOver.successor() : heard;
        handOver.leadershipEnded();
        proposals.stepDown(state, successor);
        for (Read read : reads) {
            state.emit(new Effect.Answer(
                    read.asker(),
                    new ReadRefused(read.message().life(), read.message().id(), Refusal.NOT_LEADER, successor)));
        }
        reads.clear();
    }

    SortedMap<String, Long> matched() {
        SortedMap<String, Long> matched = new TreeMap<>();
        replication.each(progress -> matched.put(progress.peer().node(), progress.counted()));
        return matched;
    }

    /** What only a leader can tell. */
    LogView.Leading view(long now) {
        long first = Math.max(state.commit() + 1, noOp);
        return new LogView.Leading(
                first > state.tail().lastIndex() ? null : new EntryId(first, term),
                change(),
                handOver.words(),
                refusedAt == Deadline.NEVER ? -1 : now - refusedAt,
                LogView.followers(replication, now));
    }

    private void advance(long now) {
        long before = state.commit();
        long commit = CommitRule.counted(state.members(), this::counted, before, term, state.tail()::term);
        if (commit > before) {
            state.commitTo(commit);
            proposals.committed(commit);
            proposals.settle(state, null);
            while (!batches.isEmpty() && batches.element() <= commit) {
                batches.remove();
            }
            if (before < noOp) {
                reads.forEach(this::confirm);
                reads.forEach(read -> replication.hurryNews(read.asker(), now));
                reads.clear();
            }
        }
        flush(now);
        replication.feedAll(now);
        change.step(now);
        handOver.advanced();
    }

    /** Never refused and never behind what waits: members are what a full log may be waiting for. */
    private void appendMembers(Members members, long now) {
        long millis = clocks.millis() + (now - clocks.nanos()) / 1_000_000;
        EntryId id = new EntryId(state.tail().lastIndex() + 1, term);
        append(List.of(new Entry(id, millis, new MembersSet(members))), now);
        replication.meet(now);
    }

    private void append(List<Entry> batch, long now) {
        replication.growing(now);
        state.append(batch, now);
        batches.add(state.tail().lastIndex());
        replication.feedAll(now);
        rouse();
    }

    /** "The leader's own copy counts when durable, not before." */
    private long counted(Peer peer) {
        return peer.equals(state.self()) ? state.durability().durable() : replication.counted(peer);
    }

    private void confirm(Read read) {
        ReadIndex message = read.message();
        state.emit(new Effect.ConfirmRead(read.asker(), message.life(), message.id(), state.commit(), term));
    }

    private void askForFlush() {
        if (batches.size() < BATCHES_MAX && proposals.askForFlush()) {
            state.emit(new Effect.FlushSoon());
        }
    }

    /**
     * No-ops are never refused: one a term, they fit into what this bound leaves free of the machine's memory. At the
     * bound what was kept for followers that no longer pull is let go first: nothing else would come to do it.
     */
    private boolean overloaded(long size, Moment at) {
        long after = proposals.queueBytes() + size;
        if (isFull(after)) {
            trim(at.nanos());
        }
        boolean full = isFull(after);
        if (full && Deadline.due(askAt, at.nanos())) {
            // Nothing is applied while all is refused, so none would come by itself if the last one failed.
            askAt = at.nanos() + ASK_TIMEOUTS * state.settings().timeoutNanos();
            state.emit(new Effect.TakeSnapshot());
        }
        boolean refused = full || after > Proposals.QUEUE_BYTES_MAX;
        refusedAt = refused ? at.nanos() : refusedAt;
        return refused;
    }

    private boolean isFull(long after) {
        return state.tail().bytes() + after > state.settings().logBytesMax();
    }

    private void refuse(String node, Refused refused) {
        state.emit(new Effect.Answer(node, refused));
    }

    private String own() {
        return state.self().node();
    }
}
