package io.murmuration.core.snapshot;

import io.murmuration.core.model.Blocks;
import io.murmuration.core.model.Deadline;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.SnapshotRpc;
import io.murmuration.core.model.SnapshotRpc.Held;
import io.murmuration.core.model.SnapshotRpc.SnapshotArrived;
import io.murmuration.core.model.SnapshotRpc.SnapshotChunk;
import io.murmuration.core.model.SnapshotRpc.SnapshotGone;
import io.murmuration.core.model.SnapshotRpc.SnapshotHeld;
import io.murmuration.core.model.SnapshotRpc.SnapshotId;
import io.murmuration.core.model.SnapshotRpc.SnapshotPull;
import io.murmuration.core.model.SnapshotRpc.SnapshotWanted;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Mutable. Which snapshots one replica holds, durable, and how it comes by them: taken by its own Machine, or pulled
 * from another node (§7, thesis 5.1). It deletes none before a newer one is durable and the Log's record over that one
 * is too [B5].
 *
 * <p>One method for each message; each returns what is to be done, in this order. Not thread-safe: one actor owns it.
 * Deterministic: no clock, no random, no I/O. {@code now} is the monotonic clock in nanoseconds. At most one snapshot
 * is pulled, one taken and one served at a time: each of them is in memory once.
 */
public final class Snapshots {
    /** At most one snapshot in so many T is taken because another node asks. */
    static final int TAKE_FOR_OTHERS_TIMEOUTS = 10;

    private final Peer self;
    private final SnapshotSettings settings;
    private final Outbox out = new Outbox();
    private final Saves saves = new Saves();
    private final Intake intake;
    private final Serving serving;
    private @Nullable Held newest;
    private @Nullable Seeding seeding;
    private long covered;
    private boolean tookForOthers;
    private long tookForOthersAt;

    /**
     * The Snapshots of a replica that has just started.
     *
     * @param self this node in this life of its disk
     * @param settings bounds and time-outs
     * @param newest the newest snapshot that this node holds, durable and readable; null if there is none
     */
    public Snapshots(Peer self, SnapshotSettings settings, @Nullable Held newest) {
        this.self = self;
        this.settings = settings;
        this.newest = newest;
        this.intake = new Intake(self, settings, out);
        this.serving = new Serving(settings, out);
    }

    /**
     * The Machine has no state: others are asked for one until an {@link #installed} one reaches the index. Said again,
     * it replaces what was said before.
     *
     * @param index the least index that the snapshot must include
     * @param others the other members
     * @param now the monotonic clock
     */
    public List<Effect> seed(long index, List<Peer> others, long now) {
        seeding = new Seeding(settings, out, index, others, now);
        return wake(now);
    }

    /**
     * The Machine has taken a snapshot. It takes no other before {@link Effect.TakeEnded}.
     *
     * @param image what it is at {@code last}
     * @param last the last entry that is included
     */
    public List<Effect> taken(Object image, EntryId last) {
        if (holds(last.index())) {
            endTake(last.index());
        } else {
            out.emit(new Effect.Encode(image, last));
        }
        return out.take();
    }

    /**
     * What was taken is encoded.
     *
     * @param last the last entry that is included
     * @param bytes all bytes
     * @param checksum {@link Blocks#checksum} of the bytes, computed where they were made
     */
    public List<Effect> encoded(EntryId last, Blocks bytes, long checksum) {
        if (bytes.size() > settings.bytesMax()) {
            return encodingFailed(
                    last,
                    "it has " + bytes.size() + " bytes and exceeds murmuration.snapshot-bytes-max ("
                            + settings.bytesMax() + "); raise that on all nodes, or split the state into more groups");
        }
        saves.add(new Saves.Job(last, bytes, checksum, false));
        saveNext();
        return out.take();
    }

    /**
     * What was taken cannot be encoded. The log grows until a later one can.
     *
     * @param last the last entry that is included
     * @param why what went wrong, and the way out, as a clause
     */
    public List<Effect> encodingFailed(EntryId last, String why) {
        out.warn("The snapshot at " + last + " is not kept: " + why + ".");
        out.emit(new Effect.TakeEnded(last.index(), false));
        return out.take();
    }

    /**
     * The store has made a snapshot durable.
     *
     * @param index its index
     */
    public List<Effect> saved(long index) {
        durable(saves.ended(index));
        saveNext();
        return out.take();
    }

    /**
     * The store could not make a snapshot durable.
     *
     * @param index its index
     * @param why what went wrong
     * @param now the monotonic clock
     */
    public List<Effect> saveFailed(long index, String why, long now) {
        Saves.Job failed = saves.ended(index);
        out.warn("The snapshot at " + failed.last() + " could not be saved (" + why
                + "); look at this node's disk. The log is kept meanwhile.");
        if (failed.pulled()) {
            intake.storeFailed(now);
        } else {
            out.emit(new Effect.TakeEnded(index, false));
        }
        saveNext();
        return out.take();
    }

    /**
     * The Log's record over a snapshot is durable: what lies below is no longer needed.
     *
     * @param index the index of that snapshot
     */
    public List<Effect> covered(long index) {
        covered = Math.max(covered, index);
        deleteOlder();
        return out.take();
    }

    /**
     * The Log was offered a snapshot by its leader.
     *
     * @param offer where it is held
     * @param now the monotonic clock
     */
    public List<Effect> fetch(Held offer, long now) {
        intake.fetch(offer, now);
        return out.take();
    }

