package io.murmuration.examples.bank.payments;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadProgressTest {
    @TempDir
    private Path dir;

    private PaymentFile file;

    @BeforeEach
    void writeFile() throws Exception {
        Path path = dir.resolve("payments.csv");
        Files.writeString(path, "p1,,a,1\np2,,a,2\n");
        file = PaymentFile.scan(path);
    }

    @Test
    void knowsWhatWasDecidedBefore() throws Exception {
        decide(file, "g1", 1, 17);

        try (LoadProgress again = LoadProgress.open(dir, file, "g1")) {
            assertThat(again.isDecided(1)).isTrue();
            assertThat(again.isDecided(17)).isTrue();
            assertThat(again.isDecided(2)).isFalse();
            assertThat(again.decidedBefore()).isEqualTo(2);
        }
    }

    @Test
    void beginsAnewForAnotherGroupAndForOtherContents() throws Exception {
        decide(file, "g1", 1);

        try (LoadProgress other = LoadProgress.open(dir, file, "g2")) {
            assertThat(other.decidedBefore()).isZero();
        }
        Files.writeString(file.path(), "p1,,a,3\n");
        try (LoadProgress other = LoadProgress.open(dir, PaymentFile.scan(file.path()), "g1")) {
            assertThat(other.decidedBefore()).isZero();
        }
    }

    @Test
    void forgetsHalfALineForGood() throws Exception {
        decide(file, "g1", 1);
        Path kept;
        try (Stream<Path> files = Files.list(dir)) {
            kept = files.filter(path -> path.toString().endsWith(".progress"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.writeString(kept, "12", StandardOpenOption.APPEND);

        decide(file, "g1", 3);

        try (LoadProgress again = LoadProgress.open(dir, file, "g1")) {
            assertThat(again.isDecided(12)).isFalse();
            assertThat(again.isDecided(123)).isFalse();
            assertThat(again.isDecided(3)).isTrue();
            assertThat(again.decidedBefore()).isEqualTo(2);
        }
    }

    private void decide(PaymentFile payments, String group, long... lines) throws Exception {
        try (LoadProgress progress = LoadProgress.open(dir, payments, group)) {
            for (long line : lines) {
                progress.decided(line);
            }
        }
    }
}
