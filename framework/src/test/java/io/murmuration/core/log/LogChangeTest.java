package io.murmuration.core.log;

import static io.murmuration.core.log.ChangeRig.L;
import static io.murmuration.core.log.ChangeRig.left;
import static io.murmuration.core.log.Logs.all;
import static io.murmuration.core.log.Logs.members;
import static io.murmuration.core.log.Logs.peer;
import static io.murmuration.core.log.Logs.propose;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.HandOverStep;
import io.murmuration.core.model.LogRpc.AppendEntries;
import io.murmuration.core.model.LogRpc.Matched;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Order;
import io.murmuration.core.model.Order.AddMembers;
import io.murmuration.core.model.Order.RemoveMembers;
import io.murmuration.core.model.Order.ReplaceMember;
import io.murmuration.core.model.Order.SetMembers;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Ruling;
import io.murmuration.core.model.Ruling.Declined;
import io.murmuration.core.model.Ruling.Settled;
import io.murmuration.core.model.Ruling.Underway;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How the leader l changes the members (§6, thesis 4). */
class LogChangeTest {
    private static final Members THREE = members("a", "b", "l");
    private static final Effect.HandOver HANDS_OVER = new Effect.HandOver(5, new HandOverStep.Wanted(null));
    private static final AddMembers ADD_C = new AddMembers(List.of("c"));

    private static Members with(Members members, List<Peer> outgoing, String... learners) {
        return new Members(
                members.voters(),
                outgoing,
                List.of(learners).stream().map(Logs::peer).toList());
    }

    /** §6: "the new servers join the cluster as non-voting members", then joint consensus, then the new members. */
    @Test
    void addsANodeAsLearnerThenByJointMembersThenFinally() {
        ChangeRig rig = ChangeRig.leading(THREE);

        Ruling first = rig.orders(ADD_C);
        rig.met(peer("c"));
        rig.acks("a", "b");
        Members learning = rig.inForce();
        rig.acks("c");
        Members joint = rig.inForce();
        rig.acks("a", "c");
        Members last = rig.inForce();
        boolean settledEarly = rig.rulings().stream().anyMatch(Settled.class::isInstance);
        rig.acks("a", "c");

        assertThat(first).isInstanceOf(Underway.class);
        assertThat(all(rig.effects, Effect.Identify.class)).containsExactly(new Effect.Identify("c"));
        assertThat(learning).isEqualTo(with(THREE, List.of(), "c"));
        assertThat(joint).isEqualTo(with(members("a", "b", "c", "l"), THREE.voters()));
        assertThat(last).isEqualTo(members("a", "b", "c", "l"));
        assertThat(settledEarly).isFalse();
        assertThat(rig.rulings()).endsWith(new Settled(last));
        assertThat(rig.log.members().change()).isNull();
    }

    @Test
    void growsFromOneToTwoToThreeAndBackToOne() {
        ChangeRig rig = ChangeRig.leading(members("l"));

        rig.orders(new AddMembers(List.of("a")));
        rig.met(peer("a"));
        for (int i = 0; i < 3; i++) {
            rig.acks("a");
        }
        Members two = rig.inForce();
        rig.orders(new SetMembers(List.of("l", "a", "b")));
        rig.met(peer("b"));
        for (int i = 0; i < 4; i++) {
            rig.acks("a", "b");
        }
        Members three = rig.inForce();
        rig.orders(new SetMembers(List.of("l")));
        for (int i = 0; i < 2; i++) {
            rig.acks("a", "b");
        }

        assertThat(two).isEqualTo(members("a", "l"));
        assertThat(three).isEqualTo(THREE);
        assertThat(rig.inForce()).isEqualTo(members("l"));
        assertThat(rig.rulings().get(rig.rulings().size() - 1)).isEqualTo(new Settled(members("l")));
    }

    /** The bug of 2015: a leader must commit in its own term before it appends a change. */
    @Test
    void changesNothingBeforeAnEntryOfItsOwnTermIsCommitted() {
        ChangeRig rig = ChangeRig.fresh(Logs.settings(), THREE, List.of());

        Ruling ruling = rig.orders(new RemoveMembers(List.of("b")));
        List<Members> before = rig.history();
        rig.acks("a");
        Ruling later = rig.orders(new RemoveMembers(List.of("b")));

        assertThat(ruling).isEqualTo(new Underway("The leader waits for the first commit of this term."));
        assertThat(before).isEmpty();
        assertThat(later).isInstanceOf(Underway.class);
        assertThat(rig.inForce().joint()).isTrue();
    }

