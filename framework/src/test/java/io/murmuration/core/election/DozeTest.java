package io.murmuration.core.election;

import static io.murmuration.core.election.Rig.LIFE;
import static io.murmuration.core.election.Rig.N1;
import static io.murmuration.core.election.Rig.N2;
import static io.murmuration.core.election.Rig.N3;
import static io.murmuration.core.election.Rig.T;
import static io.murmuration.core.election.Rig.THREE;
import static io.murmuration.core.election.Rig.only;
import static io.murmuration.core.election.Rig.said;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.ElectionRpc.Heartbeat;
import io.murmuration.core.model.ElectionRpc.HeartbeatReply;
import io.murmuration.core.model.ElectionRpc.PreVote;
import io.murmuration.core.model.ElectionRpc.PreVoteReply;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.HandOverStep.Wanted;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** A group of which nobody asks anything: who speaks when, and what wakes it. */
final class DozeTest {
    private static final ElectionSettings DOZING = new ElectionSettings(T, 0, OptionalInt.empty(), true);
    private static final ElectionSettings LEASES = new ElectionSettings(T, 0, OptionalInt.of(10), true);
    private static final EntryId END = new EntryId(5, 1);

    /** Time passes; this node's parts answer their pulses and the others their heartbeats. */
    private static List<Effect> passes(Rig rig, Duration time, EntryId others, Peer... answering) {
        long end = rig.now + time.toNanos();
        List<Effect> all = new ArrayList<>();
        for (int steps = 0; rig.election.wakeAt() - end <= 0; steps++) {
            assertThat(steps).as("wakes in %s", time).isLessThan(1_000);
            rig.now = rig.election.wakeAt();
            List<Effect> step = rig.settle(rig.election.wake(rig.now));
            all.addAll(step);
            all.addAll(answer(rig, step, others, answering));
        }
        rig.now = end;
        return all;
    }

    private static void answerPulses(Rig rig) {
        rig.election.logPulse(END, END.index(), END.index(), END.index(), rig.now);
        rig.election.machinePulse(END.index(), rig.now);
    }

    private static List<Effect> answer(Rig rig, List<Effect> step, EntryId others, Peer... answering) {
        List<Effect> more = new ArrayList<>();
        if (step.contains(new Effect.AskLogPulse())) {
            rig.election.logPulse(END, END.index(), END.index(), END.index(), rig.now);
        }
        if (step.contains(new Effect.AskMachinePulse())) {
            rig.election.machinePulse(END.index(), rig.now);
        }
        more.addAll(answerBeats(rig, step, others, answering));
        return more;
    }

    private static List<Effect> answerBeats(Rig rig, List<Effect> step, EntryId others, Peer... answering) {
        List<Effect> more = new ArrayList<>();
        for (Effect.Send sent : only(Effect.Send.class, step)) {
            for (Peer peer : answering) {
                if (peer.node().equals(sent.node()) && sent.message() instanceof Heartbeat beat) {
                    more.addAll(rig.receives(peer, reply(beat, others)));
                }
            }
        }
        return more;
    }

    private static HeartbeatReply reply(Heartbeat beat, EntryId last) {
        return new HeartbeatReply(beat.term(), beat.round(), last, last.index(), true, 0, beat.doze());
    }

    private static Rig asleep(ElectionSettings settings) {
        Rig rig = Rig.leading(THREE, settings);
        answerPulses(rig);
        List<Effect> effects = passes(rig, T.multipliedBy(4), END, N2, N3);
        assertThat(only(Effect.Doze.class, effects)).containsExactly(new Effect.Doze(List.of("n2", "n3")));
        return rig;
    }

    private static List<Heartbeat> beats(List<Effect> effects) {
        return said(effects).stream()
                .filter(Heartbeat.class::isInstance)
                .map(Heartbeat.class::cast)
                .toList();
    }

    private static Rig follower() {
        Rig rig = Rig.following(THREE, 1, END, DOZING);
        answerPulses(rig);
        for (long round = 2; round < 5; round++) {
            rig.passes(Beats.BEAT);
            List<Effect> effects = rig.receivesAndSettles(N2, new Heartbeat(1, round, round == 4));
            answer(rig, effects, END);
            if (round == 4) {
                assertThat(said(effects)).containsExactly(new HeartbeatReply(1, 4, END, 5, true, 0, true));
                assertThat(effects).contains(new Effect.Doze(List.of("n2")));
            }
        }
        return rig;
    }

