package io.murmuration.core.election;

import static io.murmuration.core.election.Rig.N2;
import static io.murmuration.core.election.Rig.N3;
import static io.murmuration.core.election.Rig.N4;
import static io.murmuration.core.election.Rig.N5;
import static io.murmuration.core.election.Rig.THREE;
import static io.murmuration.core.election.Rig.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ElectionRpc.CampaignNow;
import io.murmuration.core.model.ElectionRpc.Heartbeat;
import io.murmuration.core.model.ElectionRpc.HeartbeatReply;
import io.murmuration.core.model.ElectionRpc.PreVoteReply;
import io.murmuration.core.model.ElectionRpc.VoteReply;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** n1, which the members in force have removed, before and after that is committed (§6). */
class RemovalTest {
    private static final Members MOVED = Members.voting(List.of(N3, N4, N5));

    /**
     * n1, n2, n3 become n3, n4, n5, and the leader dies when only n1 holds the final members: n3 needs a majority of
     * the old ones, whose logs are longer, so nobody but n1 can win.
     */
    @Test
    void whoHoldsUncommittedMembersWithoutItselfStandsAndIsElectedByTheOthers() {
        Rig rig = Rig.of(MOVED, new Ballot(3, null), new EntryId(7, 3));
        rig.leaving = true;
        rig.settle(rig.election.membersChanged(MOVED, true, rig.now));

        List<Effect> asked = rig.settle(rig.timerFires());
        rig.receivesAndSettles(N3, new PreVoteReply(3, 4, true));
        Role byOne = rig.role();
        rig.receivesAndSettles(N4, new PreVoteReply(3, 4, true));
        Role byTwo = rig.role();
        rig.receivesAndSettles(N3, new VoteReply(4, true));
        Role withOneVote = rig.role();
        rig.receivesAndSettles(N5, new VoteReply(4, true));

        assertThat(only(Effect.Send.class, asked)).extracting(Effect.Send::node).containsExactly("n3", "n4", "n5");
        assertThat(byOne).as("its own vote does not count").isEqualTo(Role.PRE_CANDIDATE);
        assertThat(byTwo).isEqualTo(Role.CANDIDATE);
        assertThat(withOneVote).as("its own vote does not count").isEqualTo(Role.CANDIDATE);
        assertThat(rig.role()).isEqualTo(Role.LEADER);
    }

    @Test
    void aLeaderWithoutAVoteKeepsItsOfficeByTheAnswersOfOthersOnly() {
        Rig rig = Rig.leading(THREE);
        rig.settle(rig.election.membersChanged(Members.voting(List.of(N2, N3)), true, rig.now));

        rig.passes(Rig.T.dividedBy(2));
        rig.receivesAndSettles(N2, new HeartbeatReply(rig.term(), 1, EntryId.NONE, 0, true, 0));
        rig.runsFor(Rig.T);

        assertThat(rig.role()).as("one of two is no majority").isNotEqualTo(Role.LEADER);
    }

    @Test
    void doesNotStandOnceItsRemovalIsCommitted() {
        Rig rig = Rig.of(MOVED, new Ballot(3, null), new EntryId(7, 3));
        rig.settle(rig.election.membersChanged(MOVED, true, rig.now));

        rig.settle(rig.election.membersChanged(MOVED, false, rig.now));
        List<Effect> later = rig.runsFor(Rig.T.multipliedBy(5));

        assertThat(Rig.said(later)).isEmpty();
        assertThat(rig.role()).isEqualTo(Role.LEARNER);
    }

    @Test
    void isToldToCampaignInVainOnceItsRemovalIsCommitted() {
        Rig rig = Rig.following(THREE, 3, EntryId.NONE);
        rig.members = MOVED;
        rig.settle(rig.election.membersChanged(MOVED, false, rig.now));
        Rig leaving = Rig.following(THREE, 3, EntryId.NONE);
        leaving.members = MOVED;
        leaving.leaving = true;
        leaving.settle(leaving.election.membersChanged(MOVED, true, leaving.now));

        rig.receivesAndSettles(N2, new CampaignNow(3, 1));
        leaving.receivesAndSettles(N2, new CampaignNow(3, 1));

        assertThat(rig.role()).isEqualTo(Role.LEARNER);
        assertThat(rig.term()).as("and raises no term").isEqualTo(3);
        assertThat(leaving.role()).isEqualTo(Role.CANDIDATE);
    }

    @Test
    void ofTwoIncarnationsOfANodeWhicheverAnswersIsHeardAsWhatItIs() {
        Peer wiped = new Peer("n3", new UUID(9, 9));
        Members replacing = new Members(THREE.voters(), List.of(), List.of(wiped));
        Rig rig = Rig.leading(THREE);
        Rig learned = Rig.leading(THREE);

        rig.settle(rig.election.membersChanged(replacing, true, rig.now));
        learned.settle(learned.election.membersChanged(replacing, true, learned.now));
        List<Effect> round = rig.settle(rig.timerFires());
        for (int i = 0; i < 8; i++) {
            rig.receivesAndSettles(N3, new HeartbeatReply(rig.term(), 1, EntryId.NONE, 0, true, 0));
            rig.runsFor(Rig.T.dividedBy(2));
            learned.receivesAndSettles(wiped, new HeartbeatReply(learned.term(), 1, EntryId.NONE, 0, true, 0));
            learned.runsFor(Rig.T.dividedBy(2));
        }

        assertThat(only(Effect.Send.class, round))
                .filteredOn(send -> send.message() instanceof Heartbeat)
                .extracting(Effect.Send::node)
                .containsExactly("n2", "n3");
        assertThat(rig.role()).as("the old one is there again, and votes").isEqualTo(Role.LEADER);
        assertThat(learned.role()).as("a learner does not count").isNotEqualTo(Role.LEADER);
    }

    @Test
    void aCandidateAsksEachVoterByNameAlsoWhereALearnerHasItsName() {
        Peer wiped = new Peer("n3", new UUID(9, 9));
        Rig rig = Rig.of(new Members(THREE.voters(), List.of(), List.of(wiped)));

        List<Effect> asked = rig.settle(rig.timerFires());

        assertThat(only(Effect.Send.class, asked)).extracting(Effect.Send::node).containsExactly("n2", "n3");
    }

    /** A learner that has a leader's own name is another life of its disk: what is sent to that name comes back. */
    @Test
    void aLeaderSendsNoHeartbeatToItsOwnName() {
        Peer other = new Peer("n1", new UUID(9, 9));
        Rig rig = Rig.leading(new Members(THREE.voters(), List.of(), List.of(other)));

        List<Effect> round = rig.runsFor(Rig.T);

        assertThat(only(Effect.Send.class, round))
                .filteredOn(send -> send.message() instanceof Heartbeat)
                .isNotEmpty()
                .extracting(Effect.Send::node)
                .doesNotContain("n1");
    }
}
