package io.murmuration.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark of outages runs and reports what it says; no figure is judged. */
final class OutageBenchmarkIT {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();

    @Test
    void stopsTheLeader() {
        assertThat(run("--how=stop", "--times=1")).as(out.toString()).isZero();
        assertThat(out.toString())
                .containsPattern("stop n\\d: \\d+ ms without an answer; [\\d,]+ commands were answered")
                .containsPattern("median \\d+ ms, longest \\d+ ms of 1");
    }

    @Test
    void bringsAFollowerBack() {
        assertThat(run("--how=back", "--times=1", "--away=1"))
                .as(out.toString())
                .isZero();
        assertThat(out.toString()).containsPattern("back n\\d: ready after [\\d.]+ s, caught up after [\\d.]+ s; p99");
    }

    @Test
    void refusesAnOutageThatItDoesNotKnow() {
        assertThat(run("--how=flood")).isEqualTo(2);
        assertThat(out.toString()).contains("--how is flood; it must be kill, stop or back.");
    }

    private int run(String... options) {
        List<String> all = new ArrayList<>(List.of("--seconds=2", "--warm-up=1", "--heap=256m", "--dir=" + folder));
        all.addAll(List.of(options));
        return OutageBenchmark.run(new PrintWriter(out, true), new PrintWriter(out, true), all.toArray(String[]::new));
    }
}
