package io.murmuration.actor;

import io.murmuration.core.log.Logs;
import io.murmuration.core.model.Blocks;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.SnapshotRpc.Held;
import io.murmuration.core.model.SnapshotRpc.SnapshotChunk;
import io.murmuration.core.model.SnapshotRpc.SnapshotId;
import io.murmuration.core.snapshot.Effect;
import io.murmuration.core.snapshot.SnapshotSettings;
import io.murmuration.core.snapshot.Snapshots;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The real Snapshots of two nodes, one of which holds a snapshot of 4,711 bytes that the other pulls in pieces of
 * 1,000, as many as the test lets pass. Who holds it leads; where it is to be decoded, it stays.
 */
final class Transfer {
    private static final int BYTES = 4_711;
    private static final SnapshotSettings SETTINGS = new SnapshotSettings(1_000, Situation.T, 1 << 20);

    final Held held;
    final Snapshots holder;
    final Snapshots puller;
    private final Situation situation;
    private final String from;
    private final String to;
    private final Blocks bytes = Blocks.of(new byte[BYTES]);
    private final Deque<SnapshotChunk> chunks = new ArrayDeque<>();

    Transfer(Situation situation, String from, String to, long index) {
        this.situation = situation;
        this.from = from;
        this.to = to;
        held = new Held(new SnapshotId(Logs.peer(from), index, bytes.checksum()), new EntryId(index, 1), BYTES);
        holder = new Snapshots(Logs.peer(from), SETTINGS, held);
        puller = new Snapshots(Logs.peer(to), SETTINGS, null);
    }

    /** The puller is offered it, and asks for the first piece. */
    void begins() {
        pulled(puller.fetch(held, situation.now));
    }

    /** So many pieces arrive. */
    void passes(int pieces) {
        for (int i = 0; i < pieces; i++) {
            pulled(puller.receive(Logs.peer(from), chunks.remove(), situation.now));
        }
    }

    private void pulled(List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Send send) {
                held(holder.receive(Logs.peer(to), send.message(), situation.now));
            }
        }
    }

    private void held(List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Send send && send.message() instanceof SnapshotChunk chunk) {
                chunks.add(chunk);
            } else if (effect instanceof Effect.Load load) {
                held(holder.loaded(load.id(), bytes, situation.now));
            } else if (effect instanceof Effect.Pulled pulled) {
                situation.leader().pulled(pulled.follower(), pulled.index(), situation.now);
            }
        }
    }
}
