package io.murmuration.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.RecoveryCompleted;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SnapshotOffer;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The storage as a node and its persistent actors see it. */
final class MurmurationStorageTest {

    @TempDir
    private Path parent;

    @Test
    void aPersistentActorFindsEventsAndSnapshotAfterARestartOfTheNode() {
        Path folder = parent.resolve("n1");
        inSystem(PluginFixture.config(folder, "n1"), (system, probe) -> {
            ActorRef account = system.actorOf(Account.props(probe.getRef()), "account");
            probe.expectMsgEquals("recovered []");
            for (int i = 1; i <= 3; i++) {
                account.tell("e" + i, probe.getRef());
                probe.expectMsgEquals("stored e" + i);
            }
            account.tell("snapshot", probe.getRef());
            probe.expectMsgEquals("saved 3");
            account.tell("delete 2", probe.getRef());
            probe.expectMsgEquals("deleted");
            account.tell("e4", probe.getRef());
            probe.expectMsgEquals("stored e4");
        });

        inSystem(PluginFixture.config(folder, "n1"), (system, probe) -> {
            system.actorOf(Account.props(probe.getRef()), "account");
            probe.expectMsgEquals("recovered [snapshot:[e1, e2, e3], e4]");
        });
    }

    @Test
    void anActorThatRestartsAtOnceFindsTheWriteThatWasInFlight() {
        inSystem(PluginFixture.config(parent.resolve("n1"), "n1"), (system, probe) -> {
            for (int round = 0; round < 20; round++) {
                ActorRef account = system.actorOf(Account.props(probe.getRef()), "account" + round);
                probe.expectMsgClass(String.class);
                account.tell("e" + round, ActorRef.noSender());
                account.tell(org.apache.pekko.actor.PoisonPill.getInstance(), ActorRef.noSender());
                probe.watch(account);
                probe.fishForMessage(
                        Duration.ofSeconds(10),
                        "terminated",
                        message -> message instanceof org.apache.pekko.actor.Terminated);
            }
        });
    }

    @Test
    void openingSaysInOneSentenceWhatIsWrong() throws Exception {
        Path folder = parent.resolve("n1");
        inSystem(PluginFixture.config(folder, "n1"), (system, probe) -> {
            MurmurationStorage.get(system).open();
            MurmurationStorage.get(system).open();
            assertThat(MurmurationStorage.get(system).isFailed()).isFalse();

            inSystem(PluginFixture.config(folder, "n1"), (second, none) -> assertRefused(second, "is in use"));
        });
        inSystem(PluginFixture.config(folder, "n2"), (system, probe) -> assertRefused(system, "belongs to node n1"));
        Path file = Files.writeString(parent.resolve("file"), "x");
        inSystem(
                PluginFixture.config(file, "n1"),
                (system, probe) -> assertRefused(system, "is a file and not a folder"));
        Config nameless = PluginFixture.config(folder, "n1").withoutPath("murmuration.node");
        inSystem(nameless, (system, probe) -> assertRefused(system, "murmuration.node is not set"));
        Config huge = ConfigFactory.parseString("murmuration.journal.segment-bytes = 2 GiB")
                .withFallback(PluginFixture.config(folder, "n1"));
        inSystem(huge, (system, probe) -> assertRefused(system, "segment-bytes"));
    }

    @Test
    void givesTheFolderFreeWhenTheSystemHasTerminated() {
        for (int i = 0; i < 3; i++) {
            inSystem(
                    PluginFixture.config(parent.resolve("n1"), "n1"),
                    (system, probe) -> MurmurationStorage.get(system).open());
        }
    }

    @Test
    void aPersistentActorStopsWithTheSentenceWhenTheFolderIsUnusable() throws Exception {
        Path file = Files.writeString(parent.resolve("file"), "x");
        inSystem(PluginFixture.config(file, "n1"), (system, probe) -> {
            system.actorOf(Account.props(probe.getRef()), "account");

            assertThat(probe.expectMsgClass(String.class)).startsWith("failed").contains("is a file and not a folder");
        });
    }

