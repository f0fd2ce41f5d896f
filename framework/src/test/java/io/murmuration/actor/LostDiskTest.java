package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.murmuration.Group;
import io.murmuration.Murmuration;
import io.murmuration.NotAppliedException;
import io.murmuration.Replica;
import io.murmuration.Status;
import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.FoundingRpc;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Payload;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.StoreRecord;
import io.murmuration.machine.Command;
import io.murmuration.machine.StateMachine;
import java.io.StreamCorruptedException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** One node of three whose disk was lost or is damaged, all its actors real; what others say is said by the test. */
class LostDiskTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final UUID GROUP = new UUID(7, 7);
    private static final Peer N2 = new Peer("n2", new UUID(0, 2));
    private static final Peer N3 = new Peer("n3", new UUID(0, 3));
    private static final Peer FORMER = new Peer("n1", new UUID(0, 99));
    private static final Members MEMBERS = Members.voting(List.of(FORMER, N2, N3));

    private static final ActorTestKit KIT = ActorTestKit.create("disk", config());
    private static final PersistenceTestKit JOURNAL = PersistenceTestKit.create(KIT.system());

    record Add(long amount) implements Command<Long> {}

    private static Config config() {
        return ConfigFactory.parseString("murmuration { node = n1, members = [n1, n2, n3], election-timeout = 100 ms\n"
                        + "journal-plugin = \"" + PersistenceTestKitPlugin.PluginId() + "\"\n"
                        + "snapshot-plugin = \"" + PersistenceTestKitSnapshotPlugin.PluginId() + "\" }\n"
                        + "pekko.actor.provider = local\n"
                        + "pekko.persistence.testkit.events.serialize = off")
                .withFallback(PersistenceTestKitPlugin.config())
                .withFallback(PersistenceTestKitSnapshotPlugin.config())
                .withFallback(ConfigFactory.load());
    }

    private static Replica<Long> start(String group) {
        return Murmuration.get(KIT.system())
                .start(Group.of(
                        group,
                        StateMachine.startingFrom(0L)
                                .fold(Add.class, (count, add) -> count + add.amount())
                                .covering(Add.class)));
    }

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private static <T> T result(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    }

    private static Status await(Replica<Long> replica, String role) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> result(replica.status()), status -> status.role().equals(role));
    }

    private static void say(String group, Peer from, FoundingRpc rpc) {
        ActorRef<Object> actor =
                ActorRefResolver.get(KIT.system()).resolveActorRef("pekko://disk/system/murmuration/" + group);
        actor.tell(new Wire(GROUP, from, rpc));
    }

    private static StoreRecord entry(long index) {
        return new StoreRecord.EntriesAppended(List.of(new Entry(new EntryId(index, 1), 0, new Payload.NoOp())));
    }

    @Test
    void aNodeThatLostItsDiskSaysSoOnceToTheOperatorAndAlwaysToWhoAsks() {
        Replica<Long> replica = start("lost");
        await(replica, "founding");

        LoggingTestKit.warn("[lost/n1] The group knows " + FORMER)
                .withOccurrences(1)
                .expect(KIT.system(), () -> {
                    for (int again = 0; again < 5; again++) {
                        say("lost", N2, new FoundingRpc.Knows(GROUP, MEMBERS, MEMBERS));
                        say("lost", N3, new FoundingRpc.Knows(GROUP, MEMBERS, MEMBERS));
                    }
                    Status status = await(replica, "waiting");
                    assertThat(status.why())
                            .contains(
                                    "lost or replaced",
                                    "never votes under its old identity",
                                    "never with an older copy");
                    assertThat(status.leader()).isNull();
                    return null;
                });

        assertThatThrownBy(() -> result(replica.readLocal(count -> count)))
                .hasCauseInstanceOf(NotAppliedException.Closed.class)
                .hasMessageContaining("lost or replaced");
        assertThatThrownBy(() -> result(replica.readIndexed(count -> count, Duration.ofMillis(50))))
                .hasCauseInstanceOf(NotAppliedException.Closed.class)
                .hasMessageContaining("lost or replaced");
        assertThat(JOURNAL.persistedInStorage("murmuration|lost|n1"))
                .as("no ballot, no entry")
                .hasSize(1)
                .hasOnlyElementsOfType(StoreRecord.Prepared.class);
    }

    @Test
    void itsCommandsGoToTheOthers() {
        GatewayFixture fixture = new GatewayFixture(KIT, new GatewayFixture.TextCodec());
        fixture.gateway.tell(new GatewayMessage.ReplicaDown("waiting", "The disk of n1 was lost."));
        fixture.gateway.tell(new GatewayMessage.GroupIs(fixture.groupId));
        fixture.gateway.tell(new GatewayMessage.LeaderIs(1, "n2"));

        CompletionStage<Long> sum = fixture.replica.ask(new GatewayFixture.Add(5));

        ClientRpc.Open open = fixture.next("n2", ClientRpc.Open.class);
        fixture.answer("n2", new ClientRpc.Opened(open.life(), 40));
        ClientRpc.Propose propose = fixture.next("n2", ClientRpc.Propose.class);
        fixture.reply(propose, 1, new ClientRpc.Reply.Replied(GatewayFixture.text("5")));
        assertThat(result(sum)).isEqualTo(5);
        assertThat(result(fixture.replica.status()).role()).isEqualTo("waiting");
    }

    @Test
    void aMemberThatAsksUnderAnotherIncarnationIsToldOfOnce() {
        JOURNAL.persistForRecovery(
                "murmuration|member|n1",
                List.of(new StoreRecord.Prepared(FORMER.incarnation()), new StoreRecord.Founded(GROUP, MEMBERS)));
        Replica<Long> replica = start("member");
        Awaitility.await("a member, whether it asks for votes yet or not")
                .atMost(PATIENCE)
                .until(() -> result(replica.status()).members().contains("n2"));
        Peer wiped = new Peer("n2", new UUID(0, 22));

        LoggingTestKit.warn("The group knows " + N2 + ", but " + wiped + " asks to take part")
                .withOccurrences(1)
                .expect(KIT.system(), () -> {
                    say("member", N2, new FoundingRpc.AreYouEmpty());
                    say("member", wiped, new FoundingRpc.AreYouEmpty());
                    say("member", wiped, new FoundingRpc.AreYouEmpty());
                    return null;
                });
    }

    @Test
    void recordsThatDoNotFitKeepTheReplicaDownAndItsGatewaySaysWhy() {
        JOURNAL.persistForRecovery(
                "murmuration|misfit|n1", List.of(new StoreRecord.BallotCast(new Ballot(1, N2)), entry(1), entry(3)));

        Replica<Long> replica = start("misfit");

        Status status = await(replica, "stopped");
        assertThat(status.why()).contains("goes on at index 3", "stays down until this process is started again");
        assertThatThrownBy(() -> result(replica.ask(new Add(1), Duration.ofMinutes(1))))
                .hasCauseInstanceOf(NotAppliedException.Closed.class)
                .hasMessageContaining("goes on at index 3");
        assertThat(Murmuration.get(KIT.system()).failed())
                .as("a restart of the process would not help")
                .doesNotContain("misfit");
        assertThat(await(start("beside"), "founding").why()).as("another group").contains("n2, n3");
    }

    @Test
    void aDamagedJournalIsReadOnceAndNeverAgain() {
        String id = "murmuration|damaged|n1";
        JOURNAL.persistForRecovery(id, List.of(new StoreRecord.Prepared(FORMER.incarnation())));
        // Only the first reading fails: a replica that read again would come up.
        JOURNAL.failNextRead(
                id, new IllegalStateException("damaged in seg-1 at offset 77", new StreamCorruptedException("x")));

        Replica<Long> replica = start("damaged");

        assertThat(await(replica, "stopped").why()).contains("damaged in seg-1 at offset 77", "does not heal");
        Awaitility.await()
                .during(Duration.ofMillis(800))
                .atMost(PATIENCE)
                .until(() -> result(replica.status()).role().equals("stopped"));
    }

    @Test
    void whatStoppedForGoodStillStopsWithItsNode() {
        JOURNAL.persistForRecovery(
                "murmuration|over|n1", List.of(new StoreRecord.BallotCast(new Ballot(1, N2)), entry(3)));
        Replica<Long> replica = start("over");
        await(replica, "stopped");
        ActorRef<GroupMessage> actor =
                ActorRefResolver.get(KIT.system()).resolveActorRef("pekko://disk/system/murmuration/over~");

        actor.tell(new GroupMessage.Stop());

        KIT.createTestProbe().expectTerminated(actor, PATIENCE);
    }

    @Test
    void aJournalThatFailsInPassingIsReadAgain() {
        String id = "murmuration|passing|n1";
        JOURNAL.persistForRecovery(id, List.of(new StoreRecord.Prepared(FORMER.incarnation())));
        JOURNAL.failNextRead(id, new IllegalStateException("the database does not answer"));

        Replica<Long> replica = start("passing");

        assertThat(await(replica, "founding").why()).contains("n2, n3");
    }
}
