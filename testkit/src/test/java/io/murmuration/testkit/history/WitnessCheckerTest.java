package io.murmuration.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.testkit.history.Verdict.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The rules that need an applied log, or are about what is not known; the others are planted faults. */
class WitnessCheckerTest {
    private static final CounterModel COUNTER = new CounterModel();

    private static Operation add(int sum, long call, long returned, long index) {
        return Operation.ok("c" + index, "add", "n", 1, sum, call, returned, index);
    }

    private static Operation read(int sum, long call, long returned, long index) {
        return Operation.ok("r" + index, "read", "n", null, sum, call, returned, index);
    }

    /** A log whose entries are at these indices and carry out positions 0, 1, ... of the history. */
    private static AppliedLog log(long... indices) {
        AppliedLog log = new AppliedLog();
        for (int position = 0; position < indices.length; position++) {
            log.add(indices[position], position);
        }
        return log;
    }

    @Test
    void readsTheStateAfterTheWriteOfTheSameIndex() {
        History history = History.of(read(1, 0, 50, 4), add(1, 0, 50, 4), read(0, 0, 50, 3), add(2, 10, 60, 6));

        Verdict verdict = WitnessChecker.check(history, COUNTER);

        assertThat(verdict.kind()).isEqualTo(Kind.LINEARIZABLE);
        assertThat(verdict.explanation()).contains("for 4 operations");
    }

    @Test
    void namesTheLastWriteAndNotTheLastReadBeforeAWrongAnswer() {
        History history = History.of(add(1, 0, 10, 1), read(1, 20, 30, 1), read(7, 40, 50, 1));

        assertThat(WitnessChecker.check(history, COUNTER).explanation())
                .endsWith("the last write before is c1: add n 1 -> 1 [0..10 ns, index 1].");
    }

    @Test
    void wantsAnIndexOfItsOwnForAWriteThatCameLater() {
        History history = History.of(read(0, 0, 10, 3), add(1, 20, 30, 3));

        assertThat(WitnessChecker.check(history, COUNTER).explanation())
                .contains("This write took effect at index 3, not above index 3");
    }

    @Test
    void comparesWithTheHighestIndexThatWasOverAndNotWithTheLast() {
        History history = History.of(add(2, 0, 10, 9), add(1, 0, 20, 8), read(1, 30, 40, 8));

        assertThat(WitnessChecker.check(history, COUNTER).explanation())
                .contains("Stale read: this operation saw the state at index 8, below index 9");
    }

    @Test
    void leavesAPartitionWithAnUnknownWriteToTheSearch() {
        History history = History.of(
                add(1, 0, 10, 1),
                Operation.unknown("c2", "add", "n", 1, 20),
                read(2, 30, 40, 2),
                Operation.ok("c3", "add", "m", 1, 1, 0, 10, 2),
                Operation.unknown("c4", "read", "m", null, 20));

        Verdict verdict = WitnessChecker.check(history, COUNTER);

        assertThat(verdict.kind()).isEqualTo(Kind.UNDECIDED);
        assertThat(verdict.undecided()).containsExactly("n");
        assertThat(verdict.explanation()).contains("Left to the search are 1 partitions: n.");
    }

    @Test
    void leavesAPartitionWithAnAnswerWithoutIndexToTheSearch() {
        History history = History.of(add(1, 0, 10, 0), read(1, 30, 40, 0));

        assertThat(WitnessChecker.check(history, COUNTER).undecided()).containsExactly("n");
        assertThat(WitnessChecker.check(history, COUNTER, log(5)).undecided()).containsExactly("n");
        assertThat(WitnessChecker.check(History.of(add(1, 0, 10, 0)), COUNTER, log(5))
                        .kind())
                .isEqualTo(Kind.LINEARIZABLE);
    }

    @Test
    void placesUnknownWritesWhereTheLogHasThem() {
        History history = History.of(
                add(1, 0, 10, 1),
                Operation.unknown("c2", "add", "n", 1, 20),
                read(1, 30, 40, 1),
                read(2, 50, 60, 2),
                Operation.unknown("c3", "add", "n", 1, 20));

        assertThat(WitnessChecker.check(history, COUNTER, log(1, 2)).kind()).isEqualTo(Kind.LINEARIZABLE);
        assertThat(WitnessChecker.check(history, COUNTER, log(1)).explanation())
                .contains("r2: read n -> 2 [50..60 ns, index 2]. At its index the state is 1");
    }

