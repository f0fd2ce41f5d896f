package io.murmuration.core.log;

import static io.murmuration.core.log.Logs.members;
import static io.murmuration.core.log.Logs.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.ClientRpc.Control;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Order.AddMembers;
import io.murmuration.core.model.Order.RemoveMembers;
import io.murmuration.core.model.OrderId;
import io.murmuration.core.model.Payload.MembersSet;
import io.murmuration.core.model.Ruling;
import io.murmuration.core.model.Ruling.Settled;
import io.murmuration.core.model.Ruling.Underway;
import io.murmuration.core.model.Ticket;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An order takes effect once, and is settled only by who leads: the leader l, its copies and its successors. */
class LogOrdersTest {
    private static final Members THREE = members("a", "b", "l");
    private static final RemoveMembers REMOVE_B = new RemoveMembers(List.of("b"));
    private static final OrderId SEVENTH = new OrderId(Logs.LIFE, 7);

    private static Control copy(long id, Ticket ticket) {
        return new Control(Logs.LIFE, id, REMOVE_B, 1_000, ticket);
    }

    /** "Remove b" was settled by an earlier leader, "add b" by another one: then a copy of the first one arrives. */
    @Test
    void aCopyThatNobodyWaitsForBeginsNothing() {
        ChangeRig rig = ChangeRig.leading(THREE);

        for (int i = 0; i < 2; i++) {
            rig.perform(rig.log.control(Logs.GATEWAY, copy(7, null), rig.moment()));
            rig.perform(rig.log.control(Logs.GATEWAY, copy(7, new Ticket(4, 1)), rig.moment()));
        }

        assertThat(rig.rulings()).hasSize(4).containsOnly(new Ruling.StillWanted(new Ticket(5, 1)));
        assertThat(rig.history()).isEmpty();
    }

    @Test
    void whoIsForgottenNeedsANewTicket() {
        ChangeRig rig = ChangeRig.leading(THREE);
        rig.perform(rig.log.control(Logs.GATEWAY, copy(7, null), rig.moment()));
        for (int id = 100; id < 100 + OrderDesk.ORDERS_MAX; id++) {
            rig.perform(rig.log.control(Logs.GATEWAY, copy(id, null), rig.moment()));
        }

        rig.effects.clear();
        rig.perform(rig.log.control(Logs.GATEWAY, copy(7, new Ticket(5, 1)), rig.moment()));

        assertThat(rig.rulings()).containsExactly(new Ruling.StillWanted(new Ticket(5, OrderDesk.ORDERS_MAX + 2L)));
        assertThat(rig.history()).isEmpty();
    }

    @Test
    void theEntryThatSettlesAnOrderNamesIt() {
        ChangeRig rig = ChangeRig.leading(THREE);

        rig.repeats(7, REMOVE_B);
        Members joint = rig.log.members().inForce();
        rig.acks("a");
        Members last = rig.log.members().inForce();

        assertThat(joint.joint()).isTrue();
        assertThat(joint.orders()).containsExactly(SEVENTH);
        assertThat(last.joint()).isFalse();
        assertThat(last.orders()).containsExactly(SEVENTH);
    }

    /** Its answer was lost with its leader, and somebody else has ordered the contrary since. */
    @Test
    void whatAnEarlierLeaderHasSettledIsNotDoneAgain() {
        Members undone = THREE.noting(List.of(SEVENTH, new OrderId(Logs.LIFE, 8)));
        ChangeRig rig = ChangeRig.fresh(Logs.settings(), THREE, ChangeRig.left(undone));
        rig.acks("a");

        Ruling ruling = rig.repeats(7, REMOVE_B);

        assertThat(ruling).isEqualTo(new Settled(THREE));
        assertThat(rig.inForce()).isEqualTo(THREE);
        assertThat(rig.history()).hasSize(1);
    }

