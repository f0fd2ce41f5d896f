package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.murmuration.core.election.Heartbeats;
import io.murmuration.core.model.ElectionRpc.Heartbeat;
import io.murmuration.core.model.NodeRpc.Awake;
import io.murmuration.core.model.NodeRpc.Beat;
import io.murmuration.core.model.NodeRpc.Beats;
import io.murmuration.core.model.NodeRpc.Left;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Rpc;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;

/** The heartbeats of all groups of a node travel together. */
final class HeartbeatsActorTest {
    private static final Duration T = Duration.ofMillis(200);
    private static final int TRIES_MAX = 50;
    private static final Peer N1 = new Peer("n1", new UUID(0, 1));
    private static final Peer N2 = new Peer("n2", new UUID(0, 2));

    private final Map<String, TestInbox<Wire>> others = Map.of("n2", TestInbox.create(), "n3", TestInbox.create());
    private final BehaviorTestKit<Object> actor = BehaviorTestKit.create(
            HeartbeatsActor.create("n1", node -> others.get(node).getRef()::tell, T));

    private static UUID id(int group) {
        return new UUID(9, group);
    }

    private void post(int group, String node, long round) {
        Wire wire = new Wire(id(group), N1, new Heartbeat(1, round));
        actor.run(new HeartbeatsActor.Post("g" + group, node, wire));
    }

    /** What the actor says to itself. */
    private void drain() {
        while (actor.selfInbox().hasMessages()) {
            actor.run(actor.selfInbox().receiveMessage());
        }
    }

    private static List<Beat> beats(Wire wire) {
        return ((Beats) wire.body()).beats();
    }

    @Test
    void whatComesWhileTheMailboxIsDrainedLeavesTogether() {
        // given
        post(1, "n2", 5);
        post(2, "n2", 7);
        post(1, "n3", 5);

        // when
        drain();

        // then
        Wire toN2 = others.get("n2").receiveMessage();
        assertThat(beats(toN2))
                .containsExactly(
                        new Beat("g1", id(1), N1.incarnation(), new Heartbeat(1, 5)),
                        new Beat("g2", id(2), N1.incarnation(), new Heartbeat(1, 7)));
        assertThat(toN2.from().node()).isEqualTo("n1");
        assertThat(beats(others.get("n3").receiveMessage())).hasSize(1);
        assertThat(others.get("n2").hasMessages()).isFalse();
    }

    @Test
    void waitsForWhatComesOneAfterTheOtherButNotForEver() {
        // given
        post(0, "n2", 1);

        // when
        int posted = 1;
        while (!others.get("n2").hasMessages() && posted < 100) {
            post(posted++, "n2", 1);
            actor.run(actor.selfInbox().receiveMessage());
        }

        // then
        assertThat(beats(others.get("n2").receiveMessage())).hasSize(posted);
        assertThat(posted).isBetween(4, 20);
    }

    @Test
    void staysBelowTheLargestMessage() {
        // given
        int groups = 2 * Heartbeats.BEATS_MAX + 1;
        for (int group = 0; group < groups; group++) {
            post(group, "n2", 1);
        }

        // when
        drain();

        // then
        Set<Integer> sizes = new HashSet<>();
        others.get("n2").getAllReceived().forEach(wire -> sizes.add(beats(wire).size()));
        assertThat(sizes).containsExactlyInAnyOrder(Heartbeats.BEATS_MAX, 1);
        Beat longest = new Beat("g".repeat(64), id(1), N1.incarnation(), new Heartbeat(Long.MAX_VALUE, Long.MAX_VALUE));
        Wire full = new Wire(null, N1, new Beats(Collections.nCopies(Heartbeats.BEATS_MAX, longest)));
        assertThat(new WireSerializer().toBinary(full)).hasSizeLessThan(200 << 10);
    }

    private static ActorTestKit kit() {
        return ActorTestKit.create(ConfigFactory.parseString("pekko.loglevel = WARNING")
                .withFallback(ConfigFactory.defaultApplication())
                .resolve());
    }

    private static Wire from(Peer node, Rpc body) {
        return new Wire(null, node, body);
    }

    @Test
    void saysThatItIsThereAsLongAsADozingGroupReliesOnANode() {
        // given
        actor.run(new HeartbeatsActor.Rely("g1", List.of("n2", "n3")));
        actor.run(new HeartbeatsActor.Rely("g2", List.of("n2")));

        // when
        actor.run(new HeartbeatsActor.Rely("g1", List.of()));
        actor.run(HeartbeatsActor.Watch.TICK);

        // then
        assertThat(others.get("n2").receiveMessage().body()).isEqualTo(new Awake());
        assertThat(others.get("n2").hasMessages()).isFalse();
        assertThat(others.get("n3").hasMessages()).isFalse();
    }

