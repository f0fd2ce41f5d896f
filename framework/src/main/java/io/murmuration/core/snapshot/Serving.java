package io.murmuration.core.snapshot;

import io.murmuration.core.model.Blocks;
import io.murmuration.core.model.Deadline;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.SnapshotRpc.Held;
import io.murmuration.core.model.SnapshotRpc.SnapshotChunk;
import io.murmuration.core.model.SnapshotRpc.SnapshotGone;
import io.murmuration.core.model.SnapshotRpc.SnapshotId;
import io.murmuration.core.model.SnapshotRpc.SnapshotPull;
import io.murmuration.core.snapshot.SnapshotsView.Served;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Mutable. Sends the newest snapshot to whoever pulls it. Its bytes are read once and are in memory while somebody
 * pulls, at most one snapshot at a time, shared by all who do; so a snapshot that is deleted meanwhile is still sent to
 * its end.
 *
 * <p>Who asks for a newer one meanwhile waits until nobody is on the way, and is answered then without asking again.
 */
final class Serving {
    /**
     * Bytes that nobody asked for during so many T are given back. Who gets pieces of them holds up a newer snapshot
     * till it has all of them, or has been silent for so many T; whoever still wants them asks sooner than that
     * ({@link Intake#PATIENCE_TIMEOUTS}).
     */
    static final int QUIET_TIMEOUTS = 10;
    /** So many wait for bytes to be read; others ask again anyway. Of so many it is known how far they are. */
    static final int WAITING_MAX = 16;

    private final SnapshotSettings settings;
    private final Outbox out;
    /** What is not answered yet: for what is being read, or for a newer one than {@code bytes}. */
    private final Map<Peer, SnapshotPull> waiting = new LinkedHashMap<>();
    /** Who was sent a piece of {@code bytes}; who asked last comes last. */
    private final Map<Peer, Turn> turns = new LinkedHashMap<>();
    /** How far each one is that pulls, or did; only words for operators depend on it. */
    private final Map<Peer, Served> progress = new LinkedHashMap<>();

    private @Nullable SnapshotId loading;
    private @Nullable SnapshotId served;
    private @Nullable Blocks bytes;
    private long pulledAt;

    Serving(SnapshotSettings settings, Outbox out) {
        this.settings = settings;
        this.out = out;
    }

    /** Somebody asks for a piece; {@code newest} is what this node holds. */
    void pull(Peer from, SnapshotPull message, @Nullable Held newest, long now) {
        SnapshotId id = message.id();
        if (id.equals(served) && bytes != null) {
            pulledAt = now;
            out.emit(new Effect.Pulled(from, id.index()));
            note(new Served(from, id.index(), message.offset(), bytes.size()));
            send(from, message, bytes, now);
            return;
        }
        if (!id.equals(loading) && (newest == null || !id.equals(newest.id()))) {
            out.emit(new Effect.Send(from.node(), new SnapshotGone(id)));
            return;
        }
        out.emit(new Effect.Pulled(from, id.index()));
        if (newest != null && id.equals(newest.id())) {
            note(new Served(from, id.index(), message.offset(), newest.size()));
        }
        // Who asks for a newer one has given up what it pulled before: it must not wait for itself.
        turns.computeIfPresent(from, (peer, turn) -> turn.ended());
        if (waiting.containsKey(from) || waiting.size() < WAITING_MAX) {
            waiting.put(from, message);
        }
        long heldTill = heldTill();
        if (loading == null && (heldTill == Deadline.NEVER || Deadline.due(heldTill, now))) {
            next(newest);
        }
    }

    /** Somebody has it all, and installs it. */
    void arrived(Peer from, SnapshotId id, @Nullable Held newest) {
        if (id.equals(served)) {
            turns.computeIfPresent(from, (peer, turn) -> turn.ended());
            if (!waiting.isEmpty() && heldTill() == Deadline.NEVER) {
                next(newest);
            }
        }
        Served known = progress.get(from);
        if (known != null && known.index() == id.index()) {
            note(new Served(from, id.index(), known.size(), known.size()));
        }
        out.emit(new Effect.Pulled(from, id.index()));
    }

