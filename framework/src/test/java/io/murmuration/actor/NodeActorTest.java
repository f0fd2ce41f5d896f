package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.murmuration.Group;
import io.murmuration.Murmuration;
import io.murmuration.Replica;
import io.murmuration.actor.GatewayFixture.Add;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever starts or stops a group is answered, whatever becomes of it. */
final class NodeActorTest {
    private static final Config CONFIG = ConfigFactory.parseString(
                    "murmuration { node = n1, members = [n1], election-timeout = 100 ms\n"
                            + "journal-plugin = \"" + PersistenceTestKitPlugin.PluginId() + "\"\n"
                            + "snapshot-plugin = \"" + PersistenceTestKitSnapshotPlugin.PluginId() + "\" }\n"
                            + "pekko.actor.provider = local")
            .withFallback(PersistenceTestKitPlugin.config())
            .withFallback(PersistenceTestKitSnapshotPlugin.config())
            .withFallback(ConfigFactory.load());

    private final ActorTestKit kit = ActorTestKit.create(CONFIG);
    private final List<String> failed = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private ActorRef<NodeActor.Message> node() {
        return kit.spawn(NodeActor.create(failed::add));
    }

    private static NodeActor.StartGroup start(
            String group, String dispatcher, CompletableFuture<ActorRef<GatewayMessage>> gateway) {
        return new NodeActor.StartGroup(group, dispatcher, (routes, doors) -> Behaviors.empty(), gateway);
    }

    private static Throwable failure(CompletableFuture<?> future) {
        assertThat(future).failsWithin(10, TimeUnit.SECONDS);
        return future.handle((done, failure) -> failure).join();
    }

    @Test
    void whoIsToldThatAGroupHasStoppedMayStartItAgain() throws Exception {
        Murmuration murmuration = Murmuration.get(kit.system());
        Group<Long> bank = Group.of("bank", GatewayFixture.MACHINE);
        murmuration.start(bank);

        Replica<Long> again = murmuration
                .stop("bank")
                .thenApply(stopped -> murmuration.start(bank))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);

        assertThat(GatewayFixture.result(again.ask(new Add(4)))).isEqualTo(4);
    }

    @Test
    void aDispatcherThatIsNotThereFailsItsOwnGroupOnly() throws Exception {
        ActorRef<NodeActor.Message> node = node();
        CompletableFuture<ActorRef<GatewayMessage>> wrong = new CompletableFuture<>();
        CompletableFuture<Void> stopped = new CompletableFuture<>();

        node.tell(start("wrong", "no.such.dispatcher", wrong));
        node.tell(start("bank", "pekko.actor.default-dispatcher", new CompletableFuture<>()));
        node.tell(new NodeActor.StopGroup("wrong", stopped));

        assertThat(failure(wrong))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("The actors of group wrong cannot be started", "no.such.dispatcher");
        assertThat(failure(stopped)).hasMessageContaining("wrong does not run on this node");
        assertThat(failed).isEmpty();
    }

    @Test
    void aGroupThatEndsWhileItStartsIsNotWaitedFor() {
        CompletableFuture<ActorRef<GatewayMessage>> gateway = new CompletableFuture<>();

        node().tell(new NodeActor.StartGroup(
                "bank",
                "pekko.actor.default-dispatcher",
                (routes, doors) -> Behaviors.setup(context -> {
                    throw new IllegalArgumentException("planted: it cannot start");
                }),
                gateway));

        assertThat(failure(gateway)).hasMessageContaining("bank ended on this node before it had started");
    }

    @Test
    void aReplicaThatCannotBeStoppedIsReported() {
        ActorRef<NodeActor.Message> node = node();
        CompletableFuture<Void> before = new CompletableFuture<>();
        CompletableFuture<Void> afterwards = new CompletableFuture<>();
        node.tell(start("bank", "pekko.actor.default-dispatcher", new CompletableFuture<>()));

        node.tell(new NodeActor.StopGroup("bank", before));
        node.tell(new NodeActor.Stuck("bank", "Its fold does not return."));
        node.tell(new NodeActor.StopGroup("bank", afterwards));

        assertThat(failure(before)).hasMessage("Its fold does not return.");
        assertThat(failure(afterwards)).hasMessage("Its fold does not return.");
        assertThat(failed).containsExactly("bank");
    }

    @Test
    void whoComesAfterAllHasStoppedIsAnswered() throws Exception {
        ActorRef<NodeActor.Message> node = node();
        CompletableFuture<Void> all = new CompletableFuture<>();
        CompletableFuture<Void> again = new CompletableFuture<>();
        CompletableFuture<Void> one = new CompletableFuture<>();
        CompletableFuture<ActorRef<GatewayMessage>> late = new CompletableFuture<>();

        node.tell(new NodeActor.StopAll(all));
        all.get(10, TimeUnit.SECONDS);
        node.tell(new NodeActor.StopAll(again));
        node.tell(new NodeActor.StopGroup("bank", one));
        node.tell(start("bank", "pekko.actor.default-dispatcher", late));

        again.get(10, TimeUnit.SECONDS);
        one.get(10, TimeUnit.SECONDS);
        assertThat(failure(late)).hasMessage("This node is being stopped; it starts no group.");
    }

    @Test
    void saysWhatHangs() {
        assertThat(RestartRule.stuck(
                        "bank",
                        Duration.ofSeconds(60),
                        List.of(kit.createTestProbe("machine").ref())))
                .matches("The replica of bank did not stop within 60 s: .* not ended: machine.*\\. Its journal .*");
        assertThatThrownBy(() -> Murmuration.get(kit.system())
                        .stop("none")
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS))
                .hasMessageContaining("none does not run on this node");
    }
}
