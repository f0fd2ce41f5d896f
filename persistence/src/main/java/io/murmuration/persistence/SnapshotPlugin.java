package io.murmuration.persistence;

import com.typesafe.config.Config;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.pekko.dispatch.Futures;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.snapshot.japi.SnapshotStore;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;

/**
 * The embedded snapshot store as a Pekko Persistence plugin: {@code murmuration.snapshot-store}.
 *
 * <p>A thin adapter: encoding and all I/O run on the dispatcher named by {@code io-dispatcher}. A save is confirmed
 * when the snapshot would survive a power failure. It deletes only what it is told to delete. A {@code byte[][]} whose
 * arrays have at most 2 MiB each is stored and returned as it is, without a serializer and without ever being one
 * array: for what is large.
 *
 * @since 0.1.0
 */
public final class SnapshotPlugin extends SnapshotStore {

    private final MurmurationStorage storage;
    private final ReprCodec codec;
    private final ExecutionContext ioDispatcher;

    /**
     * Called by Pekko.
     *
     * @param config the configuration of the plugin
     */
    public SnapshotPlugin(Config config) {
        this.storage = MurmurationStorage.get(context().system());
        this.codec = new ReprCodec(context().system());
        this.ioDispatcher = context().system().dispatchers().lookup(config.getString("io-dispatcher"));
    }

    @Override
    public Future<Optional<SelectedSnapshot>> doLoadAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
        return run(() -> storage.opened()
                .snapshots()
                .load(persistenceId, rangeOf(criteria))
                .map(this::decode));
    }

    @Override
    public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
        return act(() -> storage.opened().snapshots().save(encode(metadata, snapshot)));
    }

    @Override
    public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
        // Pekko leaves the time out (0) where only the number is meant.
        long timestamp = metadata.timestamp();
        SnapshotRange range = timestamp == 0
                ? SnapshotRange.exactly(metadata.sequenceNr())
                : new SnapshotRange(metadata.sequenceNr(), metadata.sequenceNr(), timestamp, timestamp);
        return act(() -> storage.opened().snapshots().delete(metadata.persistenceId(), range));
    }

    @Override
    public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
        return act(() -> storage.opened().snapshots().delete(persistenceId, rangeOf(criteria)));
    }

    private SnapshotRecord encode(SnapshotMetadata metadata, Object snapshot) {
        @Nullable
        StoredObject attached = metadata.metadata().isDefined()
                ? codec.encodeObject(metadata.metadata().get())
                : null;
        return new SnapshotRecord(
                metadata.persistenceId(), metadata.sequenceNr(), metadata.timestamp(), attached, stateOf(snapshot));
    }

    /** No serializer makes one array of what is in blocks already. */
    private SnapshotState stateOf(Object snapshot) {
        return snapshot instanceof byte[][] arrays && SnapshotState.takesAsTheyAre(arrays)
                ? SnapshotState.of(arrays)
                : SnapshotState.of(codec.encodeObject(snapshot));
    }

    private SelectedSnapshot decode(SnapshotRecord stored) {
        SnapshotMetadata metadata =
                SnapshotMetadata.apply(stored.persistenceId(), stored.sequenceNr(), stored.timestamp());
        StoredObject attached = stored.metadata();
        if (attached != null) {
            metadata = metadata.withMetadata(codec.decodeObject(attached));
        }
        SnapshotState state = stored.state();
        return SelectedSnapshot.create(metadata, state.asItIs() ? state.arrays() : codec.decodeObject(state.object()));
    }

    private static SnapshotRange rangeOf(SnapshotSelectionCriteria criteria) {
        return new SnapshotRange(
                criteria.minSequenceNr(), criteria.maxSequenceNr(), criteria.minTimestamp(), criteria.maxTimestamp());
    }

    /** Work that has no result. */
    @FunctionalInterface
    private interface Action {
        void run() throws Exception;
    }

    private Future<Void> act(Action action) {
        return run(() -> {
            action.run();
            return null;
        });
    }

    private <T extends @Nullable Object> Future<T> run(Callable<T> work) {
        return Futures.future(work, ioDispatcher);
    }
}
