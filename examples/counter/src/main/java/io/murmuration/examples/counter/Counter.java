package io.murmuration.examples.counter;

import io.murmuration.machine.Command;
import io.murmuration.machine.StateMachine;

// sample counter begins
public final class Counter {
    public sealed interface Change extends Command<Long> permits Add, Reset {}

    public record Add(long amount) implements Change {}

    public record Reset() implements Change {}

    public static StateMachine<Long> machine() {
        return StateMachine.startingFrom(0L)
                .fold(Add.class, (count, add) -> count + add.amount()) // the reply is the new state
                .fold(Reset.class, (count, reset) -> 0L)
                .covering(Change.class); // refuses to be built incomplete
    }
}
// sample counter ends
