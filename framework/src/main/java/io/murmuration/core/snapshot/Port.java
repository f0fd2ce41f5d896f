package io.murmuration.core.snapshot;

/** What a shell can do for its {@link Snapshots}: one method for each {@link Effect}. */
public interface Port {
    /**
     * Encodes elsewhere.
     *
     * @param effect what
     */
    void encode(Effect.Encode effect);

    /**
     * Decodes elsewhere.
     *
     * @param effect what
     */
    void decode(Effect.Decode effect);

    /**
     * Makes durable.
     *
     * @param effect what
     */
    void save(Effect.Save effect);

    /**
     * Reads from the store.
     *
     * @param effect what
     */
    void load(Effect.Load effect);

    /**
     * Deletes from the store.
     *
     * @param effect up to where
     */
    void deleteBelow(Effect.DeleteBelow effect);

    /**
     * Sends to another node's Snapshots.
     *
     * @param effect what and to whom
     */
    void send(Effect.Send effect);

    /**
     * Asks the own Machine for a snapshot.
     *
     * @param effect nothing more
     */
    void takeNow(Effect.TakeNow effect);

    /**
     * Tells the own Machine.
     *
     * @param effect which one has ended
     */
    void takeEnded(Effect.TakeEnded effect);

    /**
     * Tells the own Log.
     *
     * @param effect what is durable here
     */
    void compact(Effect.Compact effect);

    /**
     * Tells the own Log and the own Machine.
     *
     * @param effect what can no longer be read
     */
    void lost(Effect.Lost effect);

    /**
     * Hands a pulled snapshot to the own Log.
     *
     * @param effect the snapshot
     */
    void install(Effect.Install effect);

    /**
     * Tells the own Log.
     *
     * @param effect who pulls
     */
    void pulled(Effect.Pulled effect);

    /**
     * Tells the operator.
     *
     * @param effect a sentence
     */
    void warn(Effect.Warn effect);
}
