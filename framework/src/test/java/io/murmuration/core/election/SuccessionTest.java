package io.murmuration.core.election;

import static io.murmuration.core.election.Rig.N1;
import static io.murmuration.core.election.Rig.N2;
import static io.murmuration.core.election.Rig.N3;
import static io.murmuration.core.election.Rig.T;
import static io.murmuration.core.election.Rig.THREE;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.election.Beats.Says;
import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ElectionRpc.CampaignNow;
import io.murmuration.core.model.ElectionRpc.Heartbeat;
import io.murmuration.core.model.ElectionRpc.HeartbeatReply;
import io.murmuration.core.model.ElectionRpc.RequestVote;
import io.murmuration.core.model.ElectionRpc.VoteReply;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.HandOverStep;
import io.murmuration.core.model.HandOverStep.Chosen;
import io.murmuration.core.model.HandOverStep.GivenUp;
import io.murmuration.core.model.HandOverStep.Level;
import io.murmuration.core.model.HandOverStep.Nobody;
import io.murmuration.core.model.HandOverStep.Wanted;
import io.murmuration.core.model.Members;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Who is to lead instead, and when: protocol rules Election 7 and 8. */
final class SuccessionTest {
    private static final EntryId END = new EntryId(9, 1);
    private static final EntryId SHORT = new EntryId(5, 1);
    private static final Says N2_WELL = Says.well(N2, END);
    private static final Says N3_SHORT = Says.well(N3, SHORT);
    private static final Effect TELL_N2 = new Effect.Send("n2", new CampaignNow(1, 0));

    private final Rig rig = Rig.leading(THREE);
    private final Beats beats = new Beats(rig);

    /** All is well: Log, disk and Machine answer and nothing waits. */
    private Consumer<Election> well() {
        return pulses(END, 9, 9, 9);
    }

    private Consumer<Election> pulses(EntryId last, long commit, long durable, long applied) {
        return pulses(rig, last, commit, durable, applied);
    }

    private static Consumer<Election> pulses(Rig of, EntryId last, long commit, long durable, long applied) {
        return election -> {
            election.logPulse(last, commit, durable, durable, of.now);
            election.machinePulse(applied, of.now);
        };
    }

    private Effect.HandOver says(HandOverStep step) {
        return new Effect.HandOver(1, step);
    }

    private List<Effect> step(HandOverStep step) {
        return Beats.withoutRounds(rig.election.handOver(1, step, rig.now));
    }

    private List<Effect.Send> campaigns(Beats of) {
        return of.only(Effect.Send.class).stream()
                .filter(sent -> sent.message() instanceof CampaignNow)
                .toList();
    }

    @Test
    void whoIsLevelIsToldToCampaignEachTenthOfTUntilLogGivesUp() {
        beats.pass(T, well(), N2_WELL, N3_SHORT);

        List<Effect> wanted = step(new Wanted("n2"));
        List<Effect> level = step(new Level(N2));
        Beats before = new Beats(rig).pass(T.dividedBy(2), well(), N2_WELL);
        step(new GivenUp());
        Beats after = new Beats(rig).pass(T, well(), N2_WELL);

        assertThat(wanted).containsExactly(says(new Chosen(N2)));
        assertThat(level).containsExactly(TELL_N2);
        assertThat(campaigns(before)).hasSize(5).containsOnly((Effect.Send) TELL_N2);
        assertThat(campaigns(after)).isEmpty();
    }

    @Test
    void whoIsToldToCampaignIsToldForNoLongerThanT() {
        beats.pass(T, well(), N2_WELL);
        step(new Wanted("n2"));
        step(new Level(N2));

        Beats after = new Beats(rig).pass(T.multipliedBy(3), well(), N2_WELL);

        assertThat(after.when(TELL_N2)).hasSizeBetween(8, 10).allMatch(beat -> beat <= 10);
    }

    @Test
    void onlyWhoWasChosenIsToldToCampaign() {
        beats.pass(T, well(), N2_WELL, Says.well(N3, END));
        step(new Wanted("n2"));

        assertThat(step(new Level(N3))).isEmpty();
        assertThat(rig.election.handOver(2, new Level(N2), rig.now)).isEmpty();
    }

