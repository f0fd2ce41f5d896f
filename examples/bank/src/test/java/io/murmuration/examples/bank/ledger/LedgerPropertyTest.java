package io.murmuration.examples.bank.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.examples.bank.ledger.BankCommand.Balance;
import io.murmuration.examples.bank.ledger.BankCommand.Deposit;
import io.murmuration.examples.bank.ledger.BankCommand.Open;
import io.murmuration.examples.bank.ledger.BankCommand.Transfer;
import io.murmuration.examples.bank.ledger.BankCommand.Withdraw;
import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.Meta;
import io.murmuration.machine.StateMachine;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Random commands, many of them repeated: what holds of every bank holds after each of them. */
class LedgerPropertyTest {
    private static final int SEEDS = 50;
    private static final int COMMANDS = 2_000;
    private static final List<String> ACCOUNTS = List.of("a", "b", "c", "d", "never-opened");

    private final StateMachine<Ledger> machine = Ledger.machine();

    @Test
    void conservesMoneyAndNeverGoesBelowZeroAndCarriesOutEachPaymentOnce() {
        for (int seed = 0; seed < SEEDS; seed++) {
            check(seed);
        }
    }

    private void check(int seed) {
        Random random = new Random(seed);
        Ledger ledger = Ledger.empty();
        List<Command<?>> asked = new ArrayList<>();
        BigInteger expected = BigInteger.ZERO;
        int accepted = 0;
        int repeated = 0;
        for (int index = 1; index <= COMMANDS; index++) {
            boolean again = !asked.isEmpty() && random.nextInt(4) == 0;
            Command<?> command = again ? asked.get(random.nextInt(asked.size())) : next(random, index);
            Applied<Ledger, ?> applied =
                    machine.apply(ledger, command, new Meta(index, 1, Instant.EPOCH, Duration.ofMillis(index)));
            if (!again) {
                asked.add(command);
                expected = expected.add(applied.reason() == null ? change(command) : BigInteger.ZERO);
                accepted += applied.reason() == null ? 1 : 0;
            } else if (!(command instanceof Open)) {
                repeated++;
                assertThat(applied.state())
                        .as("seed %s, repeated at %s: %s", seed, index, command)
                        .isSameAs(ledger);
            }
            ledger = applied.state();
            verify(ledger, expected, "seed " + seed + ", after " + index + ": " + command);
        }
        assertThat(accepted).as("seed %s", seed).isGreaterThan(COMMANDS / 10);
        assertThat(repeated).as("seed %s", seed).isGreaterThan(COMMANDS / 10);
    }

    private static void verify(Ledger ledger, BigInteger expected, String where) {
        BigInteger sum = BigInteger.ZERO;
        for (Balance balance : ledger.page("", Integer.MAX_VALUE).accounts()) {
            assertThat(balance.balance()).as(where).isNotNegative();
            sum = sum.add(BigInteger.valueOf(balance.balance()));
        }
        assertThat(sum).as(where).isEqualTo(expected);
        assertThat(ledger.total()).as(where).isEqualTo(expected);
    }

    static Command<?> next(RandomGenerator random, long index) {
        String account = ACCOUNTS.get(random.nextInt(ACCOUNTS.size()));
        String other = ACCOUNTS.get(random.nextInt(ACCOUNTS.size()));
        long cents = random.nextInt(50) == 0 ? Long.MAX_VALUE - random.nextInt(100) : 1 + random.nextInt(1000);
        String id = "p" + index;
        int kind = random.nextInt(10);
        if (kind == 0) {
            return new Open(ACCOUNTS.get(random.nextInt(ACCOUNTS.size() - 1)));
        }
        if (kind < 4) {
            return new Deposit(account, cents, id);
        }
        return kind < 7 || account.equals(other)
                ? new Withdraw(account, cents, id)
                : new Transfer(account, other, cents, id);
    }

    private static BigInteger change(Command<?> command) {
        if (command instanceof Deposit deposit) {
            return BigInteger.valueOf(deposit.cents());
        }
        return command instanceof Withdraw withdraw ? BigInteger.valueOf(-withdraw.cents()) : BigInteger.ZERO;
    }
}
