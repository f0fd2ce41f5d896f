package io.murmuration.examples.bank.fleet;

/** The nodes cannot be started or reached; the message says why and what to do. */
public final class FleetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Says what is in the way.
     *
     * @param message a full sentence with the way out
     */
    public FleetException(String message) {
        super(message);
    }
}
