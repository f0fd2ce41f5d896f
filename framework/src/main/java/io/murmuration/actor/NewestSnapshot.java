package io.murmuration.actor;

import io.murmuration.actor.SnapshotCoder.Content;
import io.murmuration.core.model.Blocks;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.SnapshotRpc.Held;
import io.murmuration.core.model.SnapshotRpc.SnapshotId;
import java.util.function.Consumer;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the newest snapshot of a replica that can be read and decoded, and says of each other why it cannot be. */
final class NewestSnapshot {
    private static final Logger LOG = LoggerFactory.getLogger(NewestSnapshot.class);

    private final ReplicaContext context;
    private final String id;
    private final SnapshotCoder coder;
    private final SnapshotLoads loads;
    private final Elsewhere elsewhere;
    private final Consumer<SnapshotsMessage.Stored> answer;

    NewestSnapshot(
            ReplicaContext context,
            String id,
            SnapshotCoder coder,
            SnapshotLoads loads,
            Elsewhere elsewhere,
            Consumer<SnapshotsMessage.Stored> answer) {
        this.context = context;
        this.id = id;
        this.coder = coder;
        this.loads = loads;
        this.elsewhere = elsewhere;
        this.answer = answer;
    }

    void load() {
        upTo(Long.MAX_VALUE, null);
    }

    /** {@code passedOver} says why newer ones cannot be used, or is null if there is none. */
    private void upTo(long index, @Nullable String passedOver) {
        loads.newest(
                index,
                found -> {
                    if (found != null) {
                        decode(found);
                    } else if (passedOver == null) {
                        answer.accept(new SnapshotsMessage.None());
                    } else {
                        answer.accept(new SnapshotsMessage.Unreadable(passedOver));
                    }
                },
                cause -> answer.accept(
                        new SnapshotsMessage.Unreadable("The snapshots of " + id + " cannot be read: " + cause)));
    }

    private void decode(SelectedSnapshot found) {
        long index = found.metadata().sequenceNr();
        elsewhere.run(
                () -> {
                    SnapshotsMessage.Stored stored = decoded(index, found.snapshot());
                    return () -> answer.accept(stored);
                },
                why -> () -> {
                    String passedOver =
                            "The snapshot at index " + index + " of " + id + " cannot be used (" + why + ").";
                    LOG.warn(
                            "[{}/{} snapshots] passes over a snapshot and looks for an older one ({})",
                            context.group(),
                            context.self().node(),
                            passedOver);
                    upTo(index - 1, passedOver);
                });
    }

    private SnapshotsMessage.Stored decoded(long index, Object stored) {
        if (!(stored instanceof byte[][] arrays)) {
            throw new MalformedException(
                    "It is a " + stored.getClass().getName() + ", which no replica of this version saves.");
        }
        Blocks bytes = Blocks.of(arrays);
        Content content = coder.fromBytes(context.id(), bytes);
        EntryId last = content.last();
        if (last.index() != index) {
            throw new MalformedException("It ends at " + last + " and is stored under " + index + ".");
        }
        Held held = new Held(new SnapshotId(context.self(), index, bytes.checksum()), last, bytes.size());
        return new SnapshotsMessage.Newest(held, content.members(), content.image());
    }
}
