package io.murmuration.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.testkit.history.Histories.Run;
import io.murmuration.testkit.history.Histories.Shape;
import io.murmuration.testkit.history.Operation.Status;
import io.murmuration.testkit.history.Verdict.Kind;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Seeded random histories: what is right is accepted, and on small ones the checkers agree with the definitions. */
class CheckersAgreeTest {
    private static final int SMALL_RUNS = 2_000;
    private static final int LARGE_RUNS = 20;

    @ParameterizedTest
    @EnumSource
    void searchAgreesWithTryingAllOrders(SequentialObject object) {
        Random seeds = new Random(object.name().hashCode());
        int linearizable = 0;

        for (int run = 0; run < SMALL_RUNS; run++) {
            long seed = seeds.nextLong();
            History history = small(new Random(seed), object, 15, 6);
            boolean expected = BruteForce.isLinearizable(history, object.model());

            Kind kind = SearchChecker.check(history, object.model()).kind();

            assertThat(kind).as("seed %d, %s", seed, history).isEqualTo(expected ? Kind.LINEARIZABLE : Kind.VIOLATED);
            linearizable += expected ? 1 : 0;
        }
        assertThat(linearizable).isBetween(SMALL_RUNS / 4, SMALL_RUNS * 3 / 4);
    }

    @ParameterizedTest
    @EnumSource
    void witnessAgreesWithItsRulesTakenPairByPair(SequentialObject object) {
        Random seeds = new Random(-object.name().hashCode());
        int witnessed = 0;

        for (int run = 0; run < SMALL_RUNS; run++) {
            long seed = seeds.nextLong();
            History history = small(new Random(seed), object, 0, 2);
            boolean expected = BruteForce.isWitnessed(history, object.model());

            Kind kind = WitnessChecker.check(history, object.model()).kind();

            assertThat(kind).as("seed %d, %s", seed, history).isEqualTo(expected ? Kind.LINEARIZABLE : Kind.VIOLATED);
            if (expected) {
                assertThat(SearchChecker.check(history, object.model()).kind())
                        .as("seed %d, %s", seed, history)
                        .isEqualTo(Kind.LINEARIZABLE);
            }
            witnessed += expected ? 1 : 0;
        }
        assertThat(witnessed).isBetween(SMALL_RUNS / 4, SMALL_RUNS * 3 / 4);
    }

    @ParameterizedTest
    @EnumSource
    void theLongestOrderThatIsToldCanBeReplayed(SequentialObject object) {
        Random seeds = new Random(13L + object.name().hashCode());
        int violated = 0;

        for (int run = 0; run < SMALL_RUNS; run++) {
            long seed = seeds.nextLong();
            Random random = new Random(seed);
            Shape shape = new Shape(3, 12, 2, 15, 0);
            History history = Histories.linearizable(random, object, shape).history();
            history = Histories.mutated(random, object, Histories.mutated(random, object, history));

            violated += isToldRightly(history, object.model(), "seed " + seed + ", " + history) ? 1 : 0;
        }
        assertThat(violated).isGreaterThan(SMALL_RUNS / 10);
    }

    private static <S> boolean isToldRightly(History history, Model<S> model, String what) {
        String key = model.key(history.operations().get(0));
        Search<S> search = new Search<>(
                model,
                history.operations().stream()
                        .filter(each -> model.key(each).equals(key))
                        .toList());
        boolean violated = search.run(new Budget(100_000, Duration.ofMinutes(1))) == Kind.VIOLATED;
        if (violated) {
            S state = model.initial();
            for (Operation each : search.longestOrder()) {
                state = model.step(state, each).orElseThrow(() -> new AssertionError(what));
            }
            assertThat(search.longestOrder()).as(what).doesNotHaveDuplicates();
            assertThat(search.stateAfterLongestOrder()).as(what).isEqualTo(state);
            assertThat(model.step(state, search.misfit())).as(what).isEmpty();
        }
        return violated;
    }

    /** Of a perfect object, changed at up to six places. */
    private static History small(Random random, SequentialObject object, int unknownPercent, int changesMax) {
        Shape shape = new Shape(2 + random.nextInt(3), 3 + random.nextInt(5), 2, unknownPercent, 10);
        History history = Histories.linearizable(random, object, shape).history();
        for (int changes = random.nextInt(changesMax + 1); changes > 0; changes--) {
            History changed = Histories.mutated(random, object, history);
            boolean indexed =
                    changed.operations().stream().noneMatch(each -> each.status() == Status.OK && each.index() == 0);
            history = indexed ? changed : history;
        }
        return history;
    }

    @ParameterizedTest
    @EnumSource
    void acceptsWhatAPerfectObjectAnswers(SequentialObject object) {
        Random seeds = new Random(7L + object.name().hashCode());

        for (int run = 0; run < LARGE_RUNS; run++) {
            long seed = seeds.nextLong();
            Run made = Histories.linearizable(new Random(seed), object, new Shape(5, 400, 4, 2, 5));

            assertThat(SearchChecker.check(made.history(), object.model()).kind())
                    .as("search, seed %d", seed)
                    .isEqualTo(Kind.LINEARIZABLE);
            Verdict witness = WitnessChecker.check(made.history(), object.model(), made.log());
            assertThat(witness.kind())
                    .as("witness, seed %d: %s", seed, witness.explanation())
                    .isEqualTo(Kind.LINEARIZABLE);
        }
    }

    /** Whatever the witness accepts together with a log, the search must accept, and what it left open it must name. */
    @ParameterizedTest
    @EnumSource
    void searchAcceptsWhatTheWitnessAccepts(SequentialObject object) {
        Random seeds = new Random(11L + object.name().hashCode());
        int accepted = 0;
        int rejected = 0;

        for (int run = 0; run < SMALL_RUNS; run++) {
            long seed = seeds.nextLong();
            Random random = new Random(seed);
            Run made = Histories.linearizable(random, object, new Shape(3, 8, 2, 15, 10));
            History history = Histories.mutated(random, object, made.history());

            Kind kind =
                    WitnessChecker.check(history, object.model(), made.log()).kind();

            if (kind == Kind.LINEARIZABLE) {
                accepted++;
                assertThat(SearchChecker.check(history, object.model()).kind())
                        .as("seed %d, %s", seed, history)
                        .isEqualTo(Kind.LINEARIZABLE);
            }
            rejected += kind == Kind.VIOLATED ? 1 : 0;
        }
        assertThat(accepted).isGreaterThan(SMALL_RUNS / 10);
        assertThat(rejected).isGreaterThan(SMALL_RUNS / 5);
    }
}
