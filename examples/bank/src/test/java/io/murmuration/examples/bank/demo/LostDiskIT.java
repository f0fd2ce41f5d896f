package io.murmuration.examples.bank.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.murmuration.examples.bank.client.BankClient;
import io.murmuration.examples.bank.client.Call;
import io.murmuration.examples.bank.client.NodeView;
import io.murmuration.examples.bank.client.Reply;
import io.murmuration.examples.bank.fleet.Fleet;
import io.murmuration.examples.bank.fleet.FleetException;
import io.murmuration.examples.bank.fleet.NodeSpec;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The scene of the lost disk, with three nodes, and what its callers are told. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class LostDiskIT {
    private static final Duration WITHIN = Duration.ofSeconds(30);

    private final List<String> said = new ArrayList<>();
    private final List<String> held = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();

    private final LostDisk.Listener listener = new LostDisk.Listener() {
        @Override
        public void say(String what) {
            said.add(what);
        }

        @Override
        public void holds(String what, List<String> problems) {
            held.add(what);
            failed.addAll(problems);
        }
    };

    @Test
    void aNodeThatLostItsDiskVotesNowhereAndItsCallersLearnWhy(@TempDir Path dir) throws Exception {
        try (Fleet fleet = FleetFixture.open(dir, 3);
                BankClient all = new BankClient(fleet.urls(), Duration.ofSeconds(2))) {
            FleetFixture.startAll(fleet);
            assertThat(all.send(Call.open("alice"), WITHIN)).isInstanceOf(Reply.Answered.class);
            assertThatThrownBy(() -> fleet.wipe("n1"))
                    .isInstanceOf(FleetException.class)
                    .hasMessageContaining("kill it before");

            new LostDisk(fleet, listener).run();

            assertThat(failed).isEmpty();
            assertThat(held).hasSize(3);
            assertThat(said).anyMatch(line -> line.contains("says: The group knows"));
            NodeSpec lost = waiting(fleet);
            callersLearnWhy(lost);
            assertThat(health(lost, "alive")).as("a restart would not help").isEqualTo(200);
            assertThat(health(lost, "ready")).as("it serves no reads").isEqualTo(500);
            assertThat(all.send(Call.get("/accounts/alice"), WITHIN)).isInstanceOf(Reply.Answered.class);
            fleet.killAll();
        }
    }

    private static NodeSpec waiting(Fleet fleet) {
        return fleet.nodes().stream()
                .filter(node -> NodeView.of(node.url(), WITHIN)
                        .filter(view -> view.role().equals("waiting"))
                        .isPresent())
                .findFirst()
                .orElseThrow();
    }

    private static int health(NodeSpec node, String check) throws Exception {
        URI url = URI.create("http://" + node.host() + ":" + node.managementPort() + "/" + check);
        HttpRequest request = HttpRequest.newBuilder(url).timeout(WITHIN).build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    /** A payment is carried out by the others; there is nothing to read. */
    private static void callersLearnWhy(NodeSpec lost) throws InterruptedException {
        try (BankClient one = new BankClient(List.of(lost.url()), Duration.ofSeconds(2))) {
            assertThat(one.send(Call.payment(null, "alice", 100, "k1"), WITHIN))
                    .isInstanceOfSatisfying(
                            Reply.Answered.class,
                            answer -> assertThat(answer.carriedOut()).isTrue());
            // The last try tells why; one that begins right before the deadline is not answered.
            await().atMost(WITHIN)
                    .untilAsserted(() -> assertThat(one.send(Call.get("/accounts/alice"), Duration.ofSeconds(1)))
                            .isInstanceOfSatisfying(
                                    Reply.NotApplied.class,
                                    refused -> assertThat(refused.why()).contains("said 503", "lost or replaced")));
        }
    }
}
