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
