package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.murmuration.Group;
import io.murmuration.Indexed;
import io.murmuration.Murmuration;
import io.murmuration.NotAppliedException;
import io.murmuration.Replica;
import io.murmuration.Status;
import io.murmuration.machine.Command;
import io.murmuration.machine.StateMachine;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A group of one node, all its actors real, on Pekko's journal for tests and without remoting. */
class GroupActorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final AtomicInteger FAILURES = new AtomicInteger();

    sealed interface Change extends Command<Long> {}

    record Add(long amount) implements Change {}

    record Poison() implements Change {}

    private final ActorTestKit kit = ActorTestKit.create(config());
    private final Replica<Long> replica = Murmuration.get(kit.system()).start(group());

    private static Config config() {
        return ConfigFactory.parseString("murmuration { node = n1, members = [n1], election-timeout = 100 ms\n"
                        + "journal-plugin = \"" + PersistenceTestKitPlugin.PluginId() + "\"\n"
                        + "snapshot-plugin = \"" + PersistenceTestKitSnapshotPlugin.PluginId() + "\" }\n"
                        + "pekko.actor.provider = local\n"
                        // One thread is enough for all but the Machine.
                        + "pekko.actor.default-dispatcher.fork-join-executor { parallelism-min = 1\n"
                        + "parallelism-max = 1 }")
                .withFallback(PersistenceTestKitPlugin.config())
                .withFallback(PersistenceTestKitSnapshotPlugin.config())
                .withFallback(ConfigFactory.load());
    }

    private static Group<Long> group() {
        return Group.of(
                "alone",
                StateMachine.startingFrom(0L)
                        .fold(Add.class, (count, add) -> count + add.amount())
                        .fold(Poison.class, (count, poison) -> {
                            if (FAILURES.getAndDecrement() > 0) {
                                throw new IllegalStateException("planted: this fold fails once");
                            }
                            return count;
                        })
                        .covering(Change.class));
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private static <T> T result(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    }

    @Test
    void servesCommandsAndLinearizableReadsWithoutAnAddress() {
        assertThat(result(replica.ask(new Add(5), PATIENCE))).isEqualTo(5);

        assertThat(result(replica.readIndexed(count -> count, PATIENCE)).value())
                .isEqualTo(5);
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            Status status = result(replica.status());
            assertThat(status.role()).isEqualTo("leader");
            assertThat(status.why()).isNull();
        });
    }

    @Test
    void whatHangsInUsersCodeHangsInTheMachineAlone() throws InterruptedException {
        result(replica.ask(new Add(5), PATIENCE));
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        CompletionStage<Indexed<Long>> hanging = replica.readLocal(count -> {
            reading.countDown();
            try {
                mayEnd.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return count;
        });
        reading.await();

        assertThat(result(replica.status()).role()).isEqualTo("leader");

        mayEnd.countDown();
        assertThat(result(hanging).value()).isEqualTo(5);
    }

    @Test
    void startsAGroupOnce() {
        assertThatThrownBy(() -> Murmuration.get(kit.system()).start(group()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("already started");
    }

    @Test
    void startsAnewFromItsStoreWhenAnActorFails() {
        result(replica.ask(new Add(5), PATIENCE));
        FAILURES.set(1);

        result(replica.ask(new Poison(), PATIENCE));

        assertThat(result(replica.ask(new Add(1), PATIENCE))).isEqualTo(6);
    }

    @Test
    void endsWithItsGatewayAndSaysSo() {
        result(replica.ask(new Add(5), PATIENCE));
        ActorRef<Object> gateway = ActorRefResolver.get(kit.system())
                .resolveActorRef("pekko://" + kit.system().name() + "/system/murmuration/alone~/gateway");
        assertThat(Murmuration.get(kit.system()).failed()).isEmpty();

        Adapter.toClassic(kit.system()).stop(Adapter.toClassic(gateway));

        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(Murmuration.get(kit.system()).failed()).containsExactly("alone"));
        assertThatThrownBy(() -> result(replica.ask(new Add(1), PATIENCE)))
                .hasCauseInstanceOf(NotAppliedException.Closed.class);
    }
}
