package io.murmuration.core.client;

import static io.murmuration.core.client.Driver.commandOf;
import static io.murmuration.core.client.Driver.millis;
import static io.murmuration.core.client.Driver.serials;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ClientRpc.Open;
import io.murmuration.core.model.ClientRpc.Propose;
import io.murmuration.core.model.ClientRpc.Refusal;
import io.murmuration.core.model.ClientRpc.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sessions, serials, batches and retries, one rule each (§8, thesis 6.3). */
class CommandsTest {
    private static final Duration LONG = Duration.ofHours(1);

    @Test
    void sendsNothingBeforeTheGroupIsKnown() {
        Driver driver = new Driver();

        driver.ask(LONG);
        driver.leaderIs(1, "n2");
        driver.pass(Duration.ofSeconds(5));

        assertThat(driver.targets()).isEmpty();
    }

    @Test
    void saysNoLeaderIfTheGroupStaysUnknown() {
        Driver driver = new Driver();
        driver.did(driver.client.down("Waiting for n2 and n3 to be started.", driver.now));
        driver.ask(Duration.ofSeconds(1));

        driver.pass(Duration.ofSeconds(1));

        Effect.Fail fail = driver.failed();
        assertThat(fail.failure()).isEqualTo(Failure.NO_LEADER);
        assertThat(fail.sentence()).contains("1,000 ms").contains("Waiting for n2 and n3 to be started.");
    }

    @Test
    void opensTheSessionBeforeTheFirstCommandAndSendsWhatWaitedTogether() {
        Driver driver = new Driver();
        driver.joined();

        driver.askWithoutFlush(Driver.COMMAND, LONG);
        driver.askWithoutFlush(Driver.COMMAND, LONG);

        assertThat(driver.take()).containsExactly(new Effect.FlushSoon());
        driver.did(driver.client.flush(driver.now));
        Open open = driver.sent(Open.class);
        driver.answer("n2", new ClientRpc.Opened(open.life(), 40));
        Propose propose = driver.sent(Propose.class);
        assertThat(serials(propose)).containsExactly(1L, 2L);
        assertThat(propose.session()).isEqualTo(40);
        assertThat(propose.lowest()).isEqualTo(1);
        assertThat(propose.life()).isEqualTo(open.life());
    }

    @Test
    void asksForTheSessionAgainUntilItIsOpen() {
        Driver driver = new Driver();
        driver.joined();
        driver.ask(LONG);
        Open first = driver.sent(Open.class);

        driver.pass(Driver.T.multipliedBy(2));

        Open second = driver.sent(Open.class);
        assertThat(second.life()).isEqualTo(first.life());
        assertThat(second.batch()).isGreaterThan(first.batch());
    }

    @Test
    void sendsAtMost128KiBInOneMessageButALargerCommandAlone() {
        Driver driver = Driver.inSession();
        driver.askWithoutFlush(commandOf(60_000), LONG);
        driver.askWithoutFlush(commandOf(60_000), LONG);
        driver.askWithoutFlush(commandOf(60_000), LONG);
        driver.askWithoutFlush(commandOf(140_000), LONG);

        driver.did(driver.client.flush(driver.now));

        assertThat(driver.allSent(Propose.class))
                .extracting(Driver::serials)
                .containsExactly(List.of(2L, 3L), List.of(4L), List.of(5L));
    }

    @Test
    void keepsAtMostOneMiBOnTheWayToTheLeader() {
        Driver driver = Driver.inSession();
        for (int i = 0; i < 20; i++) {
            driver.askWithoutFlush(commandOf(100_000), LONG);
        }

        driver.did(driver.client.flush(driver.now));

        List<Propose> first = driver.allSent(Propose.class);
        assertThat(first).hasSize(10);
        driver.outcome("n2", first.get(0), 2);
        assertThat(serials(driver.sent(Propose.class))).containsExactly(12L);
    }

    @Test
    void saysOverloadedWhereSerialsWouldRunTooFarAhead() {
        Driver driver = Driver.inSession();
        for (int i = 0; i <= Commands.WINDOW; i++) {
            driver.askWithoutFlush(Driver.COMMAND, LONG);
        }
        driver.did(driver.client.flush(driver.now));
        List<Propose> sent = driver.allSent(Propose.class);
        assertThat(sent)
                .allSatisfy(propose -> assertThat(serials(propose))
                        .allSatisfy(
                                serial -> assertThat(serial - propose.lowest()).isBetween(0L, 1_024L)));

        driver.ask(LONG);

        Effect.Fail fail = driver.failed();
        assertThat(fail.failure()).isEqualTo(Failure.OVERLOADED);
        assertThat(fail.sentence()).contains("Serial 2 ").contains("1,024");
        driver.outcome("n2", sent.get(0), 2);
        driver.ask(LONG);
        assertThat(serials(driver.sent(Propose.class))).containsExactly(1_027L);
    }

