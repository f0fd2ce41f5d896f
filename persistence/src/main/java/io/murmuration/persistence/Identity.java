package io.murmuration.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Whose data folder it is, as a small text file in it.
 *
 * <p>It is written last when a folder is first used: where it exists, the journal was complete.
 *
 * @param node the node's name
 * @param journal drawn once; every segment carries it
 */
record Identity(String node, UUID journal) {

    static final String FILE = "node.id";
    private static final String UNFINISHED_FILE = FILE + SegmentId.UNFINISHED_SUFFIX;
    private static final String TITLE = "murmuration data folder, format 1";
    private static final int BYTES_MAX = 4096;

    /** Reads the identity of a folder; null if the folder has none. */
    static @Nullable Identity read(Disk disk, Path folder) throws IOException {
        Path path = folder.resolve(FILE);
        if (!disk.exists(path)) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.allocate(BYTES_MAX);
        try (Disk.File file = disk.openForReading(path)) {
            DiskIo.readFully(file, buffer, 0);
        }
        Identity identity = parse(StandardCharsets.UTF_8.decode(buffer.flip()).toString());
        if (identity == null) {
            throw new DamagedJournalException(
                    path,
                    0,
                    "the file does not say whose folder this is in a form that was written" + " by this program.");
        }
        return identity;
    }

    private static @Nullable Identity parse(String text) {
        List<String> lines = text.lines().toList();
        if (lines.size() != 4
                || !lines.get(1).startsWith("node=")
                || !lines.get(2).startsWith("journal=")) {
            return null;
        }
        try {
            Identity identity = new Identity(
                    lines.get(1).substring("node=".length()),
                    UUID.fromString(lines.get(2).substring("journal=".length())));
            return identity.text().equals(text) ? identity : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Makes the identity durable in a folder that has none. */
    void write(Disk disk, Path folder) throws IOException {
        Path unfinished = folder.resolve(UNFINISHED_FILE);
        if (disk.exists(unfinished)) {
            disk.delete(unfinished);
        }
        try (Disk.File file = disk.create(unfinished)) {
            DiskIo.writeFully(file, ByteBuffer.wrap(text().getBytes(StandardCharsets.UTF_8)), 0);
            file.force(true);
        }
        disk.rename(unfinished, folder.resolve(FILE));
        disk.forceFolder(folder);
    }

    private String text() {
        String facts = TITLE + "\nnode=" + node + "\njournal=" + journal + "\n";
        CRC32C checksum = new CRC32C();
        checksum.update(facts.getBytes(StandardCharsets.UTF_8));
        return facts + String.format(Locale.ROOT, "crc32c=%08x\n", checksum.getValue());
    }
}
