package io.murmuration.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;

/**
 * The format of a snapshot's file.
 *
 * <pre>
 *  u64 magic, u32 version, u32 length of the head, u32 CRC32C of these three and of the head
 *  head: persistence id, sequence number, timestamp, metadata, kind, serializer id, manifest, length of the state
 *  blocks of at most 2 MiB of the state: u32 length, u32 CRC32C of block number, length and content; content
 * </pre>
 *
 * <p>Each block has a checksum of its own, so that damage is found before the whole is read.
 */
final class SnapshotFile {

    private static final long MAGIC = 0x4D55_524D_534E_4150L; // MURMSNAP
    private static final int VERSION = 2;
    private static final int PREFIX_BYTES = Long.BYTES + 3 * Integer.BYTES;
    private static final int HEAD_BYTES_MAX = 64 << 20;
    private static final int BLOCK_HEAD_BYTES = 2 * Integer.BYTES;
    static final int BLOCK_BYTES = 2 << 20;

    private SnapshotFile() {}

    /** Says what is wrong with a snapshot's file. */
    static final class DamagedSnapshotException extends IOException {

        private static final long serialVersionUID = 1L;

        private final long offset;
        private final String finding;

        DamagedSnapshotException(Path file, long offset, String finding) {
            super(file + " is damaged at offset " + offset + ": " + finding);
            this.offset = offset;
            this.finding = finding;
        }

        long offset() {
            return offset;
        }

        String finding() {
            return finding;
        }
    }

    /** What the head says: everything but the state. */
    record Head(SnapshotRecord withoutState, long stateBytes, long end) {}

