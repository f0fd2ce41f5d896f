package io.murmuration.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark of the cluster runs and reports what it says; no figure is judged. */
final class CounterBenchmarkIT {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();

    @Test
    void measuresAllOperationsFromAProcessWithoutAReplica() throws Exception {
        Path json = folder.resolve("report.json");
        Path picture = folder.resolve("picture.svg");

        JsonNode report = run(
                "--operations=add,read,local,mix:50",
                "--payloads=64,1024",
                "--outstanding=16",
                "--repeat=2",
                "--json=" + json,
                "--picture=" + picture);

        assertThat(new ObjectMapper().readTree(json.toFile())).isEqualTo(report);
        List<String> works = new ArrayList<>();
        report.get("windows").forEach(window -> works.add(words(window)));
        List<String> pass = List.of(
                "3 add 64 16 client",
                "3 add 1024 16 client",
                "3 read 0 16 client",
                "3 local 0 16 replica",
                "3 mix:50 64 16 client",
                "3 mix:50 1024 16 client");
        assertThat(works.subList(0, pass.size())).isEqualTo(pass);
        assertThat(works.subList(pass.size(), works.size())).isEqualTo(pass);
        assertThat(report.get("windows")).allSatisfy(window -> {
            isWhole(window);
            assertThat(window.get("cpuMicros").fieldNames()).toIterable().containsExactly("n1", "n2", "n3", "client");
        });
        assertThat(report.get("medians")).hasSize(pass.size()).allSatisfy(median -> {
            assertThat(median.get("windows").asInt()).isEqualTo(2);
            assertThat(median.get("perSecondMax").asLong())
                    .isGreaterThanOrEqualTo(median.get("perSecond").asLong());
        });
        assertThat(Files.readString(picture))
                .startsWith("<?xml")
                .contains("<svg")
                .contains("<ellipse");
    }

    @Test
    void measuresInTheProcessOfAFollowerAndMarksWhatWasDisturbed() throws Exception {
        JsonNode report =
                run("--from=follower", "--operations=add,local", "--outstanding=16", "--heap=256m", "--others-max=-2");

        assertThat(report.get("windows")).hasSize(2).allSatisfy(window -> {
            isWhole(window);
            assertThat(window.get("askedOn")).isNotEqualTo(window.get("leader"));
            assertThat(window.get("cpuMicros").fieldNames()).toIterable().containsExactly("n1", "n2", "n3");
            assertThat(window.get("disturbed").asBoolean()).isTrue();
        });
        assertThat(out.toString()).contains("* In 2 of 2 windows everything else used more than -2 % of a core");
    }

    @Test
    void sharesTheLoadAmongGroupsAndMakesHalfOfIt() throws Exception {
        JsonNode report = run("--groups=3", "--half", "--operations=mix:50", "--outstanding=8");

        assertThat(report.get("windows")).hasSize(2).allSatisfy(window -> {
            isWhole(window);
            assertThat(window.get("groups").asInt()).isEqualTo(3);
        });
        JsonNode whole = report.get("windows").get(0);
        JsonNode half = report.get("windows").get(1);
        assertThat(half.get("half").asBoolean()).isTrue();
        assertThat(half.get("perSecond").asLong())
                .isLessThan(whole.get("perSecond").asLong());
    }

    @Test
    void refusesAnOperationThatItDoesNotKnow() {
        StringWriter errors = new StringWriter();

        int code = CounterBenchmark.run(
                new PrintWriter(out, true), new PrintWriter(errors, true), "--operations=add,mix:100");

        assertThat(code).isEqualTo(2);
        assertThat(errors.toString()).contains("\"mix:100\" is no operation; take add, read, local, mix");
    }

    /** What was done in a window; which of the nodes read locally is chance. */
    private static String words(JsonNode window) {
        String by = window.get("askedOn").asText();
        return window.get("nodes").asInt() + " " + window.get("operation").asText() + " "
                + window.get("payloadBytes").asInt() + " "
                + window.get("outstanding").asInt() + " "
                + (by.matches("n\\d") ? "replica" : by);
    }

    private static void isWhole(JsonNode window) {
        assertThat(window.get("perSecond").asLong()).isPositive();
        assertThat(window.get("failures").asLong())
                .as(window.get("failure").asText())
                .isZero();
        assertThat(window.get("p50").asLong()).isBetween(0L, window.get("p99").asLong());
        assertThat(window.get("p99").asLong()).isBetween(0L, window.get("max").asLong());
    }

    private JsonNode run(String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("--seconds=0.5", "--warm-up=1", "--dir=" + folder));
        all.addAll(List.of(options));
        int code = CounterBenchmark.run(
                new PrintWriter(out, true), new PrintWriter(out, true), all.toArray(String[]::new));
        assertThat(code).as(out.toString()).isZero();
        return new ObjectMapper()
                .readTree(out.toString().lines().reduce((one, next) -> next).orElseThrow());
    }
}
