package io.murmuration.core.election;

import static io.murmuration.core.election.Rig.N1;
import static io.murmuration.core.election.Rig.N2;
import static io.murmuration.core.election.Rig.N3;
import static io.murmuration.core.election.Rig.N4;
import static io.murmuration.core.election.Rig.N5;
import static io.murmuration.core.election.Rig.THREE;
import static io.murmuration.core.election.Rig.one;
import static io.murmuration.core.election.Rig.only;
import static io.murmuration.core.election.Rig.said;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ElectionRpc.CampaignNow;
import io.murmuration.core.model.ElectionRpc.Heartbeat;
import io.murmuration.core.model.ElectionRpc.HeartbeatReply;
import io.murmuration.core.model.ElectionRpc.PreVote;
import io.murmuration.core.model.ElectionRpc.PreVoteReply;
import io.murmuration.core.model.ElectionRpc.RequestVote;
import io.murmuration.core.model.ElectionRpc.VoteReply;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** This node's own campaigns: protocol rules Election 1, 2, 3, 7, 9 and 11. */
final class CandidacyTest {
    private static final EntryId END = new EntryId(5, 3);
    private static final Members FIVE = Members.voting(List.of(N1, N2, N3, N4, N5));

    @Test
    void asksForPreVotesBehindAFenceAndWithoutATermOfItsOwn() {
        Rig rig = Rig.of(THREE, new Ballot(3, null), END);

        List<Effect> fired = rig.timerFires();
        assertThat(said(fired)).isEmpty();
        List<Effect> asked = rig.answers(one(Effect.Fence.class, fired));

        assertThat(asked)
                .containsExactly(
                        new Effect.Send("n2", new PreVote(4, END)), new Effect.Send("n3", new PreVote(4, END)));
        assertThat(rig.term()).isEqualTo(3);
        assertThat(only(Effect.Persist.class, fired)).isEmpty();
    }

    @Test
    void campaignsBallotThenFenceThenRequest() {
        Rig rig = Rig.of(THREE, new Ballot(3, null), END);
        rig.settle(rig.timerFires());

        List<Effect> won = rig.receives(N2, new PreVoteReply(3, 4, true));
        assertThat(won)
                .containsExactly(
                        new Effect.Persist(1, new Ballot(4, N1)),
                        new Effect.Became(Role.CANDIDATE, 4, "a majority would vote for it"));
        List<Effect> durable = rig.election.written(1, rig.now);
        assertThat(durable).hasSize(1);
        rig.last = new EntryId(6, 3);
        List<Effect> asked = rig.answers(one(Effect.Fence.class, durable));

        RequestVote request = new RequestVote(4, new EntryId(6, 3), false);
        assertThat(asked).containsExactly(new Effect.Send("n2", request), new Effect.Send("n3", request));
    }

    @Test
    void leadsWhenAMajorityHasVoted() {
        Rig rig = Rig.of(THREE);
        rig.standsUntilCandidate();

        List<Effect> won = rig.receives(N3, new VoteReply(1, true));

        assertThat(won)
                .startsWith(
                        new Effect.Became(Role.LEADER, 1, "a majority voted for it"),
                        new Effect.Lead(1),
                        new Effect.LeaderIs(1, "n1"),
                        new Effect.Send("n2", new Heartbeat(1, 1)),
                        new Effect.Send("n3", new Heartbeat(1, 1)));
    }

    @Test
    void countsEachVoterOnce() {
        Rig rig = Rig.of(FIVE);
        rig.settle(rig.timerFires());
        rig.receivesAndSettles(N2, new PreVoteReply(0, 1, true));
        rig.receivesAndSettles(N2, new PreVoteReply(0, 1, true));
        assertThat(rig.role()).isEqualTo(Role.PRE_CANDIDATE);
        rig.receivesAndSettles(N3, new PreVoteReply(0, 1, true));
        assertThat(rig.role()).isEqualTo(Role.CANDIDATE);

        rig.receives(N2, new VoteReply(1, true));
        rig.receives(N2, new VoteReply(1, true));
        assertThat(rig.role()).isEqualTo(Role.CANDIDATE);
        rig.receives(N4, new VoteReply(1, true));

        assertThat(rig.role()).isEqualTo(Role.LEADER);
    }

