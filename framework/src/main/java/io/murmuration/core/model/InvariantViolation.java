package io.murmuration.core.model;

/**
 * A safety rule does not hold. The replica that sees it stops: going on could answer wrongly or lose what was
 * acknowledged. It is a bug of this framework, or damage that no checksum saw.
 */
public final class InvariantViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Says what does not hold.
     *
     * @param message a full sentence with the values
     */
    public InvariantViolation(String message) {
        super(message);
    }
}
