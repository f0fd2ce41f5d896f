package io.murmuration.persistence;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of a node: one file each, written under another name, forced, renamed, and the folder forced.
 *
 * <p>A snapshot is confirmed only when it would survive a power failure. A failed save leaves the others untouched and
 * may be repeated; a failed force is final, as for the journal. The methods block on the disk and may be called by any
 * thread.
 */
final class SnapshotFolder {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotFolder.class);
    static final String SUFFIX = ".snapshot";
    private static final String UNFINISHED_SUFFIX = ".tmp";
    private static final int NAME_LENGTH_MAX = 240;
    private static final long UNREADABLE = -1;

    private final Disk disk;
    private final Path folder;
    private final Supplier<? extends Checksum> checksums;
    private final Map<String, NavigableMap<Long, Long>> timestamps = new HashMap<>();
    private final AtomicLong unfinished = new AtomicLong();
    private final CompletableFuture<Throwable> failed = new CompletableFuture<>();

    private SnapshotFolder(Disk disk, Path folder, Supplier<? extends Checksum> checksums) {
        this.disk = disk;
        this.folder = folder;
        this.checksums = checksums;
    }

    /** Lists the snapshots in a folder and removes what was never finished. */
    static SnapshotFolder open(Disk disk, Path folder, Supplier<? extends Checksum> checksums) throws IOException {
        SnapshotFolder snapshots = new SnapshotFolder(disk, folder, checksums);
        for (String name : disk.list(folder)) {
            if (name.endsWith(UNFINISHED_SUFFIX)) {
                disk.delete(folder.resolve(name));
            } else {
                snapshots.take(name);
            }
        }
        // A rename of the process before may be in memory only.
        disk.forceFolder(folder);
        return snapshots;
    }

    private void take(String name) throws IOException {
        Name parsed = Name.of(name);
        if (parsed == null) {
            LOG.warn("[snapshots] ignored a file that is not a snapshot file={}", folder.resolve(name));
        } else {
            put(parsed.persistenceId, parsed.sequenceNr, readTimestamp(parsed, folder.resolve(name)));
        }
    }

    /**
     * What the name of a snapshot's file says.
     *
     * @param persistenceId whose snapshot it is
     * @param sequenceNr its sequence number
     */
    record Name(String persistenceId, long sequenceNr) {

        /** Reads a name; null if it is not that of a snapshot, in the one form in which the store writes it. */
        static @Nullable Name of(String file) {
            int at = file.lastIndexOf('@');
            if (at < 0 || !file.endsWith(SUFFIX)) {
                return null;
            }
            try {
                Name name = new Name(
                        URLDecoder.decode(file.substring(0, at), StandardCharsets.UTF_8),
                        Long.parseLong(file.substring(at + 1, file.length() - SUFFIX.length())));
                return name.file().equals(file) ? name : null;
            } catch (IllegalArgumentException e) {
                return null;
            }
        }

        /** The name as the store writes it. */
        String file() {
            return URLEncoder.encode(persistenceId, StandardCharsets.UTF_8) + '@' + sequenceNr + SUFFIX;
        }

        /** Refuses a snapshot that is not the one of this name: someone renamed or copied the file. */
        void requireOf(SnapshotRecord found, Path path) throws SnapshotFile.DamagedSnapshotException {
            Name own = new Name(found.persistenceId(), found.sequenceNr());
            if (!own.equals(this)) {
                throw new SnapshotFile.DamagedSnapshotException(
                        path,
                        0,
                        "it holds another snapshot than its name says, that of " + own.file()
                                + "; it was renamed or copied.");
            }
        }
    }

    private long readTimestamp(Name name, Path path) throws IOException {
        try (Disk.File file = disk.openForReading(path)) {
            SnapshotRecord found = SnapshotFile.readHead(file, path, checksums).withoutState();
            name.requireOf(found, path);
            return found.timestamp();
        } catch (SnapshotFile.DamagedSnapshotException e) {
            LOG.warn("[snapshots] found a damaged snapshot ({}); it will not be used", e.getMessage());
            return UNREADABLE;
        }
    }

    /** Stores a snapshot durably; one of the same persistence id and sequence number is replaced. */
    void save(SnapshotRecord snapshot) throws IOException {
        requireUsable();
        Path target = pathOf(snapshot.persistenceId(), snapshot.sequenceNr());
        Path temporary = folder.resolve(unfinished.incrementAndGet() + UNFINISHED_SUFFIX);
        try {
            try (Disk.File file = disk.create(temporary)) {
                SnapshotFile.write(file, snapshot, checksums);
                force(() -> file.force(true), temporary);
            }
            disk.rename(temporary, target);
        } catch (IOException | RuntimeException e) {
            removeUnfinished(temporary, e);
            throw e;
        }
        force(() -> disk.forceFolder(folder), folder);
        put(snapshot.persistenceId(), snapshot.sequenceNr(), snapshot.timestamp());
    }

    /**
     * Loads the newest snapshot of a range; a damaged one is passed over with a warning.
     *
     * @throws StorageException if there are snapshots in the range and all are damaged
     */
    Optional<SnapshotRecord> load(String persistenceId, SnapshotRange range) throws IOException {
        List<Long> candidates = matching(persistenceId, range);
        @Nullable IOException damage = null;
        for (long sequenceNr : candidates) {
            Path path = pathOf(persistenceId, sequenceNr);
            try (Disk.File file = disk.openForReading(path)) {
                SnapshotRecord found = SnapshotFile.read(file, path, checksums);
                new Name(persistenceId, sequenceNr).requireOf(found, path);
                return Optional.of(found);
            } catch (SnapshotFile.DamagedSnapshotException e) {
                damage = e;
                LOG.warn("[snapshots] passed over a damaged snapshot ({}) and tries the one before", e.getMessage());
            }
        }
        if (damage != null) {
            throw new StorageException(
                    "Every snapshot of " + persistenceId + " that could be used is damaged (" + damage.getMessage()
                            + "). The state has to come from another node; never put an older copy of the data folder"
                            + " in its place.",
                    damage);
        }
        return Optional.empty();
    }

    /** Deletes the snapshots of a range durably, damaged ones included. */
    void delete(String persistenceId, SnapshotRange range) throws IOException {
        requireUsable();
        List<Long> doomed = matching(persistenceId, range);
        for (long sequenceNr : doomed) {
            forget(persistenceId, sequenceNr);
            disk.delete(pathOf(persistenceId, sequenceNr));
        }
        if (!doomed.isEmpty()) {
            force(() -> disk.forceFolder(folder), folder);
        }
    }

    /** Completes with the reason when a force has failed. */
    CompletionStage<Throwable> failed() {
        return failed;
    }

    private void requireUsable() {
        Throwable reason = failed.getNow(null);
        if (reason != null) {
            throw new StorageException(String.valueOf(reason.getMessage()), reason);
        }
    }

    /** A step that makes something durable. */
    @FunctionalInterface
    private interface Force {
        void run() throws IOException;
    }

    private void force(Force force, Path what) throws IOException {
        try {
            force.run();
        } catch (IOException e) {
            StorageException reason = new StorageException(
                    "The snapshot store could not make " + what + " durable (" + e
                            + ") and takes nothing more in this process; repair the disk, then start the node again.",
                    e);
            if (failed.complete(reason)) {
                LOG.error("[snapshots] {}", reason.getMessage(), e);
            }
            throw e;
        }
    }

    private void removeUnfinished(Path temporary, Exception failure) {
        try {
            if (disk.exists(temporary)) {
                disk.delete(temporary);
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private synchronized void put(String persistenceId, long sequenceNr, long timestamp) {
        timestamps.computeIfAbsent(persistenceId, any -> new TreeMap<>()).put(sequenceNr, timestamp);
    }

    private synchronized void forget(String persistenceId, long sequenceNr) {
        NavigableMap<Long, Long> known = timestamps.get(persistenceId);
        if (known != null) {
            known.remove(sequenceNr);
        }
    }

    /** The sequence numbers of a range from the newest to the oldest. */
    private synchronized List<Long> matching(String persistenceId, SnapshotRange range) {
        List<Long> matching = new ArrayList<>();
        NavigableMap<Long, Long> known = timestamps.getOrDefault(persistenceId, new TreeMap<>());
        known.descendingMap().forEach((sequenceNr, timestamp) -> {
            // A damaged head hides the time, so only the number counts.
            long time = timestamp == UNREADABLE ? range.timestampMin() : timestamp;
            if (range.contains(sequenceNr, time)) {
                matching.add(sequenceNr);
            }
        });
        return matching;
    }

    private Path pathOf(String persistenceId, long sequenceNr) {
        String name = new Name(persistenceId, sequenceNr).file();
        if (name.length() > NAME_LENGTH_MAX) {
            throw new StorageException("The persistence id " + persistenceId + " makes a file name of " + name.length()
                    + " characters, more than " + NAME_LENGTH_MAX + "; choose a shorter group or node name.");
        }
        return folder.resolve(name);
    }
}
