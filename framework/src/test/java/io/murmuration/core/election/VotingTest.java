package io.murmuration.core.election;

import static io.murmuration.core.election.Rig.N2;
import static io.murmuration.core.election.Rig.N3;
import static io.murmuration.core.election.Rig.THREE;
import static io.murmuration.core.election.Rig.one;
import static io.murmuration.core.election.Rig.only;
import static io.murmuration.core.election.Rig.said;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ElectionRpc.Heartbeat;
import io.murmuration.core.model.ElectionRpc.PreVote;
import io.murmuration.core.model.ElectionRpc.PreVoteReply;
import io.murmuration.core.model.ElectionRpc.RequestVote;
import io.murmuration.core.model.ElectionRpc.VoteReply;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What others ask of this node: protocol rules Election 2, 4, 5 and 10, fence F1 and F3. */
final class VotingTest {
    private static final EntryId END = new EntryId(5, 3);

    @Test
    void ballotThenFenceThenVoteThenReply() {
        Rig rig = Rig.of(THREE, new Ballot(3, null), END);

        List<Effect> adopted = rig.receives(N2, new RequestVote(4, END, false));
        assertThat(adopted)
                .containsExactly(
                        new Effect.Persist(1, new Ballot(4, null)),
                        new Effect.Became(Role.FOLLOWER, 4, "a higher term came from n2"));

        List<Effect> durable = rig.election.written(1, rig.now);
        Effect.Fence fence = one(Effect.Fence.class, durable);
        assertThat(durable).hasSize(1);
        assertThat(fence.term()).isEqualTo(4);

        List<Effect> decided = rig.answers(fence);
        assertThat(decided).containsExactly(new Effect.Persist(2, new Ballot(4, N2)));

        List<Effect> replied = rig.election.written(2, rig.now);
        assertThat(replied).containsExactly(new Effect.Send("n2", new VoteReply(4, true)));
    }

    @Test
    void decidesOnThePositionInFencedNotOnAnEarlierOne() {
        Rig rig = Rig.of(THREE, new Ballot(3, null), END);
        List<Effect> adopted = rig.receives(N2, new RequestVote(4, END, false));
        List<Effect> fences =
                rig.election.written(one(Effect.Persist.class, adopted).sequence(), rig.now);

        rig.last = new EntryId(6, 3); // an entry of the old leader, acknowledged before the fence moved
        List<Effect> decided = rig.answers(one(Effect.Fence.class, fences));

        assertThat(decided).containsExactly(new Effect.Send("n2", new VoteReply(4, false)));
    }

    @Test
    void asksTheFenceAnewForEachVoteAlsoWithinATerm() {
        Rig rig = Rig.of(THREE, new Ballot(3, null), END);
        List<Effect> refused = rig.receivesAndSettles(N2, new RequestVote(4, EntryId.NONE, false));
        assertThat(said(refused)).containsExactly(new VoteReply(4, false));
        rig.last = new EntryId(9, 4);

        List<Effect> second = rig.receives(N3, new RequestVote(4, END, false));

        assertThat(said(second)).isEmpty();
        assertThat(said(rig.settle(second))).containsExactly(new VoteReply(4, false));
    }

    @Test
    void twoCandidatesOfOneTermInFlightGetOneVote() {
        Rig rig = Rig.of(THREE, new Ballot(3, null), END);
        List<Effect> first = rig.receives(N2, new RequestVote(4, END, false));
        List<Effect> second = rig.receives(N3, new RequestVote(4, END, false));
        assertThat(second).isEmpty();

        List<Effect> all = rig.settle(first);

        assertThat(only(Effect.Send.class, all))
                .containsExactlyInAnyOrder(
                        new Effect.Send("n2", new VoteReply(4, true)), new Effect.Send("n3", new VoteReply(4, false)));
    }

    @Test
    void higherCandidateOvertakesOneThatWaitsForTheFence() {
        Rig rig = Rig.of(THREE, new Ballot(3, null), END);
        List<Effect> first = rig.receives(N2, new RequestVote(4, END, false));
        List<Effect> fences =
                rig.election.written(one(Effect.Persist.class, first).sequence(), rig.now);

        List<Effect> second = rig.receives(N3, new RequestVote(5, END, false));
        List<Effect> late = rig.answers(one(Effect.Fence.class, fences));

        assertThat(late).isEmpty();
        assertThat(only(Effect.Send.class, rig.settle(second)))
                .containsExactlyInAnyOrder(
                        new Effect.Send("n2", new VoteReply(5, false)), new Effect.Send("n3", new VoteReply(5, true)));
    }

    @Test
    void ballotInMemoryChangesWhenDecidedNotWhenDurable() {
        Rig rig = Rig.of(THREE, new Ballot(4, null), END);
        List<Effect> asked = rig.receives(N2, new RequestVote(4, END, false));
        List<Effect> vote = rig.answers(one(Effect.Fence.class, asked));
        assertThat(vote).containsExactly(new Effect.Persist(1, new Ballot(4, N2)));

        List<Effect> other = rig.receives(N3, new RequestVote(4, END, false));
        List<Effect> decided = rig.answers(one(Effect.Fence.class, other));

        assertThat(decided).containsExactly(new Effect.Send("n3", new VoteReply(4, false)));
    }

