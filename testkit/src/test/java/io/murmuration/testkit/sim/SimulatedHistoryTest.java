package io.murmuration.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.murmuration.testkit.history.AppliedLog;
import io.murmuration.testkit.history.History;
import io.murmuration.testkit.history.Operation;
import io.murmuration.testkit.history.RegisterModel;
import io.murmuration.testkit.history.SearchChecker;
import io.murmuration.testkit.history.Verdict;
import io.murmuration.testkit.history.WitnessChecker;
import io.murmuration.testkit.sim.Registers.Change;
import io.murmuration.testkit.sim.Registers.CompareAndSet;
import io.murmuration.testkit.sim.Registers.Put;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callers of simulated groups are told is linearizable: said by checkers that know nothing of the simulator. */
final class SimulatedHistoryTest {
    private static final int SEEDS = 60;
    private static final int KEYS = 2;
    /** The worlds with a crowd in them are left to the witness. */
    private static final SearchChecker.Limits LIMITS = new SearchChecker.Limits(20_000, Duration.ofSeconds(10));

    @TempDir
    Path folder;

    /** The calls of a run as operations on single registers: a read of the whole state is a read of each. */
    private static final class Recorded {
        private final List<Operation> operations = new ArrayList<>();
        private final AppliedLog applied = new AppliedLog();

        void add(Call call) {
            if (call.command() instanceof Change change) {
                if (call.folded() > 0) {
                    applied.add(call.folded(), operations.size());
                }
                operations.add(operation(call, change));
            } else if (!call.local() && call.outcome() == Call.Outcome.ANSWERED) {
                reads(call);
            }
        }

        private static Operation operation(Call call, Change change) {
            String key = change instanceof Put put ? put.key() : ((CompareAndSet) change).key();
            String op = change instanceof Put ? "write" : "cas";
            Object input = change instanceof Put put
                    ? (Object) put.value()
                    : Map.of("from", ((CompareAndSet) change).expected(), "to", ((CompareAndSet) change).value());
            String client = "c" + call.caller();
            long called = call.called().toNanos();
            long ended = call.ended().toNanos();
            return switch (call.outcome()) {
                case ANSWERED -> Operation.ok(client, op, key, input, true, called, ended, call.index());
                case REJECTED -> Operation.ok(client, op, key, input, false, called, ended, call.index());
                case NOT_APPLIED -> Operation.fail(client, op, key, input, called, ended);
                case UNKNOWN -> Operation.unknown(client, op, key, input, called);
            };
        }

        @SuppressWarnings("unchecked") // the state of Registers
        private void reads(Call call) {
            SortedMap<String, Long> state = (SortedMap<String, Long>) call.answer();
            for (int key = 0; key < KEYS; key++) {
                operations.add(Operation.ok(
                        "c" + call.caller(),
                        "read",
                        "r" + key,
                        null,
                        state.get("r" + key),
                        call.called().toNanos(),
                        call.ended().toNanos(),
                        call.index()));
            }
        }
    }

    @Test
    void isLinearizableBySearchAndByWitness() throws Exception {
        int unknown = 0;
        int searched = 0;
        for (long number = 1; number <= SEEDS; number++) {
            long seed = number;
            Recorded recorded = new Recorded();
            SimulatedCluster.of(Registers.machine())
                    .seed(seed)
                    .groups(seed % 4 == 0 ? 2 : 1)
                    .lasting(Duration.ofSeconds(4))
                    .calls(call -> {
                        // Each group is an object of its own; the last one has no crowd.
                        if (call.group().equals(seed % 4 == 0 ? "b" : "simulated")) {
                            recorded.add(call);
                        }
                    })
                    .run(SimulatedHistoryTest::next);
            History history = new History(recorded.operations);

            Verdict byWitness = WitnessChecker.check(history, new RegisterModel(), recorded.applied);
            Verdict bySearch = SearchChecker.check(history, new RegisterModel(), LIMITS);

            assertThat(byWitness.kind())
                    .as("seed %d: %s", seed, byWitness.explanation())
                    .isEqualTo(Verdict.Kind.LINEARIZABLE);
            assertThat(bySearch.kind())
                    .as("seed %d: %s", seed, bySearch.explanation())
                    .isNotEqualTo(Verdict.Kind.VIOLATED);
            searched += bySearch.kind() == Verdict.Kind.LINEARIZABLE ? 1 : 0;
            unknown += (int) history.operations().stream()
                    .filter(each -> each.status() == Operation.Status.UNKNOWN)
                    .count();
            if (seed == 1) {
                survivesAFile(history);
            }
        }
        assertThat(unknown).isGreaterThan(SEEDS);
        assertThat(searched).isGreaterThan(SEEDS / 2);
    }

    private void survivesAFile(History history) throws Exception {
        Path file = folder.resolve("history.jsonl");
        history.write(file);
        assertThat(History.read(file)).isEqualTo(history);
    }

    @Test
    void isFoundOutIfOneReadIsOld() {
        Recorded recorded = new Recorded();
        SimulatedCluster.of(Registers.machine())
                .faults()
                .groups(1)
                .seed(3)
                .calls(recorded::add)
                .run(SimulatedHistoryTest::next);
        // So few that the search comes to an end although no order fits.
        List<Operation> operations = new ArrayList<>(recorded.operations.subList(0, 40));
        int last = operations.size() - 1;
        while (!operations.get(last).op().equals("read")) {
            last--;
        }
        Operation read = operations.get(last);
        JsonNode never = Operation.json(-1);
        operations.set(
                last,
                Operation.ok(
                        read.client(),
                        read.op(),
                        read.key(),
                        null,
                        never,
                        read.callNanos(),
                        read.returnNanos(),
                        read.index()));
        History history = new History(operations);

        assertThat(WitnessChecker.check(history, new RegisterModel()).kind()).isEqualTo(Verdict.Kind.VIOLATED);
        assertThat(SearchChecker.check(history, new RegisterModel()).kind()).isEqualTo(Verdict.Kind.VIOLATED);
    }

    /** Few values, so that a compare-and-set sometimes succeeds; not 0, which a register without a value counts as. */
    private static Change next(RandomGenerator random, int caller) {
        String key = "r" + random.nextInt(KEYS);
        return random.nextBoolean()
                ? new Put(key, 1 + random.nextInt(3))
                : new CompareAndSet(key, 1 + random.nextInt(3), 1 + random.nextInt(3));
    }
}
