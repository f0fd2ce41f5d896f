package io.murmuration.core.log;

import io.murmuration.core.model.Deadline;
import io.murmuration.core.model.Peer;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Mutable. What a leader knows of one follower: nextIndex and matchIndex of figure 2, and which messages are in flight.
 * Probing keeps one message in flight; replicating a window; a damaged one is sent nothing. Match never goes back.
 */
final class Progress {
    /** How many messages may be unanswered while replicating. */
    static final int WINDOW_MESSAGES = 4;
    /** How many bytes of entries may be unanswered while replicating. */
    static final long WINDOW_BYTES = 1L << 20;

    /** How many unanswered probes are remembered: an answer may take longer than the next probe waits for it. */
    private static final int PROBES_MAX = 16;

    /** How the follower is fed. */
    enum State {
        /** It is not known where the logs part: one message at a time. */
        PROBING,
        /** The logs match up to {@code next - 1} if nothing in flight is lost. */
        REPLICATING,
        /** It needs entries that the leader no longer has, and is to pull a snapshot (§7). */
        SNAPSHOTTING,
        /** It has lost what it had acknowledged: neither fed nor counted for the rest of the term [C11]. */
        DAMAGED
    }

    /** A message that is not answered yet; {@code matched} is what was known to match when it was sent. */
    record Flight(long sequence, long previous, long last, long commit, long bytes, long sentAt, long matched) {}

    private final Peer peer;
    private final ArrayDeque<Flight> flights = new ArrayDeque<>();
    private State state = State.PROBING;
    private long next;
    private long match;
    private long sequence;
    private long bytes;
    private long sentAt;
    private long heardAt;
    private long told;
    private long newsAt = Deadline.NEVER;
    private boolean reported;
    /** The index of the snapshot that it pulls or has pulled; 0 if it needs no entries because of that any more. */
    private long pulled;

    private long pulledAt;
    /** So far it must come before it is like any other. */
    private long level;
    /** When it last came closer to the end of the log. */
    private long movedAt;

    /** When it last ceased to hold all of the log. */
    private long fellAt;

    private boolean lacks;
    private boolean everHeard;
    /** The highest commit index that it is known to have been told. */
    private long learned;
    /** The index of the members that it does not belong to any more; 0 for a member. */
    private long left;

    /** Messages are numbered from behind {@code sequence} on. */
    Progress(Peer peer, long next, long sequence, long now) {
        this.peer = peer;
        this.sequence = sequence;
        this.next = next;
        this.sentAt = now;
        this.heardAt = now;
        this.movedAt = now;
        this.fellAt = now;
    }

    Peer peer() {
        return peer;
    }

    State state() {
        return state;
    }

    /** The index of the next entry to send. */
    long next() {
        return next;
    }

    /** Up to where the follower durably holds the leader's log. */
    long match() {
        return match;
    }

    /** What counts towards a majority. */
    long counted() {
        return state == State.DAMAGED ? 0 : match;
    }

    /** It was not spoken to for a while, so it is not to blame for its silence. */
    void excuse(long now) {
        heardAt = now;
    }

    /** When it was last heard, or met. */
    long heardAt() {
        return heardAt;
    }

    /** When it last came closer to the end of the log, by entries or by a snapshot, or was met. */
    long movedAt() {
        return movedAt;
    }

    /** It held all of the log until now. Only words for operators depend on it. */
    void falls(long now) {
        fellAt = now;
    }

    /** How long it has come no closer to the end of the log since it fell behind. */
    long stillness(long now) {
        return Math.min(now - movedAt, now - fellAt);
    }

    /** Whether it needs what is gone, and there is nothing to offer it. */
    boolean lacks() {
        return lacks;
    }

    /** Whether it has said anything since it was met. */
    boolean answered() {
        return everHeard;
    }

    /** Whether it has begun to pull a snapshot that has not brought it to its level yet. */
    boolean pulls() {
        return pulled > 0;
    }

    /** It belongs to the group (again). */
    void stays() {
        left = 0;
    }

    /** It no longer belongs to the group, by the members at this index: it is fed until it knows that. */
    void leaves(long index) {
        left = left == 0 ? index : left;
    }

    boolean leaving() {
        return left > 0;
    }

    /** Whether it left, and knows that this is committed, or will not hear of it from this leader. */
    boolean dismissed(long patience, long now) {
        return left > 0 && (learned >= left || now - heardAt >= patience);
    }

    /** The highest commit index that was sent and can take effect, since the follower was last probed. */
    long told() {
        return told;
    }

    boolean windowOpen() {
        return state == State.REPLICATING && flights.size() < WINDOW_MESSAGES && bytes < WINDOW_BYTES;
    }

    /** When the commit index is to be told without an entry, if nothing else tells it before. */
    long newsAt() {
        return newsAt;
    }