    @Test
    void whoIsRemovedWhileItDozesIsToldToWake() {
        Rig rig = asleep(DOZING);
        Members without = Members.voting(List.of(N1, N2));

        List<Effect> effects = rig.settle(rig.election.membersChanged(without, true, rig.now));

        assertThat(effects).contains(new Effect.Doze(List.of()));
        assertThat(only(Effect.Send.class, effects))
                .filteredOn(sent -> sent.node().equals("n3"))
                .singleElement()
                .satisfies(sent -> assertThat(sent.message())
                        .isInstanceOfSatisfying(
                                Heartbeat.class, beat -> assertThat(beat.doze()).isFalse()));
    }

    @Test
    void aGroupInWhichNothingGoesOnBeatsEachTwoTimeouts() {
        Rig rig = asleep(DOZING);

        List<Effect> effects = passes(rig, T.multipliedBy(20), END, N2, N3);

        assertThat(beats(effects)).hasSize(20).allMatch(Heartbeat::doze);
        assertThat(effects).filteredOn(new Effect.AskLogPulse()::equals).hasSize(10);
        assertThat(effects).filteredOn(new Effect.AskMachinePulse()::equals).hasSize(10);
        assertThat(rig.role()).isEqualTo(Role.LEADER);
    }

    @Test
    void aGroupThatNobodyWatchesOverNeverDozes() {
        Rig rig = Rig.leading(THREE);
        answerPulses(rig);

        List<Effect> effects = passes(rig, T.multipliedBy(10), END, N2, N3);

        assertThat(only(Effect.Doze.class, effects)).isEmpty();
        assertThat(beats(effects)).hasSize(200).noneMatch(Heartbeat::doze);
    }

    @Test
    void aGroupWithAMemberThatIsSilentOrBehindStaysAwake() {
        Rig silent = Rig.leading(THREE, DOZING);
        Rig behind = Rig.leading(THREE, DOZING);
        answerPulses(silent);
        answerPulses(behind);

        assertThat(only(Effect.Doze.class, passes(silent, T.multipliedBy(10), END, N2)))
                .isEmpty();
        assertThat(only(Effect.Doze.class, passes(behind, T.multipliedBy(10), new EntryId(4, 1), N2, N3)))
                .isEmpty();
    }

    @Test
    void aReadWakesTheGroupAndWaitsForARoundOfItsOwn() {
        Rig rig = asleep(DOZING);

        List<Effect> effects = rig.election.confirmRead("n3", LIFE, 1, 5, 1, rig.now);

        assertThat(only(Effect.Answer.class, effects)).isEmpty();
        assertThat(beats(effects)).hasSize(2).noneMatch(Heartbeat::doze);
        assertThat(effects).contains(new Effect.Doze(List.of()));
        assertThat(only(Effect.Answer.class, answer(rig, effects, END, N2))).hasSize(1);
        assertThat(beats(passes(rig, T.dividedBy(2), END, N2, N3))).hasSize(10);
    }

    @Test
    void aReadThatHasToWaitForTheNextRoundWaitsForATenthOfT() {
        Rig rig = asleep(DOZING);
        rig.now = rig.election.wakeAt();
        assertThat(beats(rig.election.wake(rig.now))).hasSize(2);

        List<Effect> effects = rig.election.confirmRead("n3", LIFE, 1, 5, 1, rig.now);

        assertThat(beats(effects)).isEmpty();
        assertThat(rig.election.wakeAt() - rig.now).isLessThanOrEqualTo(Beats.BEAT.toNanos());
    }

    @Test
    void aRoundThatOneDidNotAnswerWakesTheGroup() {
        Rig rig = asleep(DOZING);
        rig.now = rig.election.wakeAt();
        answer(rig, rig.election.wake(rig.now), END, N2);

        rig.now = rig.election.wakeAt();
        assertThat(rig.election.wake(rig.now)).contains(new Effect.Doze(List.of()));
    }

    @Test
    void aHigherTermWakesAFollower() {
        Rig rig = follower();

        List<Effect> effects = rig.election.termSeen(2, rig.now);

        assertThat(effects).contains(new Effect.Doze(List.of()));
        assertThat(rig.election.wakeAt() - rig.now).isLessThanOrEqualTo(2 * T.toNanos());
    }

    @Test
    void noLeaseIsRenewedByANodeThatIsHeard() {
        Rig rig = asleep(LEASES);
        rig.now = rig.election.wakeAt() - 1;

        List<Effect> effects = rig.election.confirmRead("n3", LIFE, 1, 5, 1, rig.now);

        assertThat(only(Effect.Answer.class, effects)).isEmpty();
        assertThat(beats(effects)).hasSize(2);
    }