    @Test
    void whatIsAlreadySoIsSettledByOneEntryThatChangesNothing() {
        ChangeRig rig = ChangeRig.leading(THREE);
        List<Order> orders = List.of(
                new AddMembers(List.of("a")), new RemoveMembers(List.of("x")), new SetMembers(List.of("l", "b", "a")));

        for (Order order : orders) {
            Ruling first = rig.orders(order);
            rig.acks("a");

            assertThat(first).isInstanceOf(Underway.class);
            assertThat(rig.rulings()).endsWith(new Settled(THREE));
        }
        assertThat(rig.history()).containsExactly(THREE, THREE, THREE);
    }

    @Test
    void declinesWhatWouldLeaveNobody() {
        ChangeRig rig = ChangeRig.leading(members("l"));

        Ruling ruling = rig.orders(new RemoveMembers(List.of("l")));

        assertThat(ruling)
                .isInstanceOfSatisfying(
                        Declined.class, declined -> assertThat(declined.why()).contains("Nobody would be left"));
        assertThat(rig.history()).isEmpty();
    }

    @Test
    void declinesToReplaceWhoIsNoVoter() {
        ChangeRig rig = ChangeRig.leading(THREE);

        Ruling ruling = rig.orders(new ReplaceMember("c"));

        assertThat(ruling)
                .isInstanceOfSatisfying(
                        Declined.class,
                        declined -> assertThat(declined.why()).contains("c is no voter", "order it to be added"));
    }

    @Test
    void oneChangeAtATimeButTheSameOneTwiceIsOne() {
        ChangeRig rig = ChangeRig.leading(THREE);
        rig.orders(ADD_C);

        Ruling other = rig.orders(new RemoveMembers(List.of("b")));
        Ruling same = rig.orders(new SetMembers(List.of("a", "b", "c", "l")));
        rig.met(peer("c"));
        for (int i = 0; i < 4; i++) {
            rig.acks("a", "c");
        }

        assertThat(other)
                .isInstanceOfSatisfying(
                        Declined.class,
                        declined -> assertThat(declined.why())
                                .startsWith("One change at a time: the order to add c is being done"));
        assertThat(same).isInstanceOf(Underway.class);
        assertThat(rig.rulings()).endsWith(new Settled(rig.inForce()), new Settled(rig.inForce()));
    }

    /** It was on its way when its order was settled; meanwhile another operator has undone that. */
    @Test
    void aLateRepeatOfASettledOrderStartsNothing() {
        ChangeRig rig = ChangeRig.leading(THREE);
        rig.repeats(100, new RemoveMembers(List.of("x")));
        rig.acks("a");
        rig.orders(new AddMembers(List.of("x")));
        rig.met(peer("x"));
        for (int i = 0; i < 4; i++) {
            rig.acks("a", "x");
        }
        Members now = rig.inForce();

        Ruling repeated = rig.repeats(100, new RemoveMembers(List.of("x")));

        assertThat(now).isEqualTo(members("a", "b", "l", "x"));
        assertThat(repeated).isEqualTo(new Settled(THREE));
        assertThat(rig.inForce()).isEqualTo(now);
    }

    @Test
    void declinesWhoNeverAnswers() {
        ChangeRig rig = ChangeRig.leading(THREE);
        rig.orders(ADD_C);

        rig.passes(Logs.T.multipliedBy(19), () -> rig.acks("a", "b"));
        int asked = all(rig.effects, Effect.Identify.class).size();
        boolean early = rig.rulings().stream().anyMatch(Declined.class::isInstance);
        rig.passes(Logs.T.multipliedBy(2), () -> rig.acks("a", "b"));

        assertThat(asked).isBetween(36, 40);
        assertThat(early).isFalse();
        assertThat(rig.rulings().get(rig.rulings().size() - 1))
                .isInstanceOfSatisfying(
                        Declined.class,
                        declined ->
                                assertThat(declined.why()).contains("c does not answer", "start it with this group"));
        assertThat(rig.history()).isEmpty();
    }

