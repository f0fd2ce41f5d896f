package io.murmuration.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.testkit.history.SearchChecker.Limits;
import io.murmuration.testkit.history.Verdict.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SearchCheckerTest {
    private static final RegisterModel REGISTER = new RegisterModel();
    private static final CounterModel COUNTER = new CounterModel();

    private static Operation write(int value, long call, long returned) {
        return Operation.ok("w" + value, "write", "x", value, null, call, returned, 0);
    }

    private static Operation read(int value, long call, long returned) {
        return Operation.ok("r", "read", "x", null, value, call, returned, 0);
    }

    private static Kind kind(Operation... operations) {
        return SearchChecker.check(History.of(operations), REGISTER).kind();
    }

    @Test
    void acceptsAnyOrderOfWhatIsOpenAtOnce() {
        assertThat(kind(write(1, 0, 100), write(2, 0, 100), read(1, 0, 100), read(2, 110, 120)))
                .isEqualTo(Kind.LINEARIZABLE);
        assertThat(kind(write(1, 0, 100), write(2, 0, 100), read(2, 0, 100), read(1, 110, 120)))
                .isEqualTo(Kind.LINEARIZABLE);
    }

    /** 0 and -1 have the same hash, and both orders of the writes lead to the same set. */
    @Test
    void tellsStatesApartThatHaveTheSameHash() {
        assertThat(Operation.json(0L)).hasSameHashCodeAs(Operation.json(-1L));
        assertThat(kind(write(0, 0, 100), write(-1, 0, 100), read(0, 110, 120))).isEqualTo(Kind.LINEARIZABLE);
        assertThat(kind(write(0, 0, 100), write(-1, 0, 100), read(-1, 110, 120)))
                .isEqualTo(Kind.LINEARIZABLE);
    }

    @Test
    void takesOperationsThatMeetAtOneNanosecondAsConcurrent() {
        assertThat(kind(write(1, 0, 10), read(1, 20, 30), write(2, 30, 40), write(3, 5, 20)))
                .isEqualTo(Kind.LINEARIZABLE);
        assertThat(kind(read(1, 0, 10), write(1, 10, 20))).isEqualTo(Kind.LINEARIZABLE);
        assertThat(kind(read(1, 0, 10), write(1, 11, 20))).isEqualTo(Kind.VIOLATED);
    }

    @Test
    void letsAnUnknownWriteTakeEffectLateOrNeverButNotEarly() {
        Operation unknown = Operation.unknown("w7", "write", "x", 7, 50);

        assertThat(kind(write(1, 0, 10), unknown, read(1, 60, 70), read(7, 900, 910)))
                .isEqualTo(Kind.LINEARIZABLE);
        assertThat(kind(write(1, 0, 10), unknown, read(1, 60, 70))).isEqualTo(Kind.LINEARIZABLE);
        assertThat(kind(write(1, 0, 10), unknown, read(7, 20, 30))).isEqualTo(Kind.VIOLATED);
        assertThat(kind(write(1, 0, 10), unknown, read(7, 60, 70), read(1, 80, 90), read(7, 100, 110)))
                .isEqualTo(Kind.VIOLATED);
    }

    @Test
    void judgesEachKeyOnItsOwn() {
        History history = History.of(
                Operation.ok("c1", "write", "x", 1, null, 0, 10, 0),
                Operation.ok("c1", "read", "y", null, null, 20, 30, 0),
                Operation.ok("c1", "read", "z", null, 1, 20, 30, 0));

        Verdict verdict = SearchChecker.check(history, REGISTER);

        assertThat(verdict.explanation()).startsWith("Partition \"z\" is not linearizable");
        assertThat(SearchChecker.check(history, REGISTER, Limits.DEFAULT, List.of("x", "y"))
                        .kind())
                .isEqualTo(Kind.LINEARIZABLE);
    }

    @Test
    void tellsTheLongestOrderAndWhatDoesNotFit() {
        History history = History.of(
                write(1, 0, 10),
                write(2, 20, 60),
                Operation.unknown("w3", "write", "x", 2, 5),
                read(2, 30, 40),
                read(1, 50, 55),
                read(2, 70, 80));

        Verdict verdict = SearchChecker.check(history, REGISTER);

        assertThat(verdict.explanation()).isEqualTo("""
                Partition "x" is not linearizable: no order of its 6 operations respects real time \
                and gives every answer.
                  The longest order that is possible has 4 of them:
                    1. w1: write x 1 -> ok [0..10 ns]
                    2. w3: write x 2 -> unknown [5.. ns]
                    3. w2: write x 2 -> ok [20..60 ns]
                    4. r: read x -> 2 [30..40 ns]
                  After it the state is 2.
                  Then this operation fits nowhere: r: read x -> 1 [50..55 ns].
                  It had to take effect before it returned. This state does not give its answer, and no other \
                operation was open then.""");
        assertThat(verdict.undecided()).isEmpty();
    }

    /** 12 writes have 479 million orders, and 4 thousand sets. */
    @Test
    void visitsNoSetAndStateTwice() {
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            operations.add(write(i, 0, 100));
        }
        operations.add(read(99, 200, 210));

        Verdict verdict = SearchChecker.check(new History(operations), REGISTER);

        assertThat(verdict.kind()).isEqualTo(Kind.VIOLATED);
    }

    @Test
    void givesUpAtItsLimitAndNeverGuesses() {
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            operations.add(write(i, 0, 100));
        }
        operations.add(read(99, 200, 210));
        operations.add(Operation.ok("c", "read", "y", null, null, 0, 1, 0));
        History history = new History(operations);

        Verdict byVisits = SearchChecker.check(history, REGISTER, new Limits(20_000, Duration.ofMinutes(10)));
        Verdict byTime = SearchChecker.check(history, REGISTER, new Limits(Integer.MAX_VALUE, Duration.ofMillis(50)));

        assertThat(byVisits.kind()).isEqualTo(Kind.UNDECIDED);
        assertThat(byVisits.undecided()).containsExactly("x");
        assertThat(byVisits.explanation()).contains("given up after 20,000 visits", "in 1 partitions: x.");
        assertThat(byTime.kind()).isEqualTo(Kind.UNDECIDED);
    }

    @Test
    void findsAFaultBesideWhatItCannotDecide() {
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            operations.add(write(i, 0, 100));
        }
        operations.add(read(99, 200, 210));
        operations.add(Operation.ok("c", "read", "y", null, 5, 0, 1, 0));

        Verdict verdict =
                SearchChecker.check(new History(operations), REGISTER, new Limits(1_000, Duration.ofMinutes(1)));

        assertThat(verdict.kind()).isEqualTo(Kind.VIOLATED);
        assertThat(verdict.explanation()).startsWith("Partition \"y\"");
        assertThat(verdict.undecided()).containsExactly("x");
    }

    /** Reads that fit are never tried elsewhere: 300 of them, all open at once, take 300 visits. */
    @Test
    void takesAReadThatFitsWithoutASecondTry() {
        List<Operation> operations = new ArrayList<>();
        operations.add(write(1, 0, 10));
        for (int i = 0; i < 300; i++) {
            operations.add(read(1, 20, 100));
        }
        operations.add(read(2, 200, 210));

        Search<?> search = new Search<>(REGISTER, operations);
        Kind kind = search.run(new Budget(10_000, Duration.ofMinutes(1)));

        assertThat(kind).isEqualTo(Kind.VIOLATED);
        assertThat(search.visits()).isEqualTo(301);
    }

    /** Of 40 unknown additions of one, none is like no other: 41 sets and not 2^40. */
    @Test
    void triesUnknownOperationsThatAskTheSameInOneOrder() {
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            operations.add(Operation.unknown("c" + i, "add", "n", 1, i));
        }
        operations.add(Operation.ok("c", "read", "n", null, 41, 100, 110, 0));

        Search<?> search = new Search<>(COUNTER, operations);
        Kind kind = search.run(new Budget(10_000, Duration.ofMinutes(1)));

        assertThat(kind).isEqualTo(Kind.VIOLATED);
        assertThat(search.visits()).isEqualTo(40);
    }

    /** None of these 40 can swap anything, so none of them is spent: no set is visited, and not 2^40. */
    @Test
    void spendsNoUnknownOperationWhereItChangesNothing() {
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            operations.add(Operation.unknown("c" + i, "cas", "x", Map.of("from", 100 + i, "to", 5), i));
        }
        operations.add(read(5, 100, 110));

        Search<?> search = new Search<>(REGISTER, operations);
        Kind kind = search.run(new Budget(10_000, Duration.ofMinutes(1)));

        assertThat(kind).isEqualTo(Kind.VIOLATED);
        assertThat(search.visits()).isZero();
    }

    /** The memory of a visit does not grow with the history: 20,000 operations one after the other. */
    @Test
    void searchesALongHistoryInLinearTime() {
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            operations.add(Operation.ok("c", "add", "n", 1, i + 1, 10L * i, 10L * i + 15, 0));
        }

        assertThat(SearchChecker.check(new History(operations), COUNTER).kind()).isEqualTo(Kind.LINEARIZABLE);
    }

    @Test
    void refusesLimitsThatFindNothing() {
        assertThatThrownBy(() -> new Limits(0, Duration.ofSeconds(1))).hasMessageContaining("must be positive");
        assertThatThrownBy(() -> new Limits(1, Duration.ZERO)).hasMessageContaining("must be positive");
    }
}
