package io.murmuration.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OperationTest {
    @ParameterizedTest
    @CsvSource({"add, 0", "mix:1, 1", "mix:50, 50", "mix, 90", "mix:99, 99", "read, 100", "local, 100"})
    void readsAsManyOfAHundredInARowAsItSays(String name, int reads) {
        Operation operation = Operation.of(name);

        // Also where the numbers have run over.
        for (int first : new int[] {0, 12_345, Integer.MAX_VALUE - 200}) {
            assertThat(IntStream.range(first, first + 100).filter(operation::reads))
                    .as("from %s on", first)
                    .hasSize(reads);
        }
    }

    @Test
    void spreadsCommandsAmongReads() {
        Operation operation = Operation.of("mix:90");

        assertThat(IntStream.range(0, 1_000)
                        .filter(first -> IntStream.range(first, first + 20).allMatch(operation::reads)))
                .as("twenty reads in a row")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "write", "mix:0", "mix:100", "mix:-5", "mix:x"})
    void refusesOthers(String name) {
        assertThatThrownBy(() -> Operation.of(name))
                .hasMessageContaining("is no operation; take add, read, local, mix");
    }
}
