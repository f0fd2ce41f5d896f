package io.murmuration.persistence;

import io.murmuration.persistence.JournalInspection.Damage;
import io.murmuration.persistence.JournalInspection.Lost;
import io.murmuration.persistence.JournalInspection.SegmentFile;
import io.murmuration.persistence.JournalInspection.SnapshotEntry;
import io.murmuration.persistence.JournalInspection.TornTail;
import io.murmuration.persistence.JournalInspection.Use;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads a data folder for an inspection: {@link Recovery} decides what is damaged, {@link Salvage} finds each place of
 * it and what can be read all the same. Changes nothing.
 */
final class InspectionReader {

    private static final String SNAPSHOT_WAY_OUT =
            "A node passes over it and takes the one before; if it has none that is intact, the state has to come from"
                    + " another node, which it does by itself while a majority runs.";

    private static final String NOT_A_SNAPSHOTS_NAME =
            "the name is not one that the snapshot store gives, so it was renamed or copied.";
    private static final String SNAPSHOT_NAME_WAY_OUT =
            "A node ignores it. Give it the name back that it had, or move it elsewhere.";

    private final Disk disk;
    private final Path folder;
    private final Path journal;
    private final JournalSettings settings =
            JournalSettings.of(JournalSettings.SEGMENT_BYTES_DEFAULT, JournalSettings.QUEUE_BYTES_DEFAULT);
    private final List<Damage> damages = new ArrayList<>();
    private final List<SegmentFile> segments = new ArrayList<>();

    InspectionReader(Disk disk, Path folder) {
        this.disk = disk;
        this.folder = folder;
        this.journal = folder.resolve(Storage.JOURNAL_FOLDER);
    }

    /** Refuses what a node never wrote, with a sentence that says where to look instead. */
    static void requireDataFolder(Disk disk, Path folder) throws IOException {
        String wanted = " Name the folder that murmuration.data-dir names: it holds " + Identity.FILE + ", "
                + Storage.JOURNAL_FOLDER + " and " + Storage.SNAPSHOT_FOLDER + ".";
        if (!disk.exists(folder)) {
            throw new StorageException("There is no folder " + folder + "." + wanted);
        }
        if (!disk.isFolder(folder)) {
            throw new StorageException(folder + " is a file and not a folder." + wanted);
        }
        if (disk.isFolder(folder.resolve(Storage.JOURNAL_FOLDER)) || disk.exists(folder.resolve(Identity.FILE))) {
            return;
        }
        List<String> names = disk.list(folder);
        if (names.isEmpty()) {
            throw new StorageException("The folder " + folder + " is empty." + wanted);
        }
        if (names.stream().anyMatch(name -> SegmentId.numberOf(name) > 0)) {
            throw new StorageException("The folder " + folder
                    + " is the inner part of a data folder; name the folder around it, " + folder.getParent() + ".");
        }
        throw new StorageException("The folder " + folder + " holds no journal of a node." + wanted);
    }

    JournalInspection.Contents read() throws IOException {
        Identity identity = identity();
        JournalFiles files = disk.isFolder(journal)
                ? JournalFiles.listAll(disk, journal)
                : new JournalFiles(Collections.emptySortedSet(), List.of(), List.of(), List.of());
        refuseUnused(files, identity);
        files.foreign().forEach(file -> add(JournalFiles.notOurs(file)));
        UUID id = identity == null ? idOf(files.numbers()) : identity.journal();
        SegmentWriter.Place place = new SegmentWriter.Place(disk, journal, id, settings);
        JournalIndex index;
        List<Lost> lost = List.of();
        TornTail tornTail = null;
        Salvage salvage;
        try {
            Recovery.Recovered recovered = Recovery.read(place, files.numbers());
            index = recovered.index();
            salvage = Salvage.counting(index);
            DamageSurvey.of(place, files.numbers(), salvage);
            Segment last = recovered.last();
            if (last != null && recovered.torn()) {
                tornTail = new TornTail(last.id().in(journal).toString(), last.end());
            }
            describe(files, salvage, recovered.superseded());
        } catch (DamagedJournalException refusal) {
            salvage = Salvage.collecting(files.numbers());
            lost = DamageSurvey.of(place, files.numbers(), salvage).lost().stream()
                    .map(each -> new Lost(each.name(), each.from(), each.to()))
                    .toList();
            index = salvage.index();
            add(refusal);
            salvage.damages().forEach(this::add);
            describe(files, salvage, 0);
        }
        List<SnapshotEntry> snapshots = snapshots();
        String node = identity == null ? "" : identity.node();
        return new JournalInspection.Contents(
                node, place, index, List.copyOf(segments), snapshots, List.copyOf(damages), lost, tornTail);
    }

    private @Nullable Identity identity() throws IOException {
        try {
            return Identity.read(disk, folder);
        } catch (DamagedJournalException e) {
            add(e);
            return null;
        }
    }

