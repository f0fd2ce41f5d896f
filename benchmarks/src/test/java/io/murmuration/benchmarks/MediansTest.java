package io.murmuration.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.benchmarks.Window.Work;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MediansTest {
    private static final Work ADD = new Work(3, 1, "add", 64, 16, false);
    private static final Work READ = new Work(3, 1, "read", 0, 16, false);

    private static Window window(Work work, long perSecond, long micros, boolean disturbed) {
        return new Window(
                work,
                "client",
                "n1",
                perSecond,
                0,
                "",
                micros,
                2 * micros,
                3 * micros,
                4 * micros,
                Map.of("n1", micros / 10.0, "client", 1.0),
                disturbed ? 50 : 0,
                0,
                disturbed);
    }

    @Test
    void takesEachFigureByItself() {
        List<Medians> medians = Medians.of(List.of(
                window(ADD, 300, 50, false),
                window(READ, 7, 8, true),
                window(ADD, 100, 30, true),
                window(ADD, 200, 90, false)));

        assertThat(medians)
                .containsExactly(
                        new Medians(ADD, 3, 1, 200, 100, 300, 50, 100, 150, 6.0),
                        new Medians(READ, 1, 1, 7, 7, 7, 8, 16, 24, 1.8));
    }

    @Test
    void takesTheWorseOfTheTwoInTheMiddle() {
        List<Medians> medians = Medians.of(List.of(
                window(ADD, 400, 10, false),
                window(ADD, 300, 20, false),
                window(ADD, 200, 30, false),
                window(ADD, 100, 40, false)));

        assertThat(medians).containsExactly(new Medians(ADD, 4, 0, 200, 100, 400, 30, 60, 90, 4.0));
    }
}
