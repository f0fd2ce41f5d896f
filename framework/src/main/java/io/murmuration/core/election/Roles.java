package io.murmuration.core.election;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.HandOverStep;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The roles of figure 4 and the ways between them. Mutable through its desk. A follower has neither a campaign nor a
 * leadership; a term is adopted before a role is looked at.
 */
final class Roles {
    private final Desk desk;
    private final Following following;
    private final Voter voter;
    private final Contacts contacts = new Contacts();
    private @Nullable Campaign campaign;
    private @Nullable Leadership leadership;
    private List<String> near = List.of();

    Roles(Desk desk) {
        this.desk = desk;
        this.following = new Following(desk);
        this.voter = new Voter(desk, following, () -> leadership != null);
    }

    void start(long now) {
        voter.start(now);
        desk.timer.reset(now);
        desk.fence(new Purpose.Term(), now);
    }

    void received(Peer from, ElectionRpc message, long now) {
        contacts.heard(from, now);
        if (message instanceof ElectionRpc.PreVote request) {
            voter.asked(from, request, now);
        } else if (message instanceof ElectionRpc.RequestVote request) {
            requestVote(from, request, now);
        } else {
            boolean raised = adoptIfHigher(message.term(), now, from.node());
            inTerm(from, message, raised, now);
        }
    }

    private void inTerm(Peer from, ElectionRpc message, boolean raised, long now) {
        if (message instanceof ElectionRpc.PreVoteReply reply) {
            agreed(from, Role.PRE_CANDIDATE, reply.granted() && reply.proposed() == desk.term() + 1, now);
        } else if (message instanceof ElectionRpc.VoteReply reply) {
            agreed(from, Role.CANDIDATE, reply.granted() && reply.term() == desk.term(), now);
        } else if (message instanceof ElectionRpc.Heartbeat heartbeat) {
            heartbeat(from, heartbeat, now);
        } else if (message instanceof ElectionRpc.HeartbeatReply reply) {
            heartbeatReply(from, reply, now);
        } else if (message instanceof ElectionRpc.CampaignNow order) {
            campaignNow(from, order, raised, now);
        }
    }

    void fenced(long term, long attempt, EntryId last, Members members, boolean mayStand, long now) {
        desk.pulses.lastIs(last);
        changeMembers(members, mayStand, now);
        desk.fences.answered(term, attempt).ifPresent(purpose -> decide(purpose, attempt, last, now));
        following.fenceMoved(now);
    }

    void leaderHeard(long term, String leader, long now) {
        adoptIfHigher(term, now, leader);
        if (term == desk.term()) {
            hear(leader, now);
        }
    }

    void steppedDown(long term, long now) {
        if (leadership != null && term == desk.term()) {
            stepDown(leadership, "its Log stopped leading", now);
        }
    }

    void confirmRead(String asker, UUID life, long id, long index, long term, long now) {
        if (leadership != null && term == desk.term()) {
            leadership.confirm(asker, life, id, index, now);
        } else {
            Reads.refuse(desk, asker, life, id, ClientRpc.Refusal.NOT_LEADER, following.leader());
        }
    }

    void handOver(long term, HandOverStep step, long now) {
        if (leadership != null && term == desk.term()) {
            leadership.handOver(step, now);
        }
    }

    /** A node that a dozing group relies on has fallen silent. */
    void silent(String node, long since, long now) {
        if (leadership != null) {
            leadership.silent(node, since, now);
        } else {
            following.silent(node, since, now);
        }
    }

    /** The process of another node is gone. With leases its leader may have promised that nobody votes for T. */
    void gone(String node, long now) {
        if (leadership != null || desk.settings.leases()) {
            return;
        }
        long turnAt = following.gone(node, now);
        Campaign own = campaign;
        if (Times.reached(turnAt, now) && own != null && own.role() == Role.PRE_CANDIDATE) {
            // Who refused it may know by now that the leader is gone.
            own.askAgain(desk);
        } else if (Times.reached(turnAt, now)) {
            stand(now);
        } else if (turnAt != Times.NEVER) {
            desk.timer.noLaterThan(turnAt);
        }
    }

