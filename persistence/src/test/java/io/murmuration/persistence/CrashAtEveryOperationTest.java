package io.murmuration.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.persistence.DiskImage.Outage;
import io.murmuration.persistence.FaultyDisk.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.zip.Checksum;
import org.junit.jupiter.api.Test;

/** Ends a scripted run at every operation of the disk and checks what is found afterwards. */
final class CrashAtEveryOperationTest {

    private static final int STEPS = 28;

    @Test
    void losesNothingConfirmedWhereverTheProcessOrThePowerFails() {
        JournalScript script = new JournalScript(11, STEPS);
        FaultyDisk whole = JournalScript.emptyDisk();
        JournalScript.Outcome end = script.run(whole);
        assertThat(end.confirmed()).isEqualTo(STEPS);
        assertThat(end.copiedBytes()).as("records are copied forward").isPositive();
        assertThat(whole.operations())
                .as("files are written again")
                .anyMatch(operation -> operation.startsWith("openForWriting"));
        int operations = whole.operations().size();

        List<String> wrong = Collections.synchronizedList(new ArrayList<>());
        // On all processors: each case has a disk of its own, and mostly waits for its journal's thread.
        int cases = IntStream.range(0, operations)
                .parallel()
                .map(at -> {
                    boolean write = whole.operations().get(at).startsWith("write");
                    int checked = 0;
                    for (Fault fault : write
                            ? List.of(Fault.CRASH_BEFORE, Fault.CRASH_WITHIN, Fault.CRASH_AFTER)
                            : List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
                        FaultyDisk disk = JournalScript.emptyDisk().at(at, fault);
                        JournalScript.Outcome outcome = script.run(disk);
                        checked += checkAllOutages(script, disk, outcome, at + " " + fault, wrong);
                    }
                    return checked;
                })
                .sum();

        System.out.println("[crash] script: operations=" + operations + " cases=" + cases);
        assertThat(wrong).isEmpty();
    }

    @Test
    void losesNothingWhenRecoveryItselfIsCutShortAnywhere() {
        JournalScript script = new JournalScript(12, 12);
        FaultyDisk whole = JournalScript.emptyDisk();
        script.run(whole);
        List<String> operations = whole.operations();

        List<String> wrong = new ArrayList<>();
        int cases = 0;
        for (int at = 0; at < operations.size(); at++) {
            // The points at which names change, where two processes' unforced changes may mix.
            if (!operations.get(at).startsWith("rename") && !operations.get(at).startsWith("delete")) {
                continue;
            }
            FaultyDisk disk = JournalScript.emptyDisk().at(at, Fault.CRASH_AFTER);
            JournalScript.Outcome outcome = script.run(disk);
            for (int second = 0; second < 60; second++) {
                FaultyDisk killed = disk.afterKill().at(second, Fault.CRASH_BEFORE);
                JournalScript.closeQuietly(openUntilCrash(script, killed));
                if (!killed.isCrashed()) {
                    break;
                }
                cases += checkAllOutages(script, killed, outcome, at + " then " + second, wrong);
            }
        }

        System.out.println("[crash] during recovery: cases=" + cases);
        assertThat(cases).isGreaterThan(500);
        assertThat(wrong).isEmpty();
    }

    @Test
    void aStartDeletesNothingOnTheStrengthOfANameThatIsNotDurable() throws Exception {
        FaultyDisk first = JournalScript.emptyDisk();
        try (Storage storage = JournalFixture.open(first, 400)) {
            JournalFixture.write(storage, "a", 1, "-one");
        }
        List<String> start = operationsOfAStart(first);
        int rename = start.indexOf("rename " + SegmentId.fileName(2));
        FaultyDisk renamed = first.afterKill().at(rename, Fault.CRASH_AFTER);
        assertThatThrownBy(() -> JournalFixture.open(renamed, 400)).isInstanceOf(FaultyDisk.Crashed.class);

        for (int at = 0; at < operationsOfAStart(renamed).size(); at++) {
            FaultyDisk second = renamed.afterKill().at(at, Fault.CRASH_BEFORE);
            assertThatThrownBy(() -> JournalFixture.open(second, 400)).isInstanceOf(FaultyDisk.Crashed.class);
            for (int seed = 0; seed < 12; seed++) {
                try (Storage storage = JournalFixture.open(second.afterPowerFailure(Outage.TORN, seed), 400)) {
                    assertThat(JournalFixture.events(storage, "a"))
                            .as("operation %d seed %d", at, seed)
                            .containsExactly("1-one");
                }
            }
        }
    }

