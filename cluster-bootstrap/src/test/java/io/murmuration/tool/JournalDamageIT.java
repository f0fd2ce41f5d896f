package io.murmuration.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.murmuration.Group;
import io.murmuration.Replica;
import io.murmuration.bootstrap.MurmurationNode;
import io.murmuration.bootstrap.NodeConfig;
import io.murmuration.testkit.jvm.FreePorts;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * The command line tells each kind of damage from the others: with the file, the offset, the group and the range of
 * indices that is lost, which is all of the log that it can no longer print, and nothing else.
 */
final class JournalDamageIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A segment's header takes 64 bytes. */
    private static final int SMALLEST_RECORD_OFFSET = 64;

    @TempDir
    private static Path parent;

    /** What a node has written, in several segments; nobody changes it. */
    private static Path folder;
    /** The second segment, and what was in it when the node had written only the beginning of it. */
    private static Path second;

    private static byte[] secondWhenItWasYoung;

    @BeforeAll
    static void writeSeveralSegments() throws Exception {
        folder = parent.resolve("n1");
        MurmurationNode node = MurmurationNode.start(NodeConfig.load(
                "--node",
                "n1",
                "--members",
                "n1",
                "--addresses",
                "n1=127.0.0.1:" + FreePorts.take(1).get(0),
                "--data-dir",
                folder.toString(),
                "-Dmurmuration.bootstrap.management=off",
                "-Dmurmuration.journal.segment-bytes=4096"));
        try {
            Replica<JournalCommandIT.Sum> replica = node.start(Group.of("sum", JournalCommandIT.Sum.machine()));
            for (int i = 1; i <= 60; i++) {
                replica.ask(new JournalCommandIT.Sum.Add(i, "x".repeat(200)), LONG)
                        .toCompletableFuture()
                        .get(60, TimeUnit.SECONDS);
                if (secondWhenItWasYoung == null && segments(folder).size() == 2) {
                    second = segments(folder).get(1);
                    secondWhenItWasYoung = Files.readAllBytes(second);
                }
            }
        } finally {
            node.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
        assertThat(segments(folder)).hasSizeGreaterThan(4);
        assertThat(verified(folder).code()).isZero();
    }

    private static List<Path> segments(Path of) throws IOException {
        try (Stream<Path> files = Files.list(of.resolve("journal"))) {
            return files.filter(file -> file.toString().endsWith(".wal"))
                    .sorted()
                    .toList();
        }
    }

    private static Path copy(String name) throws IOException {
        return JournalCommandIT.copy(folder, parent.resolve(name));
    }

    private static Path newest(Path of) throws IOException {
        List<Path> all = segments(of);
        return all.get(all.size() - 1);
    }

    /** Up to where records are written in a segment, as the intact folder says. */
    private static int used(Path segment) throws IOException {
        for (JsonNode each : JSON.readTree(run("inspect", folder, "--json").out).path("segments")) {
            if (Path.of(each.path("file").asText()).getFileName().equals(segment.getFileName())) {
                return each.path("used").asInt();
            }
        }
        throw new AssertionError("no segment " + segment);
    }

    /** What a run of the command line has given. */
    private record Answer(int code, String out) {}

    private static Answer run(Object... arguments) {
        StringWriter out = new StringWriter();
        CommandLine line = MurmurationCommand.line()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(new StringWriter()));
        List<String> all = new ArrayList<>(List.of("journal"));
        for (Object argument : arguments) {
            all.add(argument.toString());
        }
        return new Answer(line.execute(all.toArray(String[]::new)), out.toString());
    }

    private static Answer verified(Path of) {
        return run("verify", of);
    }

    private static NavigableSet<Long> dumped(Path of) throws IOException {
        NavigableSet<Long> indices = new TreeSet<>();
        for (String line :
                run("dump", of, "--group", "sum", "--json").out.lines().toList()) {
            indices.add(JSON.readTree(line).path("index").asLong());
        }
        return indices;
    }

    /** {@code words} are in the finding about the file; every index of the log is either printed or told as lost. */
    private static void assertDamaged(Path of, Path file, String words) throws IOException {
        Answer text = verified(of);
        JsonNode json = JSON.readTree(run("verify", of, "--json").out);

        assertThat(text.code).isEqualTo(MurmurationCommand.DAMAGED);
        assertThat(text.out.lines())
                .as(text.out)
                .anyMatch(
                        line -> line.matches("damaged: \\Q" + file + "\\E at offset \\d+: .*") && line.contains(words))
                .anyMatch(
                        line -> line.matches("lost: murmuration\\|sum\\|n1, sequence numbers? .*: of group sum on node"
                                + " n1 log entr(y|ies) .*"));
        assertThat(json.path("damages"))
                .anyMatch(damage -> damage.path("file").asText().equals(file.toString())
                        && damage.path("offset").isIntegralNumber()
                        && damage.path("finding").asText().contains(words));
        NavigableSet<Long> whole = dumped(folder);
        NavigableSet<Long> lost = new TreeSet<>();
        for (JsonNode part : json.path("lost")) {
            assertThat(part.path("group").asText()).isEqualTo("sum");
            long last = part.path("lastIndex").asLong(whole.last());
            LongStream.rangeClosed(part.path("firstIndex").asLong(), last).forEach(lost::add);
        }
        NavigableSet<Long> left = dumped(of);
        assertThat(lost).isNotEmpty().doesNotContainAnyElementsOf(left);
        left.addAll(lost);
        assertThat(left).isEqualTo(whole);
    }

    @Test
    void aTornTailIsNoDamage() throws Exception {
        Path torn = copy("torn");
        Path file = newest(torn);
        int end = used(file);
        byte[] bytes = Files.readAllBytes(file);
        bytes[end - 1] ^= 1;
        Files.write(file, bytes);

        Answer text = verified(torn);
        JsonNode tail = JSON.readTree(run("verify", torn, "--json").out).path("tornTail");

        assertThat(text.code).as(text.out).isZero();
        assertThat(text.out)
                .contains("torn tail: a write that was never confirmed lies in " + file + " from offset ")
                .contains("ok: ")
                .doesNotContain("damaged", "lost");
        assertThat(tail.path("file").asText()).isEqualTo(file.toString());
        assertThat(tail.path("offset").asInt()).isBetween(SMALLEST_RECORD_OFFSET, end - 1);
    }

    @Test
    void tellsDamageInTheMiddle() throws Exception {
        Path damaged = copy("middle");
        Path file = segments(damaged).get(1);
        byte[] bytes = Files.readAllBytes(file);
        bytes[used(file) / 2] ^= 1;
        Files.write(file, bytes);

        assertDamaged(damaged, file, "no intact record begins here");
    }

    @Test
    void tellsAMissingSegment() throws Exception {
        Path damaged = copy("missing");
        Path file = segments(damaged).get(2);
        Files.delete(file);

        assertDamaged(damaged, segments(damaged).get(2), "missing from the folder: " + file.getFileName());
    }

    @Test
    void tellsSwappedSegments() throws Exception {
        Path damaged = copy("swapped");
        Path one = segments(damaged).get(1);
        Path other = segments(damaged).get(2);
        byte[] bytes = Files.readAllBytes(one);
        Files.write(one, Files.readAllBytes(other));
        Files.write(other, bytes);

        assertDamaged(damaged, one, "under another segment's name");
        assertDamaged(damaged, other, "under another segment's name");
    }

    @Test
    void tellsAnOlderCopyOfASegment() throws Exception {
        Path damaged = copy("older");
        Path file = damaged.resolve(folder.relativize(second));
        assertThat(Files.readAllBytes(file)).isNotEqualTo(secondWhenItWasYoung);
        Files.write(file, secondWhenItWasYoung);

        assertDamaged(damaged, file, "the segment was complete up to offset ");
    }

    @Test
    void zerosBehindTheEndAreTheEnd() throws Exception {
        Path longer = copy("zeros");
        for (Path file : segments(longer)) {
            byte[] bytes = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(bytes, bytes.length + 70_000));
        }

        Answer text = verified(longer);

        assertThat(text.code).as(text.out).isZero();
        assertThat(text.out).startsWith("ok: ").doesNotContain("torn tail");
        assertThat(dumped(longer)).isEqualTo(dumped(folder));
    }

    @Test
    void tellsAForeignFile() throws Exception {
        Path foreign = copy("foreign");
        Path notes = Files.writeString(foreign.resolve("journal").resolve("notes.txt"), "mine");

        Answer text = verified(foreign);

        assertThat(text.code).isEqualTo(MurmurationCommand.DAMAGED);
        assertThat(text.out)
                .contains("damaged: " + notes + " at offset 0: this file is not the journal's; move it elsewhere")
                .doesNotContain("lost");
        assertThat(dumped(foreign)).isEqualTo(dumped(folder));
    }
}