    /** The other nodes of which it matters whether their processes are gone. */
    List<String> near() {
        return near;
    }

    /** This node's Log or Machine has answered. */
    void pulsed(long now) {
        if (leadership != null) {
            leadership.pulsed(now);
        }
    }

    /** This node is being stopped: it hands leadership over, and stands for election no more. */
    void retire(long now) {
        desk.retiring = true;
        if (leadership != null) {
            leadership.retire(now);
            return;
        }
        following.rouse(now);
        campaign = null;
        become("this node is being stopped");
        desk.emit(new Effect.Relieved());
    }

    /** When the next round of heartbeats is due. */
    long beatAt() {
        return leadership == null ? Times.NEVER : leadership.beatAt();
    }

    void beat(long now) {
        if (leadership != null) {
            leadership.startRound(now);
        }
    }

    /** When a leader looks for its majority, and everyone else stands for election. */
    long deadline() {
        return leadership == null ? desk.timer.deadline() : leadership.quorumCheckAt();
    }

    void deadlineReached(long now) {
        if (leadership == null) {
            stand(now);
        } else if (!leadership.hasQuorum(now)) {
            stepDown(leadership, "no majority has answered within the election time-out", now);
        }
    }

    View view(long now) {
        String leader = following.leader();
        String why = leader != null ? null : WhyNoLeader.say(desk, contacts, campaign, voter.inGrace(now), now);
        List<Heard> others = leadership == null ? List.of() : leadership.heard(now);
        return new View(role(), desk.term(), leader, why, desk.pulses.health(now), others);
    }

    private void requestVote(Peer from, ElectionRpc.RequestVote request, long now) {
        if (voter.refusesAtOnce(request, now)) {
            voter.refuse(from);
            return;
        }
        adoptIfHigher(request.term(), now, from.node());
        desk.fence(new Purpose.VoteOf(from, request), now);
    }

    /** Somebody answers this node's candidacy. An answer to another role or term, or to none, is not counted. */
    private void agreed(Peer from, Role asked, boolean meant, long now) {
        Campaign own = campaign;
        if (own != null && own.role() == asked && meant) {
            own.granted(from);
            advance(own, now);
        }
    }

    private void heartbeat(Peer from, ElectionRpc.Heartbeat heartbeat, long now) {
        if (heartbeat.term() < desk.term()) {
            desk.reply(from, following.replyTo(heartbeat, now));
            return;
        }
        following.doze(from, heartbeat, now);
        hear(from.node(), now);
        following.answer(from, heartbeat, now);
        desk.askPulses(now);
    }

    private void heartbeatReply(Peer from, ElectionRpc.HeartbeatReply reply, long now) {
        if (leadership != null && reply.term() == desk.term()) {
            leadership.answered(from, reply, now);
        }
    }

    /**
     * The leader of exactly this node's term hands over: no pre-vote, and stickiness does not hold (thesis 3.10). Not
     * if the order is late: by then that leader leads on, and it would cost an election.
     */
    private void campaignNow(Peer from, ElectionRpc.CampaignNow order, boolean raised, long now) {
        if (order.term() < desk.term()) {
            voter.refuse(from);
        } else if (!raised
                && !desk.retiring
                && leadership == null
                && desk.mayStand
                && following.answeredWithinTimeout(order.round(), now)) {
            run(true, from.node() + " hands over", now);
        }
    }

    /** Log's position is known behind the fence of the current term: the attempt that waited for it goes on. */
    private void decide(Purpose purpose, long attempt, EntryId last, long now) {
        Campaign own = campaign;
        if (purpose instanceof Purpose.PreVoteOf asked) {
            voter.decide(asked, last, now);
        } else if (purpose instanceof Purpose.VoteOf asked) {
            if (voter.decide(asked, last, now)) {
                // "granting vote to candidate" is one of the two things that keep a follower from standing (figure 2).
                desk.timer.reset(now);
                following.departure().voted(now);
                campaign = null;
                become("voted for " + asked.asker().node());
            }
        } else if (own != null && own.waitsFor(attempt)) {
            if (!desk.mayStand) {
                campaign = null;
                become("no longer votes");
                return;
            }
            own.ask(desk, last, desk.members);
            advance(own, now);
        }
    }

