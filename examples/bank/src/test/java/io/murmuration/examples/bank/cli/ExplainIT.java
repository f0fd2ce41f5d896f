package io.murmuration.examples.bank.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.murmuration.examples.bank.demo.FleetFixture;
import io.murmuration.examples.bank.fleet.Fleet;
import io.murmuration.examples.bank.fleet.NodeSpec;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a person reads who asks three nodes why: while all is well, while one is frozen, and when two are dead. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ExplainIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final String DOES_NOT_ANSWER =
            "This node does not answer: start it, or look whether its port can be reached\\.";

    @TempDir
    private Path dir;

    @Test
    void saysInWordsThatAllIsWellWhoIsFrozenAndWhyNobodyLeads() throws Exception {
        try (Fleet fleet = FleetFixture.open(dir, 3)) {
            FleetFixture.startAll(fleet);
            String leader = FleetFixture.leader(fleet);
            List<String> followers = fleet.nodes().stream()
                    .map(NodeSpec::id)
                    .filter(id -> !id.equals(leader))
                    .toList();
            String frozen = followers.get(0);
            String stays = followers.get(1);
            Map<String, String> well = new TreeMap<>();
            fleet.nodes().forEach(node -> well.put(node.id(), well(node.id(), leader)));
            awaitSaid(well);
            JsonNode json = asked(fleet, stays);
            assertThat(json.path("well").asBoolean()).isTrue();
            assertThat(json.path("group").asText()).isEqualTo("bank");
            assertThat(json.path("findings")).isEmpty();
            assertThat(health(fleet.node(stays), "ready")).isEqualTo(200);

            assertThat(fleet.reference(frozen).pause()).isTrue();
            String silent = frozen + " has not answered for \\d+\\.\\d s and is known to hold the log up to [\\d,]+ of"
                    + " [\\d,]+\\. See that it runs with this group and can be reached from here\\.";
            awaitSaid(Map.of(leader, silent, frozen, DOES_NOT_ANSWER, stays, well.get(stays)));
            JsonNode finding = asked(fleet, leader).path("findings").path(0);
            assertThat(finding.path("kind").asText()).isEqualTo("MEMBER_BEHIND");
            assertThat(finding.path("about").asText()).isEqualTo(frozen);
            assertThat(finding.path("sentence").asText()).matches(silent);
            assertThat(fleet.reference(frozen).resume()).isTrue();
            awaitSaid(well);

            fleet.kill(leader);
            fleet.kill(frozen);
            String both = leader.compareTo(frozen) < 0 ? leader + " and " + frozen : frozen + " and " + leader;
            String why = both + " have not answered for \\d+\\.\\d s; a majority of 3 is needed\\.";
            awaitSaid(Map.of(leader, DOES_NOT_ANSWER, frozen, DOES_NOT_ANSWER, stays, why));
            JsonNode alone = asked(fleet, stays);
            assertThat(alone.path("well").asBoolean()).isFalse();
            assertThat(alone.path("summary").asText()).startsWith("Nobody is known to lead term ");
            assertThat(alone.path("findings").path(0).path("kind").asText()).isEqualTo("NO_LEADER");
            assertThat(health(fleet.node(stays), "ready"))
                    .as("it knows no leader")
                    .isEqualTo(500);
            assertThat(health(fleet.node(stays), "alive"))
                    .as("a restart would not help")
                    .isEqualTo(200);
            fleet.killAll();
        }
    }

    private static String well(String node, String leader) {
        return "All that " + node + " knows of is well: " + leader + " leads term \\d+; the log of " + node
                + " ends at [\\d,]+, is committed up to [\\d,]+ and applied up to [\\d,]+\\.";
    }

    /** What the command prints: exactly one line of each node. */
    private void awaitSaid(Map<String, String> lines) {
        StringBuilder expected = new StringBuilder();
        new TreeMap<>(lines)
                .forEach((node, sentence) -> expected.append(String.format("%-5s ", node))
                        .append(sentence)
                        .append("\\R"));
        await().atMost(WITHIN).untilAsserted(() -> assertThat(explain()).matches(Pattern.compile(expected.toString())));
        System.out.print(explain());
    }

    private String explain() {
        StringWriter out = new StringWriter();
        assertThat(BankMain.line().setOut(new PrintWriter(out, true)).execute("explain", "--dir", dir.toString()))
                .isEqualTo(Exit.DONE);
        return out.toString();
    }

    private static JsonNode asked(Fleet fleet, String node) throws Exception {
        HttpResponse<String> answer = get(fleet.node(node).url().resolve("/explain"));
        assertThat(answer.statusCode()).isEqualTo(200);
        return new ObjectMapper().readTree(answer.body());
    }

    private static int health(NodeSpec node, String check) throws Exception {
        return get(URI.create("http://" + node.host() + ":" + node.managementPort() + "/" + check))
                .statusCode();
    }

    private static HttpResponse<String> get(URI url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(url).timeout(WITHIN).build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
