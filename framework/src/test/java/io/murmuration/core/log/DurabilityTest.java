package io.murmuration.core.log;

import static io.murmuration.core.log.Logs.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DurabilityTest {
    private final Durability durability = new Durability(id(4, 1));

    @Test
    void countsWhatWasRecovered() {
        assertThat(durability.durable()).isEqualTo(4);
    }

    @Test
    void oneAnswerCoversAllWritesBefore() {
        durability.begin(5, 6, 0);
        durability.begin(7, 9, 0);
        long third = durability.begin(10, 10, 0);

        durability.written(third - 1);

        assertThat(durability.durable()).isEqualTo(9);
    }

    @Test
    void anEarlierWriteDoesNotMakeDurableWhatALaterOneReplaced() {
        long first = durability.begin(5, 9, 0);
        long second = durability.begin(7, 7, 0);

        durability.written(first);
        long between = durability.durable();
        durability.written(second);

        assertThat(between).isEqualTo(6);
        assertThat(durability.durable()).isEqualTo(7);
    }

    @Test
    void aReplacementOfDurableEntriesTakesThemBack() {
        long write = durability.begin(3, 3, 0);

        assertThat(durability.durable()).isEqualTo(2);
        durability.written(write);
        assertThat(durability.durable()).isEqualTo(3);
    }

    @Test
    void anAnswerThatComesTwiceCountsOnce() {
        long first = durability.begin(5, 6, 0);
        durability.written(first);
        durability.begin(5, 5, 0);

        durability.written(first);

        assertThat(durability.durable()).isEqualTo(4);
    }

    @Test
    void stopsWhenTheStoreIsSilentForAMinute() {
        long start = Long.MAX_VALUE - 5;
        durability.begin(5, 5, start);
        long end = start + Durability.PATIENCE_NANOS;

        assertThat(durability.patienceEnds()).isEqualTo(end);
        assertThatCode(() -> durability.check(end - 1)).doesNotThrowAnyException();
        assertThatThrownBy(() -> durability.check(end))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("write 1 for 60 s");
    }

    @Test
    void givesTheStoreItsTimeAnewAfterThisProcessStoodStill() {
        durability.begin(5, 5, 0);
        long late = Durability.PATIENCE_NANOS + 2_000_000_000L;

        assertThatCode(() -> durability.check(late)).doesNotThrowAnyException();

        assertThat(durability.patienceEnds()).isEqualTo(late + Durability.PATIENCE_NANOS);
    }
}
