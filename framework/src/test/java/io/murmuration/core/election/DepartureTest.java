package io.murmuration.core.election;

import static io.murmuration.core.election.Rig.N1;
import static io.murmuration.core.election.Rig.N2;
import static io.murmuration.core.election.Rig.N3;
import static io.murmuration.core.election.Rig.N4;
import static io.murmuration.core.election.Rig.T;
import static io.murmuration.core.election.Rig.THREE;
import static io.murmuration.core.election.Rig.only;
import static io.murmuration.core.election.Rig.said;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What a node does when it is told that the process of another one is gone. */
final class DepartureTest {
    private static final EntryId END = new EntryId(5, 3);
    private static final Peer N0 = Rig.peer("n0");
    /** In which n1 is the second of those who are left when n2 is gone. */
    private static final Members SECOND = Members.voting(List.of(N0, N1, N2));

    private static final ElectionSettings LEASES = new ElectionSettings(T, 0, OptionalInt.of(10));
    private static final Duration TURN = T.dividedBy(5);
    private static final Duration VOTES = T.dividedBy(2);

    private static List<Effect> gone(Rig rig, String node) {
        return rig.settle(rig.election.gone(node, rig.now));
    }

    private static List<Effect> heartbeat(Rig rig, Peer leader, long round) {
        return rig.receivesAndSettles(leader, new Heartbeat(rig.term(), round));
    }

    @Test
    void firstOfThoseWhoAreLeftStandsAtOnce() {
        Rig rig = Rig.following(THREE, 3, END);

        List<Effect> effects = gone(rig, "n2");

        assertThat(said(effects)).containsExactly(new PreVote(4, END), new PreVote(4, END));
        assertThat(effects)
                .contains(
                        new Effect.LeaderIs(3, null),
                        new Effect.Became(Role.PRE_CANDIDATE, 3, "the process of the leader is gone"));
    }

    @Test
    void othersStandOneTurnAfterTheOther() {
        Rig rig = Rig.following(SECOND, 3, END);
        long told = rig.now;

        assertThat(gone(rig, "n2")).isEmpty();
        List<Effect> effects = rig.settle(rig.timerFires());

        assertThat(rig.now - told).isEqualTo(TURN.toNanos());
        assertThat(said(effects)).contains(new PreVote(4, END));
    }

    @Test
    void turnsAreCountedAmongVotersWithoutTheOneThatIsGone() {
        Members five = new Members(List.of(N1, N2, N3, N4), List.of(), List.of(N0));

        assertThat(Departure.rank(five, "n1", "n2")).isZero();
        assertThat(Departure.rank(five, "n3", "n2")).isEqualTo(1);
        assertThat(Departure.rank(five, "n4", "n2")).isEqualTo(2);
        assertThat(Departure.rank(five, "n4", "n0")).isEqualTo(3);
    }

    @Test
    void leaderThatWasHeardMakesNobodyRefuseAnyMore() {
        Rig rig = Rig.following(SECOND, 3, END);
        List<Effect> before = rig.receivesAndSettles(N0, new PreVote(4, END));

        gone(rig, "n2");
        List<Effect> preVote = rig.receivesAndSettles(N0, new PreVote(4, END));
        List<Effect> vote = rig.receivesAndSettles(N0, new RequestVote(4, END, false));

        assertThat(said(before)).containsExactly(new PreVoteReply(3, 4, false));
        assertThat(said(preVote)).containsExactly(new PreVoteReply(3, 4, true));
        assertThat(said(vote)).containsExactly(new VoteReply(4, true));
    }

    @Test
    void whoHasAgreedToAnotherCandidacyLetsItGoFirst() {
        Rig rig = Rig.following(SECOND, 3, END);
        gone(rig, "n2");
        rig.receivesAndSettles(N0, new PreVote(4, END));
        long agreed = rig.now;
        rig.receivesAndSettles(N0, new RequestVote(4, END, false));

        rig.passes(TURN);
        List<Effect> again = gone(rig, "n2");
        List<Effect> effects = rig.settle(rig.timerFires());

        assertThat(again).isEmpty();
        assertThat(rig.now - agreed).isEqualTo(VOTES.toNanos());
        assertThat(said(effects)).contains(new PreVote(5, END));
    }

    /** Without waiting for Log a second time, so that answers which are under way count. */
    @Test
    void whoWasRefusedAsksAgainWhenItIsSaidAgain() {
        Rig rig = Rig.following(THREE, 3, END);
        gone(rig, "n2");
        rig.receivesAndSettles(N3, new PreVoteReply(3, 4, false));

        rig.passes(T.dividedBy(20));
        List<Effect> again = rig.election.gone("n2", rig.now);
        List<Effect> won = rig.receivesAndSettles(N3, new PreVoteReply(3, 4, true));

        assertThat(said(again)).containsExactly(new PreVote(4, END), new PreVote(4, END));
        assertThat(said(won)).contains(new RequestVote(4, END, false));
    }

    @Test
    void candidateIsLeftAloneForHalfOfT() {
        Rig rig = Rig.following(THREE, 3, END);
        gone(rig, "n2");
        rig.receivesAndSettles(N3, new PreVoteReply(3, 4, true));
        assertThat(rig.role()).isEqualTo(Role.CANDIDATE);
        long ran = rig.now;

        rig.passes(T.dividedBy(10));
        List<Effect> again = gone(rig, "n2");
        List<Effect> effects = rig.settle(rig.timerFires());

        assertThat(again).isEmpty();
        assertThat(rig.now - ran).isEqualTo(VOTES.toNanos());
        assertThat(said(effects)).contains(new PreVote(5, END));
    }

