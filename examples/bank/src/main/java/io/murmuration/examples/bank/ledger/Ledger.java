package io.murmuration.examples.bank.ledger;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.murmuration.examples.bank.ledger.BankCommand.Balance;
import io.murmuration.examples.bank.ledger.BankCommand.Deposit;
import io.murmuration.examples.bank.ledger.BankCommand.Open;
import io.murmuration.examples.bank.ledger.BankCommand.Opened;
import io.murmuration.examples.bank.ledger.BankCommand.Receipt;
import io.murmuration.examples.bank.ledger.BankCommand.Transfer;
import io.murmuration.examples.bank.ledger.BankCommand.TransferReceipt;
import io.murmuration.examples.bank.ledger.BankCommand.Withdraw;
import io.murmuration.machine.Applied;
import io.murmuration.machine.Meta;
import io.murmuration.machine.StateMachine;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * All accounts, and the payments that were decided lately. Immutable. The sum of the balances is what was deposited
 * less what was withdrawn, no balance is below zero, and a payment id is carried out once.
 */
public final class Ledger {
    private final TreePMap<String, Long> balances;
    private final BigInteger total;
    private final PaymentMemory payments;
    private final long elapsedMillis;

    private Ledger(TreePMap<String, Long> balances, BigInteger total, PaymentMemory payments, long elapsedMillis) {
        this.balances = balances;
        this.total = total;
        this.payments = payments;
        this.elapsedMillis = elapsedMillis;
    }

    /**
     * The bank as a state machine.
     *
     * @return the machine, from an empty ledger
     */
    public static StateMachine<Ledger> machine() {
        return StateMachine.startingFrom(empty())
                .on(Open.class, Ledger::open)
                .on(Deposit.class, Ledger::deposit)
                .on(Withdraw.class, Ledger::withdraw)
                .on(Transfer.class, Ledger::transfer)
                .covering(BankCommand.class);
    }

    /**
     * A bank without accounts.
     *
     * @return the initial state
     */
    public static Ledger empty() {
        return new Ledger(TreePMap.empty(), BigInteger.ZERO, PaymentMemory.empty(PaymentMemory.PAYMENTS_MAX), 0);
    }

    Applied<Ledger, Opened> open(Open open, Meta meta) {
        Long balance = balances.get(open.account());
        if (balance != null) {
            return Applied.of(this, new Opened(open.account(), balance, false, meta.index()));
        }
        Ledger next = new Ledger(
                balances.plus(open.account(), 0L),
                total,
                payments,
                meta.elapsed().toMillis());
        return Applied.of(next, new Opened(open.account(), 0, true, meta.index()));
    }

    Applied<Ledger, Receipt> deposit(Deposit deposit, Meta meta) {
        Payment payment = new Payment(deposit.paymentId(), null, deposit.account(), deposit.cents());
        return once(payment, meta, done -> new Receipt(deposit.account(), done.toBalance(), done.index()));
    }

    Applied<Ledger, Receipt> withdraw(Withdraw withdraw, Meta meta) {
        Payment payment = new Payment(withdraw.paymentId(), withdraw.account(), null, withdraw.cents());
        return once(payment, meta, done -> new Receipt(withdraw.account(), done.fromBalance(), done.index()));
    }

    Applied<Ledger, TransferReceipt> transfer(Transfer transfer, Meta meta) {
        Payment payment = new Payment(transfer.paymentId(), transfer.from(), transfer.to(), transfer.cents());
        return once(
                payment,
                meta,
                done -> new TransferReceipt(
                        new Balance(transfer.from(), done.fromBalance()),
                        new Balance(transfer.to(), done.toBalance()),
                        done.index()));
    }

    /** A payment of any kind: without {@code from} a deposit, without {@code to} a withdrawal. */
    private record Payment(
            String id, @Nullable String from, @Nullable String to, long cents) {
        boolean is(Remembered earlier) {
            return new Payment(earlier.paymentId(), earlier.from(), earlier.to(), earlier.cents()).equals(this);
        }
    }

    private <R> Applied<Ledger, R> once(Payment payment, Meta meta, Function<Remembered, R> receipt) {
        Remembered earlier = payments.recall(payment.id(), meta.elapsed().toMillis());
        if (earlier != null && !payment.is(earlier)) {
            return Applied.rejected(this, Refusal.IDEMPOTENCY_CONFLICT.code());
        }
        if (earlier != null && earlier.refusal() != null) {
            return Applied.rejected(this, earlier.refusal().again(earlier.index()));
        }
        if (earlier != null) {
            return Applied.of(this, receipt.apply(earlier));
        }
        Refusal refusal = refusal(payment);
        Remembered decided = decide(payment, refusal, meta);
        Ledger next = after(decided);
        return refusal == null ? Applied.of(next, receipt.apply(decided)) : Applied.rejected(next, refusal.code());
    }

