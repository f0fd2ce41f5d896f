package io.murmuration.persistence;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The state of a snapshot in blocks, so that no array as large as the state is needed.
 *
 * @param asItIs whether the blocks are a {@code byte[][]} that was saved, and not an object as a serializer made it
 * @param serializerId which serializer made it; 0 if none
 * @param manifest what the serializer needs to know to read it; empty if none
 * @param blocks the bytes, at most {@link SnapshotFile#BLOCK_BYTES} each and none of them empty
 */
record SnapshotState(boolean asItIs, int serializerId, String manifest, List<ByteBuffer> blocks) {

    /** Takes an object over without a copy. */
    static SnapshotState of(StoredObject object) {
        List<ByteBuffer> blocks = new ArrayList<>();
        byte[] bytes = object.bytes();
        int length;
        for (int at = 0; at < bytes.length; at += length) {
            length = Math.min(SnapshotFile.BLOCK_BYTES, bytes.length - at);
            blocks.add(ByteBuffer.wrap(bytes, at, length).slice());
        }
        return new SnapshotState(false, object.serializerId(), object.manifest(), blocks);
    }

    /** Whether these arrays can be blocks of a file as they are; all others go through a serializer. */
    static boolean takesAsTheyAre(byte[][] arrays) {
        return Arrays.stream(arrays)
                .allMatch(array -> array != null && array.length > 0 && array.length <= SnapshotFile.BLOCK_BYTES);
    }

    /** Takes arrays over without a copy. */
    static SnapshotState of(byte[][] arrays) {
        return new SnapshotState(
                true, 0, "", Arrays.stream(arrays).map(ByteBuffer::wrap).toList());
    }

    long size() {
        return blocks.stream().mapToLong(ByteBuffer::remaining).sum();
    }

    /** What was saved by {@link #of(byte[][])}. */
    byte[][] arrays() {
        return blocks.stream().map(SnapshotState::bytes).toArray(byte[][]::new);
    }

    /** What was saved by {@link #of(StoredObject)}. */
    StoredObject object() {
        ByteBuffer whole = ByteBuffer.allocate(Math.toIntExact(size()));
        blocks.forEach(block -> whole.put(block.duplicate()));
        return new StoredObject(serializerId, manifest, whole.array());
    }

    /** A block that was read from a file has an array of its own. */
    private static byte[] bytes(ByteBuffer block) {
        if (block.arrayOffset() == 0 && block.remaining() == block.array().length) {
            return block.array();
        }
        byte[] bytes = new byte[block.remaining()];
        block.duplicate().get(bytes);
        return bytes;
    }
}
