package io.murmuration.core.model;

import java.util.Arrays;
import java.util.Objects;

/**
 * A user's value in the form in which it travels, is logged and is kept: encoded once by the asker, decoded where it is
 * folded. Equal by contents. The bytes belong to this value from its construction on: nobody writes to them.
 *
 * @param serializer the identifier of the Pekko serializer that made the bytes
 * @param manifest what that serializer needs to know of the type
 * @param bytes the bytes; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // equal by contents, below
public record Encoded(int serializer, String manifest, byte[] bytes) {
    /** What an encoded value costs in memory and on disk beyond its bytes, roughly. */
    private static final int OVERHEAD = 16;

    /** Takes the bytes over without a copy. */
    public Encoded {
        Objects.requireNonNull(manifest);
        Objects.requireNonNull(bytes);
    }

    /**
     * The size that bounds are counted in.
     *
     * @return bytes
     */
    public int size() {
        return OVERHEAD + manifest.length() + bytes.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Encoded that
                && serializer == that.serializer
                && manifest.equals(that.manifest)
                && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * serializer + manifest.hashCode()) + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "Encoded[" + serializer + " " + manifest + " " + bytes.length + " bytes]";
    }
}
