package io.murmuration.machine;

/**
 * A question about the state that can be asked from any node, also from one without a replica. A query is an immutable
 * value, usually a record, that declares the type of its reply; {@link StateMachine.Builder#answering} says how it is
 * answered. It changes nothing, is not logged, and is linearizable: its reply reflects every command that was
 * acknowledged anywhere before it was asked (thesis 6.4).
 *
 * <p>Queries and their replies are encoded as commands are, and checked with them when a group starts.
 *
 * @param <R> the type of the reply
 * @since 0.1.0
 */
public interface Query<R> {}