    @Test
    void whoIsSilentOrIllIsRuledOut() {
        beats.pass(T, well(), N2_WELL, new Says(N3, END, 9, false, 0));
        List<Effect> ill = step(new Wanted("n3"));
        new Beats(rig).pass(T, well(), new Says(N3, END, 9, false, 0));
        List<Effect> silent = step(new Wanted("n2"));
        List<Effect> best = step(new Wanted(null));

        assertThat(ill)
                .containsExactly(says(new Nobody(
                        "n3 says that it is being stopped, or that its own disk, Log or fold hangs, so it should not"
                                + " lead. Look there, or name another.")));
        assertThat(silent)
                .containsExactly(says(new Nobody("n2 does not answer heartbeats, so it cannot lead. Look whether it"
                        + " runs, or name another.")));
        assertThat(best).hasSize(1);
        assertThat(((Effect.HandOver) best.get(0)).step()).isInstanceOf(Nobody.class);
    }

    @Test
    void theBestHasTheMostOfTheLog() {
        beats.pass(T, well(), N3_SHORT, N2_WELL);

        assertThat(step(new Wanted(null))).containsExactly(says(new Chosen(N2)));
        assertThat(step(new Wanted("n3")))
                .containsExactly(says(new Nobody("One hand-over at a time: leadership is being handed to n2; order"
                        + " again when that is over.")));
    }

    @Test
    void learnersAndWhoLeavesTheGroupNeverTakeOver() {
        Members joint = new Members(List.of(N1, N3), List.of(N1, N2), List.of(Rig.N4));
        Rig other = Rig.leading(THREE);
        other.members = joint;
        other.election.membersChanged(joint, true, other.now);
        new Beats(other).pass(T, pulses(other, END, 9, 9, 9), N2_WELL, N3_SHORT, Says.well(Rig.N4, END));

        assertThat(other.election.handOver(1, new Wanted(null), other.now)).containsExactly(says(new Chosen(N3)));
    }

    @Test
    void leaderWhoseLogHangsHandsOverToTheFurthestAfterFourT() {
        beats.pass(T, well(), N2_WELL, N3_SHORT);

        Beats hung = new Beats(rig).pass(T.multipliedBy(6), election -> {}, N2_WELL, N3_SHORT);

        assertThat(hung.when(TELL_N2).get(0)).isBetween(40L, 42L);
        assertThat(hung.only(Effect.HandOver.class)).isEmpty();
        assertThat(hung.only(Effect.Warn.class))
                .containsExactly(new Effect.Warn(
                        "This node's Log has not answered for 2000 ms: look at its disk. n2 is to lead."));
    }

    @Test
    void leaderStaysIfNobodyCouldWinWithoutIt() {
        beats.pass(T, well(), N2_WELL, N3_SHORT);

        Beats hung = new Beats(rig).pass(T.multipliedBy(30), election -> {}, N2_WELL);

        assertThat(campaigns(hung)).isEmpty();
        assertThat(rig.role()).isEqualTo(Role.LEADER);
        assertThat(hung.only(Effect.Warn.class))
                .containsExactly(
                        new Effect.Warn("This node's Log has not answered for 2000 ms: look at its disk. Nobody"
                                + " who could take over is well, so this node leads on."));
    }

    @Test
    void leaderWhoseDiskHangsHandsOverAlthoughItsLogAnswers() {
        Beats hung = beats.pass(T.multipliedBy(6), pulses(END, 9, 5, 9), N2_WELL, N3_SHORT);

        assertThat(hung.when(TELL_N2).get(0)).isBetween(40L, 43L);
        assertThat(hung.only(Effect.Warn.class).get(0).what()).startsWith("This node's disk has finished no write");
    }

    @Test
    void idleDiskIsNoStall() {
        beats.pass(T.multipliedBy(30), pulses(END, 9, 9, 9), N2_WELL, N3_SHORT);

        assertThat(campaigns(beats)).isEmpty();
        assertThat(beats.only(Effect.Warn.class)).isEmpty();
    }

    @Test
    void diskThatTakesThreeTForEachWriteNeverMakesALeaderResign() {
        for (int write = 0; write < 40; write++) {
            EntryId last = new EntryId(9 + write, 1);
            beats.pass(
                    T.multipliedBy(3),
                    pulses(last, 8 + write, 8 + write, 8 + write),
                    Says.well(N2, last),
                    Says.well(N3, last));
        }

        assertThat(campaigns(beats)).isEmpty();
        assertThat(beats.only(Effect.HandOver.class)).isEmpty();
        assertThat(beats.only(Effect.Warn.class)).isEmpty();
    }

