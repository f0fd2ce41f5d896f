package io.murmuration.actor;

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
    /**
     * How much is copied at once. The JVM cannot stop a thread within one copy: on a large array all others, heartbeats
     * too, would wait for it.
     */
    static final int PIECE_BYTES = 1 << 20;

    private final ByteBuffer buffer;
    private final List<String> remembered = new ArrayList<>(4);

    In(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    int octet() {
        need(1);
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
        long value = buffer.getLong();
        return buffer.order() == ByteOrder.BIG_ENDIAN ? value : Long.reverseBytes(value);
    }

    UUID uuid() {
        return new UUID(fixed(), fixed());
    }

    byte[] bytes() {
        byte[] value = new byte[count("bytes")];
        int end;
        for (int at = 0; at < value.length; at = end) {
            end = at + Math.min(PIECE_BYTES, value.length - at);
            buffer.get(value, at, end - at);
        }
        return value;
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
        int size = count("elements");
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
        if (buffer.hasRemaining()) {
            throw new MalformedException("There are " + buffer.remaining() + " bytes too many" + at());
        }
    }

    /** Each element has at least one byte, so a count above what is left is wrong. */
    private int count(String what) {
        long count = number();
        if (count < 0 || count > buffer.remaining()) {
            throw new MalformedException("There are said to be " + Long.toUnsignedString(count) + " " + what
                    + ", but only " + buffer.remaining() + " bytes are left" + at());
        }
        return (int) count;
    }

    private void need(int bytes) {
        if (buffer.remaining() < bytes) {
            throw new MalformedException("The bytes end too early: " + bytes + " more are needed, " + buffer.remaining()
                    + " are left" + at());
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
        return " (at position " + buffer.position() + ").";
    }
}
