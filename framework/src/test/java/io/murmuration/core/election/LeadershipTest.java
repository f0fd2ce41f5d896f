package io.murmuration.core.election;

import static io.murmuration.core.election.Rig.LIFE;
import static io.murmuration.core.election.Rig.N1;
import static io.murmuration.core.election.Rig.N2;
import static io.murmuration.core.election.Rig.N3;
import static io.murmuration.core.election.Rig.N4;
import static io.murmuration.core.election.Rig.T;
import static io.murmuration.core.election.Rig.THREE;
import static io.murmuration.core.election.Rig.one;
import static io.murmuration.core.election.Rig.only;
import static io.murmuration.core.election.Rig.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ClientRpc.ReadRefused;
import io.murmuration.core.model.ClientRpc.Refusal;
import io.murmuration.core.model.ElectionRpc.CampaignNow;
import io.murmuration.core.model.ElectionRpc.Heartbeat;
import io.murmuration.core.model.ElectionRpc.HeartbeatReply;
import io.murmuration.core.model.ElectionRpc.PreVote;
import io.murmuration.core.model.ElectionRpc.PreVoteReply;
import io.murmuration.core.model.ElectionRpc.VoteReply;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/** Heartbeats, check-quorum and reads: protocol rules Election 5, 6 and 8, Machine 5. */
final class LeadershipTest {
    private static final EntryId END = new EntryId(5, 3);
    private static final Duration BEAT = T.dividedBy(10);

    private static HeartbeatReply reply(long term, long round) {
        return new HeartbeatReply(term, round, EntryId.NONE, 0, true, 0);
    }

    private static List<Effect> read(Rig rig, long id, long index) {
        return rig.election.confirmRead("n3", LIFE, id, index, 1, rig.now);
    }

    @Test
    void heartbeatsGoToAllOtherMembersEachTenthOfT() {
        Members members = new Members(List.of(N1, N2, N3), List.of(), List.of(N4));
        Rig rig = Rig.leading(members);

        List<Effect> beat = rig.runsFor(BEAT);

        assertThat(only(Effect.Send.class, beat))
                .containsExactly(
                        new Effect.Send("n2", new Heartbeat(1, 2)),
                        new Effect.Send("n3", new Heartbeat(1, 2)),
                        new Effect.Send("n4", new Heartbeat(1, 2)));
    }

    @Test
    void silentPeerGetsOneHeartbeatEachHalfT() {
        Rig rig = Rig.leading(THREE);
        answersFor(rig, T, N2);

        List<Effect> later = answersFor(rig, T.multipliedBy(4), N2);

        assertThat(only(Effect.Send.class, later).stream()
                        .filter(sent -> sent.node().equals("n3")))
                .hasSize(8);
        assertThat(only(Effect.Send.class, later).stream()
                        .filter(sent -> sent.node().equals("n2")))
                .hasSize(40);
        rig.receives(N3, reply(1, 1));
        assertThat(only(Effect.Send.class, rig.runsFor(BEAT))).hasSize(2);
    }

    @Test
    void leaderWithoutAMajorityStepsDownWithinTwoTimeouts() {
        Rig rig = Rig.leading(THREE);
        answersFor(rig, T, N2);
        read(rig, 7, 3);

        List<Effect> lost = rig.runsFor(T.multipliedBy(2));

        assertThat(lost)
                .contains(
                        new Effect.Resign(1),
                        new Effect.Answer("n3", new ReadRefused(LIFE, 7, Refusal.NOT_LEADER, null)),
                        new Effect.LeaderIs(1, null));
        assertThat(rig.role()).isNotEqualTo(Role.LEADER);
        assertThat(rig.term()).isEqualTo(1);
    }

    @Test
    void leaderThatNeverHearsItsMajorityStepsDownAfterT() {
        Rig rig = Rig.leading(THREE);

        List<Effect> all = rig.runsFor(T.minusNanos(1));
        assertThat(only(Effect.Resign.class, all)).isEmpty();

        assertThat(rig.runsFor(Duration.ofNanos(1))).contains(new Effect.Resign(1));
    }

    @Test
    void majorityForCheckQuorumIsOfVotersInTheirPresentIncarnation() {
        Rig rig = Rig.leading(new Members(List.of(N1, N2, N3), List.of(), List.of(N4)));

        List<Effect> all = answersFor(rig, T.multipliedBy(2), N4, Rig.N5, new Peer("n2", new UUID(1, 1)));

        assertThat(all).contains(new Effect.Resign(1));
    }

    @Test
    void pausedLeaderLooksIntoItsMailboxBeforeItStepsDown() {
        Rig rig = Rig.leading(THREE);
        rig.passes(T.multipliedBy(3));

        List<Effect> woken = rig.election.wake(rig.now);
        assertThat(woken).contains(new Effect.Drain());
        rig.receives(N2, reply(1, 1));
        rig.election.drained(rig.now);

        assertThat(rig.role()).isEqualTo(Role.LEADER);
    }

