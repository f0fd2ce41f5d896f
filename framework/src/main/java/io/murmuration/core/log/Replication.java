package io.murmuration.core.log;

import io.murmuration.core.model.Deadline;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.LogRpc.AppendEntries;
import io.murmuration.core.model.LogRpc.Matched;
import io.murmuration.core.model.LogRpc.Mismatched;
import io.murmuration.core.model.LogRpc.SnapshotOffer;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.SnapshotRpc.Held;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Mutable, on the hot path. How a leader brings its log to the others (§5.3): each has its {@link Progress}, is probed
 * until the logs match, then fed through a window. Whoever is silent gets one probe at a time, since Artery queues, and
 * later delivers, whatever is sent.
 *
 * <p>While a lost disk is replaced two lives of one node are members, and both are spoken to under its name: a majority
 * may need the old one if it comes back. What is said to the one reaches the other; since their messages are numbered
 * apart, nobody's answer is taken for the other's.
 */
final class Replication {
    /** The most bytes of entries in one message: Artery's frame is 256 KiB, and a larger message vanishes. */
    static final long MESSAGE_BYTES = 128L << 10;
    /** The most bytes of entries in a probe. */
    static final long PROBE_BYTES = 16L << 10;
    /** After how many election time-outs without a pull a follower is no longer waited for. */
    static final long PULL_TIMEOUTS = 10;
    /** After how many election time-outs without a word an idle follower is told the commit index again. */
    static final long REMINDER_TIMEOUTS = 2;
    /** After how many election time-outs of silence a member that was removed is told no more. */
    static final long LEAVING_TIMEOUTS = 10;
    /** After how long commit news goes to an idle follower for which no read waits. */
    static final long NEWS_NANOS = 10_000_000;
    /** So far apart are the numbers of messages to two lives of one node; no leadership sends so many. */
    static final long LIFE_SEQUENCES = 1L << 40;

    private final LogState state;
    private final long term;
    private final TreeMap<Peer, Progress> followers = new TreeMap<>();
    /** By name: how many lives of its disk were spoken to. */
    private final Map<String, Long> lives = new HashMap<>();
    /** Whether nobody is reminded of anything, since Election would hear of it if somebody was restarted. */
    private boolean dozing;

    Replication(LogState state, long term, long now) {
        this.state = state;
        this.term = term;
        // Who was removed by members that are not known to be committed may not know of it yet.
        addFollowers(state.membersAt(state.commit()), now);
        addFollowers(state.members(), now);
        sortOut();
    }

    /** Other members are in force: who is new is probed, who is no member any more is fed until it knows that. */
    void meet(long now) {
        List<Progress> met = addFollowers(state.members(), now);
        sortOut();
        met.forEach(progress -> probe(progress, true, now));
    }

    private List<Progress> addFollowers(Members members, long now) {
        List<Progress> met = new ArrayList<>();
        long next = state.tail().lastIndex() + 1;
        for (Peer peer : members.everyone().toList()) {
            if (!peer.node().equals(state.self().node()) && !followers.containsKey(peer)) {
                long life = lives.merge(peer.node(), 1L, Long::sum) - 1;
                Progress progress = new Progress(peer, next, life * LIFE_SEQUENCES, now);
                followers.put(peer, progress);
                met.add(progress);
            }
        }
        return met;
    }

    /** Whoever was replaced by a new life of its disk is not told that it was removed: its name is another's. */
    private void sortOut() {
        Members members = state.members();
        Set<String> names = new HashSet<>();
        members.everyone().forEach(peer -> names.add(peer.node()));
        followers.keySet().removeIf(peer -> !members.contains(peer) && names.contains(peer.node()));
        for (Progress progress : followers.values()) {
            if (members.contains(progress.peer())) {
                progress.stays();
            } else {
                progress.leaves(state.membersIndex());
            }
        }
    }

    /** Those who were removed, and know it or are silent, are forgotten. */
    private void dismiss(long now) {
        followers.values().removeIf(progress -> progress.dismissed(LEAVING_TIMEOUTS * timeout(), now));
    }

    /** What is known of a follower, or null if it is not spoken to. */
    @Nullable
    Progress progress(Peer peer) {
        return followers.get(peer);
    }

    /** How long a member has not answered; 0 if it is not spoken to. */
    long silence(Peer peer, long now) {
        Progress progress = followers.get(peer);
        return progress == null || dozing ? 0 : now - progress.heardAt();
    }

    /** The group dozes from now on, or is awake again. */
    void doze(boolean dozes, long now) {
        if (dozing) {
            followers.values().forEach(progress -> progress.excuse(now));
        }
        dozing = dozes;
    }

