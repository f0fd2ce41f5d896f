package io.murmuration.core.log;

import io.murmuration.core.model.Entry;
import io.murmuration.core.model.InvariantViolation;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Mutable. What the Machine is told: every committed entry once, in order, without a gap, and at most
 * {@link #WINDOW_BYTES} of them before it has applied them ("If commitIndex > lastApplied: increment lastApplied, apply
 * log[lastApplied] to state machine", §5.3).
 */
final class Feed {
    /** How many bytes of entries may wait in the Machine. */
    static final long WINDOW_BYTES = 4L << 20;
    /** The largest slice, so that the window does not open and close all at once. */
    static final long SLICE_BYTES = 512L << 10;

    private final ArrayDeque<Slice> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean ready;
    private long fed;
    private long applied;

    private record Slice(long last, long bytes) {}

    /** The Machine has started with a state at this index. */
    void machineReady(long index) {
        if (ready) {
            throw new InvariantViolation("The Machine has started twice, at " + fed + " and at " + index + ".");
        }
        ready = true;
        fed = index;
        applied = index;
    }

    /** A snapshot is about to replace what the Machine holds: it is fed nothing until it says where it starts. */
    void suspend() {
        ready = false;
        waiting.clear();
        waitingBytes = 0;
    }

    /** The Machine has applied up to this index. */
    void applied(long index) {
        if (!ready) {
            // Said before it took the snapshot.
            return;
        }
        if (index < applied || index > fed) {
            throw new InvariantViolation("The Machine says that it applied " + index + " after " + applied
                    + ", but was fed up to " + fed + ".");
        }
        applied = index;
        for (Slice next = waiting.peek(); next != null && next.last() <= index; next = waiting.peek()) {
            waitingBytes -= next.bytes();
            waiting.remove();
        }
    }

    /** Up to where the Machine needs no entry any more. */
    long applied() {
        return applied;
    }

    /** The next slice for the Machine; empty if there is none, or no room. */
    List<Entry> next(LogTail tail, long commit) {
        if (!ready || fed >= commit || waitingBytes + tail.size(fed + 1) > WINDOW_BYTES) {
            return List.of();
        }
        List<Entry> entries = tail.slice(fed + 1, commit, Math.min(SLICE_BYTES, WINDOW_BYTES - waitingBytes));
        long bytes = 0;
        for (Entry entry : entries) {
            bytes += entry.size();
        }
        fed += entries.size();
        waiting.add(new Slice(fed, bytes));
        waitingBytes += bytes;
        return entries;
    }
}
