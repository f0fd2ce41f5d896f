package io.murmuration.persistence;

import org.jspecify.annotations.Nullable;

/**
 * Says in one sentence why the embedded journal or snapshot store cannot do what was asked, and what to do about it.
 *
 * @since 0.1.0
 */
public class StorageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message a full sentence with the way out
     */
    public StorageException(String message) {
        super(message);
    }

    /**
     * Creates the exception with a cause.
     *
     * @param message a full sentence with the way out
     * @param cause what the operating system or a serializer said
     */
    public StorageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
