package io.murmuration.core.model;

/**
 * An actor of this node has not answered for so long that the replica stops loudly (protocol: "local time-outs mean
 * stop loudly, never no"). It starts anew from its Store.
 */
public final class LostPatience extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /**
     * Says who does not answer.
     *
     * @param message a full sentence with the way out
     */
    public LostPatience(String message) {
        super(message);
    }
}
