package io.murmuration.core.log;

import static io.murmuration.core.log.Logs.answers;
import static io.murmuration.core.log.Logs.members;
import static io.murmuration.core.log.Logs.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.LogRpc;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Order.RemoveMembers;
import io.murmuration.core.model.Order.ReplaceMember;
import io.murmuration.core.model.Order.SetMembers;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Ruling;
import io.murmuration.core.model.SnapshotRpc;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Changes of members (§6) in which something comes in between: another leader, an older life, a follower that falls.
 */
class LogChangeStoriesTest {
    private static final Members THREE = members("a", "b", "l");
    private static final Peer WIPED = new Peer("b", new UUID(9, 9));

    private static Members learning(Peer learner) {
        return new Members(THREE.voters(), List.of(), List.of(learner));
    }

    /** An earlier leader has let it in by itself, so that nobody repeats an order. */
    @Test
    void aReplacementThatNobodyOrderedGoesOnUnderTheNextLeader() {
        LogSettings automatic = new LogSettings(Logs.T, 64 << 20, 1 << 20, true);
        ChangeRig rig = ChangeRig.fresh(automatic, THREE, ChangeRig.left(learning(WIPED)));
        ChangeRig manual = ChangeRig.fresh(Logs.settings(), THREE, ChangeRig.left(learning(WIPED)));

        for (ChangeRig each : List.of(rig, manual)) {
            each.passes(Logs.T.multipliedBy(9), () -> {
                each.acks("a");
                each.ack(WIPED);
            });
        }
        assertThat(rig.inForce()).as("b may be back").isEqualTo(learning(WIPED));
        for (ChangeRig each : List.of(rig, manual)) {
            each.passes(Logs.T.multipliedBy(5), () -> {
                each.acks("a");
                each.ack(WIPED);
            });
        }

        assertThat(rig.inForce().voters()).contains(WIPED).doesNotContain(peer("b"));
        assertThat(manual.inForce()).isEqualTo(learning(WIPED));
    }

    @Test
    void nobodyIsReplacedUnorderedWhoseOldDiskAnswers() {
        LogSettings automatic = new LogSettings(Logs.T, 64 << 20, 1 << 20, true);
        ChangeRig rig = ChangeRig.fresh(automatic, THREE, ChangeRig.left(learning(WIPED)));

        rig.passes(Logs.T.multipliedBy(15), () -> {
            rig.acks("a", "b");
            rig.ack(WIPED);
        });

        assertThat(rig.inForce()).isEqualTo(learning(WIPED));
    }

    /** Two newcomers must be ready at one time: joint members wait for both. */
    @Test
    void whoHasFallenBehindIsNoLongerCaughtUp() {
        ChangeRig rig = ChangeRig.leading(members("l"));
        rig.orders(new SetMembers(List.of("c", "d")));
        rig.met(peer("c"));
        rig.met(peer("d"));
        rig.acks("c");
        rig.perform(rig.log.propose(Logs.GATEWAY, Logs.propose(1, 8, 1), rig.moment()));
        rig.perform(rig.log.flush(rig.now));

        rig.passes(Logs.T.multipliedBy(3).dividedBy(4));
        rig.acks("d");
        Members withOneFallen = rig.inForce();
        rig.acks("c", "d");
        rig.passes(Logs.T.dividedBy(4), () -> rig.acks("c", "d"));

        assertThat(withOneFallen.joint()).isFalse();
        assertThat(rig.inForce().voters()).containsExactly(peer("c"), peer("d"));
    }

    /** The order to replace it came while it was alive, and it leads: its name leads to itself. */
    @Test
    void aLeaderNeverSpeaksToItsOwnName() {
        Peer other = new Peer("l", new UUID(8, 8));
        ChangeRig rig = ChangeRig.fresh(Logs.settings(), THREE, ChangeRig.left(learning(other)));

        rig.acks("a", "b");
        rig.passes(Logs.T.multipliedBy(3), () -> rig.acks("a", "b"));

        assertThat(rig.spokenTo()).containsExactly("a", "b");
    }

    /** "Overloaded" must not last because of somebody who was removed for being slow. */
    @Test
    void whoIsRemovedPinsNothing() {
        ChangeRig rig = ChangeRig.leading(new LogSettings(Logs.T, 64 << 20, 0, false), THREE);
        rig.perform(rig.log.pulled(peer("b"), 1, rig.now));
        rig.orders(new RemoveMembers(List.of("b")));
        rig.acks("a");
        rig.acks("a");
        long last = rig.log.commit();
        rig.perform(rig.log.pulled(peer("b"), 1, rig.now));
        rig.perform(rig.log.applied(last));

        rig.perform(rig.log.compact(held(last), rig.now));

        assertThat(rig.inForce()).isEqualTo(members("a", "l"));
        assertThat(rig.log.base().index()).isEqualTo(last);
    }

    /** Who was removed earlier knows only of those who were removed later: each shows the way to its own voters. */
    @Test
    void whoBelongsNoMoreNamesOneVoterAfterTheOther() {
        ReplicatedLog removed = Logs.closed("x", members("a", "b"), List.of());
        removed.fence(7, 1, 0);
        ReplicatedLog voter = Logs.closed("a", members("a", "b"), List.of());
        voter.fence(7, 1, 0);

        Set<String> hints = new TreeSet<>();
        for (long id = 1; id <= 2; id++) {
            hints.add(hint(removed, id));
        }

        assertThat(hints).containsExactly("a", "b");
        assertThat(hint(voter, 1)).isEqualTo("nobody");
    }

    private static String hint(ReplicatedLog log, long id) {
        List<ClientRpc> answers = answers(log.readIndex(Logs.GATEWAY, new ClientRpc.ReadIndex(Logs.LIFE, id), 0));
        String leader = ((ClientRpc.ReadRefused) answers.get(0)).leader();
        return leader == null ? "nobody" : leader;
    }

