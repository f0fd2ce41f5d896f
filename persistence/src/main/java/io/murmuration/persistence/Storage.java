package io.murmuration.persistence;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A node's data folder, opened: its lock, its journal and its snapshots.
 *
 * <p>Opening it either succeeds with everything durable or throws one sentence that says what to do.
 */
final class Storage implements AutoCloseable {

    static final String LOCK_FILE = "lock";
    static final String JOURNAL_FOLDER = "journal";
    static final String SNAPSHOT_FOLDER = "snapshots";
    private static final int NODE_NAME_LENGTH_MAX = 255;

    private final Closeable lock;
    private final Journal journal;
    private final SnapshotFolder snapshots;

    private Storage(Closeable lock, Journal journal, SnapshotFolder snapshots) {
        this.lock = lock;
        this.journal = journal;
        this.snapshots = snapshots;
    }

    /**
     * Opens a data folder.
     *
     * @param folder the folder; created if it is missing and its parent exists
     * @param node the name of the node to which it must belong
     * @throws StorageException if the folder cannot be used, is in use, belongs to another node or is damaged
     */
    static Storage open(Disk disk, Path folder, String node, JournalSettings settings) {
        requireName(node);
        Path absolute = folder.toAbsolutePath().normalize();
        try {
            createIfMissing(disk, absolute);
            Closeable lock = disk.lock(absolute.resolve(LOCK_FILE));
            try {
                return openLocked(disk, absolute, node, settings, lock);
            } catch (IOException | RuntimeException e) {
                DiskIo.closeAfter(e, lock);
                throw e;
            }
        } catch (FolderInUseException e) {
            throw new StorageException(
                    "The data folder " + absolute + " is in use: " + e.getMessage()
                            + ". Stop the other process, or set murmuration.data-dir to a folder of this node's own.",
                    e);
        } catch (IOException e) {
            throw new StorageException(
                    "The data folder " + absolute + " cannot be used (" + e
                            + "). Give this user the right to read and write it, make room on its disk, or set"
                            + " murmuration.data-dir to another folder.",
                    e);
        }
    }

    private static Storage openLocked(Disk disk, Path folder, String node, JournalSettings settings, Closeable lock)
            throws IOException {
        Identity known = Identity.read(disk, folder);
        if (known != null && !known.node().equals(node)) {
            throw new StorageException("The data folder " + folder + " belongs to node " + known.node()
                    + ", but this is node " + node
                    + ". Set murmuration.data-dir to this node's folder, or correct murmuration.node.");
        }
        Path journalFolder = folder.resolve(JOURNAL_FOLDER);
        Path snapshotFolder = folder.resolve(SNAPSHOT_FOLDER);
        createIfMissing(disk, journalFolder);
        createIfMissing(disk, snapshotFolder);
        Identity identity = known == null ? new Identity(node, UUID.randomUUID()) : known;
        prepareJournalFolder(disk, folder, journalFolder, known);
        SnapshotFolder snapshots = SnapshotFolder.open(disk, snapshotFolder, settings.checksums());
        Journal journal = Journal.open(disk, journalFolder, identity.journal(), settings);
        try {
            if (known == null) {
                identity.write(disk, folder);
            }
            return new Storage(lock, journal, snapshots);
        } catch (IOException | RuntimeException e) {
            DiskIo.closeAfter(e, journal);
            throw e;
        }
    }

    /** Tells a first start, also one that was cut short, from a folder that has lost a part. */
    private static void prepareJournalFolder(Disk disk, Path folder, Path journalFolder, @Nullable Identity known)
            throws IOException {
        JournalFiles files = JournalFiles.list(disk, journalFolder);
        refuseIncomplete(disk, folder, journalFolder, files, known);
        if (known == null && !files.numbers().isEmpty()) {
            disk.delete(journalFolder.resolve(SegmentId.fileName(1)));
            disk.forceFolder(journalFolder);
        }
    }

    /** Refuses a folder that has lost its journal, or the file that says whose it is. */
    static void refuseIncomplete(
            Disk disk, Path folder, Path journalFolder, JournalFiles files, @Nullable Identity known)
            throws IOException {
        if (known != null && files.numbers().isEmpty()) {
            throw new DamagedJournalException(
                    journalFolder, 0, "the journal of node " + known.node() + " was here and has no file any more.");
        }
        if (known == null && !files.isUnused(disk, journalFolder)) {
            throw new DamagedJournalException(
                    folder.resolve(Identity.FILE), 0, "the file is missing although the folder holds a journal.");
        }
    }

    /** The parent is forced also when the folder exists: a start before this one may have died in between. */
    private static void createIfMissing(Disk disk, Path folder) throws IOException {
        Path parent = folder.getParent();
        if (disk.isFolder(folder)) {
            if (parent != null) {
                disk.forceFolder(parent);
            }
            return;
        }
        if (disk.exists(folder)) {
            throw new StorageException("The data folder " + folder
                    + " is a file and not a folder. Move it away, or set murmuration.data-dir to another path.");
        }
        if (parent == null || !disk.isFolder(parent)) {
            throw new StorageException("The data folder " + folder + " cannot be created because " + parent
                    + " is not a folder. Create or mount it, or set murmuration.data-dir to another path.");
        }
        disk.createFolder(folder);
        disk.forceFolder(parent);
    }

    private static void requireName(String node) {
        if (node.isBlank()
                || node.length() > NODE_NAME_LENGTH_MAX
                || node.chars().anyMatch(Character::isISOControl)) {
            throw new StorageException("murmuration.node is \"" + node + "\" but must be a name of 1 to "
                    + NODE_NAME_LENGTH_MAX + " printable characters that stays the same over restarts.");
        }
    }

    Journal journal() {
        return journal;
    }

    SnapshotFolder snapshots() {
        return snapshots;
    }

    /** Finishes what waits, closes the files and gives the folder free; keeps the lock if the disk hangs. */
    @Override
    public void close() throws IOException {
        journal.close();
        lock.close();
    }
}
