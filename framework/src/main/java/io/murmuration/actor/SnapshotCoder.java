package io.murmuration.actor;

import io.murmuration.core.apply.Image;
import io.murmuration.core.model.Blocks;
import io.murmuration.core.model.Codec;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Snapshot;
import io.murmuration.core.model.SnapshotRpc.SnapshotId;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a Machine is into bytes and back. Thread-safe if both functions are; it takes as long as the state is
 * large, and is never called on a thread of the protocol.
 *
 * @param encode an image of the Machine, in the form in which it is stored
 * @param decode the reverse
 * @param bytesMax the largest snapshot
 */
record SnapshotCoder(Function<Object, Snapshot> encode, Function<Snapshot, Object> decode, long bytesMax) {
    /** For the images of a group's Machine. */
    static SnapshotCoder of(UUID group, Codec codec, long bytesMax) {
        return new SnapshotCoder(
                image -> ((Image<?>) image).encoded(group, codec, bytesMax),
                snapshot -> Image.of(snapshot, codec),
                bytesMax);
    }

    /** All bytes of a snapshot and their checksum. */
    record Bytes(Blocks bytes, long checksum) {}

    /** What the bytes hold. */
    record Content(EntryId last, Members members, Object image) {}

    Bytes toBytes(Object image) {
        Blocks bytes = SnapshotFormat.toBlocks(encode.apply(image), bytesMax);
        return new Bytes(bytes, bytes.checksum());
    }

    /** What a snapshot store has read, if its checksum fits. */
    static @Nullable Blocks intact(Object stored, SnapshotId id) {
        if (!(stored instanceof byte[][] arrays)) {
            return null;
        }
        Blocks bytes = Blocks.of(arrays);
        return bytes.checksum() == id.checksum() ? bytes : null;
    }

    /** A snapshot of another group is never installed. */
    Content fromBytes(UUID group, Blocks bytes) {
        Snapshot snapshot = SnapshotFormat.fromBlocks(bytes);
        if (!snapshot.group().equals(group)) {
            throw new MalformedException(
                    "The snapshot belongs to the group " + snapshot.group() + ", and this is " + group + ".");
        }
        return new Content(snapshot.last(), snapshot.members(), decode.apply(snapshot));
    }
}
