package io.murmuration.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.persistence.DiskImage.Outage;
import io.murmuration.persistence.FaultyDisk.Fault;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The first I/O error ends the journal; what was confirmed before stays, and nothing is confirmed after. */
final class IoFailureTest {

    private static final int STEPS = 24;
    private static final int EVENTS = 30;
    private final JournalScript script = new JournalScript(21, STEPS);

    @Test
    void endsForGoodAtAFailureOfAnyOperation() throws Exception {
        List<String> operations = operationsOfAWholeRun();
        for (int at = 0; at < operations.size(); at++) {
            FaultyDisk disk = JournalScript.emptyDisk().at(at, Fault.FAIL);

            JournalScript.Outcome outcome = script.run(disk);

            assertThat(outcome.failure())
                    .as("failure of %s", operations.get(at))
                    .isNotNull();
            assertThat(disk.secondForces()).isZero();
            assertNothingLost(disk, outcome, at + " " + operations.get(at));
        }
    }

    @Test
    void neverForcesAFileAgainWhoseForceFailed() throws Exception {
        FaultyDisk whole = JournalScript.emptyDisk();
        writeManyEvents(whole);
        List<String> operations = whole.operations();
        int[] forces = indicesOf(operations, "force ");
        assertThat(forces).hasSizeGreaterThan(30);

        for (int at : forces) {
            FaultyDisk disk = JournalScript.emptyDisk().at(at, Fault.FAIL);

            int confirmed = writeManyEvents(disk);

            assertThat(confirmed).isLessThan(EVENTS);
            assertThat(disk.secondForces()).as("%s", operations.get(at)).isZero();
            assertThat(disk.operations().subList(at + 1, disk.operations().size()))
                    .as("nothing is written after %s", operations.get(at))
                    .noneMatch(operation -> operation.startsWith("write") || operation.startsWith("force "));
        }
    }

    @Test
    void survivesAFullDiskAtAnyWrite() throws Exception {
        List<String> operations = operationsOfAWholeRun();
        for (int at : indicesOf(operations, "write")) {
            FaultyDisk disk = JournalScript.emptyDisk().at(at, Fault.FULL);

            JournalScript.Outcome outcome = script.run(disk);

            assertThat(outcome.failure()).isNotNull();
            assertNothingLost(disk, outcome, "full at " + at);
        }
    }

    @Test
    void continuesAShortWriteAtAnyWrite() throws Exception {
        List<String> operations = operationsOfAWholeRun();
        for (int at : indicesOf(operations, "write")) {
            FaultyDisk disk = JournalScript.emptyDisk().at(at, Fault.SHORT);

            JournalScript.Outcome outcome = script.run(disk);

            assertThat(outcome.failure()).as("short at %d", at).isNull();
            assertNothingLost(disk, outcome, "short at " + at);
        }
    }

    @Test
    void everyLaterCallFailsAndTheReasonIsObservable() throws Exception {
        FaultyDisk disk = JournalScript.emptyDisk();
        try (Storage storage = JournalFixture.open(disk, 1 << 20)) {
            JournalFixture.write(storage, "a", 1, "one");
            disk.at(disk.operations().size(), Fault.FAIL);

            assertThatThrownBy(() -> JournalFixture.write(storage, "a", 2, "two"))
                    .hasMessageContaining("failed while writing")
                    .hasMessageContaining("start the node again");

            assertThat(storage.journal().failed()).isCompleted();
            assertThatThrownBy(() -> JournalFixture.write(storage, "a", 2, "two"))
                    .hasMessageContaining("takes nothing more");
            assertThatThrownBy(() -> JournalFixture.delete(storage, "a", 1)).hasMessageContaining("takes nothing more");
            assertThatThrownBy(() -> JournalFixture.highest(storage, "a")).hasMessageContaining("takes nothing more");
        }
    }

    private List<String> operationsOfAWholeRun() {
        FaultyDisk whole = JournalScript.emptyDisk();
        assertThat(script.run(whole).confirmed()).isEqualTo(STEPS);
        return whole.operations();
    }

    /**
     * Goes on calling although everything fails, as a caller does that has not noticed yet; counts what was confirmed.
     */
    private static int writeManyEvents(FaultyDisk disk) throws IOException {
        int confirmed = 0;
        try (Storage storage = JournalFixture.open(disk, 700)) {
            for (int i = 1; i <= EVENTS; i++) {
                try {
                    JournalFixture.write(storage, "a", i, "event number " + i);
                    confirmed++;
                } catch (ExecutionException e) {
                    assertThat(e.getCause()).isInstanceOf(StorageException.class);
                    assertThat(storage.journal().failure()).isNotNull();
                }
            }
        } catch (StorageException e) {
            assertThat(e).hasMessageContaining("cannot be used");
        }
        return confirmed;
    }

    private static int[] indicesOf(List<String> operations, String prefix) {
        return IntStream.range(0, operations.size())
                .filter(at -> operations.get(at).startsWith(prefix))
                .toArray();
    }

    private void assertNothingLost(FaultyDisk disk, JournalScript.Outcome outcome, String what)
            throws IOException, ExecutionException {
        for (FaultyDisk left : List.of(disk.afterKill(), disk.afterPowerFailure(Outage.DROP_UNFORCED, 0))) {
            Map<String, JournalScript.View> found = script.reopenAndGoOn(left);
            assertThat(outcome.allowed()).as(what).contains(found);
        }
    }
}
