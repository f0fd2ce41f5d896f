package io.murmuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.murmuration.machine.Changed;
import io.murmuration.machine.Command;
import io.murmuration.machine.StateMachine;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.stream.RestartSettings;
import org.apache.pekko.stream.javadsl.BroadcastHub;
import org.apache.pekko.stream.javadsl.RestartSource;
import org.apache.pekko.stream.javadsl.Source;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The code of the page on watching, run. */
class WatchSamplesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ActorTestKit KIT = ActorTestKit.create("samples", config());

    sealed interface Change extends Command<Long> {}

    record Add(long amount) implements Change {}

    record Reset() implements Change {}

    private final StateMachine<Long> machine = StateMachine.startingFrom(0L)
            .fold(Add.class, (count, add) -> count + add.amount())
            .fold(Reset.class, (count, reset) -> 0L)
            .covering(Change.class);
    private final ActorSystem<?> system = KIT.system();
    private final Queue<Object> seen = new ConcurrentLinkedQueue<>();

    private static Config config() {
        return ConfigFactory.parseString("murmuration { node = n1, members = [n1], election-timeout = 100 ms\n"
                        + "journal-plugin = \"" + PersistenceTestKitPlugin.PluginId() + "\"\n"
                        + "snapshot-plugin = \"" + PersistenceTestKitSnapshotPlugin.PluginId() + "\" }\n"
                        + "pekko.actor.provider = local")
                .withFallback(PersistenceTestKitPlugin.config())
                .withFallback(PersistenceTestKitSnapshotPlugin.config())
                .withFallback(ConfigFactory.load());
    }

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private Replica<Long> start(String group) {
        return Murmuration.get(system).start(Group.of(group, machine));
    }

    private static void ask(Replica<Long> replica, Command<Long> command) {
        replica.ask(command, PATIENCE)
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    private void sees(Object... expected) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(List.copyOf(seen)).containsExactly(expected));
    }

    @Test
    void followsCommands() {
        Replica<Long> counter = start("commands");

        // sample commands begins
        counter.watch(1)
                .runForeach(
                        changed -> {
                            if (changed.command() instanceof Add add
                                    && changed.outcome() instanceof Changed.Replied replied) {
                                seen.add(changed.index() + ": " + add.amount() + " more make " + replied.reply());
                            }
                        },
                        system);
        // sample commands ends

        ask(counter, new Add(5));
        ask(counter, new Reset());
        ask(counter, new Add(7));
        Awaitility.await().atMost(PATIENCE).until(() -> seen.size() == 2);
        assertThat(seen.toString()).contains("5 more make 5", "7 more make 7");
    }

    // sample states begins
    Source<Indexed<Long>, NotUsed> everyCount(Replica<Long> counter) {
        return RestartSource.onFailuresWithBackoff(
                RestartSettings.create(Duration.ofMillis(100), Duration.ofSeconds(5), 0.2),
                () -> Source.completionStage(counter.readIndexed(count -> count, Duration.ofSeconds(10)))
                        .flatMapConcat(start -> counter.watch(start.index() + 1)
                                .scan(
                                        start,
                                        (count, changed) -> new Indexed<>(changed.index(), next(count, changed)))));
    }

    Long next(Indexed<Long> count, Changed changed) {
        return machine.apply(count.value(), changed.command(), changed.meta()).state();
    }
    // sample states ends

    @Test
    void foldsAlong() {
        Replica<Long> counter = start("states");
        ask(counter, new Add(5));

        everyCount(counter).map(Indexed::value).runForeach(seen::add, system);
        sees(5L);
        ask(counter, new Add(7));
        ask(counter, new Reset());

        sees(5L, 12L, 0L);
    }

    @Test
    void letsManyReadersShareOneWatch() {
        Replica<Long> counter = start("shared");

        // sample shared begins
        Source<Changed, NotUsed> shared = counter.watch().runWith(BroadcastHub.of(Changed.class, 256), system);
        // sample shared ends

        shared.map(Changed::command).runForeach(seen::add, system);
        Awaitility.await().atMost(PATIENCE).until(() -> {
            ask(counter, new Add(7));
            return seen.contains(new Add(7));
        });
    }

    @Test
    void showsTheNewestStateAndWhoLeads() {
        Replica<Long> counter = start("newest");
        Queue<String> leaders = new ConcurrentLinkedQueue<>();

        // sample newest begins
        counter.watchStates().runForeach(count -> seen.add(count.value()), system);
        counter.watchGroup()
                .map(change -> change.leader() == null ? "nobody leads" : change.leader() + " leads")
                .runForeach(leaders::add, system);
        // sample newest ends

        ask(counter, new Add(5));
        Awaitility.await().atMost(PATIENCE).until(() -> seen.contains(5L) && leaders.contains("n1 leads"));
    }
}
