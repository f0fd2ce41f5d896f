package io.murmuration.persistence;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is in a data folder, read by the rules of the engine itself: a stopped node's folder, or a copy of one. Nothing
 * is written, nothing is created, and nothing is mended.
 *
 * <p>While it is open it holds the folder's lock, if there is one, in a way that others who only read may share: a node
 * does not start on the folder meanwhile. Memory is as for a start: 20 bytes per record, up to 60 while it is opened.
 * Not thread-safe.
 *
 * @since 0.1.0
 */
public final class JournalInspection implements AutoCloseable {

    private final Path folder;
    private final Closeable lock;
    private final Contents contents;

    /** Everything that was found, and where the events lie. */
    record Contents(
            String node,
            SegmentWriter.Place place,
            JournalIndex index,
            List<SegmentFile> segments,
            List<SnapshotEntry> snapshots,
            List<Damage> damages,
            List<Lost> lost,
            @Nullable TornTail tornTail) {}

    /** What a file of the log is. */
    public enum Use {
        /** Complete; a later one exists. */
        SEALED,
        /** The one that is written to. */
        LIVE,
        /** Its content stands in the newest segment too; the next start deletes it. */
        SUPERSEDED,
        /** Holds nothing that counts and waits to be written again. */
        SPARE,
        /** Was never finished; the next start deletes it. */
        UNFINISHED,
        /** Is not the journal's, or cannot be read as a segment. */
        UNREADABLE
    }

    /**
     * A file of the log.
     *
     * @param file its path
     * @param use what it is
     * @param number the number of the segment, 0 if it is none
     * @param size the size of the file in bytes
     * @param used up to where records are written, in bytes
     * @param records how many records can be read in it, those that stand for no event included
     * @param liveBytes the bytes of the records whose events are not deleted; 0 if the journal is damaged
     */
    public record SegmentFile(String file, Use use, long number, long size, long used, long records, long liveBytes) {}

    /**
     * What the journal holds of a persistence id.
     *
     * @param persistenceId the persistence id
     * @param highest its highest sequence number ever
     * @param deletedTo everything up to here is deleted
     * @param records how many records of it can be read and are not deleted
     * @param bytes what they take
     */
    public record Stream(String persistenceId, long highest, long deletedTo, long records, long bytes) {}

    /**
     * A snapshot.
     *
     * @param file its path
     * @param persistenceId whose it is, by the file's name
     * @param sequenceNr its sequence number, by the file's name
     * @param timestampMillis when it was taken, in milliseconds since 1970; 0 if it cannot be read
     * @param bytes the size of the file
     * @param intact whether each checksum in it holds
     * @param beginning the first bytes of its state as it is stored, read-only; empty if it is damaged
     */
    public record SnapshotEntry(
            String file,
            String persistenceId,
            long sequenceNr,
            long timestampMillis,
            long bytes,
            boolean intact,
            ByteBuffer beginning) {}

    /**
     * A place where the folder is not what a node wrote.
     *
     * @param file the damaged file
     * @param offset where the damage begins, in bytes from the beginning of the file
     * @param finding a sentence on what is wrong there
     * @param wayOut what to do, in full sentences
     */
    public record Damage(String file, long offset, String finding, String wayOut) {}

    /**
     * Events of which intact records tell and that cannot be read any more. What was written last may be lost besides.
     *
     * @param persistenceId whose they are
     * @param from the first sequence number
     * @param to the last sequence number
     */
    public record Lost(String persistenceId, long from, long to) {}

    /**
     * A write that was cut short and never confirmed, as a crash leaves it. It is no damage: the next start cuts it
     * off.
     *
     * @param file the segment
     * @param offset where it begins
     */
    public record TornTail(String file, long offset) {}

    /**
     * An event as it is stored, in the form that Pekko serialization gave it.
     *
     * @param sequenceNr its sequence number
     * @param timestampMillis when it was written, in milliseconds since 1970; 0 if who wrote it did not say
     * @param serializer the identifier of the serializer that wrote it
     * @param manifest what that serializer needs to know to read it
     * @param payload its bytes, in an array of their own
     */
    public record Event(long sequenceNr, long timestampMillis, int serializer, String manifest, ByteBuffer payload) {}

    private JournalInspection(Path folder, Closeable lock, Contents contents) {
        this.folder = folder;
        this.lock = lock;
        this.contents = contents;
    }

