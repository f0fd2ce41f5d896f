package io.murmuration.testkit;

import io.murmuration.core.apply.LogTime;
import io.murmuration.core.model.Codec;
import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.Meta;
import io.murmuration.machine.Query;
import io.murmuration.machine.StateMachine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tests a state machine as plain Java, and finds folds that would let replicas drift apart.
 *
 * <pre>{@code
 * StateMachineTestKit.of(Bank.machine())
 *     .given(new Open("alice"), new Open("bob"), new Deposit("alice", 10))
 *     .when(new Transfer("alice", "bob", 7))
 *     .thenReply(new Receipt(3, 7))
 *     .thenState(ledger -> ledger.balanceOf("bob") == 7);
 * }</pre>
 *
 * <p>With each step all commands so far are folded from scratch: twice, and once more with every hash collection in
 * state and command iterating in another order. Replies, rejections and states must be equal each time, and no state
 * may change once it was handed out. With a codec each command, reply and state must survive the round trip.
 *
 * <p>Not found: a fold that reads a date or a file that does not change in between, a hash collection that the state's
 * own constructor copies into an immutable one, and a change inside of an object that has neither {@code equals} nor
 * {@code toString} of its own, unless there is a codec. A value; thread-safe as far as the machine is. Failures are
 * {@link AssertionError}s.
 *
 * @param <S> the type of the state
 * @since 0.1.0
 */
public final class StateMachineTestKit<S> {
    /** What the leader's clock shows at first: a time without a meaning. */
    public static final Instant START = Instant.parse("2020-01-01T00:00:00Z");

    private final StateMachine<S> machine;
    private final @Nullable Codec codec;
    private final List<StateMachineTestKitHistory.Step> steps;
    private final LogTime time;
    private final long next;

    private StateMachineTestKit(
            StateMachine<S> machine,
            @Nullable Codec codec,
            List<StateMachineTestKitHistory.Step> steps,
            LogTime time,
            long next) {
        this.machine = machine;
        this.codec = codec;
        this.steps = steps;
        this.time = time;
        this.next = next;
    }

    /**
     * A kit without commands yet.
     *
     * @param machine the machine to be tested
     * @param <S> the type of the state
     * @return a kit whose clock shows {@link #START} and whose first command has index 1
     */
    public static <S> StateMachineTestKit<S> of(StateMachine<S> machine) {
        LogTime start = LogTime.START.at(START.toEpochMilli());
        return new StateMachineTestKit<>(machine, null, List.of(), start, 1);
    }

    /**
     * Also demands that commands, replies and states survive a round trip.
     *
     * @param through what encodes and decodes them
     * @return a kit with that codec
     */
    public StateMachineTestKit<S> encoding(Codec through) {
        return new StateMachineTestKit<>(machine, through, steps, time, next);
    }

    /**
     * Sets the leader's clock, as {@link Meta#time} will tell it to the next commands: it may jump ahead, of which
     * {@link Meta#elapsed} counts 10 s at most; a clock that is set back shows no effect.
     *
     * @param sinceStart how long after {@link #START}
     * @return a kit at that time
     */
    public StateMachineTestKit<S> at(Duration sinceStart) {
        LogTime then = time.at(START.plus(sinceStart).toEpochMilli());
        return new StateMachineTestKit<>(machine, codec, steps, then, next);
    }

    /**
     * Lets time pass in a group that is in use: both {@link Meta#time} and {@link Meta#elapsed} go on by so much.
     *
     * @param passed how long; not negative
     * @return a kit at that time
     */
    public StateMachineTestKit<S> passing(Duration passed) {
        if (passed.isNegative()) {
            throw new IllegalArgumentException(
                    "Time does not run backwards in the log, so it cannot pass by " + passed + ".");
        }
        LogTime then = new LogTime(time.millis() + passed.toMillis(), time.elapsedMillis() + passed.toMillis());
        return new StateMachineTestKit<>(machine, codec, steps, then, next);
    }

    /**
     * Lets the log go on to an index: the next command has it.
     *
     * @param index not below the index that the next command would have
     * @return a kit at that index
     */
    public StateMachineTestKit<S> atIndex(long index) {
        if (index < next) {
            throw new IllegalArgumentException(
                    "The log is at index " + next + " already and does not go back to " + index + ".");
        }
        return new StateMachineTestKit<>(machine, codec, steps, time, index);
    }

    /**
     * Folds commands whose replies do not matter here. A rejection does: what is given must have happened.
     *
     * @param commands in this order
     * @return a kit that has folded them
     * @throws AssertionError if one of them is rejected, or folds wrongly
     */
    public StateMachineTestKit<S> given(Command<?>... commands) {
        StateMachineTestKit<S> kit = this;
        for (Command<?> command : commands) {
            kit = kit.followedBy(command);
        }
        List<Applied<S, ?>> results = kit.checked();
        for (int at = steps.size(); at < results.size(); at++) {
            String reason = results.get(at).reason();
            if (reason != null) {
                throw new AssertionError("What is given must have happened, but "
                        + kit.steps.get(at).command() + " was rejected: " + reason);
            }
        }
        return kit;
    }

