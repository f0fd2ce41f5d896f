package io.murmuration.core.apply;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogTimeTest {
    @Test
    void startsAtTheFirstStampWithoutAStep() {
        assertThat(LogTime.START.at(1_700_000_000_000L)).isEqualTo(new LogTime(1_700_000_000_000L, 0));
    }

    @Test
    void neverRunsBackwards() {
        LogTime time = LogTime.START.at(5_000).at(4_000);

        assertThat(time).isEqualTo(new LogTime(5_000, 0));
        assertThat(time.at(5_500)).isEqualTo(new LogTime(5_500, 500));
    }

    @Test
    void countsALongStepAsTenSeconds() {
        LogTime time = LogTime.START.at(5_000).at(5_000 + 86_400_000L);

        assertThat(time).isEqualTo(new LogTime(86_405_000L, 10_000));
        assertThat(time.at(86_405_000L + 10_000).elapsedMillis()).isEqualTo(20_000);
        assertThat(time.at(86_405_000L + 9_999).elapsedMillis()).isEqualTo(19_999);
    }

    @Test
    void survivesTheStrangestClocks() {
        LogTime time =
                LogTime.START.at(Long.MIN_VALUE).at(1).at(Long.MAX_VALUE).at(0).at(Long.MAX_VALUE);

        assertThat(time).isEqualTo(new LogTime(Long.MAX_VALUE, 10_000));
    }
}
