package io.murmuration.actor;

import java.nio.ByteBuffer;
import org.apache.pekko.serialization.JSerializer;
import org.jspecify.annotations.Nullable;

/**
 * The binary form of {@code byte[][]}, in which Snapshots hands a snapshot to its store: how many arrays, then each.
 * The embedded store does not need it. Any other gets one array of it, so a snapshot must fit into one there.
 * Thread-safe.
 */
final class BlocksSerializer extends JSerializer {
    /** On disk with each snapshot of such a store: not configurable. */
    static final int IDENTIFIER = 7714;

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public boolean includeManifest() {
        return false;
    }

    @Override
    public byte[] toBinary(Object arrays) {
        return toBinary((byte[][]) arrays, Integer.MAX_VALUE - 8);
    }

    /** {@code bytesMax} is what an array can hold. */
    static byte[] toBinary(byte[][] arrays, int bytesMax) {
        Out size = Out.counting();
        write(size, arrays);
        if (size.total() > bytesMax) {
            throw new IllegalArgumentException("A snapshot of " + size.total() + " bytes does not fit into an array,"
                    + " which the plugin of murmuration.snapshot-plugin needs; take \"murmuration.snapshot-store\","
                    + " which needs none, or split the state into more groups.");
        }
        byte[] whole = new byte[size.counted()];
        write(Out.into(ByteBuffer.wrap(whole)), arrays);
        return whole;
    }

    @Override
    public Object fromBinaryJava(byte[] bytes, @Nullable Class<?> manifest) {
        In in = new In(ByteBuffer.wrap(bytes));
        byte[][] arrays = in.list(In::bytes).toArray(byte[][]::new);
        in.end();
        return arrays;
    }

    private static void write(Out out, byte[][] arrays) {
        out.number(arrays.length);
        for (byte[] array : arrays) {
            out.bytes(array);
        }
    }
}
