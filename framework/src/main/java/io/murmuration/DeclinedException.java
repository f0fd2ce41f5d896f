package io.murmuration;

/**
 * The group's leader declined an order: to change the members, or to hand leadership over. Nothing of it is left, and
 * the message says what to do.
 *
 * @since 0.1.0
 */
public final class DeclinedException extends MurmurationException {
    private static final long serialVersionUID = 1L;

    /**
     * Says why.
     *
     * @param message a full sentence with the way out
     */
    public DeclinedException(String message) {
        super(message);
    }
}