    private void hear(String leader, long now) {
        if (leadership != null) {
            throw new InvariantViolation("At most one leader can be elected in a term, but this node and " + leader
                    + " both lead term " + desk.term() + ".");
        }
        following.heard(leader, now);
        following.keepWaiting();
        campaign = null;
        become(leader + " leads");
    }

    boolean adoptIfHigher(long term, long now, String source) {
        if (term <= desk.term()) {
            return false;
        }
        if (leadership != null) {
            endLeadership(leadership, now);
        }
        campaign = null;
        desk.cast(desk.ballots.current().advancedTo(term), now);
        following.forgetLeader(now);
        become("a higher term came from " + source);
        judgeAnew(now);
        return true;
    }

    /** The term has risen while requests waited for the fence of a lower one. */
    private void judgeAnew(long now) {
        for (Purpose overtaken : desk.fences.overtaken()) {
            if (overtaken instanceof Purpose.PreVoteOf asked) {
                voter.asked(asked.asker(), asked.request(), now);
            } else if (overtaken instanceof Purpose.VoteOf asked) {
                requestVote(asked.asker(), asked.request(), now);
            }
        }
    }

    /**
     * The timer has fired, or nobody leads any more. Only voters campaign, pre-vote first, always; and who was removed
     * by an entry that is not known to be committed (§6), since it may be the only one that holds that entry and can
     * win.
     */
    private void stand(long now) {
        desk.timer.reset(now);
        following.forgetLeader(now);
        if (desk.retiring || !desk.mayStand || desk.fences.candidacyWaits()) {
            return;
        }
        campaign = Campaign.forPreVotes(desk.fence(new Purpose.Stand(), now));
        become(
                following.departure().known()
                        ? "the process of the leader is gone"
                        : "no leader was heard within the election time-out");
    }

    /** "To begin an election, a follower increments its current term and transitions to candidate state" (§5.2). */
    private void run(boolean transfer, String why, long now) {
        desk.cast(desk.ballots.current().advancedTo(desk.term() + 1).castFor(desk.self), now);
        following.departure().voted(now);
        following.forgetLeader(now);
        desk.timer.reset(now);
        campaign = null;
        judgeAnew(now);
        campaign = Campaign.forVotes(desk.fence(new Purpose.Run(), now), transfer);
        become(why);
    }

    private void advance(Campaign own, long now) {
        if (!own.reached()) {
            return;
        }
        if (own.role() == Role.PRE_CANDIDATE) {
            run(false, "a majority would vote for it", now);
            return;
        }
        campaign = null;
        Leadership won = new Leadership(desk, now);
        leadership = won;
        become("a majority voted for it");
        following.won();
        won.startRound(now);
    }

    private void stepDown(Leadership ending, String why, long now) {
        endLeadership(ending, now);
        following.forgetLeader(now);
        become(why);
    }

    private void endLeadership(Leadership ending, long now) {
        desk.emit(new Effect.Resign(desk.term()));
        ending.end();
        leadership = null;
        desk.timer.reset(now);
        if (desk.retiring) {
            desk.emit(new Effect.Relieved());
        }
    }

    void changeMembers(Members members, boolean mayStand, long now) {
        boolean same = desk.informed && mayStand == desk.mayStand && members.equals(desk.members);
        if (same) {
            return;
        }
        desk.informed = true;
        desk.mayStand = mayStand;
        desk.members = members;
        near = desk.settings.leases() ? List.of() : others(members);
        contacts.meet(members, now);
        if (leadership != null) {
            leadership.membersChanged(now);
        }
        become("the members changed");
    }

    private List<String> others(Members members) {
        return members.everyone()
                .map(Peer::node)
                .filter(node -> !node.equals(desk.self.node()))
                .distinct()
                .toList();
    }

    private Role role() {
        if (leadership != null) {
            return Role.LEADER;
        }
        if (campaign != null) {
            return campaign.role();
        }
        return desk.mayStand || !desk.informed ? Role.FOLLOWER : Role.LEARNER;
    }

    private void become(String why) {
        desk.report(role(), why);
    }
}
