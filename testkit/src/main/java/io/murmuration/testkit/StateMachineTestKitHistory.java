package io.murmuration.testkit;

import io.murmuration.core.model.Codec;
import io.murmuration.core.model.Encoded;
import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.Meta;
import io.murmuration.machine.Query;
import io.murmuration.machine.StateMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Folds some commands from scratch, again and again, and finds what would let replicas drift apart. */
final class StateMachineTestKitHistory<S> {
    private final StateMachine<S> machine;
    private final @Nullable Codec codec;
    private final List<Step> steps;

    /** A command and what its fold is told of its entry. */
    record Step(Command<?> command, Meta meta) {}

    /** What a value looks like from outside: a state that was handed out must look the same for ever. */
    private record Look(int hash, String text, @Nullable Encoded encoded) {}

    StateMachineTestKitHistory(StateMachine<S> machine, @Nullable Codec codec, List<Step> steps) {
        this.machine = machine;
        this.codec = codec;
        this.steps = steps;
    }

    /** The results of all steps, after everything was found to be in order. */
    List<Applied<S, ?>> checked() {
        requireEquals(machine.initial());
        List<Look> looks = new ArrayList<>();
        List<Applied<S, ?>> results = folded(UnaryOperator.identity(), looks);
        for (int at = 0; at < results.size(); at++) {
            Command<?> command = steps.get(at).command();
            requireSame(looks.get(at), results.get(at).state(), "The state after " + command);
            roundTrip("The command", command);
            roundTrip("The reply", results.get(at).reply());
            roundTrip("The state", results.get(at).state());
        }
        awaitClock();
        compare(
                results,
                folded(UnaryOperator.identity(), new ArrayList<>()),
                "Take time from Meta.time(), expiry from Meta.elapsed() and randomness from Meta.random(); read no"
                        + " clock, file or static variable.");
        compare(
                results,
                folded(StateMachineTestKitReordered::of, new ArrayList<>()),
                "The second time every HashMap, HashSet, Map.of and Set.of iterated in another order, as it may on"
                        + " another node: use a sorted or a linked collection.");
        return results;
    }

    /** What the state after all steps answers to a query, after everything was found to be in order. */
    Object answered(Query<?> query) {
        List<Applied<S, ?>> results = checked();
        S state = results.isEmpty()
                ? machine.initial()
                : results.get(results.size() - 1).state();
        roundTrip("The query", query);
        Look look = look(state);
        Object answer = machine.answer(state, query);
        requireSame(look, state, "The state that " + query + " was asked of");
        S reordered = cast(StateMachineTestKitReordered.of(state));
        Object again = machine.answer(reordered, (Query<?>) StateMachineTestKitReordered.of(query));
        if (!answer.equals(again)) {
            throw new AssertionError(query + " was answered with " + answer + ", and then with " + again
                    + ": whoever asks would be told one thing by one replica and another by the next. "
                    + (hasEquals(answer.getClass())
                            ? "Answer from the state alone, and from no collection that iterates in its own order."
                            : noEquals(answer.getClass())));
        }
        roundTrip("The answer", answer);
        return answer;
    }

    /** Also takes down what each state looked like when it was handed out. */
    private List<Applied<S, ?>> folded(UnaryOperator<Object> before, List<Look> looks) {
        List<Applied<S, ?>> results = new ArrayList<>();
        S state = machine.initial();
        for (Step step : steps) {
            S given = cast(before.apply(state));
            Look look = look(given);
            Applied<S, ?> result = machine.apply(given, (Command<?>) before.apply(step.command()), step.meta());
            requireSame(look, given, "The state that the fold of " + step.command() + " was given");
            results.add(result);
            looks.add(look(result.state()));
            state = result.state();
        }
        return results;
    }

    @SuppressWarnings("unchecked") // what comes before a fold is the state itself or an equal one of its class
    private S cast(Object state) {
        return (S) state;
    }

    private void compare(List<Applied<S, ?>> first, List<Applied<S, ?>> second, String advice) {
        for (int at = 0; at < first.size(); at++) {
            Applied<S, ?> one = first.get(at);
            Applied<S, ?> other = second.get(at);
            Command<?> command = steps.get(at).command();
            differ(command, "reply", one.reply(), other.reply(), advice);
            differ(command, "reason", one.reason(), other.reason(), advice);
            differ(command, "state", one.state(), other.state(), advice);
        }
    }

    private static void differ(
            Command<?> command, String what, @Nullable Object one, @Nullable Object other, String advice) {
        if (!Objects.equals(one, other)) {
            throw new AssertionError("Folding the same commands twice gave " + command + " the " + what + " " + one
                    + ", and then " + other + ": replicas would drift apart. "
                    + (one != null && !hasEquals(one.getClass()) ? noEquals(one.getClass()) : advice));
        }
    }

    private Look look(Object value) {
        return new Look(value.hashCode(), value.toString(), codec == null ? null : encoded(codec, "The state", value));
    }

    private void requireSame(Look before, Object value, String what) {
        Look after = look(value);
        if (!after.equals(before)) {
            throw new AssertionError(what + " was changed after it had been handed out, from " + before.text() + " to "
                    + after.text() + ": a state is an immutable value, since snapshots and reads hold on to it.");
        }
    }

    private void roundTrip(String what, @Nullable Object value) {
        if (codec == null || value == null) {
            return;
        }
        Object back;
        try {
            back = codec.decode(encoded(codec, what, value));
        } catch (Codec.CodecException e) {
            throw new AssertionError(what + " " + value + " cannot be decoded again: " + e.getMessage(), e);
        }
        if (!value.equals(back)) {
            throw new AssertionError(what + " " + value + " came back from its encoding as " + back + ". "
                    + (hasEquals(value.getClass())
                            ? "Look at what its class does not tell the serializer."
                            : noEquals(value.getClass())));
        }
    }

    private static Encoded encoded(Codec codec, String what, Object value) {
        try {
            return codec.encode(value);
        } catch (Codec.CodecException e) {
            throw new AssertionError(what + " " + value + " cannot be encoded: " + e.getMessage(), e);
        }
    }

    private static void requireEquals(Object state) {
        if (!hasEquals(state.getClass())) {
            throw new AssertionError("States cannot be compared. " + noEquals(state.getClass()));
        }
    }

    private static boolean hasEquals(Class<?> type) {
        try {
            return type.getMethod("equals", Object.class).getDeclaringClass() != Object.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("Every class has equals.", e);
        }
    }

    private static String noEquals(Class<?> type) {
        return type.getName() + " has no equals of its own; make it a record.";
    }

    /** A fold that reads the clock is only found if the clock has moved. It does so within milliseconds. */
    private static void awaitClock() {
        long before = System.currentTimeMillis();
        while (System.currentTimeMillis() <= before) {
            Thread.onSpinWait();
        }
    }
}
