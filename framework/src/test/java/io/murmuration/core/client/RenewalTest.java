package io.murmuration.core.client;

import static io.murmuration.core.client.Driver.serials;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ClientRpc.Open;
import io.murmuration.core.model.ClientRpc.Propose;
import io.murmuration.core.model.ClientRpc.Refusal;
import io.murmuration.core.model.ClientRpc.Reply;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sessions that end: how a Gateway keeps its own, and what it says when it could not (thesis 6.3). */
class RenewalTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration PAUSE =
            ClientRpc.SESSION_IDLE_MAX.dividedBy(6).plusMillis(1);

    private final Driver driver = Driver.inSession();

    @Test
    void proposesAtOnceAfterAShortPause() {
        driver.pass(PAUSE.minusMillis(2));

        driver.ask(LONG);

        assertThat(serials(driver.sent(Propose.class))).containsExactly(2L);
    }

    @Test
    void opensItsSessionAgainAfterALongPauseBeforeItProposes() {
        driver.pass(PAUSE);

        driver.ask(LONG);

        Open open = driver.sent(Open.class);
        driver.answer("n2", new ClientRpc.Opened(open.life(), 40));
        Propose propose = driver.sent(Propose.class);
        assertThat(propose.session()).isEqualTo(40);
        assertThat(propose.life()).isEqualTo(open.life());
        assertThat(serials(propose)).containsExactly(2L);
    }

    @Test
    void losesNoCommandToASessionThatExpiredMeanwhile() {
        driver.pass(PAUSE);
        long number = driver.ask(LONG);
        Open open = driver.sent(Open.class);

        driver.answer("n2", new ClientRpc.Opened(open.life(), 95));

        Propose propose = driver.sent(Propose.class);
        assertThat(propose.session()).isEqualTo(95);
        assertThat(propose.lowest()).isEqualTo(2);
        driver.outcome("n2", propose, 2);
        assertThat(driver.take()).containsExactly(new Effect.Answer(number, 102, new Reply.Replied(Driver.COMMAND)));
    }

    @Test
    void asksForTheRenewalUntilItIsAnswered() {
        driver.pass(PAUSE);
        driver.ask(LONG);
        Open first = driver.sent(Open.class);

        driver.pass(Driver.T.multipliedBy(2));

        Open second = driver.sent(Open.class);
        assertThat(second.life()).isEqualTo(first.life());
        assertThat(second.batch()).isGreaterThan(first.batch());
    }

    @Test
    void keepsItsSessionWhileACommandIsUnanswered() {
        driver.ask(LONG);
        ClientRpc.Propose first = driver.sent(Propose.class);

        driver.pass(PAUSE);
        driver.ask(LONG);

        assertThat(driver.take())
                .filteredOn(Effect.Send.class::isInstance)
                .isNotEmpty()
                .allSatisfy(send -> assertThat(((Effect.Send) send).rpc()).isNotInstanceOf(Open.class));
        driver.answer("n2", new ClientRpc.Opened(first.life(), 95));
        driver.leaderIs(2, "n3");
        assertThat(driver.allSent(Propose.class))
                .isNotEmpty()
                .allSatisfy(propose -> assertThat(propose.session()).isEqualTo(40));
    }

    @Test
    void takesNoLateAnswerForAnotherSession() {
        driver.pass(PAUSE);
        driver.ask(LONG);
        Open open = driver.sent(Open.class);

        driver.answer("n2", new ClientRpc.Opened(open.life(), 39));
        assertThat(driver.targets()).isEmpty();
        driver.answer("n2", new ClientRpc.Opened(open.life(), 95));
        driver.answer("n2", new ClientRpc.Opened(open.life(), 96));
        driver.ask(LONG);

        assertThat(driver.allSent(Propose.class))
                .hasSize(2)
                .allSatisfy(propose -> assertThat(propose.session()).isEqualTo(95));
    }

    @Test
    void saysNotAppliedIfTheOnlyCopyWasRefusedWithItsSession() {
        long number = driver.ask(LONG);
        Propose propose = driver.sent(Propose.class);

        driver.outcome("n2", propose, 2, new Reply.SessionUnknown());

        assertThat(driver.client.wakeAt()).isEqualTo(Long.MAX_VALUE);
        Effect.Fail fail = driver.failed();
        assertThat(fail.number()).isEqualTo(number);
        assertThat(fail.failure()).isEqualTo(Failure.SESSION_ENDED);
        assertThat(fail.sentence())
                .contains("Session 40")
                .contains("serial 2 was refused and not applied")
                .contains("Ask again");
        driver.ask(LONG);
        assertThat(driver.sent(Open.class).life()).isNotEqualTo(propose.life());
    }

    @Test
    void saysNotAppliedIfAllOtherCopiesWereSurelyRefused() {
        driver.ask(LONG);
        driver.refuse("n2", driver.sent(Propose.class), Refusal.NOT_LEADER, "n3", true);
        Propose second = driver.sent(Propose.class);

        driver.outcome("n3", second, 2, new Reply.SessionUnknown());

        assertThat(driver.failed().failure()).isEqualTo(Failure.SESSION_ENDED);
    }

    @Test
    void saysUnknownIfAnEarlierCopyMayHaveBeenApplied() {
        driver.ask(LONG);
        driver.take();
        driver.leaderIs(2, "n3");
        Propose second = driver.sent(Propose.class);

        driver.outcome("n3", second, 2, new Reply.SessionUnknown());

        assertThat(driver.failed().failure()).isEqualTo(Failure.UNKNOWN);
    }

    @Test
    void saysUnknownOfWhatLeftInASessionThatHasEndedAndWasNotAnswered() {
        driver.askWithoutFlush(Driver.COMMAND, LONG);
        driver.askWithoutFlush(Driver.COMMAND, LONG);
        driver.did(driver.client.flush(driver.now));
        Propose both = driver.sent(Propose.class);

        driver.outcome("n2", both, 2, new Reply.SessionUnknown());

        assertThat(driver.take())
                .filteredOn(Effect.Fail.class::isInstance)
                .extracting(fail -> ((Effect.Fail) fail).failure())
                .containsExactly(Failure.SESSION_ENDED, Failure.UNKNOWN);
    }

    @Test
    void doublesItsHintWithEachRefusalUpToT() {
        ClientSettings settings = new ClientSettings("bank", "n1", List.of("n1"), Driver.T, 1_000);

        assertThat(List.of(0, 1, 2, 3, 4, 5, 1_000))
                .extracting(refusals -> settings.retryAfter(refusals).toMillis())
                .containsExactly(50L, 50L, 100L, 200L, 400L, 500L, 500L);
    }
}
