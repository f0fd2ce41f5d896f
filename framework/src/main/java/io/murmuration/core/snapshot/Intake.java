package io.murmuration.core.snapshot;

import io.murmuration.core.model.Deadline;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.SnapshotRpc.Held;
import io.murmuration.core.model.SnapshotRpc.SnapshotArrived;
import io.murmuration.core.model.SnapshotRpc.SnapshotChunk;
import io.murmuration.core.model.SnapshotRpc.SnapshotId;
import io.murmuration.core.model.SnapshotRpc.SnapshotPull;
import org.jspecify.annotations.Nullable;

/**
 * Mutable. Pulls at most one snapshot at a time, chunk by chunk, from the node that holds it. While that makes progress
 * other offers are ignored; time-outs are on progress, never on the whole [C7].
 */
final class Intake {
    /** After so many T without progress another snapshot may take its place; till then it goes on where it was. */
    static final int STALLED_TIMEOUTS = 10;
    /** After so many T without progress its memory is given back. */
    static final int ABANDONED_TIMEOUTS = 120;
    /** A chunk is asked for again after at least one T and at most so many. */
    static final int PATIENCE_TIMEOUTS = 8;
    /** A snapshot that cannot be taken in is not tried, and not complained about, again for so many T. */
    static final int REFUSED_TIMEOUTS = 100;

    /** A disk without space may soon have some again: one that could not be saved is pulled again after so many T. */
    static final int UNSAVED_TIMEOUTS = 10;

    private final Peer self;
    private final SnapshotSettings settings;
    private final Outbox out;
    private @Nullable Pull pull;
    private @Nullable SnapshotId refused;
    private long refusedUntil;

    Intake(Peer self, SnapshotSettings settings, Outbox out) {
        this.self = self;
        this.settings = settings;
        this.out = out;
    }

    /** Whether a snapshot is on its way and gets on. */
    boolean busy(long now) {
        return pull != null && !stalled(pull, now);
    }

    SnapshotsView.@Nullable Coming view(long now) {
        return pull == null ? null : pull.view(now);
    }

    /** Pulls this snapshot, unless another one is making progress. The same one goes on where it is. */
    void fetch(Held offer, long now) {
        if (offer.id().holder().node().equals(self.node()) || busy(now)) {
            return;
        }
        if (pull != null && pull.id().equals(offer.id())) {
            return;
        }
        if (offer.id().equals(refused) && now - refusedUntil < 0) {
            return;
        }
        if (offer.size() > settings.bytesMax()) {
            refuse(
                    offer.id(),
                    now,
                    "Snapshot at " + offer.last() + " on " + offer.id().holder() + " has " + offer.size()
                            + " bytes and exceeds murmuration.snapshot-bytes-max (" + settings.bytesMax()
                            + ") on this node; raise it here, or split the state into more groups.");
            return;
        }
        if (offer.size() <= 0 || offer.last().index() != offer.id().index()) {
            return;
        }
        pull = new Pull(offer, settings.timeouts(1), now);
        ask(pull, now);
    }

    /** A piece has come. One that is not the next of this snapshot, from its holder, is late or doubled: ignored. */
    void chunk(Peer from, SnapshotChunk chunk, long now) {
        Pull current = pull;
        if (current == null || !from.equals(current.id().holder()) || !current.expects(chunk)) {
            return;
        }
        if (!current.fits(chunk)) {
            damaged(
                    current,
                    "its size is not the one that was offered, "
                            + current.held().size() + " bytes");
            return;
        }
        current.add(chunk, settings.timeouts(1), now);
        if (!current.complete()) {
            ask(current, now);
        } else if (current.intact()) {
            out.emit(new Effect.Decode(current.decoding()));
            arrived(current, now);
        } else {
            damaged(current, "its checksum does not fit");
        }
    }

    /** The holder no longer has it. Whoever needs one starts with another, at 0. */
    boolean gone(Peer from, SnapshotId id) {
        Pull current = pull;
        if (current == null
                || current.phase() != Pull.Phase.BYTES
                || !current.id().equals(id)
                || !from.equals(id.holder())) {
            return false;
        }
        pull = null;
        return true;
    }