    List<Served> view() {
        return List.copyOf(progress.values());
    }

    /** Of too many, those that pulled last are kept. */
    private void note(Served now) {
        progress.remove(now.to());
        progress.put(now.to(), now);
        if (progress.size() > WAITING_MAX) {
            progress.remove(progress.keySet().iterator().next());
        }
    }

    /**
     * The store has answered.
     *
     * @return false if there are no such bytes
     */
    boolean loaded(SnapshotId id, @Nullable Blocks found, @Nullable Held newest, long now) {
        if (!id.equals(loading)) {
            return true;
        }
        loading = null;
        served = found == null ? null : id;
        bytes = found;
        pulledAt = now;
        Iterator<Map.Entry<Peer, SnapshotPull>> each = waiting.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<Peer, SnapshotPull> one = each.next();
            if (one.getValue().id().equals(id)) {
                each.remove();
                if (found == null) {
                    out.emit(new Effect.Send(one.getKey().node(), new SnapshotGone(id)));
                } else {
                    send(one.getKey(), one.getValue(), found, now);
                }
            }
        }
        if (!waiting.isEmpty() && turns.isEmpty()) {
            next(newest);
        }
        return found != null;
    }

    void wake(@Nullable Held newest, long now) {
        if (Deadline.due(wakeAt(), now)) {
            next(newest);
        }
    }

    long wakeAt() {
        if (bytes == null) {
            return Deadline.NEVER;
        }
        return waiting.isEmpty() ? releaseAt() : Deadline.earlier(heldTill(), releaseAt());
    }

    private long releaseAt() {
        return Deadline.after(pulledAt, settings.timeouts(QUIET_TIMEOUTS));
    }

    /** When the last one of those has been silent for too long that hold up a newer snapshot; never if nobody does. */
    private long heldTill() {
        long till = Deadline.NEVER;
        for (Turn turn : turns.values()) {
            if (turn.holds()) {
                till = Deadline.after(turn.askedAt(), settings.timeouts(QUIET_TIMEOUTS));
            }
        }
        return till;
    }

    /** Gives the bytes back before others are read: those of two snapshots are never in memory. */
    private void next(@Nullable Held newest) {
        served = null;
        bytes = null;
        turns.clear();
        waiting.entrySet().removeIf(one -> {
            SnapshotId wanted = one.getValue().id();
            if (newest != null && wanted.equals(newest.id())) {
                return false;
            }
            out.emit(new Effect.Send(one.getKey().node(), new SnapshotGone(wanted)));
            return true;
        });
        if (newest != null && !waiting.isEmpty()) {
            loading = newest.id();
            out.emit(new Effect.Load(newest.id()));
        }
    }

    private void send(Peer to, SnapshotPull message, Blocks whole, long now) {
        long offset = message.offset();
        if (offset < 0 || offset >= whole.size()) {
            return;
        }
        long end = Math.min(whole.size() - offset, settings.chunkBytes()) + offset;
        boolean last = end == whole.size();
        Turn before = turns.get(to);
        if (before != null && offset < before.offset()) {
            turns.put(to, before.backAt(offset));
        } else {
            boolean getsOn = before == null || before.holds() || offset > before.offset();
            turns.remove(to);
            turns.put(to, new Turn(offset, !last && getsOn, now));
        }
        out.emit(new Effect.Send(to.node(), new SnapshotChunk(message.id(), offset, whole.slice(offset, end), last)));
    }

    /**
     * How far one is that pulls what is served.
     *
     * @param offset what it asked for
     * @param holds whether a newer snapshot waits for it
     * @param askedAt when it last got on
     */
    private record Turn(long offset, boolean holds, long askedAt) {
        /** It has it all, or wants another one; what it said before that may still come. */
        Turn ended() {
            return new Turn(Long.MAX_VALUE, false, askedAt);
        }

        /**
         * Either it starts over, or this is a late message: nobody waits for it, or longer for it, until it gets on.
         */
        Turn backAt(long earlier) {
            return new Turn(earlier, holds, askedAt);
        }
    }
}
