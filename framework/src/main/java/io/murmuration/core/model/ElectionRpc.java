package io.murmuration.core.model;

/** What Elections say to each other. */
public sealed interface ElectionRpc extends Rpc {
    /**
     * The term in which the message was sent. For a {@link PreVote} it is a proposal and never adopted.
     *
     * @return a term
     */
    long term();

    /**
     * Would you vote for me? (thesis 9.6) Changes nothing on either side.
     *
     * @param term the term that the asker would campaign in: its own plus one
     * @param last the last entry of the asker's log
     */
    record PreVote(long term, EntryId last) implements ElectionRpc {}

    /**
     * The answer to a {@link PreVote}.
     *
     * @param term the replier's real term, which the asker adopts if it is higher [B6]
     * @param proposed the term that was asked about
     * @param granted whether the replier would vote so
     */
    record PreVoteReply(long term, long proposed, boolean granted) implements ElectionRpc {}

    /**
     * The candidate's request (§5.2).
     *
     * @param term the candidate's term
     * @param last the last entry of its log (§5.4.1)
     * @param transfer whether the leader itself asked for this campaign, so that stickiness does not refuse it (thesis
     *     3.10)
     */
    record RequestVote(long term, EntryId last, boolean transfer) implements ElectionRpc {}

    /**
     * The answer to a {@link RequestVote}. A granted vote left only after it was durable.
     *
     * @param term the replier's term
     * @param granted whether the candidate has its vote of that term
     */
    record VoteReply(long term, boolean granted) implements ElectionRpc {}

    /**
     * The leader is there (§5.2). Carries no commit index: nothing but AppendEntries does [A8].
     *
     * @param term the leader's term
     * @param round the leader's count of heartbeat rounds in this term
     * @param doze whether nothing goes on in the group, so that the leader would speak seldom from now on: its node
     *     speaks for it
     */
    record Heartbeat(long term, long round, boolean doze) implements ElectionRpc {
        /** Of a group that is awake. */
        public Heartbeat(long term, long round) {
            this(term, round, false);
        }
    }

    /**
     * The answer to a {@link Heartbeat}, also to one of a lower term [B6].
     *
     * @param term the replier's term
     * @param round the round that is answered
     * @param last the end of the replier's log
     * @param applied the index up to which it has applied
     * @param healthy whether it may be chosen to lead: its own Log, disk and Machine get on, and it is not being
     *     stopped
     * @param priority who of two healthy voters should rather lead ({@code murmuration.priority})
     * @param dozes whether the replier dozes: as long as the leader's node is heard it takes the leader for heard
     */
    record HeartbeatReply(
            long term, long round, EntryId last, long applied, boolean healthy, int priority, boolean dozes)
            implements ElectionRpc {
        /** Of a replier that is awake. */
        public HeartbeatReply(long term, long round, EntryId last, long applied, boolean healthy, int priority) {
            this(term, round, last, applied, healthy, priority, false);
        }
    }

    /**
     * The leader hands over: campaign at once (thesis 3.10). Obeyed only by a voter whose term is exactly this one, and
     * which had that leader's round less than T ago: one that comes late would cost an election.
     *
     * @param term the leader's term
     * @param round the latest round that the leader knows this voter to have answered
     */
    record CampaignNow(long term, long round) implements ElectionRpc {}
}
