package io.murmuration.core.log;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.SnapshotRpc.Held;
import io.murmuration.core.model.SnapshotRpc.SnapshotId;
import io.murmuration.core.model.StoreRecord;
import io.murmuration.core.model.StoreRecord.Base;
import io.murmuration.core.model.StoreRecord.PrefixDropped;
import io.murmuration.core.model.StoreRecord.SnapshotInstalled;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Mutable. What stands in front of the entries (§7): the snapshot that the log rests on, and the one that is about to
 * replace what the log lacks. "If instead the snapshot describes a prefix of its log, then log entries covered by the
 * snapshot are deleted but entries following the snapshot are still valid and must be retained."
 *
 * <p>A prefix is dropped only when a snapshot that includes it is durable; what the journal says about it is durable
 * before anything that it replaces is deleted.
 */
final class Prefix {
    /** No follower needs an old part of the log. */
    static final long NO_PIN = Long.MAX_VALUE;

    private final LogState state;
    private final @Nullable UUID group;
    private boolean stateless;
    private @Nullable Held held;
    /** Waits for the fence. */
    private @Nullable Coming early;

    private @Nullable Coming installing;
    private long installingSequence;
    /** The index of the snapshot that was last to go to the Machine. */
    private long restoring;
    /** The snapshot that a write in flight makes the log rest on; 0 if there is none. */
    private long covering;

    private long coveringSequence;
    private long covered;

    /** A snapshot from another node, durable here. */
    private record Coming(EntryId last, Members members, Object image) {}

    Prefix(LogState state, @Nullable UUID group) {
        this.state = state;
        this.group = group;
    }

    /** The Machine of this replica has no state, and waits for one. */
    void stateless() {
        stateless = true;
    }

    /** The newest durable snapshot of this node, which a follower may pull. */
    @Nullable
    Held held() {
        return held;
    }

    /** The last index of {@link #held}, or 0. */
    long index() {
        return held == null ? 0 : held.last().index();
    }

    /** This node holds a snapshot, durably. */
    void hold(Held snapshot) {
        Held known = held;
        if (known == null || snapshot.last().index() > known.last().index()) {
            held = snapshot;
        }
    }

    /** A snapshot of this node can no longer be read. */
    void lost(SnapshotId id) {
        if (held != null && held.id().equals(id)) {
            held = null;
        }
    }

    /**
     * Whether what the Machine says of a state at this index is out of date: a snapshot that reaches further is on its
     * way to it.
     */
    boolean outdated(long index) {
        return index < restoring;
    }

    /**
     * Forgets what the newest snapshot includes, but for a tail for slow followers, and nothing behind the pin. What
     * the Machine has not applied is left alone: it did not say yet where it starts, or the snapshot is one that was
     * pulled and not needed, and the Machine is still to be fed what it includes.
     */
    void trim(long pin, long now) {
        Held newest = held;
        if (newest == null || newest.last().index() > Math.min(state.commit(), state.applied())) {
            return;
        }
        long index = newest.last().index();
        LogTail tail = state.tail();
        if (index > tail.base().index() && !tail.holds(newest.last())) {
            throw new InvariantViolation("State machine safety: the snapshot of this node ends with " + newest.last()
                    + ", but the committed entry there is " + tail.id(index) + ".");
        }
        long target = index <= tail.base().index()
                ? tail.base().index()
                : Math.min(pin, tail.indexBefore(index, state.settings().tailBytesMax()));
        if (target > tail.base().index()) {
            Base base = base(tail.id(target), state.membersAt(target));
            state.dropTo(target);
            coveringSequence = write(new PrefixDropped(base), now);
            covering = index;
        } else if (index > covered && covering < index) {
            cover(index);
        }
    }

    /** A snapshot from another node is durable here. Its {@code image} goes to the Machine when the log rests on it. */
    void install(EntryId last, Members members, Object image, long fence, boolean leads, long now) {
        Coming coming = new Coming(last, members, image);
        if (last.term() > fence) {
            // F1: nothing of a term before its ballot is durable.
            early = coming;
            state.emit(new Effect.TermSeen(last.term()));
            return;
        }
        early = null;
        if (installing != null || (last.index() > state.commit() ? leads : !restores(last))) {
            state.emit(new Effect.Unneeded(last.index()));
        } else if (last.index() > state.commit()) {
            replace(coming, now);
        } else {
            stateless = false;
            restoring = last.index();
            state.emit(new Effect.Restore(last.index(), image));
            cover(last.index());
        }
    }

    /** The fence has moved. */
    void fenced(long fence, boolean leads, long now) {
        Coming waiting = early;
        if (waiting != null && waiting.last().term() <= fence) {
            install(waiting.last(), waiting.members(), waiting.image(), fence, leads, now);
        }
    }

    /** The Store has answered. */
    void written(long sequence) {
        if (covering > 0 && sequence >= coveringSequence) {
            long index = covering;
            covering = 0;
            cover(index);
        }
        Coming coming = installing;
        if (coming != null && sequence >= installingSequence) {
            installing = null;
            stateless = false;
            state.emit(new Effect.Restore(coming.last().index(), coming.image()));
            cover(coming.last().index());
        }
    }

    /** A Machine without a state takes one that the log goes on from. */
    private boolean restores(EntryId last) {
        if (!stateless || last.index() < state.tail().base().index()) {
            return false;
        }
        if (!state.tail().holds(last)) {
            throw new InvariantViolation("State machine safety: a snapshot ends with " + last
                    + ", but the committed entry there is " + state.tail().id(last.index()) + ".");
        }
        return true;
    }

    private void replace(Coming coming, long now) {
        boolean follows = state.tail().holds(coming.last());
        EntryId end = state.tail().last();
        EntryId kept = follows && end.index() > coming.last().index() ? end : null;
        SnapshotInstalled record = new SnapshotInstalled(base(coming.last(), coming.members()), kept);
        installingSequence = state.install(coming.last(), coming.members(), kept, now);
        installing = coming;
        restoring = coming.last().index();
        state.emit(new Effect.Write(installingSequence, record));
    }

    private void cover(long index) {
        covered = Math.max(covered, index);
        state.emit(new Effect.Covered(index));
    }

    private long write(StoreRecord record, long now) {
        long sequence = state.durability().note(now);
        state.emit(new Effect.Write(sequence, record));
        return sequence;
    }

    /** The Store fills in the ballot [A1]. */
    private Base base(EntryId last, Members members) {
        UUID id = Objects.requireNonNull(group, "A Log runs only once its group is founded.");
        return new Base(id, state.self().incarnation(), state.founded(), members, Ballot.NONE, last);
    }
}
