package io.murmuration.bootstrap;

/**
 * A node could not start. The message is one sentence for the operator: print it and exit with code 1.
 *
 * @since 0.1.0
 */
public final class NodeStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Says what is in the way.
     *
     * @param message one sentence with the way out
     * @param cause what was thrown
     */
    public NodeStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
