package io.murmuration.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The names in the journal's folder.
 *
 * @param numbers the numbers of the segments
 * @param unfinished files that never got their final name, so nothing in them was ever relied upon
 * @param spares files that held segments once and are kept to be written again
 * @param foreign what is not the journal's
 */
record JournalFiles(SortedSet<Long> numbers, List<Path> unfinished, List<Path> spares, List<Path> foreign) {

    /** Lists the folder; refuses it if it holds a file that is not the journal's. */
    static JournalFiles list(Disk disk, Path folder) throws IOException {
        JournalFiles files = listAll(disk, folder);
        if (!files.foreign.isEmpty()) {
            throw notOurs(files.foreign.get(0));
        }
        return files;
    }

    /** The refusal of a file that is not the journal's. */
    static DamagedJournalException notOurs(Path file) {
        return new DamagedJournalException(
                file, 0, "this file is not the journal's; move it elsewhere and start again.");
    }

    /** Lists the folder, whatever it holds. */
    static JournalFiles listAll(Disk disk, Path folder) throws IOException {
        SortedSet<Long> numbers = new TreeSet<>();
        List<Path> unfinished = new ArrayList<>();
        List<Path> spares = new ArrayList<>();
        List<Path> foreign = new ArrayList<>();
        for (String name : disk.list(folder)) {
            boolean isUnfinished = name.endsWith(SegmentId.UNFINISHED_SUFFIX);
            boolean isSpare = name.endsWith(SegmentId.SPARE_SUFFIX);
            long number = SegmentId.numberOf(isUnfinished || isSpare ? name.substring(0, name.lastIndexOf('.')) : name);
            if (number < 1) {
                foreign.add(folder.resolve(name));
            } else if (isUnfinished) {
                unfinished.add(folder.resolve(name));
            } else if (isSpare) {
                spares.add(folder.resolve(name));
            } else {
                numbers.add(number);
            }
        }
        return new JournalFiles(numbers, unfinished, spares, foreign);
    }

    /**
     * Says whether the journal was surely never used: there is no segment, nor a file that was one, or only a first one
     * with nothing behind its checkpoint, which a crash during the very first start leaves.
     */
    boolean isUnused(Disk disk, Path folder) throws IOException {
        if (numbers.isEmpty() || !spares.isEmpty()) {
            return spares.isEmpty();
        }
        if (numbers.size() > 1 || numbers.last() != 1) {
            return false;
        }
        try (Disk.File file = disk.openForReading(folder.resolve(SegmentId.fileName(1)))) {
            int checkpointBytes =
                    new Checkpoint(0, List.of(), List.of()).encode().remaining();
            int emptyBytes = SegmentHeader.BYTES + (int) RecordFrame.framedBytes(checkpointBytes);
            ByteBuffer next = ByteBuffer.allocate(RecordFrame.HEADER_BYTES);
            DiskIo.readFully(file, next, emptyBytes);
            return next.flip().mismatch(ByteBuffer.allocate(next.limit())) < 0;
        }
    }
}
