package io.murmuration.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs each script in {@code src/test/resources/scenarios} and compares what it tells with what is recorded there. With
 * {@code -Dscenarios.rewrite=true} it is recorded anew: the difference is then for a reviewer to read.
 */
final class ScenarioTest {
    private static final Path SCRIPTS =
            Path.of(System.getProperty("basedir", "."), "src", "test", "resources", "scenarios");

    static List<String> scripts() throws IOException {
        try (Stream<Path> files = Files.list(SCRIPTS)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void tellsWhatIsRecorded(String name) throws IOException {
        Path file = SCRIPTS.resolve(name);
        String recorded = Files.readString(file);

        String told = Scenario.run(recorded);

        assertThat(told).as("Every invariant holds in every scenario.").doesNotContain("VIOLATED");
        if (Boolean.getBoolean("scenarios.rewrite")) {
            Files.writeString(file, told);
        } else if (!told.equals(recorded)) {
            fail(name + " tells something else than what is recorded (-). If that is meant, record it anew with"
                    + " -Dscenarios.rewrite=true and read the difference.\n"
                    + difference(recorded.lines().toList(), told.lines().toList()));
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void saysFirstWhatItShowsAndWhereThatIsDemanded(String name) {
        List<String> lines = read(SCRIPTS.resolve(name));

        assertThat(lines.get(0)).startsWith("# ");
        assertThat(lines.stream().takeWhile(line -> line.startsWith("#")).reduce("", String::concat))
                .as("The first comment names a section of the paper or thesis, a rule of the protocol or a source.")
                .containsPattern("§|thesis|figure|\\(20\\d\\d\\)|\\[[A-C]\\d+]|November 2020|\\(F\\d");
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void isNamedInThePageOfScenarios(String name) {
        String page = String.join("\n", read(SCRIPTS.resolve("../../../../../docs/scenarios.md")));

        assertThat(page).contains(name.replace(".txt", ""));
    }

    @Test
    void tellsTheSameTwice() {
        String script = """
                add-nodes 3
                found
                campaign n1
                stabilize
                propose n2 add x 1
                run 5s
                status
                """;

        assertThat(Scenario.run(script)).isEqualTo(Scenario.run(script));
    }

    @Test
    void endsTheWorldAtAViolatedInvariant() {
        String script = """
                add-nodes 3
                quietly found
                quietly campaign n1
                quietly stabilize
                crash n2
                forget n2
                start n2
                status
                """;

        String told = Scenario.run(script);

        assertThat(told)
                .contains("VIOLATED NEVER_FORGETS", "must hold: What a journal says after a restart")
                .endsWith("status\n    (the world has ended: an invariant does not hold)\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "elect n1 | There is no command 'elect'",
                "deliver n1->n2 | Of n1->n2 there are only 0 messages",
                "deliver n1 | does not say who and whom",
                "deliver n1->n9 | There is no node n9",
                "deliver n1->n2 moon | There is no actor 'moon'",
                "tick 5 | is no duration",
                "propose n1 add x many | is no number",
                "propose n1 sub x 5 | is 'add' or 'put'",
                "propose n1 | lacks add or put",
                "start n1 | runs already",
                "wipe n1 | crash it first",
                "flush n1 | has nothing to sync",
                "crash n1 keep 7 | Only 0 records",
                "release n1->n2 | is not held",
                "heal n1 | ends too late",
                "auto-flush maybe | says on or off",
                "cut n1 n2 | cut says",
                "damage n1 | has no snapshot that could be damaged",
                "bounds moon 5 | There is no bound 'moon'",
                "bounds idle 5 | is no duration",
                "bounds chunk | lacks how many bytes",
                "add-nodes 3 | are added once",
            })
    void refusesAWrongCommandWithItsLine(String commandAndReason) {
        String[] parts = commandAndReason.split(" \\| ", -1);
        String script = "# A script.\nadd-nodes 3\nfound\n    recorded\n" + parts[0];

        assertThatThrownBy(() -> Scenario.run(script))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Line 5: ")
                .hasMessageContaining(parts[1]);
    }

    @Test
    void refusesACommandBeforeThereAreNodes() {
        assertThatThrownBy(() -> Scenario.run("found"))
                .hasMessage("Line 1: There are no nodes yet; begin with add-nodes.");
    }

    @Test
    void leavesWhatIsHeldWhereItIs() {
        String script = """
                add-nodes 3
                quietly found
                hold n1->n2 election
                campaign n1
                stabilize
                pool
                release n1->n2 election
                stabilize
                pool
                """;

        List<String> told = Scenario.run(script).lines().toList();

        String held = "    n1 -> n2            election   would you vote for me in term 1? (last 0@0)";
        assertThat(told.subList(told.indexOf("pool"), told.indexOf("release n1->n2 election")))
                .contains(held);
        assertThat(told.subList(told.lastIndexOf("stabilize"), told.lastIndexOf("pool")))
                .contains(held);
        assertThat(told.get(told.size() - 1)).isEqualTo("pool");
    }

    @Test
    void showsADifferenceWithWhatIsAroundIt() {
        List<String> before = List.of("1", "2", "3", "4", "5", "old", "6");
        List<String> after = List.of("1", "2", "3", "4", "5", "new", "newer", "6");

        String difference = difference(before, after);

        assertThat(difference).isEqualTo("  3\n  4\n  5\n- old\n+ new\n+ newer\n  6\n");
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The lines that are only in one of them, with what is around them, by the longest common subsequence. */
    private static String difference(List<String> before, List<String> after) {
        int[][] common = new int[before.size() + 1][after.size() + 1];
        for (int i = before.size() - 1; i >= 0; i--) {
            for (int j = after.size() - 1; j >= 0; j--) {
                common[i][j] = before.get(i).equals(after.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        List<String> lines = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
                lines.add("  " + before.get(i++));
                j++;
            } else if (j == after.size() || (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
                lines.add("- " + before.get(i++));
            } else {
                lines.add("+ " + after.get(j++));
            }
        }
        return onlyNearChanges(lines);
    }

    private static String onlyNearChanges(List<String> lines) {
        StringBuilder near = new StringBuilder();
        for (int at = 0; at < lines.size(); at++) {
            List<String> around = lines.subList(Math.max(0, at - 3), Math.min(lines.size(), at + 4));
            if (around.stream().anyMatch(line -> !line.startsWith("  "))) {
                near.append(lines.get(at)).append('\n');
            }
        }
        return near.toString();
    }
}
