package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.GroupSettings;
import io.murmuration.core.apply.Blueprint;
import io.murmuration.core.apply.Image;
import io.murmuration.core.apply.Machine;
import io.murmuration.core.apply.MachineSettings;
import io.murmuration.core.apply.TestCodec;
import io.murmuration.core.apply.Till;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.MachineRpc;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Payload;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Recovered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MachineActorTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final UUID GROUP = new UUID(5, 5);
    private static final UUID LIFE = new UUID(1, 1);
    private static final UUID FAR_LIFE = new UUID(2, 2);
    private static final Peer SELF = new Peer("n1", new UUID(7, 7));

    private final TestProbe<ElectionMessage> election = KIT.createTestProbe(ElectionMessage.class);
    private final TestProbe<LogMessage> log = KIT.createTestProbe(LogMessage.class);
    private final TestProbe<StoreMessage> store = KIT.createTestProbe(StoreMessage.class);
    private final TestProbe<SnapshotsMessage> snapshots = KIT.createTestProbe(SnapshotsMessage.class);
    private final TestProbe<GatewayMessage> gateway = KIT.createTestProbe(GatewayMessage.class);
    private final TestProbe<GatewayMessage> farGateway = KIT.createTestProbe(GatewayMessage.class);
    private final TestProbe<Wire> farMachine = KIT.createTestProbe(Wire.class);
    private ActorRef<MachineMessage> machine =
            KIT.spawn(MachineActor.create(context(), new Machine<>("till", Till.machine(), new TestCodec())));

    @AfterEach
    void stop() {
        KIT.stop(machine);
    }

    @AfterAll
    static void shutDown() {
        KIT.shutdownTestKit();
    }

    private ReplicaContext context() {
        GroupSettings settings = new GroupSettings(
                "n1",
                List.of("n1", "n2"),
                true,
                false,
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                1000,
                1 << 20,
                0,
                1 << 16,
                1 << 20,
                1000,
                1 << 20,
                "j",
                "s",
                "d",
                0,
                OptionalInt.empty());
        return new ReplicaContext("till", GROUP, SELF, settings, Recovered.NOTHING, new Routes() {
            @Override
            public Way election(String node) {
                throw new AssertionError("A Machine says nothing to other Elections.");
            }

            @Override
            public Way log(String node) {
                throw new AssertionError("A Machine says nothing to other Logs.");
            }

            @Override
            public Way gateway(String node) {
                assertThat(node).isEqualTo("n2");
                return farGateway.ref()::tell;
            }

            @Override
            public Way machine(String node) {
                assertThat(node).isEqualTo("n2");
                return farMachine.ref()::tell;
            }

            @Override
            public Way snapshots(String node) {
                throw new AssertionError("A Machine says nothing to other Snapshots.");
            }

            @Override
            public Way group(String node) {
                throw new AssertionError("A Machine says nothing to GroupActors.");
            }
        });
    }

    private void introduce() {
        machine.tell(new Neighbours(
                election.ref(),
                log.ref(),
                machine,
                store.ref(),
                snapshots.ref(),
                gateway.ref(),
                KIT.createTestProbe(GroupMessage.class).ref()));
        log.expectMessage(new LogMessage.MachineReady(0));
    }

    private void commit(long from, Payload... payloads) {
        List<Entry> entries = new ArrayList<>();
        for (Payload payload : payloads) {
            entries.add(Till.entry(from + entries.size(), payload));
        }
        machine.tell(new MachineMessage.Committed(entries, true));
    }

    @Test
    void dropsWhatComesBeforeItsNeighbours() {
        machine.tell(new MachineMessage.Pulse());

        introduce();

        machine.tell(new MachineMessage.Pulse());
        election.expectMessage(new ElectionMessage.MachinePulse(0));
        election.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void answersTheGatewayOfEachSession() {
        introduce();

        commit(1, Till.open(LIFE, "n1"), Till.open(FAR_LIFE, "n2"));
        commit(3, Till.proposed(1, 1, 1, new Till.Pay("a")), Till.proposed(2, 1, 1, new Till.Pay("b")));

        gateway.expectMessage(new Wire(GROUP, SELF, new ClientRpc.Opened(LIFE, 1)));
        farGateway.expectMessage(new Wire(GROUP, SELF, new ClientRpc.Opened(FAR_LIFE, 2)));
        gateway.expectMessage(new Wire(GROUP, SELF, outcome(LIFE, 1, 3, 0)));
        farGateway.expectMessage(new Wire(GROUP, SELF, outcome(FAR_LIFE, 2, 4, 1)));
        log.expectMessage(new LogMessage.Applied(2));
        log.expectMessage(new LogMessage.Applied(4));
    }

    private static ClientRpc.Outcomes outcome(UUID life, long session, long index, int reply) {
        return new ClientRpc.Outcomes(
                life,
                session,
                List.of(new ClientRpc.Outcome(1, index, new ClientRpc.Reply.Replied(Till.encoded(reply)))));
    }

    @Test
    void answersAPulseBetweenTheSlicesOfALongBacklog() {
        int slices = 200;
        List<Entry> entries = new ArrayList<>();
        for (long index = 1; index <= (long) slices * Machine.SLICE_ENTRIES; index++) {
            entries.add(Till.entry(index, new Payload.NoOp()));
        }
        AtomicLong pulses = new AtomicLong();
        introduce();

        machine.tell(new MachineMessage.Read(1, (state, applied) -> {
            for (int pulse = 0; pulse < 3; pulse++) {
                machine.tell(new MachineMessage.Pulse());
            }
        }));
        machine.tell(new MachineMessage.Committed(entries, true));

        for (int pulse = 0; pulse < 3; pulse++) {
            long applied = ((ElectionMessage.MachinePulse) election.receiveMessage()).applied();
            assertThat(applied).isLessThan(entries.size());
            pulses.incrementAndGet();
        }
        assertThat(pulses).hasValue(3);
        assertThat(log.receiveSeveralMessages(slices)).last().isEqualTo(new LogMessage.Applied(entries.size()));
    }

    @Test
    void aReadThatThrowsNeverHarmsTheMachine() {
        TestProbe<Object> reader = KIT.createTestProbe();
        introduce();

        machine.tell(new MachineMessage.Read(1, (state, applied) -> {
            throw new IllegalStateException("a bad query");
        }));
        machine.tell(new MachineMessage.Read(1, (state, applied) -> {
            throw new AssertionError("a worse query");
        }));
        machine.tell(new MachineMessage.Read(2, (state, applied) -> reader.ref().tell(List.of(state, applied))));
        commit(1, Till.open(LIFE, "n1"));
        reader.expectNoMessage(Duration.ofMillis(50));
        commit(2, Till.proposed(1, 1, 1, new Till.Pay("a")));

        reader.expectMessage(List.of(List.of("a"), 2L));
    }

    @Test
    void stopsLoudlyAtAFoldThatThrows() {
        TestProbe<Object> watcher = KIT.createTestProbe();
        introduce();

        LoggingTestKit.error("the command io.murmuration.core.apply.Till$Burn at index 2 could not be folded")
                .expect(KIT.system(), () -> {
                    commit(1, Till.open(LIFE, "n1"), Till.proposed(1, 1, 1, new Till.Burn()));
                    return null;
                });

        watcher.expectTerminated(machine);
        gateway.expectMessage(new Wire(GROUP, SELF, new ClientRpc.Opened(LIFE, 1)));
        log.expectMessage(new LogMessage.Applied(1));
    }

    @Test
    void stopsLoudlyAtAGap() {
        TestProbe<Object> watcher = KIT.createTestProbe();
        introduce();

        LoggingTestKit.error("applied index by index").expect(KIT.system(), () -> {
            commit(2, new Payload.NoOp());
            return null;
        });

        watcher.expectTerminated(machine);
    }

    @Test
    void warnsOfALostReplyAndGoesOn() {
        introduce();

        LoggingTestKit.warn("a reply is lost").expect(KIT.system(), () -> {
            commit(1, Till.open(LIFE, "n1"), Till.proposed(1, 1, 1, new Till.Opaque()));
            return null;
        });

        log.expectMessage(new LogMessage.Applied(2));
    }

    @Test
    void tellsItsStatus() {
        TestProbe<StatusPart> asker = KIT.createTestProbe(StatusPart.class);
        introduce();
        commit(1, Till.open(LIFE, "n1"), new Payload.NoOp());

        machine.tell(new MachineMessage.AskStatus(asker.ref()));

        asker.expectMessage(new StatusPart.OfMachine(2, 1, true));
    }

    @Test
    void tellsTheMachinesOfAllOtherMembersWhatItsOutcomesHashTo() {
        Peer other = new Peer("n2", new UUID(8, 8));
        introduceWith(4, Members.voting(List.of(SELF, other)));

        commit(1, new Payload.NoOp(), new Payload.NoOp(), new Payload.NoOp(), new Payload.NoOp());

        Wire wire = farMachine.receiveMessage();
        assertThat(wire.from()).isEqualTo(SELF);
        assertThat(wire.body())
                .isInstanceOfSatisfying(
                        MachineRpc.OutcomeHash.class,
                        hash -> assertThat(hash.index()).isEqualTo(4));
    }

    @Test
    void stopsLoudlyWhereAMajorityHasFoldedOtherwise() {
        TestProbe<Object> watcher = KIT.createTestProbe();
        Peer second = new Peer("n2", new UUID(8, 8));
        Peer third = new Peer("n2", new UUID(9, 9));
        introduceWith(2, Members.voting(List.of(SELF, second, third)));
        commit(1, new Payload.NoOp(), new Payload.NoOp());
        log.expectMessage(new LogMessage.Applied(2));

        LoggingTestKit.error("has folded otherwise than a majority").expect(KIT.system(), () -> {
            machine.tell(new Wire(new UUID(6, 6), third, new MachineRpc.OutcomeHash(2, 1, 77)));
            machine.tell(new Wire(GROUP, second, new MachineRpc.OutcomeHash(2, 1, 77)));
            machine.tell(new Wire(GROUP, third, new MachineRpc.OutcomeHash(2, 1, 77)));
            return null;
        });

        watcher.expectTerminated(machine);
    }

    @Test
    void hasSnapshotsMadeOneAfterTheOtherAndBecomesWhatItIsTold() {
        introduceWith(4_096, Members.voting(List.of(SELF)));
        commit(1, Till.open(LIFE, "n1"), Till.proposed(1, 1, 1, new Till.Pay("a")));
        log.expectMessage(new LogMessage.Applied(2));

        machine.tell(new SnapshotsMessage.TakeNow());
        Image<?> image = taken();
        commit(3, new Payload.NoOp());
        machine.tell(new SnapshotsMessage.TakeNow());
        snapshots.expectNoMessage(Duration.ofMillis(50));
        machine.tell(new SnapshotsMessage.TakeEnded(2, true));
        assertThat(taken().last().index()).isEqualTo(3);
        log.expectMessage(new LogMessage.Applied(3));

        machine.tell(new MachineMessage.Restore(new Image<>(
                Till.entry(9, new Payload.NoOp()).id(),
                image.members(),
                image.time(),
                image.shape(),
                image.chain(),
                image.sessions(),
                image.state())));
        log.expectMessage(new LogMessage.MachineReady(9));
    }

    private Image<?> taken() {
        return (Image<?>)
                snapshots.expectMessageClass(SnapshotsMessage.Take.class).image();
    }

    private void introduceWith(long hashEvery, Members members) {
        KIT.stop(machine);
        Blueprint<List<String>> blueprint = new Blueprint<>(
                "till", SELF, Till.machine(), new TestCodec(), MachineSettings.DEFAULT.withHashEvery(hashEvery));
        machine = KIT.spawn(MachineActor.create(context(), new Machine<>(blueprint, members)));
        introduce();
    }
}
