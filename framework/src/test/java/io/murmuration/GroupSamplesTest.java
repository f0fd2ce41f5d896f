package io.murmuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.murmuration.machine.Command;
import io.murmuration.machine.StateMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The code of the pages on members, on explaining, on reads and on many groups, run. */
final class GroupSamplesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ActorTestKit KIT = ActorTestKit.create("samples", config());

    sealed interface Change extends Command<Long> permits Add {}

    record Add(long amount) implements Change {}

    private final StateMachine<Long> machine = StateMachine.startingFrom(0L)
            .fold(Add.class, (count, add) -> count + add.amount())
            .covering(Change.class);
    private final ActorSystem<?> system = KIT.system();

    private static Config config() {
        return ConfigFactory.parseString("murmuration { node = n1, members = [n1], election-timeout = 50 ms\n"
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

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    // sample set begins
    CompletionStage<String> make(Replica<?> replica, List<String> voters) {
        return replica.members()
                .set(voters, Duration.ofMinutes(5))
                .handle((members, failure) -> failure == null
                        ? "The voters are " + members.voters() + "."
                        : failure instanceof DeclinedException
                                ? "Nothing was changed: " + failure.getMessage()
                                : "Not known, or not now: " + failure.getMessage());
    }
    // sample set ends

    @Test
    void membersThatAreSoAlreadyAreSettledAtOnce() {
        Replica<Long> counter = start("settled");

        assertThat(join(make(counter, List.of("n1")))).isEqualTo("The voters are [n1].");
    }

    @Test
    void aNodeThatNeverAnswersIsDeclinedAndTheStatusSaysWhatIsWaitedFor() {
        Replica<Long> counter = start("declined");

        AtomicReference<CompletionStage<String>> said = new AtomicReference<>(make(counter, List.of("n1", "n2")));
        Awaitility.await().atMost(PATIENCE).until(() -> {
            orderAgainIfGivenUp(counter, said);
            // sample change begins
            CompletionStage<String> waitsFor =
                    counter.status().thenApply(status -> Objects.requireNonNullElse(status.change(), "no change"));
            // sample change ends
            return join(waitsFor)
                    .equals("To set the members to n1, n2: Waits for an answer of n2; it must run with this group.");
        });

        assertThat(join(said.get())).startsWith("Nothing was changed: n2 does not answer");
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> join(counter.status()).members().equals(List.of("n1")));
    }

    /** The change is given up after 20 T: within a pause of this test, nobody would see what it waits for. */
    private void orderAgainIfGivenUp(Replica<Long> counter, AtomicReference<CompletionStage<String>> said) {
        if (said.get().toCompletableFuture().isDone()) {
            said.set(make(counter, List.of("n1", "n2")));
        }
    }

    // sample explain begins
    CompletionStage<List<String>> whatIsWrong(Replica<?> replica) {
        return replica.explain()
                .thenApply(said -> said.findings().stream() // none if all is well
                        .map(finding -> finding.kind() + ": " + finding.sentence())
                        .toList());
    }
    // sample explain ends

    @Test
    void explainsWhatIsWaitedFor() {
        Replica<Long> counter = start("explained");
        Awaitility.await().atMost(PATIENCE).until(() -> join(counter.explain()).well());

        AtomicReference<CompletionStage<String>> said = new AtomicReference<>(make(counter, List.of("n1", "n2")));

        String waits = "To set the members to n1, n2: Waits for an answer of n2; it must run with this group.";
        Awaitility.await().atMost(PATIENCE).until(() -> {
            orderAgainIfGivenUp(counter, said);
            return join(whatIsWrong(counter)).contains("MEMBERS_CHANGING: " + waits);
        });
        assertThat(join(said.get())).startsWith("Nothing was changed: n2 does not answer");
    }

    @Test
    void readsWhatWasAcknowledged() {
        Replica<Long> counter = start("reads");
        join(counter.ask(new Add(5), PATIENCE));

        // sample reads begins
        CompletionStage<Long> now = counter.read(count -> count); // reflects all that was acknowledged before
        CompletionStage<Indexed<Long>> at = counter.readIndexed(count -> count, Duration.ofSeconds(10)); // and where
        CompletionStage<Indexed<Long>> here = counter.readLocal(count -> count); // what this node has, maybe behind
        // sample reads ends

        assertThat(join(now)).isEqualTo(5);
        assertThat(join(at).value()).isEqualTo(5);
        assertThat(join(here).index()).isLessThanOrEqualTo(join(at).index());
    }

    @Test
    void groupsAreStartedAndStoppedOneByOne() {
        // sample groups begins
        Murmuration node = Murmuration.get(system);
        List<Replica<Long>> branches = new ArrayList<>();
        for (String town : List.of("oslo", "rome", "york")) {
            branches.add(node.start(Group.of("branch-" + town, machine)));
        }

        CompletionStage<Void> stopped = node.stop("branch-oslo"); // the disk stays; start takes it up again
        // sample groups ends

        join(stopped);
        assertThat(node.replicas()).containsAll(branches.subList(1, 3)).doesNotContain(branches.get(0));
        assertThat(join(branches.get(2).ask(new Add(7), PATIENCE))).isEqualTo(7);
        assertThat(join(start("branch-oslo").ask(new Add(3), PATIENCE))).isEqualTo(3);
    }
}
