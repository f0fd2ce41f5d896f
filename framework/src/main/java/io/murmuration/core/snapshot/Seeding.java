package io.murmuration.core.snapshot;

import io.murmuration.core.model.Deadline;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.SnapshotRpc.SnapshotWanted;
import java.util.List;

/**
 * Mutable. A Machine without a state: the other members are asked for a snapshot, in turn, one each T, until one is
 * installed.
 */
final class Seeding {
    /** Said once this is long in vain, and again after each {@link #WARN_EVERY} asks. */
    static final int WARN_FIRST = 20;

    static final int WARN_EVERY = 240;

    private final SnapshotSettings settings;
    private final Outbox out;
    private final long index;
    private final List<Peer> others;
    private long asks;
    private long askAt;

    Seeding(SnapshotSettings settings, Outbox out, long index, List<Peer> others, long now) {
        this.settings = settings;
        this.out = out;
        this.index = index;
        this.others = List.copyOf(others);
        this.askAt = now;
        if (this.others.isEmpty()) {
            out.warn("This replica has lost its state and no other member could give it a snapshot that reaches index "
                    + index + "; restore this node's data folder from a copy.");
        }
    }

    /** The least index that the snapshot must include. */
    long index() {
        return index;
    }

    long askAt() {
        return others.isEmpty() ? Deadline.NEVER : askAt;
    }

    /** Asks the next one if it is time to, unless a snapshot is on its way. */
    void wake(boolean busy, long now) {
        if (!Deadline.due(askAt(), now)) {
            return;
        }
        askAt = Deadline.after(now, settings.timeouts(1));
        if (busy) {
            return;
        }
        Peer next = others.get((int) (asks++ % others.size()));
        out.emit(new Effect.Send(next.node(), new SnapshotWanted(index)));
        if (asks % WARN_EVERY == WARN_FIRST) {
            out.warn("This replica has lost its state and waits for a snapshot that reaches index " + index
                    + ", which none of " + others + " has given so far; start them, and see that they are reachable.");
        }
    }

    /** The one that was asked has nothing after all. */
    void askNow(long now) {
        askAt = now;
    }
}
