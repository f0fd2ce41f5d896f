package io.murmuration.actor;

/**
 * Received or stored bytes are not what their manifest says. Becomes a {@code NotSerializableException} at the
 * serializer.
 */
final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Says what is wrong with the bytes.
     *
     * @param message a full sentence
     */
    MalformedException(String message) {
        super(message);
    }
}
