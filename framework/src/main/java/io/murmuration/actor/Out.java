package io.murmuration.actor;

import io.murmuration.core.model.Blocks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Mutable: writes the fields of one message into a buffer or into blocks, or only counts their bytes, so that a heap
 * array is made once and in its right size. What it writes does not depend on the byte order of the buffer (Artery's
 * are little endian), and it leaves that order as it is.
 */
final class Out {
    /** How many texts of one message are remembered, so that a repetition costs a byte. */
    static final int REMEMBERED = 64;

    private final @Nullable ByteBuffer buffer;
    private final Blocks.@Nullable Builder blocks;
    private final List<String> remembered = new ArrayList<>(4);
    private long counted;

    private Out(@Nullable ByteBuffer buffer, Blocks.@Nullable Builder blocks) {
        this.buffer = buffer;
        this.blocks = blocks;
    }

    /**
     * Writes from the buffer's position on.
     *
     * @param buffer heap or direct, of any byte order; its overflow is let through, since Artery tells it by that
     * @return a writer
     */
    static Out into(ByteBuffer buffer) {
        return new Out(buffer, null);
    }

    /**
     * Writes behind what is there.
     *
     * @param blocks what is too large for an array
     * @return a writer
     */
    static Out into(Blocks.Builder blocks) {
        return new Out(null, blocks);
    }

    /**
     * Writes nothing.
     *
     * @return a writer whose {@link #counted()} is the size of what another one would have written
     */
    static Out counting() {
        return new Out(null, null);
    }

    /** In bytes; fails where no array could hold them. */
    int counted() {
        return Math.toIntExact(counted);
    }

    /** As {@link #counted()}, for what may be larger than any array. */
    long total() {
        return counted;
    }

    void octet(int value) {
        if (buffer != null) {
            buffer.put((byte) value);
        } else if (blocks != null) {
            blocks.add(value);
        } else {
            counted++;
        }
    }

    void flag(boolean value) {
        octet(value ? 1 : 0);
    }

    /** Seven bits a byte, the lowest first: small values that are not negative are short; any value is kept. */
    void number(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            octet((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        octet((int) rest);
    }

    /** As {@link #number}, for values near zero on both sides of it. */
    void signed(long value) {
        number(value << 1 ^ value >> 63);
    }

    /** Eight bytes, the highest first: for values without a usual size. */
    void fixed(long value) {
        if (buffer != null) {
            buffer.putLong(buffer.order() == ByteOrder.BIG_ENDIAN ? value : Long.reverseBytes(value));
        } else if (blocks != null) {
            blocks.add(ByteBuffer.allocate(Long.BYTES).putLong(value).array(), 0, Long.BYTES);
        } else {
            counted += Long.BYTES;
        }
    }

    void uuid(UUID value) {
        fixed(value.getMostSignificantBits());
        fixed(value.getLeastSignificantBits());
    }

    void bytes(byte[] value) {
        number(value.length);
        contents(value);
    }

    /** In the form of {@link #bytes}. */
    void blocks(Blocks value) {
        number(value.size());
        if (blocks != null) {
            blocks.add(value);
        } else {
            value.arrays().forEach(this::contents);
        }
    }

    private void contents(byte[] value) {
        if (buffer != null) {
            buffer.put(value);
        } else if (blocks != null) {
            blocks.add(value, 0, value.length);
        } else {
            counted += value.length;
        }
    }

    void text(String value) {
        bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    /** A text that may come many times in one message, as the names of classes do: 0 and the text, or its number. */
    void repeated(String value) {
        for (int i = 0; i < remembered.size(); i++) {
            if (remembered.get(i).equals(value)) {
                number(i + 1L);
                return;
            }
        }
        number(0);
        text(value);
        if (remembered.size() < REMEMBERED) {
            remembered.add(value);
        }
    }

    <T> void list(List<T> values, Format.Writer<T> writer) {
        number(values.size());
        for (T value : values) {
            writer.write(this, value);
        }
    }

    <T> void optional(@Nullable T value, Format.Writer<T> writer) {
        flag(value != null);
        if (value != null) {
            writer.write(this, value);
        }
    }
}
