package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.murmuration.GroupSettings;
import io.murmuration.core.election.Role;
import io.murmuration.core.election.View;
import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.Rpc;
import io.murmuration.core.model.StoreRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ElectionActorTest {
    private static final UUID GROUP = new UUID(1, 1);
    private static final UUID LIFE = new UUID(7, 7);
    private static final Peer N1 = new Peer("n1", new UUID(0, 1));
    private static final Peer N2 = new Peer("n2", new UUID(0, 2));
    private static final Peer N3 = new Peer("n3", new UUID(0, 3));
    private static final Members THREE = Members.voting(List.of(N1, N2, N3));

    private static ActorTestKit kit;

    private TestProbe<LogMessage> log;
    private TestProbe<StoreMessage> store;
    private TestProbe<MachineMessage> machine;
    private TestProbe<GatewayMessage> gateway;
    private final Map<String, TestProbe<Wire>> elections = new ConcurrentHashMap<>();
    private final Map<String, TestProbe<Wire>> gateways = new ConcurrentHashMap<>();

    @BeforeAll
    static void start() {
        kit = ActorTestKit.create(ConfigFactory.parseString("pekko.loglevel = WARNING")
                .withFallback(ConfigFactory.defaultApplication())
                .resolve());
    }

    @AfterAll
    static void stop() {
        kit.shutdownTestKit();
    }

    @BeforeEach
    void probes() {
        log = kit.createTestProbe();
        store = kit.createTestProbe();
        machine = kit.createTestProbe();
        gateway = kit.createTestProbe();
        for (String node : List.of("n1", "n2", "n3")) {
            elections.put(node, kit.createTestProbe());
            gateways.put(node, kit.createTestProbe());
        }
    }

    @Test
    void firstActIsTheFenceThatOpensLog() {
        ActorRef<ElectionMessage> election = spawned(Duration.ofSeconds(10), new Ballot(4, N2));

        election.tell(wire(N2, new ElectionRpc.PreVote(5, EntryId.NONE))); // before its neighbours: dropped
        election.tell(neighbours(election));

        log.expectMessage(new LogMessage.Fence(4, 1));
        elections.get("n2").expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void votesThroughStoreAndLog() {
        ActorRef<ElectionMessage> election = spawned(Duration.ofSeconds(10), Ballot.NONE);
        election.tell(neighbours(election));
        fence(election, 0, EntryId.NONE);

        election.tell(wire(N2, new ElectionRpc.RequestVote(1, EntryId.NONE, false)));
        written(election, new Ballot(1, null));
        fence(election, 1, EntryId.NONE);
        elections.get("n2").expectNoMessage(Duration.ofMillis(50));
        written(election, new Ballot(1, N2));

        elections.get("n2").expectMessage(wire(N1, new ElectionRpc.VoteReply(1, true)));
    }

    @Test
    void standsWinsAnswersReadsAndResigns() {
        Duration timeout = Duration.ofSeconds(10);
        AtomicLong clock = new AtomicLong(1_000_000_000L);
        ActorRef<ElectionMessage> election =
                kit.spawn(ElectionActor.create(context(timeout, Ballot.NONE), clock::get, new SplittableRandom(1)));
        election.tell(neighbours(election));
        fence(election, 0, EntryId.NONE);
        clock.addAndGet(2 * timeout.toNanos());
        election.tell(new ElectionMessage.Wake());

        fence(election, 0, EntryId.NONE); // of its pre-vote
        elections.get("n2").expectMessage(wire(N1, new ElectionRpc.PreVote(1, EntryId.NONE)));
        election.tell(wire(N2, new ElectionRpc.PreVoteReply(0, 1, true)));
        written(election, new Ballot(1, N1));
        fence(election, 1, EntryId.NONE);
        elections.get("n3").expectMessage(wire(N1, new ElectionRpc.PreVote(1, EntryId.NONE)));
        elections.get("n3").expectMessage(wire(N1, new ElectionRpc.RequestVote(1, EntryId.NONE, false)));
        election.tell(wire(N3, new ElectionRpc.VoteReply(1, true)));

        log.expectMessage(new LogMessage.Lead(1));
        gateway.expectMessage(new GatewayMessage.LeaderIs(1, "n1"));
        elections.get("n3").expectMessage(wire(N1, new ElectionRpc.Heartbeat(1, 1)));
        log.expectMessage(new LogMessage.Pulse());
        machine.expectMessage(new MachineMessage.Pulse());
        assertThat(status(election)).isEqualTo(new Told(Role.LEADER, 1, "n1", null));

        election.tell(new ElectionMessage.LogPulse(EntryId.NONE, 0, 0, 0));
        election.tell(new ElectionMessage.MachinePulse(0));
        election.tell(new ElectionMessage.ConfirmRead("n2", LIFE, 9, 4, 1));
        election.tell(wire(N3, new ElectionRpc.HeartbeatReply(1, 1, EntryId.NONE, 0, true, 0)));
        elections.get("n3").expectMessage(wire(N1, new ElectionRpc.Heartbeat(1, 2)));
        election.tell(wire(N3, new ElectionRpc.HeartbeatReply(1, 2, EntryId.NONE, 0, true, 0)));
        gateways.get("n2").expectMessage(wire(N1, new ClientRpc.ReadReady(LIFE, 9, 4)));

        // Nobody answers any more: check-quorum.
        clock.addAndGet(timeout.toNanos());
        election.tell(new ElectionMessage.Wake());
        log.fishForMessage(
                Duration.ofSeconds(5),
                message -> message.equals(new LogMessage.Resign(1))
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
        gateway.expectMessage(new GatewayMessage.LeaderIs(1, null));
    }

    @Test
    void timerRingsByItself() {
        ActorRef<ElectionMessage> election = spawned(Duration.ofMillis(50), Ballot.NONE);
        election.tell(neighbours(election));
        fence(election, 0, EntryId.NONE);

        fence(election, 0, EntryId.NONE);

        elections.get("n2").expectMessage(wire(N1, new ElectionRpc.PreVote(1, EntryId.NONE)));
    }

    @Test
    void followsALeaderAndSaysSo() {
        ActorRef<ElectionMessage> election = spawned(Duration.ofSeconds(10), new Ballot(2, null));
        election.tell(neighbours(election));
        fence(election, 2, EntryId.NONE);

        election.tell(wire(N3, new ElectionRpc.Heartbeat(2, 5)));

        log.expectMessage(new LogMessage.Follow(2, "n3"));
        gateway.expectMessage(new GatewayMessage.LeaderIs(2, "n3"));
        elections.get("n3").expectMessage(wire(N1, new ElectionRpc.HeartbeatReply(2, 5, EntryId.NONE, 0, true, 0)));
        assertThat(status(election)).isEqualTo(new Told(Role.FOLLOWER, 2, "n3", null));
    }

    @Test
    void messageOfAnotherGroupIsDropped() {
        ActorRef<ElectionMessage> election = spawned(Duration.ofSeconds(10), Ballot.NONE);
        election.tell(neighbours(election));
        fence(election, 0, EntryId.NONE);

        election.tell(new Wire(new UUID(2, 2), N2, new ElectionRpc.RequestVote(9, EntryId.NONE, false)));

        store.expectNoMessage(Duration.ofMillis(100));
        assertThat(status(election).term()).isZero();
    }

    @Test
    void violationFailsTheActor() {
        ActorRef<ElectionMessage> election = spawned(Duration.ofSeconds(10), new Ballot(2, null));
        TestProbe<Void> watcher = kit.createTestProbe();
        election.tell(neighbours(election));
        fence(election, 2, EntryId.NONE);

        election.tell(wire(N3, new ElectionRpc.Heartbeat(2, 5)));
        election.tell(wire(N2, new ElectionRpc.Heartbeat(2, 5)));

        watcher.expectTerminated(election);
    }

    @Test
    void lateTimerSendsItselfDrainedBehindItsMailbox() {
        AtomicLong clock = new AtomicLong(1_000_000_000L);
        BehaviorTestKit<ElectionMessage> actor = BehaviorTestKit.create(ElectionActor.create(
                context(Duration.ofMillis(500), Ballot.NONE), clock::get, new SplittableRandom(1)));
        actor.run(neighbours(actor.getRef()));
        actor.run(new ElectionMessage.Fenced(0, 1, EntryId.NONE, THREE, true));
        clock.addAndGet(Duration.ofSeconds(3).toNanos());

        actor.run(new ElectionMessage.Wake());

        actor.selfInbox().expectMessage(new ElectionMessage.Drained());
        log.expectMessage(new LogMessage.Fence(0, 1));
        log.expectNoMessage(Duration.ofMillis(50));
        actor.run(new ElectionMessage.Drained());
        log.expectMessage(new LogMessage.Fence(0, 2));
    }

    private record Told(
            Role role,
            long term,
            @Nullable String leader,
            @Nullable String why) {}

    private Told status(ActorRef<ElectionMessage> election) {
        TestProbe<StatusPart> asker = kit.createTestProbe();
        election.tell(new ElectionMessage.AskStatus(asker.ref()));
        View view = asker.expectMessageClass(StatusPart.OfElection.class).view();
        return new Told(view.role(), view.term(), view.leader(), view.whyNoLeader());
    }

    private void fence(ActorRef<ElectionMessage> election, long term, EntryId last) {
        LogMessage.Fence fence = log.expectMessageClass(LogMessage.Fence.class);
        assertThat(fence.term()).isEqualTo(term);
        election.tell(new ElectionMessage.Fenced(term, fence.attempt(), last, THREE, true));
    }

    private void written(ActorRef<ElectionMessage> election, Ballot ballot) {
        StoreMessage.Write write = store.expectMessageClass(StoreMessage.Write.class);
        assertThat(write.owner()).isEqualTo(StoreMessage.Owner.ELECTION);
        assertThat(write.records()).containsExactly(new StoreRecord.BallotCast(ballot));
        election.tell(new StoreMessage.Written(StoreMessage.Owner.ELECTION, write.sequence()));
    }

    private ActorRef<ElectionMessage> spawned(Duration timeout, Ballot ballot) {
        return kit.spawn(ElectionActor.create(context(timeout, ballot)));
    }

    private Neighbours neighbours(ActorRef<ElectionMessage> election) {
        return new Neighbours(
                election,
                log.ref(),
                machine.ref(),
                store.ref(),
                kit.createTestProbe(SnapshotsMessage.class).ref(),
                gateway.ref(),
                kit.createTestProbe(GroupMessage.class).ref());
    }

    private static Wire wire(Peer from, Rpc body) {
        return new Wire(GROUP, from, body);
    }

    private ReplicaContext context(Duration timeout, Ballot ballot) {
        GroupSettings settings = new GroupSettings(
                "n1",
                List.of("n1", "n2", "n3"),
                true,
                false,
                timeout,
                Duration.ofSeconds(5),
                131_072,
                1 << 28,
                0,
                1 << 16,
                1 << 20,
                1 << 24,
                1 << 20,
                "j",
                "s",
                "d",
                0,
                OptionalInt.empty());
        Recovered recovered = new Recovered(N1.incarnation(), GROUP, ballot, EntryId.NONE, THREE, List.of());
        return new ReplicaContext("bank", GROUP, N1, settings, recovered, new ProbeRoutes());
    }

    private final class ProbeRoutes implements Routes {
        @Override
        public Way election(String node) {
            return probe(elections, node)::tell;
        }

        @Override
        public Way gateway(String node) {
            return probe(gateways, node)::tell;
        }

        @Override
        public Way log(String node) {
            throw new AssertionError("Election does not speak to another node's Log.");
        }

        @Override
        public Way machine(String node) {
            throw new AssertionError("Election does not speak to another node's Machine.");
        }

        @Override
        public Way snapshots(String node) {
            throw new AssertionError("Election does not speak to another node's Snapshots.");
        }

        @Override
        public Way group(String node) {
            throw new AssertionError("Election does not speak to another node's GroupActor.");
        }

        private ActorRef<Wire> probe(Map<String, TestProbe<Wire>> probes, String node) {
            TestProbe<Wire> probe = probes.get(node);
            if (probe == null) {
                throw new AssertionError("No probe for " + node);
            }
            return probe.ref();
        }
    }
}