    /**
     * Takes a message of another node's Snapshots.
     *
     * @param from the sender
     * @param message the message
     * @param now the monotonic clock
     */
    public List<Effect> receive(Peer from, SnapshotRpc message, long now) {
        if (message instanceof SnapshotPull pull) {
            serving.pull(from, pull, newest, now);
        } else if (message instanceof SnapshotArrived arrived) {
            serving.arrived(from, arrived.id());
        } else if (message instanceof SnapshotChunk chunk) {
            intake.chunk(from, chunk, now);
        } else if (message instanceof SnapshotGone gone) {
            if (intake.gone(from, gone.id()) && seeding != null) {
                seeding.askNow(now);
            }
        } else if (message instanceof SnapshotWanted wanted) {
            wanted(from, wanted.index(), now);
        } else if (message instanceof SnapshotHeld held) {
            if (seeding != null && held.snapshot().id().index() >= seeding.index()) {
                intake.fetch(held.snapshot(), now);
            }
        }
        return out.take();
    }

    /**
     * The store has read a snapshot.
     *
     * @param id which one
     * @param bytes its bytes, whose checksum fits the id; null if there are none
     * @param now the monotonic clock
     */
    public List<Effect> loaded(SnapshotId id, @Nullable Blocks bytes, long now) {
        Held held = newest;
        if (!serving.loaded(id, bytes, now) && held != null && id.equals(held.id())) {
            newest = null;
            out.emit(new Effect.Lost(id));
            out.warn("The snapshot at " + held.last() + " can no longer be read here and another one is taken; look at"
                    + " this node's disk.");
            out.emit(new Effect.TakeNow());
        }
        return out.take();
    }

    /**
     * The pulled snapshot is decoded.
     *
     * @param last the last entry that it says it includes
     * @param members the members in force there
     * @param image for the Machine
     * @param now the monotonic clock
     */
    public List<Effect> decoded(EntryId last, Members members, Object image, long now) {
        Saves.Job job = intake.decoded(last, members, image, now);
        if (job != null) {
            saves.add(job);
            saveNext();
        }
        return out.take();
    }

    /**
     * The pulled snapshot cannot be decoded, or is none of this group.
     *
     * @param why what is wrong with it
     * @param now the monotonic clock
     */
    public List<Effect> undecodable(String why, long now) {
        intake.undecodable(why, now);
        return out.take();
    }

    /**
     * The Log has installed the snapshot that was handed to it.
     *
     * @param index its index
     */
    public List<Effect> installed(long index) {
        intake.ended(index);
        if (seeding != null && index >= seeding.index()) {
            seeding = null;
        }
        tellLog();
        return out.take();
    }

    /**
     * The Log had no use for the snapshot that was handed to it.
     *
     * @param index its index
     */
    public List<Effect> unneeded(long index) {
        intake.ended(index);
        tellLog();
        return out.take();
    }

    /** Somebody on this node wants a snapshot. */
    public List<Effect> requested() {
        out.emit(new Effect.TakeNow());
        return out.take();
    }

    /**
     * The time of {@link #wakeAt} has come, or may have come.
     *
     * @param now the monotonic clock
     */
    public List<Effect> wake(long now) {
        intake.wake(now);
        serving.wake(now);
        if (seeding != null) {
            seeding.wake(intake.busy(now), now);
        }
        return out.take();
    }

    /** {@return when {@link #wake} is to be called, on the monotonic clock; {@link Long#MAX_VALUE} for never} */
    public long wakeAt() {
        long at = Deadline.earlier(intake.wakeAt(), serving.wakeAt());
        return seeding == null ? at : Deadline.earlier(at, seeding.askAt());
    }

    /**
     * {@return how far the snapshots are that travel}
     *
     * @param now the monotonic clock
     */
    public SnapshotsView view(long now) {
        return new SnapshotsView(intake.view(now), serving.view());
    }

    /** {@return the newest snapshot that this node holds, durable; null if there is none} */
    public @Nullable Held newest() {
        return newest;
    }

    /** Who asks in vain asks again, and then it may be there. */
    private void wanted(Peer from, long index, long now) {
        Held held = newest;
        if (held != null && held.id().index() >= index) {
            out.emit(new Effect.Send(from.node(), new SnapshotHeld(held)));
        } else if (!tookForOthers || now - tookForOthersAt >= settings.timeouts(TAKE_FOR_OTHERS_TIMEOUTS)) {
            tookForOthers = true;
            tookForOthersAt = now;
            out.emit(new Effect.TakeNow());
        }
    }

    private boolean holds(long index) {
        return newest != null && newest.id().index() >= index;
    }

    /**
     * Never saves at an index that a durable snapshot reaches: Pekko deletes what has the number of a save that failed,
     * and that would be the durable one.
     */
    private void saveNext() {
        for (Saves.Job job = saves.next(); job != null; job = saves.next()) {
            long index = job.last().index();
            if (!holds(index)) {
                out.emit(new Effect.Save(job.last(), job.bytes()));
                return;
            }
            durable(saves.ended(index));
        }
    }

    /** This snapshot, or one that reaches further, is durable. */
    private void durable(Saves.Job job) {
        long index = job.last().index();
        if (!holds(index)) {
            newest = new Held(
                    new SnapshotId(self, index, job.checksum()),
                    job.last(),
                    job.bytes().size());
        }
        if (job.pulled()) {
            intake.stored();
        } else {
            endTake(index);
        }
        if (index < covered) {
            deleteOlder();
        }
    }

    private void endTake(long index) {
        out.emit(new Effect.TakeEnded(index, true));
        if (newest != null && newest.id().index() == index) {
            out.emit(new Effect.Compact(newest));
        }
    }

    /** The one that was pulled is the newest now: the Log, should it lead, would offer one that is no longer served. */
    private void tellLog() {
        if (newest != null) {
            out.emit(new Effect.Compact(newest));
        }
    }

    private void deleteOlder() {
        if (newest != null) {
            out.emit(new Effect.DeleteBelow(Math.min(covered, newest.id().index())));
        }
    }
}
