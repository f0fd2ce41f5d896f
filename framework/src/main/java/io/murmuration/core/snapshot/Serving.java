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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Mutable. Sends the newest snapshot to whoever pulls it. Its bytes are read once and are in memory while somebody
 * pulls, at most one snapshot at a time, shared by all who do; so a snapshot that is deleted meanwhile is still sent to
 * its end.
 */
final class Serving {
    /**
     * Bytes that nobody asked for during so many T are given back. Till then a newer snapshot has to wait if somebody
     * is on the way: who gets pieces of this one must come to its end.
     */
    static final int QUIET_TIMEOUTS = 10;
    /** So many wait for the bytes to be read; others ask again anyway. Of so many it is known how far they are. */
    static final int WAITING_MAX = 16;

    private final SnapshotSettings settings;
    private final Outbox out;
    private final Map<Peer, SnapshotPull> waiting = new LinkedHashMap<>();
    /** Who was sent a piece of {@code bytes}, and not the last one. */
    private final Set<Peer> pulling = new HashSet<>();
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
            send(from, message, bytes);
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
        pulling.remove(from);
        if (bytes != null && !pulling.isEmpty() && !Deadline.due(releaseAt(), now)) {
            return;
        }
        release();
        if (loading == null) {
            loading = id;
            out.emit(new Effect.Load(id));
        }
        if (id.equals(loading) && (waiting.containsKey(from) || waiting.size() < WAITING_MAX)) {
            waiting.put(from, message);
        }
    }

    /** Somebody has it all, and installs it. */
    void arrived(Peer from, SnapshotId id) {
        if (id.equals(served)) {
            pulling.remove(from);
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
    boolean loaded(SnapshotId id, @Nullable Blocks found, long now) {
        if (!id.equals(loading)) {
            return true;
        }
        loading = null;
        served = found == null ? null : id;
        bytes = found;
        pulledAt = now;
        waiting.forEach((from, message) -> {
            if (found == null) {
                out.emit(new Effect.Send(from.node(), new SnapshotGone(id)));
            } else {
                send(from, message, found);
            }
        });
        waiting.clear();
        return found != null;
    }

    void wake(long now) {
        if (bytes != null && Deadline.due(releaseAt(), now)) {
            release();
        }
    }

    long wakeAt() {
        return bytes == null ? Deadline.NEVER : releaseAt();
    }

    private long releaseAt() {
        return Deadline.after(pulledAt, settings.timeouts(QUIET_TIMEOUTS));
    }

    private void release() {
        served = null;
        bytes = null;
        pulling.clear();
    }

    private void send(Peer to, SnapshotPull message, Blocks whole) {
        long offset = message.offset();
        if (offset < 0 || offset >= whole.size()) {
            return;
        }
        long end = Math.min(whole.size() - offset, settings.chunkBytes()) + offset;
        boolean last = end == whole.size();
        if (last) {
            pulling.remove(to);
        } else {
            pulling.add(to);
        }
        out.emit(new Effect.Send(to.node(), new SnapshotChunk(message.id(), offset, whole.slice(offset, end), last)));
    }
}
