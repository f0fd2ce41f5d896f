package io.murmuration.actor;

import static io.murmuration.actor.GatewayFixture.failure;
import static io.murmuration.actor.GatewayFixture.result;
import static io.murmuration.actor.GatewayFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.Explanation;
import io.murmuration.Finding;
import io.murmuration.GroupChange;
import io.murmuration.Indexed;
import io.murmuration.NotAppliedException;
import io.murmuration.OutcomeUnknownException;
import io.murmuration.Status;
import io.murmuration.actor.GatewayFixture.Add;
import io.murmuration.actor.GatewayFixture.Put;
import io.murmuration.actor.GatewayFixture.Strange;
import io.murmuration.core.election.Health;
import io.murmuration.core.election.Role;
import io.murmuration.core.election.View;
import io.murmuration.core.log.LogView;
import io.murmuration.core.model.ClientRpc.Open;
import io.murmuration.core.model.ClientRpc.Opened;
import io.murmuration.core.model.ClientRpc.Outcome;
import io.murmuration.core.model.ClientRpc.Outcomes;
import io.murmuration.core.model.ClientRpc.Propose;
import io.murmuration.core.model.ClientRpc.ReadIndex;
import io.murmuration.core.model.ClientRpc.ReadReady;
import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.snapshot.SnapshotsView;
import io.murmuration.machine.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The shell: what callers see, and what reaches the other actors. */
class GatewayTest {
    private static final ActorTestKit KIT = ActorTestKit.create();

    private final GatewayFixture fixture = new GatewayFixture(KIT, new GatewayFixture.TextCodec());

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void completesAnAskWithTheDecodedReplyOnItsOwnThread() {
        fixture.up();
        CompletionStage<String> thread = fixture.replica
                .ask(new Add(5))
                .thenApply(sum -> sum + " on " + Thread.currentThread().getName());

        Open open = fixture.next("n2", Open.class);
        fixture.answer("n2", new Opened(open.life(), 40));
        Propose propose = fixture.next("n2", Propose.class);
        assertThat(propose.proposals())
                .singleElement()
                .satisfies(each -> assertThat(each.command()).isEqualTo(text("Add[amount=5]")));
        fixture.reply(propose, 1, new Reply.Replied(text("5")));

        assertThat(result(thread)).startsWith("5 on ").contains("default-dispatcher");
    }

    @Test
    void takesATimeoutThatNoTimerCanHold() {
        CompletionStage<Long> asked = fixture.replica.ask(new Add(5), Duration.ofDays(400));

        fixture.up();

        assertThat(fixture.next("n2", Open.class)).isNotNull();
        assertThat(asked).isNotCompleted();
    }

    @Test
    void speaksAsItsLifeInTheGroup() {
        fixture.up();
        assertThat(fixture.replica.ask(new Add(5))).isNotCompleted();

        Wire wire = fixture.logs.get("n2").receiveMessage();

        assertThat(wire.group()).isEqualTo(fixture.groupId);
        assertThat(wire.from()).isEqualTo(new Peer("n1", ((Open) wire.body()).life()));
    }

    @Test
    void reachesItsOwnLogDirectly() {
        fixture.up();
        fixture.gateway.tell(new GatewayMessage.LeaderIs(2, "n1"));

        assertThat(fixture.replica.ask(new Add(5))).isNotCompleted();

        assertThat(fixture.ownLog.receiveMessage())
                .isInstanceOfSatisfying(
                        Wire.class, wire -> assertThat(wire.body()).isInstanceOf(Open.class));
    }

    @Test
    void sendsWhatComesTogetherInOneMessage() {
        fixture.up();
        List<CompletionStage<Long>> asked = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            asked.add(fixture.replica.ask(new Add(i)));
        }
        Open open = fixture.next("n2", Open.class);

        fixture.answer("n2", new Opened(open.life(), 40));