    @Test
    void whatIsSettledIsNotDeclinedForAnotherChangeThatIsBeingMade() {
        ChangeRig rig = ChangeRig.fresh(
                Logs.settings(), THREE, ChangeRig.left(members("a", "l").noting(List.of(SEVENTH))));
        rig.acks("a");
        rig.repeats(8, new AddMembers(List.of("c")));
        rig.met(peer("c"));

        Ruling whileAnEntryIsOnItsWay = rig.repeats(7, REMOVE_B);
        rig.acks("a");
        Ruling whileOneCatchesUp = rig.repeats(7, REMOVE_B);

        assertThat(whileAnEntryIsOnItsWay).isInstanceOf(Underway.class);
        assertThat(whileOneCatchesUp).isInstanceOf(Settled.class);
    }

    @Test
    void whatAnEarlierLeaderHasBegunIsSettledWhenItIsFinal() {
        Members joint = THREE.noting(List.of(SEVENTH)).then(members("a", "l").voters(), THREE.voters(), List.of());
        ChangeRig rig = ChangeRig.fresh(Logs.settings(), THREE, ChangeRig.left(joint));
        rig.acks("a");

        Ruling early = rig.repeats(7, REMOVE_B);
        rig.acks("a");
        Ruling late = rig.repeats(7, REMOVE_B);

        assertThat(early).isInstanceOf(Underway.class);
        assertThat(late).isEqualTo(new Settled(members("a", "l")));
        assertThat(rig.history()).hasSize(2);
    }

    @Test
    void anOrderThatWasRolledBackIsDoneAnew() {
        ReplicatedLog log = Logs.closed("l", THREE, List.of());
        log.fence(4, 1, 0);
        Entry named = new Entry(Logs.id(1, 4), 0, new MembersSet(THREE.noting(List.of(SEVENTH))));
        log.receive(peer("a"), Logs.append(4, 1, Logs.id(0, 0), List.of(named), 0), 0);
        boolean before = log.members().inForce().orders().contains(SEVENTH);
        log.fence(5, 2, 0);
        log.receive(peer("b"), Logs.append(5, 1, Logs.id(0, 0), Logs.entries(1, 5), 0), 0);

        assertThat(before).isTrue();
        assertThat(log.members().inForce().orders()).isEmpty();
    }

    /** Who is cut off knows only what was so once. */
    @Test
    void aLeaderThatCommitsNothingSettlesNothing() {
        ChangeRig rig = ChangeRig.leading(THREE);

        rig.repeats(7, new AddMembers(List.of("a")));
        Ruling again = rig.repeats(7, new AddMembers(List.of("a")));
        rig.acks("b");

        assertThat(again).isInstanceOf(Underway.class);
        assertThat(rig.rulings()).endsWith(new Settled(THREE));
    }

    @Test
    void whoJoinsInWhenTheEntryIsOnItsWayIsNamedByOneMore() {
        ChangeRig rig = ChangeRig.leading(THREE);
        rig.repeats(7, REMOVE_B);
        rig.acks("a");

        rig.repeats(8, REMOVE_B);
        rig.acks("a");
        List<Ruling> early = rig.rulings();
        rig.acks("a");

        assertThat(early).noneMatch(Settled.class::isInstance);
        assertThat(rig.rulings()).endsWith(new Settled(members("a", "l")), new Settled(members("a", "l")));
        assertThat(rig.log.members().inForce().orders()).containsExactly(SEVENTH, new OrderId(Logs.LIFE, 8));
    }

    @Test
    void ordersAreForgottenInTheEnd() {
        Members members = THREE;
        for (int id = 1; id <= Members.ORDERS_MAX + 2; id++) {
            members = members.noting(List.of(new OrderId(Logs.LIFE, id)));
        }
        members = members.noting(List.of(new OrderId(Logs.LIFE, 3)));

        assertThat(members.orders())
                .hasSize(Members.ORDERS_MAX)
                .startsWith(new OrderId(Logs.LIFE, 4))
                .endsWith(new OrderId(Logs.LIFE, 3));
    }
}
