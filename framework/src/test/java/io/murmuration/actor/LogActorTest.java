package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.GroupSettings;
import io.murmuration.actor.StoreMessage.Owner;
import io.murmuration.core.log.LogView;
import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.LogRpc;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Payload;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.Rpc;
import io.murmuration.core.model.StoreRecord.EntriesAppended;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogActorTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final UUID GROUP = new UUID(5, 5);
    private static final UUID LIFE = new UUID(9, 9);
    private static final Peer SELF = new Peer("n1", new UUID(1, 1));
    private static final Peer OTHER = new Peer("n2", new UUID(2, 2));
    private static final Peer GATEWAY = new Peer("n3", LIFE);
    private static final Members MEMBERS = Members.voting(List.of(SELF, OTHER));

    private final TestProbe<ElectionMessage> election = KIT.createTestProbe(ElectionMessage.class);
    private final TestProbe<MachineMessage> machine = KIT.createTestProbe(MachineMessage.class);
    private final TestProbe<StoreMessage> store = KIT.createTestProbe(StoreMessage.class);
    private final TestProbe<GatewayMessage> gateway = KIT.createTestProbe(GatewayMessage.class);
    private final TestProbe<LogMessage> otherLog = KIT.createTestProbe(LogMessage.class);
    private final TestProbe<GatewayMessage> askersGateway = KIT.createTestProbe(GatewayMessage.class);
    private final ActorRef<LogMessage> log =
            KIT.spawn(LogActor.create(context(otherLog.ref(), askersGateway.ref()), false));

    @AfterEach
    void stop() {
        KIT.stop(log);
    }

    @AfterAll
    static void shutDown() {
        KIT.shutdownTestKit();
    }

    private static ReplicaContext context(ActorRef<LogMessage> otherLog, ActorRef<GatewayMessage> askersGateway) {
        GroupSettings settings = new GroupSettings(
                "n1",
                List.of("n1", "n2"),
                true,
                false,
                Duration.ofMillis(200),
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
        Recovered recovered =
                new Recovered(SELF.incarnation(), GROUP, new Ballot(1, null), EntryId.NONE, MEMBERS, List.of());
        return new ReplicaContext("till", GROUP, SELF, settings, recovered, new Routes() {
            @Override
            public Way election(String node) {
                throw new AssertionError("A Log says nothing to other Elections.");
            }

            @Override
            public Way log(String node) {
                assertThat(node).isEqualTo("n2");
                return otherLog::tell;
            }

            @Override
            public Way gateway(String node) {
                assertThat(node).isEqualTo("n3");
                return askersGateway::tell;
            }

            @Override
            public Way machine(String node) {
                throw new AssertionError("A Log says nothing to other Machines.");
            }

            @Override
            public Way snapshots(String node) {
                throw new AssertionError("A Log says nothing to other Snapshots.");
            }

            @Override
            public Way group(String node) {
                throw new AssertionError("A Log says nothing to GroupActors.");
            }
        });
    }

    private Neighbours neighbours() {
        return new Neighbours(
                election.ref(),
                log,
                machine.ref(),
                store.ref(),
                KIT.createTestProbe(SnapshotsMessage.class).ref(),
                gateway.ref(),
                KIT.createTestProbe(GroupMessage.class).ref());
    }

    private static Wire from(Peer peer, Rpc body) {
        return new Wire(GROUP, peer, body);
    }

    private static ClientRpc.Propose propose(long batch, long serial) {
        return new ClientRpc.Propose(LIFE, batch, 1, 1, List.of(new ClientRpc.Proposal(serial, command())));
    }

    private static Encoded command() {
        return new Encoded(1, "", new byte[8]);
    }

    private void lead(long term) {
        log.tell(neighbours());
        log.tell(new LogMessage.MachineReady(0));
        log.tell(new LogMessage.Fence(term, 1));
        election.expectMessage(new ElectionMessage.Fenced(term, 1, EntryId.NONE, MEMBERS, true));
        log.tell(new LogMessage.Lead(term));
    }

    @Test
    void dropsWhatComesBeforeItsNeighbours() {
        log.tell(new LogMessage.Fence(1, 1));
        log.tell(neighbours());

        log.tell(new LogMessage.Fence(1, 2));

        election.expectMessage(new ElectionMessage.Fenced(1, 2, EntryId.NONE, MEMBERS, true));
    }

    @Test
    void leadsReplicatesAndCommits() {
        lead(2);

        StoreMessage.Write write = store.expectMessageClass(StoreMessage.Write.class);
        Wire sent = (Wire) otherLog.receiveMessage();
        LogRpc.AppendEntries append = (LogRpc.AppendEntries) sent.body();
        log.tell(new StoreMessage.Written(Owner.ELECTION, write.sequence()));
        log.tell(new StoreMessage.Written(Owner.LOG, write.sequence()));
        log.tell(from(OTHER, new LogRpc.Matched(2, append.sequence(), 1)));
        MachineMessage.Committed committed = machine.expectMessageClass(MachineMessage.Committed.class);

        assertThat(write.owner()).isEqualTo(Owner.LOG);
        assertThat(write.records()).containsExactly(new EntriesAppended(append.entries()));
        assertThat(sent.group()).isEqualTo(GROUP);
        assertThat(sent.from()).isEqualTo(SELF);
        assertThat(append.entries()).extracting(Entry::payload).containsExactly(new Payload.NoOp());
        assertThat(committed).isEqualTo(new MachineMessage.Committed(append.entries(), true));
    }

    @Test
    void followsAndAcknowledges() {
        log.tell(neighbours());
        Entry entry = new Entry(new EntryId(1, 3), 5, new Payload.NoOp());

        log.tell(from(OTHER, new LogRpc.AppendEntries(3, 8, EntryId.NONE, List.of(entry), 0)));
        election.expectMessage(new ElectionMessage.TermSeen(3));
        log.tell(new LogMessage.Fence(3, 1));
        election.expectMessage(new ElectionMessage.Fenced(3, 1, EntryId.NONE, MEMBERS, true));
        election.expectMessage(new ElectionMessage.LeaderHeard(3, "n2"));
        StoreMessage.Write write = store.expectMessageClass(StoreMessage.Write.class);
        log.tell(new StoreMessage.Written(Owner.LOG, write.sequence()));

        assertThat(otherLog.receiveMessage()).isEqualTo(from(SELF, new LogRpc.Matched(3, 8, 1)));
        log.tell(new LogMessage.Pulse());
        election.expectMessage(new ElectionMessage.LogPulse(new EntryId(1, 3), 0, 1, write.sequence()));
    }

    @Test
    void ignoresAnotherGroupUnderTheSameName() {
        log.tell(neighbours());

        log.tell(new Wire(new UUID(6, 6), OTHER, new LogRpc.Outdated(9, 1)));
        log.tell(new Wire(null, OTHER, new LogRpc.Outdated(9, 1)));
        log.tell(new LogMessage.Pulse());

        election.expectMessage(new ElectionMessage.LogPulse(EntryId.NONE, 0, 0, 0));
    }

    @Test
    void tellsTheGatewayThatItDoesNotLead() {
        log.tell(neighbours());
        log.tell(new LogMessage.Fence(2, 1));
        log.tell(new LogMessage.Follow(2, "n2"));

        log.tell(from(GATEWAY, propose(4, 7)));
        log.tell(from(GATEWAY, new ClientRpc.Open(LIFE, 5)));
        log.tell(from(GATEWAY, new ClientRpc.ReadIndex(LIFE, 6)));

        ClientRpc.Refusal why = ClientRpc.Refusal.NOT_LEADER;
        askersGateway.expectMessage(from(SELF, new ClientRpc.Refused(LIFE, 4, List.of(7L), why, "n2", true)));
        askersGateway.expectMessage(from(SELF, new ClientRpc.Refused(LIFE, 5, List.of(), why, "n2", true)));
        askersGateway.expectMessage(from(SELF, new ClientRpc.ReadRefused(LIFE, 6, why, "n2")));
    }

    @Test
    void asksElectionToConfirmARead() {
        lead(2);
        log.tell(new StoreMessage.Written(Owner.LOG, 1));
        log.tell(from(OTHER, new LogRpc.Matched(2, 1, 1)));

        log.tell(from(GATEWAY, new ClientRpc.ReadIndex(LIFE, 6)));

        election.expectMessage(new ElectionMessage.ConfirmRead("n3", LIFE, 6, 1, 2));
    }

    @Test
    void probesAgainByItself() {
        lead(2);

        LogRpc.AppendEntries first = (LogRpc.AppendEntries) ((Wire) otherLog.receiveMessage()).body();
        LogRpc.AppendEntries second = (LogRpc.AppendEntries) ((Wire) otherLog.receiveMessage()).body();
        LogRpc.AppendEntries third = (LogRpc.AppendEntries) ((Wire) otherLog.receiveMessage()).body();

        assertThat(List.of(first.sequence(), second.sequence(), third.sequence()))
                .containsExactly(1L, 2L, 3L);
        assertThat(third.entries()).isEmpty();
    }

    @Test
    void stopsWhenAnInvariantDoesNotHold() {
        lead(2);

        LoggingTestKit.error(InvariantViolation.class).expect(KIT.system(), () -> {
            log.tell(from(OTHER, new LogRpc.AppendEntries(2, 1, EntryId.NONE, List.of(), 0)));
            return null;
        });

        store.expectTerminated(log);
    }

    @Test
    void saysHowItLooks() {
        TestProbe<StatusPart> asker = KIT.createTestProbe(StatusPart.class);
        lead(2);
        log.tell(new StoreMessage.Written(Owner.LOG, 1));

        log.tell(new LogMessage.AskStatus(asker.ref()));

        LogView status = asker.expectMessageClass(StatusPart.OfLog.class).view();
        assertThat(status.last()).isEqualTo(new EntryId(1, 2));
        assertThat(status.durable()).isEqualTo(1);
        assertThat(status.commit()).isZero();
        assertThat(status.room().bytes()).isPositive();
        assertThat(status.members()).isEqualTo(MEMBERS);
        assertThat(status.matched()).containsExactly(Map.entry("n2", 0L));
    }

    /** What is in the mailbox when the first proposal comes goes out together. */
    @Test
    void drainsItsMailboxIntoOneBatch() {
        TestInbox<LogMessage> far = TestInbox.create();
        TestInbox<StoreMessage> disk = TestInbox.create();
        BehaviorTestKit<LogMessage> kit =
                BehaviorTestKit.create(LogActor.create(context(far.getRef(), askersGateway.ref()), false));
        kit.run(new Neighbours(
                election.ref(),
                kit.getRef(),
                machine.ref(),
                disk.getRef(),
                KIT.createTestProbe(SnapshotsMessage.class).ref(),
                gateway.ref(),
                KIT.createTestProbe(GroupMessage.class).ref()));
        kit.run(new LogMessage.Fence(2, 1));
        kit.run(new LogMessage.Lead(2));
        disk.getAllReceived();
        far.getAllReceived();
        kit.run(from(OTHER, new LogRpc.Matched(2, 1, 1)));

        for (long serial = 1; serial <= 5; serial++) {
            kit.run(from(GATEWAY, propose(serial, serial)));
        }
        List<LogMessage> toItself = kit.selfInbox().getAllReceived();
        assertThat(disk.hasMessages()).isFalse();
        toItself.forEach(kit::run);

        assertThat(toItself).containsExactly(new LogMessage.Flush());
        EntriesAppended batch = (EntriesAppended)
                ((StoreMessage.Write) disk.receiveMessage()).records().get(0);
        assertThat(batch.entries()).hasSize(5);
        LogRpc.AppendEntries append = (LogRpc.AppendEntries) ((Wire) far.receiveMessage()).body();
        assertThat(append.entries()).isEqualTo(batch.entries());
    }
}
