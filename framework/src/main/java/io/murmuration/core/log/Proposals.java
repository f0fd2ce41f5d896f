package io.murmuration.core.log;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ClientRpc.Open;
import io.murmuration.core.model.ClientRpc.Proposal;
import io.murmuration.core.model.ClientRpc.Propose;
import io.murmuration.core.model.ClientRpc.Refusal;
import io.murmuration.core.model.ClientRpc.Refused;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Payload;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Mutable, on the hot path. Those who wait for proposals: first in a queue, then for an entry known by index
 * <em>and</em> term (thesis 6.3). A copy is said to be surely gone only if it never was in the log, or if another entry
 * is committed in its place: truncated is not gone, another node may hold it and win [B1].
 */
final class Proposals {
    /** How many bytes may wait in the queue. */
    static final long QUEUE_BYTES_MAX = 16L << 20;
    /**
     * How many runs of entries of past leaderships are remembered; the oldest is forgotten first, and stays unknown.
     */
    static final int DOUBTS_MAX = 1_024;
    /** What an entry costs beyond its payload, as {@link Entry#size} counts. */
    private static final long ENTRY_BYTES = 32;
    /** What an {@link Open} adds to the log, as far as bounds are concerned. */
    static final long OPEN_BYTES = ENTRY_BYTES + Payload.SMALL;

    private final ArrayDeque<Copy> queue = new ArrayDeque<>();
    /** Runs in the log, not committed; ascending. */
    private final ArrayDeque<Run> appended = new ArrayDeque<>();
    /** Runs of past leaderships whose fate is open. */
    private final ArrayDeque<Run> doubts = new ArrayDeque<>();

    private long queueBytes;
    private boolean flushAsked;

    /** One message of a Gateway. Its payloads follow each other in the queue. */
    private static final class Copy {
        final String node;
        final UUID life;
        final long batch;
        final long millis;
        final List<Long> serials;
        final List<Payload> payloads;
        int taken;

        Copy(String node, UUID life, long batch, long millis, List<Long> serials, List<Payload> payloads) {
            this.node = node;
            this.life = life;
            this.batch = batch;
            this.millis = millis;
            this.serials = serials;
            this.payloads = payloads;
        }

        /** An {@link Open} has no serials. */
        List<Long> serials(int from, int until) {
            return serials.isEmpty() ? serials : serials.subList(from, until);
        }
    }

    /** Payloads {@code from} to {@code until} of a copy, in the log from {@code first} on, all of its term. */
    private record Run(Copy copy, int from, int until, EntryId first) {
        long last() {
            return first.index() + until - from - 1;
        }
    }

    /** What a message adds to the log, as far as bounds are concerned. */
    static long size(Propose message) {
        long size = 0;
        for (Proposal proposal : message.proposals()) {
            size += ENTRY_BYTES + Payload.SMALL + proposal.command().size();
        }
        return size;
    }

    /** Whether a flush is to be asked for: one is outstanding at a time, also across leaderships. */
    boolean askForFlush() {
        boolean first = !flushAsked;
        flushAsked = true;
        return first;
    }

    void flushed() {
        flushAsked = false;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    long queueBytes() {
        return queueBytes;
    }

    void add(String node, Propose message, long millis) {
        List<Long> serials = new ArrayList<>(message.proposals().size());
        List<Payload> payloads = new ArrayList<>(message.proposals().size());
        for (Proposal proposal : message.proposals()) {
            serials.add(proposal.serial());
            payloads.add(
                    new Payload.Proposed(message.session(), proposal.serial(), message.lowest(), proposal.command()));
        }
        if (!payloads.isEmpty()) {
            enqueue(new Copy(node, message.life(), message.batch(), millis, serials, payloads));
        }
    }

    void add(String node, Open message, long millis) {
        Payload open = new Payload.OpenSession(message.life(), node);
        enqueue(new Copy(node, message.life(), message.batch(), millis, List.of(), List.of(open)));
    }

    /** The next batch of entries behind {@code last}: as much as waits and fits, but at least one. */
    List<Entry> take(long lastIndex, long term, long bytesMax) {
        List<Entry> batch = new ArrayList<>();
        long bytes = 0;
        for (Copy copy = queue.peek(); copy != null; copy = queue.peek()) {
            int from = copy.taken;
            EntryId first = new EntryId(lastIndex + batch.size() + 1, term);
            boolean full = false;
            while (copy.taken < copy.payloads.size() && !full) {
                Payload payload = copy.payloads.get(copy.taken);
                long size = ENTRY_BYTES + payload.size();
                full = !batch.isEmpty() && bytes + size > bytesMax;
                if (!full) {
                    batch.add(new Entry(new EntryId(lastIndex + batch.size() + 1, term), copy.millis, payload));
                    bytes += size;
                    copy.taken++;
                }
            }
            if (copy.taken > from) {
                appended.add(new Run(copy, from, copy.taken, first));
            }
            if (full) {
                break;
            }
            queue.remove();
        }
        queueBytes -= bytes;
        return List.copyOf(batch);
    }

    /** The leader has committed up to here: the Machine answers those who waited for it. */
    void committed(long commit) {
        for (Run next = appended.peek(); next != null && next.last() <= commit; next = appended.peek()) {
            appended.remove();
        }
    }

    /** Leadership is lost: what was appended is unknown from now on, what was not is surely not applied. */
    void stepDown(LogState state, @Nullable String leader) {
        for (Run run : appended) {
            refuse(state, run.copy(), run.from(), run.until(), leader, false);
            doubts.add(run);
            if (doubts.size() > DOUBTS_MAX) {
                doubts.remove();
            }
        }
        appended.clear();
        for (Copy copy : queue) {
            refuse(state, copy, copy.taken, copy.payloads.size(), leader, true);
        }
        queue.clear();
        queueBytes = 0;
    }

    /** Something is committed: where it is another entry than the one that was waited for, that one is surely gone. */
    void settle(LogState state, @Nullable String leader) {
        if (doubts.isEmpty()) {
            return;
        }
        long commit = state.commit();
        LongUnaryOperator termAt = state.tail()::term;
        Iterator<Run> each = doubts.iterator();
        while (each.hasNext()) {
            Run run = each.next();
            if (run.last() > commit) {
                continue;
            }
            if (run.first().index() <= state.tail().base().index()) {
                // What became of it is in a snapshot by now: it stays unknown.
                each.remove();
                continue;
            }
            int lost = run.from();
            while (lost < run.until()
                    && termAt.applyAsLong(index(run, lost)) == run.first().term()) {
                lost++;
            }
            if (lost < run.until()) {
                refuse(state, run.copy(), lost, run.until(), leader, true);
            }
            each.remove();
        }
    }

    private static long index(Run run, int position) {
        return run.first().index() + position - run.from();
    }

    private void enqueue(Copy copy) {
        queue.add(copy);
        for (Payload payload : copy.payloads) {
            queueBytes += ENTRY_BYTES + payload.size();
        }
    }

    private static void refuse(
            LogState state, Copy copy, int from, int until, @Nullable String leader, boolean surely) {
        ClientRpc refused =
                new Refused(copy.life, copy.batch, copy.serials(from, until), Refusal.NOT_LEADER, leader, surely);
        state.emit(new Effect.Answer(copy.node, refused));
    }
}