    @Test
    void tellsDozingGroupsThatANodeFellSilentAndNoneThatIsHeard() {
        ActorTestKit kit = kit();
        try {
            TestProbe<ElectionMessage> one = kit.createTestProbe();
            TestProbe<ElectionMessage> two = kit.createTestProbe();
            TestProbe<Wire> n2 = kit.createTestProbe(Wire.class);
            ActorRef<Object> running = kit.spawn(HeartbeatsActor.create("n1", node -> n2.getRef()::tell, T));
            running.tell(new HeartbeatsActor.Register("g1", one.getRef()));
            running.tell(new HeartbeatsActor.Register("g2", two.getRef()));

            // when n2 is heard once and says no more

            // If this test stood still before it answered, n2 was silent that long, and all begins anew.
            ElectionMessage.Silent told;
            long heard;
            int tries = 0;
            do {
                running.tell(new HeartbeatsActor.Rely("g1", List.of("n2")));
                running.tell(new HeartbeatsActor.Rely("g2", List.of("n2")));
                assertThat(n2.receiveMessage().body()).isEqualTo(new Awake());
                heard = System.nanoTime();
                running.tell(from(N2, new Awake()));
                told = one.expectMessageClass(ElectionMessage.Silent.class);
                two.expectMessageClass(ElectionMessage.Silent.class);
            } while (told.since() - heard < 0 && ++tries < TRIES_MAX);

            assertThat(told.node()).isEqualTo("n2");
            assertThat(told.since() - heard).as("silent since it was heard").isNotNegative();
            assertThat(System.nanoTime() - told.since()).isGreaterThanOrEqualTo(T.toNanos() / 4 * 3);
        } finally {
            kit.shutdownTestKit();
        }
    }

    @Test
    void aGroupThatEndsWakesThoseWhoRelyOnIt() {
        ActorTestKit kit = kit();
        try {
            TestProbe<Wire> n2 = kit.createTestProbe(Wire.class);
            ActorRef<Object> running =
                    kit.spawn(HeartbeatsActor.create("n1", node -> n2.getRef()::tell, Duration.ofSeconds(60)));
            ActorRef<ElectionMessage> ends = kit.spawn(Behaviors.<ElectionMessage>ignore());
            TestProbe<ElectionMessage> other = kit.createTestProbe();
            running.tell(new HeartbeatsActor.Register("g1", ends));
            running.tell(new HeartbeatsActor.Register("g2", other.getRef()));
            running.tell(new HeartbeatsActor.Rely("g1", List.of("n2")));
            running.tell(new HeartbeatsActor.Rely("g2", List.of("n2")));

            kit.stop(ends);
            assertThat(n2.receiveMessage().body()).isEqualTo(new Left("g1"));

            running.tell(from(N2, new Left("g2")));
            other.expectMessageClass(ElectionMessage.Silent.class);
        } finally {
            kit.shutdownTestKit();
        }
    }

    @Test
    void handsEachGroupItsOwnAndDropsWhatNobodyWaitsFor() {
        // given
        ActorTestKit kit = kit();
        try {
            TestProbe<ElectionMessage> one = kit.createTestProbe();
            TestProbe<ElectionMessage> two = kit.createTestProbe();
            ActorRef<Object> running = kit.spawn(HeartbeatsActor.create("n2", node -> wire -> {}, T));
            running.tell(new HeartbeatsActor.Register("g1", one.getRef()));
            running.tell(new HeartbeatsActor.Register("g2", two.getRef()));
            Peer incarnation = new Peer("n1", new UUID(3, 3));
            Beat unknown = new Beat("gone", id(8), N1.incarnation(), new Heartbeat(1, 1));
            Beat mine = new Beat("g1", id(1), incarnation.incarnation(), new Heartbeat(2, 4));
            Beat others = new Beat("g2", id(2), N1.incarnation(), new Heartbeat(3, 6));

            // when
            running.tell(new Wire(null, new Peer("n1", new UUID(7, 7)), new Beats(List.of(unknown, mine, others))));

            // then
            one.expectMessage(new ElectionMessage.Together(new Wire(id(1), incarnation, new Heartbeat(2, 4))));
            two.expectMessage(new ElectionMessage.Together(new Wire(id(2), N1, new Heartbeat(3, 6))));
        } finally {
            kit.shutdownTestKit();
        }
    }
}
