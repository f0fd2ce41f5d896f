package io.murmuration.core.log;

/** What a shell can do for its {@link ReplicatedLog}: one method for each {@link Effect}. */
public interface Port {
    /**
     * Sends to another node's Log.
     *
     * @param effect what and to whom
     */
    void send(Effect.Send effect);

    /**
     * Sends to a node's Gateway, which may be the own one's.
     *
     * @param effect what and to whom
     */
    void answer(Effect.Answer effect);

    /**
     * Hands a record to the Store, whose {@code Written} comes back as {@link ReplicatedLog#written}.
     *
     * @param effect the record
     */
    void write(Effect.Write effect);

    /**
     * Answers Election's fence.
     *
     * @param effect the position behind the fence
     */
    void fenced(Effect.Fenced effect);

    /**
     * Tells Election of a higher term.
     *
     * @param effect the term
     */
    void termSeen(Effect.TermSeen effect);

    /**
     * Tells Election that the leader was heard.
     *
     * @param effect who leads
     */
    void leaderHeard(Effect.LeaderHeard effect);

    /**
     * Tells Election that other members are in force.
     *
     * @param effect the members
     */
    void membersChanged(Effect.MembersChanged effect);

    /**
     * Asks Election to confirm a read.
     *
     * @param effect the read
     */
    void confirmRead(Effect.ConfirmRead effect);

    /**
     * Answers Election's pulse.
     *
     * @param effect the position
     */
    void logPulse(Effect.LogPulse effect);

    /**
     * Feeds the own Machine.
     *
     * @param effect the next committed entries
     */
    void committed(Effect.Committed effect);

    /**
     * Lets the own Snapshots pull.
     *
     * @param effect what from whom
     */
    void fetch(Effect.Fetch effect);

    /**
     * Hands a snapshot to the own Machine, whose answer comes back as {@link ReplicatedLog#machineReady}.
     *
     * @param effect the snapshot
     */
    void restore(Effect.Restore effect);

    /**
     * Tells the own Snapshots that the log rests on a snapshot.
     *
     * @param effect which one
     */
    void covered(Effect.Covered effect);

    /**
     * Tells the own Snapshots that a snapshot was not installed.
     *
     * @param effect which one
     */
    void unneeded(Effect.Unneeded effect);

    /**
     * Tells the own Election that this leader was removed.
     *
     * @param effect which term
     */
    void steppedDown(Effect.SteppedDown effect);

    /**
     * Asks a node for its incarnation.
     *
     * @param effect which node
     */
    void identify(Effect.Identify effect);

    /**
     * Invites a node into the group.
     *
     * @param effect whom
     */
    void invite(Effect.Invite effect);

    /** Asks the own Snapshots for one. */
    void takeSnapshot();

    /** Calls {@link ReplicatedLog#flush} once all that is in the mailbox by now has been seen. */
    void flushSoon();

    /**
     * Tells the operator.
     *
     * @param effect a sentence
     */
    void warn(Effect.Warn effect);
}