    @Test
    void anEntryThatWaitsWakesTheGroup() {
        Rig rig = asleep(DOZING);
        rig.now += T.toNanos() / 2;

        List<Effect> effects = rig.election.logPulse(new EntryId(6, 1), 5, 5, 5, rig.now);

        assertThat(effects).contains(new Effect.Doze(List.of()));
        assertThat(beats(effects)).hasSize(2).noneMatch(Heartbeat::doze);
        assertThat(rig.election.wakeAt() - rig.now).isEqualTo(Beats.BEAT.toNanos());
    }

    /** Where each read came to a group asleep, each would wait for a round. */
    @Test
    void whoIsAskedOftenStaysAwakeAlsoIfALeaseAnswers() {
        Rig rig = Rig.leading(THREE, LEASES);
        answerPulses(rig);
        List<Effect> effects = new ArrayList<>();

        for (int asked = 0; asked < 20; asked++) {
            effects.addAll(passes(rig, T.dividedBy(2), END, N2, N3));
            effects.addAll(rig.election.confirmRead("n2", LIFE, asked, 5, 1, rig.now));
        }

        assertThat(only(Effect.Doze.class, effects)).isEmpty();
        assertThat(only(Effect.Answer.class, effects)).hasSize(20);
    }

    /** They doze at once, and this node only when all have said so. */
    @Test
    void whoWasToldToDozeIsWokenByALeaderThatWasStillAwake() {
        Rig rig = Rig.leading(THREE, DOZING);
        answerPulses(rig);
        List<Effect> effects = List.of();
        for (int steps = 0; steps < 100 && beats(effects).stream().noneMatch(Heartbeat::doze); steps++) {
            effects = passes(rig, Beats.BEAT, END, N2, N3);
        }
        assertThat(only(Effect.Doze.class, effects)).isEmpty();

        assertThat(beats(rig.election.steppedDown(1, rig.now))).hasSize(2).noneMatch(Heartbeat::doze);
    }

    @Test
    void aLearnerThatWouldNotLeadLetsItsGroupDoze() {
        Rig rig = Rig.leading(Members.voting(List.of(N1, N2)).then(List.of(N1, N2), List.of(), List.of(N3)), DOZING);
        answerPulses(rig);
        List<Effect> effects = new ArrayList<>();
        for (int steps = 0; steps < 60; steps++) {
            rig.now = rig.election.wakeAt();
            List<Effect> step = rig.settle(rig.election.wake(rig.now));
            effects.addAll(step);
            effects.addAll(answer(rig, step, END, N2));
            for (Heartbeat beat : beats(step).stream().distinct().toList()) {
                effects.addAll(rig.receives(
                        N3, new HeartbeatReply(1, beat.round(), END, END.index(), true, 100, beat.doze())));
            }
        }

        assertThat(only(Effect.Doze.class, effects)).containsExactly(new Effect.Doze(List.of("n2", "n3")));
    }

    /** The word to wake goes its own way, and is said once. */
    @Test
    void aHeartbeatThatWasOvertakenPutsNobodyToSleep() {
        Rig rig = follower();

        rig.receivesAndSettles(N2, new Heartbeat(1, 6, false));
        List<Effect> sameRound = rig.receivesAndSettles(N2, new Heartbeat(1, 6, true));
        List<Effect> earlier = rig.receivesAndSettles(N2, new Heartbeat(1, 5, true));

        assertThat(only(Effect.Doze.class, sameRound)).isEmpty();
        assertThat(only(Effect.Doze.class, earlier)).isEmpty();
    }

    @Test
    void aNodeThatHangsIsFoundAlthoughPulsesAreAskedSeldom() {
        Rig rig = asleep(DOZING);
        rig.now = rig.election.wakeAt();
        // The others answer, but neither this node's Log nor its Machine does.
        answerBeats(rig, rig.election.wake(rig.now), END, N2, N3);

        rig.now = rig.election.wakeAt();
        assertThat(rig.election.wake(rig.now)).contains(new Effect.Doze(List.of()));
    }

    @Test
    void aLeaderThatIsToldOfASilentMajorityStepsDownWithinT() {
        Rig rig = asleep(DOZING);
        long since = rig.now;
        rig.passes(T.dividedBy(4).multipliedBy(3));

        rig.settle(rig.election.silent("n2", since, rig.now));
        rig.settle(rig.election.silent("n3", since, rig.now));
        assertThat(rig.role()).isEqualTo(Role.LEADER);
        rig.runsFor(T.plus(Beats.BEAT));

        assertThat(rig.role()).isNotEqualTo(Role.LEADER);
    }

