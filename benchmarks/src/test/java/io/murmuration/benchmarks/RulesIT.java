package io.murmuration.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Each benchmark of a single step runs, without the warm-up and the process of its own that make it one. */
final class RulesIT {
    @Test
    void eachStepRuns(@TempDir Path folder) throws Exception {
        Path json = folder.resolve("rules.json");
        Options shortest = new OptionsBuilder()
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(20))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .resultFormat(ResultFormatType.JSON)
                .result(json.toString())
                .build();

        assertThat(new Runner(shortest).run()).isNotEmpty();

        Map<String, Double> scores = new TreeMap<>();
        for (JsonNode each : new ObjectMapper().readTree(json.toFile())) {
            String[] name = each.get("benchmark").asText().split("\\.", -1);
            scores.put(
                    name[name.length - 2] + "." + name[name.length - 1],
                    each.get("primaryMetric").get("score").asDouble());
        }
        assertThat(scores)
                .containsOnlyKeys(
                        "CodecBenchmark.decodeCommand",
                        "CodecBenchmark.encodeCommand",
                        "CodecBenchmark.encodeReply",
                        "FoldBenchmark.foldSlice",
                        "FollowerBenchmark.appendEntries",
                        "HeartbeatBenchmark.beat",
                        "HeartbeatBenchmark.confirmRead",
                        "JournalAppendBenchmark.append",
                        "JournalAppendBenchmark.appendTogether",
                        "LeaderBenchmark.commitProposals",
                        "SessionsBenchmark.applyCommand",
                        "WireBenchmark.readAppendEntries",
                        "WireBenchmark.readPropose",
                        "WireBenchmark.writeAppendEntries",
                        "WireBenchmark.writePropose");
        assertThat(scores.values()).allSatisfy(score -> assertThat(score).isPositive());
    }
}
