package io.murmuration.core.apply;

import io.murmuration.core.model.ClientRpc;

/** What a {@link Machine} needs its shell to do: one method an {@link Effect}. */
public interface Port {
    /**
     * Tell Log that this Machine has started.
     *
     * @param index how far its state reaches
     */
    void ready(long index);

    /**
     * Tell Log that more may be sent.
     *
     * @param index the last applied index
     */
    void applied(long index);

    /**
     * Tell a Gateway.
     *
     * @param node the node on which it runs
     * @param message the answer, which names the Gateway's life
     */
    void answer(String node, ClientRpc message);

    /**
     * Let a reader read. Its failures are its own.
     *
     * @param reader the reader
     * @param state the state
     * @param applied the index that the state is at
     */
    void serve(Reader reader, Object state, long applied);

    /** Call {@link Machine#slice} once all that is in the mailbox now has been seen. */
    void continueLater();

    /**
     * Answer Election's pulse.
     *
     * @param applied the last applied index
     */
    void pulse(long applied);

    /**
     * Tell the operator that a reply could not be encoded.
     *
     * @param index the index of the command, which took effect
     * @param command the class of the command
     * @param cause what the codec threw
     */
    void replyLost(long index, String command, Throwable cause);

    /**
     * Stop this replica.
     *
     * @param cause why
     */
    void stop(FoldFailed cause);
}