    /** "Replace b" was ordered too early: its old disk is there again, and a dies. The group needs b then. */
    @Test
    void aVoterWhoseDiskComesBackCountsWhileItsSuccessorLearns() {
        ChangeRig rig = ChangeRig.leading(THREE);
        rig.orders(new ReplaceMember("b"));
        rig.met(WIPED);
        long index = rig.log.last().index();

        rig.ack(peer("b"));

        assertThat(rig.inForce()).isEqualTo(learning(WIPED));
        assertThat(rig.log.commit()).isEqualTo(index);
    }

    @Test
    void aVoterWhoseDiskComesBackIsFedByANewLeaderToo() {
        ChangeRig rig = ChangeRig.fresh(Logs.settings(), THREE, ChangeRig.left(learning(WIPED)));
        ChangeRig settled = ChangeRig.fresh(Logs.settings(), learning(WIPED), List.of());

        rig.passes(Logs.T, () -> rig.ack(peer("b")));
        settled.passes(Logs.T, () -> settled.ack(peer("b")));

        assertThat(rig.log.commit()).isEqualTo(rig.log.last().index());
        assertThat(settled.log.commit()).isEqualTo(settled.log.last().index());
    }

    /** Messages to both lives go by one name, and reach whichever is there. */
    @Test
    void whatOneLifeIsToldIsNotAnsweredByTheOther() {
        ChangeRig rig = ChangeRig.fresh(Logs.settings(), THREE, ChangeRig.left(learning(WIPED)));
        List<Long> numbers = Logs.sent(rig.effects, "b", LogRpc.AppendEntries.class).stream()
                .map(LogRpc.AppendEntries::sequence)
                .toList();
        long toTheOne = numbers.get(0);
        long toTheOther = numbers.get(1);
        rig.effects.clear();

        List<Peer> lives = List.of(peer("b"), WIPED).stream().sorted().toList();
        rig.perform(rig.log.receive(lives.get(0), new LogRpc.Mismatched(5, toTheOther, EntryId.NONE), rig.now));
        rig.perform(rig.log.receive(lives.get(1), new LogRpc.Mismatched(5, toTheOne, EntryId.NONE), rig.now));
        boolean byOthers =
                !Logs.sent(rig.effects, "b", LogRpc.AppendEntries.class).isEmpty();
        rig.perform(rig.log.receive(lives.get(0), new LogRpc.Mismatched(5, toTheOne, EntryId.NONE), rig.now));

        assertThat(byOthers).isFalse();
        assertThat(Logs.sent(rig.effects, "b", LogRpc.AppendEntries.class)).hasSize(1);
    }

    /** Three of five are left: an order for a majority of the dead would be an order to stand still. */
    @Test
    void aChangeWhoseVotersDoNotAnswerIsDeclined() {
        ChangeRig rig = fiveOfWhomTwoAreSilent();

        Ruling first = rig.orders(new RemoveMembers(List.of("a", "b")));
        rig.passes(Logs.T.multipliedBy(5), () -> rig.acks("a", "b"));

        assertThat(first)
                .isEqualTo(new Ruling.Underway(
                        "Waits until a majority of those who are to vote answers; these do not: c, d."));
        String why =
                "Of c, d, l, who are to vote, these do not answer: c, d. Without a majority of them the group would"
                        + " stand still: start them, or name others, then order again.";
        assertThat(rig.rulings()).endsWith(new Ruling.Declined(why));
        assertThat(rig.history()).isEmpty();
    }

    @Test
    void aChangeWhoseVotersAnswerAgainInTimeGoesOn() {
        ChangeRig rig = fiveOfWhomTwoAreSilent();
        rig.orders(new RemoveMembers(List.of("a", "b")));

        rig.passes(Logs.T.multipliedBy(2), () -> rig.acks("a", "b", "c"));

        assertThat(rig.inForce()).isEqualTo(members("c", "d", "l"));
    }

    /** Nobody was asked for anything, and Election would have heard if one was not there. */
    @Test
    void whoDozesCountsAsThere() {
        ChangeRig rig = ChangeRig.leading(members("a", "b", "l"));
        rig.perform(rig.log.doze(true, rig.now));
        rig.passes(Logs.T.multipliedBy(20), () -> {});

        assertThat(rig.orders(new RemoveMembers(List.of("b")))).isNotInstanceOf(Ruling.Declined.class);
        assertThat(rig.history()).isNotEmpty();
        assertThat(rig.effects.stream().filter(Effect.LogPulse.class::isInstance))
                .as("Election is told that something goes on")
                .hasSize(1);
    }

    @Test
    void theDeadAreRemovedAsLongAsTheLivingDecide() {
        ChangeRig rig = fiveOfWhomTwoAreSilent();

        rig.orders(new RemoveMembers(List.of("c", "d")));
        rig.acks("a", "b");
        rig.acks("a", "b");

        assertThat(rig.inForce()).isEqualTo(THREE);
        assertThat(rig.rulings()).endsWith(new Ruling.Settled(THREE));
    }

    private static ChangeRig fiveOfWhomTwoAreSilent() {
        ChangeRig rig = ChangeRig.leading(members("a", "b", "c", "d", "l"));
        rig.passes(Logs.T.multipliedBy(5), () -> rig.acks("a", "b"));
        return rig;
    }

    private static SnapshotRpc.Held held(long index) {
        SnapshotRpc.SnapshotId id = new SnapshotRpc.SnapshotId(peer("l"), index, 7);
        return new SnapshotRpc.Held(id, new EntryId(index, 5), 100);
    }
}