    @Test
    void givesUpALearnerThatFallsSilentAndSaysSoOnceNothingIsLeft() {
        ChangeRig rig = ChangeRig.leading(THREE);
        rig.orders(ADD_C);
        rig.met(peer("c"));

        rig.passes(Logs.T.multipliedBy(19), () -> rig.acks("a", "b"));
        Members waiting = rig.inForce();
        rig.passes(Logs.T.multipliedBy(2));
        Members undone = rig.inForce();
        boolean early = rig.rulings().stream().anyMatch(Declined.class::isInstance);
        rig.acks("a");

        assertThat(waiting.learners()).containsExactly(peer("c"));
        assertThat(undone).isEqualTo(THREE);
        assertThat(early).isFalse();
        assertThat(rig.rulings().get(rig.rulings().size() - 1))
                .isInstanceOfSatisfying(
                        Declined.class, declined -> assertThat(declined.why()).contains("has not answered for 10."));
    }

    @Test
    void aSnapshotOfMinutesIsProgress() {
        ChangeRig rig = ChangeRig.leading(THREE);
        rig.orders(ADD_C);
        rig.met(peer("c"));
        rig.acks("a", "b");

        rig.passes(Duration.ofMinutes(3), () -> {
            rig.acks("a", "b");
            rig.perform(rig.log.pulled(peer("c"), 1, rig.now));
        });

        assertThat(rig.inForce().learners()).containsExactly(peer("c"));
        assertThat(rig.rulings()).noneMatch(Declined.class::isInstance);
    }

    /** Thesis 4.2.1: "If the last round lasts less than an election timeout, then the leader adds the new server". */
    @Test
    void aLearnerIsPromotedOnlyAfterARoundThatWasShort() {
        ChangeRig rig = ChangeRig.leading(THREE);
        rig.orders(ADD_C);
        rig.met(peer("c"));
        rig.acks("a", "b");

        rig.passes(Logs.T.multipliedBy(2), () -> rig.acks("a", "b"));
        rig.perform(rig.log.propose(Logs.GATEWAY, propose(1, 8, 1), rig.moment()));
        long target = rig.log.last().index();
        rig.perform(rig.log.flush(rig.now));
        rig.perform(rig.log.receive(peer("c"), new Matched(5, 1, target), rig.now));
        Members afterALongRound = rig.inForce();
        rig.passes(Logs.T.dividedBy(2), () -> rig.acks("a", "b"));
        rig.acks("c");

        assertThat(afterALongRound.joint()).isFalse();
        assertThat(rig.inForce().joint()).isTrue();
    }

    @Test
    void aLearnerNeverCounts() {
        ChangeRig rig = ChangeRig.leading(members("a", "l"));
        rig.orders(ADD_C);
        rig.met(peer("c"));
        long learners = rig.log.last().index();

        rig.acks("c");
        long byLearner = rig.log.commit();
        rig.acks("a");

        assertThat(byLearner).isLessThan(learners);
        assertThat(rig.log.commit()).isGreaterThanOrEqualTo(learners);
    }

    /** §6: "Agreement ... requires separate majorities from both the old and new configurations." */
    @Test
    void jointMembersAreCommittedByBothMajoritiesAndFinalOnesByTheNew() {
        ChangeRig rig = ChangeRig.leading(THREE);
        rig.orders(new SetMembers(List.of("l", "c", "d")));
        rig.met(peer("c"));
        rig.met(peer("d"));
        rig.acks("a", "b");
        rig.acks("c", "d");
        Members joint = rig.inForce();
        long index = rig.log.last().index();

        rig.acks("c", "d");
        long byTheNew = rig.log.commit();
        rig.acks("a");
        long byBoth = rig.log.commit();
        Members last = rig.inForce();
        rig.acks("a", "b");
        long byTheOld = rig.log.commit();
        rig.acks("c");

        assertThat(joint.joint()).isTrue();
        assertThat(byTheNew).isLessThan(index);
        assertThat(byBoth).isEqualTo(index);
        assertThat(last).isEqualTo(members("c", "d", "l"));
        assertThat(byTheOld).isEqualTo(index);
        assertThat(rig.log.commit()).isEqualTo(index + 1);
    }

