package io.murmuration.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class QueriesOfAMachineTest {
    record Add(long amount) implements Command<Long> {}

    sealed interface Asked permits Plus, Way, Text {}

    record Plus(long amount) implements Asked, Query<Long> {}

    /** Has a class of its own for its constant. */
    enum Way implements Asked, Query<Boolean> {
        UP {}
    }

    record Text() implements Asked, Query<String> {}

    record Stray() implements Query<String> {}

    interface Open extends Query<String> {}

    private static StateMachine.Builder<Long> builder() {
        return StateMachine.startingFrom(1L)
                .fold(Add.class, (sum, add) -> sum + add.amount())
                .answering(Plus.class, (sum, plus) -> sum + plus.amount())
                .answering(Way.class, (sum, way) -> sum > 0);
    }

    @Test
    void answersByTheClassOfTheQuery() {
        StateMachine<Long> machine =
                builder().answering(Text.class, (sum, text) -> "sum " + sum).covering(Add.class, Asked.class);

        assertThat(machine.answer(4L, new Plus(3))).isEqualTo(7L);
        assertThat(machine.answer(4L, Way.UP)).isEqualTo(true);
        assertThat(machine.answer(4L, new Text())).isEqualTo("sum 4");
        assertThat(machine.queries()).containsExactly(Plus.class, Way.class, Text.class);
    }

    @Test
    void refusesToBeBuiltWithoutAnAnswerToEachQuery() {
        assertThatThrownBy(() -> builder().covering(Add.class, Asked.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("No answer for QueriesOfAMachineTest.Text; add .answering(Text.class, ...).");
    }

    @Test
    void refusesAnAnswerOutsideOfTheFamily() {
        StateMachine.Builder<Long> builder =
                builder().answering(Text.class, (sum, text) -> "").answering(Stray.class, (sum, stray) -> "");

        assertThatThrownBy(() -> builder.covering(Add.class, Asked.class))
                .hasMessageContaining("QueriesOfAMachineTest.Stray has an answer but does not belong to");
    }

    @Test
    void refusesASecondAnswerAndOneForAnInterface() {
        assertThatThrownBy(() -> builder().answering(Plus.class, (sum, plus) -> sum))
                .hasMessageContaining("has an answer already");
        assertThatThrownBy(() -> builder().answering(Open.class, (sum, open) -> ""))
                .hasMessageContaining("is abstract; give an answer");
    }

    @Test
    void anUnknownQueryAndANullAnswerAreErrors() {
        StateMachine<Long> machine =
                builder().answering(Text.class, (sum, text) -> null).covering(Add.class);

        assertThatThrownBy(() -> machine.answer(1L, new Stray()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("No answer for QueriesOfAMachineTest.Stray");
        assertThatThrownBy(() -> machine.answer(1L, new Text())).hasMessageContaining("is null");
    }

    @Test
    void anObservedMachineAnswersToo() {
        AtomicInteger seen = new AtomicInteger();
        StateMachine<Long> machine =
                builder().covering(Add.class).observed((command, meta, before, result) -> seen.incrementAndGet());

        assertThat(machine.answer(1L, new Plus(1))).isEqualTo(2L);
        assertThat(seen).hasValue(0);
    }
}