    @Test
    void countsNeitherStrangersNorLearnersNorOtherIncarnations() {
        Members members = new Members(List.of(N1, N2, N3), List.of(), List.of(N4));
        Rig rig = Rig.of(members);
        rig.standsUntilCandidate();

        rig.receives(N5, new VoteReply(1, true));
        rig.receives(N4, new VoteReply(1, true));
        rig.receives(new Peer("n2", new UUID(1, 1)), new VoteReply(1, true));
        assertThat(rig.role()).isEqualTo(Role.CANDIDATE);
        rig.receives(N2, new VoteReply(1, true));

        assertThat(rig.role()).isEqualTo(Role.LEADER);
    }

    @Test
    void countsByTheMembersInFencedAndBothMajoritiesWhileTheyChange() {
        Rig rig = Rig.of(THREE);
        rig.settle(rig.timerFires());
        List<Effect> run = rig.receives(N2, new PreVoteReply(0, 1, true));
        rig.members = new Members(List.of(N1, N2, N3), List.of(N1, N4, N5), List.of());
        rig.settle(run);

        rig.receives(N2, new VoteReply(1, true));
        rig.receives(N3, new VoteReply(1, true));
        assertThat(rig.role()).isEqualTo(Role.CANDIDATE);
        rig.receives(N4, new VoteReply(1, true));

        assertThat(rig.role()).isEqualTo(Role.LEADER);
    }

    @Test
    void countsNoReplyOfAnEarlierTermOrCandidacy() {
        Rig rig = Rig.of(THREE);
        rig.standsUntilCandidate();
        rig.runsFor(Rig.T.multipliedBy(2));
        assertThat(rig.role()).isEqualTo(Role.PRE_CANDIDATE);

        rig.receives(N2, new VoteReply(1, true));
        assertThat(rig.role()).isEqualTo(Role.PRE_CANDIDATE);
        rig.receivesAndSettles(N2, new PreVoteReply(0, 1, true));
        assertThat(rig.role()).isEqualTo(Role.PRE_CANDIDATE);
        rig.receivesAndSettles(N2, new PreVoteReply(0, 2, true));
        assertThat(rig.role()).isEqualTo(Role.CANDIDATE);
        rig.receives(N2, new VoteReply(1, true));

        assertThat(rig.role()).isEqualTo(Role.CANDIDATE);
    }

    @Test
    void voteThatComesBeforeTheRequestWasSentDoesNotCount() {
        Rig rig = Rig.of(THREE);
        rig.settle(rig.timerFires());
        List<Effect> run = rig.receives(N2, new PreVoteReply(0, 1, true));

        rig.receives(N2, new VoteReply(1, true));
        rig.settle(run);

        assertThat(rig.role()).isEqualTo(Role.CANDIDATE);
    }

