package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.murmuration.GroupSettings;
import io.murmuration.actor.StoreMessage.Owner;
import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Payload;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.StoreRecord;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.testkit.JournalOperation;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.ProcessingPolicy;
import org.apache.pekko.persistence.testkit.ProcessingResult;
import org.apache.pekko.persistence.testkit.ProcessingSuccess;
import org.apache.pekko.persistence.testkit.Reject;
import org.apache.pekko.persistence.testkit.WriteEvents;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoreActorTest {
    private static final Config CONFIG = ConfigFactory.parseString("""
                    pekko.persistence.testkit.events.serialize = off
                    # Answers come as they do from Murmuration's own journal: from several threads.
                    pekko.persistence.testkit.journal {
                      write-response-global-order = off
                      plugin-dispatcher = pekko.actor.default-dispatcher
                    }
                    """)
            .withFallback(PersistenceTestKitPlugin.config())
            .withFallback(PersistenceTestKitSnapshotPlugin.config())
            .withFallback(ConfigFactory.load());
    private static final ActorTestKit KIT = ActorTestKit.create("store", CONFIG);
    private static final PersistenceTestKit JOURNAL = PersistenceTestKit.create(KIT.system());
    private static final AtomicInteger GROUPS = new AtomicInteger();
    private static final Peer OTHER = new Peer("n2", new UUID(3, 3));

    private final String group = "g" + GROUPS.incrementAndGet();
    private final String id = "murmuration|" + group + "|n1";
    private final TestProbe<GroupMessage> parent = KIT.createTestProbe(GroupMessage.class);
    private final TestProbe<ElectionMessage> election = KIT.createTestProbe(ElectionMessage.class);
    private final TestProbe<LogMessage> log = KIT.createTestProbe(LogMessage.class);

    /** The parent has seen its Store terminate. */
    private record Gone() implements GroupMessage {}

    /** Keeps writes on their way to the disk until the latch opens. */
    private static final class SlowDisk implements ProcessingPolicy<JournalOperation> {
        private final CountDownLatch opened = new CountDownLatch(1);

        @Override
        public ProcessingResult tryProcess(String persistenceId, JournalOperation operation) {
            if (operation instanceof WriteEvents) {
                await(opened);
            }
            return ProcessingSuccess.getInstance();
        }
    }

    @AfterEach
    void healthyAgain() {
        JOURNAL.resetPolicy();
    }

    @AfterAll
    static void shutDown() {
        KIT.shutdownTestKit();
    }

    private static GroupSettings settings(String journal, String snapshots) {
        return new GroupSettings(
                "n1",
                List.of("n1"),
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
                journal,
                snapshots,
                "pekko.actor.default-dispatcher",
                0,
                OptionalInt.empty());
    }

    private ActorRef<StoreMessage> started() {
        return started(PersistenceTestKitPlugin.PluginId(), PersistenceTestKitSnapshotPlugin.PluginId());
    }

    private ActorRef<StoreMessage> started(String journal, String snapshots) {
        TestProbe<ActorRef<StoreMessage>> spawned = KIT.createTestProbe();
        Behavior<GroupMessage> behavior = Behaviors.setup(actor -> {
            ActorRef<StoreMessage> store = StoreActor.spawn(actor, group, settings(journal, snapshots));
            actor.watch(store);
            spawned.ref().tell(store);
            return Behaviors.receive(GroupMessage.class)
                    .onAnyMessage(message -> {
                        parent.ref().tell(message);
                        return Behaviors.same();
                    })
                    .onSignal(Terminated.class, gone -> {
                        parent.ref().tell(new Gone());
                        return Behaviors.same();
                    })
                    .build();
        });
        KIT.spawn(behavior);
        return spawned.receiveMessage();
    }

    private ActorRef<StoreMessage> introduced() {
        ActorRef<StoreMessage> store = started();
        parent.expectMessageClass(StoreMessage.Loaded.class);
        introduce(store);
        return store;
    }

    private void introduce(ActorRef<StoreMessage> store) {
        store.tell(new Neighbours(
                election.ref(),
                log.ref(),
                KIT.createTestProbe(MachineMessage.class).ref(),
                store,
                KIT.createTestProbe(SnapshotsMessage.class).ref(),
                KIT.createTestProbe(GatewayMessage.class).ref(),
                KIT.createTestProbe(GroupMessage.class).ref()));
    }

    private static StoreMessage.Write write(Owner owner, long sequence, StoreRecord... records) {
        return new StoreMessage.Write(owner, sequence, List.of(records));
    }

    private static StoreRecord ballot(long term) {
        return new StoreRecord.BallotCast(new Ballot(term, OTHER));
    }

    private static StoreRecord entry(long index) {
        return new StoreRecord.EntriesAppended(List.of(new Entry(new EntryId(index, 1), 0, new Payload.NoOp())));
    }

    @Test
    void loadsAnEmptyJournal() {
        started();

        parent.expectMessage(new StoreMessage.Loaded(Recovered.NOTHING));
    }

    @Test
    void answersEachOwnerWhenItsWriteIsDurable() {
        ActorRef<StoreMessage> store = introduced();

        store.tell(write(Owner.GROUP, 1, new StoreRecord.Prepared(new UUID(1, 1))));
        store.tell(write(Owner.ELECTION, 1, ballot(1)));
        store.tell(write(Owner.LOG, 7, entry(1), entry(2)));

        parent.expectMessage(new StoreMessage.Written(Owner.GROUP, 1));
        election.expectMessage(new StoreMessage.Written(Owner.ELECTION, 1));
        log.expectMessage(new StoreMessage.Written(Owner.LOG, 7));
        log.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void writesInTheOrderInWhichItWasHandedOver() {
        ActorRef<StoreMessage> store = introduced();

        for (long step = 1; step <= 100; step++) {
            store.tell(write(Owner.ELECTION, step, ballot(step)));
            store.tell(write(Owner.LOG, step, entry(step)));
        }

        log.fishForMessage(
                Duration.ofSeconds(5),
                message -> message.equals(new StoreMessage.Written(Owner.LOG, 100))
                        ? org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes.complete()
                        : org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes.continueAndIgnore());
        List<Object> stored = JOURNAL.persistedInStorage(id);
        assertThat(stored).hasSize(200);
        for (int step = 1; step <= 100; step++) {
            assertThat(stored.get(2 * step - 2)).isEqualTo(ballot(step));
            assertThat(stored.get(2 * step - 1)).isEqualTo(entry(step));
        }
    }

    @Test
    void acknowledgesNothingBeforeItIsDurable() {
        ActorRef<StoreMessage> store = introduced();
        SlowDisk disk = new SlowDisk();
        JOURNAL.withPolicy(disk);

        store.tell(write(Owner.LOG, 1, entry(1)));
        store.tell(write(Owner.ELECTION, 1, ballot(1)));
        store.tell(write(Owner.LOG, 2, entry(2)));

        log.expectNoMessage(Duration.ofMillis(150));
        election.expectNoMessage(Duration.ofMillis(1));
        assertThat(JOURNAL.persistedInStorage(id)).isEmpty();
        disk.opened.countDown();
        log.expectMessage(new StoreMessage.Written(Owner.LOG, 1));
        election.expectMessage(new StoreMessage.Written(Owner.ELECTION, 1));
        log.expectMessage(new StoreMessage.Written(Owner.LOG, 2));
    }

    @Test
    void restartsFromWhatWasWritten() {
        UUID incarnation = new UUID(1, 1);
        UUID groupId = new UUID(2, 2);
        Members members = Members.voting(List.of(new Peer("n1", incarnation)));
        ActorRef<StoreMessage> store = introduced();
        store.tell(write(
                Owner.GROUP, 1, new StoreRecord.Prepared(incarnation), new StoreRecord.Founded(groupId, members)));
        store.tell(write(Owner.ELECTION, 1, ballot(1)));
        store.tell(write(Owner.LOG, 1, entry(1)));
        store.tell(write(Owner.LOG, 2, entry(2)));
        store.tell(new StoreMessage.Finish());
        parent.expectMessage(new StoreMessage.Written(Owner.GROUP, 1));
        parent.expectMessage(new Gone());

        started();

        Recovered recovered =
                parent.expectMessageClass(StoreMessage.Loaded.class).recovered();
        assertThat(recovered.incarnation()).isEqualTo(incarnation);
        assertThat(recovered.group()).isEqualTo(groupId);
        assertThat(recovered.baseMembers()).isEqualTo(members);
        assertThat(recovered.ballot()).isEqualTo(new Ballot(1, OTHER));
        assertThat(recovered.entries()).extracting(Entry::index).containsExactly(1L, 2L);
    }

    @Test
    void fillsTheLastBallotIntoABase() {
        Ballot five = new Ballot(5, OTHER);
        // The second entry stays, so neither base is deleted.
        JOURNAL.persistForRecovery(id, List.of(ballot(4), entry(1), entry(2)));
        StoreRecord.Base base = new StoreRecord.Base(
                new UUID(2, 2), new UUID(1, 1), Members.NONE, Members.NONE, Ballot.NONE, new EntryId(1, 1));
        ActorRef<StoreMessage> store = introduced();

        store.tell(write(Owner.LOG, 1, new StoreRecord.PrefixDropped(base)));
        store.tell(write(Owner.ELECTION, 1, new StoreRecord.BallotCast(five)));
        store.tell(write(Owner.LOG, 2, new StoreRecord.PrefixDropped(base)));

        log.expectMessage(new StoreMessage.Written(Owner.LOG, 1));
        log.expectMessage(new StoreMessage.Written(Owner.LOG, 2));
        assertThat(JOURNAL.persistedInStorage(id).stream()
                        .filter(StoreRecord.PrefixDropped.class::isInstance)
                        .map(record ->
                                ((StoreRecord.PrefixDropped) record).base().ballot()))
                .containsExactly(new Ballot(4, OTHER), five);
    }

    @Test
    void deletesWhatADurableBaseMakesNeedless() {
        JOURNAL.persistForRecovery(id, List.of(ballot(4), entry(1), entry(2)));
        StoreRecord.Base base = new StoreRecord.Base(
                new UUID(2, 2), new UUID(1, 1), Members.NONE, Members.NONE, Ballot.NONE, new EntryId(1, 1));
        ActorRef<StoreMessage> store = introduced();

        store.tell(write(Owner.LOG, 1, new StoreRecord.PrefixDropped(base)));

        log.expectMessage(new StoreMessage.Written(Owner.LOG, 1));
        Awaitility.await()
                .untilAsserted(() -> assertThat(JOURNAL.persistedInStorage(id)).hasSize(2));
        assertThat(JOURNAL.persistedInStorage(id).get(0)).isEqualTo(entry(2));
    }

    @Test
    void stopsLoudlyWhenTheJournalFails() {
        ActorRef<StoreMessage> store = introduced();
        JOURNAL.failNextPersisted(id, new IllegalStateException("no space left on device"));

        store.tell(write(Owner.LOG, 1, entry(1)));
        store.tell(write(Owner.LOG, 2, entry(2)));

        StoreMessage.Failed failed = parent.expectMessageClass(StoreMessage.Failed.class);
        assertThat(failed.why()).contains("failed at sequence number 1");
        assertThat(failed.cause()).hasMessageContaining("no space left");
        parent.expectMessage(new Gone());
        log.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void stopsLoudlyWhenTheJournalRejects() {
        ActorRef<StoreMessage> store = introduced();
        JOURNAL.rejectNextPersisted(id, new IllegalStateException("not serializable"));

        store.tell(write(Owner.LOG, 1, entry(1)));
        store.tell(write(Owner.LOG, 2, entry(2)));

        StoreMessage.Failed failed = parent.expectMessageClass(StoreMessage.Failed.class);
        assertThat(failed.why()).contains("rejected sequence number 1");
        parent.expectMessage(new Gone());
        log.expectNoMessage(Duration.ofMillis(50));
    }

    /**
     * By the time it is told, the next write is on its way: what stands behind the hole must not be taken for whole.
     */
    @Test
    void aRestartBehindARejectedWriteFindsTheHole() {
        ActorRef<StoreMessage> store = introduced();
        store.tell(write(Owner.ELECTION, 1, ballot(1)));
        election.expectMessageClass(StoreMessage.Written.class);
        CountDownLatch handedOver = new CountDownLatch(1);
        AtomicInteger writes = new AtomicInteger();
        JOURNAL.withPolicy((persistenceId, operation) -> {
            if (!(operation instanceof WriteEvents) || writes.getAndIncrement() > 0) {
                return ProcessingSuccess.getInstance();
            }
            await(handedOver);
            return Reject.create(new IllegalStateException("not serializable"));
        });

        store.tell(write(Owner.ELECTION, 2, ballot(2)));
        store.tell(write(Owner.ELECTION, 3, ballot(3)));
        handedOver.countDown();
        parent.expectMessageClass(StoreMessage.Failed.class);
        parent.expectMessage(new Gone());
        Awaitility.await()
                .untilAsserted(() -> assertThat(JOURNAL.persistedInStorage(id)).hasSize(2));
        election.expectNoMessage(Duration.ofMillis(50));

        started();

        assertThat(parent.expectMessageClass(StoreMessage.Failed.class).cause())
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("goes on at sequence number 3 after 1: records are missing");
        parent.expectMessage(new Gone());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aRestartAfterAFailedWriteKeepsWhatWasAcknowledged() {
        ActorRef<StoreMessage> store = introduced();
        store.tell(write(Owner.ELECTION, 1, ballot(1)));
        store.tell(write(Owner.LOG, 1, entry(1)));
        log.expectMessage(new StoreMessage.Written(Owner.LOG, 1));
        JOURNAL.failNextPersisted(id);
        store.tell(write(Owner.LOG, 2, entry(2)));
        parent.expectMessageClass(StoreMessage.Failed.class);
        parent.expectMessage(new Gone());

        started();

        assertThat(parent.expectMessageClass(StoreMessage.Loaded.class)
                        .recovered()
                        .entries())
                .hasSize(1);
    }

    @Test
    void stopsLoudlyWhenTheJournalCannotBeRead() {
        JOURNAL.persistForRecovery(id, List.of(ballot(1)));
        JOURNAL.failNextRead(id, new IllegalStateException("checksum"));

        started();

        assertThat(parent.expectMessageClass(StoreMessage.Failed.class).why()).contains("cannot be read");
        parent.expectMessage(new Gone());
    }

    @Test
    void stopsLoudlyWhenRecordsDoNotFitTogether() {
        JOURNAL.persistForRecovery(id, List.of(ballot(1), entry(1), entry(3)));

        started();

        assertThat(parent.expectMessageClass(StoreMessage.Failed.class).cause())
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("goes on at index 3");
        parent.expectMessage(new Gone());
    }

    @Test
    void stopsLoudlyWhenTheBeginningIsMissing() {
        JOURNAL.persistForRecovery(id, List.of(ballot(1), entry(3)));

        started();

        assertThat(parent.expectMessageClass(StoreMessage.Failed.class).cause())
                .hasMessageContaining("begins at index 3");
        parent.expectMessage(new Gone());
        parent.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void stopsLoudlyAtAForeignRecord() {
        JOURNAL.persistForRecovery(id, List.of(ballot(1), "not ours"));

        started();

        assertThat(parent.expectMessageClass(StoreMessage.Failed.class).cause())
                .hasMessageContaining("java.lang.String");
        parent.expectMessage(new Gone());
    }

    @Test
    void stopsLoudlyWithoutItsJournalPlugin() {
        started("no.such.journal", PersistenceTestKitSnapshotPlugin.PluginId());

        assertThat(parent.expectMessageClass(StoreMessage.Failed.class).why()).contains("no.such.journal");
        parent.expectMessage(new Gone());
    }

    @Test
    void stopsLoudlyWithoutItsSnapshotPlugin() {
        started(PersistenceTestKitPlugin.PluginId(), "no.such.snapshots");

        assertThat(parent.expectMessageClass(StoreMessage.Failed.class).why()).contains("no.such.snapshots");
        parent.expectMessage(new Gone());
    }

    @Test
    void finishWaitsForTheWritesInFlight() {
        ActorRef<StoreMessage> store = introduced();
        SlowDisk disk = new SlowDisk();
        JOURNAL.withPolicy(disk);

        store.tell(write(Owner.LOG, 1, entry(1)));
        store.tell(write(Owner.LOG, 2, entry(2)));
        store.tell(new StoreMessage.Finish());
        store.tell(write(Owner.LOG, 3, entry(3)));

        parent.expectNoMessage(Duration.ofMillis(150));
        disk.opened.countDown();
        parent.expectMessage(new Gone());
        log.expectMessage(new StoreMessage.Written(Owner.LOG, 1));
        log.expectMessage(new StoreMessage.Written(Owner.LOG, 2));
        assertThat(JOURNAL.persistedInStorage(id)).containsExactly(entry(1), entry(2));
    }

    /** The journal says that all is written before it answers for each record, and then takes what is next. */
    @Test
    void finishDoesNotOvertakeTheAnswersOfALongWrite() {
        ActorRef<StoreMessage> store = introduced();
        StoreRecord[] many = LongStream.rangeClosed(1, 20_000)
                .mapToObj(StoreActorTest::entry)
                .toArray(StoreRecord[]::new);

        store.tell(write(Owner.LOG, 1, many));
        store.tell(new StoreMessage.Finish());

        parent.expectMessage(new Gone());
        log.expectMessage(new StoreMessage.Written(Owner.LOG, 1));
    }

    @Test
    void finishesAtOnceWhenNothingIsInFlight() {
        ActorRef<StoreMessage> store = introduced();

        store.tell(new StoreMessage.Finish());

        parent.expectMessage(new Gone());
    }

    @Test
    void refusesAWriteWhoseOwnerNobodyNamed() {
        ActorRef<StoreMessage> store = started();
        parent.expectMessageClass(StoreMessage.Loaded.class);

        store.tell(write(Owner.LOG, 1, entry(1)));

        assertThat(parent.expectMessageClass(StoreMessage.Failed.class).cause()).isInstanceOf(InvariantViolation.class);
        parent.expectMessage(new Gone());
        assertThat(JOURNAL.persistedInStorage(id)).isEmpty();
    }

    @Test
    void refusesASequenceThatDoesNotRise() {
        ActorRef<StoreMessage> store = introduced();

        store.tell(write(Owner.LOG, 2, entry(1)));
        store.tell(write(Owner.LOG, 2, entry(2)));

        assertThat(parent.expectMessageClass(StoreMessage.Failed.class).cause())
                .hasMessageContaining("Write sequences of LOG only rise");
        parent.expectMessage(new Gone());
    }

    @Test
    void aWriteHasAtLeastOneRecord() {
        assertThatThrownBy(() -> write(Owner.LOG, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
