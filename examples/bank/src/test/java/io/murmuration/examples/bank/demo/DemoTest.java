package io.murmuration.examples.bank.demo;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
}
