package io.murmuration.examples.bank.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.module.paramnames.ParameterNamesModule;
import io.murmuration.NotAppliedException;
import io.murmuration.examples.bank.ledger.BankCommand.Balance;
import io.murmuration.examples.bank.ledger.BankCommand.Deposit;
import io.murmuration.examples.bank.ledger.BankCommand.Open;
import io.murmuration.examples.bank.ledger.BankCommand.Opened;
import io.murmuration.examples.bank.ledger.BankCommand.Receipt;
import io.murmuration.examples.bank.ledger.BankCommand.Transfer;
import io.murmuration.examples.bank.ledger.BankCommand.TransferReceipt;
import io.murmuration.examples.bank.ledger.BankCommand.Withdraw;
import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.Meta;
import io.murmuration.machine.StateMachine;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private final StateMachine<Ledger> machine = Ledger.machine();
    private Ledger ledger = Ledger.empty();
    private long index;
    private Duration elapsed = Duration.ZERO;

    @Test
    void opensAnAccountOnceAndSaysWhenItWasOpenAlready() {
        assertThat(reply(new Open("a"))).isEqualTo(new Opened("a", 0, true, 1));
        reply(new Deposit("a", 5, "p1"));

        assertThat(reply(new Open("a"))).isEqualTo(new Opened("a", 5, false, 3));
    }

    @Test
    void answersEachPaymentWithTheBalancesAndTheIndex() {
        open("a", "b");

        assertThat(reply(new Deposit("a", 100, "p1"))).isEqualTo(new Receipt("a", 100, 3));
        assertThat(reply(new Transfer("a", "b", 30, "p2")))
                .isEqualTo(new TransferReceipt(new Balance("a", 70), new Balance("b", 30), 4));
        assertThat(reply(new Withdraw("b", 30, "p3"))).isEqualTo(new Receipt("b", 0, 5));
        assertThat(ledger.total()).isEqualTo(BigInteger.valueOf(70));
    }

    @Test
    void refusesWhatWouldTakeABalanceBelowZero() {
        open("a", "b");
        reply(new Deposit("a", 100, "p1"));

        assertThat(reason(new Withdraw("a", 101, "p2"))).isEqualTo("insufficient-funds");
        assertThat(reason(new Transfer("a", "b", 101, "p3"))).isEqualTo("insufficient-funds");
        assertThat(ledger.balanceOf("a")).hasValue(100);
    }

    @Test
    void refusesAnAccountThatIsNotOpen() {
        open("a");
        reply(new Deposit("a", 100, "p1"));

        assertThat(reason(new Deposit("x", 1, "p2"))).isEqualTo("no-such-account");
        assertThat(reason(new Withdraw("x", 1, "p3"))).isEqualTo("no-such-account");
        assertThat(reason(new Transfer("a", "x", 1, "p4"))).isEqualTo("no-such-account");
        assertThat(reason(new Transfer("x", "a", 1, "p5"))).isEqualTo("no-such-account");
        assertThat(ledger.total()).isEqualTo(BigInteger.valueOf(100));
    }

    @Test
    void refusesAnOverflowOfABalance() {
        open("a", "b");
        reply(new Deposit("a", Long.MAX_VALUE, "p1"));
        reply(new Deposit("b", 1, "p2"));

        assertThat(reason(new Deposit("a", 1, "p3"))).isEqualTo("balance-overflow");
        assertThat(reason(new Transfer("b", "a", 1, "p4"))).isEqualTo("balance-overflow");
        assertThat(ledger.total()).isEqualTo(BigInteger.valueOf(Long.MAX_VALUE).add(BigInteger.ONE));
    }

    @Test
    void answersARepeatedPaymentWithItsFirstOutcome() {
        open("a", "b");
        Object deposited = reply(new Deposit("a", 100, "p1"));
        Object moved = reply(new Transfer("a", "b", 40, "p2"));
        Object withdrawn = reply(new Withdraw("a", 10, "p3"));

        assertThat(reply(new Deposit("a", 100, "p1"))).isEqualTo(deposited);
        assertThat(reply(new Transfer("a", "b", 40, "p2"))).isEqualTo(moved);
        assertThat(reply(new Withdraw("a", 10, "p3"))).isEqualTo(withdrawn);
        assertThat(ledger.balanceOf("a")).hasValue(50);
    }

    @Test
    void answersARepeatedRefusalWithItsFirstIndexThoughItWouldPassNow() {
        open("a");
        assertThat(reason(new Withdraw("a", 10, "p1"))).isEqualTo("insufficient-funds");
        reply(new Deposit("a", 100, "p2"));

        String again = reason(new Withdraw("a", 10, "p1"));

        assertThat(Refusal.of(new NotAppliedException.Rejected(again, index)))
                .hasValue(new Refusal.At(Refusal.INSUFFICIENT_FUNDS, 2));
        assertThat(ledger.balanceOf("a")).hasValue(100);
    }

    @Test
    void refusesAPaymentIdWithOtherContentsAndKeepsTheFirst() {
        open("a", "b");
        reply(new Deposit("a", 100, "p1"));

        assertThat(reason(new Deposit("a", 101, "p1"))).isEqualTo("idempotency-conflict");
        assertThat(reason(new Deposit("b", 100, "p1"))).isEqualTo("idempotency-conflict");
        assertThat(reason(new Withdraw("a", 100, "p1"))).isEqualTo("idempotency-conflict");
        assertThat(reply(new Deposit("a", 100, "p1"))).isEqualTo(new Receipt("a", 100, 3));
    }

    @Test
    void forgetsAPaymentIdAfterTwentyFourHoursOfElapsedTime() {
        open("a");
        reply(new Deposit("a", 1, "p1"));
        elapsed = Duration.ofHours(24);
        assertThat(reply(new Deposit("a", 1, "p1"))).isEqualTo(new Receipt("a", 1, 2));

        elapsed = Duration.ofHours(24).plusMillis(1);

        assertThat(reply(new Deposit("a", 1, "p1"))).isEqualTo(new Receipt("a", 2, index));
        assertThat(ledger.window().payments()).isEqualTo(1);
    }

    @Test
    void saysHowFarBackPaymentIdsAreRemembered() {
        open("a");
        reply(new Deposit("a", 1, "p1"));
        elapsed = Duration.ofSeconds(90);
        reply(new Deposit("a", 1, "p2"));

        assertThat(ledger.window()).isEqualTo(new Ledger.Window(2, 90_000));
    }

    @Test
    void pagesThroughTheAccountsInOrder() {
        open("c", "a", "d", "b");

        Ledger.Page first = ledger.page("", 3);
        Ledger.Page second = ledger.page("c", 3);

        assertThat(first.accounts()).extracting(Balance::account).containsExactly("a", "b", "c");
        assertThat(first.next()).isEqualTo("c");
        assertThat(second.accounts()).extracting(Balance::account).containsExactly("d");
        assertThat(second.next()).isNull();
        assertThat(ledger.page("", 4).next()).isNull();
        assertThat(ledger.page("zz", 4).accounts()).isEmpty();
    }

    @Test
    void keepsEarlierStatesAsTheyWere() {
        open("a");
        Ledger before = ledger;

        reply(new Deposit("a", 100, "p1"));

        assertThat(before.balanceOf("a")).hasValue(0);
        assertThat(before.window().payments()).isZero();
    }

    @Test
    void survivesARoundTripThroughItsPlainForm() throws Exception {
        open("a", "b");
        reply(new Deposit("a", 100, "p1"));
        reply(new Transfer("a", "b", 40, "p2"));
        reason(new Withdraw("b", 41, "p3"));
        ObjectMapper mapper =
                JsonMapper.builder().addModule(new ParameterNamesModule()).build();

        Ledger read = mapper.readValue(mapper.writeValueAsBytes(ledger), Ledger.class);

        assertThat(read).isEqualTo(ledger);
        assertThat(read.total()).isEqualTo(ledger.total());
        ledger = read;
        assertThat(reply(new Deposit("a", 100, "p1"))).isEqualTo(new Receipt("a", 100, 3));
    }

    @Test
    void commandsThatMakeNoSenseCannotBeMade() {
        assertThatThrownBy(() -> new Open("no spaces")).hasMessageContaining("no spaces");
        assertThatThrownBy(() -> new Deposit("a", 0, "p")).hasMessageContaining("positive");
        assertThatThrownBy(() -> new Withdraw("a", -1, "p")).hasMessageContaining("positive");
        assertThatThrownBy(() -> new Transfer("a", "a", 1, "p")).hasMessageContaining("itself");
        for (String id : List.of("", "x".repeat(129), "a\nb", "\u00e4", " a")) {
            assertThatThrownBy(() -> new Deposit("a", 1, id)).hasMessageContaining("payment id");
        }
    }

    private void open(String... accounts) {
        for (String account : accounts) {
            reply(new Open(account));
        }
    }

    private Object reply(Command<?> command) {
        Applied<Ledger, ?> applied = apply(command);
        assertThat(applied.reason()).isNull();
        return applied.reply();
    }

    private String reason(Command<?> command) {
        Applied<Ledger, ?> applied = apply(command);
        assertThat(applied.reply()).isNull();
        return applied.reason();
    }

    private Applied<Ledger, ?> apply(Command<?> command) {
        Applied<Ledger, ?> applied = machine.apply(ledger, command, new Meta(++index, 1, Instant.EPOCH, elapsed));
        ledger = applied.state();
        return applied;
    }
}
