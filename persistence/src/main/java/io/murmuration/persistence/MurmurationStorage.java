package io.murmuration.persistence;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's data folder: what the journal plugin and the snapshot-store plugin of one actor system share.
 *
 * <p>The folder is {@code murmuration.data-dir}; it is locked, bound to {@code murmuration.node}, and closed when the
 * actor system has terminated. The plugins open it when they are first used; a node calls {@link #open()} before that,
 * so that a wrong folder ends the start with one sentence. All methods may be called by any thread.
 *
 * @since 0.1.0
 */
public final class MurmurationStorage implements Extension {

    private static final Logger LOG = LoggerFactory.getLogger(MurmurationStorage.class);
    private static final Id ID = new Id();
    /** Tests put a disk with faults in front of the real one; nothing else sets it. */
    static volatile UnaryOperator<Disk> disks = UnaryOperator.identity();

    private final Config config;
    private final CompletableFuture<Throwable> failed = new CompletableFuture<>();
    private @Nullable Storage storage;
    private @Nullable StorageException refusal;

    private MurmurationStorage(ExtendedActorSystem system) {
        this.config = system.settings().config();
        system.registerOnTermination(this::close);
    }

    /** How Pekko finds the extension. */
    private static final class Id extends AbstractExtensionId<MurmurationStorage> {

        @Override
        public MurmurationStorage createExtension(ExtendedActorSystem system) {
            return new MurmurationStorage(system);
        }
    }

    /**
     * Returns the storage of an actor system.
     *
     * @param system the actor system, classic or typed
     * @return its storage, opened or not
     */
    public static MurmurationStorage get(ClassicActorSystemProvider system) {
        return ID.get(system);
    }

    /**
     * Opens the data folder and recovers the journal, if that was not done yet. Blocks for as long as reading the
     * journal takes.
     *
     * @throws StorageException if the folder cannot be used; the message is one sentence for the operator. A later call
     *     throws the same again
     * @throws DamagedJournalException if something that may have been acknowledged is damaged
     */
    public void open() {
        opened();
    }

    /**
     * Completes when the storage has ended for good, with the reason: an I/O error, a failed force, or a folder that
     * could not be opened.
     *
     * <p>A node that sees this is not alive any more: it should exit with code 3 and be started again. The same process
     * never writes to the journal again.
     *
     * @return a stage that completes with the reason, or never
     */
    public CompletionStage<Throwable> failed() {
        return failed.minimalCompletionStage();
    }

    /**
     * Says whether the storage has ended for good.
     *
     * @return true once {@link #failed()} has completed
     */
    public boolean isFailed() {
        return failed.isDone();
    }

    /** The opened storage; opens it if need be. */
    synchronized Storage opened() {
        if (refusal != null) {
            throw refusal;
        }
        if (storage == null) {
            try {
                storage = openConfigured();
            } catch (StorageException e) {
                refusal = e;
                LOG.error("[storage] {}", e.getMessage());
                failed.complete(e);
                throw e;
            }
            storage.journal().failed().thenAccept(failed::complete);
            storage.snapshots().failed().thenAccept(failed::complete);
        }
        return storage;
    }

    private Storage openConfigured() {
        try {
            if (!config.hasPath("murmuration.node")) {
                throw new StorageException("murmuration.node is not set; give this node a name that stays the same over"
                        + " restarts, because its data folder is bound to it.");
            }
            JournalSettings settings = JournalSettings.of(
                    config.getBytes("murmuration.journal.segment-bytes"),
                    config.getBytes("murmuration.journal.queue-bytes"));
            Path folder = Path.of(config.getString("murmuration.data-dir"));
            return Storage.open(disks.apply(new LocalDisk()), folder, config.getString("murmuration.node"), settings);
        } catch (ConfigException | InvalidPathException e) {
            throw new StorageException("The configuration of the storage cannot be read (" + e.getMessage() + ").", e);
        }
    }

    private synchronized void close() {
        if (refusal == null) {
            refusal = new StorageException("The storage is closed because the actor system has terminated.");
        }
        if (storage != null) {
            try {
                storage.close();
            } catch (IOException e) {
                LOG.warn("[storage] could not close the data folder in order ({})", e.toString());
            }
            storage = null;
        }
    }
}
