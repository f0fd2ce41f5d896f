package io.murmuration.examples.counter;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.testkit.jvm.FreePorts;
import io.murmuration.testkit.jvm.JvmCluster;
import io.murmuration.testkit.jvm.JvmNode;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class CounterIT {
    @Test
    void countsOnEachNodeInTurnAndEnds() throws Exception {
        String addresses = "n1=127.0.0.1:%d,n2=127.0.0.1:%d,n3=127.0.0.1:%d"
                .formatted(FreePorts.take(3).toArray());
        try (JvmCluster cluster = JvmCluster.create()) {
            JvmNode process = cluster.node("counter", Main.class)
                    .options("-Dmurmuration.addresses=" + addresses, "-Djava.io.tmpdir=" + cluster.folder("temporary"));
            Files.createDirectory(cluster.folder("temporary"));

            cluster.run(() -> {
                assertThat(process.begin().awaitExit(Duration.ofMinutes(2))).isZero();
                assertThat(process.printed()).isEqualTo("count = 5\ncount = 10\ncount = 15\n");
                assertThat(process.error()).isEmpty();
                assertThat(cluster.folder("temporary")).isEmptyDirectory();
            });
        }
    }
}