    @Test
    void leaderWhoseFoldHangsHandsOverToWhoHasAppliedMore() {
        Says ahead = new Says(N3, SHORT, 8, true, 0);
        Says behind = new Says(N2, END, 6, true, 0);

        Beats hung = beats.pass(T.multipliedBy(5), pulses(END, 9, 9, 6), behind, ahead);

        assertThat(hung.when(says(new Chosen(N3)))).hasSize(1).allMatch(beat -> beat >= 40 && beat <= 43);
        assertThat(campaigns(hung)).isEmpty();
        assertThat(step(new Level(N3))).containsExactly(new Effect.Send("n3", new CampaignNow(1, 0)));
    }

    @Test
    void leaderWhoseFoldHangsStaysIfNobodyHasAppliedMore() {
        beats.pass(
                T.multipliedBy(30),
                pulses(END, 9, 9, 6),
                new Says(N2, END, 6, true, 0),
                new Says(N3, END, 8, false, 0));

        assertThat(beats.only(Effect.HandOver.class)).isEmpty();
        assertThat(beats.only(Effect.Warn.class)).hasSize(1);
        assertThat(rig.role()).isEqualTo(Role.LEADER);
    }

    @Test
    void machineThatAnswersNoPulseIsStalledToo() {
        Beats hung = beats.pass(
                T.multipliedBy(5),
                election -> election.logPulse(END, 9, 9, 9, rig.now),
                new Says(N2, END, 7, true, 0),
                N3_SHORT);

        assertThat(hung.only(Effect.HandOver.class)).containsExactly(says(new Chosen(N2)));
    }

    @Test
    void leaderThatCommitsNothingReportsItAndResignsOncePerTerm() {
        Beats grey = beats.pass(T.multipliedBy(40), pulses(END, 5, 9, 5), Says.well(N2, SHORT), N3_SHORT);

        List<Effect.Send> told = campaigns(grey);
        assertThat(told).isNotEmpty().hasSizeLessThanOrEqualTo(11);
        assertThat(grey.only(Effect.Warn.class))
                .containsExactly(new Effect.Warn("Entries have waited for a majority for 2500 ms although a majority"
                        + " answers heartbeats: look at the disks of the others, and at the connections that carry the"
                        + " log. " + told.get(0).node() + " is to lead."));
        assertThat(grey.when(told.get(0)).get(0)).isBetween(50L, 53L);
    }

    @Test
    void leaderWhoseFollowerPullsALongSnapshotStays() {
        beats.pass(T.multipliedBy(40), pulses(END, 5, 9, 5), N3_SHORT);

        assertThat(campaigns(beats)).isEmpty();
        assertThat(beats.only(Effect.Warn.class)).hasSize(1);
    }

    @Test
    void handsOverAtMostOnceInTenTWhateverTheCause() {
        Beats hung = beats.pass(T.multipliedBy(8), election -> {}, N2_WELL, N3_SHORT);
        hung.pass(T.multipliedBy(11), pulses(END, 9, 9, 6), new Says(N2, END, 8, true, 0), N3_SHORT);

        long first = hung.when(TELL_N2).get(0);
        List<Long> second = hung.when(says(new Chosen(N2)));
        assertThat(second).isNotEmpty();
        assertThat(second.get(0) - first).isGreaterThanOrEqualTo(100);
    }

    @Test
    void aPauseOfTheWholeProcessIsNoStall() {
        beats.pass(T, pulses(END, 8, 8, 8), N2_WELL, N3_SHORT);
        rig.passes(T.multipliedBy(10));
        rig.election.wake(rig.now);
        rig.receives(N2, N2_WELL.reply(1, 10));
        rig.receives(N3, N3_SHORT.reply(1, 10));
        rig.election.drained(rig.now);

        Beats after = new Beats(rig).pass(T.multipliedBy(2), pulses(END, 8, 8, 8), N2_WELL, N3_SHORT);

        assertThat(rig.role()).isEqualTo(Role.LEADER);
        assertThat(campaigns(after)).isEmpty();
        assertThat(after.only(Effect.HandOver.class)).isEmpty();
    }

    @Test
    void whatWaitedUnderNoLeaderIsNotHeldAgainstANewOne() {
        Rig other = Rig.following(THREE, 3, END);
        for (int round = 2; round <= 9; round++) {
            pulses(other, END, 5, 9, 5).accept(other.election);
            other.passes(T.dividedBy(2));
            other.receives(N2, new Heartbeat(3, round));
        }
        other.standsUntilCandidate();
        other.settle(other.receives(N2, new VoteReply(4, true)));

        Beats fresh = new Beats(other)
                .pass(T.multipliedBy(3), pulses(other, END, 5, 9, 5), new Says(N2, SHORT, 5, true, 0), N3_SHORT);

        assertThat(other.role()).isEqualTo(Role.LEADER);
        assertThat(campaigns(fresh)).isEmpty();
    }