    @Test
    void aNewLeaderFinishesWhatIsJointOnceItsNoOpIsCommitted() {
        Members joint = with(members("a", "l", "z"), THREE.voters());
        ChangeRig rig = ChangeRig.fresh(Logs.settings(), THREE, left(joint));

        List<Members> before = rig.history();
        Ruling meanwhile = rig.orders(ADD_C);
        rig.acks("a");
        Members after = rig.inForce();
        Ruling later = rig.orders(ADD_C);

        assertThat(before).containsExactly(joint);
        assertThat(meanwhile).isInstanceOf(Underway.class);
        assertThat(after).isEqualTo(members("a", "l", "z"));
        assertThat(later)
                .isInstanceOfSatisfying(
                        Underway.class,
                        underway -> assertThat(underway.how()).startsWith("Another change is finished first"));
    }

    /** The bug of 2015 again: that the joint members are committed is no reason to go on before the own no-op is. */
    @Test
    void aNewLeaderThatKnowsTheJointMembersToBeCommittedWaitsForItsNoOpAllTheSame() {
        Members joint = with(members("a", "l", "z"), THREE.voters());
        ReplicatedLog log = Logs.closed("l", THREE, List.of());
        log.fence(4, 1, 0);
        log.receive(peer("a"), Logs.append(4, 1, EntryId.NONE, left(joint), 1), 0);
        log.fence(5, 2, 0);

        log.lead(5, new Moment(0, 0));
        log.receive(peer("a"), new Matched(5, 1, 2), Logs.T.toNanos());

        assertThat(log.commit()).isEqualTo(1);
        assertThat(log.last()).isEqualTo(Logs.id(2, 5));
        assertThat(log.members().inForce()).isEqualTo(joint);
        log.receive(peer("b"), new Matched(5, 1, 2), Logs.T.toNanos());
        log.receive(peer("z"), new Matched(5, 1, 2), Logs.T.toNanos());
        assertThat(log.members().inForce()).isEqualTo(members("a", "l", "z"));
    }

    @Test
    void aNewLeaderLeavesLearnersAndARepeatedOrderGoesOnWithThem() {
        Members learning = with(THREE, List.of(), "c");
        ChangeRig rig = ChangeRig.fresh(Logs.settings(), THREE, left(learning));
        rig.acks("a", "b");
        rig.passes(Logs.T.multipliedBy(30), () -> rig.acks("a", "b"));
        List<Members> left = rig.history();

        rig.orders(ADD_C);
        rig.met(peer("c"));
        List<Members> known = rig.history();
        rig.acks("c");

        assertThat(left).containsExactly(learning);
        assertThat(known).as("it is a learner already").containsExactly(learning);
        assertThat(rig.inForce().joint()).isTrue();
    }

    @Test
    void anotherIncarnationReplacesAForgottenLearner() {
        Members learning = with(THREE, List.of(), "c");
        Peer wiped = new Peer("c", new UUID(9, 9));
        ChangeRig rig = ChangeRig.fresh(Logs.settings(), THREE, left(learning));
        rig.acks("a", "b");

        rig.orders(ADD_C);
        rig.met(wiped);

        assertThat(rig.inForce()).isEqualTo(new Members(THREE.voters(), List.of(), List.of(wiped)));
    }

    @Test
    void aLearnerIsRemovedWithoutJointMembers() {
        ChangeRig rig = ChangeRig.fresh(Logs.settings(), THREE, left(with(THREE, List.of(), "c")));
        rig.acks("a", "b");

        rig.orders(new RemoveMembers(List.of("c")));
        Members last = rig.inForce();
        rig.acks("a");

        assertThat(last).isEqualTo(THREE);
        assertThat(rig.rulings()).endsWith(new Settled(THREE));
    }

    /** §6: "the leader ... replicates log entries but does not count itself in majorities". [C1] */
    @Test
    void aRemovedLeaderDoesNotCountItselfAndEndsWhenItsRemovalIsCommitted() {
        ChangeRig rig = ChangeRig.leading(THREE);
        rig.orders(new RemoveMembers(List.of("l")));
        rig.acks("a", "b");
        Members last = rig.inForce();
        long index = rig.log.last().index();

        rig.acks("a");
        long byHalf = rig.log.commit();
        List<Effect.HandOver> early = all(rig.effects, Effect.HandOver.class);
        rig.effects.clear();
        rig.acks("b");

        assertThat(last).isEqualTo(members("a", "b"));
        assertThat(byHalf).isEqualTo(index - 1);
        assertThat(early).isEmpty();
        assertThat(rig.log.commit()).isEqualTo(index);
        assertThat(rig.rulings()).endsWith(new Settled(members("a", "b")));
        assertThat(all(rig.effects, Effect.HandOver.class)).containsExactly(HANDS_OVER);
        assertThat(all(rig.effects, Effect.SteppedDown.class)).isEmpty();
        assertThat(Logs.sent(rig.effects, "a", AppendEntries.class))
                .as("told the commit before the leader ends")
                .anyMatch(append -> append.commit() == index);
        rig.acks("a", "b");
        assertThat(all(rig.effects, Effect.HandOver.class)).as("once").hasSize(1);
        rig.passes(Logs.T.multipliedBy(3));
        assertThat(all(rig.effects, Effect.SteppedDown.class))
                .as("nobody took over")
                .containsExactly(new Effect.SteppedDown(5));
    }