    private @Nullable Refusal refusal(Payment payment) {
        Long from = payment.from() == null ? null : balances.get(payment.from());
        Long to = payment.to() == null ? null : balances.get(payment.to());
        if ((payment.from() != null && from == null) || (payment.to() != null && to == null)) {
            return Refusal.NO_SUCH_ACCOUNT;
        }
        if (from != null && from < payment.cents()) {
            return Refusal.INSUFFICIENT_FUNDS;
        }
        if (to != null && to > Long.MAX_VALUE - payment.cents()) {
            return Refusal.BALANCE_OVERFLOW;
        }
        return null;
    }

    private Remembered decide(Payment payment, @Nullable Refusal refusal, Meta meta) {
        boolean carriedOut = refusal == null;
        return new Remembered(
                payment.id(),
                payment.from(),
                payment.to(),
                payment.cents(),
                meta.index(),
                meta.elapsed().toMillis(),
                refusal,
                carriedOut && payment.from() != null ? balance(payment.from()) - payment.cents() : 0,
                carriedOut && payment.to() != null ? balance(payment.to()) + payment.cents() : 0);
    }

    private Ledger after(Remembered decided) {
        TreePMap<String, Long> next = balances;
        BigInteger sum = total;
        if (decided.refusal() == null && decided.from() != null) {
            next = next.plus(decided.from(), decided.fromBalance());
            sum = sum.subtract(BigInteger.valueOf(decided.cents()));
        }
        if (decided.refusal() == null && decided.to() != null) {
            next = next.plus(decided.to(), decided.toBalance());
            sum = sum.add(BigInteger.valueOf(decided.cents()));
        }
        return new Ledger(next, sum, payments.with(decided), decided.elapsedMillis());
    }

    private long balance(String account) {
        return balances.getOrDefault(account, 0L);
    }

    /**
     * What is in an account.
     *
     * @param account its id
     * @return the balance in cents, or empty if it is not open
     */
    public OptionalLong balanceOf(String account) {
        Long balance = balances.get(account);
        return balance == null ? OptionalLong.empty() : OptionalLong.of(balance);
    }

    /**
     * How many accounts are open.
     *
     * @return their number
     */
    public int accounts() {
        return balances.size();
    }

    /**
     * The sum of all balances. It may exceed what a {@code long} holds, though no single balance does.
     *
     * @return in cents
     */
    public BigInteger total() {
        return total;
    }

    /**
     * A part of the accounts, sorted by id.
     *
     * @param after the id behind which to begin; empty for the beginning
     * @param limit how many at most
     * @return the accounts, and where the next page begins
     */
    public Page page(String after, int limit) {
        List<Balance> found = new ArrayList<>(Math.min(limit, balances.size()));
        Map<String, Long> rest = after.isEmpty() ? balances : balances.tailMap(after, false);
        for (Map.Entry<String, Long> entry : rest.entrySet()) {
            if (found.size() == limit) {
                return new Page(found, found.get(limit - 1).account());
            }
            found.add(new Balance(entry.getKey(), entry.getValue()));
        }
        return new Page(found, null);
    }

    /**
     * Some accounts.
     *
     * @param accounts sorted by id
     * @param next the id behind which the next page begins, or null if this is the last page
     */
    public record Page(List<Balance> accounts, @Nullable String next) {
        /** Copies the list. */
        public Page {
            accounts = List.copyOf(accounts);
        }
    }

    /**
     * How far back payment ids are remembered.
     *
     * @return the number of payments and the age of the oldest
     */
    public Window window() {
        Remembered oldest = payments.oldest();
        return new Window(payments.size(), oldest == null ? 0 : elapsedMillis - oldest.elapsedMillis());
    }

    /**
     * How far back payment ids are remembered.
     *
     * @param payments how many
     * @param millis how long before the latest payment the oldest of them was decided, in {@code Meta.elapsed()}
     */
    public record Window(int payments, long millis) {}

    /**
     * The ledger in plain lists and maps, as it is encoded.
     *
     * @param balances each account and what is in it
     * @param payments the payments that are remembered, oldest first
     * @param elapsedMillis {@code Meta.elapsed()} of the latest command that changed something
     */
    record Image(Map<String, Long> balances, List<Remembered> payments, long elapsedMillis) {}

    @JsonValue
    Image image() {
        return new Image(balances, payments.toList(), elapsedMillis);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Ledger of(Image image) {
        BigInteger sum = BigInteger.ZERO;
        for (long balance : image.balances().values()) {
            sum = sum.add(BigInteger.valueOf(balance));
        }
        return new Ledger(
                TreePMap.from(image.balances()), sum, PaymentMemory.of(image.payments()), image.elapsedMillis());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Ledger that
                && balances.equals(that.balances)
                && payments.equals(that.payments)
                && elapsedMillis == that.elapsedMillis;
    }

    @Override
    public int hashCode() {
        return balances.hashCode();
    }

    @Override
    public String toString() {
        return "Ledger[" + balances.size() + " accounts, " + total + " cents, " + payments.size()
                + " payments remembered]";
    }
}