    @Test
    void saysOverloadedWhereTooManyBytesWait() {
        Driver driver = new Driver(1_000);
        driver.joined();
        driver.ask(commandOf(900), LONG);
        driver.take();

        driver.ask(commandOf(100), LONG);

        Effect.Fail fail = driver.failed();
        assertThat(fail.failure()).isEqualTo(Failure.OVERLOADED);
        assertThat(fail.sentence())
                .contains("murmuration.gateway-bytes-max (1,000)")
                .contains("again in 50 ms");
        assertThat(fail.retryAfter()).isEqualTo(millis(50));
    }

    @Test
    void tellsTheLowestUnansweredSerial() {
        Driver driver = Driver.inSession();
        driver.ask(LONG);
        driver.ask(LONG);
        List<Propose> first = driver.allSent(Propose.class);
        driver.outcome("n2", first.get(1), 3);
        driver.ask(LONG);
        assertThat(driver.sent(Propose.class).lowest()).isEqualTo(2);

        driver.outcome("n2", first.get(0), 2);
        driver.ask(LONG);

        assertThat(driver.sent(Propose.class).lowest()).isEqualTo(4);
    }

    @Test
    void proposesAllThatIsUnansweredToANewLeaderUnderTheSameSerials() {
        Driver driver = Driver.inSession();
        driver.ask(LONG);
        driver.ask(LONG);
        driver.ask(LONG);
        List<Propose> old = driver.allSent(Propose.class);
        driver.outcome("n2", old.get(1), 3);
        driver.take();

        driver.leaderIs(2, "n3");

        assertThat(driver.take()).singleElement().isInstanceOfSatisfying(Effect.Send.class, send -> {
            assertThat(send.node()).isEqualTo("n3");
            assertThat(serials((Propose) send.rpc())).containsExactly(2L, 4L);
            assertThat(((Propose) send.rpc()).session()).isEqualTo(40);
            assertThat(((Propose) send.rpc()).batch()).isGreaterThan(old.get(2).batch());
        });
    }

    @Test
    void proposesAnewToTheSameLeaderOfALaterTermAndIgnoresNewsOfAnEarlierOne() {
        Driver driver = Driver.inSession();
        driver.ask(LONG);
        driver.take();

        driver.leaderIs(3, "n2");
        assertThat(serials(driver.sent(Propose.class))).containsExactly(2L);

        driver.leaderIs(2, "n3");
        assertThat(driver.targets()).isEmpty();
    }

    @Test
    void retriesAfterTwoFourAndEightTimeouts() {
        Driver driver = Driver.inSession();
        driver.ask(LONG);
        driver.take();
        long start = driver.now;
        List<Long> at = new ArrayList<>();

        for (int i = 0; i < 100; i++) {
            driver.pass(Driver.T);
            driver.allSent(Propose.class).forEach(again -> {
                assertThat(serials(again)).containsExactly(2L);
                at.add((driver.now - start) / Driver.T.toNanos());
            });
        }

        assertThat(at).startsWith(2L, 6L, 14L, 22L, 30L).hasSizeLessThan(15);
    }

    @Test
    void ignoresAnswersToAnotherLifeOrSession() {
        Driver driver = Driver.inSession();
        driver.ask(LONG);
        Propose mine = driver.sent(Propose.class);

        driver.outcome("n2", new Propose(Driver.strangeLife(), 1, 40, 1, List.of()), 2);
        driver.outcome("n2", new Propose(mine.life(), 1, 41, 1, List.of()), 2);
        driver.refuse(
                "n2",
                new Propose(Driver.strangeLife(), mine.batch(), 40, 1, mine.proposals()),
                Refusal.NOT_LEADER,
                "n3",
                true);

        assertThat(driver.take()).isEmpty();
    }

    @Test
    void answersOnceHoweverOftenTheOutcomeComes() {
        Driver driver = Driver.inSession();
        long number = driver.ask(LONG);
        Propose propose = driver.sent(Propose.class);

        driver.outcome("n2", propose, 2);
        driver.outcome("n2", propose, 2);

        assertThat(driver.take()).containsExactly(new Effect.Answer(number, 102, new Reply.Replied(Driver.COMMAND)));
    }

    @Test
    void passesOnWhatTheFoldSaidAndSaysUnknownIfItIsForgotten() {
        Driver driver = Driver.inSession();
        long declined = driver.ask(LONG);
        long lost = driver.ask(LONG);
        long forgotten = driver.ask(LONG);
        Propose propose = driver.allSent(Propose.class).get(0);

        driver.outcome("n2", propose, 2, new Reply.Declined("no"));
        driver.outcome("n2", propose, 3, new Reply.Unencodable("class X"));
        assertThat(driver.take())
                .containsExactly(
                        new Effect.Answer(declined, 102, new Reply.Declined("no")),
                        new Effect.Answer(lost, 103, new Reply.Unencodable("class X")));

        driver.outcome("n2", propose, 4, new Reply.Forgotten());
        Effect.Fail fail = driver.failed();
        assertThat(fail.number()).isEqualTo(forgotten);
        assertThat(fail.failure()).isEqualTo(Failure.UNKNOWN);
    }