    @Test
    void realTermOfAPreVoteReplyIsAdopted() {
        Rig rig = Rig.of(THREE, new Ballot(3, null), END);
        rig.settle(rig.timerFires());

        List<Effect> adopted = rig.receives(N2, new PreVoteReply(7, 4, false));

        assertThat(one(Effect.Persist.class, adopted).ballot()).isEqualTo(new Ballot(7, null));
        assertThat(rig.role()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    void proposedTermOfAPreVoteIsNotAdopted() {
        Rig rig = Rig.of(THREE, new Ballot(3, null), END);

        rig.receivesAndSettles(N2, new PreVote(9, END));

        assertThat(rig.term()).isEqualTo(3);
    }

    @Test
    void heartbeatOfItsTermEndsACandidacyAlsoWhileTheBallotIsBeingWritten() {
        Rig rig = Rig.of(THREE);
        rig.settle(rig.timerFires());
        List<Effect> run = rig.receives(N2, new PreVoteReply(0, 1, true));

        List<Effect> heard = rig.receives(N3, new Heartbeat(1, 4));
        List<Effect> rest = rig.settle(run);

        assertThat(rig.role()).isEqualTo(Role.FOLLOWER);
        assertThat(said(heard)).isEmpty();
        assertThat(only(Effect.Follow.class, heard)).isEmpty();
        assertThat(rest).contains(new Effect.Follow(1, "n3"), new Effect.LeaderIs(1, "n3"));
        assertThat(said(rest)).containsExactly(new HeartbeatReply(1, 4, EntryId.NONE, 0, true, 0));
    }

    @Test
    void higherTermDropsACampaignWhoseFenceIsUnderWay() {
        Rig rig = Rig.of(THREE);
        rig.settle(rig.timerFires());
        List<Effect> run = rig.receives(N2, new PreVoteReply(0, 1, true));
        List<Effect> fences =
                rig.election.written(one(Effect.Persist.class, run).sequence(), rig.now);

        rig.election.termSeen(5, rig.now);
        List<Effect> late = rig.answers(one(Effect.Fence.class, fences));

        assertThat(late).isEmpty();
        assertThat(rig.role()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    void timerDoesNotDoubleACandidacyThatWaitsForItsFence() {
        Rig rig = Rig.of(THREE);
        List<Effect> first = rig.timerFires();

        List<Effect> second = rig.timerFires();

        assertThat(only(Effect.Fence.class, second)).isEmpty();
        assertThat(said(rig.settle(first))).hasSize(2);
    }

    @Test
    void timersAreDrawnAnewFromTToTwiceT() {
        Rig rig = Rig.of(THREE);
        Set<Long> drawn = new HashSet<>();

        for (int i = 0; i < 200; i++) {
            rig.settle(rig.timerFires());
            long span = rig.election.wakeAt() - rig.now;
            assertThat(span).isBetween(Rig.T.toNanos(), 2 * Rig.T.toNanos() - 1);
            drawn.add(span);
        }

        assertThat(drawn).hasSizeGreaterThan(190);
        assertThat(drawn.stream().mapToLong(span -> span).min().orElseThrow()).isLessThan(Rig.T.toNanos() * 11 / 10);
        assertThat(drawn.stream().mapToLong(span -> span).max().orElseThrow()).isGreaterThan(Rig.T.toNanos() * 19 / 10);
    }

    @Test
    void lateTimerLetsTheMailboxDrainOnce() {
        Rig rig = Rig.following(THREE, 3, END);
        rig.now = rig.election.wakeAt() + Rig.T.toNanos();

        List<Effect> late = rig.election.wake(rig.now);
        assertThat(late).containsExactly(new Effect.Drain());
        assertThat(rig.election.wake(rig.now)).isEmpty();
        rig.receives(N2, new Heartbeat(3, 2));

        assertThat(rig.election.drained(rig.now)).isEmpty();
        assertThat(rig.role()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    void lateTimerStandsWhenTheMailboxHeldNoLeader() {
        Rig rig = Rig.following(THREE, 3, END);
        rig.now = rig.election.wakeAt() + Rig.T.toNanos();
        rig.election.wake(rig.now);

        rig.election.drained(rig.now);

        assertThat(rig.role()).isEqualTo(Role.PRE_CANDIDATE);
    }

    @Test
    void timerOnlyALittleLateStandsAtOnce() {
        Rig rig = Rig.following(THREE, 3, END);
        rig.now = rig.election.wakeAt() + Rig.T.toNanos() / 4;

        rig.election.wake(rig.now);

        assertThat(rig.role()).isEqualTo(Role.PRE_CANDIDATE);
    }

    @Test
    void onlyVoterElectsItself() {
        Rig rig = Rig.of(Members.voting(List.of(N1)), new Ballot(3, null), END);

        List<Effect> all = rig.settle(rig.timerFires());

        assertThat(all).contains(new Effect.Persist(1, new Ballot(4, N1)), new Effect.Lead(4));
        assertThat(said(all)).isEmpty();
    }

    @Test
    void groupOfTwoNeedsBoth() {
        Rig rig = Rig.of(Members.voting(List.of(N1, N2)));
        rig.settle(rig.timerFires());
        assertThat(rig.role()).isEqualTo(Role.PRE_CANDIDATE);
        rig.receivesAndSettles(N2, new PreVoteReply(0, 1, true));
        assertThat(rig.role()).isEqualTo(Role.CANDIDATE);

        rig.receives(N2, new VoteReply(1, true));

        assertThat(rig.role()).isEqualTo(Role.LEADER);
    }

    @Test
    void groupWithoutVotersElectsNobody() {
        Rig rig = Rig.of(new Members(List.of(), List.of(), List.of(N1)));

        List<Effect> all = rig.runsFor(Rig.T.multipliedBy(10));

        assertThat(only(Effect.Persist.class, all)).isEmpty();
        assertThat(said(all)).isEmpty();
    }

    @Test
    void learnersDoNotStand() {
        Rig rig = Rig.of(new Members(List.of(N2, N3), List.of(), List.of(N1)), new Ballot(3, null), END);

        List<Effect> all = rig.runsFor(Rig.T.multipliedBy(10));

        assertThat(only(Effect.Fence.class, all)).isEmpty();
        assertThat(said(all)).isEmpty();
        assertThat(rig.role()).isEqualTo(Role.LEARNER);
        assertThat(rig.receives(N2, new CampaignNow(3, 1))).isEmpty();
    }

    @Test
    void campaignNowIsObeyedWithoutPreVoteInExactlyItsTerm() {
        Rig rig = Rig.following(THREE, 3, END);

        List<Effect> all = rig.receivesAndSettles(N2, new CampaignNow(3, 1));

        RequestVote request = new RequestVote(4, END, true);
        assertThat(only(Effect.Send.class, all))
                .containsExactly(new Effect.Send("n2", request), new Effect.Send("n3", request));
        assertThat(all).contains(new Effect.LeaderIs(4, null));
    }

    /** It was on its way for long: the hand-over was given up meanwhile, and its leader leads on. */
    @Test
    void campaignNowThatComesLateIsNotObeyed() {
        Rig rig = Rig.following(THREE, 3, END);
        Rig another = Rig.following(THREE, 3, END);

        for (long round = 2; round <= 11; round++) {
            rig.passes(Rig.T.dividedBy(10));
            rig.receivesAndSettles(N2, new Heartbeat(3, round));
        }
        rig.receivesAndSettles(N2, new CampaignNow(3, 1));
        another.passes(Rig.T.minusNanos(1));
        another.receivesAndSettles(N2, new CampaignNow(3, 1));

        assertThat(rig.role()).isEqualTo(Role.FOLLOWER);
        assertThat(rig.term()).isEqualTo(3);
        assertThat(another.role()).isEqualTo(Role.CANDIDATE);
        rig.receivesAndSettles(N2, new CampaignNow(3, 3));
        assertThat(rig.role()).as("a later round was answered less than T ago").isEqualTo(Role.CANDIDATE);
    }

    /** Its rounds began at 1 again: what a leader of an earlier term knew says nothing. */
    @Test
    void roundsOfAnEarlierTermDoNotCountForCampaignNow() {
        Rig rig = Rig.following(THREE, 3, END);
        rig.receivesAndSettles(N3, new VoteReply(4, false));

        rig.receivesAndSettles(N3, new CampaignNow(4, 1));

        assertThat(rig.role()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    void campaignNowOfAnotherTermIsNotObeyed() {
        Rig rig = Rig.following(THREE, 3, END);

        List<Effect> lower = rig.receivesAndSettles(N2, new CampaignNow(2, 1));
        List<Effect> higher = rig.receivesAndSettles(N2, new CampaignNow(5, 1));

        assertThat(said(lower)).containsExactly(new VoteReply(3, false));
        assertThat(said(higher)).isEmpty();
        assertThat(rig.role()).isEqualTo(Role.FOLLOWER);
        assertThat(rig.term()).isEqualTo(5);
    }

    @Test
    void diskOrLogSilentForAMinuteStopsTheReplica() {
        Rig disk = Rig.of(THREE, new Ballot(3, null), END);
        disk.election.termSeen(4, disk.now);
        Rig log = Rig.unopened(THREE, Ballot.NONE, EntryId.NONE);
        log.election.start(log.now);

        assertStopsAfterAMinute(disk, "The ballot");
        assertStopsAfterAMinute(log, "Log has not answered");
    }

    @Test
    void pauseOfTheProcessIsNotTakenForASilentDisk() {
        Rig rig = Rig.of(THREE, new Ballot(3, null), END);
        rig.election.termSeen(4, rig.now);
        rig.passes(Duration.ofSeconds(70));

        rig.election.wake(rig.now);

        assertThat(rig.term()).isEqualTo(4);
        assertStopsAfterAMinute(rig, "The ballot");
    }

    private static void assertStopsAfterAMinute(Rig rig, String words) {
        long start = rig.now;
        IllegalStateException stopped = null;
        while (stopped == null && rig.now - start <= Duration.ofSeconds(61).toNanos()) {
            rig.now = rig.election.wakeAt();
            try {
                rig.election.wake(rig.now);
                rig.election.drained(rig.now);
            } catch (IllegalStateException e) {
                stopped = e;
            }
        }
        assertThat(stopped).isNotNull().hasMessageStartingWith(words);
        assertThat(rig.now - start)
                .isBetween(
                        Duration.ofSeconds(59).toNanos(), Duration.ofSeconds(61).toNanos());
    }
}
