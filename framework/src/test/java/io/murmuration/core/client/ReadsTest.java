package io.murmuration.core.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.ClientRpc.ReadIndex;
import io.murmuration.core.model.ClientRpc.ReadReady;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reads from the asker's side (thesis 6.4). */
class ReadsTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration OVERDUE = Driver.T.dividedBy(Reads.OVERDUE_PARTS);

    private final Driver driver = new Driver();

    ReadsTest() {
        driver.joined();
    }

    @Test
    void readsThatComeTogetherShareOneReadIndex() {
        driver.did(driver.client.read(new Request(1, driver.now, driver.now + LONG.toNanos()), driver.now));
        driver.did(driver.client.read(new Request(2, driver.now, driver.now + LONG.toNanos()), driver.now));
        driver.did(driver.client.flush(driver.now));
        ReadIndex sent = driver.sent(ReadIndex.class);

        ready(sent, 17);

        assertThat(driver.take()).containsExactly(new Effect.Query(17, List.of(1L, 2L)));
    }

    @Test
    void aReadIsNotConfirmedByAReadIndexThatWasSentBeforeItCame() {
        long early = driver.read(LONG);
        ReadIndex first = driver.sent(ReadIndex.class);
        long late = driver.read(LONG);
        driver.pass(OVERDUE);
        ReadIndex second = driver.sent(ReadIndex.class);

        ready(first, 17);
        assertThat(driver.take()).containsExactly(new Effect.Query(17, List.of(early)));

        ready(second, 18);
        assertThat(driver.take()).containsExactly(new Effect.Query(18, List.of(late)));
    }

    @Test
    void whatComesWhileOneIsUnansweredSharesTheNextOne() {
        driver.read(LONG);
        ReadIndex first = driver.sent(ReadIndex.class);
        long second = driver.read(LONG);
        long third = driver.read(LONG);
        assertThat(driver.targets()).isEmpty();

        driver.answer("n2", new ReadReady(first.life(), first.id(), 17));

        ReadIndex next = driver.sent(ReadIndex.class);
        ready(next, 18);
        assertThat(driver.take())
                .singleElement()
                .isInstanceOfSatisfying(
                        Effect.Query.class, query -> assertThat(query.numbers()).contains(second, third));
    }

    @Test
    void oneThatIsOverdueHoldsUpTheNextOneNoMore() {
        driver.read(LONG);
        driver.sent(ReadIndex.class);
        driver.read(LONG);
        assertThat(driver.targets()).isEmpty();
        assertThat(driver.client.wakeAt()).isEqualTo(driver.now + OVERDUE.toNanos());

        driver.pass(OVERDUE);

        assertThat(driver.targets()).containsExactly("n2");
    }

    @Test
    void whatComesWhileTwoAreUnansweredSharesTheNextOne() {
        driver.read(LONG);
        ReadIndex first = driver.sent(ReadIndex.class);
        driver.read(LONG);
        driver.pass(OVERDUE);
        driver.sent(ReadIndex.class);
        long third = driver.read(LONG);
        long fourth = driver.read(LONG);
        driver.pass(OVERDUE);
        assertThat(driver.targets()).isEmpty();

        ready(first, 17);

        ReadIndex next = driver.sent(ReadIndex.class);
        ready(next, 19);
        assertThat(driver.take())
                .singleElement()
                .isInstanceOfSatisfying(
                        Effect.Query.class, query -> assertThat(query.numbers()).contains(third, fourth));
    }

    @Test
    void ignoresAnswersToAnotherLifeOrToWhatWasNeverAsked() {
        driver.read(LONG);
        ReadIndex sent = driver.sent(ReadIndex.class);

        driver.answer("n2", new ReadReady(Driver.strangeLife(), sent.id(), 17));
        driver.answer("n2", new ReadReady(sent.life(), sent.id() + 5, 17));

        assertThat(driver.take()).isEmpty();
    }

    @Test
    void asksAgainAfterHalfATimeoutAndTakesALateAnswerToo() {
        long read = driver.read(LONG);
        ReadIndex first = driver.sent(ReadIndex.class);
        driver.pass(Driver.T.dividedBy(2));
        ReadIndex second = driver.sent(ReadIndex.class);
        assertThat(second.id()).isGreaterThan(first.id());

        ready(first, 17);

        assertThat(driver.take()).containsExactly(new Effect.Query(17, List.of(read)));
    }

    @Test
    void asksTheNewLeaderAtOnce() {
        driver.read(LONG);
        driver.take();

        driver.leaderIs(2, "n3");

        assertThat(driver.targets()).containsExactly("n3");
    }

    @Test
    void followsAHint() {
        driver.read(LONG);

        driver.refuse("n2", driver.sent(ReadIndex.class), "n3");

        assertThat(driver.targets()).containsExactly("n3");
    }

    @Test
    void handsWhatTheFormerMachineDidNotAnswerToTheNextOne() {
        long confirmed = driver.read(LONG);
        ready(driver.sent(ReadIndex.class), 17);
        long answered = driver.read(LONG);
        ready(driver.sent(ReadIndex.class), 18);
        driver.did(driver.client.readsDone(List.of(answered)));
        driver.did(driver.client.down("It failed.", driver.now));
        driver.take();

        driver.did(driver.client.up(false, driver.now));

        assertThat(driver.take()).containsExactly(new Effect.Query(17, List.of(confirmed)));
    }

    @Test
    void aReadThatWasConfirmedWithoutAMachineIsHandedToTheNextOne() {
        long read = driver.read(LONG);
        ReadIndex sent = driver.sent(ReadIndex.class);
        driver.did(driver.client.down("It failed.", driver.now));
        ready(sent, 17);
        assertThat(driver.take()).isEmpty();

        driver.did(driver.client.up(false, driver.now));

        assertThat(driver.take()).containsExactly(new Effect.Query(17, List.of(read)));
    }

    @Test
    void withoutAMachineLocalReadsFailAtOnceAndOthersAtTheirDeadline() {
        long local = driver.readLocal();
        assertThat(driver.take()).containsExactly(new Effect.Query(0, List.of(local)));
        driver.did(driver.client.down("The disk is full.", driver.now));
        assertClosed(local);

        assertClosed(driver.readLocal());
        long read = driver.read(Duration.ofSeconds(1));
        assertThat(driver.take()).doesNotHaveAnyElementsOfTypes(Effect.Fail.class);
        driver.pass(Duration.ofSeconds(1));
        assertClosed(read);
    }

    private void assertClosed(long number) {
        Effect.Fail fail = driver.failed();
        assertThat(fail.number()).isEqualTo(number);
        assertThat(fail.failure()).isEqualTo(Failure.CLOSED);
        assertThat(fail.sentence()).contains("bank");
    }

    @Test
    void saysNoLeaderAtTheDeadlineAndWhetherTheMachineLagged() {
        driver.read(Duration.ofSeconds(1));
        ReadIndex sent = driver.sent(ReadIndex.class);
        ready(sent, 1_700);
        driver.pass(Duration.ofSeconds(1));
        Effect.Fail lagged = driver.failed();
        assertThat(lagged.failure()).isEqualTo(Failure.NO_LEADER);
        assertThat(lagged.sentence()).contains("1,700");

        driver.read(Duration.ofSeconds(1));
        driver.pass(Duration.ofSeconds(1));
        Effect.Fail unheard = driver.failed();
        assertThat(unheard.failure()).isEqualTo(Failure.NO_LEADER);
        assertThat(unheard.sentence()).contains("n2");
    }

    @Test
    void anIndexOfAFormerGroupOfTheNameSaysNothing() {
        driver.read(LONG);
        ready(driver.sent(ReadIndex.class), 17);
        driver.take();

        driver.did(driver.client.up(true, driver.now));

        assertThat(driver.take()).doesNotHaveAnyElementsOfTypes(Effect.Query.class);
    }

    @Test
    void saysOverloadedAtTheBound() {
        List<Effect> effects = new ArrayList<>();
        for (int i = 1; i <= Reads.READS_MAX + 1; i++) {
            effects.addAll(driver.client.read(new Request(i, driver.now, driver.now + LONG.toNanos()), driver.now));
        }

        assertThat(effects)
                .filteredOn(Effect.Fail.class::isInstance)
                .singleElement()
                .satisfies(
                        effect -> assertThat(((Effect.Fail) effect).failure()).isEqualTo(Failure.OVERLOADED));
    }

    @Test
    void whatTheMachineStillHoldsCountsAlsoBehindItsDeadline() {
        long late = driver.now + 2_000;
        for (int i = 1; i <= Reads.READS_MAX; i++) {
            assertThat(driver.client.readLocal(new Request(i, driver.now, driver.now + 1_000), driver.now))
                    .isNotEmpty();
        }
        assertThat(driver.client.wake(late)).hasSize(Reads.READS_MAX);

        assertThat(driver.client.readLocal(new Request(Reads.READS_MAX + 1, late, late + 1_000), late))
                .singleElement()
                .isInstanceOfSatisfying(
                        Effect.Fail.class,
                        refused -> assertThat(refused.failure()).isEqualTo(Failure.OVERLOADED));
        driver.did(driver.client.readsDone(List.of(1L)));

        assertThat(driver.client.readLocal(new Request(Reads.READS_MAX + 2, late, late + 1_000), late))
                .singleElement()
                .isInstanceOf(Effect.Query.class);
    }

    private void ready(ReadIndex asked, long index) {
        driver.answer("n2", new ReadReady(asked.life(), asked.id(), index));
    }
}
