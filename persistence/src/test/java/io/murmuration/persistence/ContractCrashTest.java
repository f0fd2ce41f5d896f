package io.murmuration.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.persistence.DiskImage.Outage;
import io.murmuration.persistence.FaultyDisk.Fault;
import io.murmuration.persistence.JournalScript.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each rule of the journal's contract, with the process ended or the power cut at every operation of the disk. */
final class ContractCrashTest {

    private static final long ALL = Long.MAX_VALUE;

    /** A rule as the steps that show it; what must be found after each is what {@link JournalScript} derives. */
    enum Rule {
        REPLAYS_WHAT_WAS_WRITTEN(List.of()),
        DELETES_INCLUSIVELY(List.of(delete("a", 3))),
        DELETES_NOTHING_THAT_IS_NOT_WRITTEN_YET(List.of(delete("a", 100), write("a", 6, 1))),
        KEEPS_THE_HIGHEST_NUMBER_AFTER_A_DELETION_OF_ALL(List.of(delete("a", ALL), new Step.Restart())),
        GOES_ON_BEHIND_THE_HIGHEST_NUMBER(List.of(delete("a", ALL), new Step.Restart(), write("a", 6, 2))),
        TAKES_PART_OF_AN_ATOMIC_WRITE_AWAY(List.of(delete("a", 4), new Step.Restart())),
        STORES_AN_ATOMIC_WRITE_WHOLE(List.of(write("a", 6, 8), new Step.Restart())),
        KEEPS_GAPS_OF_REJECTED_EVENTS(List.of(write("a", 8, 1), write("a", 11, 2), new Step.Restart())),
        KEEPS_PERSISTENCE_IDS_APART(List.of(write("quiet", 1, 2), delete("a", 5), write("quiet", 3, 1))),
        FORGETS_AN_UNKNOWN_ID(List.of(delete("quiet", 7), write("quiet", 1, 1))),
        SURVIVES_RESTARTS(List.of(new Step.Restart(), write("a", 6, 1), new Step.Restart(), new Step.Restart()));

        @SuppressWarnings("ImmutableEnumChecker") // Steps are records, and nobody changes the list.
        private final List<Step> steps;

        Rule(List<Step> own) {
            // Five events, the last two in one atomic write, as the kit of Pekko begins.
            List<Step> all =
                    new ArrayList<>(List.of(write("a", 1, 1), write("a", 2, 1), write("a", 3, 1), write("a", 4, 2)));
            all.addAll(own);
            steps = List.copyOf(all);
        }

        private static Step delete(String persistenceId, long to) {
            return new Step.Delete(persistenceId, to);
        }

        /** One atomic write; large enough that a few fill a segment. */
        private static Step write(String persistenceId, long first, int count) {
            List<EventBytes> events = LongStream.range(first, first + count)
                    .mapToObj(number -> JournalFixture.bytes(number + "x".repeat(150)))
                    .toList();
            return new Step.Write(List.of(new AtomicAppend(persistenceId, first, events)));
        }
    }

    private static int rules;
    private static int operationsOfAll;
    private static int casesOfAll;

    @AfterAll
    static void printTheSum() {
        System.out.println("[crash] rules=" + rules + " operations=" + operationsOfAll + " cases=" + casesOfAll);
    }

    @ParameterizedTest
    @EnumSource
    void holdsWhereverTheProcessOrThePowerFails(Rule rule) throws Exception {
        JournalScript script = new JournalScript(rule.steps);
        FaultyDisk whole = JournalScript.emptyDisk();
        assertThat(script.run(whole).confirmed()).isEqualTo(rule.steps.size());
        List<String> operations = whole.operations();

        int cases = 0;
        for (int at = 0; at < operations.size(); at++) {
            boolean write = operations.get(at).startsWith("write");
            for (Fault fault : write
                    ? List.of(Fault.CRASH_BEFORE, Fault.CRASH_WITHIN, Fault.CRASH_AFTER)
                    : List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
                FaultyDisk disk = JournalScript.emptyDisk().at(at, fault);
                JournalScript.Outcome outcome = script.run(disk);
                String what = rule + " " + at + " " + operations.get(at) + " " + fault;
                check(script, disk.afterKill(), outcome, what + ", killed");
                check(script, disk.afterPowerFailure(Outage.DROP_UNFORCED, 0), outcome, what + ", nothing kept");
                check(script, disk.afterPowerFailure(Outage.TORN, what.hashCode()), outcome, what + ", torn");
                cases += 3;
            }
        }

        rules++;
        operationsOfAll += operations.size();
        casesOfAll += cases;
        System.out.println("[crash] rule=" + rule + " operations=" + operations.size() + " cases=" + cases);
    }

    private static void check(JournalScript script, FaultyDisk left, JournalScript.Outcome outcome, String what)
            throws IOException, ExecutionException {
        assertThat(outcome.allowed()).as(what).contains(script.reopenAndGoOn(left));
    }
}