    @Test
    void onlyVoterLeadsOn() {
        Rig rig = Rig.of(Members.voting(List.of(N1)));
        rig.settle(rig.timerFires());

        List<Effect> all = rig.runsFor(T.multipliedBy(5));

        assertThat(rig.role()).isEqualTo(Role.LEADER);
        assertThat(said(all)).isEmpty();
    }

    @Test
    void higherTermInAnyMessageEndsLeadership() {
        List.of(
                        new PreVoteReply(9, 1, false),
                        new VoteReply(9, false),
                        new Heartbeat(9, 1),
                        reply(9, 1),
                        new CampaignNow(9, 1))
                .forEach(message -> {
                    Rig rig = Rig.leading(THREE);

                    List<Effect> all = rig.receives(N3, message);

                    assertThat(all)
                            .startsWith(
                                    new Effect.Resign(1),
                                    new Effect.Persist(2, new Ballot(9, null)),
                                    new Effect.LeaderIs(9, null),
                                    new Effect.Became(Role.FOLLOWER, 9, "a higher term came from n3"));
                });
    }

    @Test
    void termSeenByLogEndsLeadership() {
        Rig rig = Rig.leading(THREE);

        List<Effect> all = rig.election.termSeen(4, rig.now);

        assertThat(all).contains(new Effect.Resign(1), new Effect.Persist(2, new Ballot(4, null)));
        assertThat(rig.election.termSeen(4, rig.now)).isEmpty();
    }

