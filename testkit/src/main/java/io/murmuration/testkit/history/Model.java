package io.murmuration.testkit.history;

import java.util.Optional;

/**
 * The object that the replicas together pretend to be, as one plain sequential program. Without side effects; called by
 * one thread.
 *
 * <p>A model may hold many objects that know nothing of each other, told apart by {@link #key}. They are judged one by
 * one, which is as strict and much faster: linearizability is a local property (Herlihy and Wing 1990, theorem 1).
 *
 * @param <S> the state of one object: an immutable value with {@code equals}, {@code hashCode} and {@code toString}
 * @since 0.1.0
 */
public interface Model<S> {
    /**
     * The state before the first operation.
     *
     * @return the same for each key
     */
    S initial();

    /**
     * Lets an operation take effect. Depends on nothing but the state and the operation's op, key, input, status and
     * output; in particular not on its client or its times.
     *
     * @param state the state right before
     * @param operation an operation that is {@link Operation.Status#OK OK}, whose answer must be the one that this
     *     state gives, or {@link Operation.Status#UNKNOWN UNKNOWN}, which was not answered and always may take effect
     * @return the state right after, equal to the one before if the operation changes nothing; empty if the answer does
     *     not fit
     * @throws IllegalArgumentException if the model does not know such an operation
     */
    Optional<S> step(S state, Operation operation);

    /**
     * Whether an operation of this kind never changes the state, whatever the state is.
     *
     * @param operation any operation
     * @return true for a read; false for a write, one that was rejected included
     */
    boolean readsOnly(Operation operation);

    /**
     * Which of the model's objects the operation is about.
     *
     * @param operation any operation
     * @return the name of a partition; the operation's own key by default
     */
    default String key(Operation operation) {
        return operation.key();
    }
}