    @Test
    void aNewLeaderThatTheMembersDoNotNameCommitsThemAndEnds() {
        ChangeRig rig = ChangeRig.fresh(Logs.settings(), THREE, left(members("c", "d", "e")));

        rig.acks("c");
        List<Effect.HandOver> early = all(rig.effects, Effect.HandOver.class);
        rig.acks("d");

        assertThat(early).isEmpty();
        assertThat(all(rig.effects, Effect.HandOver.class)).containsExactly(HANDS_OVER);
        assertThat(rig.log.members().whyOutside()).contains("was removed from the group at index 1");
    }

    @Test
    void whoWasRemovedIsFedUntilItKnowsAndNotCounted() {
        ChangeRig rig = ChangeRig.leading(THREE);
        rig.orders(new RemoveMembers(List.of("b")));
        rig.acks("a");
        long index = rig.log.last().index();
        Members last = rig.inForce();

        rig.acks("b");
        long byTheRemoved = rig.log.commit();
        rig.acks("a");
        rig.effects.clear();
        rig.passes(Duration.ofMillis(20));
        boolean told =
                Logs.sent(rig.effects, "b", AppendEntries.class).stream().anyMatch(append -> append.commit() == index);
        rig.acks("b");
        rig.effects.clear();
        rig.passes(Logs.T.multipliedBy(5), () -> rig.acks("a"));

        assertThat(last).isEqualTo(members("a", "l"));
        assertThat(byTheRemoved).isLessThan(index);
        assertThat(told).isTrue();
        assertThat(rig.spokenTo()).containsExactly("a");
    }

    @Test
    void whoWasRemovedAndIsSilentIsForgotten() {
        ChangeRig rig = ChangeRig.leading(THREE);
        rig.orders(new RemoveMembers(List.of("b")));
        rig.acks("a");
        rig.acks("a");

        rig.passes(Logs.T.multipliedBy(9), () -> rig.acks("a"));
        boolean waitedFor = rig.spokenTo().contains("b");
        rig.passes(Logs.T.multipliedBy(2), () -> rig.acks("a"));
        rig.effects.clear();
        rig.passes(Logs.T.multipliedBy(5), () -> rig.acks("a"));

        assertThat(waitedFor).isTrue();
        assertThat(rig.spokenTo()).containsExactly("a");
    }

    @Test
    void aLostDiskIsReplacedByItsNewLife() {
        Peer wiped = new Peer("b", new UUID(9, 9));
        ChangeRig rig = ChangeRig.leading(THREE);
        rig.orders(new ReplaceMember("b"));
        rig.met(wiped);
        Members learning = rig.inForce();

        rig.acks("a");
        rig.ack(wiped);
        Members joint = rig.inForce();
        for (int i = 0; i < 2; i++) {
            rig.acks("a");
            rig.ack(wiped);
        }

        Members last = Members.voting(List.of(peer("a"), wiped, L));
        assertThat(learning).isEqualTo(new Members(THREE.voters(), List.of(), List.of(wiped)));
        assertThat(joint).isEqualTo(new Members(last.voters(), THREE.voters(), List.of()));
        assertThat(rig.inForce()).isEqualTo(last);
        assertThat(rig.rulings()).endsWith(new Settled(last));
        assertThat(all(rig.effects, Effect.Warn.class))
                .as("nobody is taken for damaged")
                .isEmpty();
    }

    @Test
    void whoHasNotLostItsDiskIsNotReplaced() {
        ChangeRig rig = ChangeRig.leading(THREE);
        rig.orders(new ReplaceMember("b"));

        rig.met(peer("b"));
        rig.acks("a");

        assertThat(rig.rulings()).endsWith(new Settled(THREE));
        assertThat(rig.history()).containsExactly(THREE);
    }