    void newsAt(long at) {
        newsAt = at;
    }

    /** Whether this follower's trouble is reported for the first time. */
    boolean report() {
        boolean first = !reported;
        reported = true;
        lacks = true;
        return first;
    }

    /** Counts a message that is sent now, with the entries from {@code next} on. */
    long sent(int entries, long size, long commit, long now) {
        long previous = next - 1;
        long last = previous + entries;
        if (state == State.PROBING && flights.size() == PROBES_MAX) {
            flights.remove();
        }
        flights.add(new Flight(++sequence, previous, last, commit, size, now, match));
        bytes += size;
        sentAt = now;
        if (state == State.REPLICATING) {
            next = last + 1;
            told = Math.max(told, Math.min(commit, last));
        }
        return sequence;
    }

    /**
     * The follower holds the log up to here. A late answer is as true as a new one: nobody cuts what matches in this
     * term.
     */
    void matched(long answered, long index, LogTail tail, long now) {
        heard(now);
        lacks = false;
        if (index > match) {
            match = index;
            movedAt = now;
        }
        learn(flight(answered));
        if (match >= level) {
            pulled = 0;
        }
        if (state == State.SNAPSHOTTING) {
            if (match >= tail.base().index()) {
                forgetFlights();
                level = tail.lastIndex();
                state = State.REPLICATING;
                next = match + 1;
                told = 0;
            }
            return;
        }
        if (state == State.PROBING) {
            Flight probe = flight(answered);
            forgetFlights();
            state = State.REPLICATING;
            next = match + 1;
            told = probe == null ? 0 : Math.min(probe.commit(), probe.last());
            return;
        }
        Iterator<Flight> each = flights.iterator();
        while (each.hasNext()) {
            Flight flight = each.next();
            if (flight.sequence() <= answered && flight.last() <= match) {
                bytes -= flight.bytes();
                each.remove();
            }
        }
        next = Math.max(next, match + 1);
    }

    /** Counts an offer of a snapshot that is sent now. */
    long offered(long now) {
        forgetFlights();
        state = State.SNAPSHOTTING;
        lacks = false;
        newsAt = Deadline.NEVER;
        sentAt = now;
        return ++sequence;
    }

    /** It has pulled a part of a snapshot, while the log ended there. */
    void pulled(long snapshot, long last, long now) {
        heard(now);
        movedAt = now;
        pulled = snapshot;
        pulledAt = now;
        level = last;
    }

    /**
     * The index behind which it will need entries, or none. From its first pull until it has caught up with what the
     * log was when it had the snapshot: else it would be overtaken again, and again. Not if it was silent for long.
     */
    long pin(long patience, long now) {
        long sign = state == State.SNAPSHOTTING ? pulledAt : heardAt;
        boolean waitedFor = pulled > 0 && state != State.DAMAGED && now - sign < patience;
        return waitedFor ? Math.max(pulled, match) : Prefix.NO_PIN;
    }

    /** The message that is answered, or null if it is no longer waited for. */
    @Nullable
    Flight flight(long answered) {
        for (Flight flight : flights) {
            if (flight.sequence() == answered) {
                return flight;
            }
        }
        return null;
    }

    void heard(long now) {
        heardAt = now;
        everHeard = true;
    }

    /** Back to one message at a time, from this entry on (never one that is known to match). */
    void probeFrom(long index) {
        forgetFlights();
        state = State.PROBING;
        next = Math.max(index, match + 1);
        told = 0;
        newsAt = Deadline.NEVER;
    }

    /** The follower denies what it had acknowledged. */
    void damaged() {
        forgetFlights();
        state = State.DAMAGED;
        newsAt = Deadline.NEVER;
    }

    /**
     * When something is to be done if no answer comes: a batch is lost after T/2, a probe after T/10, or T/2 after T.
     */
    long retryAt(long timeout) {
        Flight oldest = flights.peek();
        if (state == State.DAMAGED) {
            return Deadline.NEVER;
        }
        if (state == State.REPLICATING) {
            return oldest == null ? Deadline.NEVER : oldest.sentAt() + timeout / 2;
        }
        if (state == State.SNAPSHOTTING) {
            return sentAt + timeout / 2;
        }
        boolean silent = sentAt - heardAt >= timeout;
        return sentAt + (silent ? timeout / 2 : timeout / 10);
    }

    /**
     * When a follower to which nothing is sent is spoken to all the same: a restart makes it forget the commit index,
     * and nothing tells the leader so.
     */
    long reminderAt(long patience) {
        return state == State.REPLICATING && flights.isEmpty() ? sentAt + patience : Deadline.NEVER;
    }

    private void learn(@Nullable Flight told) {
        if (told != null) {
            learned = Math.max(learned, Math.min(told.commit(), told.last()));
        }
    }

    private void forgetFlights() {
        flights.clear();
        bytes = 0;
    }
}
