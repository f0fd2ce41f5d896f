package io.murmuration.examples.bank.client;

import io.murmuration.examples.bank.payments.Row;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One request to the bank, on no node in particular. It can be sent again: a payment carries its key.
 *
 * @param method GET, PUT or POST
 * @param path the path, with the query if there is one
 * @param body JSON, or null
 * @param key the {@code Idempotency-Key}, or null if it is no payment
 */
public record Call(
        String method,
        String path,
        @Nullable String body,
        @Nullable String key) {
    /**
     * A read.
     *
     * @param path what to read
     * @return the call
     */
    public static Call get(String path) {
        return new Call("GET", path, null, null);
    }

    /**
     * Opens an account.
     *
     * @param account its id
     * @return the call
     */
    public static Call open(String account) {
        return new Call("PUT", "/accounts/" + account, null, null);
    }

    /**
     * A payment of any kind.
     *
     * @param from the account that pays, or null for a deposit
     * @param to the account that is paid, or null for a withdrawal
     * @param amount in cents
     * @param key what it is known by, or null to make one up
     * @return the call
     */
    public static Call payment(@Nullable String from, @Nullable String to, long amount, @Nullable String key) {
        String known = key == null ? UUID.randomUUID().toString() : key;
        String only = "{\"amount\":" + amount + "}";
        if (from == null) {
            return new Call("POST", "/accounts/" + to + "/deposits", only, known);
        }
        if (to == null) {
            return new Call("POST", "/accounts/" + from + "/withdrawals", only, known);
        }
        String both = "{\"from\":\"" + from + "\",\"to\":\"" + to + "\",\"amount\":" + amount + "}";
        return new Call("POST", "/transfers", both, known);
    }

    /**
     * The payment of a row.
     *
     * @param row the row, whose id is the key
     * @return the call
     */
    public static Call payment(Row row) {
        return payment(row.from(), row.to(), row.amount(), row.id());
    }

    boolean reads() {
        return method.equals("GET");
    }
}
