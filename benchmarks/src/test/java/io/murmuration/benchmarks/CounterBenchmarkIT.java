package io.murmuration.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CounterBenchmarkIT {
    @Test
    void measuresCommandsAndReads(@TempDir Path folder) throws Exception {
        StringWriter out = new StringWriter();

        int code = CounterBenchmark.run(
                new PrintWriter(out, true),
                "--seconds=1",
                "--warm-up=1",
                "--outstanding=16",
                "--heap=256m",
                "--on=follower",
                "--dir=" + folder);

        assertThat(code).as(out.toString()).isZero();
        String json = out.toString().lines().reduce((one, next) -> next).orElseThrow();
        JsonNode windows = new ObjectMapper().readTree(json).get("windows");
        assertThat(windows).hasSize(2).allSatisfy(window -> {
            assertThat(window.get("perSecond").asLong()).isPositive();
            assertThat(window.get("failures").asLong()).isZero();
            assertThat(window.get("p50").asLong())
                    .isBetween(1L, window.get("max").asLong());
            assertThat(window.get("askedOn")).isNotEqualTo(window.get("leader"));
            assertThat(window.get("cpuMicros").fieldNames()).toIterable().containsExactly("n1", "n2", "n3");
        });
    }
}
