package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.murmuration.GroupSettings;
import io.murmuration.core.model.Blocks;
import io.murmuration.core.model.EncodedState;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.Rpc;
import io.murmuration.core.model.Snapshot;
import io.murmuration.core.model.SnapshotRpc.Held;
import io.murmuration.core.model.SnapshotRpc.SnapshotChunk;
import io.murmuration.core.model.SnapshotRpc.SnapshotGone;
import io.murmuration.core.model.SnapshotRpc.SnapshotHeld;
import io.murmuration.core.model.SnapshotRpc.SnapshotId;
import io.murmuration.core.model.SnapshotRpc.SnapshotPull;
import io.murmuration.core.model.SnapshotRpc.SnapshotWanted;
import io.murmuration.core.snapshot.SnapshotsView;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.SnapshotMeta;
import org.apache.pekko.persistence.testkit.javadsl.SnapshotTestKit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class SnapshotsActorTest {
    private static final Config CONFIG = PersistenceTestKitPlugin.config()
            .withFallback(PersistenceTestKitSnapshotPlugin.config())
            .withFallback(ConfigFactory.load());
    private static final ActorTestKit KIT = ActorTestKit.create("snapshots", CONFIG);
    private static final SnapshotTestKit STORE = SnapshotTestKit.create(KIT.system());
    private static final AtomicInteger GROUPS = new AtomicInteger();
    private static final UUID GROUP = new UUID(9, 9);
    private static final Peer SELF = new Peer("n1", new UUID(1, 1));
    private static final Peer N2 = new Peer("n2", new UUID(2, 2));
    private static final Members MEMBERS = Members.voting(List.of(SELF, N2));

    private final String group = "g" + GROUPS.incrementAndGet();
    private final String id = "murmuration|" + group + "|n1|" + SELF.incarnation();
    private final TestProbe<GroupMessage> parent = KIT.createTestProbe(GroupMessage.class);
    private final TestProbe<LogMessage> log = KIT.createTestProbe(LogMessage.class);
    private final TestProbe<MachineMessage> machine = KIT.createTestProbe(MachineMessage.class);
    private final TestProbe<Wire> other = KIT.createTestProbe(Wire.class);
    private final CopyOnWriteArrayList<String> codingThreads = new CopyOnWriteArrayList<>();
    private final SnapshotCoder coder = new SnapshotCoder(this::encode, this::decode, 10_000);
    private CountDownLatch codingMay = new CountDownLatch(0);

    /** The parent has seen its Snapshots terminate. */
    private record Gone() implements GroupMessage {}

    /** What the Machine is, in this test. */
    private record Image(long index, String state) {}

    @AfterAll
    static void shutDown() {
        KIT.shutdownTestKit();
    }

    private Snapshot encode(Object image) {
        codingThreads.add(Thread.currentThread().getName());
        try {
            assertThat(codingMay.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return snapshot(GROUP, (Image) image);
    }

    private Object decode(Snapshot snapshot) {
        codingThreads.add(Thread.currentThread().getName());
        return new Image(
                snapshot.last().index(),
                new String(snapshot.state().bytes().joined(), java.nio.charset.StandardCharsets.UTF_8));
    }

    private static Snapshot snapshot(UUID group, Image image) {
        if (image.state().isEmpty()) {
            throw new IllegalArgumentException("an empty state has no form here");
        }
        byte[] state = image.state().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return new Snapshot(
                group,
                new EntryId(image.index(), 2),
                MEMBERS,
                1,
                2,
                3,
                4,
                List.of(),
                List.of(),
                new EncodedState(4, "state", Blocks.of(state)));
    }

    private static Blocks bytes(Image image) {
        return SnapshotFormat.toBlocks(snapshot(GROUP, image), 10_000);
    }

    private static Held held(Peer holder, Image image) {
        Blocks bytes = bytes(image);
        return new Held(
                new SnapshotId(holder, image.index(), bytes.checksum()), new EntryId(image.index(), 2), bytes.size());
    }

    private ReplicaContext context(String snapshotPlugin) {
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
                PersistenceTestKitPlugin.PluginId(),
                snapshotPlugin,
                "pekko.actor.default-dispatcher",
                0,
                OptionalInt.empty());
        return new ReplicaContext(group, GROUP, SELF, settings, Recovered.NOTHING, new Routes() {
            @Override
            public Way snapshots(String node) {
                assertThat(node).isEqualTo("n2");
                return other.ref()::tell;
            }

            @Override
            public Way election(String node) {
                throw new AssertionError("Snapshots says nothing to Elections.");
            }

            @Override
            public Way log(String node) {
                throw new AssertionError("Snapshots says nothing to other Logs.");
            }

            @Override
            public Way machine(String node) {
                throw new AssertionError("Snapshots says nothing to other Machines.");
            }

            @Override
            public Way gateway(String node) {
                throw new AssertionError("Snapshots says nothing to Gateways.");
            }

            @Override
            public Way group(String node) {
                throw new AssertionError("Snapshots says nothing to other GroupActors.");
            }
        });
    }

    private ActorRef<SnapshotsMessage> started() {
        return started(PersistenceTestKitSnapshotPlugin.PluginId());
    }

    private ActorRef<SnapshotsMessage> started(String plugin) {
        TestProbe<ActorRef<SnapshotsMessage>> spawned = KIT.createTestProbe();
        Behavior<GroupMessage> behavior = Behaviors.setup(actor -> {
            ActorRef<SnapshotsMessage> snapshots =
                    SnapshotsActor.spawn(actor, "snapshots-behind", context(plugin), coder);
            actor.watch(snapshots);
            spawned.ref().tell(snapshots);
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

    private SnapshotsMessage.Stored stored(ActorRef<SnapshotsMessage> snapshots) {
        snapshots.tell(new SnapshotsMessage.LoadNewest(parent.ref()));
        return parent.expectMessageClass(SnapshotsMessage.Stored.class);
    }

    private void introduce(ActorRef<SnapshotsMessage> snapshots) {
        snapshots.tell(new Neighbours(
                KIT.createTestProbe(ElectionMessage.class).ref(),
                log.ref(),
                machine.ref(),
                KIT.createTestProbe(StoreMessage.class).ref(),
                snapshots,
                KIT.createTestProbe(GatewayMessage.class).ref(),
                KIT.createTestProbe(GroupMessage.class).ref()));
    }

    private ActorRef<SnapshotsMessage> running() {
        ActorRef<SnapshotsMessage> snapshots = started();
        stored(snapshots);
        introduce(snapshots);
        return snapshots;
    }

    private Held taken(ActorRef<SnapshotsMessage> snapshots, Image image) {
        snapshots.tell(new SnapshotsMessage.Take(image, new EntryId(image.index(), 2)));
        machine.expectMessage(new SnapshotsMessage.TakeEnded(image.index(), true));
        return log.expectMessageClass(SnapshotsMessage.Compact.class).snapshot();
    }

    private List<Long> indicesInStore() {
        return STORE.persistedInStorage(id).stream()
                .map(one -> one.first().getSequenceNr())
                .toList();
    }

    private void inStore(long index, Blocks stored) {
        inStore(index, (Object) stored.arrays().toArray(byte[][]::new));
    }

    private void inStore(long index, Object stored) {
        STORE.persistForRecovery(id, List.of(Pair.create(SnapshotMeta.create(index, 1), stored)));
    }

    private void wire(ActorRef<SnapshotsMessage> snapshots, Rpc body) {
        snapshots.tell(new Wire(GROUP, N2, body));
    }

    @Test
    void savesUnderTheRaftIndexAsArrays() {
        Image image = new Image(4096, "state");

        Held held = taken(running(), image);

        assertThat(held).isEqualTo(held(SELF, image));
        assertThat(indicesInStore()).containsExactly(4096L);
        assertThat(STORE.persistedInStorage(id).get(0).second())
                .isEqualTo(bytes(image).arrays().toArray(byte[][]::new));
    }

    @Test
    void loadsTheNewestAtTheNextStart() {
        ActorRef<SnapshotsMessage> first = running();
        taken(first, new Image(5, "five"));
        taken(first, new Image(9, "nine"));

        SnapshotsMessage.Stored stored = stored(started());

        assertThat(stored)
                .isEqualTo(
                        new SnapshotsMessage.Newest(held(SELF, new Image(9, "nine")), MEMBERS, new Image(9, "nine")));
    }

    @Test
    void saysWhenThereIsNone() {
        assertThat(stored(started())).isEqualTo(new SnapshotsMessage.None());
    }

    @Test
    void passesADamagedOneOverForAnOlderOne() {
        Blocks damaged = bytes(new Image(9, "nine"));
        inStore(5, bytes(new Image(5, "five")));
        inStore(8, "not ours");
        inStore(9, damaged.slice(0, damaged.size() - 1));

        assertThat(stored(started()))
                .isInstanceOfSatisfying(
                        SnapshotsMessage.Newest.class,
                        newest -> assertThat(newest.image()).isEqualTo(new Image(5, "five")));
    }

    @Test
    void saysThatNoneCanBeRead() {
        inStore(9, SnapshotFormat.toBlocks(snapshot(new UUID(7, 7), new Image(9, "of another group")), 10_000));
        inStore(8, bytes(new Image(7, "under another index")));

        assertThat(stored(started()))
                .isInstanceOfSatisfying(
                        SnapshotsMessage.Unreadable.class,
                        unreadable -> assertThat(unreadable.why()).contains("index 8", "7@2"));
    }

    @Test
    void saysThatTheStoreCannotBeRead() {
        inStore(9, bytes(new Image(9, "nine")));
        STORE.failNextRead(id, new IllegalStateException("checksum"));

        assertThat(stored(started()))
                .isInstanceOfSatisfying(
                        SnapshotsMessage.Unreadable.class,
                        unreadable -> assertThat(unreadable.why()).contains("checksum"));
    }

    @Test
    void deletesOlderOnesOnceTheLogCoversANewerOne() {
        ActorRef<SnapshotsMessage> snapshots = running();
        taken(snapshots, new Image(5, "five"));
        taken(snapshots, new Image(7, "seven"));
        taken(snapshots, new Image(9, "nine"));
        assertThat(indicesInStore()).containsExactly(5L, 7L, 9L);

        snapshots.tell(new SnapshotsMessage.Covered(7));

        Awaitility.await().untilAsserted(() -> assertThat(indicesInStore()).containsExactly(7L, 9L));
    }

    @Test
    void encodesAwayFromTheActorsThread() {
        codingMay = new CountDownLatch(1);
        ActorRef<SnapshotsMessage> snapshots = running();

        snapshots.tell(new SnapshotsMessage.Take(new Image(5, "five"), new EntryId(5, 2)));
        Awaitility.await().until(() -> !codingThreads.isEmpty());
        snapshots.tell(new SnapshotsMessage.Requested());

        // While it is being encoded, the actor answers.
        machine.expectMessage(new SnapshotsMessage.TakeNow());
        assertThat(codingThreads).allMatch(name -> name.contains("snapshot-dispatcher"));
        codingMay.countDown();
        machine.expectMessage(new SnapshotsMessage.TakeEnded(5, true));
        stored(started());
        assertThat(codingThreads).hasSize(2).allMatch(name -> name.contains("snapshot-dispatcher"));
    }

    @Test
    void goesOnAfterASnapshotThatCannotBeEncodedOrSaved() {
        ActorRef<SnapshotsMessage> snapshots = running();

        snapshots.tell(new SnapshotsMessage.Take(new Image(5, ""), new EntryId(5, 2)));
        machine.expectMessage(new SnapshotsMessage.TakeEnded(5, false));
        STORE.failNextPersisted(id, new IllegalStateException("disk full"));
        snapshots.tell(new SnapshotsMessage.Take(new Image(6, "six"), new EntryId(6, 2)));
        machine.expectMessage(new SnapshotsMessage.TakeEnded(6, false));

        assertThat(taken(snapshots, new Image(7, "seven")).id().index()).isEqualTo(7);
    }

    @Test
    void servesWhatItHolds() {
        ActorRef<SnapshotsMessage> snapshots = running();
        Image image = new Image(5, "five");
        Held held = taken(snapshots, image);

        wire(snapshots, new SnapshotWanted(5));
        assertThat(other.receiveMessage().body()).isEqualTo(new SnapshotHeld(held));
        wire(snapshots, new SnapshotPull(held.id(), 3));

        Blocks bytes = bytes(image);
        assertThat(other.receiveMessage())
                .isEqualTo(new Wire(GROUP, SELF, new SnapshotChunk(held.id(), 3, bytes.slice(3, bytes.size()), true)));
        log.expectMessage(new SnapshotsMessage.Pulled(N2, 5));
    }

    @Test
    void saysHowFarTheSnapshotsAreThatTravel() {
        TestProbe<StatusPart> asker = KIT.createTestProbe(StatusPart.class);
        ActorRef<SnapshotsMessage> snapshots = started();
        snapshots.tell(new SnapshotsMessage.AskStatus(asker.ref()));
        asker.expectMessage(new StatusPart.OfSnapshots(SnapshotsView.NONE));
        stored(snapshots);
        introduce(snapshots);
        Held held = taken(snapshots, new Image(5, "five"));
        wire(snapshots, new SnapshotPull(held.id(), 3));
        other.receiveMessage();
        Held offer = held(N2, new Image(9, "nine"));
        snapshots.tell(new SnapshotsMessage.Fetch(offer));

        snapshots.tell(new SnapshotsMessage.AskStatus(asker.ref()));

        SnapshotsView view =
                asker.expectMessageClass(StatusPart.OfSnapshots.class).view();
        assertThat(view.served()).containsExactly(new SnapshotsView.Served(N2, 5, 3, held.size()));
        assertThat(view.coming()).isNotNull();
        assertThat(view.coming().held()).isEqualTo(offer);
        assertThat(view.coming().received()).isZero();
    }

    @Test
    void servesNothingThatReadsOtherwiseThanItWasWritten() {
        ActorRef<SnapshotsMessage> snapshots = running();
        Held held = taken(snapshots, new Image(5, "five"));
        STORE.clearByPersistenceId(id);
        inStore(5, bytes(new Image(5, "else")));

        wire(snapshots, new SnapshotPull(held.id(), 0));

        assertThat(other.receiveMessage().body()).isEqualTo(new SnapshotGone(held.id()));
        log.expectMessage(new SnapshotsMessage.Pulled(N2, 5));
        log.expectMessage(new SnapshotsMessage.Lost(held.id()));
    }

    @Test
    void pullsWhatItIsOfferedAndHandsItToTheLog() {
        ActorRef<SnapshotsMessage> snapshots = running();
        Image image = new Image(5, "five");
        Held offer = held(N2, image);
        SnapshotPull pull = new SnapshotPull(offer.id(), 0);

        snapshots.tell(new SnapshotsMessage.Fetch(offer));
        assertThat(other.receiveMessage().body()).isEqualTo(pull);
        // The first answer is lost: it asks again by its own timer.
        assertThat(other.receiveMessage().body()).isEqualTo(pull);
        snapshots.tell(new Wire(new UUID(7, 7), N2, new SnapshotGone(offer.id())));
        wire(snapshots, new SnapshotChunk(offer.id(), 0, bytes(image), true));

        log.expectMessage(new SnapshotsMessage.Install(new EntryId(5, 2), MEMBERS, image));
        assertThat(indicesInStore()).containsExactly(5L);
    }

    @Test
    void asksOthersForAStateThatIsLost() {
        ActorRef<SnapshotsMessage> snapshots = running();

        snapshots.tell(new SnapshotsMessage.Seed(5, List.of(N2)));

        assertThat(other.receiveMessage().body()).isEqualTo(new SnapshotWanted(5));
        assertThat(other.receiveMessage().body()).isEqualTo(new SnapshotWanted(5));
    }

    @Test
    void keepsWhatIsDistrustedUntilAnotherOneIsInstalledAndNoLonger() {
        taken(running(), new Image(5, "five"));
        ActorRef<SnapshotsMessage> snapshots = started();

        snapshots.tell(new SnapshotsMessage.Distrust(parent.ref()));
        parent.expectMessage(new SnapshotsMessage.None());
        introduce(snapshots);
        assertThat(indicesInStore()).containsExactly(5L);
        snapshots.tell(new SnapshotsMessage.Installed(3));

        parent.expectMessage(new SnapshotsMessage.Replaced());
        Awaitility.await().untilAsserted(() -> assertThat(indicesInStore()).isEmpty());
    }

    @Test
    void stopsLoudlyWhenItBeginsWithoutKnowingWhatIsStored() {
        introduce(started());

        assertThat(parent.expectMessageClass(SnapshotsMessage.Failed.class).cause())
                .isInstanceOf(InvariantViolation.class);
        parent.expectMessage(new Gone());
    }

    @Test
    void stopsLoudlyWithoutItsPlugin() {
        started("no.such.snapshots");

        parent.expectMessageClass(SnapshotsMessage.Failed.class);
        parent.expectMessage(new Gone());
    }
}