    @Test
    void aFollowerThatIsAwakeWakesItsLeader() {
        Rig rig = asleep(DOZING);

        List<Effect> effects = rig.receives(N2, new HeartbeatReply(1, 999, END, 5, true, 0, false));
        assertThat(effects).isEmpty();
        long round = beats(passes(rig, T.multipliedBy(2), END, N2, N3)).get(0).round();
        effects = rig.receives(N2, new HeartbeatReply(1, round, END, 5, true, 0, false));

        assertThat(beats(effects)).hasSize(2).noneMatch(Heartbeat::doze);
    }

    /** What it said up to two T ago would be too old for it to take over upon. */
    @Test
    void whoIsToTakeOverIsAskedAnew() {
        Rig wanted = asleep(DOZING);
        Rig retiring = asleep(DOZING);

        List<Effect> ordered = wanted.election.handOver(1, new Wanted("n2"), wanted.now);
        List<Effect> stopping = retiring.election.retire(retiring.now);

        assertThat(beats(ordered)).hasSize(2).noneMatch(Heartbeat::doze);
        assertThat(beats(stopping)).hasSize(2).noneMatch(Heartbeat::doze);
    }

    @Test
    void whoIsBeingStoppedSaysSoToALeaderThatDozes() {
        Rig rig = follower();

        List<Effect> effects = rig.election.retire(rig.now);

        assertThat(said(effects)).containsExactly(new HeartbeatReply(1, 4, END, 5, false, 0, false));
        assertThat(said(rig.receivesAndSettles(N2, new Heartbeat(1, 5, true))))
                .containsExactly(new HeartbeatReply(1, 5, END, 5, false, 0, false));
    }

    @Test
    void aLeaderThatIsDeposedWhileItDozesWakesItsFollowers() {
        Rig rig = asleep(DOZING);

        List<Effect> effects = rig.election.steppedDown(1, rig.now);

        assertThat(beats(effects)).hasSize(2).noneMatch(Heartbeat::doze);
        assertThat(effects).contains(new Effect.Doze(List.of()));
    }

    @Test
    void aFollowerThatDozesNeitherStandsNorVotesUntilItsPatienceEnds() {
        Rig rig = follower();
        long heard = rig.now;

        rig.now = heard + T.multipliedBy(5).toNanos() - 1;
        List<Effect> asked = rig.receivesAndSettles(N3, new PreVote(2, END));
        assertThat(said(asked)).containsExactly(new PreVoteReply(1, 2, false));
        assertThat(rig.election.wakeAt() - heard)
                .isGreaterThanOrEqualTo(T.multipliedBy(5).toNanos());

        rig.now = heard + T.multipliedBy(5).toNanos();
        asked = rig.receivesAndSettles(N3, new PreVote(2, END));
        assertThat(said(asked)).containsExactly(new PreVoteReply(1, 2, true));
    }

    @Test
    void aFollowerIsToldOfASilentLeaderAndStandsAsIfItHadHeardIt() {
        Rig rig = follower();
        rig.passes(T.multipliedBy(3));
        long since = rig.now;
        rig.passes(T.dividedBy(4).multipliedBy(3));

        List<Effect> effects = rig.settle(rig.election.silent("n2", since, rig.now));

        assertThat(said(effects)).containsExactly(new HeartbeatReply(1, 4, END, 5, true, 0, false));
        assertThat(effects).contains(new Effect.Doze(List.of()));
        assertThat(rig.election.wakeAt() - since).isBetween(T.toNanos(), 2 * T.toNanos());
        assertThat(rig.election.silent("n2", since, rig.now)).isEmpty();
    }

    @Test
    void aFollowerThatHasSomethingWaitingDoesNotDoze() {
        Rig rig = follower();
        rig.election.logPulse(new EntryId(6, 1), 5, 6, 6, rig.now);

        List<ElectionRpc> answers = said(rig.receivesAndSettles(N2, new Heartbeat(1, 5, true)));

        assertThat(answers).singleElement().matches(answer -> !((HeartbeatReply) answer).dozes());
    }

    @Test
    void aFollowerWhoseOwnPartsDoNotAnswerDoesNotDozeOn() {
        Rig rig = follower();
        rig.passes(T.multipliedBy(2));
        List<Effect> effects = rig.receivesAndSettles(N2, new Heartbeat(1, 5, true));
        assertThat(effects).contains(new Effect.AskLogPulse(), new Effect.AskMachinePulse());
        rig.passes(T.multipliedBy(2));

        List<ElectionRpc> answers = said(rig.receivesAndSettles(N2, new Heartbeat(1, 6, true)));

        assertThat(answers).singleElement().matches(answer -> !((HeartbeatReply) answer).dozes());
    }
}
