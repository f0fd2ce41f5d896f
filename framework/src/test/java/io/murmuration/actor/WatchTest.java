package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.murmuration.Group;
import io.murmuration.GroupChange;
import io.murmuration.Indexed;
import io.murmuration.MembersView;
import io.murmuration.Murmuration;
import io.murmuration.Replica;
import io.murmuration.WatchException;
import io.murmuration.machine.Applied;
import io.murmuration.machine.Changed;
import io.murmuration.machine.Command;
import io.murmuration.machine.StateMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Streams of a group of one node, all its actors real, on Pekko's journal for tests and without remoting. */
class WatchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String LARGE = "x".repeat(100_000);
    private static final AtomicInteger FAILURES = new AtomicInteger();
    private static final ActorTestKit KIT = ActorTestKit.create("watch", config());

    sealed interface Change extends Command<Long> {}

    record Add(long amount) implements Change {}

    record Put(String text) implements Change {}

    record Refuse() implements Change {}

    record Poison() implements Change {}

    private static Config config() {
        return ConfigFactory.parseString("murmuration { node = n1, members = [n1], election-timeout = 100 ms\n"
                        + "watch-bytes-max = 1 MiB\n"
                        + "journal-plugin = \"" + PersistenceTestKitPlugin.PluginId() + "\"\n"
                        + "snapshot-plugin = \"" + PersistenceTestKitSnapshotPlugin.PluginId() + "\" }\n"
                        + "pekko.actor.provider = local")
                .withFallback(PersistenceTestKitPlugin.config())
                .withFallback(PersistenceTestKitSnapshotPlugin.config())
                .withFallback(ConfigFactory.load());
    }

    private static StateMachine<Long> machine() {
        return StateMachine.startingFrom(0L)
                .fold(Add.class, (count, add) -> count + add.amount())
                .fold(Put.class, (count, put) -> count + put.text().length())
                .on(Refuse.class, (count, refuse, meta) -> Applied.rejected(count, "never"))
                .fold(Poison.class, (count, poison) -> {
                    if (FAILURES.getAndDecrement() > 0) {
                        throw new IllegalStateException("planted: this fold fails once");
                    }
                    return count;
                })
                .covering(Change.class);
    }

    private static Replica<Long> start(String group) {
        return Murmuration.get(KIT.system()).start(Group.of(group, machine()));
    }

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private static <T> T result(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    }

    private static void tell(Replica<Long> replica, Change command) {
        result(replica.ask(command, PATIENCE).handle((reply, refused) -> "done"));
    }

    /** A reader that asks for one element at a time. */
    private static <T> SinkQueueWithCancel<T> run(Source<T, ?> source) {
        return source.addAttributes(Attributes.inputBuffer(1, 1))
                .toMat(Sink.<T>queue().addAttributes(Attributes.inputBuffer(1, 1)), Keep.right())
                .run(KIT.system());
    }

    private static <T> T next(SinkQueueWithCancel<T> queue) {
        return result(queue.pull()).orElseThrow();
    }

    private static <T> List<T> next(int count, SinkQueueWithCancel<T> queue) {
        List<T> elements = new ArrayList<>();
        for (int each = 0; each < count; each++) {
            elements.add(next(queue));
        }
        return elements;
    }

    private static Throwable end(SinkQueueWithCancel<?> queue) {
        Throwable thrown = catchThrowable(() -> next(queue));
        assertThat(thrown).isInstanceOf(CompletionException.class);
        return thrown.getCause();
    }

    private static ActorRef<Object> actor(String path) {
        return ActorRefResolver.get(KIT.system()).resolveActorRef("pekko://watch/system/murmuration/" + path);
    }

    @Test
    void handsOutEachCommandOnceInOrderWithItsReply() {
        Replica<Long> replica = start("order");
        tell(replica, new Add(5));
        SinkQueueWithCancel<Changed> all = run(replica.watch(1));

        tell(replica, new Refuse());
        tell(replica, new Add(7));

        List<Changed> seen = next(3, all);
        assertThat(seen)
                .extracting(changed -> (Object) changed.command())
                .containsExactly(new Add(5), new Refuse(), new Add(7));
        assertThat(seen)
                .extracting(Changed::outcome)
                .containsExactly(new Changed.Replied(5L), new Changed.Rejected("never"), new Changed.Replied(12L));
        assertThat(seen).extracting(Changed::index).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void resumesAtAnIndex() {
        Replica<Long> replica = start("resume");
        for (int amount = 1; amount <= 100; amount++) {
            tell(replica, new Add(amount));
        }
        List<Changed> first = next(40, run(replica.watch(1)));

        List<Changed> rest = next(60, run(replica.watch(first.get(39).index() + 1)));

        assertThat(rest.get(0).command()).isEqualTo(new Add(41));
        assertThat(rest.get(59).outcome()).isEqualTo(new Changed.Replied(5050L));
    }

    @Test
    void beginsWithTheNextCommandUnlessToldOtherwise() {
        Replica<Long> replica = start("next");
        tell(replica, new Add(5));
        SinkQueueWithCancel<Changed> all = run(replica.watch());

        CompletionStage<Optional<Changed>> first = all.pull();
        // When the stream has begun is not seen from outside.
        Awaitility.await().atMost(PATIENCE).until(() -> {
            tell(replica, new Add(7));
            return first.toCompletableFuture().isDone();
        });

        assertThat(result(first).orElseThrow().command()).isEqualTo(new Add(7));
    }

    @Test
    void saysWhatIsLeftWhenItBeginsTooEarly() {
        Replica<Long> replica = start("compacted");
        for (int each = 0; each < 20; each++) {
            tell(replica, new Put(LARGE));
        }

        Throwable end = end(run(replica.watch(1)));

        assertThat(end)
                .isInstanceOf(WatchException.Compacted.class)
                .hasMessageContaining("cannot be watched from index 1 on this node");
        long oldest = ((WatchException.Compacted) end).oldest();
        assertThat(next(run(replica.watch(oldest))).index()).isEqualTo(oldest);
    }

    @Test
    void endsAReaderThatIsTooSlowWithoutAGapInFrontOfTheEnd() {
        Replica<Long> replica = start("slow");
        SinkQueueWithCancel<Changed> slow = run(replica.watch(1));
        tell(replica, new Put(LARGE));
        long index = next(slow).index();
        for (int each = 0; each < 30; each++) {
            tell(replica, new Put(LARGE));
        }

        Throwable end = null;
        while (end == null) {
            try {
                long another = next(slow).index();
                assertThat(another).isEqualTo(index + 1);
                index = another;
            } catch (CompletionException ended) {
                end = ended.getCause();
            }
        }

        assertThat(end)
                .isInstanceOf(WatchException.SlowSubscriber.class)
                .hasMessageContaining("murmuration.watch-bytes-max (1,048,576)");
        assertThat(((WatchException.SlowSubscriber) end).next()).isEqualTo(index + 1);
    }

    @Test
    void skipsStatesThatASlowReaderMissed() {
        Replica<Long> replica = start("states");
        tell(replica, new Add(1));
        SinkQueueWithCancel<Indexed<Long>> states = replica.watchStates()
                .runWith(Sink.<Indexed<Long>>queue().addAttributes(Attributes.inputBuffer(1, 1)), KIT.system());
        assertThat(next(states).value()).isEqualTo(1);
        for (int each = 0; each < 100; each++) {
            tell(replica, new Add(1));
        }

        List<Indexed<Long>> seen = new ArrayList<>();
        while (seen.isEmpty() || seen.get(seen.size() - 1).value() < 101) {
            seen.add(next(states));
        }

        assertThat(seen.size()).as("one may wait in the queue").isLessThanOrEqualTo(2);
        assertThat(seen).extracting(Indexed::index).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void goesOnWhereItWasWhenTheReplicaStartsAnewInItsPlace() {
        Replica<Long> replica = start("anew");
        SinkQueueWithCancel<Changed> all = run(replica.watch(1));
        SinkQueueWithCancel<Indexed<Long>> states = run(replica.watchStates());
        tell(replica, new Add(1));
        tell(replica, new Add(2));
        assertThat(next(2, all))
                .extracting(changed -> (Object) changed.command())
                .containsExactly(new Add(1), new Add(2));
        FAILURES.set(1);

        tell(replica, new Poison());
        tell(replica, new Add(4));

        assertThat(next(2, all))
                .extracting(changed -> (Object) changed.command())
                .containsExactly(new Poison(), new Add(4));
        assertThat(next(4, run(replica.watch(1))))
                .as("what is folded again is remembered again")
                .extracting(changed -> (Object) changed.command())
                .containsExactly(new Add(1), new Add(2), new Poison(), new Add(4));
        List<Long> indices = new ArrayList<>();
        Indexed<Long> state;
        do {
            state = next(states);
            indices.add(state.index());
        } while (state.value() < 7);
        assertThat(indices).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void showsWhoLeadsAndWhoBelongsToTheGroup() {
        Replica<Long> replica = start("who");
        SinkQueueWithCancel<GroupChange> changes = run(replica.watchGroup());

        GroupChange change = next(changes);
        while (change.leader() == null) {
            change = next(changes);
        }

        assertThat(change).isEqualTo(new GroupChange(1, "n1", new MembersView(List.of("n1"), List.of(), List.of())));
    }

    @Test
    void endsEachStreamWhenTheGroupIsStopped() {
        Replica<Long> replica = start("stopped");
        tell(replica, new Add(1));
        SinkQueueWithCancel<Changed> all = run(replica.watch());
        SinkQueueWithCancel<Indexed<Long>> states = run(replica.watchStates());
        SinkQueueWithCancel<GroupChange> changes = run(replica.watchGroup());
        next(states);
        next(changes);

        actor("stopped~").tell(new GroupMessage.Stop());

        assertThat(end(all)).isInstanceOf(WatchException.Closed.class).hasMessageContaining("is being stopped");
        assertThat(end(states)).isInstanceOf(WatchException.Closed.class);
        assertThat(end(changes)).isInstanceOf(WatchException.Closed.class);
        assertThat(end(run(replica.watch(1)))).as("and later ones").isInstanceOf(WatchException.Closed.class);
    }

    @Test
    void endsEachStreamWhenTheGatewayEnds() {
        Replica<Long> replica = start("gone");
        tell(replica, new Add(1));
        SinkQueueWithCancel<Changed> all = run(replica.watch());

        Adapter.toClassic(KIT.system()).stop(Adapter.toClassic(actor("gone~/gateway")));

        assertThat(end(all)).isInstanceOf(WatchException.Closed.class);
        assertThat(end(run(replica.watchStates()))).isInstanceOf(WatchException.Closed.class);
    }

    @Test
    void endsWithItsActorSystem() {
        ActorTestKit brief = ActorTestKit.create(
                ConfigFactory.parseString("pekko.coordinated-shutdown.run-by-actor-system-terminate = off")
                        .withFallback(config()));
        Replica<Long> replica = Murmuration.get(brief.system()).start(Group.of("brief", machine()));
        tell(replica, new Add(1));
        CompletionStage<String> ended = replica.watch(1)
                .runWith(Sink.ignore(), brief.system())
                .handle((done, failure) -> failure == null ? "completed" : "failed");

        brief.shutdownTestKit();

        assertThat(result(ended)).isEqualTo("failed");
    }
}
