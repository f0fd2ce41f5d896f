package io.murmuration.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NodeConfigTest {
    private static final String ADDRESSES = "n1=127.0.0.1:10001,n2=127.0.0.1:10002";

    @TempDir
    Path folder;

    @AfterEach
    void clearProperties() {
        System.clearProperty("config.file");
        System.clearProperty("murmuration.node");
        System.clearProperty("murmuration.members");
        System.clearProperty("murmuration.addresses");
        System.clearProperty("murmuration.ask-timeout");
    }

    @Test
    void takesTheFirstLayerThatSaysSomething() throws IOException {
        application("""
                murmuration { node = file, members = [n1, n2], data-dir = from-file, ask-timeout = 5s }
                murmuration.gateway-bytes-max = 1 MiB
                """);
        Map<String, String> environment =
                Map.of("MURMURATION_NODE", "environment", "MURMURATION_DATA_DIR", "from-environment");

        Config fromFile = NodeConfig.load(environment);
        System.setProperty("murmuration.node", "property");
        Config fromProperty = NodeConfig.load(environment);
        Config fromOption = NodeConfig.load(environment, "--node", "option", "-Dmurmuration.ask-timeout=7s");

        assertThat(fromFile.getString("murmuration.node")).isEqualTo("file");
        assertThat(fromFile.getString("murmuration.data-dir")).isEqualTo("from-file");
        assertThat(fromFile.getBytes("murmuration.gateway-bytes-max")).isEqualTo(1 << 20);
        assertThat(fromProperty.getString("murmuration.node")).isEqualTo("property");
        assertThat(fromOption.getString("murmuration.node")).isEqualTo("option");
        assertThat(fromOption.getDuration("murmuration.ask-timeout")).hasSeconds(7);
        assertThat(fromFile.getDuration("murmuration.election-timeout")).hasMillis(500);
    }

    @Test
    void takesTheEnvironmentBeforeTheDefaults() {
        Config config = NodeConfig.load(Map.of(
                "MURMURATION_NODE", "n2",
                "MURMURATION_MEMBERS", "n1, n2",
                "MURMURATION_ADDRESSES", ADDRESSES,
                "MURMURATION_DATA_DIR", "somewhere//else"));

        assertThat(config.getString("murmuration.node")).isEqualTo("n2");
        assertThat(config.getStringList("murmuration.members")).containsExactly("n1", "n2");
        assertThat(config.getString("murmuration.data-dir")).isEqualTo("somewhere//else");
        assertThat(config.getInt("pekko.remote.artery.canonical.port")).isEqualTo(10_002);
    }

    @Test
    void takesMembersAndAddressesAsOneSystemPropertyEach() {
        System.setProperty("murmuration.node", "n1");
        System.setProperty("murmuration.members", "n1,n2");
        System.setProperty("murmuration.addresses", ADDRESSES);

        Config config = NodeConfig.load(Map.of());

        assertThat(config.getStringList("murmuration.members")).containsExactly("n1", "n2");
        assertThat(config.getInt("pekko.remote.artery.canonical.port")).isEqualTo(10_001);
    }

    @Test
    void derivesWhatFollowsFromNameAndAddresses() {
        Config config = load("--addresses", ADDRESSES, "-Dpekko.cluster.roles=[web]");

        assertThat(config.getString("pekko.remote.artery.canonical.hostname")).isEqualTo("127.0.0.1");
        assertThat(config.getInt("pekko.remote.artery.canonical.port")).isEqualTo(10_001);
        assertThat(config.getStringList("pekko.cluster.roles")).containsExactly("web", "murmuration-node-n1");
        assertThat(config.getStringList("pekko.cluster.seed-nodes"))
                .containsExactly("pekko://murmuration@127.0.0.1:10001", "pekko://murmuration@127.0.0.1:10002");
        assertThat(config.getString("pekko.management.http.hostname")).isEqualTo("127.0.0.1");
    }

    @Test
    void leavesToTheApplicationWhatItSaysItself() throws IOException {
        application("""
                pekko.cluster.seed-nodes = ["pekko://murmuration@127.0.0.1:9"]
                pekko.management.http.hostname = "127.0.0.9"
                pekko.cluster.seed-node-timeout = 9s
                """);

        Config config = load("--addresses", ADDRESSES);

        assertThat(config.getStringList("pekko.cluster.seed-nodes")).containsExactly("pekko://murmuration@127.0.0.1:9");
        assertThat(config.getString("pekko.management.http.hostname")).isEqualTo("127.0.0.9");
        assertThat(config.getDuration("pekko.cluster.seed-node-timeout")).hasSeconds(9);
    }

    @Test
    void overridesWhatOfPekkosDefaultsWouldHarm() {
        Config config = load();
        Config artery = config.getConfig("pekko.remote.artery.advanced");

        assertThat(artery.getDuration("outbound-restart-backoff")).hasMillis(100);
        assertThat(artery.getInt("outbound-max-restarts")).isEqualTo(1_000_000);
        assertThat(artery.getInt("inbound-max-restarts")).isEqualTo(1_000_000);
        assertThat(artery.getInt("inbound-lanes")).isEqualTo(1);
        assertThat(config.getStringList("pekko.remote.artery.large-message-destinations"))
                .containsExactly("/system/murmuration/*/snapshots");
        assertThat(config.getDuration("pekko.remote.artery.bind.bind-timeout")).hasSeconds(25);
        assertThat(config.getString("pekko.cluster.downing-provider-class")).isEmpty();
        assertThat(config.getBoolean("pekko.fail-mixed-versions")).isTrue();
        assertThat(config.getString("pekko.actor.provider")).isEqualTo("cluster");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--nodes n1|The option \"--nodes\" is unknown; there are --addresses, --data-dir, --members, --node",
                "--node|The option --node needs a value.",
                "--node a/b|The node name \"a/b\" is not usable; take 1 to 64 letters",
                "--members n1,|The node name \"\" is not usable",
                "--members n1,n1|names a node twice: [n1, n1]",
                "--addresses n1|--addresses has \"n1\"; it must be name=host:port",
                "--addresses n1=host|The address of n1 is \"host\"; it must be host:port",
                "--addresses n1=host:65536|The address of n1 is \"host:65536\"; it must be host:port",
                "--addresses n2=127.0.0.1:1|names [n2], but not this node, \"n1\"; add its host:port",
                "--addresses n1=127.0.0.1:1,n2=127.0.0.1:1|n1 and n2 both have the address 127.0.0.1:1",
                "-Dmurmuration.found=perhaps|murmuration.found is \"perhaps\"; it must be when-empty or never",
                "-Dmurmuration.election-timeout=1ms|murmuration.election-timeout is 1 ms; it must be at least 50 ms",
                "-Dmurmuration.election-timeout=soon|murmuration.election-timeout",
                "-Dmurmuration.members=[n1|The configuration of this node cannot be used",
            })
    void refusesWithOneSentenceWhatDoesNotFit(String options, String sentence) {
        assertThatThrownBy(() -> load(options.split(" ", -1)))
                .isInstanceOf(NodeStartException.class)
                .hasMessageStartingWith("The configuration of this node cannot be used: ")
                .hasMessageContaining(sentence)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void refusesANodeWithoutAName() {
        assertThatThrownBy(() -> NodeConfig.load(Map.of(), "--members", "n1"))
                .isInstanceOf(NodeStartException.class)
                .hasMessageContaining("murmuration.node is empty; give this node a stable name");
    }

    private static Config load(String... options) {
        String[] all = new String[options.length + 4];
        System.arraycopy(new String[] {"--node", "n1", "--members", "n1,n2"}, 0, all, 0, 4);
        System.arraycopy(options, 0, all, 4, options.length);
        return NodeConfig.load(Map.of(), all);
    }

    private void application(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("application.conf"), text);
        System.setProperty("config.file", file.toString());
    }
}
