package io.murmuration.testkit.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class FreePortsTest {
    @Test
    void givesDistinctPortsBelowTheRangeForOutgoingConnections() {
        List<Integer> ports = new ArrayList<>(FreePorts.take(20));

        ports.addAll(FreePorts.take(20));

        assertThat(ports)
                .doesNotHaveDuplicates()
                .hasSize(40)
                .allSatisfy(port -> assertThat(port).isBetween(1024, FreePorts.end() - 1));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void readsWhereTheMachinesRangeForOutgoingConnectionsBegins() throws IOException {
        Path range = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
        int first = Integer.parseInt(Files.readAllLines(range).get(0).strip().split("\\s+", -1)[0]);

        assertThat(FreePorts.end()).isEqualTo(first >= 11_000 ? Math.min(first, 60_000) : 60_000);
    }

    @Test
    void givesPortsThatCanBeListenedOn() throws IOException {
        for (int port : FreePorts.take(5)) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assertThat(socket.isBound()).isTrue();
            }
        }
    }

    @Test
    void refusesToTakeNone() {
        assertThatThrownBy(() -> FreePorts.take(0)).hasMessageContaining("take 1 to 100");
    }
}
