package io.murmuration.examples.bank.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaymentMemoryTest {
    @Test
    void forgetsTheOldestFirstBeyondItsBound() {
        PaymentMemory memory = PaymentMemory.empty(3);

        for (int i = 1; i <= 5; i++) {
            memory = memory.with(payment("p" + i, i, i));
        }

        assertThat(memory.size()).isEqualTo(3);
        assertThat(memory.recall("p2", 5)).isNull();
        assertThat(memory.recall("p3", 5)).isNotNull();
        assertThat(memory.oldest()).isEqualTo(payment("p3", 3, 3));
    }

    @Test
    void forgetsManyThatGrewOldTogetherAFewAtATime() {
        PaymentMemory memory = PaymentMemory.empty(1000);
        for (int i = 1; i <= 100; i++) {
            memory = memory.with(payment("p" + i, i, 0));
        }
        long late = PaymentMemory.AGE_MAX_MILLIS + 1;

        memory = memory.with(payment("q1", 101, late));

        assertThat(memory.size()).isBetween(2, 100);
        assertThat(memory.recall("p100", late))
                .as("forgotten, though not cleared away yet")
                .isNull();
        for (int i = 2; i <= 10; i++) {
            memory = memory.with(payment("q" + i, 100 + i, late));
        }
        assertThat(memory.size()).isEqualTo(10);
    }

    private static Remembered payment(String id, long index, long elapsedMillis) {
        return new Remembered(id, null, "a", 1, index, elapsedMillis, null, 0, 1);
    }
}