    static void write(Disk.File file, SnapshotRecord snapshot, Supplier<? extends Checksum> checksums)
            throws IOException {
        Checksum checksum = checksums.get();
        ByteBuffer head = encodeHead(snapshot);
        ByteBuffer prefix = ByteBuffer.allocate(PREFIX_BYTES);
        prefix.putLong(MAGIC).putInt(VERSION).putInt(head.remaining());
        checksum.reset();
        checksum.update(prefix.duplicate().flip());
        checksum.update(head.duplicate());
        prefix.putInt((int) checksum.getValue()).flip();
        DiskIo.writeFully(file, prefix, 0);
        long position = PREFIX_BYTES + (long) head.remaining();
        DiskIo.writeFully(file, head, PREFIX_BYTES);
        int number = 0;
        List<ByteBuffer> blocks = snapshot.state().blocks();
        int largest = blocks.stream().mapToInt(ByteBuffer::remaining).max().orElse(0);
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_HEAD_BYTES + largest);
        for (ByteBuffer content : blocks) {
            int sum = blockChecksum(checksum, number++, content);
            block.clear();
            block.putInt(content.remaining()).putInt(sum).put(content.duplicate());
            long next = position + block.flip().remaining();
            DiskIo.writeFully(file, block, position);
            position = next;
        }
    }

    /** Reads and checks the head. */
    static Head readHead(Disk.File file, Path path, Supplier<? extends Checksum> checksums) throws IOException {
        ByteBuffer prefix = ByteBuffer.allocate(PREFIX_BYTES);
        int read = DiskIo.readFully(file, prefix, 0);
        prefix.flip();
        if (read < PREFIX_BYTES || prefix.getLong(0) != MAGIC) {
            throw new DamagedSnapshotException(path, 0, "it does not begin like a Murmuration snapshot.");
        }
        int headBytes = prefix.getInt(12);
        if (headBytes < 0 || headBytes > Math.min(HEAD_BYTES_MAX, file.size() - PREFIX_BYTES)) {
            throw new DamagedSnapshotException(path, 12, "the length of the head is impossible.");
        }
        ByteBuffer head = ByteBuffer.allocate(headBytes);
        DiskIo.readFully(file, head, PREFIX_BYTES);
        head.flip();
        Checksum checksum = checksums.get();
        checksum.update(prefix.slice(0, PREFIX_BYTES - Integer.BYTES));
        checksum.update(head.duplicate());
        if ((int) checksum.getValue() != prefix.getInt(PREFIX_BYTES - Integer.BYTES)) {
            throw new DamagedSnapshotException(path, 0, "the checksum of the head does not fit.");
        }
        if (prefix.getInt(8) != VERSION) {
            throw new DamagedSnapshotException(path, 8, "it has format version " + prefix.getInt(8) + ".");
        }
        return decodeHead(head, PREFIX_BYTES + (long) headBytes);
    }

    /** Reads and checks a whole snapshot. */
    static SnapshotRecord read(Disk.File file, Path path, Supplier<? extends Checksum> checksums) throws IOException {
        Head head = readHead(file, path, checksums);
        List<ByteBuffer> blocks = new ArrayList<>();
        readBlocks(file, path, head, checksums, ByteBuffer::allocate, blocks::add);
        SnapshotRecord found = head.withoutState();
        SnapshotState none = found.state();
        return new SnapshotRecord(
                found.persistenceId(),
                found.sequenceNr(),
                found.timestamp(),
                found.metadata(),
                new SnapshotState(none.asItIs(), none.serializerId(), none.manifest(), blocks));
    }

    /** Reads and checks all blocks of the state, each into a buffer that {@code buffers} makes for its length. */
    static void readBlocks(
            Disk.File file,
            Path path,
            Head head,
            Supplier<? extends Checksum> checksums,
            IntFunction<ByteBuffer> buffers,
            Consumer<ByteBuffer> sink)
            throws IOException {
        Checksum checksum = checksums.get();
        ByteBuffer blockHead = ByteBuffer.allocate(BLOCK_HEAD_BYTES);
        int number = 0;
        long position = head.end();
        long left = head.stateBytes();
        while (left > 0) {
            int headRead = DiskIo.readFully(file, blockHead.clear(), position);
            // A length is believed only as far as a block, and the state, can reach; then the checksum must fit.
            int length = headRead < BLOCK_HEAD_BYTES ? 0 : blockHead.getInt(0);
            boolean possible = length > 0 && length <= Math.min(BLOCK_BYTES, left);
            ByteBuffer block = buffers.apply(possible ? length : 0);
            int read = DiskIo.readFully(file, block, position + BLOCK_HEAD_BYTES);
            block.flip();
            if (!possible
                    || read < length
                    || blockHead.getInt(Integer.BYTES) != blockChecksum(checksum, number, block)) {
                throw new DamagedSnapshotException(
                        path, position, "block " + number + " is incomplete or its checksum does not fit.");
            }
            sink.accept(block);
            number++;
            position += BLOCK_HEAD_BYTES + length;
            left -= length;
        }
    }

    private static int blockChecksum(Checksum checksum, int number, ByteBuffer content) {
        checksum.reset();
        checksum.update(ByteBuffer.allocate(2 * Integer.BYTES)
                .putInt(number)
                .putInt(content.remaining())
                .flip());
        checksum.update(content.duplicate());
        return (int) checksum.getValue();
    }

    private static ByteBuffer encodeHead(SnapshotRecord snapshot) {
        byte[] id = snapshot.persistenceId().getBytes(StandardCharsets.UTF_8);
        byte[] manifest = snapshot.state().manifest().getBytes(StandardCharsets.UTF_8);
        StoredObject metadata = snapshot.metadata();
        byte[] metadataManifest =
                metadata == null ? new byte[0] : metadata.manifest().getBytes(StandardCharsets.UTF_8);
        int metadataBytes =
                metadata == null ? 0 : 3 * Integer.BYTES + metadataManifest.length + metadata.bytes().length;
        ByteBuffer head = ByteBuffer.allocate(
                3 * Integer.BYTES + 3 * Long.BYTES + 2 + id.length + manifest.length + metadataBytes);
        Checkpoint.putName(head, id);
        head.putLong(snapshot.sequenceNr()).putLong(snapshot.timestamp());
        head.put((byte) (metadata == null ? 0 : 1));
        if (metadata != null) {
            head.putInt(metadata.serializerId());
            Checkpoint.putName(head, metadataManifest);
            head.putInt(metadata.bytes().length).put(metadata.bytes());
        }
        head.put((byte) (snapshot.state().asItIs() ? 1 : 0));
        head.putInt(snapshot.state().serializerId());
        Checkpoint.putName(head, manifest);
        return head.putLong(snapshot.state().size()).flip();
    }

    private static Head decodeHead(ByteBuffer head, long end) {
        String id = Checkpoint.readName(head);
        long sequenceNr = head.getLong();
        long timestamp = head.getLong();
        @Nullable StoredObject metadata = null;
        if (head.get() != 0) {
            int serializerId = head.getInt();
            String manifest = Checkpoint.readName(head);
            byte[] bytes = new byte[head.getInt()];
            head.get(bytes);
            metadata = new StoredObject(serializerId, manifest, bytes);
        }
        SnapshotState state = new SnapshotState(head.get() != 0, head.getInt(), Checkpoint.readName(head), List.of());
        return new Head(new SnapshotRecord(id, sequenceNr, timestamp, metadata, state), head.getLong(), end);
    }
}
