package io.murmuration.actor;

import io.murmuration.core.apply.Image;
import io.murmuration.core.model.Codec;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Snapshot;
import io.murmuration.core.snapshot.Checksum;
import java.util.UUID;
import java.util.function.Function;

/**
 * Turns what a Machine is into bytes and back. Thread-safe if both functions are; it takes as long as the state is
 * large, and is never called on a thread of the protocol.
 *
 * @param encode an image of the Machine, in the form in which it is stored
 * @param decode the reverse
 */
record SnapshotCoder(Function<Object, Snapshot> encode, Function<Snapshot, Object> decode) {
    /** All bytes of a snapshot and their checksum. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Bytes(byte[] bytes, long checksum) {}

    /** What the bytes hold. */
    record Content(EntryId last, Members members, Object image) {}

    /** For the images of a group's Machine. */
    static SnapshotCoder of(UUID group, Codec codec) {
        return new SnapshotCoder(
                image -> ((Image<?>) image).encoded(group, codec), snapshot -> Image.of(snapshot, codec));
    }

    Bytes toBytes(Object image) {
        byte[] bytes = SnapshotFormat.toBytes(encode.apply(image));
        return new Bytes(bytes, Checksum.of(bytes));
    }

    /** A snapshot of another group is never installed. */
    Content fromBytes(UUID group, byte[] bytes) {
        Snapshot snapshot = SnapshotFormat.fromBytes(bytes);
        if (!snapshot.group().equals(group)) {
            throw new MalformedException(
                    "The snapshot belongs to the group " + snapshot.group() + ", and this is " + group + ".");
        }
        return new Content(snapshot.last(), snapshot.members(), decode.apply(snapshot));
    }
}
