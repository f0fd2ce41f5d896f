package io.murmuration.examples.bank.payments;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowTest {
    @Test
    void readsTheThreeKindsOfPayments() {
        assertThat(Row.parse(2, "p1,,a,100")).isEqualTo(new Row.Good(new Row(2, "p1", null, "a", 100)));
        assertThat(Row.parse(3, "p2,a,,100")).isEqualTo(new Row.Good(new Row(3, "p2", "a", null, 100)));
        assertThat(Row.parse(4, "p3,a,b,100")).isEqualTo(new Row.Good(new Row(4, "p3", "a", "b", 100)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "p1,a,b | found 3",
                "p1,a,b,1,x | found 5",
                ",a,b,1 | the id",
                "p1,,,1 | neither",
                "p1,a,a,1 | same account",
                "p1,a b,c,1 | from is not",
                "p1,a,\u00e4,1 | to is not",
                "p1,a,b,0 | positive",
                "p1,a,b,-1 | positive",
                "p1,a,b,1.5 | positive",
                "p1,a,b,ten | positive",
                "p1,a,b,9223372036854775808 | positive"
            })
    void saysWhatIsWrongWithALine(String line, String why) {
        assertThat(Row.parse(7, line)).isInstanceOfSatisfying(Row.Bad.class, bad -> {
            assertThat(bad.line()).isEqualTo(7);
            assertThat(bad.why()).contains(why);
        });
    }

    @Test
    void countsLinesAlsoWhereTheyAreEmptyOrTooLong(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("payments.csv");
        Files.writeString(file, "id,from,to,amount\r\n\np1,,a,1\r\n" + "x".repeat(1_000_000) + "\np2,a,b,2");

        PaymentFile scanned = PaymentFile.scan(file);
        List<Row.Parsed> read = new ArrayList<>();
        try (PaymentFile.Reader reader = scanned.read()) {
            for (Row.Parsed parsed = reader.next(); parsed != null; parsed = reader.next()) {
                read.add(parsed);
            }
        }

        assertThat(scanned.rows()).isEqualTo(2);
        assertThat(scanned.bad()).isEqualTo(1);
        assertThat(scanned.accounts()).containsExactly("a", "b");
        assertThat(scanned.sha256()).hasSize(64);
        assertThat(read)
                .containsExactly(
                        new Row.Good(new Row(3, "p1", null, "a", 1)),
                        new Row.Bad(4, "the line is longer than 4096 characters"),
                        new Row.Good(new Row(5, "p2", "a", "b", 2)));
    }
}
