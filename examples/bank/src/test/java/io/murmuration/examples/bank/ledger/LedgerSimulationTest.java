package io.murmuration.examples.bank.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.examples.bank.ledger.BankCommand.Balance;
import io.murmuration.examples.bank.ledger.BankCommand.Deposit;
import io.murmuration.examples.bank.ledger.BankCommand.Open;
import io.murmuration.examples.bank.ledger.BankCommand.Receipt;
import io.murmuration.examples.bank.ledger.BankCommand.Transfer;
import io.murmuration.examples.bank.ledger.BankCommand.TransferReceipt;
import io.murmuration.testkit.StateMachineTestKit;
import io.murmuration.testkit.sim.Report;
import io.murmuration.testkit.sim.SimulatedCluster;
import java.math.BigInteger;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The bank as plain Java, and on five simulated nodes of which any may fail at any time. */
class LedgerSimulationTest {
    private static final long SEEDS = Long.getLong("murmuration.seeds", 50);

    @Test
    void carriesOutATransferOnceHoweverOftenItIsAsked() {
        StateMachineTestKit.of(Ledger.machine())
                .given(new Open("alice"), new Open("bob"), new Deposit("alice", 10, "p1"))
                .when(new Transfer("alice", "bob", 7, "p2"))
                .thenReply(new TransferReceipt(new Balance("alice", 3), new Balance("bob", 7), 4))
                .and()
                .when(new Transfer("alice", "bob", 7, "p2"))
                .thenReply(new TransferReceipt(new Balance("alice", 3), new Balance("bob", 7), 4))
                .thenState(ledger -> ledger.total().equals(BigInteger.TEN))
                .and()
                .when(new Transfer("alice", "bob", 7, "p3"))
                .thenRejected("insufficient-funds")
                .and()
                .when(new Deposit("bob", 1, "p4"))
                .thenReply(new Receipt("bob", 8, 7));
    }

    @Test
    void losesNoMoneyWhateverFails() {
        SimulatedCluster<Ledger> bank = SimulatedCluster.of(Ledger.machine())
                .nodes(5)
                .lasting(Duration.ofSeconds(5))
                .always("the balances add up to the total", LedgerSimulationTest::addsUp)
                .always("no balance is negative", LedgerSimulationTest::owesNothing);
        long answered = 0;
        long unknown = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            Report report = bank.seed(seed).run((random, caller) -> LedgerPropertyTest.next(random, random.nextLong()));
            answered += report.answered();
            unknown += report.unknown();
        }

        assertThat(answered).isGreaterThan(10 * SEEDS);
        assertThat(unknown).isPositive();
    }

    @Test
    void takesOneStatementToRunASeed() {
        // sample simulated begins
        Report report = SimulatedCluster.of(Ledger.machine())
                .nodes(5)
                .always("the balances add up to the total", LedgerSimulationTest::addsUp)
                .seed(42)
                .run((random, caller) -> new Deposit("alice", 1 + random.nextInt(100), "p" + random.nextLong()));
        // sample simulated ends

        assertThat(report.answered() + report.failed() + report.unknown()).isPositive();
    }

    private static boolean addsUp(Ledger ledger) {
        BigInteger sum = ledger.page("", Integer.MAX_VALUE).accounts().stream()
                .map(balance -> BigInteger.valueOf(balance.balance()))
                .reduce(BigInteger.ZERO, BigInteger::add);
        return sum.equals(ledger.total());
    }

    private static boolean owesNothing(Ledger ledger) {
        return ledger.page("", Integer.MAX_VALUE).accounts().stream().allMatch(balance -> balance.balance() >= 0);
    }
}