    @Test
    void grantsTheSameCandidateAgainWithoutASecondWrite() {
        Rig rig = Rig.of(THREE, new Ballot(4, null), END);
        rig.receivesAndSettles(N2, new RequestVote(4, END, false));

        List<Effect> again = rig.receivesAndSettles(N2, new RequestVote(4, END, false));

        assertThat(said(again)).containsExactly(new VoteReply(4, true));
        assertThat(only(Effect.Persist.class, again)).isEmpty();
    }

    @Test
    void refusalTellsATermOnlyOnceItIsDurable() {
        Rig rig = Rig.of(THREE, new Ballot(3, null), END);
        List<Effect> adopted = rig.election.termSeen(6, rig.now);

        List<Effect> refused = rig.receives(N2, new RequestVote(4, END, false));

        assertThat(refused).isEmpty();
        assertThat(said(rig.settle(adopted))).containsExactly(new VoteReply(6, false));
    }

    @Test
    void leaderHeardWithinTMakesVotesAndPreVotesRefusedWithoutAdoption() {
        Rig rig = Rig.following(THREE, 3, END);
        rig.passes(Rig.T.minusMillis(1));
        long wakeAt = rig.election.wakeAt();

        List<Effect> vote = rig.receives(N3, new RequestVote(9, END, false));
        List<Effect> preVote = rig.receives(N3, new PreVote(9, END));

        assertThat(vote).containsExactly(new Effect.Send("n3", new VoteReply(3, false)));
        assertThat(preVote).containsExactly(new Effect.Send("n3", new PreVoteReply(3, 9, false)));
        assertThat(rig.term()).isEqualTo(3);
        assertThat(rig.election.wakeAt()).isEqualTo(wakeAt);
    }

    @Test
    void leaderSilentForTNoLongerMakesVotesRefused() {
        Rig rig = Rig.following(THREE, 3, END);
        rig.passes(Rig.T);

        List<Effect> vote = rig.receivesAndSettles(N3, new RequestVote(9, END, false));

        assertThat(said(vote)).containsExactly(new VoteReply(9, true));
    }

    @Test
    void transferOverridesStickiness() {
        Rig rig = Rig.following(THREE, 3, END);

        List<Effect> vote = rig.receivesAndSettles(N3, new RequestVote(4, END, true));

        assertThat(said(vote)).containsExactly(new VoteReply(4, true));
    }

    @Test
    void leaderHeardWhileTheFenceIsUnderWayStillMakesTheVoteRefused() {
        Rig rig = Rig.of(THREE, new Ballot(3, null), END);
        List<Effect> vote = rig.receives(N3, new RequestVote(3, END, false));
        List<Effect> preVote = rig.receives(N3, new PreVote(4, END));

        rig.receives(N2, new Heartbeat(3, 1));

        assertThat(said(rig.settle(vote))).containsExactly(new VoteReply(3, false));
        assertThat(said(rig.settle(preVote))).containsExactly(new PreVoteReply(3, 4, false));
    }

    @Test
    void leaderCountsAsHearingItself() {
        Rig rig = Rig.leading(THREE);
        rig.passes(Rig.T.multipliedBy(3));

        List<Effect> preVote = rig.receives(N3, new PreVote(9, END));
        List<Effect> vote = rig.receives(N3, new RequestVote(9, END, false));

        assertThat(said(preVote)).containsExactly(new PreVoteReply(1, 9, false));
        assertThat(said(vote)).containsExactly(new VoteReply(1, false));
        assertThat(rig.role()).isEqualTo(Role.LEADER);
    }

    @Test
    void preVoteWaitsForItsFenceAndChangesNothing() {
        Rig rig = Rig.of(THREE, new Ballot(3, null), END);
        long wakeAt = rig.election.wakeAt();

        List<Effect> asked = rig.receives(N2, new PreVote(4, END));
        assertThat(said(asked)).isEmpty();
        assertThat(one(Effect.Fence.class, asked).term()).isEqualTo(3);
        List<Effect> all = rig.settle(asked);

        assertThat(said(all)).containsExactly(new PreVoteReply(3, 4, true));
        assertThat(only(Effect.Persist.class, all)).isEmpty();
        assertThat(rig.term()).isEqualTo(3);
        assertThat(rig.election.wakeAt()).isEqualTo(wakeAt);
    }

    @Test
    void preVoteBehindAnAdoptionIsJudgedAnewInTheNewTerm() {
        Rig rig = Rig.of(THREE, new Ballot(3, null), END);
        rig.receives(N2, new PreVote(4, END));
        rig.receives(N3, new PreVote(8, END));

        List<Effect> all = rig.settle(rig.election.termSeen(6, rig.now));

        assertThat(only(Effect.Send.class, all))
                .containsExactlyInAnyOrder(
                        new Effect.Send("n2", new PreVoteReply(6, 4, false)),
                        new Effect.Send("n3", new PreVoteReply(6, 8, true)));
    }

