package io.murmuration.examples.bank.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.murmuration.examples.bank.client.NodeView;
import io.murmuration.examples.bank.fleet.FleetException;
import org.junit.jupiter.api.Test;

class DemoTest {
    @Test
    void refusesAFaultBehindTheLastPayment() {
        assertThatCode(() -> Demo.requireUnderWay(99, 100)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Demo.requireUnderWay(100, 100))
                .isInstanceOf(FleetException.class)
                .hasMessageContaining("over before the fault");
    }

    @Test
    void refusesASignalThatDidNotReachItsNode() {
        assertThatCode(() -> Demo.requireReached(true, "SIGSTOP", "n2")).doesNotThrowAnyException();
        assertThatThrownBy(() -> Demo.requireReached(false, "SIGSTOP", "n2"))
                .isInstanceOf(FleetException.class)
                .hasMessageContaining("SIGSTOP did not reach n2");
    }

    @Test
    void missesTheRefusalOfANodeThatLostItsDiskAndTakesPart() {
        assertThat(LostDisk.refusal("n3", view("waiting", 0, "It never votes under its old identity, and so on.")))
                .isEmpty();

        assertThat(LostDisk.refusal("n3", view("follower", 2, ""))).hasSize(3);
        assertThat(LostDisk.refusal("n3", view("waiting", 0, "The group is not founded yet.")))
                .singleElement()
                .asString()
                .contains("does not say");
        assertThat(LostDisk.refusal("n3", null)).containsExactly("n3 does not answer.");
    }

    private static NodeView view(String role, long term, String why) {
        return new NodeView(new ObjectMapper()
                .createObjectNode()
                .put("role", role)
                .put("term", term)
                .put("why", why));
    }
}
