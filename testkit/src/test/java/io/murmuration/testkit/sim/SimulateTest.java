package io.murmuration.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command line, and that a seed gives the same trace in every process and on every JDK that is installed. */
final class SimulateTest {
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    Path folder;

    /** Each trace takes a cold JVM several seconds, and many more beside other builds. */
    @Test
    @Timeout(240)
    void givesTheSameTraceInEveryProcessAndOnEveryJdk() throws Exception {
        List<Path> traces = new ArrayList<>();
        List<Path> javas = javas();
        for (Path java : javas) {
            traces.add(trace(java, traces.size()));
        }

        assertThat(traces).hasSizeGreaterThanOrEqualTo(2);
        assertThat(Files.readAllLines(traces.get(0))).hasSizeGreaterThan(1_000);
        for (Path trace : traces) {
            long different = Files.mismatch(trace, traces.get(0));
            assertThat(different)
                    .as("first different byte of %s, made by %s", trace, javas)
                    .isEqualTo(-1);
        }
    }

    private Path trace(Path java, int number) throws IOException, InterruptedException {
        Path file = folder.resolve("trace-" + number);
        Process child = new ProcessBuilder(
                        java.toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Simulate.class.getName(),
                        "--seed",
                        "11",
                        "--trace")
                .redirectErrorStream(true)
                .redirectOutput(file.toFile())
                .start();
        try {
            assertThat(child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(child.exitValue()).as("%s", file).isZero();
        } finally {
            child.destroyForcibly();
        }
        return file;
    }

    /** This one twice, and its neighbours that are no older. */
    private static List<Path> javas() throws IOException {
        Path home = Path.of(System.getProperty("java.home")).toRealPath();
        List<Path> javas = new ArrayList<>(List.of(home.resolve("bin/java"), home.resolve("bin/java")));
        try (Stream<Path> neighbours = Files.list(home.getParent())) {
            for (Path neighbour : neighbours.sorted().toList()) {
                Path java = neighbour.resolve("bin/java");
                Path release = neighbour.resolve("release");
                if (!Files.isSymbolicLink(neighbour) && Files.isExecutable(java) && Files.exists(release)) {
                    if (version(release) >= 17 && !neighbour.equals(home)) {
                        javas.add(java);
                    }
                }
            }
        }
        return javas;
    }

    private static int version(Path release) throws IOException {
        return Files.readAllLines(release).stream()
                .filter(line -> line.startsWith("JAVA_VERSION="))
                .map(line -> line.replaceAll("JAVA_VERSION=\"(\\d+).*", "$1"))
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElse(0);
    }

    @Test
    void runsManySeedsAndSaysHowFast() {
        String said = simulate(0, "--seeds", "1..20", "--seconds", "2", "--threads", "2");

        assertThat(said)
                .startsWith("20 seeds with ")
                .contains("times real time")
                .contains("of unknown outcome");
    }

    @Test
    void runsOneSeedWithoutFaults() {
        assertThat(simulate(0, "--seed", "3", "--seconds", "1", "--nodes", "3", "--without-faults"))
                .contains("seed=3")
                .contains("faults=0");
    }

    @Test
    void takesANumberOfGroups() {
        assertThat(simulate(0, "--seed", "3", "--seconds", "1", "--groups", "3"))
                .contains("seed=3, groups=3");
    }

    @Test
    void takesFaultsByName() {
        assertThat(simulate(0, "--seed", "3", "--seconds", "1", "--faults", "crash,LOSS"))
                .contains("seed=3");
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThat(simulate(2, "--seeds", "many")).contains("--seeds takes two numbers as in 1..2000, not many.");
        assertThat(simulate(2, "--seeds", "10..1")).contains("takes the lower number first");
        assertThat(simulate(2, "--threads", "0")).contains("--threads takes at least 1, not 0.");
        assertThat(simulate(2, "--trace")).contains("name it with --seed N");
        assertThat(simulate(2, "--groups", "0")).contains("1 to 8 groups, not 0");
        assertThat(simulate(2, "--nodes", "12")).contains("1 to 9 nodes, not 12");
        assertThat(simulate(2, "--faults", "rain")).contains("rain");
    }

    private static String simulate(int expected, String... args) {
        StringWriter said = new StringWriter();
        PrintWriter writer = new PrintWriter(said);
        int code = Simulate.commandLine().setOut(writer).setErr(writer).execute(args);
        assertThat(code).as(said.toString()).isEqualTo(expected);
        return said.toString();
    }
}
