package io.murmuration.core.model;

import org.jspecify.annotations.Nullable;

/** Turns users' values into bytes and back. Thread-safe. */
public interface Codec {
    /**
     * Encodes a value.
     *
     * @param value a command, a reply or a state
     * @return its bytes, with what is needed to decode them
     * @throws CodecException if no serializer takes it
     */
    Encoded encode(Object value);

    /**
     * Decodes a value.
     *
     * @param encoded what {@link #encode} returned, on any node
     * @return an equal value
     * @throws CodecException if the class is unknown here, or the bytes do not fit
     */
    Object decode(Encoded encoded);

    /**
     * Encodes a state, which may be large.
     *
     * @param state a state
     * @param bytesMax the most bytes that it may have
     * @return its bytes, with what is needed to decode them
     * @throws CodecException if no serializer takes it, or it has more bytes
     */
    default EncodedState encodeState(Object state, long bytesMax) {
        Encoded whole = encode(state);
        return new EncodedState(whole.serializer(), whole.manifest(), Blocks.of(whole.bytes()));
    }

    /**
     * Decodes a state.
     *
     * @param encoded what {@link #encodeState} returned, on any node
     * @return an equal state
     * @throws CodecException if the class is unknown here, or the bytes do not fit
     */
    default Object decodeState(EncodedState encoded) {
        return decode(new Encoded(
                encoded.serializer(), encoded.manifest(), encoded.bytes().joined()));
    }

    /**
     * The bytes by which a value is compared between nodes: equal values give equal bytes, in whatever order their maps
     * and sets iterate. They are never decoded.
     *
     * @param value what was encoded
     * @param encoded what {@link #encode} returned for it
     * @return the encoded bytes themselves, unless maps or sets could make a difference; not to be written to
     * @throws CodecException if the value cannot be brought into that form
     */
    default byte[] canonical(Object value, Encoded encoded) {
        return encoded.bytes();
    }

    /**
     * Stands for how this version encodes replies: equal on two nodes whose equal replies have equal {@link #canonical}
     * bytes, and different where a new version of the application encodes them otherwise. Nodes of different shapes are
     * not compared.
     *
     * @return any number but 0; 1 unless something is known
     */
    default long replyShape() {
        return 1;
    }

    /** A value could not be encoded or decoded. */
    final class CodecException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /**
         * Says which class and why.
         *
         * @param message a full sentence with the way out
         * @param cause what the serializer threw, or null if none was asked
         */
        public CodecException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