    private void refuseUnused(JournalFiles files, @Nullable Identity identity) throws IOException {
        if (identity == null && damages.isEmpty() && files.foreign().isEmpty() && files.isUnused(disk, journal)) {
            throw new StorageException("The data folder " + folder
                    + " holds nothing yet: the first start of a node on it was not completed. Start the node, or name"
                    + " the folder of one that has run.");
        }
        if (!damages.isEmpty()) {
            return;
        }
        try {
            Storage.refuseIncomplete(disk, folder, journal, files, identity);
        } catch (DamagedJournalException e) {
            add(e);
        }
    }

    /** Without the file that says it, what the first segment says whose header is good. */
    private UUID idOf(SortedSet<Long> numbers) throws IOException {
        for (long number : numbers) {
            ByteBuffer start = ByteBuffer.allocate(SegmentHeader.BYTES);
            try (Disk.File file = disk.openForReading(journal.resolve(SegmentId.fileName(number)))) {
                DiskIo.readFully(file, start, 0);
            }
            SegmentHeader header = SegmentHeader.decode(
                            start.flip(), settings.checksums().get())
                    .header();
            if (header != null) {
                return header.journal();
            }
        }
        return new UUID(0, 0);
    }

    private void add(DamagedJournalException damage) {
        boolean known = damages.stream()
                .anyMatch(each -> each.file().equals(damage.file()) && each.offset() == damage.offset());
        if (!known) {
            damages.add(new Damage(damage.file(), damage.offset(), damage.finding(), DamagedJournalException.WAY_OUT));
        }
    }

    private void describe(JournalFiles files, Salvage salvage, long superseded) throws IOException {
        for (long number : files.numbers()) {
            Use use = number == files.numbers().last() ? Use.LIVE : Use.SEALED;
            Path file = journal.resolve(SegmentId.fileName(number));
            segments.add(salvage.describe(number, file, number == superseded ? Use.SUPERSEDED : use, size(file)));
        }
        describe(files.spares(), Use.SPARE);
        describe(files.unfinished(), Use.UNFINISHED);
        describe(files.foreign(), Use.UNREADABLE);
    }

    private void describe(List<Path> files, Use use) throws IOException {
        for (Path file : files.stream().sorted().toList()) {
            segments.add(new SegmentFile(file.toString(), use, 0, size(file), 0, 0, 0));
        }
    }

    private long size(Path file) throws IOException {
        if (disk.isFolder(file)) {
            return 0;
        }
        try (Disk.File opened = disk.openForReading(file)) {
            return opened.size();
        }
    }

    private List<SnapshotEntry> snapshots() throws IOException {
        Path snapshots = folder.resolve(Storage.SNAPSHOT_FOLDER);
        List<SnapshotEntry> found = new ArrayList<>();
        if (disk.isFolder(snapshots)) {
            for (String name : disk.list(snapshots).stream().sorted().toList()) {
                SnapshotFolder.Name parsed = SnapshotFolder.Name.of(name);
                if (parsed != null) {
                    found.add(snapshot(snapshots.resolve(name), parsed));
                } else if (name.endsWith(SnapshotFolder.SUFFIX)) {
                    damages.add(new Damage(
                            snapshots.resolve(name).toString(), 0, NOT_A_SNAPSHOTS_NAME, SNAPSHOT_NAME_WAY_OUT));
                }
            }
        }
        return found;
    }

    private SnapshotEntry snapshot(Path path, SnapshotFolder.Name name) throws IOException {
        try (Disk.File file = disk.openForReading(path)) {
            long size = file.size();
            try {
                SnapshotFile.Head head = SnapshotFile.readHead(file, path, settings.checksums());
                name.requireOf(head.withoutState(), path);
                StateReader state = new StateReader();
                SnapshotFile.readBlocks(file, path, head, settings.checksums(), state::buffer, state::take);
                return entry(path, name, head.withoutState().timestamp(), size, true, state.beginning());
            } catch (SnapshotFile.DamagedSnapshotException e) {
                damages.add(new Damage(path.toString(), e.offset(), e.finding(), SNAPSHOT_WAY_OUT));
                return entry(path, name, 0, size, false, ByteBuffer.allocate(0));
            }
        }
    }

    private static SnapshotEntry entry(
            Path path, SnapshotFolder.Name name, long timestamp, long size, boolean intact, ByteBuffer beginning) {
        return new SnapshotEntry(
                path.toString(),
                name.persistenceId(),
                name.sequenceNr(),
                timestamp,
                size,
                intact,
                beginning.asReadOnlyBuffer());
    }

    /** Lets all blocks of a state pass through one buffer and keeps the beginning of the first. */
    private static final class StateReader {

        private static final int BEGINNING_BYTES_MAX = 256 << 10;
        private ByteBuffer buffer = ByteBuffer.allocate(0);
        private @Nullable ByteBuffer beginning;

        ByteBuffer buffer(int bytes) {
            if (buffer.capacity() < bytes) {
                buffer = ByteBuffer.allocate(bytes);
            }
            return buffer.clear().limit(bytes);
        }

        void take(ByteBuffer block) {
            if (beginning == null) {
                byte[] first = new byte[Math.min(BEGINNING_BYTES_MAX, block.remaining())];
                block.duplicate().get(first);
                beginning = ByteBuffer.wrap(first);
            }
        }

        ByteBuffer beginning() {
            return beginning == null ? ByteBuffer.allocate(0) : beginning;
        }
    }
}
