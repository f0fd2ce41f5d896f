package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.murmuration.GroupChange;
import io.murmuration.Indexed;
import io.murmuration.MembersView;
import io.murmuration.WatchException;
import io.murmuration.core.apply.Question;
import io.murmuration.core.apply.Told;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.machine.Changed;
import io.murmuration.machine.Meta;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.javadsl.AsPublisher;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Streams among probes: what they ask, and when; the test answers in the Machine's place. */
class WatchGatewayTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Duration SHORT = Duration.ofMillis(50);

    private final GatewayFixture fixture = new GatewayFixture(KIT, new GatewayFixture.TextCodec()).up();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private static <T> SinkQueueWithCancel<T> run(Source<T, ?> source) {
        return source.runWith(Sink.<T>queue().addAttributes(Attributes.inputBuffer(1, 1)), KIT.system());
    }

    private static <T> T next(SinkQueueWithCancel<T> queue) {
        return result(queue.pull()).orElseThrow();
    }

    private static <T> T result(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }

    private <Q extends Question> Q asked(Class<Q> kind) {
        return kind.cast(
                fixture.machine.expectMessageClass(MachineMessage.Watch.class).question());
    }

    private static Changed at(long index) {
        return new Changed(
                new Meta(index, 1, Instant.EPOCH, Duration.ZERO),
                new GatewayFixture.Add(index),
                new Changed.Replied(index));
    }

    private static void answer(Question question, long next, Changed... changes) {
        question.watcher().told(question.number(), new Told.Changes(List.of(changes), next));
    }

    @Test
    void asksForMoreOnlyWhenMoreIsWanted() {
        SinkQueueWithCancel<Changed> queue = run(fixture.replica.watch(5));
        Question.Changes first = asked(Question.Changes.class);
        assertThat(first.from()).isEqualTo(5);

        answer(first, 10, at(5), at(7), at(9));

        fixture.machine.expectNoMessage(SHORT);
        assertThat(next(queue).index()).isEqualTo(5);
        assertThat(next(queue).index()).isEqualTo(7);
        assertThat(next(queue).index()).isEqualTo(9);
        assertThat(asked(Question.Changes.class).from()).isEqualTo(10);
    }

    @Test
    void fixesWhereItBeginsBeforeAnythingIsWanted() {
        fixture.replica.watch().runWith(Sink.asPublisher(AsPublisher.WITHOUT_FANOUT), KIT.system());
        answer(asked(Question.Position.class), 8);
        fixture.machine.expectNoMessage(SHORT);

        SinkQueueWithCancel<Changed> wanting = run(fixture.replica.watch());
        answer(asked(Question.Position.class), 9);

        assertThat(asked(Question.Changes.class).from()).isEqualTo(9);
        wanting.cancel();
    }

    @Test
    void fetchesNoStateBeforeItIsWanted() {
        fixture.replica.watchStates().runWith(Sink.asPublisher(AsPublisher.WITHOUT_FANOUT), KIT.system());

        fixture.machine.expectNoMessage(SHORT);
    }

    @Test
    void endsWithTheReasonWhenTheReplicaStaysDown() {
        SinkQueueWithCancel<Changed> running = run(fixture.replica.watch(5));
        asked(Question.Changes.class);

        fixture.gateway.tell(new GatewayMessage.Close("Its journal is damaged.", false));

        for (SinkQueueWithCancel<Changed> each : List.of(running, run(fixture.replica.watch(5)))) {
            assertThat(catchThrowable(() -> next(each)))
                    .hasCauseInstanceOf(WatchException.Closed.class)
                    .hasMessageContaining("Its journal is damaged.");
        }
    }

    @Test
    void aStreamThatIsCancelledLeavesNothingBehind() {
        SinkQueueWithCancel<Changed> queue = run(fixture.replica.watch(5));
        Question question = asked(Question.Changes.class);

        queue.cancel();

        assertThat(fixture.machine
                        .expectMessageClass(MachineMessage.Unwatch.class)
                        .watcher())
                .isSameAs(question.watcher());
        fixture.up();
        fixture.machine.expectNoMessage(SHORT);
    }

    @Test
    void asksTheNextMachineWhatTheLastOneTookWithIt() {
        SinkQueueWithCancel<Changed> queue = run(fixture.replica.watch(5));
        Question lost = asked(Question.Changes.class);

        fixture.gateway.tell(new GatewayMessage.ReplicaDown("stopped", "A planted failure."));
        fixture.up();

        assertThat(asked(Question.Changes.class)).isEqualTo(lost);
        answer(lost, 6, at(5));
        answer(lost, 6, at(5));
        assertThat(next(queue).index()).isEqualTo(5);
        Question.Changes second = asked(Question.Changes.class);
        assertThat(second.from()).isEqualTo(6);
        answer(lost, 6, at(5));
        answer(second, 7, at(6));
        assertThat(next(queue).index()).as("an answer that comes twice is one").isEqualTo(6);
    }

    @Test
    void whatIsAskedWhileTheReplicaIsDownWaitsForIt() {
        fixture.gateway.tell(new GatewayMessage.ReplicaDown("recovering", "Its journal is being read."));
        SinkQueueWithCancel<Indexed<Long>> queue = run(fixture.replica.watchStates());
        CompletionStage<?> first = queue.pull();
        fixture.machine.expectNoMessage(SHORT);

        fixture.up();

        Question question = asked(Question.Newest.class);
        question.watcher().told(question.number(), new Told.State(7L, 3));
        assertThat(result(first).toString()).contains("7");
    }

    @Test
    void tellsASlowReaderFromOneThatBeganTooEarlyAndFromASnapshot() {
        assertThat(endAfter(List.of(), new Told.Forgotten(5, 20, true))).isInstanceOf(WatchException.Compacted.class);
        assertThat(endAfter(List.of(at(5)), new Told.Forgotten(6, 20, true)))
                .isInstanceOf(WatchException.SlowSubscriber.class);
        assertThat(endAfter(List.of(at(5)), new Told.Forgotten(6, 20, false)))
                .isInstanceOf(WatchException.Compacted.class)
                .hasMessageContaining("took that over as part of a snapshot");
    }

    private Throwable endAfter(List<Changed> before, Told.Forgotten end) {
        SinkQueueWithCancel<Changed> queue = run(fixture.replica.watch(5));
        Question question = asked(Question.Changes.class);
        for (Changed each : before) {
            answer(question, each.index() + 1, each);
            next(queue);
            question = asked(Question.Changes.class);
        }
        question.watcher().told(question.number(), end);
        Throwable thrown = catchThrowable(() -> next(queue));
        fixture.machine.expectMessageClass(MachineMessage.Unwatch.class);
        return thrown.getCause();
    }

    @Test
    void tellsTheNewestOfTheGroupAndSkipsWhatWasInBetween() {
        Peer n2 = new Peer("n2", new UUID(0, 2));
        Peer n3 = new Peer("n3", new UUID(0, 3));
        SinkQueueWithCancel<GroupChange> queue = run(fixture.replica.watchGroup());
        CompletionStage<?> first = queue.pull();
        assertThat(first.toCompletableFuture())
                .as("nothing before the members are known")
                .isNotDone();

        fixture.gateway.tell(new WatchMessage.MembersAre(Members.voting(List.of(n2))));
        assertThat(result(first))
                .isEqualTo(Optional.of(new GroupChange(1, "n2", new MembersView(List.of("n2"), List.of(), List.of()))));

        CompletionStage<?> second = queue.pull();
        fixture.gateway.tell(new WatchMessage.MembersAre(Members.voting(List.of(n2))));
        fixture.gateway.tell(new GatewayMessage.LeaderIs(2, null));
        assertThat(result(second))
                .as("another value, and not the same again")
                .isEqualTo(Optional.of(new GroupChange(2, null, new MembersView(List.of("n2"), List.of(), List.of()))));

        fixture.gateway.tell(new WatchMessage.MembersAre(new Members(List.of(n2), List.of(n2), List.of(n3))));
        GroupChange last = next(queue);
        while (last.members().learners().isEmpty()) {
            last = next(queue);
        }
        assertThat(last)
                .isEqualTo(new GroupChange(2, null, new MembersView(List.of("n2"), List.of("n2"), List.of("n3"))));
        fixture.gateway.tell(new GatewayMessage.LeaderIs(3, "n2"));
        assertThat(next(queue).leader()).isEqualTo("n2");
        fixture.gateway.tell(new GatewayMessage.ReplicaDown("stopped", "A planted failure."));
        assertThat(next(queue).leader()).as("unknown while the replica is down").isNull();
    }

    @Test
    void refusesWhatCannotBeWatched() {
        Watching<Long> off = new Watching<>("bank", fixture.gateway, 0);

        assertThatThrownBy(off::changes)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("murmuration.watch-bytes-max is 0");
        assertThatThrownBy(() -> fixture.replica.watch(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the first index is 1");
    }
}