    @Test
    void replacesALostDiskByItselfIfConfiguredOnceTheOldOneIsSilent() {
        Peer wiped = new Peer("b", new UUID(9, 9));
        LogSettings automatic = new LogSettings(Logs.T, 64 << 20, 1 << 20, true);
        ChangeRig rig = ChangeRig.leading(automatic, THREE);
        ChangeRig manual = ChangeRig.leading(THREE);

        rig.passes(Logs.T.multipliedBy(9), () -> rig.acks("a"));
        rig.met(wiped);
        List<Members> early = rig.history();
        rig.passes(Logs.T.multipliedBy(3), () -> rig.acks("a"));
        rig.met(wiped);
        manual.passes(Logs.T.multipliedBy(12), () -> manual.acks("a"));
        manual.met(wiped);

        assertThat(early).isEmpty();
        assertThat(all(rig.effects, Effect.Identify.class)).contains(new Effect.Identify("b"));
        assertThat(rig.inForce().learners()).containsExactly(wiped);
        assertThat(manual.history()).isEmpty();
    }

    @Test
    void triesToReplaceALostDiskAtMostOnceInTwentyTimeouts() {
        Peer wiped = new Peer("b", new UUID(9, 9));
        Peer again = new Peer("b", new UUID(10, 10));
        LogSettings automatic = new LogSettings(Logs.T, 64 << 20, 1 << 20, true);
        ChangeRig rig = ChangeRig.leading(automatic, THREE);
        rig.passes(Logs.T.multipliedBy(11), () -> rig.acks("a"));
        rig.met(wiped);
        for (int i = 0; i < 3; i++) {
            rig.acks("a");
            rig.ack(wiped);
        }
        Members replaced = rig.inForce();

        rig.passes(Logs.T.multipliedBy(15), () -> rig.acks("a"));
        rig.met(again);
        Members tooSoon = rig.inForce();
        rig.passes(Logs.T.multipliedBy(6), () -> rig.acks("a"));
        rig.met(again);

        assertThat(replaced).isEqualTo(Members.voting(List.of(peer("a"), wiped, L)));
        assertThat(tooSoon).as("silent for 15 T, and replaced 15 T ago").isEqualTo(replaced);
        assertThat(rig.inForce().learners()).containsExactly(again);
    }

    @Test
    void invitesALearnerUntilItAnswers() {
        ChangeRig rig = ChangeRig.leading(THREE);
        rig.orders(ADD_C);
        List<Effect.Invite> early = all(rig.effects, Effect.Invite.class);
        rig.met(peer("c"));

        rig.passes(Logs.T.multipliedBy(2), () -> rig.acks("a", "b"));
        List<Effect.Invite> invited = all(rig.effects, Effect.Invite.class);
        rig.acks("c");
        rig.effects.clear();
        rig.passes(Logs.T.multipliedBy(2), () -> rig.acks("a", "b", "c"));

        assertThat(early).isEmpty();
        assertThat(invited).hasSizeGreaterThanOrEqualTo(3).containsOnly(new Effect.Invite(peer("c"), THREE));
        assertThat(all(rig.effects, Effect.Invite.class)).isEmpty();
    }

    @Test
    void membersNeverWaitBehindTheBoundsForProposals() {
        ChangeRig rig = ChangeRig.leading(new LogSettings(Logs.T, 100, 0), THREE);
        rig.perform(rig.log.propose(Logs.GATEWAY, propose(1, 200, 1), rig.moment()));

        rig.orders(new RemoveMembers(List.of("b")));

        assertThat(rig.inForce().joint()).isTrue();
    }

    @Test
    void saysWhatAChangeWaitsFor() {
        ChangeRig rig = ChangeRig.leading(THREE);

        rig.orders(ADD_C);
        String asking = rig.log.members().change();
        rig.met(peer("c"));
        String pending = rig.log.members().change();
        rig.acks("a", "b");
        String catching = rig.log.members().change();
        rig.acks("c");
        String joint = rig.log.members().change();

        assertThat(asking).isEqualTo("To add c: Waits for an answer of c; it must run with this group.");
        assertThat(pending).isEqualTo("To add c: Waits until a majority of the members (a, b, l) holds index 2.");
        assertThat(catching).contains("Waits until the learners have caught up: c#", "is invited");
        assertThat(joint).contains("a majority of the new members (a, b, c, l) and one of the old (a, b, l)");
    }
}
