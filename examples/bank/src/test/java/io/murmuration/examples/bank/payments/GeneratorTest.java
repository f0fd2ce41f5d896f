package io.murmuration.examples.bank.payments;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GeneratorTest {
    private static final Path SHIPPED = Path.of("data", "payments.csv");

    private final List<String> lines = new Generator(Generator.SEED, Generator.ROWS, Generator.ACCOUNTS).lines();
    private final List<Row> rows = lines.stream()
            .skip(1)
            .map(line -> ((Row.Good) Row.parse(1, line)).row())
            .toList();

    @Test
    void theShippedFileIsWhatTheGeneratorMakes() throws Exception {
        assertThat(Files.readString(SHIPPED)).isEqualTo(String.join("\n", lines) + "\n");
    }

    @Test
    void theFirstRowsFundEachAccount() {
        assertThat(rows.subList(0, Generator.ACCOUNTS))
                .allSatisfy(row -> assertThat(row.from()).isNull());
        assertThat(rows.subList(0, Generator.ACCOUNTS).stream().map(Row::to).distinct())
                .hasSize(Generator.ACCOUNTS);
    }

    @Test
    void someWithdrawalsExceedAllThatIsEverDeposited() {
        long deposited = rows.stream()
                .filter(row -> row.from() == null)
                .mapToLong(Row::amount)
                .sum();

        assertThat(rows.stream().filter(row -> row.amount() > deposited))
                .hasSizeBetween(50, 200)
                .allSatisfy(row -> assertThat(row.to()).isNull());
    }

    @Test
    void aFewAccountsAreBusyAndManyAreQuiet() {
        Map<String, Integer> uses = new HashMap<>();
        for (Row row : rows) {
            uses.merge(row.from() == null ? "" : row.from(), 1, Integer::sum);
        }
        uses.remove("");
        List<Integer> sorted =
                uses.values().stream().sorted(Collections.reverseOrder()).toList();

        assertThat(sorted.get(0)).isGreaterThan(1_500);
        assertThat(sorted.get(sorted.size() / 2)).isLessThan(30);
    }

    @Test
    void eachIdIsThereOnce() {
        assertThat(rows.stream().map(Row::id).distinct()).hasSize(Generator.ROWS);
    }
}
