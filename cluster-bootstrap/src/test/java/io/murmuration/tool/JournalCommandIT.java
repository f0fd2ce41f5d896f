package io.murmuration.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.typesafe.config.Config;
import io.murmuration.Group;
import io.murmuration.Replica;
import io.murmuration.bootstrap.MurmurationNode;
import io.murmuration.bootstrap.NodeConfig;
import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.StateMachine;
import io.murmuration.testkit.jvm.FreePorts;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command line, over the folder that a real node has left. */
final class JournalCommandIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LIVES = 3;
    private static final int ADDED_IN_EACH = 20;

    @TempDir
    private static Path parent;

    private static Path folder;

    /** Counts. */
    record Sum(long total) {
        record Add(long amount, String note) implements Command<Long> {}

        static StateMachine<Sum> machine() {
            return StateMachine.startingFrom(new Sum(0))
                    .on(
                            Add.class,
                            (sum, add, meta) -> Applied.of(new Sum(sum.total + add.amount()), sum.total + add.amount()))
                    .covering(Add.class);
        }
    }

    /** What a run of the command line has given. */
    private record Answer(int code, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }

        JsonNode json() throws IOException {
            return JSON.readTree(out);
        }

        List<JsonNode> jsonLines() throws IOException {
            List<JsonNode> lines = new ArrayList<>();
            for (String line : lines()) {
                lines.add(JSON.readTree(line));
            }
            return lines;
        }
    }

    private static Answer run(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line =
                MurmurationCommand.line().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        List<String> all = new ArrayList<>(List.of("journal"));
        for (Object argument : arguments) {
            all.add(argument.toString());
        }
        return new Answer(line.execute(all.toArray(String[]::new)), out.toString(), err.toString());
    }

    private static Config config(Path data, String... more) {
        List<String> options = new ArrayList<>(List.of(
                "--node",
                "n1",
                "--members",
                "n1",
                "--addresses",
                "n1=127.0.0.1:" + FreePorts.take(1).get(0),
                "--data-dir",
                data.toString(),
                "-Dmurmuration.bootstrap.management=off"));
        options.addAll(List.of(more));
        return NodeConfig.load(options.toArray(String[]::new));
    }

    private static <T> T result(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    }

    @BeforeAll
    static void writeAFolder() throws Exception {
        folder = parent.resolve("n1");
        for (int life = 1; life <= LIVES; life++) {
            MurmurationNode node = MurmurationNode.start(config(folder));
            try {
                Replica<Sum> replica = node.start(Group.of("sum", Sum.machine()));
                for (int i = 1; i <= ADDED_IN_EACH; i++) {
                    result(replica.ask(new Sum.Add(i, "life " + life), LONG));
                }
            } finally {
                node.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
            }
        }
    }

    /** What is in a folder, byte for byte, with the times of change. */
    private static Map<String, List<Object>> image(Path of) throws IOException {
        Map<String, List<Object>> image = new TreeMap<>();
        try (Stream<Path> files = Files.walk(of)) {
            for (Path file : files.toList()) {
                Object content =
                        Files.isDirectory(file) ? "folder" : HexFormat.of().formatHex(Files.readAllBytes(file));
                image.put(of.relativize(file).toString(), List.of(Files.getLastModifiedTime(file), content));
            }
        }
        return image;
    }

    private static Path copy(String name) throws IOException {
        return copy(folder, parent.resolve(name));
    }

    static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
        return to;
    }

    private static Path newestSegment(Path of) throws IOException {
        try (Stream<Path> files = Files.list(of.resolve("journal"))) {
            return files.filter(file -> file.toString().endsWith(".wal"))
                    .max(Path::compareTo)
                    .orElseThrow();
        }
    }

    /** In the middle of what was written, far from a torn tail. */
    private static Path flipAByte(Path of) throws IOException {
        Path last = newestSegment(of);
        byte[] bytes = Files.readAllBytes(last);
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        bytes[end / 2] ^= 1;
        Files.write(last, bytes);
        return last;
    }

    private static void writable(Path of, boolean allowed) throws IOException {
        try (Stream<Path> files = Files.walk(of)) {
            for (Path file : files.toList()) {
                assertThat(file.toFile().setWritable(allowed)).isTrue();
            }
        }
    }

    @Test
    void inspectShowsSegmentsGroupsTermsAndIndexRanges() throws Exception {
        Answer text = run("inspect", folder);
        Answer json = run("inspect", folder, "--json");

        assertThat(text.err()).isEmpty();
        assertThat(text.code()).isZero();
        assertThat(json.code()).isZero();
        assertThat(text.out())
                .contains(folder + " of node n1", newestSegment(folder).getFileName() + "  live", "snapshots: none")
                .contains("murmuration|sum|n1  group sum  node n1  highest sequence number ")
                .containsPattern("sum on n1  term 3, voted for n1#[0-9a-f]{4}  log 0@0\\.\\.\\d+@3 \\(term 1: 1 to ");
        JsonNode group = json.json().path("groups").path(0);
        assertThat(json.json().path("ok").asBoolean()).isTrue();
        assertThat(json.json().path("node").asText()).isEqualTo("n1");
        assertThat(group.path("group").asText()).isEqualTo("sum");
        assertThat(group.path("ballot").path("term").asLong()).isEqualTo(LIVES);
        assertThat(group.path("terms")).hasSize(LIVES);
        assertThat(group.path("last").path("index").asLong())
                .isEqualTo(group.path("terms").path(LIVES - 1).path("last").asLong())
                .isGreaterThanOrEqualTo(LIVES * ADDED_IN_EACH);
        assertThat(group.path("members").path("voters").path(0).path("node").asText())
                .isEqualTo("n1");
        assertThat(json.json().path("segments").path(0).path("records").asLong())
                .isPositive();
    }

    @Test
    void verifySaysThatAllIsWell() throws Exception {
        Answer text = run("verify", folder);
        Answer json = run("verify", folder, "--json");

        assertThat(text.code()).isZero();
        assertThat(text.lines()).singleElement().asString().startsWith("ok: ").endsWith("every checksum holds.");
        JsonNode totals = json.json().path("totals");
        assertThat(json.json().path("ok").asBoolean()).isTrue();
        assertThat(totals.path("entries").asLong()).isGreaterThanOrEqualTo(LIVES * ADDED_IN_EACH);
        assertThat(text.out()).contains(totals.path("entries").asText() + " log entries");
    }

    @Test
    void verifySaysWhereTheDamageIsWhatIsLostAndWhatToDo() throws Exception {
        Path copy = copy("damaged");
        Path file = flipAByte(copy);

        Answer text = run("verify", copy);
        Answer json = run("verify", copy, "--json");
        Answer inspected = run("inspect", copy);
        Answer dumped = run("dump", copy, "--group", "sum");

        assertThat(text.code()).isEqualTo(MurmurationCommand.DAMAGED);
        assertThat(text.out())
                .contains("damaged: " + file + " at offset ")
                .containsPattern(
                        "lost: murmuration\\|sum\\|n1, sequence numbers? \\d+( to \\d+)?: of group sum on node n1 ")
                .contains("what to do: ", "Leave this node stopped", "Never put an older copy")
                .doesNotContain("ok:");
        assertThat(json.code()).isEqualTo(MurmurationCommand.DAMAGED);
        assertThat(json.json().path("ok").asBoolean()).isFalse();
        assertThat(json.json().path("damages").path(0).path("file").asText()).isEqualTo(file.toString());
        JsonNode lost = json.json().path("lost").path(0);
        assertThat(lost.path("group").asText()).isEqualTo("sum");
        assertThat(lost.path("firstIndex").asLong()).isBetween(1L, LIVES * ADDED_IN_EACH + 20L);
        assertThat(inspected.code()).isEqualTo(MurmurationCommand.DAMAGED);
        assertThat(inspected.out()).contains("damaged: " + file);
        assertThat(dumped.code()).isEqualTo(MurmurationCommand.DAMAGED);
        assertThat(dumped.err()).contains("verify");
        assertThat(dumped.lines()).hasSizeGreaterThan(10);
    }

    @Test
    void dumpPrintsEntriesWithDecodedCommands() throws Exception {
        List<String> all = run("dump", folder, "--group", "sum").lines();
        Answer json = run("dump", folder, "--group", "sum", "--json");
        long last =
                json.jsonLines().get(json.jsonLines().size() - 1).path("index").asLong();

        assertThat(all).hasSize((int) last);
        assertThat(all.get(0)).startsWith("1  term 1  ");
        for (int life = 1; life <= LIVES; life++) {
            for (int i = 1; i <= ADDED_IN_EACH; i++) {
                String command = "Add[amount=" + i + ", note=life " + life + "]";
                assertThat(all)
                        .filteredOn(line -> line.endsWith("  " + command))
                        .singleElement()
                        .asString()
                        .containsPattern("command  session \\d+ serial \\d+  ");
            }
        }
        List<JsonNode> commands = json.jsonLines().stream()
                .filter(line -> line.path("type").asText().equals("command"))
                .toList();
        assertThat(commands).hasSize(LIVES * ADDED_IN_EACH);
        assertThat(commands.get(0).path("command").asText()).isEqualTo("Add[amount=1, note=life 1]");
        assertThat(commands.get(0).path("json").path("amount").asLong()).isEqualTo(1);
    }

    @Test
    void dumpPrintsTheRangeThatIsAskedFor() {
        Answer range = run("dump", folder, "--group", "sum", "--node", "n1", "--from", 5, "--to", 7);

        assertThat(range.code()).isZero();
        assertThat(range.lines())
                .extracting(line -> line.substring(0, line.indexOf(' ')))
                .containsExactly("5", "6", "7");
    }

    @Test
    void dumpPrintsOtherRecordsIfAsked() throws Exception {
        Answer text = run("dump", folder, "--group", "sum", "--records");
        List<JsonNode> json =
                run("dump", folder, "--group", "sum", "--records", "--json").jsonLines();

        assertThat(text.code()).isZero();
        assertThat(text.out())
                .containsPattern("record 1  prepared  incarnation ")
                .containsPattern("record \\d+  founded  group ")
                .containsPattern("ballot  term 3, voted for n1#");
        assertThat(json)
                .filteredOn(line -> line.path("type").asText().equals("ballot"))
                .extracting(line -> line.path("ballot").path("term").asLong())
                .contains(1L, 2L, 3L);
    }

    @Test
    void exportGivesEachPayloadWhole() throws Exception {
        List<JsonNode> lines = run("export", folder, "--group", "sum").jsonLines();

        List<JsonNode> commands = lines.stream()
                .filter(line -> line.path("type").asText().equals("command"))
                .toList();
        assertThat(commands).hasSize(LIVES * ADDED_IN_EACH);
        for (JsonNode line : commands) {
            byte[] payload = line.path("payload").binaryValue();
            assertThat(payload).hasSize(line.path("bytes").asInt());
            assertThat(line.path("manifest").asText()).isEqualTo(Sum.Add.class.getName());
            assertThat(line.path("json"))
                    .isEqualTo(JSON.readTree(new CBORMapper().readTree(payload).toString()));
        }
    }

    @Test
    void showsSnapshotsAndTheLogBehindThem() throws Exception {
        Path data = parent.resolve("snapshots");
        MurmurationNode node = MurmurationNode.start(
                config(data, "-Dmurmuration.snapshot-every-bytes=4KiB", "-Dmurmuration.tail-bytes-max=1KiB"));
        try {
            Replica<Sum> replica = node.start(Group.of("sum", Sum.machine()));
            for (int i = 1; i <= 300; i++) {
                result(replica.ask(new Sum.Add(i, "x".repeat(100)), LONG));
            }
            await().atMost(LONG).until(() -> snapshots(data) > 0);
        } finally {
            node.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
        }

        Answer text = run("inspect", data);
        JsonNode json = run("inspect", data, "--json").json();
        Answer dumped = run("dump", data, "--group", "sum", "--from", 2);

        JsonNode snapshot = json.path("snapshots").path(0);
        assertThat(text.code()).as(text.out() + text.err()).isZero();
        assertThat(snapshot.path("term").asLong()).isEqualTo(1);
        assertThat(snapshot.path("index").asLong()).isPositive();
        assertThat(snapshot.path("intact").asBoolean()).isTrue();
        assertThat(text.out())
                .contains("group sum  index " + snapshot.path("index").asText() + "  term 1")
                .contains("intact");
        long base = json.path("groups").path(0).path("base").path("index").asLong();
        assertThat(base).isPositive();
        assertThat(dumped.lines().get(0)).startsWith((base + 1) + "  ");
        assertThat(dumped.err()).contains("The log begins behind index " + base);

        Path file = Path.of(snapshot.path("file").asText());
        String name = file.getFileName().toString();
        Path renamed = file.resolveSibling(name.substring(0, name.lastIndexOf('@')) + "@999999.snapshot");
        Files.copy(file, renamed);
        Answer misnamed = run("verify", data);
        assertThat(misnamed.code()).isEqualTo(MurmurationCommand.DAMAGED);
        assertThat(misnamed.out())
                .contains("damaged: " + renamed + " at offset 0: it holds another snapshot than its name says, that of "
                        + name);
        assertThat(run("inspect", data).out())
                .containsPattern(
                        java.util.regex.Pattern.quote(renamed.getFileName().toString()) + ".*  damaged");
        Files.delete(renamed);

        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        Answer damaged = run("verify", data);
        assertThat(damaged.code()).isEqualTo(MurmurationCommand.DAMAGED);
        assertThat(damaged.out()).contains("damaged: " + file + " at offset ", "passes over it");
    }

    private static long snapshots(Path data) throws IOException {
        Path snapshots = data.resolve("snapshots");
        if (!Files.isDirectory(snapshots)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(snapshots)) {
            return files.filter(file -> file.toString().endsWith(".snapshot")).count();
        }
    }

    @Test
    void changesNothingAlsoWhereNothingCanBeWritten() throws Exception {
        Path copy = copy("read-only");
        Map<String, List<Object>> before = image(copy);
        writable(copy, false);
        try {
            for (String command : List.of("inspect", "verify", "dump", "export")) {
                Answer answer = command.equals("dump") || command.equals("export")
                        ? run(command, copy, "--group", "sum")
                        : run(command, copy);
                assertThat(answer.code()).as(command + answer.err()).isZero();
                assertThat(image(copy)).as(command).isEqualTo(before);
            }
        } finally {
            writable(copy, true);
        }
    }

    @Test
    void refusesTheFolderOfARunningNodeAndReadsACopyOfIt() throws Exception {
        Path data = copy("running");
        Path copied = parent.resolve("copied");
        MurmurationNode node = MurmurationNode.start(config(data));
        try {
            Replica<Sum> replica = node.start(Group.of("sum", Sum.machine()));
            result(replica.ask(new Sum.Add(1, "runs"), LONG));

            Answer refused = run("inspect", data);

            assertThat(refused.code()).isEqualTo(MurmurationCommand.UNUSABLE);
            assertThat(refused.out()).isEmpty();
            assertThat(refused.err())
                    .contains("The data folder " + data + " is in use", "Stop the other process, or copy the folder");
            assertThat(result(replica.ask(new Sum.Add(1, "still runs"), LONG))).isPositive();

            try (Stream<Path> files = Files.walk(data)) {
                for (Path file : files.toList()) {
                    Files.copy(file, copied.resolve(data.relativize(file).toString()));
                }
            }
            assertThat(run("verify", copied).code()).isZero();
            assertThat(run("dump", copied, "--group", "sum").out()).contains("note=still runs]");
        } finally {
            node.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void saysWhatIsWrongWithTheCommandLine() throws Exception {
        Path empty = Files.createDirectory(parent.resolve("empty"));

        assertUnusable(run("inspect", parent.resolve("missing")), "There is no folder", "murmuration.data-dir");
        assertUnusable(run("verify", empty), "is empty");
        assertUnusable(run("dump", folder, "--group", "bank"), "holds no group bank; it holds sum on n1.");
        assertUnusable(run("dump", folder, "--group", "sum", "--node", "n2"), "no group sum of node n2");
        assertUnusable(run("dump", folder), "--group");
        assertUnusable(run("dump", folder, "--group", "sum", "--from", 9, "--to", 3), "from 9 to 3");
        assertUnusable(run(), "Name a command");
        assertUnusable(run("inspect", folder, "--jsno"), "--jsno");
    }

    private static void assertUnusable(Answer answer, String... words) {
        assertThat(answer.code()).isEqualTo(MurmurationCommand.UNUSABLE);
        assertThat(answer.out()).isEmpty();
        assertThat(answer.err()).contains(words);
    }
}
