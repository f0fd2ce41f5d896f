package io.murmuration.examples.bank.payments;

import io.murmuration.examples.bank.ledger.BankCommand;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One payment of a file: without {@code from} a deposit, without {@code to} a withdrawal, with both a transfer.
 *
 * @param line its line in the file, the first being 1
 * @param id what it is known by; its {@code Idempotency-Key}
 * @param from the account that pays, or null
 * @param to the account that is paid, or null
 * @param amount in cents; positive
 */
public record Row(
        long line,
        String id,
        @Nullable String from,
        @Nullable String to,
        long amount) {
    /** The first line of a file, which may be left out. */
    public static final String HEADER = "id,from,to,amount";

    private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,19}");

    /** What a line of a file says. */
    public sealed interface Parsed permits Good, Bad {}

    /**
     * A line that is a payment.
     *
     * @param row the payment
     */
    public record Good(Row row) implements Parsed {}

    /**
     * A line that is none.
     *
     * @param line its number
     * @param why what is wrong with it
     */
    public record Bad(long line, String why) implements Parsed {}

    /**
     * Reads a line.
     *
     * @param line its number
     * @param text the line without its end
     * @return the payment, or what is wrong
     */
    public static Parsed parse(long line, String text) {
        String[] fields = text.split(",", -1);
        if (fields.length != 4) {
            return new Bad(line, "expected 4 fields (" + HEADER + "), found " + fields.length);
        }
        String id = fields[0];
        String from = fields[1];
        String to = fields[2];
        if (!BankCommand.isPaymentId(id)) {
            return new Bad(line, "the id must have 1 to 128 printable characters");
        }
        if (from.isEmpty() && to.isEmpty()) {
            return new Bad(line, "neither from nor to names an account");
        }
        if (!from.isEmpty() && !BankCommand.ACCOUNT.matcher(from).matches()) {
            return new Bad(line, "from is not an account id: " + shown(from));
        }
        if (!to.isEmpty() && !BankCommand.ACCOUNT.matcher(to).matches()) {
            return new Bad(line, "to is not an account id: " + shown(to));
        }
        if (from.equals(to)) {
            return new Bad(line, "from and to are the same account");
        }
        long amount = amount(fields[3]);
        return amount > 0
                ? new Good(new Row(line, id, from.isEmpty() ? null : from, to.isEmpty() ? null : to, amount))
                : new Bad(line, "the amount must be a positive whole number of cents: " + shown(fields[3]));
    }

    /** The amount, or 0 if it is none. */
    private static long amount(String text) {
        if (!AMOUNT.matcher(text).matches()) {
            return 0;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException tooLarge) {
            return 0;
        }
    }

    private static String shown(String text) {
        return "\"" + (text.length() <= 40 ? text : text.substring(0, 40) + "...") + "\"";
    }

    /**
     * The row as a line of a file.
     *
     * @return four fields
     */
    public String csv() {
        return id + "," + (from == null ? "" : from) + "," + (to == null ? "" : to) + "," + amount;
    }
}
