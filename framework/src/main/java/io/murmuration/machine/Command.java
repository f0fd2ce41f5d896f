package io.murmuration.machine;

/**
 * Something that changes the state. A command is an immutable value, usually a record, that declares the type of its
 * reply. It holds no {@code ActorRef}: it is logged, and folded again when a node restarts.
 *
 * <p>Commands and replies are encoded by Pekko serialization. Records and sealed interfaces need neither a binding nor
 * annotations: the framework's {@code murmuration-cbor} serializer takes them.
 *
 * @param <R> the type of the reply
 * @since 0.1.0
 */
public interface Command<R> {}
