package io.murmuration.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import io.murmuration.testkit.history.Operation.Status;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryTest {
    @TempDir
    Path folder;

    @Test
    void readsWhatItWrote() throws IOException {
        History history = History.of(
                Operation.ok("c1", "write", "ключ \"1\"", Map.of("a", List.of(1, 2.5, true)), null, -5, 7, 3),
                Operation.ok("c1", "read", "", null, "line\nbreak", 8, Long.MAX_VALUE, 0),
                Operation.fail("c2", "write", "x", new BigInteger("123456789012345678901234567890"), 1, 1),
                Operation.unknown("c3", "add", "x", Long.MIN_VALUE, 9));
        Path file = folder.resolve("history.jsonl");

        history.write(file);

        assertThat(History.read(file)).isEqualTo(history);
        assertThat(Files.readAllLines(file))
                .hasSize(4)
                .last()
                .isEqualTo("{\"client\":\"c3\",\"op\":\"add\","
                        + "\"key\":\"x\",\"input\":-9223372036854775808,\"output\":null,"
                        + "\"call_ns\":9,\"status\":\"unknown\",\"index\":0}");
    }

    @Test
    void readsWhatAnotherProgramWrote() throws IOException {
        Path file = folder.resolve("history.jsonl");
        Files.writeString(file, Json.EXAMPLE + "\n\n" + """
                {"client":"c2","op":"read","call_ns":1,"return_ns":2,"status":"ok"}
                {"status":"unknown","client":"c3","op":"read","call_ns":1,"return_ns":0,"index":null}""");

        assertThat(History.read(file).operations())
                .containsExactly(
                        Operation.ok("c1", "write", "x", 1, null, 100, 200, 7),
                        Operation.ok("c2", "read", "", null, null, 1, 2, 0),
                        Operation.unknown("c3", "read", "", null, 1));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "nonsense | it is not JSON",
                "[] | it is no JSON object",
                "{} | \"status\" is missing",
                "{\"status\":\"done\"} | \"status\" is \"done\", not ok, fail or unknown",
                "{\"status\":\"ok\",\"retrun_ns\":5} | \"retrun_ns\" is none of its members",
                "{\"status\":\"ok\",\"client\":\"c\",\"op\":\"read\",\"call_ns\":5} | \"return_ns\" is missing",
                "{\"status\":\"unknown\",\"call_ns\":5.5} | \"call_ns\" is 5.5, not a whole number of 64 bits",
                "{\"status\":\"unknown\",\"call_ns\":5,\"client\":7} | \"client\" is 7, not a text",
                "{\"status\":\"ok\",\"client\":\"c\",\"op\":\"read\",\"call_ns\":5,\"return_ns\":4} | before it was",
                "{\"status\":\"ok\",\"status\":\"fail\"} | Duplicate field",
                "{} {} | it is not JSON",
            })
    void tellsWhichLineIsWrongAndWhatIsExpected(String line, String why) throws IOException {
        Path file = folder.resolve("bad.jsonl");
        Files.writeString(file, Json.EXAMPLE + "\n" + line + "\n");

        assertThatThrownBy(() -> History.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("bad.jsonl, line 2: This is not an operation: ")
                .hasMessageContaining(why)
                .hasMessageEndingWith("Expected is one JSON object per line, such as " + Json.EXAMPLE + ".");
    }

    @Test
    void takesEqualNumbersOfAnyTypeAsEqual() {
        Operation ints = Operation.ok("c", "read", "x", null, Map.of("a", List.of(IntNode.valueOf(5))), 0, 1, 0);
        Operation longs = Operation.ok("c", "read", "x", null, Map.of("a", List.of(LongNode.valueOf(5))), 0, 1, 0);

        assertThat(ints).isEqualTo(longs).hasSameHashCodeAs(longs);
    }

    @Test
    void copiesItsValues() {
        ArrayNode values = JsonNodeFactory.instance.arrayNode().add(1);
        Operation operation = Operation.ok("c", "write", "x", values, null, 0, 1, 0);

        values.add(2);

        assertThat(operation.input()).hasSize(1);
    }

    @Test
    void refusesTimesThatRunBackwardsAndNegativeIndices() {
        assertThatThrownBy(() -> Operation.fail("c", "write", "x", 1, 10, 9))
                .hasMessageContaining("returned at 9 ns, before it was called at 10 ns");
        assertThatThrownBy(() -> Operation.ok("c", "write", "x", 1, null, 0, 1, -1))
                .hasMessageContaining("has the index -1");
    }

    @Test
    void leavesAnUnknownOperationOpenWhateverReturnIsGiven() {
        Operation unknown =
                new Operation("c", "write", "x", Operation.json(1), Operation.json(null), 10, 3, Status.UNKNOWN, 0);

        assertThat(unknown.returnNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(unknown).hasToString("c: write x 1 -> unknown [10.. ns]");
    }

    @Test
    void shortensLongValuesInItsWords() {
        Operation operation = Operation.fail("c", "write", "x", "v".repeat(1_000), 0, 1);

        assertThat(operation.toString()).hasSizeLessThan(200).endsWith("... -> failed [0..1 ns]");
    }
}