    @Test
    void aStartRemovesNothingOnTheStrengthOfADeletionThatIsNotDurable() throws Exception {
        FaultyDisk first = JournalScript.emptyDisk();
        Storage dying = JournalFixture.open(first, 400);
        for (int i = 1; i <= 12; i++) {
            JournalFixture.write(dying, "a", i, "-event");
        }
        first.at(first.operations().size() + 1, Fault.CRASH_BEFORE);
        assertThatThrownBy(() -> JournalFixture.delete(dying, "a", 12))
                .hasRootCauseInstanceOf(FaultyDisk.Crashed.class);
        JournalScript.closeQuietly(dying);
        assertThat(JournalFixture.segments(first)).hasSizeGreaterThan(2);

        int operations = operationsOfAStart(first).size();
        for (int at = 0; at < operations; at++) {
            FaultyDisk second = first.afterKill().at(at, Fault.CRASH_BEFORE);
            assertThatThrownBy(() -> JournalFixture.open(second, 400)).isInstanceOf(FaultyDisk.Crashed.class);
            FaultyDisk third = second.afterPowerFailure(Outage.DROP_UNFORCED, at);
            try (Storage storage = JournalFixture.open(third, 400)) {
                assertThat(JournalFixture.events(storage, "a").size())
                        .as("operation %d", at)
                        .isIn(0, 12);
                assertThat(JournalFixture.highest(storage, "a")).isEqualTo(12);
            }
        }
    }

    private static List<String> operationsOfAStart(FaultyDisk disk) throws IOException {
        FaultyDisk copy = disk.afterKill();
        Storage storage = JournalFixture.open(copy, 400);
        List<String> operations = copy.operations();
        storage.close();
        return operations;
    }

    @Test
    void theCheckFindsAForceThatDoesNothing() {
        JournalScript script = new JournalScript(11, STEPS);
        List<String> wrong = new ArrayList<>();
        for (int at = 40; at < 80; at++) {
            FaultyDisk disk = JournalScript.emptyDisk().ignoringForce().at(at, Fault.CRASH_BEFORE);
            JournalScript.Outcome outcome = script.run(disk);
            checkAllOutages(script, disk, outcome, at + " without force", wrong);
        }

        assertThat(wrong).hasSizeGreaterThan(20);
    }

    @Test
    void theCheckFindsAChecksumThatIsNotLookedAt() {
        JournalScript script = new JournalScript(11, STEPS, NoChecksum::new);
        FaultyDisk whole = JournalScript.emptyDisk();
        script.run(whole);

        List<String> wrong = new ArrayList<>();
        for (int at = 0; at < whole.operations().size(); at++) {
            if (whole.operations().get(at).startsWith("force")) {
                FaultyDisk disk = JournalScript.emptyDisk().at(at, Fault.CRASH_BEFORE);
                JournalScript.Outcome outcome = script.run(disk);
                for (int seed = 0; seed < 6; seed++) {
                    check(script, disk.afterPowerFailure(Outage.TORN, seed), outcome, at + " without checksum", wrong);
                }
            }
        }

        assertThat(wrong).hasSizeGreaterThan(5);
    }

    /** A checksum that fits everything. */
    private static final class NoChecksum implements Checksum {

        @Override
        public void update(int b) {}

        @Override
        public void update(byte[] b, int off, int len) {}

        @Override
        public void update(java.nio.ByteBuffer buffer) {}

        @Override
        public long getValue() {
            return 0;
        }

        @Override
        public void reset() {}
    }

    private static @org.jspecify.annotations.Nullable Storage openUntilCrash(JournalScript script, FaultyDisk disk) {
        try {
            return script.open(disk);
        } catch (FaultyDisk.Crashed e) {
            return null;
        }
    }

    private static int checkAllOutages(
            JournalScript script, FaultyDisk disk, JournalScript.Outcome outcome, String what, List<String> wrong) {
        check(script, disk.afterKill(), outcome, what + " killed", wrong);
        check(script, disk.afterPowerFailure(Outage.DROP_UNFORCED, 0), outcome, what + " nothing kept", wrong);
        // Each case has seeds of its own, or the same bytes and names would be dropped everywhere.
        for (int i = 0; i < 2; i++) {
            long seed = 31L * what.hashCode() + i;
            check(script, disk.afterPowerFailure(Outage.TORN, seed), outcome, what + " torn " + seed, wrong);
        }
        long seed = what.hashCode();
        check(script, disk.afterPowerFailure(Outage.TORN_IN_ORDER, seed), outcome, what + " prefix " + seed, wrong);
        return 5;
    }

    private static void check(
            JournalScript script, FaultyDisk disk, JournalScript.Outcome outcome, String what, List<String> wrong) {
        try {
            Map<String, JournalScript.View> found = script.reopenAndGoOn(disk);
            if (!outcome.allowed().contains(found)) {
                wrong.add(what + ": after " + outcome.confirmed() + " steps found " + summary(found) + " instead of "
                        + outcome.allowed().stream()
                                .map(CrashAtEveryOperationTest::summary)
                                .toList());
            }
        } catch (StorageException | IOException | ExecutionException | AssertionError e) {
            wrong.add(what + ": " + e);
        } catch (RuntimeException e) {
            wrong.add(what + ": " + e);
        }
    }

    private static String summary(Map<String, JournalScript.View> views) {
        StringBuilder text = new StringBuilder();
        views.forEach((id, view) -> text.append(id)
                .append('^')
                .append(view.highest())
                .append(view.events().stream()
                        .map(event -> event.substring(0, event.indexOf(':')))
                        .toList())
                .append(' '));
        return text.toString();
    }
}
