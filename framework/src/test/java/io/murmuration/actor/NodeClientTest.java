package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.murmuration.Group;
import io.murmuration.GroupClient;
import io.murmuration.Murmuration;
import io.murmuration.NotAppliedException;
import io.murmuration.Replica;
import io.murmuration.actor.GatewayFixture.Add;
import io.murmuration.actor.GatewayFixture.Asked;
import io.murmuration.actor.GatewayFixture.Change;
import io.murmuration.actor.GatewayFixture.Strange;
import io.murmuration.actor.GatewayFixture.Sum;
import io.murmuration.machine.Query;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients as a node hands them out. */
class NodeClientTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    private final ActorTestKit kit = ActorTestKit.create(config());
    private final Murmuration murmuration = Murmuration.get(kit.system());

    record Vague() implements Query<Object> {}

    private static Config config() {
        return ConfigFactory.parseString("murmuration { node = n1, members = [], election-timeout = 100 ms\n"
                        + "journal-plugin = \"" + PersistenceTestKitPlugin.PluginId() + "\"\n"
                        + "snapshot-plugin = \"" + PersistenceTestKitSnapshotPlugin.PluginId() + "\" }\n"
                        + "pekko.actor.provider = local")
                .withFallback(PersistenceTestKitPlugin.config())
                .withFallback(PersistenceTestKitSnapshotPlugin.config())
                .withFallback(ConfigFactory.load());
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void saysThatItKnowsNobodyToAsk() {
        GroupClient bank = murmuration.client("bank", Change.class, Asked.class);

        // The reason is known at the second look only, which a pause may put behind the deadline.
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(List.of(bank.ask(new Add(1), SHORT), bank.query(new Sum(1), SHORT)))
                        .allSatisfy(stage -> assertThat(GatewayFixture.failure(stage))
                                .isInstanceOf(NotAppliedException.NoLeader.class)
                                .hasMessageContaining("knows of no other node that it could ask for group bank")));
        assertThat(bank.group()).isEqualTo("bank");
    }

    @Test
    void isMadeOnceForTheSameTypes() {
        GroupClient bank = murmuration.client("bank", Change.class, Asked.class);

        assertThat(murmuration.client("bank", Change.class, Asked.class)).isSameAs(bank);
        assertThatThrownBy(() -> murmuration.client("bank", Change.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has a client of group bank already");
        assertThat(murmuration.client("other", Change.class).group()).isEqualTo("other");
    }

    @Test
    void aGroupWithAClientIsNotStarted() {
        murmuration.client("bank", Change.class, Asked.class);

        assertThatThrownBy(() -> murmuration.start(Group.of("bank", GatewayFixture.MACHINE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("murmuration.members is empty");
    }

    @Test
    void refusesWhatItWasNotMadeFor() {
        GroupClient commandsOnly = murmuration.client("bank", Change.class);

        assertThat(GatewayFixture.failure(commandsOnly.query(new Sum(1))))
                .isInstanceOf(NotAppliedException.Unsupported.class);
        assertThat(GatewayFixture.failure(commandsOnly.ask(new Strange())))
                .isInstanceOf(NotAppliedException.Unsupported.class);
    }

    @Test
    void refusesTypesThatCannotBeEncoded() {
        assertThatThrownBy(() -> murmuration.client("bank", Change.class, Vague.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("No client of the group \"bank\" can be made: The query Vague does not say");
    }

    @Test
    void aStartedGroupsClientIsItsReplica() {
        ActorTestKit member = ActorTestKit.create(
                ConfigFactory.parseString("murmuration.members = [n1]").withFallback(config()));
        try {
            Murmuration there = Murmuration.get(member.system());
            Replica<Long> replica = there.start(Group.of("bank", GatewayFixture.MACHINE));
            GroupClient client = there.client("bank", Change.class, Asked.class);
            GroupClient elsewhere = there.client("other", Change.class, Asked.class);

            assertThat(client).isSameAs(replica);
            assertThat(GatewayFixture.result(client.ask(new Add(4)))).isEqualTo(4);
            assertThat(GatewayFixture.result(client.query(new Sum(3)))).isEqualTo(7);
            assertThatThrownBy(() -> there.start(Group.of("other", GatewayFixture.MACHINE)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has a client here");
            assertThat(elsewhere.group()).isEqualTo("other");
        } finally {
            member.shutdownTestKit();
        }
    }
}
