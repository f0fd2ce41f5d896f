package io.murmuration.core.apply;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.MachineRpc.OutcomeHash;
import io.murmuration.core.model.Members;

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

    /**
     * Tell a watcher.
     *
     * @param watcher who
     * @param number the number of its question
     * @param told what
     */
    void watched(Watcher watcher, long number, Told told);

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
     * Have a snapshot made and stored, and then call {@link Machine#snapshotEnded}.
     *
     * @param image what it is to hold; immutable
     */
    void take(Image<?> image);

    /**
     * Tell the Machines of all other members.
     *
     * @param hash what outcomes hash to on this node, and where
     * @param members the members in force there
     */
    void report(OutcomeHash hash, Members members);

    /**
     * Tell the operator.
     *
     * @param sentence what and what to do
     */
    void warn(String sentence);

    /**
     * Stop this replica.
     *
     * @param cause why: a {@link FoldFailed} or a {@link Diverged}
     */
    void stop(RuntimeException cause);
}