    @Test
    void followerWhoseDiskHangsSaysThatItIsIll() {
        Rig follower = Rig.following(THREE, 3, END);
        for (int round = 2; round <= 10; round++) {
            follower.election.logPulse(END, 5, 6, 6, follower.now);
            follower.election.machinePulse(5, follower.now);
            follower.passes(T.dividedBy(2));
            follower.receives(N2, new Heartbeat(3, round));
        }

        List<Effect> ill = follower.receives(N2, new Heartbeat(3, 11));
        follower.election.logPulse(END, 5, 7, 7, follower.now);
        List<Effect> again = follower.receives(N2, new Heartbeat(3, 12));

        assertThat(healthy(ill)).containsExactly(false);
        assertThat(healthy(again)).containsExactly(true);
    }

    private static List<Boolean> healthy(List<Effect> effects) {
        return Rig.said(effects).stream()
                .map(said -> ((HeartbeatReply) said).healthy())
                .toList();
    }

    @Test
    void higherPriorityTakesOverWhenItHasBeenLevelForTwoT() {
        Says prefers = new Says(N3, END, 9, true, 7);
        ElectionSettings five = new ElectionSettings(T, 5, OptionalInt.empty());
        Rig leader = Rig.leading(THREE, five);

        Beats passed = new Beats(leader).pass(T.multipliedBy(5), pulses(leader, END, 9, 9, 9), N2_WELL, prefers);

        assertThat(passed.only(Effect.HandOver.class)).containsExactly(says(new Chosen(N3)));
        assertThat(passed.when(says(new Chosen(N3))).get(0)).isBetween(20L, 41L);
    }

    @Test
    void equalOrLowerPriorityMovesNothing() {
        Rig leader = Rig.leading(THREE, new ElectionSettings(T, 5, OptionalInt.empty()));

        Beats passed = new Beats(leader)
                .pass(
                        T.multipliedBy(30),
                        pulses(leader, END, 9, 9, 9),
                        new Says(N2, END, 9, true, 5),
                        new Says(N3, END, 9, true, 4));

        assertThat(passed.only(Effect.HandOver.class)).isEmpty();
    }

    @Test
    void higherPriorityThatIsIllOrBehindMovesNothing() {
        beats.pass(T.multipliedBy(30), well(), new Says(N2, END, 9, false, 7), new Says(N3, SHORT, 5, true, 7));

        assertThat(beats.only(Effect.HandOver.class)).isEmpty();
    }

    @Test
    void breakInBeingLevelStartsTheTwoTAnew() {
        Says level = new Says(N2, END, 9, true, 7);
        Says ill = new Says(N2, END, 9, false, 7);
        beats.pass(T.multipliedBy(2), well(), level, N3_SHORT);
        for (int i = 0; i < 10; i++) {
            beats.pass(Beats.BEAT, well(), ill, N3_SHORT);
            beats.pass(T, well(), level, N3_SHORT);
        }

        assertThat(beats.only(Effect.HandOver.class)).isEmpty();
    }

    @Test
    void pausesDoubleWhenTheHigherPriorityDoesNotTakeOver() {
        Says level = new Says(N2, END, 9, true, 7);
        for (int beat = 0; beat < 1_000; beat++) {
            int before = beats.only(Effect.HandOver.class).size();
            beats.pass(Beats.BEAT, well(), level, N3_SHORT);
            if (beats.only(Effect.HandOver.class).size() > before) {
                step(new GivenUp());
            }
        }

        List<Long> at = beats.when(says(new Chosen(N2)));
        assertThat(at).hasSizeGreaterThanOrEqualTo(4);
        assertThat(at.get(1) - at.get(0)).isBetween(99L, 125L);
        assertThat(at.get(2) - at.get(1)).isBetween(199L, 225L);
        assertThat(at.get(3) - at.get(2)).isBetween(399L, 425L);
    }

