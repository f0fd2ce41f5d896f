package io.murmuration.examples.bank.ledger;

import io.murmuration.NotAppliedException;
import java.util.Optional;

/**
 * Why the ledger says no. The reason that travels with a rejection is one of these codes, followed by the index of the
 * first outcome if the payment was refused before.
 */
public enum Refusal {
    /** An account that the payment names is not open. */
    NO_SUCH_ACCOUNT("no-such-account", "No such account"),
    /** There is less in the account than the payment takes out. */
    INSUFFICIENT_FUNDS("insufficient-funds", "Insufficient funds"),
    /** The balance would exceed what a {@code long} holds. */
    BALANCE_OVERFLOW("balance-overflow", "Balance overflow"),
    /** The payment id was used before for another payment. */
    IDEMPOTENCY_CONFLICT("idempotency-conflict", "Idempotency key used for another payment");

    private static final String FIRST = "; first said at index ";

    private final String code;
    private final String title;

    Refusal(String code, String title) {
        this.code = code;
        this.title = title;
    }

    /**
     * The refusal as a program reads it.
     *
     * @return lower case words joined by hyphens
     */
    public String code() {
        return code;
    }

    /**
     * The refusal as a person reads it.
     *
     * @return a few words
     */
    public String title() {
        return title;
    }

    String again(long firstIndex) {
        return code + FIRST + firstIndex;
    }

    /**
     * A refusal and where it was first said.
     *
     * @param refusal why
     * @param index the index of the entry that was refused first
     */
    public record At(Refusal refusal, long index) {}

    /**
     * Finds the refusal in a rejection.
     *
     * @param rejected what the replica said
     * @return the refusal with the index of its first outcome; empty if the words are none of the ledger's
     */
    public static Optional<At> of(NotAppliedException.Rejected rejected) {
        String reason = rejected.reason();
        int first = reason.indexOf(FIRST);
        String code = first < 0 ? reason : reason.substring(0, first);
        long index = first < 0 ? rejected.index() : Long.parseLong(reason.substring(first + FIRST.length()));
        for (Refusal refusal : values()) {
            if (refusal.code.equals(code)) {
                return Optional.of(new At(refusal, index));
            }
        }
        return Optional.empty();
    }
}
