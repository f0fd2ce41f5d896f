package io.murmuration.examples.bank.ledger;

import io.murmuration.machine.Command;
import java.util.regex.Pattern;

/** What can be asked of the bank. Checked when made, so that the ledger never meets a command that makes no sense. */
public sealed interface BankCommand {
    /** What an account may be called. */
    Pattern ACCOUNT = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** The longest payment id. */
    int PAYMENT_ID_MAX = 128;

    /**
     * Opens an account with nothing in it; says so if it is open already.
     *
     * @param account its id
     */
    record Open(String account) implements BankCommand, Command<Opened> {
        /** Checks the id. */
        public Open {
            requireAccount(account);
        }
    }

    /**
     * Brings money in from outside.
     *
     * @param account where to
     * @param cents how much; positive
     * @param paymentId what this payment is known by, when it is asked for again
     */
    record Deposit(String account, long cents, String paymentId) implements BankCommand, Command<Receipt> {
        /** Checks each component. */
        public Deposit {
            requireAccount(account);
            requirePayment(cents, paymentId);
        }
    }

    /**
     * Takes money out.
     *
     * @param account where from
     * @param cents how much; positive
     * @param paymentId what this payment is known by, when it is asked for again
     */
    record Withdraw(String account, long cents, String paymentId) implements BankCommand, Command<Receipt> {
        /** Checks each component. */
        public Withdraw {
            requireAccount(account);
            requirePayment(cents, paymentId);
        }
    }

    /**
     * Moves money from one account to another.
     *
     * @param from where from
     * @param to where to; another account
     * @param cents how much; positive
     * @param paymentId what this payment is known by, when it is asked for again
     */
    record Transfer(String from, String to, long cents, String paymentId)
            implements BankCommand, Command<TransferReceipt> {
        /** Checks each component. */
        public Transfer {
            requireAccount(from);
            requireAccount(to);
            requirePayment(cents, paymentId);
            if (from.equals(to)) {
                throw new IllegalArgumentException(
                        "A transfer goes to another account, not from " + from + " to itself.");
            }
        }
    }

    /**
     * What is known when an account was opened.
     *
     * @param account its id
     * @param balance what is in it
     * @param created false if it was open before
     * @param index the index of the entry that asked
     */
    record Opened(String account, long balance, boolean created, long index) {}

    /**
     * The outcome of a deposit or a withdrawal.
     *
     * @param account the account
     * @param balance what was in it right after
     * @param index the index at which the payment took effect
     */
    record Receipt(String account, long balance, long index) {}

    /**
     * The outcome of a transfer.
     *
     * @param from the account that paid, right after
     * @param to the account that was paid, right after
     * @param index the index at which the payment took effect
     */
    record TransferReceipt(Balance from, Balance to, long index) {}

    /**
     * What is in an account.
     *
     * @param account its id
     * @param balance in cents; never negative
     */
    record Balance(String account, long balance) {}

    private static void requireAccount(String account) {
        if (!ACCOUNT.matcher(account).matches()) {
            throw new IllegalArgumentException("The account id \"" + account
                    + "\" is not usable; take 1 to 64 letters, digits, hyphens and underscores.");
        }
    }

    private static void requirePayment(long cents, String paymentId) {
        if (cents <= 0) {
            throw new IllegalArgumentException("The amount is " + cents + "; it must be positive.");
        }
        if (!isPaymentId(paymentId)) {
            throw new IllegalArgumentException("The payment id must have 1 to 128 printable characters of ASCII.");
        }
    }

    /**
     * Whether a text can be a payment id.
     *
     * @param text any text
     * @return true for 1 to 128 printable characters of ASCII, neither beginning nor ending with a space
     */
    static boolean isPaymentId(String text) {
        return !text.isEmpty()
                && text.length() <= PAYMENT_ID_MAX
                && text.chars().allMatch(c -> c >= ' ' && c <= '~')
                && text.strip().length() == text.length();
    }
}