    /**
     * Folds the command that the test is about.
     *
     * @param command the command
     * @param <R> the type of its reply
     * @return what to check
     * @throws AssertionError if it folds wrongly
     */
    public <R> Then<S, R> when(Command<R> command) {
        StateMachineTestKit<S> kit = followedBy(command);
        List<Applied<S, ?>> results = kit.checked();
        return new Then<>(kit, command, results.get(results.size() - 1));
    }

    /**
     * Asks the query that the test is about of the state so far. It is answered twice, the second time with every hash
     * collection in state and query iterating in another order; the answers must be equal, and the state must not
     * change.
     *
     * @param query the query
     * @param <R> the type of its reply
     * @return what to check
     * @throws AssertionError if it is answered wrongly, or a command before it folds wrongly
     */
    @SuppressWarnings("unchecked") // the machine was built so that the answer is what the query promises
    public <R> Asked<S, R> whenAsked(Query<R> query) {
        Object answer = new StateMachineTestKitHistory<>(machine, codec, steps).answered(query);
        return new Asked<>(this, query, (R) answer);
    }

    private StateMachineTestKit<S> followedBy(Command<?> command) {
        List<StateMachineTestKitHistory.Step> more = new ArrayList<>(steps);
        more.add(new StateMachineTestKitHistory.Step(command, time.meta(next, 1)));
        return new StateMachineTestKit<>(machine, codec, List.copyOf(more), time, next + 1);
    }

    private List<Applied<S, ?>> checked() {
        return new StateMachineTestKitHistory<>(machine, codec, steps).checked();
    }

    /**
     * What came of one command.
     *
     * @param <S> the type of the state
     * @param <R> the type of the reply
     * @since 0.1.0
     */
    public static final class Then<S, R> {
        private final StateMachineTestKit<S> kit;
        private final Command<R> command;
        private final Applied<S, ?> result;

        private Then(StateMachineTestKit<S> kit, Command<R> command, Applied<S, ?> result) {
            this.kit = kit;
            this.command = command;
            this.result = result;
        }

        /**
         * The fold replied.
         *
         * @param expected by {@code equals}
         * @return this
         * @throws AssertionError if it replied something else, or rejected the command
         */
        public Then<S, R> thenReply(R expected) {
            if (result.reason() != null) {
                throw new AssertionError(
                        command + " was to be answered with " + expected + ", but was rejected: " + result.reason());
            }
            if (!expected.equals(result.reply())) {
                throw new AssertionError(command + " was to be answered with " + expected + ", but the reply was "
                        + result.reply() + ".");
            }
            return this;
        }

        /**
         * The fold said no.
         *
         * @param reason the fold's words
         * @return this
         * @throws AssertionError if it gave another reason, or replied
         */
        public Then<S, R> thenRejected(String reason) {
            if (!reason.equals(result.reason())) {
                throw new AssertionError(command + " was to be rejected with \"" + reason + "\", but "
                        + (result.reason() == null
                                ? "the reply was " + result.reply() + "."
                                : "the reason was \"" + result.reason() + "\"."));
            }
            return this;
        }

        /**
         * The state after the command.
         *
         * @param holds what is expected of it
         * @return this
         * @throws AssertionError if it does not hold
         */
        public Then<S, R> thenState(Predicate<? super S> holds) {
            if (!holds.test(result.state())) {
                throw new AssertionError("After " + command + " the state is not as expected: " + result.state());
            }
            return this;
        }

        /**
         * The state after the command, for assertions of another library.
         *
         * @return the state
         */
        public S state() {
            return Objects.requireNonNull(result.state());
        }

        /**
         * Goes on from here.
         *
         * @return the kit with all commands so far
         */
        public StateMachineTestKit<S> and() {
            return kit;
        }
    }

    /**
     * What was answered to one query.
     *
     * @param <S> the type of the state
     * @param <R> the type of the reply
     * @since 0.1.0
     */
    public static final class Asked<S, R> {
        private final StateMachineTestKit<S> kit;
        private final Query<R> query;
        private final R answer;

        private Asked(StateMachineTestKit<S> kit, Query<R> query, R answer) {
            this.kit = kit;
            this.query = query;
            this.answer = answer;
        }

        /**
         * The query was answered.
         *
         * @param expected by {@code equals}
         * @return this
         * @throws AssertionError if the answer was something else
         */
        public Asked<S, R> thenAnswer(R expected) {
            if (!expected.equals(answer)) {
                throw new AssertionError(
                        query + " was to be answered with " + expected + ", but the answer was " + answer + ".");
            }
            return this;
        }

        /**
         * The answer, for assertions of another library.
         *
         * @return what was answered
         */
        public R answer() {
            return answer;
        }

        /**
         * Goes on from here.
         *
         * @return the kit with all commands so far
         */
        public StateMachineTestKit<S> and() {
            return kit;
        }
    }
}
