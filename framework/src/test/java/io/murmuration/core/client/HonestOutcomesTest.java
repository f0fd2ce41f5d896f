package io.murmuration.core.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.ClientRpc.Propose;
import io.murmuration.core.model.ClientRpc.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What may be said at the deadline: not applied only if no copy left, or each that left was surely refused. */
class HonestOutcomesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Driver driver = Driver.inSession();

    @Test
    void saysNoLeaderOfACommandThatNeverLeft() {
        driver.leaderIs(2, null);
        driver.ask(PATIENCE);

        driver.pass(PATIENCE);

        Effect.Fail fail = driver.failed();
        assertThat(fail.failure()).isEqualTo(Failure.NO_LEADER);
        assertThat(fail.sentence())
                .contains("3,000 ms")
                .contains("n1")
                .contains("n2")
                .contains("n3");
    }

    @Test
    void saysUnknownOfACommandWhoseOnlyCopyWasNotAnswered() {
        driver.ask(PATIENCE);
        driver.take();

        driver.pass(PATIENCE);

        Effect.Fail fail = driver.failed();
        assertThat(fail.failure()).isEqualTo(Failure.UNKNOWN);
        assertThat(fail.sentence())
                .contains("Serial 2 of session 40")
                .contains("3,000 ms ago")
                .contains("id of your own");
    }

    @Test
    void saysNoLeaderIfTheOnlyCopyWasSurelyRefused() {
        driver.ask(PATIENCE);
        driver.refuse("n2", driver.sent(Propose.class), Refusal.NOT_LEADER, null, true);
        driver.leaderIs(2, null);

        driver.pass(PATIENCE);

        assertThat(driver.failed().failure()).isEqualTo(Failure.NO_LEADER);
    }

    @Test
    void saysUnknownIfALeaderSteppedDownWithTheCommandInItsLog() {
        driver.ask(PATIENCE);
        driver.refuse("n2", driver.sent(Propose.class), Refusal.NOT_LEADER, null, false);
        driver.leaderIs(2, null);

        driver.pass(PATIENCE);

        assertThat(driver.failed().failure()).isEqualTo(Failure.UNKNOWN);
    }

    @Test
    void saysNoLeaderIfTheStepDownIsFollowedByTheNewsThatAnotherEntryIsCommitted() {
        driver.ask(PATIENCE);
        Propose propose = driver.sent(Propose.class);
        driver.refuse("n2", propose, Refusal.NOT_LEADER, null, false);
        driver.leaderIs(2, null);
        driver.refuse("n2", propose, Refusal.NOT_LEADER, null, true);

        driver.pass(PATIENCE);

        assertThat(driver.failed().failure()).isEqualTo(Failure.NO_LEADER);
    }

    @Test
    void saysUnknownIfOneOfTwoCopiesWasNotRefused() {
        driver.ask(PATIENCE);
        Propose first = driver.sent(Propose.class);
        driver.leaderIs(2, "n3");
        Propose second = driver.sent(Propose.class);
        assertThat(second.batch()).isNotEqualTo(first.batch());
        driver.refuse("n3", second, Refusal.NOT_LEADER, null, true);
        driver.leaderIs(3, null);

        driver.pass(PATIENCE);

        assertThat(driver.failed().failure()).isEqualTo(Failure.UNKNOWN);
    }

    @Test
    void saysNoLeaderIfBothCopiesWereSurelyRefused() {
        driver.ask(PATIENCE);
        Propose first = driver.sent(Propose.class);
        driver.leaderIs(2, "n3");
        Propose second = driver.sent(Propose.class);
        driver.refuse("n3", second, Refusal.NOT_LEADER, null, true);
        driver.refuse("n2", first, Refusal.NOT_LEADER, null, true);
        driver.leaderIs(3, null);

        driver.pass(PATIENCE);

        assertThat(driver.failed().failure()).isEqualTo(Failure.NO_LEADER);
    }

    @Test
    void saysUnknownIfAnOverloadedLeaderRefusedOnlyTheSecondCopy() {
        driver.ask(PATIENCE);
        driver.sent(Propose.class);
        driver.leaderIs(2, "n3");
        driver.refuse("n3", driver.sent(Propose.class), Refusal.OVERLOADED, null, true);
        driver.leaderIs(3, null);

        driver.pass(PATIENCE);

        assertThat(driver.failed().failure()).isEqualTo(Failure.UNKNOWN);
    }

    @Test
    void aRefusalClosesOnlyTheSerialsThatItNames() {
        driver.askWithoutFlush(Driver.COMMAND, PATIENCE);
        driver.askWithoutFlush(Driver.COMMAND, PATIENCE.plusSeconds(1));
        driver.did(driver.client.flush(driver.now));
        Propose both = driver.sent(Propose.class);
        Propose second = new Propose(
                both.life(),
                both.batch(),
                both.session(),
                both.lowest(),
                both.proposals().subList(1, 2));
        driver.refuse("n2", second, Refusal.NOT_LEADER, null, true);
        driver.leaderIs(2, null);

        driver.pass(PATIENCE);
        assertThat(driver.failed().failure()).isEqualTo(Failure.UNKNOWN);
        driver.pass(Duration.ofSeconds(1));
        assertThat(driver.failed().failure()).isEqualTo(Failure.NO_LEADER);
    }

    @Test
    void whoSentMoreCopiesThanCanBeNamedSaysUnknown() {
        driver.ask(Duration.ofHours(1));
        List<Propose> copies = new ArrayList<>(driver.allSent(Propose.class));
        for (int term = 2; term <= 40; term++) {
            driver.leaderIs(term, term % 2 == 0 ? "n3" : "n2");
            copies.add(driver.sent(Propose.class));
        }
        driver.leaderIs(41, null);
        for (Propose copy : copies.subList(0, 32)) {
            driver.refuse("n2", copy, Refusal.NOT_LEADER, null, true);
        }

        driver.pass(Duration.ofHours(1));

        assertThat(driver.failed().failure()).isEqualTo(Failure.UNKNOWN);
    }
}