    @Test
    void afterTheSessionIsLostOnlyWhatNeverLeftGoesOnUnderANewLife() {
        Driver driver = Driver.inSession();
        long left = driver.ask(LONG);
        driver.take();
        driver.leaderIs(2, "n3");
        Propose old = driver.sent(Propose.class);
        long waiting = driver.askWithoutFlush(Driver.COMMAND, LONG);
        driver.take();

        driver.outcome("n3", old, 2, new Reply.SessionUnknown());

        List<Effect> effects = driver.take();
        assertThat(effects)
                .filteredOn(Effect.Fail.class::isInstance)
                .singleElement()
                .satisfies(effect -> {
                    assertThat(((Effect.Fail) effect).number()).isEqualTo(left);
                    assertThat(((Effect.Fail) effect).failure()).isEqualTo(Failure.UNKNOWN);
                });
        Open open = effects.stream()
                .filter(Effect.Send.class::isInstance)
                .map(effect -> (Open) ((Effect.Send) effect).rpc())
                .findFirst()
                .orElseThrow();
        assertThat(open.life()).isNotEqualTo(old.life());
        driver.answer("n3", new ClientRpc.Opened(old.life(), 40));
        assertThat(driver.take()).isEmpty();
        driver.answer("n3", new ClientRpc.Opened(open.life(), 77));
        Propose next = driver.sent(Propose.class);
        assertThat(next.session()).isEqualTo(77);
        assertThat(serials(next)).containsExactly(1L);
        driver.outcome("n3", next, 1);
        assertThat(driver.take()).containsExactly(new Effect.Answer(waiting, 101, new Reply.Replied(Driver.COMMAND)));
    }

    @Test
    void aGroupOfAnotherIdKnowsNoSessionOfTheFormerOne() {
        Driver driver = Driver.inSession();
        driver.ask(LONG);
        Propose old = driver.sent(Propose.class);

        driver.did(driver.client.up(true, driver.now));
        driver.leaderIs(1, "n2");

        assertThat(driver.failed().failure()).isEqualTo(Failure.UNKNOWN);
        driver.ask(LONG);
        assertThat(driver.sent(Open.class).life()).isNotEqualTo(old.life());
    }

    @Test
    void backsOffFromAnOverloadedLeaderAndSaysSoAtTheDeadline() {
        Driver driver = Driver.inSession();
        driver.ask(Duration.ofSeconds(3));
        driver.refuse("n2", driver.sent(Propose.class), Refusal.OVERLOADED, "n2", true);
        driver.pass(millis(99));
        assertThat(driver.targets()).isEmpty();

        int copies = 1;
        for (int time = 99; time < 2_999; time += 10) {
            driver.pass(millis(10));
            for (Propose again : driver.allSent(Propose.class)) {
                driver.refuse("n2", again, Refusal.OVERLOADED, "n2", true);
                copies++;
            }
        }
        driver.pass(millis(10));

        Effect.Fail fail = driver.failed();
        assertThat(fail.failure()).isEqualTo(Failure.OVERLOADED);
        assertThat(fail.sentence()).contains("OVERLOADED from n2").contains("again in 500 ms");
        assertThat(fail.retryAfter()).isEqualTo(Driver.T);
        assertThat(copies).isBetween(4, 8);
    }

    @Test
    void anOutcomeDoesNotCutTheBackoffShort() {
        Driver driver = Driver.inSession();
        driver.ask(LONG);
        driver.ask(LONG);
        List<Propose> sent = driver.allSent(Propose.class);
        driver.refuse("n2", sent.get(1), Refusal.OVERLOADED, null, true);

        driver.outcome("n2", sent.get(0), 2);

        assertThat(driver.targets()).isEmpty();
    }

    @Test
    void failsWhatIsOpenHonestlyWhenClosed() {
        Driver driver = Driver.inSession();
        long left = driver.ask(LONG);
        long waiting = driver.askWithoutFlush(Driver.COMMAND, LONG);
        driver.take();

        driver.did(driver.client.close("The node is leaving.", driver.now));
        long late = driver.askWithoutFlush(Driver.COMMAND, LONG);

        assertThat(driver.take())
                .filteredOn(Effect.Fail.class::isInstance)
                .map(Effect.Fail.class::cast)
                .extracting(Effect.Fail::number, Effect.Fail::failure)
                .containsExactly(
                        tuple(left, Failure.UNKNOWN), tuple(waiting, Failure.CLOSED), tuple(late, Failure.CLOSED));
        driver.pass(Duration.ofSeconds(10));
        assertThat(driver.take()).isEmpty();
    }
}