    @Test
    void pauseOfTheHigherPriorityKeepsNoLeaderFromResigning() {
        Says level = new Says(N2, END, 9, true, 7);
        for (int beat = 0; beat < 200; beat++) {
            int before = beats.only(Effect.HandOver.class).size();
            beats.pass(Beats.BEAT, well(), level, N3_SHORT);
            if (beats.only(Effect.HandOver.class).size() > before) {
                step(new GivenUp());
            }
        }
        List<Long> asked = beats.when(says(new Chosen(N2)));
        Beats hung = new Beats(rig).pass(T.multipliedBy(9), election -> {}, N2_WELL, N3_SHORT);

        // The second failure was at 14 T or so, and the next attempt is due 20 T later, at 34 T.
        assertThat(asked).hasSize(2);
        assertThat(hung.when(TELL_N2).get(0)).isBetween(40L, 42L);
    }

    @Test
    void leaderThatIsStoppedHandsOverFirst() {
        beats.pass(T, well(), N2_WELL, N3_SHORT);

        List<Effect> asked = rig.election.retire(rig.now);
        List<Effect> level = step(new Level(N2));
        List<Effect> lost = rig.receives(N2, new VoteReply(2, false));

        assertThat(asked).containsExactly(says(new Chosen(N2)));
        assertThat(level).containsExactly(TELL_N2);
        assertThat(lost).contains(new Effect.Relieved());
    }

    @Test
    void leaderThatIsStoppedTriesAgainWhenLogGaveUp() {
        beats.pass(T, well(), N2_WELL, N3_SHORT);
        rig.election.retire(rig.now);
        step(new GivenUp());

        Beats after = new Beats(rig).pass(Beats.BEAT, well(), N2_WELL, N3_SHORT);

        assertThat(after.only(Effect.HandOver.class)).containsExactly(says(new Chosen(N2)));
    }

    @Test
    void leaderWithoutAnotherHealthyVoterIsStoppedAtOnce() {
        beats.pass(T, well(), new Says(N2, END, 9, false, 0));

        assertThat(rig.election.retire(rig.now)).containsExactly(new Effect.Relieved());
    }

    @Test
    void aLoneVoterIsStoppedAtOnce() {
        Rig alone = Rig.of(Members.voting(List.of(N1)));
        alone.settle(alone.timerFires());

        assertThat(alone.election.retire(alone.now)).containsExactly(new Effect.Relieved());
    }

    @Test
    void whoIsBeingStoppedSaysThatNobodyShouldChooseIt() {
        Rig follower = Rig.following(THREE, 3, END);
        List<Effect> before = follower.settle(follower.receives(N2, new Heartbeat(3, 2)));
        follower.election.retire(follower.now);

        List<Effect> after = follower.settle(follower.receives(N2, new Heartbeat(3, 3)));

        assertThat(Rig.said(before)).containsExactly(new HeartbeatReply(3, 2, END, 0, true, 0));
        assertThat(Rig.said(after)).containsExactly(new HeartbeatReply(3, 3, END, 0, false, 0));
    }

    /** The latest round that it has answered: by that it knows how old the order is. */
    @Test
    void whoIsToldToCampaignIsToldWhichRoundItAnswered() {
        beats.pass(T, well(), N2_WELL);
        step(new Wanted("n2"));
        List<Effect> first = rig.election.handOver(1, new Level(N2), rig.now);
        long round = Rig.one(Effect.Send.class, first).message() instanceof CampaignNow order ? order.round() : -1;

        rig.runsFor(T.dividedBy(5));
        rig.receives(N2, new HeartbeatReply(1, round + 1, END, 0, true, 0));
        List<Effect> later = rig.runsFor(T.dividedBy(5));

        assertThat(round).isBetween(9L, 12L);
        assertThat(Rig.said(later)).contains(new CampaignNow(1, round + 1));
    }

    @Test
    void whoIsBeingStoppedStandsForElectionNoMore() {
        Rig follower = Rig.following(THREE, 3, END);

        List<Effect> asked = follower.election.retire(follower.now);
        List<Effect> later = follower.runsFor(T.multipliedBy(10));
        List<Effect> ordered = follower.settle(follower.receives(N2, new CampaignNow(3, 1)));

        assertThat(asked).containsExactly(new Effect.Relieved());
        assertThat(Rig.said(later)).isEmpty();
        assertThat(Rig.said(ordered)).isEmpty();
        assertThat(follower.term()).isEqualTo(3);
    }

    @Test
    void campaignOnOrderAsksNoPreVoteAndIsNotRefusedForTheSakeOfTheLeader() {
        Rig follower = Rig.of(THREE, new Ballot(3, null), END);
        follower.settle(follower.receives(N2, new Heartbeat(3, 1)));

        List<Effect> all = follower.settle(follower.receives(N2, new CampaignNow(3, 1)));

        assertThat(Rig.said(all)).contains(new RequestVote(4, END, true));
    }
}