    /**
     * Whether a member is there: it has spoken in this term, and not long ago. An idle one is asked each two T, and
     * none while the group dozes: Election would hear it if one was not there.
     */
    boolean answers(Peer peer, long now) {
        Progress progress = followers.get(peer);
        return progress != null
                && progress.state() != Progress.State.DAMAGED
                && progress.answered()
                && silence(peer, now) < CatchUp.READY_TIMEOUTS * timeout();
    }

    /** What is committed is told to all at once. */
    void tellAll(long now) {
        for (Progress progress : followers.values()) {
            hurry(progress, now);
        }
    }

    /** The log is about to grow: whoever holds all of it falls behind from now on. */
    void growing(long now) {
        for (Progress progress : followers.values()) {
            if (progress.match() >= state.tail().lastIndex()) {
                progress.falls(now);
            }
        }
    }

    /** Visits the members that are spoken to: of two lives of one node the one that was heard last. */
    void each(Consumer<Progress> action) {
        TreeMap<String, Progress> latest = new TreeMap<>();
        for (Progress progress : followers.values()) {
            if (!progress.leaving()) {
                latest.merge(
                        progress.peer().node(),
                        progress,
                        (one, other) -> other.heardAt() - one.heardAt() > 0 ? other : one);
            }
        }
        latest.values().forEach(action);
    }

    /** Up to where this peer counts; 0 for a stranger, and for another incarnation of a member's node [A7]. */
    long counted(Peer peer) {
        Progress progress = followers.get(peer);
        return progress == null ? 0 : progress.counted();
    }

    void matched(Peer from, Matched message, long now) {
        Progress progress = followers.get(from);
        if (progress == null || progress.state() == Progress.State.DAMAGED) {
            return;
        }
        if (message.matched() > state.tail().lastIndex()) {
            damaged(
                    progress,
                    "acknowledges " + message.matched() + ", behind the end "
                            + state.tail().last());
            return;
        }
        progress.matched(message.sequence(), message.matched(), state.tail(), now);
        dismiss(now);
    }

    void mismatched(Peer from, Mismatched message, long now) {
        Progress progress = followers.get(from);
        if (progress == null || progress.state() == Progress.State.DAMAGED) {
            return;
        }
        progress.heard(now);
        if (progress.state() == Progress.State.SNAPSHOTTING) {
            // It says where it is. It may have come so far by a snapshot of another leader that entries will do.
            if (state.tail().holds(message.hint())) {
                progress.probeFrom(message.hint().index() + 1);
                probe(progress, true, now);
            }
            return;
        }
        Progress.Flight flight = progress.flight(message.sequence());
        if (flight == null) {
            return;
        }
        if (flight.previous() <= flight.matched()) {
            damaged(progress, "acknowledged entries up to " + flight.matched() + " and now has only " + message.hint());
            return;
        }
        boolean behind = flight.previous() <= state.tail().base().index();
        progress.probeFrom(HintRule.previous(state.tail(), flight.previous(), message.hint()) + 1);
        if (!behind) {
            probe(progress, true, now);
        } else {
            offer(progress, message.hint(), now);
        }
    }

    /** A read waits on this node: commit news goes there now rather than soon. */
    void hurryNews(String node, long now) {
        for (Progress progress : followers.values()) {
            if (progress.peer().node().equals(node)) {
                hurry(progress, now);
            }
        }
    }

    private void hurry(Progress progress, long now) {
        feed(progress, now);
        if (progress.newsAt() != Deadline.NEVER) {
            progress.newsAt(now);
            feed(progress, now);
        }
    }

    /** Begins: "nextIndex[], initialized to leader last log index + 1" (figure 2). */
    void probeAll(long now) {
        for (Progress progress : followers.values()) {
            probe(progress, true, now);
        }
    }

    void feedAll(long now) {
        for (Progress progress : followers.values()) {
            feed(progress, now);
        }
    }

    /** A follower pulls a snapshot of this node: the entries behind it must stay until it has them [C8]. */
    void pulled(Peer peer, long snapshot, long now) {
        Progress progress = followers.get(peer);
        if (progress != null) {
            progress.pulled(snapshot, state.tail().lastIndex(), now);
        }
    }

    /** The index that the base must not pass, since a follower is on the way there. */
    long pin(long now) {
        long pin = Prefix.NO_PIN;
        for (Progress progress : followers.values()) {
            if (!progress.leaving()) {
                pin = Math.min(pin, progress.pin(PULL_TIMEOUTS * timeout(), now));
            }
        }
        return pin;
    }

