package io.murmuration;

/**
 * The group's leader declined an order, or gave it up. Of an order to change the members nothing is left. After one to
 * hand leadership over the leader leads on; a node that did not take over in time may still do so a moment later. The
 * message says what to do.
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
