package io.murmuration.core.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Order;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Ruling;
import io.murmuration.core.model.Ticket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Orders of operators: said until they are settled, to whoever leads by then. */
final class OrdersTest {
    private static final long MILLI = 1_000_000;
    private static final long TERM = 5;
    private static final Order ADD = new Order.AddMembers(List.of("n4"));
    private static final Members FOUR = Members.voting(List.of(new Peer("n4", new UUID(4, 4))));

    private final Client client = new Client(
            new ClientSettings("g", "n1", List.of("n1", "n2", "n3"), Duration.ofMillis(500), 1 << 20), new Random(1));
    private final List<Effect> done = new ArrayList<>();

    private List<ClientRpc.Control> said(List<Effect> effects, String node) {
        List<ClientRpc.Control> said = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Send send && send.rpc() instanceof ClientRpc.Control control) {
                assertThat(send.node()).isEqualTo(node);
                said.add(control);
            } else if (effect instanceof Effect.Settled || effect instanceof Effect.Fail) {
                done.add(effect);
            }
        }
        return said;
    }

    private ClientRpc.Control ordered(long now) {
        client.up(true, now);
        client.leaderIs(1, "n2", now);
        List<ClientRpc.Control> said = said(client.order(new Request(1, now, now + 10_000 * MILLI), ADD, now), "n2");
        assertThat(said).hasSize(1);
        return said.get(0);
    }

    private static ClientRpc.Ruled ruled(ClientRpc.Control control, Ruling ruling) {
        return new ClientRpc.Ruled(control.life(), control.id(), ruling, TERM);
    }

    /** Ordered, and confirmed to the leader of the term. */
    private ClientRpc.Control confirmed(long now) {
        ClientRpc.Control first = ordered(now);
        return confirms(first, new Ticket(TERM, 1), now);
    }

    private ClientRpc.Control confirms(ClientRpc.Control control, Ticket ticket, long now) {
        Ruling asks = new Ruling.StillWanted(ticket);
        List<ClientRpc.Control> said = said(client.received("n2", ruled(control, asks), now), "n2");
        assertThat(said).hasSize(1);
        return said.get(0);
    }

    @Test
    void waitsForTheIdOfTheGroup() {
        // given
        List<Effect> early = client.order(new Request(1, 0, 10_000 * MILLI), ADD, 0);

        // when
        List<ClientRpc.Control> said = said(client.up(true, 5), "n1");

        // then
        assertThat(said(early, "n1")).isEmpty();
        assertThat(said).extracting(ClientRpc.Control::order).containsExactly(ADD);
    }

    @Test
    void isSaidAgainUnderTheSameNumberUntilItIsSettled() {
        // given
        ClientRpc.Control first = confirmed(0);

        // when
        said(client.received("n2", ruled(first, new Ruling.Underway("n4 catches up.")), MILLI), "n2");
        List<ClientRpc.Control> again = said(client.wake(client.wakeAt()), "n2");
        said(client.received("n2", ruled(first, new Ruling.Settled(FOUR)), 300 * MILLI), "n2");

        // then
        assertThat(again).hasSize(1);
        assertThat(again.get(0).id()).isEqualTo(first.id());
        assertThat(again.get(0).patienceMillis()).isLessThan(first.patienceMillis());
        assertThat(done).containsExactly(new Effect.Settled(1, FOUR));
        assertThat(client.wakeAt()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void isSaidToTheNextLeader() {
        // given
        ClientRpc.Control first = confirmed(0);

        // when
        List<ClientRpc.Control> again =
                said(client.received("n2", ruled(first, new Ruling.NotLeader("n3")), MILLI), "n3");

        // then
        assertThat(again).extracting(ClientRpc.Control::id).containsExactly(first.id());
    }

    @Test
    void anAnswerToAnotherLifeChangesNothing() {
        // given
        ClientRpc.Control first = confirmed(0);

        // when
        said(
                client.received(
                        "n2", new ClientRpc.Ruled(new UUID(9, 9), first.id(), new Ruling.Settled(FOUR), TERM), 1),
                "n2");

        // then
        assertThat(done).isEmpty();
    }

    @Test
    void failsWithWhatTheLeaderSaysIfDeclined() {
        // given
        ClientRpc.Control first = confirmed(0);

        // when
        said(client.received("n2", ruled(first, new Ruling.Declined("n4 does not answer.")), MILLI), "n2");

        // then
        assertThat(done).containsExactly(new Effect.Fail(1, Failure.DECLINED, "n4 does not answer."));
    }

    @Test
    void isUnknownAtTheDeadlineOnceItWasSaid() {
        // given
        ClientRpc.Control first = confirmed(0);
        said(client.received("n2", ruled(first, new Ruling.Underway("n4 catches up.")), MILLI), "n2");

        // when
        client.wake(10_000 * MILLI).forEach(done::add);

        // then
        assertThat(done).singleElement().isInstanceOfSatisfying(Effect.Fail.class, fail -> {
            assertThat(fail.failure()).isEqualTo(Failure.UNKNOWN);
            assertThat(fail.sentence()).contains("n4 catches up.");
        });
    }

    @Test
    void turnsToAnotherNodeIfNobodyAnswers() {
        // given
        client.up(true, 0);
        said(client.order(new Request(1, 0, 10_000 * MILLI), ADD, 0), "n1");

        // when
        List<Effect> effects = client.wake(client.wakeAt());

        // then
        assertThat(said(effects, "n2")).hasSize(1);
    }

    @Test
    void doesNotSpinWhileTheSearchPauses() {
        // given
        client.up(true, 0);
        ClientRpc.Control first = said(client.order(new Request(1, 0, 10_000 * MILLI), ADD, 0), "n1")
                .get(0);

        // when
        said(client.received("n1", ruled(first, new Ruling.NotLeader(null)), MILLI), "n1");

        // then
        assertThat(client.wakeAt()).isEqualTo(MILLI + 100 * MILLI);
    }

    /** Nothing is begun for a copy that comes late: whoever still waits says so, at once. */
    @Test
    void confirmsAtOnceThatItIsStillWanted() {
        // given
        ClientRpc.Control first = ordered(0);

        // when
        ClientRpc.Control wanted = confirms(first, new Ticket(TERM, 3), MILLI);

        // then
        assertThat(first.ticket()).isNull();
        assertThat(wanted.ticket()).isEqualTo(new Ticket(TERM, 3));
        assertThat(wanted.which()).isEqualTo(first.which());
    }

    @Test
    void whatNobodyWaitsForIsNotConfirmed() {
        // given
        ClientRpc.Control first = confirmed(0);
        said(client.received("n2", ruled(first, new Ruling.Settled(FOUR)), MILLI), "n2");

        // when
        Ruling asks = new Ruling.StillWanted(new Ticket(6, 1));
        List<ClientRpc.Control> said = said(client.received("n2", ruled(first, asks), 2 * MILLI), "n2");

        // then
        assertThat(said).isEmpty();
    }

    /** It may be cut off, and does not know what a later leader is doing for this order. */
    @Test
    void whoLedEarlierNeitherGetsTheOrderNorEndsIt() {
        // given
        ClientRpc.Control first = confirmed(0);

        // when
        Ruling asks = new Ruling.StillWanted(new Ticket(TERM - 1, 9));
        List<ClientRpc.Control> said = said(client.received("n2", ruled(first, asks), MILLI), "n2");
        Ruling declined = new Ruling.Declined("n4 does not answer.");
        said(client.received("n2", new ClientRpc.Ruled(first.life(), first.id(), declined, TERM - 1), 2 * MILLI), "n2");

        // then
        assertThat(said).isEmpty();
        assertThat(done).isEmpty();
    }
}
