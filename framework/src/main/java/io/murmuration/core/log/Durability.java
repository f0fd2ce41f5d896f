package io.murmuration.core.log;

import io.murmuration.core.model.Deadline;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.LostPatience;
import java.util.ArrayDeque;

/**
 * Mutable. How far the log in memory is on disk. A write is known by its sequence and never by its indices: an entry
 * can be replaced, and come back, while writes are in flight. What a later write replaced, an earlier one no longer
 * makes durable.
 */
final class Durability {
    /** A local time-out is at least 60 s and means "stop loudly". */
    static final long PATIENCE_NANOS = 60_000_000_000L;

    /** A check that comes so late was held up itself. */
    private static final long PAUSE_NANOS = 1_000_000_000L;

    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private long sequence;
    private long answered;
    private long durable;

    /** One write in flight. */
    private static final class Pending {
        final long sequence;
        long since;
        long last;

        Pending(long sequence, long since, long last) {
            this.sequence = sequence;
            this.since = since;
            this.last = last;
        }
    }

    /** Starts with a log that was read from disk. */
    Durability(EntryId recovered) {
        durable = recovered.index();
    }

    /** The last index up to which the log in memory is on disk. */
    long durable() {
        return durable;
    }

    /** Counts a write that makes the log from {@code first} on what it is now, up to {@code last}. */
    long begin(long first, long last, long now) {
        durable = Math.min(durable, first - 1);
        for (Pending earlier : pending) {
            earlier.last = Math.min(earlier.last, first - 1);
        }
        pending.add(new Pending(++sequence, now, last));
        return sequence;
    }

    /** Counts a write that changes nothing about what the log holds. */
    long note(long now) {
        pending.add(new Pending(++sequence, now, 0));
        return sequence;
    }

    /**
     * Counts the write that lets a snapshot stand for everything up to its index. Entries behind it that are kept are
     * as durable as they were; others are gone.
     */
    long install(long snapshot, long kept, long now) {
        durable = Math.min(durable, kept);
        for (Pending earlier : pending) {
            earlier.last = Math.min(earlier.last, kept);
        }
        pending.add(new Pending(++sequence, now, snapshot));
        return sequence;
    }

    /** {@return the number of the last write that the Store has answered, whatever it was for} */
    long answered() {
        return answered;
    }

    /** The Store has answered: this write and all before it are on disk. */
    void written(long number) {
        answered = Math.max(answered, number);
        for (Pending next = pending.peek(); next != null && next.sequence <= number; next = pending.peek()) {
            durable = Math.max(durable, next.last);
            pending.remove();
        }
    }

    /** How long the oldest write has waited for the disk; 0 if none is in flight. */
    long oldest(long now) {
        Pending oldest = pending.peek();
        return oldest == null ? 0 : now - oldest.since;
    }

    /** When the oldest write will have waited too long. */
    long patienceEnds() {
        Pending oldest = pending.peek();
        return oldest == null ? Deadline.NEVER : oldest.since + PATIENCE_NANOS;
    }

    /** Stops the replica when the Store has been silent for too long. */
    void check(long now) {
        Pending oldest = pending.peek();
        if (oldest == null || !Deadline.due(patienceEnds(), now)) {
            return;
        }
        if (now - patienceEnds() > PAUSE_NANOS) {
            // This whole process stood still: the answer may wait in the mailbox, so the Store is given its time anew.
            pending.forEach(write -> write.since = now);
        } else {
            throw new LostPatience("The Store has not answered write " + oldest.sequence
                    + " for 60 s; look at this node's disk. The replica stops and starts anew.");
        }
    }
}
