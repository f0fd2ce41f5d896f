package io.murmuration.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StateMachineTest {
    private static final Meta META = new Meta(7, 2, Instant.ofEpochMilli(1), Duration.ZERO);

    sealed interface Change extends Command<Long> permits Add, Reset, Rare {}

    record Add(long amount) implements Change {}

    record Reset() implements Change {}

    sealed interface Rare extends Change permits Twice {}

    record Twice() implements Rare {}

    enum Step implements Command<Long> {
        UP {
            @Override
            long by() {
                return 1;
            }
        },
        DOWN {
            @Override
            long by() {
                return -1;
            }
        };

        abstract long by();
    }

    record Withdraw(long amount) implements Command<String> {}

    interface Open extends Command<Long> {}

    record Late() implements Open {}

    static class Loose implements Command<Long> {}

    private static StateMachine.Builder<Long> counter() {
        return StateMachine.startingFrom(0L)
                .fold(Add.class, (count, add) -> count + add.amount())
                .fold(Reset.class, (count, reset) -> 0L);
    }

    @Test
    void repliesTheNewStateInTheShortForm() {
        StateMachine<Long> machine =
                counter().fold(Twice.class, (count, twice) -> 2 * count).covering(Change.class);

        Applied<Long, ?> applied = machine.apply(4L, new Add(5), META);

        assertThat(applied.state()).isEqualTo(9L);
        assertThat(applied.reply()).isEqualTo(9L);
        assertThat(machine.commands()).containsExactly(Add.class, Reset.class, Twice.class);
    }

    @Test
    void refusesToBeBuiltIncompleteAlsoBelowANestedFamily() {
        assertThatThrownBy(() -> counter().covering(Change.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("No fold for StateMachineTest.Twice; add .on(Twice.class, ...).");
    }

    @Test
    void refusesAFoldOutsideOfTheFamily() {
        StateMachine.Builder<Long> builder =
                counter().fold(Twice.class, (count, twice) -> 2 * count).fold(Late.class, (count, late) -> count);

        assertThatThrownBy(() -> builder.covering(Change.class)).hasMessageContaining("does not belong to");
    }

    @Test
    void refusesASecondFoldForOneCommand() {
        StateMachine.Builder<Long> builder = counter();

        assertThatThrownBy(() -> builder.fold(Add.class, (count, add) -> count))
                .hasMessageContaining("has a fold already");
    }

    @Test
    void refusesFamiliesThatAreOpenToSubclasses() {
        StateMachine.Builder<Long> ofInterface = StateMachine.startingFrom(0L).fold(Late.class, (count, late) -> count);
        StateMachine.Builder<Long> ofClass = StateMachine.startingFrom(0L).fold(Loose.class, (count, loose) -> count);

        assertThatThrownBy(() -> ofInterface.covering(Open.class)).hasMessageContaining("open to subclasses");
        assertThatThrownBy(() -> ofClass.covering(Loose.class)).hasMessageContaining("open to subclasses");
    }

    @Test
    void refusesAFoldForAnInterface() {
        StateMachine.Builder<Long> builder = StateMachine.startingFrom(0L);

        assertThatThrownBy(() -> builder.fold(Open.class, (count, open) -> count))
                .hasMessageContaining("is abstract");
    }

    @Test
    void foldsConstantsOfAnEnumThatHaveBodies() {
        StateMachine<Long> machine = StateMachine.startingFrom(0L)
                .fold(Step.class, (count, step) -> count + step.by())
                .covering(Step.class);

        assertThat(machine.apply(1L, Step.DOWN, META).state()).isEqualTo(0L);
    }

    @Test
    void passesOnARejectionWithTheStateThatTheFoldKeeps() {
        StateMachine<Long> machine = StateMachine.startingFrom(3L)
                .on(
                        Withdraw.class,
                        (balance, withdraw, meta) -> withdraw.amount() > balance
                                ? Applied.rejected(balance, "only " + balance + " left")
                                : Applied.of(balance - withdraw.amount(), "done at " + meta.index()))
                .covering(Withdraw.class);

        assertThat(machine.apply(3L, new Withdraw(4), META)).isEqualTo(Applied.rejected(3L, "only 3 left"));
        assertThat(machine.apply(3L, new Withdraw(2), META)).isEqualTo(Applied.of(1L, "done at 7"));
    }

    @Test
    void saysWhichFoldIsMissingOrReturnedNothing() {
        StateMachine<Long> machine = StateMachine.startingFrom(0L)
                .<String, Withdraw>on(Withdraw.class, (balance, withdraw, meta) -> null)
                .covering(Withdraw.class);

        assertThatThrownBy(() -> machine.apply(0L, new Add(1), META))
                .hasMessageContaining("No fold for StateMachineTest.Add");
        assertThatThrownBy(() -> machine.apply(0L, new Withdraw(1), META)).hasMessageContaining("returned null");
    }

    @Test
    void anAnswerIsAReplyOrAReason() {
        assertThatThrownBy(() -> new Applied<>(1L, null, null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Applied<>(1L, "reply", "reason")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void randomnessComesFromTheEntryAlone() {
        Meta same = new Meta(7, 2, Instant.EPOCH, Duration.ofDays(1));
        Meta next = new Meta(8, 2, Instant.EPOCH, Duration.ofDays(1));

        List<Long> numbers = META.random().longs(5).boxed().toList();

        assertThat(same.random().longs(5).boxed()).isEqualTo(numbers).hasSize(5);
        assertThat(META.random().longs(5).boxed()).isEqualTo(numbers);
        assertThat(next.random().longs(5).boxed()).isNotEqualTo(numbers);
    }
}