    /** Decoded: it must be what was offered. What is to be stored now, or null if it is not wanted. */
    Saves.@Nullable Job decoded(EntryId last, Members members, Object image, long now) {
        Pull current = in(Pull.Phase.DECODER);
        if (current == null) {
            return null;
        }
        Held held = current.held();
        if (!last.equals(held.last())) {
            pull = null;
            refuse(
                    held.id(),
                    now,
                    "The snapshot that " + held.id().holder() + " offered as " + held.last() + " ends at " + last
                            + " and is not installed; look at the versions and the disks of both nodes.");
            return null;
        }
        return new Saves.Job(
                held.last(), current.storing(members, image), held.id().checksum(), true);
    }

    void undecodable(String why, long now) {
        Pull current = in(Pull.Phase.DECODER);
        if (current != null) {
            pull = null;
            refuse(
                    current.id(),
                    now,
                    "The snapshot at " + current.held().last() + " from "
                            + current.id().holder() + " cannot be read here (" + why
                            + "); run the same version of the application on all nodes.");
        }
    }

    /** Durable: the Log's turn. */
    void stored() {
        Pull current = in(Pull.Phase.STORE);
        if (current != null) {
            out.emit(current.installing());
        }
    }

    void storeFailed(long now) {
        Pull current = in(Pull.Phase.STORE);
        if (current != null) {
            pull = null;
            refused = current.id();
            refusedUntil = Deadline.after(now, settings.timeouts(UNSAVED_TIMEOUTS));
        }
    }

    /** The Log has it in its hands, or does not want it. */
    void ended(long index) {
        Pull current = in(Pull.Phase.LOG);
        if (current != null && current.held().last().index() == index) {
            pull = null;
        }
    }

    void wake(long now) {
        Pull current = pull;
        if (current == null) {
            return;
        }
        if (current.phase() != Pull.Phase.BYTES) {
            if (Deadline.due(current.tellAt(), now)) {
                arrived(current, now);
            }
        } else if (Deadline.due(abandonAt(current), now)) {
            pull = null;
        } else if (Deadline.due(current.askAgainAt(), now)) {
            ask(current, now);
        }
    }

    long wakeAt() {
        if (pull == null) {
            return Deadline.NEVER;
        }
        return pull.phase() == Pull.Phase.BYTES ? Deadline.earlier(pull.askAgainAt(), abandonAt(pull)) : pull.tellAt();
    }

    /** Decoding and saving a large one takes longer than a silent follower is waited for. */
    private void arrived(Pull current, long now) {
        current.told(Deadline.after(now, settings.timeouts(1)));
        out.emit(new Effect.Send(current.id().holder().node(), new SnapshotArrived(current.id())));
    }

    private long abandonAt(Pull current) {
        return Deadline.after(current.progressAt(), settings.timeouts(ABANDONED_TIMEOUTS));
    }

    private boolean stalled(Pull current, long now) {
        return current.phase() == Pull.Phase.BYTES && now - current.progressAt() >= settings.timeouts(STALLED_TIMEOUTS);
    }

    private @Nullable Pull in(Pull.Phase phase) {
        return pull != null && pull.phase() == phase ? pull : null;
    }

    private void ask(Pull current, long now) {
        current.asked(settings.timeouts(PATIENCE_TIMEOUTS), now);
        out.emit(new Effect.Send(current.id().holder().node(), new SnapshotPull(current.id(), current.received())));
    }

    private void damaged(Pull current, String what) {
        pull = null;
        out.warn("The snapshot at " + current.held().last() + " from "
                + current.id().holder() + " is thrown away (" + what
                + ") and asked for anew; if that happens again, look at the memory and the disk of that node.");
    }

    private void refuse(SnapshotId id, long now, String why) {
        refused = id;
        refusedUntil = Deadline.after(now, settings.timeouts(REFUSED_TIMEOUTS));
        out.warn(why);
    }
}