    void wake(long now) {
        dismiss(now);
        for (Progress progress : followers.values()) {
            if (Deadline.due(progress.retryAt(timeout()), now)) {
                again(progress, now);
            }
            feed(progress, now);
            if (Deadline.due(reminderAt(progress), now)) {
                send(progress, List.of(), now);
            }
        }
    }

    long wakeAt() {
        long at = Deadline.NEVER;
        for (Progress progress : followers.values()) {
            at = Deadline.earlier(at, progress.retryAt(timeout()));
            at = Deadline.earlier(at, reminderAt(progress));
            if (progress.windowOpen()) {
                at = Deadline.earlier(at, progress.newsAt());
            }
        }
        return at;
    }

    private long reminderAt(Progress progress) {
        return dozing ? Deadline.NEVER : progress.reminderAt(REMINDER_TIMEOUTS * timeout());
    }

    private void again(Progress progress, long now) {
        if (progress.state() == Progress.State.SNAPSHOTTING) {
            if (offer(progress, EntryId.NONE, now)) {
                return;
            }
            // What was offered can no longer be read: it is asked where it is until there is another one.
            progress.probeFrom(state.tail().base().index() + 1);
        } else if (progress.state() == Progress.State.REPLICATING) {
            progress.probeFrom(progress.match() + 1);
        }
        probe(progress, false, now);
    }

    /** "The leader has already discarded the next log entry that it needs to send to a follower" (§7). */
    private boolean offer(Progress progress, EntryId end, long now) {
        Held snapshot = state.prefix().held();
        if (snapshot != null && snapshot.last().index() >= state.tail().base().index()) {
            long sequence = progress.offered(now);
            state.emit(new Effect.Send(progress.peer().node(), new SnapshotOffer(term, sequence, snapshot)));
            return true;
        }
        if (progress.report()) {
            // Asking again at once would ask for ever: it is probed at its interval.
            state.emit(new Effect.Warn(progress.peer() + " needs entries that this node no longer has: it ends at "
                    + end + ", the log here begins behind " + state.tail().base()
                    + ". It has to wait until this node, or another leader, has a snapshot again."));
        }
        return false;
    }

    /** What it needs next may be gone by now: asked at the base, it says whether it needs a snapshot. */
    private boolean overtaken(Progress progress) {
        boolean gone = progress.next() <= state.tail().base().index();
        if (gone) {
            progress.probeFrom(state.tail().base().index() + 1);
        }
        return gone;
    }

    /** Sends what there is room for: entries, or news of the commit index. */
    private void feed(Progress progress, long now) {
        LogTail tail = state.tail();
        if (progress.windowOpen() && overtaken(progress)) {
            probe(progress, true, now);
            return;
        }
        while (progress.windowOpen() && progress.next() <= tail.lastIndex()) {
            send(progress, tail.slice(progress.next(), tail.lastIndex(), MESSAGE_BYTES), now);
        }
        if (progress.state() != Progress.State.REPLICATING) {
            return;
        }
        if (progress.told() >= Math.min(state.commit(), progress.next() - 1)) {
            progress.newsAt(Deadline.NEVER);
        } else if (progress.newsAt() == Deadline.NEVER) {
            progress.newsAt(now + NEWS_NANOS);
        } else if (Deadline.due(progress.newsAt(), now) && progress.windowOpen()) {
            send(progress, List.of(), now);
            progress.newsAt(Deadline.NEVER);
        }
    }

    /** A peer that has just spoken is sent a small batch with the question; a silent one the question alone. */
    private void probe(Progress progress, boolean spoke, long now) {
        overtaken(progress);
        List<Entry> entries = List.of();
        if (spoke && progress.next() <= state.tail().lastIndex()) {
            List<Entry> batch = state.tail().slice(progress.next(), state.tail().lastIndex(), PROBE_BYTES);
            entries = size(batch) <= PROBE_BYTES ? batch : entries;
        }
        send(progress, entries, now);
    }

    private void send(Progress progress, List<Entry> entries, long now) {
        EntryId previous = state.tail().id(progress.next() - 1);
        long sequence = progress.sent(entries.size(), size(entries), state.commit(), now);
        state.emit(new Effect.Send(
                progress.peer().node(), new AppendEntries(term, sequence, previous, entries, state.commit())));
    }

    private void damaged(Progress progress, String what) {
        progress.damaged();
        state.emit(new Effect.Warn(progress.peer() + " " + what + " in term " + term
                + ". Its disk was restored or damaged; it is neither fed nor counted until the next term."
                + " Stop it, empty its data folder and let it join anew."));
    }

    private static long size(List<Entry> entries) {
        long size = 0;
        for (Entry entry : entries) {
            size += entry.size();
        }
        return size;
    }

    private long timeout() {
        return state.settings().timeoutNanos();
    }
}
