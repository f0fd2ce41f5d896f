package io.murmuration.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.testkit.history.Verdict.Kind;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each fault that a replicated system may have, as small as it can be: both checkers find it, and say which it is. */
class PlantedFaultsTest {
    private static final RegisterModel REGISTER = new RegisterModel();
    private static final CounterModel COUNTER = new CounterModel();
    private static final BankModel BANK = BankModel.whole();

    static Stream<Arguments> faults() {
        return Stream.concat(reads(), writes());
    }

    private static Stream<Arguments> reads() {
        return Stream.of(
                fault(
                        "stale read",
                        REGISTER,
                        "Then this operation fits nowhere: c3: read x -> 1 [40..50 ns, index 1]",
                        "Stale read: this operation saw the state at index 1, below index 2",
                        write("c1", 1, 0, 10, 1),
                        write("c2", 2, 20, 30, 2),
                        read("c3", 1, 40, 50, 1)),
                fault(
                        "stale read under a true index",
                        REGISTER,
                        "After it the state is 2.",
                        "Wrong answer in partition \"x\": c3: read x -> 1 [40..50 ns, index 2]. At its index the state"
                                + " is 2, and the last write before is c2: write x 2 -> ok [20..30 ns, index 2].",
                        write("c1", 1, 0, 10, 1),
                        write("c2", 2, 20, 30, 2),
                        read("c3", 1, 40, 50, 2)),
                fault(
                        "reordered reads",
                        REGISTER,
                        "Then this operation fits nowhere: c3: read x -> null [30..40 ns, index 4]",
                        "Stale read: this operation saw the state at index 4, below index 5",
                        write("c1", 1, 0, 100, 5),
                        read("c2", 1, 10, 20, 5),
                        Operation.ok("c3", "read", "x", null, null, 30, 40, 4)),
                fault(
                        "dirty read",
                        REGISTER,
                        "no other operation was open then.",
                        "c2: read x -> 5 [20..30 ns, index 1]. At its index the state is null, and nothing was written",
                        Operation.fail("c1", "write", "x", 5, 0, 10),
                        read("c2", 5, 20, 30, 1)),
                fault(
                        "read of a later write",
                        REGISTER,
                        "Then this operation fits nowhere: c1: read x -> 1 [0..10 ns, index 3]",
                        "This write took effect at index 2, not above index 3",
                        read("c1", 1, 0, 10, 3),
                        write("c2", 1, 20, 30, 2)),
                fault(
                        "money in two places",
                        BANK,
                        "After it the state is {a=0, b=5}.",
                        "c3: read {\"account\":\"a\"} -> {\"balance\":5} [60..70 ns, index 4]. At its index the state",
                        bank("c1", "open", Map.of("account", "a"), Map.of("balance", 0), 0, 1),
                        bank("c1", "open", Map.of("account", "b"), Map.of("balance", 0), 10, 2),
                        bank("c1", "deposit", Map.of("account", "a", "amount", 5), Map.of("balance", 5), 20, 3),
                        bank(
                                "c2",
                                "transfer",
                                Map.of("from", "a", "to", "b", "amount", 5),
                                Map.of("from", Map.of("balance", 0), "to", Map.of("balance", 5)),
                                40,
                                4),
                        bank("c3", "read", Map.of("account", "a"), Map.of("balance", 5), 60, 4)));
    }

    private static Stream<Arguments> writes() {
        return Stream.of(
                fault(
                        "lost write",
                        COUNTER,
                        "After it the state is 1.",
                        "c2: add n 1 -> 1 [20..30 ns, index 2]. At its index the state is 1",
                        Operation.ok("c1", "add", "n", 1, 1, 0, 10, 1),
                        Operation.ok("c2", "add", "n", 1, 1, 20, 30, 2)),
                fault(
                        "double effect",
                        COUNTER,
                        "Then this operation fits nowhere: c2: read n -> 2 [20..30 ns, index 2]",
                        "c2: read n -> 2 [20..30 ns, index 2]. At its index the state is 1",
                        Operation.ok("c1", "add", "n", 1, 1, 0, 10, 1),
                        Operation.ok("c2", "read", "n", null, 2, 20, 30, 2)),
                fault(
                        "two winners of one compare-and-set",
                        REGISTER,
                        "none of those that were open then can come before it:\n    - c3: cas x",
                        "c2: cas x {\"from\":null,\"to\":2} -> true [0..10 ns, index 2]. At its index the state is 1",
                        Operation.ok("c1", "cas", "x", swap(null, 1), true, 0, 10, 1),
                        Operation.ok("c2", "cas", "x", swap(null, 2), true, 0, 10, 2),
                        Operation.ok("c3", "cas", "x", swap(null, 3), true, 0, 10, 3)),
                fault(
                        "one index for two writes",
                        COUNTER,
                        "Then this operation fits nowhere: c2: add n 1 -> 1",
                        "Two writes claim index 1, where one can have taken effect:",
                        Operation.ok("c1", "add", "n", 1, 1, 0, 10, 1),
                        Operation.ok("c2", "add", "n", 1, 1, 0, 10, 1)),
                fault(
                        "withdrawal of what is not there",
                        BANK,
                        "After it the state is {a=0}.",
                        "Wrong answer in partition \"bank\": c2: withdraw",
                        bank("c1", "open", Map.of("account", "a"), Map.of("balance", 0), 0, 1),
                        bank("c2", "withdraw", Map.of("account", "a", "amount", 5), Map.of("balance", -5), 20, 2)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void bothCheckersFind(String fault, Model<?> model, String bySearch, String byWitness, History history) {
        Verdict search = SearchChecker.check(history, model);
        Verdict witness = WitnessChecker.check(history, model);

        assertThat(search.kind()).as(fault).isEqualTo(Kind.VIOLATED);
        assertThat(search.explanation())
                .as(fault)
                .contains("is not linearizable")
                .contains(bySearch);
        assertThat(witness.kind()).as(fault).isEqualTo(Kind.VIOLATED);
        assertThat(witness.explanation()).as(fault).contains(byWitness);
    }

    private static Arguments fault(
            String name, Model<?> model, String bySearch, String byWitness, Operation... operations) {
        return Arguments.of(name, model, bySearch, byWitness, History.of(operations));
    }

    private static Operation write(String client, int value, long call, long returned, long index) {
        return Operation.ok(client, "write", "x", value, null, call, returned, index);
    }

    private static Operation read(String client, int value, long call, long returned, long index) {
        return Operation.ok(client, "read", "x", null, value, call, returned, index);
    }

    private static Map<String, Integer> swap(@Nullable Integer from, Integer to) {
        Map<String, Integer> input = new TreeMap<>();
        input.put("from", from);
        input.put("to", to);
        return input;
    }

    private static Operation bank(String client, String op, Object input, Object output, long call, long index) {
        return Operation.ok(client, op, "", input, output, call, call + 10, index);
    }
}
