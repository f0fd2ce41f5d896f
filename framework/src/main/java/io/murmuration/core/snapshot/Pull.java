package io.murmuration.core.snapshot;

import io.murmuration.core.model.Blocks;
import io.murmuration.core.model.Deadline;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.SnapshotRpc.Held;
import io.murmuration.core.model.SnapshotRpc.SnapshotChunk;
import io.murmuration.core.model.SnapshotRpc.SnapshotId;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Mutable. One snapshot on its way from its holder into this node's state. Its bytes come in order and each once, so
 * that those of two snapshots are never mixed [C7].
 */
final class Pull {
    /** What it waits for. */
    enum Phase {
        /** The holder's next chunk. */
        BYTES,
        /** The decoder. */
        DECODER,
        /** The snapshot store. */
        STORE,
        /** The own Log. */
        LOG
    }

    private final Held held;
    private final long startedAt;
    private final CRC32C checksum = new CRC32C();
    private Blocks.@Nullable Builder collected;
    private @Nullable Blocks bytes;
    private long received;
    private Phase phase = Phase.BYTES;
    private long progressAt;
    private long askAgainAt = Deadline.NEVER;
    private long patience;
    private long tellAt = Deadline.NEVER;
    private int asks;
    private @Nullable Members members;
    private @Nullable Object image;

    Pull(Held held, long patience, long now) {
        this.held = held;
        this.collected = new Blocks.Builder(held.size());
        this.patience = patience;
        this.startedAt = now;
        this.progressAt = now;
    }

    Held held() {
        return held;
    }

    SnapshotId id() {
        return held.id();
    }

    Phase phase() {
        return phase;
    }

    /** How many bytes have come: where to go on. */
    long received() {
        return received;
    }

    /** When something last came. */
    long progressAt() {
        return progressAt;
    }

    long askAgainAt() {
        return phase == Phase.BYTES ? askAgainAt : Deadline.NEVER;
    }

    /** When the holder is to be told again that it has arrived and is being installed. */
    long tellAt() {
        return tellAt;
    }

    void told(long again) {
        tellAt = again;
    }

    /** The holder is asked; each time in vain makes this node wait longer, so that a slow line is not filled twice. */
    void asked(long patienceMax, long now) {
        if (asks++ > 0) {
            patience = Math.min(2 * patience, patienceMax);
        }
        askAgainAt = Deadline.after(now, patience);
    }

    /** Whether this is the next piece, and of this snapshot. */
    boolean expects(SnapshotChunk chunk) {
        return phase == Phase.BYTES
                && held.id().equals(chunk.id())
                && chunk.offset() == received
                && chunk.bytes().size() > 0;
    }

    /** Whether the piece ends where, and only where, the snapshot that was offered ends. */
    boolean fits(SnapshotChunk chunk) {
        long end = received + chunk.bytes().size();
        return end <= held.size() && chunk.last() == (end == held.size());
    }

    /** Memory is taken only as bytes come: an offer alone, whose holder may be gone, costs none. */
    void add(SnapshotChunk chunk, long patienceMin, long now) {
        Blocks piece = chunk.bytes();
        Blocks.Builder builder = Objects.requireNonNull(collected, "While bytes come, they are collected.");
        for (byte[] array : piece.arrays()) {
            // Copied, since pieces are smaller than blocks should be.
            builder.add(array, 0, array.length);
            checksum.update(array);
        }
        received += piece.size();
        progressAt = now;
        if (asks == 1) {
            patience = Math.max(patienceMin, patience - patience / 8);
        }
        asks = 0;
    }

    SnapshotsView.Coming view(long now) {
        return new SnapshotsView.Coming(held, received, now - startedAt, now - progressAt);
    }

    boolean complete() {
        return received == held.size();
    }

    boolean intact() {
        return checksum.getValue() == held.id().checksum();
    }

    /** All bytes, for the decoder. */
    Blocks decoding() {
        phase = Phase.DECODER;
        Blocks whole = Objects.requireNonNull(collected, "A complete snapshot has bytes.")
                .build();
        collected = null;
        bytes = whole;
        return whole;
    }

    /** All bytes, for the store; they are not kept here any longer. */
    Blocks storing(Members inForce, Object decoded) {
        phase = Phase.STORE;
        members = inForce;
        image = decoded;
        Blocks whole = Objects.requireNonNull(bytes, "A decoded snapshot has bytes.");
        bytes = null;
        return whole;
    }

    /** For the Log; the image is not kept here any longer. */
    Effect.Install installing() {
        phase = Phase.LOG;
        Object decoded = Objects.requireNonNull(image, "A stored snapshot was decoded.");
        image = null;
        return new Effect.Install(
                held.last(), Objects.requireNonNull(members, "A stored snapshot was decoded."), decoded);
    }
}