    @Test
    void reportsAJournalThatFailsWhileItRuns() {
        Path folder = parent.resolve("n1");
        inSystem(PluginFixture.config(folder, "n1"), (system, probe) -> {
            ActorRef account = system.actorOf(Account.props(probe.getRef()), "account");
            probe.expectMsgClass(String.class);
            MurmurationStorage storage = MurmurationStorage.get(system);
            // The next segment cannot be created: something has its name already.
            for (long next = 2; next < 5; next++) {
                writeFile(folder.resolve("journal").resolve(SegmentId.fileName(next) + ".tmp"));
            }
            for (int i = 0; i < 40; i++) {
                account.tell("x".repeat(1000), ActorRef.noSender());
            }

            assertThat(storage.failed().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
            assertThat(storage.isFailed()).isTrue();
            probe.fishForMessage(
                    Duration.ofSeconds(10),
                    "the failure",
                    message -> String.valueOf(message).startsWith("failed"));
        });
    }

    @Test
    void anEventThatCannotBeDecodedEndsItsRecoveryAndNotTheJournal() {
        Path folder = parent.resolve("n1");
        inSystem(PluginFixture.config(folder, "n1"), (system, probe) -> {
            ActorRef stale = system.actorOf(Account.props(probe.getRef()), "stale");
            probe.expectMsgEquals("recovered []");
            stale.tell(new PluginFixture.Unreadable(), probe.getRef());
            probe.expectMsgEquals("stored Unreadable");
        });

        inSystem(PluginFixture.config(folder, "n1"), (system, probe) -> {
            system.actorOf(Account.props(probe.getRef()), "stale");
            assertThat(probe.expectMsgClass(String.class))
                    .startsWith("failed Event 1 of murmuration|account|stale cannot be decoded")
                    .endsWith("run the version that wrote it.");

            ActorRef other = system.actorOf(Account.props(probe.getRef()), "other");
            probe.expectMsgEquals("recovered []");
            other.tell("e1", probe.getRef());
            probe.expectMsgEquals("stored e1");
            assertThat(MurmurationStorage.get(system).isFailed()).isFalse();
        });
    }

    private static void writeFile(Path path) {
        try {
            Files.createFile(path);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void assertRefused(ActorSystem system, String sentence) {
        MurmurationStorage storage = MurmurationStorage.get(system);
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(storage::open)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining(sentence);
        }
        assertThat(storage.isFailed()).isTrue();
        assertThat(storage.failed().toCompletableFuture()).isCompleted();
    }

    /** What a test does with a running system. */
    @FunctionalInterface
    private interface Scene {
        void play(ActorSystem system, TestKit probe);
    }

    private static void inSystem(Config config, Scene scene) {
        ActorSystem system = ActorSystem.create("node", config);
        try {
            scene.play(system, new TestKit(system));
        } finally {
            TestKit.shutdownActorSystem(system, scala.concurrent.duration.Duration.create(20, "s"), true);
        }
    }

    /** A persistent actor that tells a probe what happens to it. */
    private static final class Account extends AbstractPersistentActor {

        private final ActorRef probe;
        private final List<String> state = new ArrayList<>();

        static Props props(ActorRef probe) {
            return Props.create(Account.class, () -> new Account(probe));
        }

        private Account(ActorRef probe) {
            this.probe = probe;
        }

        @Override
        public String persistenceId() {
            return "murmuration|account|" + self().path().name();
        }

        @Override
        public Receive createReceiveRecover() {
            return receiveBuilder()
                    .match(SnapshotOffer.class, offer -> state.add("snapshot:" + offer.snapshot()))
                    .match(RecoveryCompleted.class, done -> probe.tell("recovered " + state, self()))
                    .match(String.class, state::add)
                    .build();
        }

        @Override
        public Receive createReceive() {
            return receiveBuilder()
                    .matchEquals("snapshot", any -> saveSnapshot(state.toString()))
                    .matchEquals("delete 2", any -> deleteMessages(2))
                    .match(
                            String.class,
                            event -> persistAsync(event, stored -> {
                                state.add(stored);
                                probe.tell("stored " + stored, self());
                            }))
                    .match(
                            PluginFixture.Unreadable.class,
                            event -> persistAsync(event, stored -> probe.tell("stored Unreadable", self())))
                    .match(
                            SaveSnapshotSuccess.class,
                            saved -> probe.tell("saved " + saved.metadata().sequenceNr(), self()))
                    .match(
                            org.apache.pekko.persistence.DeleteMessagesSuccess.class,
                            deleted -> probe.tell("deleted", self()))
                    .build();
        }

        @Override
        public void onRecoveryFailure(Throwable cause, scala.Option<Object> event) {
            probe.tell("failed " + cause.getMessage(), self());
        }

        @Override
        public void onPersistFailure(Throwable cause, Object event, long sequenceNr) {
            probe.tell("failed " + cause.getMessage(), self());
        }
    }
}
