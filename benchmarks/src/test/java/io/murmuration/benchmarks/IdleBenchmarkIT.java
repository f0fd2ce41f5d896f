package io.murmuration.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IdleBenchmarkIT {
    @Test
    void measuresEachProcess(@TempDir Path folder) throws Exception {
        StringWriter out = new StringWriter();

        int code = IdleBenchmark.run(
                new PrintWriter(out, true), "--groups=3", "--seconds=2", "--warm-up=1", "--dir=" + folder);

        assertThat(code).as(out.toString()).isZero();
        String json = out.toString().lines().reduce((one, next) -> next).orElseThrow();
        JsonNode windows = new ObjectMapper().readTree(json).get("windows");
        assertThat(windows).hasSize(3).allSatisfy(window -> {
            assertThat(window.get("cpuPercent").asDouble()).isPositive();
            assertThat(window.get("together").asLong()).isPositive();
            assertThat(window.get("bytes").asLong()).isPositive();
        });
    }
}