    @Test
    void refusesAnUnknownWriteThatTookEffectBeforeItsCall() {
        History history = History.of(add(1, 0, 10, 5), Operation.unknown("c2", "add", "n", 0, 20), read(1, 30, 40, 5));

        assertThat(WitnessChecker.check(history, COUNTER, log(5, 4)).explanation())
                .contains("This write took effect at index 4, not above index 5");
    }

    @Test
    void findsAnAcknowledgedWriteThatIsNotInTheLog() {
        History history = History.of(add(1, 0, 10, 1), add(2, 20, 30, 2));

        assertThat(WitnessChecker.check(history, COUNTER, log(1)).explanation())
                .contains("Lost write: it was acknowledged and is not in the applied log: c2: add n 1 -> 2");
    }

    @Test
    void findsAnAcknowledgedWriteAtAnotherIndex() {
        History history = History.of(add(1, 0, 10, 1), add(2, 20, 30, 2));

        assertThat(WitnessChecker.check(history, COUNTER, log(1, 3)).explanation())
                .contains("The applied log has this operation at index 3, not where its answer says: c2");
    }

    @Test
    void findsAnOperationThatWasAppliedTwice() {
        History history = History.of(add(1, 0, 10, 1));
        AppliedLog log = log(1);
        log.add(2, 0);

        assertThat(WitnessChecker.check(history, COUNTER, log).explanation())
                .isEqualTo("Double effect: the applied log has this operation at index 1 and again at index 2: "
                        + "c1: add n 1 -> 1 [0..10 ns, index 1].");
    }

    @Test
    void findsAnUnknownOperationThatWasAppliedTwice() {
        History history = History.of(Operation.unknown("c1", "add", "n", 1, 0));
        AppliedLog log = log(1);
        log.add(2, 0);

        assertThat(WitnessChecker.check(history, COUNTER, log).explanation()).startsWith("Double effect");
    }

    @Test
    void findsAFailedOperationThatWasApplied() {
        History history = History.of(Operation.fail("c1", "add", "n", 1, 0, 10));

        assertThat(WitnessChecker.check(history, COUNTER, log(1)).explanation())
                .contains("at index 1 an operation that was said to have failed, surely without effect: c1");
    }

    @Test
    void findsTwoOperationsAtOneIndexOfTheLog() {
        History history = History.of(add(1, 0, 10, 7), Operation.unknown("c2", "add", "n", 0, 0));

        assertThat(WitnessChecker.check(history, COUNTER, log(7, 7)).explanation())
                .contains("The applied log has two operations at index 7");
    }

    @Test
    void refusesALogOfAnotherHistory() {
        assertThatThrownBy(() -> WitnessChecker.check(History.of(add(1, 0, 10, 1)), COUNTER, log(1, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("position 1 of a history of 1");
        assertThatThrownBy(() -> new AppliedLog().add(0, 0)).hasMessageContaining("indices begin at 1");
    }

    @Test
    void reportsOneFaultPerPartitionAndTenInWords() {
        List<Operation> wrong = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            wrong.add(Operation.ok("c", "add", "n" + i, 1, 8, 0, 100, 2 * i + 1));
            wrong.add(Operation.ok("c", "read", "n" + i, null, 9, 0, 100, 2 * i + 2));
        }

        String text = WitnessChecker.check(new History(wrong), COUNTER).explanation();

        assertThat(text.lines()).hasSize(11).last().isEqualTo("There are 5 more violations.");
    }

    @Test
    void sortsPositionsStably() {
        long[] keys = LongStream.range(0, 1_000).map(i -> (i * 7_919) % 50).toArray();

        int[] sorted = PositionSort.all(keys);

        for (int i = 1; i < sorted.length; i++) {
            long step = keys[sorted[i]] - keys[sorted[i - 1]];
            assertThat(step > 0 || (step == 0 && sorted[i] > sorted[i - 1])).isTrue();
        }
        assertThat(PositionSort.all(new long[0])).isEmpty();
        assertThat(PositionSort.all(new long[] {Long.MAX_VALUE, Long.MIN_VALUE, 0}))
                .containsExactly(1, 2, 0);
    }
}