    @Test
    void logThatStoppedLeadingEndsLeadershipOfThatTermOnly() {
        Rig rig = Rig.leading(THREE);

        assertThat(rig.election.steppedDown(0, rig.now)).isEmpty();
        assertThat(rig.election.steppedDown(1, rig.now)).contains(new Effect.Resign(1), new Effect.LeaderIs(1, null));
        assertThat(rig.role()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    void secondLeaderInOneTermIsAViolation() {
        Rig follower = Rig.following(THREE, 3, END);
        Rig leader = Rig.leading(THREE);
        Rig resigned = Rig.leading(THREE);
        resigned.election.steppedDown(1, resigned.now);

        assertThatThrownBy(() -> follower.receives(N3, new Heartbeat(3, 1))).isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> leader.receives(N3, new Heartbeat(1, 1))).isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> resigned.receives(N3, new Heartbeat(1, 1))).isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> follower.election.leaderHeard(3, "n3", follower.now))
                .isInstanceOf(InvariantViolation.class);
    }

    @Test
    void followerAnswersHeartbeatsWithWhatItsPulsesSaid() {
        Rig rig = Rig.following(THREE, 3, END);
        rig.election.logPulse(new EntryId(8, 3), 0, 8, 8, rig.now);
        rig.election.machinePulse(6, rig.now);

        List<Effect> all = rig.receives(N2, new Heartbeat(3, 2));

        assertThat(said(all)).containsExactly(new HeartbeatReply(3, 2, new EntryId(8, 3), 6, true, 0));
    }

    @Test
    void followerAsksItsLogAndMachineForAPulseOnceAndIsUnwellAfterFourT() {
        Rig rig = Rig.of(THREE, new Ballot(3, null), END);
        List<Effect> first = rig.receives(N2, new Heartbeat(3, 1));
        assertThat(first).contains(new Effect.AskLogPulse(), new Effect.AskMachinePulse());
        rig.election.logPulse(END, 0, 8, 8, rig.now);

        for (int round = 2; round <= 8; round++) {
            rig.passes(T.dividedBy(2));
            rig.receives(N2, new Heartbeat(3, round));
            rig.election.logPulse(END, 0, 8, 8, rig.now);
        }
        rig.passes(T.dividedBy(2).minusNanos(1));
        List<Effect> second = rig.receives(N2, new Heartbeat(3, 9));
        assertThat(second).contains(new Effect.AskLogPulse()).doesNotContain(new Effect.AskMachinePulse());
        assertThat(said(second)).containsExactly(new HeartbeatReply(3, 9, END, 0, true, 0));
        rig.passes(Duration.ofNanos(1));
        assertThat(said(rig.receives(N2, new Heartbeat(3, 10))))
                .containsExactly(new HeartbeatReply(3, 10, END, 0, false, 0));

        rig.election.machinePulse(5, rig.now);
        assertThat(said(rig.receives(N2, new Heartbeat(3, 11))))
                .containsExactly(new HeartbeatReply(3, 11, END, 5, true, 0));
    }

    /** The writes of the entries may stand behind others, of snapshots and of entries that were replaced since. */
    @Test
    void aDiskThatFinishesAnyWriteGetsOn() {
        assertThat(saidAfterSixTimeouts(round -> round / 4)).isTrue();
        assertThat(saidAfterSixTimeouts(round -> 3)).isFalse();
    }

    private static boolean saidAfterSixTimeouts(LongUnaryOperator written) {
        Rig rig = Rig.of(THREE, new Ballot(3, null), END);
        List<Effect> last = List.of();
        for (int round = 1; round <= 13; round++) {
            last = rig.receives(N2, new Heartbeat(3, round));
            rig.election.logPulse(END, 0, END.index() - 1, written.applyAsLong(round), rig.now);
            rig.election.machinePulse(0, rig.now);
            rig.passes(T.dividedBy(2));
        }
        return ((HeartbeatReply) said(last).get(0)).healthy();
    }

    @Test
    void leaderAsksForAPulseEachRound() {
        Rig rig = Rig.leading(THREE);
        rig.election.logPulse(END, 0, 8, 8, rig.now);
        rig.election.machinePulse(5, rig.now);

        assertThat(rig.runsFor(BEAT)).contains(new Effect.AskLogPulse(), new Effect.AskMachinePulse());
    }

    @Test
    void heartbeatOfALowerTermIsAnsweredWithTheOwnTerm() {
        Rig rig = Rig.following(THREE, 3, END);
        long wakeAt = rig.election.wakeAt();

        List<Effect> all = rig.receives(N3, new Heartbeat(2, 9));

        assertThat(all).containsExactly(new Effect.Send("n3", new HeartbeatReply(3, 9, END, 0, true, 0)));
        assertThat(rig.election.wakeAt()).isEqualTo(wakeAt);
    }

    @Test
    void leaderIsToldOnceAndAgainAfterItWasForgotten() {
        Rig rig = Rig.of(THREE, new Ballot(3, null), END);
        List<Effect> first = rig.receives(N2, new Heartbeat(3, 1));
        List<Effect> second = rig.receives(N2, new Heartbeat(3, 2));
        List<Effect> silence = rig.timerFires();
        List<Effect> again = rig.receives(N2, new Heartbeat(3, 3));

        assertThat(first).contains(new Effect.Follow(3, "n2"), new Effect.LeaderIs(3, "n2"));
        assertThat(only(Effect.Follow.class, second)).isEmpty();
        assertThat(only(Effect.LeaderIs.class, second)).isEmpty();
        assertThat(silence).contains(new Effect.LeaderIs(3, null));
        assertThat(again).contains(new Effect.Follow(3, "n2"), new Effect.LeaderIs(3, "n2"));
    }

    @Test
    void heartbeatOfAHigherTermIsActedOnOnlyBehindTheFenceAndTheNewestIsAnswered() {
        Rig rig = Rig.of(THREE, new Ballot(3, null), END);
        List<Effect> adopted = rig.receives(N2, new Heartbeat(4, 1));
        List<Effect> more = rig.receives(N2, new Heartbeat(4, 2));
        assertThat(said(adopted)).isEmpty();
        assertThat(said(more)).isEmpty();
        List<Effect> durable = rig.election.written(1, rig.now);
        assertThat(durable).containsExactly(new Effect.Fence(4, 2));

        List<Effect> all = rig.answers(one(Effect.Fence.class, durable));

        assertThat(all)
                .containsExactly(
                        new Effect.Follow(4, "n2"),
                        new Effect.LeaderIs(4, "n2"),
                        new Effect.Send("n2", new HeartbeatReply(4, 2, END, 0, true, 0)));
    }

    @Test
    void entriesAreAsGoodAsAHeartbeat() {
        Rig rig = Rig.of(THREE, new Ballot(3, null), END);

        List<Effect> all = rig.election.leaderHeard(3, "n2", rig.now);

        assertThat(all).contains(new Effect.Follow(3, "n2"), new Effect.LeaderIs(3, "n2"));
        assertThat(rig.election.leaderHeard(2, "n3", rig.now)).isEmpty();
        assertThat(said(rig.receives(N3, new PreVote(4, END)))).containsExactly(new PreVoteReply(3, 4, false));
    }

    /** Time passes while these answer each heartbeat at once. */
    private static List<Effect> answersFor(Rig rig, Duration time, Peer... answering) {
        long end = rig.now + time.toNanos();
        List<Effect> all = new ArrayList<>();
        while (rig.now - end < 0) {
            List<Effect> step = rig.runsFor(BEAT);
            all.addAll(step);
            rig.election.logPulse(EntryId.NONE, 0, 0, 0, rig.now);
            rig.election.machinePulse(0, rig.now);
            long round = only(Effect.Send.class, step).stream()
                    .map(Effect.Send::message)
                    .filter(Heartbeat.class::isInstance)
                    .mapToLong(message -> ((Heartbeat) message).round())
                    .max()
                    .orElse(0);
            for (Peer peer : answering) {
                all.addAll(rig.receives(peer, reply(1, round)));
            }
        }
        return all;
    }
}