    @Test
    void candidatesAndPreCandidatesGrantPreVotesLikeFollowers() {
        Rig preCandidate = Rig.of(THREE);
        preCandidate.settle(preCandidate.timerFires());
        Rig candidate = Rig.of(THREE);
        candidate.standsUntilCandidate();

        List<Effect> early = preCandidate.receivesAndSettles(N3, new PreVote(1, EntryId.NONE));
        List<Effect> late = candidate.receivesAndSettles(N3, new PreVote(2, EntryId.NONE));

        assertThat(said(early)).containsExactly(new PreVoteReply(0, 1, true));
        assertThat(preCandidate.role()).isEqualTo(Role.PRE_CANDIDATE);
        assertThat(said(late)).containsExactly(new PreVoteReply(1, 2, true));
        assertThat(candidate.role()).isEqualTo(Role.CANDIDATE);
    }

    @Test
    void grantingAVoteEndsACandidacyOfALowerTerm() {
        Rig rig = Rig.of(THREE);
        rig.standsUntilCandidate();

        List<Effect> vote = rig.receivesAndSettles(N3, new RequestVote(2, EntryId.NONE, false));

        assertThat(said(vote)).containsExactly(new VoteReply(2, true));
        assertThat(rig.role()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    void grantingResetsTheTimerAndRefusingDoesNot() {
        Rig rig = Rig.of(THREE, new Ballot(3, null), END);
        long before = rig.election.wakeAt();

        rig.receivesAndSettles(N2, new RequestVote(4, EntryId.NONE, false));
        assertThat(rig.election.wakeAt()).isEqualTo(before);

        rig.passes(Duration.ofMillis(100));
        rig.receivesAndSettles(N3, new RequestVote(4, END, false));
        assertThat(rig.election.wakeAt()).isNotEqualTo(before);
        assertThat(rig.election.wakeAt() - rig.now).isBetween(Rig.T.toNanos(), 2 * Rig.T.toNanos());
    }

    @Test
    void requestIsJudgedByTermAloneWhoeverAsks() {
        Rig rig = Rig.of(Members.voting(List.of(N2, N3)), new Ballot(3, null), END);

        List<Effect> vote = rig.receivesAndSettles(Rig.N5, new RequestVote(4, END, false));

        assertThat(said(vote)).containsExactly(new VoteReply(4, true));
    }

    @Test
    void restartedVoterGrantsNothingAndAdoptsNothingForT() {
        Rig rig = Rig.restarted(THREE, new Ballot(3, N2), END);
        rig.passes(Rig.T.minusNanos(1));

        List<Effect> vote = rig.receives(N2, new RequestVote(9, END, false));
        List<Effect> transfer = rig.receives(N2, new RequestVote(9, END, true));
        List<Effect> preVote = rig.receives(N2, new PreVote(9, END));

        assertThat(said(vote)).containsExactly(new VoteReply(3, false));
        assertThat(said(transfer)).containsExactly(new VoteReply(3, false));
        assertThat(said(preVote)).containsExactly(new PreVoteReply(3, 9, false));
        assertThat(rig.term()).isEqualTo(3);
    }

    @Test
    void restartedVoterGrantsAgainAfterT() {
        Rig rig = Rig.restarted(THREE, new Ballot(3, N2), END);
        rig.passes(Rig.T);

        assertThat(said(rig.receivesAndSettles(N2, new PreVote(9, END)))).containsExactly(new PreVoteReply(3, 9, true));
        assertThat(said(rig.receivesAndSettles(N2, new RequestVote(9, END, false))))
                .containsExactly(new VoteReply(9, true));
    }

    @Test
    void nodeWithoutAPastNeedsNoGraceAndTheOnlyVoterDoes() {
        Rig fresh = Rig.restarted(THREE, Ballot.NONE, EntryId.NONE);
        Rig only = Rig.restarted(Members.voting(List.of(Rig.N1)), new Ballot(3, null), END);

        assertThat(said(fresh.receivesAndSettles(N2, new PreVote(1, END))))
                .containsExactly(new PreVoteReply(0, 1, true));
        assertThat(said(only.receivesAndSettles(N2, new PreVote(4, END))))
                .as("its members may not be committed, and it has promised a lease too")
                .containsExactly(new PreVoteReply(3, 4, false));
    }

    @Test
    void requestBeforeTheFirstFenceWaitsForIt() {
        Rig rig = Rig.unopened(THREE, Ballot.NONE, EntryId.NONE);
        List<Effect> opening = rig.election.start(rig.now);

        List<Effect> asked = rig.receives(N2, new RequestVote(1, EntryId.NONE, false));

        assertThat(opening).containsExactly(new Effect.Fence(0, 1));
        assertThat(said(asked)).isEmpty();
        assertThat(said(rig.settle(asked))).containsExactly(new VoteReply(1, true));
    }
}
