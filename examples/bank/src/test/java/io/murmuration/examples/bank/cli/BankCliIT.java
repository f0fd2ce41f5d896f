package io.murmuration.examples.bank.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.murmuration.examples.bank.fleet.ProcessRef;
import io.murmuration.examples.bank.fleet.RunFile;
import io.murmuration.testkit.jvm.FreePorts;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command line against real nodes: what people do by hand, and what happens when the launcher goes. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class BankCliIT {
    private static final int NODES = 3;
    private static final int NODES_MAX = 5;
    private static final Duration UP_WITHIN = Duration.ofSeconds(90);
    private static final Duration GONE_WITHIN = Duration.ofSeconds(15);

    @TempDir
    private Path dir;

    private final List<String> ports = ports();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    /** Signal 2 in the masks of the kernel. */
    private static final long SIGINT = 1L << 1;

    private Process launcher;

    @AfterEach
    void end() throws Exception {
        if (launcher != null && launcher.isAlive()) {
            launcher.destroyForcibly().waitFor();
        }
    }

    @Test
    void runsABankThatIsKilledPausedRestartedAndStartedAgain() throws Exception {
        up();
        assertThat(run("open", "alice")).as(err.toString()).isZero();
        assertThat(run("deposit", "alice", "500", "--key", "k1")).isZero();
        assertThat(run("deposit", "alice", "500", "--key", "k1")).isZero();
        assertThat(run("withdraw", "alice", "501")).isEqualTo(Exit.REJECTED);
        assertThat(run("balance", "bob")).isEqualTo(Exit.REJECTED);
        assertThat(err.toString()).contains("insufficient-funds", "no-such-account");
        loadsAFileWithBadRowsOnce();
        faults();
        List<ProcessRef> before = processes();

        interrupt();

        assertThat(launcher.waitFor(20, TimeUnit.SECONDS))
                .as("Ctrl-C stops all in order")
                .isTrue();
        assertThat(before).allSatisfy(process -> assertThat(process.find()).isEmpty());
        up();
        assertThat(answer("balance", "alice").get("balance").asLong()).isEqualTo(370);
        diesWithItsLauncher();
    }

    private void loadsAFileWithBadRowsOnce() throws Exception {
        Path file = dir.resolve("rows.csv");
        Files.writeString(
                file, "id,from,to,amount\nr1,,bob,50\nnot a row\nr2,alice,bob,30\nr3,alice,,100\nr4,bob,,1.5\n");

        assertThat(run("load", file.toString())).isEqualTo(Exit.REJECTED);
        assertThat(err.toString())
                .contains("line 3: expected 4 fields")
                .contains("line 6: the amount must be a positive whole number");
        assertThat(out.toString()).contains("Accepted 3, refused 0, bad 2");
        assertThat(run("load", file.toString())).isEqualTo(Exit.REJECTED);
        assertThat(err.toString()).contains("Going on: 3 rows were decided before");
        assertThat(answer("balance", "alice").get("balance").asLong()).isEqualTo(370);
        assertThat(answer("total").get("total").asLong()).isEqualTo(450);
    }

    private void faults() throws Exception {
        assertThat(run("kill", "n1")).isZero();
        assertThat(answer("balance", "alice").get("balance").asLong()).isEqualTo(370);
        assertThat(run("status")).isZero();
        assertThat(out.toString()).contains("does not run").contains("leader");
        assertThat(run("restart", "n1")).isZero();
        // Before it answers, n3 alone is no majority once n2 is paused.
        await().atMost(UP_WITHIN).until(() -> answer("status").size() == NODES);
        assertThat(run("pause", "n2")).isZero();
        assertThat(answer("balance", "alice").get("balance").asLong()).isEqualTo(370);
        assertThat(run("resume", "n2")).isZero();
        assertThat(run("pause", "n3")).isZero();
    }

    private void diesWithItsLauncher() throws Exception {
        List<ProcessRef> nodes = processes();
        assertThat(nodes)
                .hasSize(NODES)
                .allSatisfy(node -> assertThat(node.find()).isPresent());
        assertThat(run("pause", "n2")).isZero();

        launcher.destroyForcibly().waitFor();

        await().atMost(GONE_WITHIN)
                .untilAsserted(() -> assertThat(nodes)
                        .allSatisfy(node -> assertThat(node.find()).isEmpty()));
        assertThat(run("kill", "n1")).isEqualTo(Exit.REJECTED);
    }

    private List<ProcessRef> processes() {
        return RunFile.read(dir).orElseThrow().nodes().stream()
                .map(RunFile.Running::process)
                .toList();
    }

    @Test
    void leavesNothingBehindWhenTheDemoIsInterrupted() throws Exception {
        Path temporary = Files.createDirectory(dir.resolve("temporary"));
        Path file = dir.resolve("payments.csv");
        Files.writeString(file, "p1,,bob,50\n");
        Path log = launch(List.of("-Djava.io.tmpdir=" + temporary), List.of("demo", "--file", file.toString()));
        await().atMost(UP_WITHIN).until(() -> read(log).contains("Starting 5 nodes"));
        assertThat(temporary).isNotEmptyDirectory();

        interrupt();

        assertThat(launcher.waitFor(20, TimeUnit.SECONDS)).as(read(log)).isTrue();
        assertThat(temporary).isEmptyDirectory();
    }

    /** What a shell starts in the background ignores SIGINT, with all its children; SIGTERM takes the same way then. */
    private String interruption() throws Exception {
        Path status = Path.of("/proc", Long.toString(launcher.pid()), "status");
        if (!Files.exists(status)) {
            return "INT";
        }
        long ignored = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .mapToLong(line -> Long.parseUnsignedLong(
                        line.substring("SigIgn:".length()).trim(), 16))
                .findFirst()
                .orElse(0);
        return (ignored & SIGINT) == 0 ? "INT" : "TERM";
    }

    private void interrupt() throws Exception {
        new ProcessBuilder("/bin/sh", "-c", "kill -" + interruption() + " " + launcher.pid())
                .start()
                .waitFor();
    }

    private void up() throws IOException {
        Path log = launch(List.of(), List.of("up", "--nodes", Integer.toString(NODES), "--dir", dir.toString()));
        await().atMost(UP_WITHIN).until(() -> read(log).contains("leads.") || !launcher.isAlive());
        assertThat(launcher.isAlive()).as(read(log)).isTrue();
    }

    private Path launch(List<String> options, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BankMain.class.getName()));
        command.addAll(arguments);
        command.addAll(ports);
        Path log = dir.resolve("launcher.log");
        Files.deleteIfExists(log);
        launcher = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return log;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Three blocks of neighbours: node i listens on the first port and i - 1. */
    private static List<String> ports() {
        List<String> options = new ArrayList<>();
        for (String option : List.of("--http-port", "--remoting-port", "--management-port")) {
            List<Integer> block = FreePorts.take(NODES_MAX);
            while (block.get(NODES_MAX - 1) - block.get(0) != NODES_MAX - 1) {
                block = FreePorts.take(NODES_MAX);
            }
            options.addAll(List.of(option, Integer.toString(block.get(0))));
        }
        return options;
    }

    private JsonNode answer(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--json");
        out.getBuffer().setLength(0);
        assertThat(run(all.toArray(String[]::new))).as(err.toString()).isZero();
        return new ObjectMapper().readTree(out.toString());
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--dir", dir.toString()));
        return BankMain.line()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }
}
