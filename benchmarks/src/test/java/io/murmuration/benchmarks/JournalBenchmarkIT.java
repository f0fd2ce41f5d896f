package io.murmuration.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark of the journal runs and reports what it says; no figure is judged. */
final class JournalBenchmarkIT {

    @Test
    void measuresTheJournalBesideTheBareLoopAndARecovery(@TempDir Path folder) throws Exception {
        StringWriter out = new StringWriter();

        int code = JournalBenchmark.run(
                new PrintWriter(out, true),
                "--seconds=0.2",
                "--warm-up=0.2",
                "--payloads=64",
                "--recover=8",
                "--dir=" + folder);

        assertThat(code).as(out.toString()).isZero();
        JsonNode report = new ObjectMapper()
                .readTree(out.toString().lines().reduce((one, next) -> next).orElseThrow());
        assertThat(report.get("windows")).hasSize(9).allSatisfy(window -> {
            for (String what : List.of("pekko", "engine", "bare")) {
                assertThat(window.get(what).get("perSecond").asLong()).as(what).isPositive();
            }
            assertThat(window.get("failures").asLong()).isZero();
        });
        assertThat(report.get("recovery").get("mebibytes").asLong()).isGreaterThanOrEqualTo(8);
        assertThat(folder).isEmptyDirectory();
    }
}