        Propose propose = fixture.next("n2", Propose.class);
        assertThat(propose.proposals()).hasSize(100);
        assertThat(asked).noneMatch(stage -> stage.toCompletableFuture().isDone());
    }

    @Test
    void dropsWhatIsSaidOfAnotherGroup() {
        fixture.inSession();
        CompletionStage<Long> asked = fixture.replica.ask(new Add(5));
        Propose propose = fixture.next("n2", Propose.class);
        Reply.Replied wrong = new Reply.Replied(text("666"));

        fixture.gateway.tell(new Wire(
                new UUID(8, 8),
                new Peer("n2", new UUID(3, 4)),
                new Outcomes(propose.life(), propose.session(), List.of(new Outcome(2, 102, wrong)))));
        fixture.reply(propose, 2, new Reply.Replied(text("6")));

        assertThat(result(asked)).isEqualTo(6);
    }

    @Test
    void tellsARejectionWithItsReasonAndIndex() {
        fixture.inSession();
        CompletionStage<Long> asked = fixture.replica.ask(new Add(5));

        fixture.reply(fixture.next("n2", Propose.class), 2, new Reply.Declined("too little money"));

        assertThat(failure(asked)).isInstanceOfSatisfying(NotAppliedException.Rejected.class, rejected -> {
            assertThat(rejected.reason()).isEqualTo("too little money");
            assertThat(rejected.index()).isEqualTo(102);
        });
    }

    @Test
    void saysThatTheReplyIsLostIfItCannotBeEncodedThereOrDecodedHere() {
        fixture.inSession();
        CompletionStage<Long> there = fixture.replica.ask(new Add(5));
        fixture.reply(fixture.next("n2", Propose.class), 2, new Reply.Unencodable("No serializer takes Receipt."));
        CompletionStage<Long> here = fixture.replica.ask(new Add(6));
        fixture.reply(fixture.next("n2", Propose.class), 3, new Reply.Replied(text("seven")));

        assertThat(failure(there))
                .isInstanceOf(OutcomeUnknownException.ReplyLost.class)
                .hasMessageContaining("No serializer takes Receipt.");
        assertThat(failure(here)).isInstanceOfSatisfying(OutcomeUnknownException.ReplyLost.class, lost -> {
            assertThat(lost.index()).isEqualTo(103);
            assertThat(lost).hasMessageContaining("\"seven\" is no number.");
        });
    }

    @Test
    void endsAtTheDeadlineWithoutBeingAskedAgain() {
        CompletionStage<Long> early = fixture.replica.ask(new Add(5), Duration.ofMillis(100));
        assertThat(failure(early)).isInstanceOf(NotAppliedException.NoLeader.class);

        GatewayFixture other = new GatewayFixture(KIT, new GatewayFixture.TextCodec()).inSession();
        CompletionStage<Long> late = other.replica.ask(new Add(5), Duration.ofSeconds(2));
        assertThat(failure(late))
                .isExactlyInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("Serial 2 of session 40");
    }

    @Test
    void refusesWhatCannotBeAskedThroughTheStage() {
        assertThat(failure(fixture.replica.ask(new Strange())))
                .isInstanceOf(NotAppliedException.Unsupported.class)
                .hasMessage("No fold for GatewayFixture.Strange in group bank; add .on(Strange.class, ...).");
        assertThat(failure(fixture.replica.ask(new Add(-1))))
                .isInstanceOf(NotAppliedException.Unsupported.class)
                .hasMessageContaining("No serializer takes it; bind one.");
        int overhead = new Encoded(1, "", new byte[0]).size() + "Put[text=]".length();
        assertThat(failure(fixture.replica.ask(new Put("x".repeat(300_000 - overhead)))))
                .isInstanceOf(NotAppliedException.TooLarge.class)
                .hasMessage("Command of 300,000 bytes exceeds murmuration.command-bytes-max (1,000); split it.");
    }

    @Test
    @SuppressWarnings("NullAway") // the null is the point
    void refusesWhatIsNoAskAtOnce() {
        assertThatThrownBy(() -> fixture.replica.ask((Command<Long>) null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> fixture.replica.ask(new Add(1), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> fixture.replica.readIndexed(sum -> sum, Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsWhereTheMachineHasAppliedTheConfirmedIndex() {
        fixture.up();
        CompletionStage<Indexed<String>> read =
                fixture.replica.readIndexed(sum -> "sum " + sum, Duration.ofSeconds(10));
        confirm(17);

        MachineMessage.Read asked = fixture.machine.expectMessageClass(MachineMessage.Read.class);
        assertThat(asked.index()).isEqualTo(17);
        asked.reader().read(5L, 19);

        assertThat(result(read)).isEqualTo(new Indexed<>(19, "sum 5"));
    }

    @Test
    void tellsTheCallerAloneWhatItsFunctionThrew() {
        fixture.up();
        CompletionStage<Long> bad = fixture.replica.read(sum -> {
            throw new IllegalStateException("mine");
        });
        confirm(17);
        CompletionStage<Long> good = fixture.replica.read(sum -> sum);
        confirm(17);

        fixture.machine.expectMessageClass(MachineMessage.Read.class).reader().read(5L, 17);
        fixture.machine.expectMessageClass(MachineMessage.Read.class).reader().read(5L, 17);

        assertThat(failure(bad)).isInstanceOf(IllegalStateException.class).hasMessage("mine");
        assertThat(result(good)).isEqualTo(5);
    }

    @Test
    void handsAReadToTheNextMachineAndRunsItOnce() {
        fixture.up();
        List<Long> runs = new ArrayList<>();
        CompletionStage<Boolean> read = fixture.replica.read(runs::add);
        confirm(17);
        MachineMessage.Read former = fixture.machine.expectMessageClass(MachineMessage.Read.class);
        fixture.gateway.tell(new GatewayMessage.ReplicaDown("recovering", "The fold failed."));
        fixture.up();

        MachineMessage.Read next = fixture.machine.expectMessageClass(MachineMessage.Read.class);
        assertThat(next.index()).isEqualTo(17);
        next.reader().read(5L, 18);
        former.reader().read(4L, 17);

        assertThat(result(read)).isTrue();
        assertThat(runs).containsExactly(5L);
    }

    @Test
    void readsLocallyWithoutAskingAnybodyAndFailsAtOnceWithoutAReplica() {
        assertThat(failure(fixture.replica.readLocal(sum -> sum))).isInstanceOf(NotAppliedException.Closed.class);
        fixture.up();

        CompletionStage<Indexed<Long>> read = fixture.replica.readLocal(sum -> sum);

        MachineMessage.Read asked = fixture.machine.expectMessageClass(MachineMessage.Read.class);
        assertThat(asked.index()).isZero();
        asked.reader().read(5L, 3);
        assertThat(result(read)).isEqualTo(new Indexed<>(3, 5L));
    }

    @Test
    void putsTheStatusTogetherFromTheFour() {
        fixture.up();
        CompletionStage<Status> status = fixture.replica.status();
        Members members = Members.voting(List.of(new Peer("n1", new UUID(0, 1)), new Peer("n2", new UUID(0, 2))));

        fixture.election
                .expectMessageClass(ElectionMessage.AskStatus.class)
                .replyTo()
                .tell(new StatusPart.OfElection(new View(Role.FOLLOWER, 7, "n2", null, Health.WELL, List.of())));
        fixture.ownLog
                .expectMessageClass(LogMessage.AskStatus.class)
                .replyTo()
                .tell(new StatusPart.OfLog(new LogView(
                        new EntryId(30, 7), 29, 28, 20, new LogView.Room(5_000, 0, 1 << 20), 0, members, null, null)));
        fixture.machine
                .expectMessageClass(MachineMessage.AskStatus.class)
                .replyTo()
                .tell(new StatusPart.OfMachine(27, 3, true));
        fixture.snapshots
                .expectMessageClass(SnapshotsMessage.AskStatus.class)
                .replyTo()
                .tell(new StatusPart.OfSnapshots(SnapshotsView.NONE));

        assertThat(result(status))
                .isEqualTo(new Status(
                        "bank",
                        fixture.groupId.toString(),
                        "n1",
                        "follower",
                        7,
                        "n2",
                        30,
                        29,
                        28,
                        27,
                        20,
                        5_000,
                        List.of("n1", "n2"),
                        List.of(),
                        List.of(),
                        null,
                        Map.of(),
                        null));
    }

    @Test
    void givesTheStatusWithWhatIsThereWithinTwoSeconds() throws Exception {
        fixture.up();
        CompletionStage<Status> status = fixture.replica.status();

        fixture.election
                .expectMessageClass(ElectionMessage.AskStatus.class)
                .replyTo()
                .tell(new StatusPart.OfElection(new View(Role.LEADER, 7, "n1", null, Health.WELL, List.of())));

        Status partial = status.toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertThat(partial.role()).isEqualTo("leader");
        assertThat(partial.why()).contains("Log, Machine, Snapshots");
    }

    @Test
    void explainsWithWhatIsThereWithinTwoSeconds() throws Exception {
        fixture.up();
        CompletionStage<Explanation> explained = fixture.replica.explain();

        fixture.election
                .expectMessageClass(ElectionMessage.AskStatus.class)
                .replyTo()
                .tell(new StatusPart.OfElection(new View(Role.LEADER, 7, "n1", null, Health.WELL, List.of())));

        Explanation partial = explained.toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertThat(partial.summary()).isEqualTo("n1 leads term 7.");
        assertThat(partial.findings())
                .containsExactly(new Finding(
                        Finding.Kind.STALLED,
                        "n1",
                        "No answer from this node's Log, Machine, Snapshots within 1500 ms: its disk, its fold or its"
                                + " processor is stuck."));
    }

    @Test
    void explainsWhyTheReplicaDoesNotRun() {
        fixture.gateway.tell(new GatewayMessage.ReplicaDown("founding", "Waiting for n2 and n3 to be started."));

        Explanation explained = result(fixture.replica.explain());

        assertThat(explained.words()).isEqualTo("Waiting for n2 and n3 to be started.");
        assertThat(explained.findings()).extracting(Finding::kind).containsExactly(Finding.Kind.REPLICA_DOWN);
        assertThat(explained.well()).isFalse();
    }

    @Test
    void saysWhyTheReplicaDoesNotRun() {
        fixture.gateway.tell(new GatewayMessage.ReplicaDown("founding", "Waiting for n2 and n3 to be started."));

        Status status = result(fixture.replica.status());

        assertThat(status.role()).isEqualTo("founding");
        assertThat(status.why()).isEqualTo("Waiting for n2 and n3 to be started.");
        assertThat(status.groupId()).isEmpty();
    }

    @Test
    void saysClosedOnceClosed() {
        fixture.up();
        CompletionStage<Long> read = fixture.replica.read(sum -> sum);
        fixture.gateway.tell(new GatewayMessage.Close("The node is leaving.", false));

        assertThat(failure(read))
                .isInstanceOf(NotAppliedException.Closed.class)
                .hasMessageContaining("The node is leaving.");
        assertThat(failure(fixture.replica.ask(new Add(1)))).isInstanceOf(NotAppliedException.Closed.class);
    }

    @Test
    void saysClosedOfWhatNeverLeftWhenItStops() {
        CompletionStage<Long> waiting = fixture.replica.ask(new Add(5));
        assertThat(result(fixture.replica.status()).role()).isEqualTo("recovering"); // so the ask has been read

        KIT.stop(fixture.gateway);

        assertThat(failure(waiting)).isInstanceOf(NotAppliedException.Closed.class);
    }

    @Test
    void tellsAllWhoWaitWhyItEnds() {
        CompletionStage<Long> waiting = fixture.replica.ask(new Add(5));
        CompletionStage<Long> read = fixture.replica.read(sum -> sum);

        fixture.gateway.tell(new GatewayMessage.Close("The node is leaving.", true));

        for (CompletionStage<Long> each : List.of(waiting, read)) {
            assertThat(failure(each))
                    .isInstanceOf(NotAppliedException.Closed.class)
                    .hasMessageContaining("The node is leaving.");
        }
        KIT.createTestProbe().expectTerminated(fixture.gateway);
    }

    @Test
    void forgetsNobodyWhenItStopsWithMessagesInItsMailbox() throws Exception {
        fixture.inSession();
        CompletionStage<Long> first = fixture.replica.ask(new Add(6));
        Propose propose = fixture.next("n2", Propose.class);
        CompletionStage<Long> sent = fixture.replica.ask(new Add(1));
        fixture.next("n2", Propose.class);
        fixture.reply(propose, 2, new Reply.Replied(text("7")));
        assertThat(result(first)).isEqualTo(7);
        CountDownLatch holding = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        holdUp(holding, goOn);
        CompletionStage<Long> unread = fixture.replica.ask(new Add(2));
        CompletionStage<Long> unreadRead = fixture.replica.read(sum -> sum);

        Thread stopper = stopping(fixture);
        goOn.countDown();
        stopper.join(10_000);

        assertThat(failure(sent)).isExactlyInstanceOf(OutcomeUnknownException.class);
        assertThat(failure(unread)).isInstanceOf(NotAppliedException.Closed.class);
        assertThat(failure(unreadRead)).isInstanceOf(NotAppliedException.Closed.class);
        assertThat(failure(fixture.replica.ask(new Add(3)))).isInstanceOf(NotAppliedException.Closed.class);
        assertThat(result(fixture.replica.status()).role()).isEqualTo("stopped");
    }

    @Test
    void whatIsDecidedIsToldAlsoWhenItStopsWhileCallersAreTold() throws Exception {
        CountDownLatch decoding = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        GatewayFixture slow = new GatewayFixture(KIT, new GatewayFixture.TextCodec() {
            @Override
            public Object decode(Encoded encoded) {
                if (encoded.equals(text("7"))) {
                    decoding.countDown();
                    Awaitility.await().until(() -> goOn.getCount() == 0);
                }
                return super.decode(encoded);
            }
        });
        slow.inSession();
        CompletionStage<Long> first = slow.replica.ask(new Add(6));
        slow.reply(slow.next("n2", Propose.class), 2, new Reply.Replied(text("7")));
        assertThat(decoding.await(5, TimeUnit.SECONDS)).isTrue();

        // It stops at once: callers' code does not hold it up.
        KIT.stop(slow.gateway, Duration.ofSeconds(10));
        assertThat(failure(slow.replica.ask(new Add(3)))).isInstanceOf(NotAppliedException.Closed.class);
        goOn.countDown();

        assertThat(result(first)).isEqualTo(7);
    }

    /** Its thread waits, in the only code that it calls and a test can have a part in. */
    private void holdUp(CountDownLatch holding, CountDownLatch goOn) throws InterruptedException {
        GroupSubscriber slow = new GroupSubscriber() {
            @Override
            public void told(long version, GroupChange change) {
                holding.countDown();
                Awaitility.await().until(() -> goOn.getCount() == 0);
            }

            @Override
            public void closed(String why) {
                // It is not asked.
            }
        };
        fixture.gateway.tell(new WatchMessage.Join(slow));
        fixture.gateway.tell(new WatchMessage.MembersAre(Members.voting(List.of(new Peer("n2", UUID.randomUUID())))));
        fixture.gateway.tell(new WatchMessage.AskGroup(slow, 0));
        assertThat(holding.await(5, TimeUnit.SECONDS)).isTrue();
    }

    private static Thread stopping(GatewayFixture fixture) {
        Thread stopper = new Thread(() -> KIT.stop(fixture.gateway, Duration.ofSeconds(10)));
        stopper.start();
        Awaitility.await().until(() -> stopper.getState() == Thread.State.TIMED_WAITING);
        KIT.spawn(Behaviors.empty()); // the kit answers this after it has told the Gateway to stop
        return stopper;
    }

    private void confirm(long index) {
        ReadIndex asked = fixture.next("n2", ReadIndex.class);
        fixture.answer("n2", new ReadReady(asked.life(), asked.id(), index));
    }
}
