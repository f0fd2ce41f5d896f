package io.murmuration;

/**
 * Something that was asked of a group did not come about as hoped. There are two kinds, and the difference is a
 * promise: {@link NotAppliedException} is surely without effect, {@link OutcomeUnknownException} may have taken effect.
 *
 * @since 0.1.0
 */
public abstract sealed class MurmurationException extends RuntimeException
        permits NotAppliedException, OutcomeUnknownException, DeclinedException {
    private static final long serialVersionUID = 1L;

    /**
     * Says what happened and what to do. It has no stack trace: that would show Murmuration's own thread and not the
     * caller's, and it would cost most when there is least time, under overload.
     *
     * @param message a full sentence
     */
    protected MurmurationException(String message) {
        super(message, null, true, false);
    }
}
