package io.murmuration.machine;

/**
 * Carries out one type of command. It is called on the Machine's thread, one command after the other, on every node and
 * again at every replay; so it must be pure: the same state, command and meta give the same result, the given state is
 * not changed, and no clock, randomness, I/O or iteration order of hash collections takes part. A fold that throws
 * stops the replica with the command's index and class; the entry is never skipped. To say no, return
 * {@link Applied#rejected}.
 *
 * @param <S> the type of the state, an immutable value
 * @param <C> the type of the command
 * @param <R> the type of the reply
 * @since 0.1.0
 */
@FunctionalInterface
public interface Fold<S, C, R> {
    /**
     * Folds a command into the state.
     *
     * @param state the state so far
     * @param command the command
     * @param meta what is known of the entry
     * @return the next state with the reply, or with the reason of a rejection
     */
    Applied<S, R> apply(S state, C command, Meta meta);
}
