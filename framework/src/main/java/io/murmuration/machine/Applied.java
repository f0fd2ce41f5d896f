package io.murmuration.machine;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a fold says to a command: the next state, and either a reply or the reason why not. Exactly one of {@code reply}
 * and {@code reason} is there.
 *
 * @param state the state from now on
 * @param reply the reply, or null if the command was rejected
 * @param reason why the command was rejected, or null if it was not
 * @param <S> the type of the state
 * @param <R> the type of the reply
 * @since 0.1.0
 */
public record Applied<S, R>(
        S state, @Nullable R reply, @Nullable String reason) {
    /** Checks that there is either a reply or a reason. */
    public Applied {
        Objects.requireNonNull(state, "A fold returned no state; return the state it was given if nothing changes.");
        if ((reply == null) == (reason == null)) {
            throw new IllegalArgumentException(
                    "A fold answers with a reply or with a reason, not with both or neither; null is no reply.");
        }
    }

    /**
     * The command was carried out.
     *
     * @param state the next state
     * @param reply the reply; not null
     * @param <S> the type of the state
     * @param <R> the type of the reply
     * @return the next state and the reply
     */
    public static <S, R> Applied<S, R> of(S state, R reply) {
        return new Applied<>(state, Objects.requireNonNull(reply, "A fold replied null; reply with a value."), null);
    }

    /**
     * The command is refused by the rules of the user's own domain. The asker receives
     * {@link io.murmuration.NotAppliedException.Rejected} with these words. The state that is given is kept, so a fold
     * that remembers what it refused may do so.
     *
     * @param state the next state, usually the state that the fold was given
     * @param reason why, in words for the asker
     * @param <S> the type of the state
     * @param <R> the type of the reply
     * @return the state and the reason
     */
    public static <S, R> Applied<S, R> rejected(S state, String reason) {
        return new Applied<>(state, null, Objects.requireNonNull(reason, "A rejection needs a reason."));
    }
}
