package io.murmuration.examples.bank.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessRefTest {
    @Test
    void killsTheProcessThatItKnows() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        try {
            ProcessRef ref = ProcessRef.of(process.toHandle());

            assertThat(ref.pause()).isTrue();
            assertThat(ref.kill()).isTrue();

            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(ref.kill()).isFalse();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void sparesAProcessThatOnlyHasThePid() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        try {
            ProcessRef ref = ProcessRef.of(process.toHandle());
            ProcessRef earlier = new ProcessRef(ref.pid(), ref.startMillis() - 60_000);

            assertThat(earlier.kill()).isFalse();
            assertThat(earlier.pause()).isFalse();
            assertThat(earlier.terminate()).isFalse();

            assertThat(process.isAlive()).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aPortThatIsTakenIsNamedBeforeAnythingStarts(@TempDir Path dir) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            NodeSpec spec = new NodeSpec("n1", "127.0.0.1", 1, 2, taken.getLocalPort());
            NodeSpec free = new NodeSpec("n1", "127.0.0.1", taken.getLocalPort(), 2, 3);
            JavaCommand none = JavaCommand.likeThisOne("no.such.Main");

            for (NodeSpec node : List.of(free, spec)) {
                assertThatThrownBy(() -> Fleet.open(dir, List.of(node), none, line -> {}))
                        .isInstanceOf(FleetException.class);
            }
            assertThatThrownBy(() -> Fleet.open(dir, List.of(free), none, line -> {}))
                    .hasMessageContaining("Port " + taken.getLocalPort() + " (HTTP of n1)")
                    .hasMessageContaining("--http-port");
            assertThat(Files.exists(dir.resolve("bank.json"))).isFalse();
        }
    }

    @Test
    void aFolderIsUsedByOneFleetAtATime(@TempDir Path dir) {
        JavaCommand none = JavaCommand.likeThisOne("no.such.Main");
        try (Fleet first = Fleet.open(dir, List.of(), none, line -> {})) {
            assertThat(first.nodes()).isEmpty();
            assertThatThrownBy(() -> Fleet.open(dir, List.of(), none, line -> {}))
                    .hasMessageContaining("already");
        }
        Fleet.open(dir, List.of(), none, line -> {}).close();
    }
}
