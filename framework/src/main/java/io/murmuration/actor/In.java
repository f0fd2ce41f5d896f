package io.murmuration.actor;

import io.murmuration.core.model.Blocks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Mutable: reads what {@link Out} wrote. Nothing that it returns shares memory with the buffer, since Artery reuses its
 * buffers. A length is believed only if that many bytes are there, so that damaged bytes cannot make it allocate more
 * than a small multiple of their own size. Whatever does not fit throws {@link MalformedException}; nothing has a
 * default.
 */
final class In {
    private static final long ARRAY_BYTES_MAX = Integer.MAX_VALUE - 8;

    private final @Nullable Blocks blocks;
    private final List<String> remembered = new ArrayList<>(4);
    private ByteBuffer buffer;
    /** How many blocks were begun, and how many bytes are behind the one that is being read. */
    private int begun;

    private long behind;

    In(ByteBuffer buffer) {
        this.buffer = buffer;
        this.blocks = null;
    }

    In(Blocks blocks) {
        this.buffer = ByteBuffer.allocate(0);
        this.blocks = blocks;
        this.behind = blocks.size();
    }

    int octet() {
        need(1);
        turn();
        return buffer.get() & 0xFF;
    }

    boolean flag() {
        int value = octet();
        if (value > 1) {
            throw new MalformedException("A flag is 0 or 1, but this one is " + value + at());
        }
        return value == 1;
    }

    long number() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int octet = octet();
            if (shift == 63 && octet > 1) {
                break;
            }
            value |= (octet & 0x7FL) << shift;
            if (octet < 0x80) {
                return value;
            }
        }
        throw new MalformedException("A number does not end within 64 bits" + at());
    }

    long signed() {
        long value = number();
        return value >>> 1 ^ -(value & 1);
    }

    long fixed() {
        need(Long.BYTES);
        if (buffer.remaining() < Long.BYTES) {
            return ByteBuffer.wrap(take(Long.BYTES)).getLong();
        }
        long value = buffer.getLong();
        return buffer.order() == ByteOrder.BIG_ENDIAN ? value : Long.reverseBytes(value);
    }

    UUID uuid() {
        return new UUID(fixed(), fixed());
    }

    byte[] bytes() {
        return take((int) count("bytes", ARRAY_BYTES_MAX));
    }

    /** What {@link Out#blocks} or {@link Out#bytes} wrote. Shared if this reads blocks, which nobody writes to. */
    Blocks blocks() {
        long size = count("bytes", Long.MAX_VALUE);
        if (blocks != null) {
            long from = blocks.size() - remaining();
            skip(size);
            return blocks.slice(from, from + size);
        }
        byte[][] pieces = new byte[(int) ((size + Blocks.BLOCK_BYTES - 1) / Blocks.BLOCK_BYTES)][];
        long left = size;
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = take((int) Math.min(left, Blocks.BLOCK_BYTES));
            left -= pieces[i].length;
        }
        return Blocks.of(pieces);
    }

    String text() {
        byte[] utf8 = bytes();
        for (byte octet : utf8) {
            if (octet < 0) {
                return beyondAscii(utf8);
            }
        }
        return new String(utf8, StandardCharsets.US_ASCII);
    }

    String repeated() {
        long number = number();
        if (number != 0) {
            if (number < 0 || number > remembered.size()) {
                throw new MalformedException("Text number " + number + " is meant, but there were only "
                        + remembered.size() + " so far" + at());
            }
            return remembered.get((int) number - 1);
        }
        String value = text();
        if (remembered.size() < Out.REMEMBERED) {
            remembered.add(value);
        }
        return value;
    }

    <T> List<T> list(Format.Reader<T> reader) {
        int size = (int) count("elements", ARRAY_BYTES_MAX);
        List<T> values = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            values.add(reader.read(this));
        }
        return values;
    }

    <T> @Nullable T optional(Format.Reader<T> reader) {
        return flag() ? reader.read(this) : null;
    }

    /** Nothing may follow: bytes that nobody reads mean that writer and reader do not agree. */
    void end() {
        if (remaining() > 0) {
            throw new MalformedException("There are " + remaining() + " bytes too many" + at());
        }
    }

    /** Each element has at least one byte, so a count above what is left is wrong. */
    private long count(String what, long max) {
        long count = number();
        if (count < 0 || count > remaining() || count > max) {
            throw new MalformedException("There are said to be " + Long.toUnsignedString(count) + " " + what
                    + ", but only " + Math.min(remaining(), max) + " bytes are left" + at());
        }
        return count;
    }

    private void need(int bytes) {
        if (remaining() < bytes) {
            throw new MalformedException(
                    "The bytes end too early: " + bytes + " more are needed, " + remaining() + " are left" + at());
        }
    }

    private long remaining() {
        return buffer.remaining() + behind;
    }

    /** Begins the next block when one is at its end. */
    private void turn() {
        if (!buffer.hasRemaining() && behind > 0 && blocks != null) {
            buffer = ByteBuffer.wrap(blocks.arrays().get(begun));
            behind -= buffer.remaining();
            begun++;
        }
    }

    /** So many as are known to be there. */
    private byte[] take(int size) {
        byte[] value = new byte[size];
        int at = 0;
        while (at < size) {
            turn();
            int some = Math.min(size - at, buffer.remaining());
            buffer.get(value, at, some);
            at += some;
        }
        return value;
    }

    private void skip(long size) {
        long left = size;
        while (left > 0) {
            turn();
            int some = (int) Math.min(left, buffer.remaining());
            buffer.position(buffer.position() + some);
            left -= some;
        }
    }

    private String beyondAscii(byte[] utf8) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("A text is not UTF-8" + at());
        }
    }

    private String at() {
        long position = blocks == null ? buffer.position() : blocks.size() - remaining();
        return " (at position " + position + ").";
    }
}
