package io.murmuration.core.election;

import io.murmuration.core.model.ElectionRpc.PreVote;
import io.murmuration.core.model.ElectionRpc.PreVoteReply;
import io.murmuration.core.model.ElectionRpc.RequestVote;
import io.murmuration.core.model.ElectionRpc.VoteReply;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Peer;
import java.util.function.BooleanSupplier;

/**
 * What others ask of this node: pre-votes (thesis 9.6) and votes (§5.2, §5.4.1). Mutable through its desk only. A
 * request is judged by its term alone, whoever sends it [A7]; candidates and pre-candidates grant like followers.
 *
 * <p>A request is judged twice: when it comes (what can be refused then is refused and changes nothing), and, behind
 * its own fence, when Log has told its position. What happened in between counts: a leader heard, a vote given, a term
 * adopted.
 */
final class Voter {
    private final Desk desk;
    private final Following following;
    private final BooleanSupplier leads;
    private final boolean restarted;
    private long startedAt;

    Voter(Desk desk, Following following, BooleanSupplier leads) {
        this.desk = desk;
        this.following = following;
        this.leads = leads;
        // A node that never saw a term has promised nothing to any leader.
        this.restarted = desk.term() > 0;
    }

    void start(long now) {
        startedAt = now;
    }

    /**
     * A pre-vote comes: refused at once, or decided behind a fence of this node's own term. Changes neither ballot nor
     * timer.
     */
    void asked(Peer from, PreVote request, long now) {
        if (request.term() <= desk.term() || refuses(now, false)) {
            refuse(from, request);
            return;
        }
        desk.fence(new Purpose.PreVoteOf(from, request), now);
    }

    /** Log has told its position: would this node vote for the asker? */
    void decide(Purpose.PreVoteOf asked, EntryId ownLast, long now) {
        PreVote request = asked.request();
        boolean granted =
                !refuses(now, false) && PreVoteRule.grants(desk.term(), request.term(), request.last(), ownLast);
        if (granted) {
            following.departure().preVoted(now);
        }
        desk.reply(asked.asker(), new PreVoteReply(desk.term(), request.term(), granted));
    }

    /** Whether a request for a vote is answered with a refusal now, before its term is looked at or adopted. */
    boolean refusesAtOnce(RequestVote request, long now) {
        return request.term() < desk.term() || refuses(now, request.transfer());
    }

    void refuse(Peer from) {
        desk.reply(from, new VoteReply(desk.term(), false));
    }

    /**
     * Log has told its position behind the fence of the request's term: decide, and change the ballot in memory at
     * once; the reply waits for the disk [C4].
     *
     * @return whether the vote was granted
     */
    boolean decide(Purpose.VoteOf asked, EntryId ownLast, long now) {
        RequestVote request = asked.request();
        Peer candidate = asked.asker();
        boolean granted = !refuses(now, request.transfer())
                && VoteRule.grants(desk.ballots.current(), request.term(), candidate, request.last(), ownLast);
        if (!granted) {
            refuse(candidate);
            return false;
        }
        if (desk.ballots.current().votedFor() == null) {
            desk.cast(desk.ballots.current().castFor(candidate), now);
        }
        desk.replyVote(candidate, new VoteReply(desk.term(), true));
        return true;
    }

    /**
     * Rule 10: a voter that was restarted has forgotten what it promised to the last leader's lease, so it keeps silent
     * for one election time-out [B7]. Who is the only voter by members that are not committed has made that promise
     * too.
     */
    boolean inGrace(long now) {
        return restarted && now - startedAt < desk.timeout;
    }

    private boolean refuses(long now, boolean transfer) {
        return inGrace(now) || StickyRule.refuses(leads.getAsBoolean(), following.silence(now), desk.timeout, transfer);
    }

    private void refuse(Peer from, PreVote request) {
        desk.reply(from, new PreVoteReply(desk.term(), request.term(), false));
    }
}
