package io.murmuration.core.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.election.Liveness.Close;
import io.murmuration.core.election.Liveness.Connect;
import io.murmuration.core.election.Liveness.Gone;
import io.murmuration.core.election.Liveness.Order;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a process counts as gone, and who is told how often. */
final class LivenessTest {
    private static final long T = 500_000_000L;

    private final Liveness liveness = new Liveness(T);
    private long now = Long.MAX_VALUE - T / 3;

    private Connect open(String node) {
        Connect connect = new Connect(node, 1);
        assertThat(liveness.near("g", List.of(node), now)).containsExactly(connect);
        liveness.opened(node, 1, now);
        now += 2 * T;
        return connect;
    }

    private static Connect connect(List<Order> orders) {
        assertThat(orders).hasSize(1).first().isInstanceOf(Connect.class);
        return (Connect) orders.get(0);
    }

    /** Time passes; each attempt is refused. */
    private List<Order> refusedFor(long nanos) {
        long end = now + nanos;
        List<Order> all = new ArrayList<>();
        while (liveness.wakeAt() != Long.MAX_VALUE && liveness.wakeAt() - end <= 0) {
            now = liveness.wakeAt();
            for (Order order : liveness.wake(now)) {
                all.add(order);
                all.addAll(liveness.refused(((Connect) order).node(), ((Connect) order).attempt(), now));
            }
        }
        now = end;
        return all;
    }

    @Test
    void processIsGoneIfItsConnectionIsClosedAndAnotherRefused() {
        open("n2");

        Connect again = connect(liveness.closed("n2", 1, now));
        List<Order> refused = liveness.refused("n2", again.attempt(), now);

        assertThat(refused).containsExactly(new Gone("g", "n2"));
    }

    @Test
    void itIsSaidAgainForTAndThenTriedRarely() {
        open("n2");
        Connect again = connect(liveness.closed("n2", 1, now));
        liveness.refused("n2", again.attempt(), now);

        List<Order> first = refusedFor(T / 10);
        List<Order> rest = refusedFor(T - T / 10);
        List<Order> later = refusedFor(20 * T);
        List<Order> muchLater = refusedFor(200 * T);

        assertThat(first).filteredOn(Gone.class::isInstance).hasSizeBetween(2, 4);
        assertThat(rest).filteredOn(Gone.class::isInstance).hasSizeBetween(8, 10);
        assertThat(later).isNotEmpty().hasSizeLessThan(8).noneMatch(Gone.class::isInstance);
        assertThat(muchLater).isNotEmpty().hasSizeLessThan(21).noneMatch(Gone.class::isInstance);
    }

    @Test
    void connectionThatIsTakenAgainIsNoHint() {
        open("n2");
        Connect again = connect(liveness.closed("n2", 1, now));

        liveness.opened("n2", again.attempt(), now);

        assertThat(refusedFor(100 * T)).isEmpty();
    }

    @Test
    void attemptThatNobodyAnswersIsNoHintNorAreLaterRefusals() {
        open("n2");
        Connect again = connect(liveness.closed("n2", 1, now));

        liveness.failed("n2", again.attempt(), now);

        assertThat(refusedFor(100 * T)).isNotEmpty().noneMatch(Gone.class::isInstance);
    }

    @Test
    void nodeThatWasNeverThereIsNotGone() {
        liveness.near("g", List.of("n2"), now);

        List<Order> refused = liveness.refused("n2", 1, now);

        assertThat(refused).isEmpty();
        assertThat(refusedFor(100 * T)).isNotEmpty().noneMatch(Gone.class::isInstance);
    }

    @Test
    void processThatIsBackIsGoneAgainWhenItDiesAgain() {
        open("n2");
        Connect again = connect(liveness.closed("n2", 1, now));
        liveness.refused("n2", again.attempt(), now);
        now = liveness.wakeAt();
        Connect back = connect(liveness.wake(now));
        liveness.opened("n2", back.attempt(), now);
        now += T / 2;

        Connect once = connect(liveness.closed("n2", back.attempt(), now));

        assertThat(liveness.refused("n2", once.attempt(), now)).containsExactly(new Gone("g", "n2"));
    }

    @Test
    void whateverTakesConnectionsAndClosesThemIsNotStormed() {
        Connect next = connect(liveness.near("g", List.of("n2"), now));
        int attempts = 0;
        for (long end = now + 20 * T; now - end < 0; attempts++) {
            liveness.opened("n2", next.attempt(), now);
            List<Order> closed = liveness.closed("n2", next.attempt(), now);
            if (closed.isEmpty()) {
                now = liveness.wakeAt();
                closed = liveness.wake(now);
            }
            next = connect(closed);
        }

        assertThat(attempts).isLessThan(10);
    }

    @Test
    void allGroupsThatShareANodeAreTold() {
        open("n2");
        assertThat(liveness.near("h", List.of("n2"), now)).isEmpty();

        Connect again = connect(liveness.closed("n2", 1, now));

        assertThat(liveness.refused("n2", again.attempt(), now))
                .containsExactly(new Gone("g", "n2"), new Gone("h", "n2"));
    }

    @Test
    void whoIsNearToNoGroupAnyMoreIsLeftAlone() {
        open("n2");
        liveness.near("h", List.of("n2"), now);

        assertThat(liveness.near("g", List.of(), now)).isEmpty();
        assertThat(liveness.near("h", List.of(), now)).containsExactly(new Close("n2", 1));

        assertThat(liveness.closed("n2", 1, now)).isEmpty();
        assertThat(liveness.wakeAt()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whatBecameOfAnEarlierAttemptIsNotBelieved() {
        open("n2");
        liveness.near("g", List.of(), now);
        Connect anew = connect(liveness.near("g", List.of("n2"), now));

        assertThat(liveness.closed("n2", 1, now)).isEmpty();
        assertThat(liveness.refused("n2", 1, now)).isEmpty();
        liveness.opened("n2", anew.attempt(), now);

        assertThat(liveness.closed("n2", anew.attempt(), now)).hasSize(1);
    }
}