    @Test
    void leaderThatIsHeardAgainIsFollowedAgain() {
        Rig rig = Rig.following(THREE, 3, END);
        gone(rig, "n2");

        heartbeat(rig, N2, 2);
        List<Effect> asked = rig.receivesAndSettles(N3, new PreVote(4, END));

        assertThat(rig.role()).isEqualTo(Role.FOLLOWER);
        assertThat(said(asked)).containsExactly(new PreVoteReply(3, 4, false));
        assertThat(rig.election.wakeAt() - rig.now).isGreaterThanOrEqualTo(T.toNanos());
    }

    @Test
    void lateHeartbeatOfTheProcessCostsNoMoreThanUntilItIsSaidAgain() {
        Rig rig = Rig.following(THREE, 3, END);
        gone(rig, "n2");
        heartbeat(rig, N2, 2);

        rig.passes(T.dividedBy(50));
        List<Effect> again = gone(rig, "n2");

        assertThat(said(again)).containsExactly(new PreVote(4, END), new PreVote(4, END));
    }

    @Test
    void hintOutlivesTheTermOfACandidateThatFailed() {
        Rig rig = Rig.following(SECOND, 3, END);
        gone(rig, "n2");
        rig.receivesAndSettles(N0, new RequestVote(4, EntryId.NONE, false));
        assertThat(rig.term()).isEqualTo(4);

        rig.passes(TURN);
        List<Effect> again = gone(rig, "n2");

        assertThat(said(again)).contains(new PreVote(5, END));
    }

    @Test
    void whoHasWonForgetsIt() {
        Rig rig = Rig.following(THREE, 3, END);
        gone(rig, "n2");
        rig.receivesAndSettles(N3, new PreVoteReply(3, 4, true));
        rig.receivesAndSettles(N3, new VoteReply(4, true));
        assertThat(rig.role()).isEqualTo(Role.LEADER);

        rig.settle(rig.election.steppedDown(4, rig.now));
        List<Effect> later = rig.runsFor(T.multipliedBy(2));

        assertThat(later)
                .contains(new Effect.Became(Role.PRE_CANDIDATE, 4, "no leader was heard within the election time-out"));
    }

    @Test
    void withLeasesItIsOfNoEffect() {
        Rig rig = Rig.following(THREE, 3, END, LEASES);
        long deadline = rig.election.wakeAt();

        List<Effect> effects = gone(rig, "n2");
        List<Effect> asked = rig.receivesAndSettles(N3, new PreVote(4, END));

        assertThat(effects).isEmpty();
        assertThat(said(asked)).containsExactly(new PreVoteReply(3, 4, false));
        assertThat(rig.election.wakeAt()).isEqualTo(deadline);
        assertThat(rig.election.near()).isEmpty();
    }

    @Test
    void endOfAnotherFollowersProcessIsOfNoEffect() {
        Rig rig = Rig.following(THREE, 3, END);
        long deadline = rig.election.wakeAt();

        List<Effect> effects = gone(rig, "n3");
        List<Effect> asked = rig.receivesAndSettles(N3, new PreVote(4, END));

        assertThat(effects).isEmpty();
        assertThat(said(asked)).containsExactly(new PreVoteReply(3, 4, false));
        assertThat(rig.election.wakeAt()).isEqualTo(deadline);
    }

    @Test
    void leaderLeadsOn() {
        Rig rig = Rig.leading(THREE);

        List<Effect> effects = gone(rig, "n2");

        assertThat(effects).isEmpty();
        assertThat(rig.role()).isEqualTo(Role.LEADER);
    }

    @Test
    void whoDoesNotVoteStandsNotButAgrees() {
        Members learner = new Members(List.of(N0, N2, N3), List.of(), List.of(N1));
        Rig rig = Rig.following(learner, 3, END);

        gone(rig, "n2");
        List<Effect> asked = rig.receivesAndSettles(N0, new PreVote(4, END));
        List<Effect> later = rig.runsFor(T);

        assertThat(said(asked)).containsExactly(new PreVoteReply(3, 4, true));
        assertThat(said(later)).isEmpty();
    }

    @Test
    void whoDozesWakesAndStandsAndALeaderThatLivesIsToldSo() {
        Rig rig = Rig.following(THREE, 1, END, new ElectionSettings(T, 0, OptionalInt.empty(), true));
        rig.election.logPulse(END, END.index(), END.index(), END.index(), rig.now);
        rig.election.machinePulse(END.index(), rig.now);
        List<Effect> asleep = rig.receivesAndSettles(N2, new Heartbeat(1, 2, true));
        assertThat(asleep).contains(new Effect.Doze(List.of("n2")));

        List<Effect> effects = gone(rig, "n2");

        assertThat(effects).contains(new Effect.Doze(List.of()));
        assertThat(only(Effect.Send.class, effects))
                .contains(new Effect.Send("n2", new HeartbeatReply(1, 2, END, 5, true, 0, false)));
        assertThat(said(effects)).contains(new PreVote(2, END));
    }

    @Test
    void namesTheOthersWhoseProcessesMatter() {
        Rig rig = Rig.following(THREE, 3, END);

        assertThat(rig.election.near()).containsExactly("n2", "n3");
        rig.election.membersChanged(SECOND, true, rig.now);
        assertThat(rig.election.near()).containsExactly("n0", "n2");
    }
}