    /**
     * Reads a data folder whole, with every checksum. Blocks for as long as that takes.
     *
     * @param folder the folder that holds {@code journal} and {@code snapshots}
     * @return what is in it; damage is no exception, but told by {@link #damages}
     * @throws StorageException if it is no data folder, is in use, or cannot be read; the message says what to do
     */
    public static JournalInspection of(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        Disk disk = new LocalDisk();
        try {
            InspectionReader.requireDataFolder(disk, absolute);
            Path lockFile = absolute.resolve(Storage.LOCK_FILE);
            // Without the file no start has come so far that it would write: it is created before anything else.
            Closeable lock = disk.exists(lockFile) ? LocalDisk.lockForReading(lockFile) : () -> {};
            try {
                return of(disk, absolute, lock);
            } catch (IOException | RuntimeException e) {
                DiskIo.closeAfter(e, lock);
                throw e;
            }
        } catch (FolderInUseException e) {
            throw new StorageException(
                    "The data folder " + absolute + " is in use: " + e.getMessage()
                            + ". Stop the other process, or copy the folder and look at the copy.",
                    e);
        } catch (IOException e) {
            throw new StorageException(
                    "The data folder " + absolute + " cannot be read (" + e
                            + "). Give this user the right to read it, or copy it to a disk that is well.",
                    e);
        }
    }

    /** Reads a folder on any disk, whose lock is held. */
    static JournalInspection of(Disk disk, Path folder, Closeable lock) throws IOException {
        return new JournalInspection(folder, lock, new InspectionReader(disk, folder).read());
    }

    /**
     * Which folder it is.
     *
     * @return its absolute path
     */
    public Path folder() {
        return folder;
    }

    /**
     * Whose folder it is.
     *
     * @return the node's name; empty if the file that says it is damaged or missing
     */
    public String node() {
        return contents.node();
    }

    /**
     * The files of the log.
     *
     * @return the segments from the oldest to the newest, then the files that hold nothing
     */
    public List<SegmentFile> segments() {
        return contents.segments();
    }

    /**
     * What the journal holds.
     *
     * @return all persistence ids that it ever saw; of a damaged journal those of which something can be read
     */
    public List<Stream> streams() {
        return contents.index().streams().stream()
                .map(stream -> new Stream(
                        stream.persistenceId(),
                        stream.highest(),
                        stream.deletedTo(),
                        stream.liveRecords(),
                        stream.liveBytes()))
                .toList();
    }

    /**
     * The snapshots in the folder.
     *
     * @return all of them, by the names of their files
     */
    public List<SnapshotEntry> snapshots() {
        return contents.snapshots();
    }

    /**
     * Where the folder is damaged.
     *
     * @return each place; the first is the one by which a node would refuse to start, if only snapshots are damaged it
     *     would start
     */
    public List<Damage> damages() {
        return contents.damages();
    }

    /**
     * What is lost by the damage.
     *
     * @return by persistence id and in order
     */
    public List<Lost> lost() {
        return contents.lost();
    }

    /**
     * What a crash has cut short.
     *
     * @return the torn tail, or null if the log ends cleanly
     */
    public @Nullable TornTail tornTail() {
        return contents.tornTail();
    }

    /**
     * Reads events one by one; only one is in memory at a time. Of a damaged journal it gives whatever can be read.
     *
     * @param persistenceId whose events
     * @param from the first sequence number
     * @param to the last sequence number
     * @param sink is called in the order of the sequence numbers, by this thread
     * @throws StorageException if the files have changed since they were opened, or cannot be read any more
     */
    public void events(String persistenceId, long from, long to, Consumer<Event> sink) {
        Journal.EventSink decoded = (sequenceNr, event) -> {
            ReprCodec.Parts parts = ReprCodec.parts(persistenceId, sequenceNr, event);
            StoredObject payload = parts.payload();
            sink.accept(new Event(
                    sequenceNr,
                    parts.timestamp(),
                    payload.serializerId(),
                    payload.manifest(),
                    ByteBuffer.wrap(payload.bytes())));
        };
        try {
            new Replay(contents.place(), persistenceId, from, to, Long.MAX_VALUE, decoded)
                    .run(contents.index().stream(persistenceId));
        } catch (IOException e) {
            throw new StorageException(
                    "The events of " + persistenceId + " cannot be read (" + e + "). Is the folder being changed?", e);
        }
    }

    /** Lets go of the folder. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new StorageException("The lock of " + folder + " could not be let go (" + e + ").", e);
        }
    }
}
