package io.murmuration.examples.bank.ledger;

import org.jspecify.annotations.Nullable;

/**
 * A payment that was carried out or refused, with all that is needed to give the same answer again.
 *
 * @param paymentId what it is known by
 * @param from the account that paid, or null for a deposit
 * @param to the account that was paid, or null for a withdrawal
 * @param cents how much
 * @param index where it was decided
 * @param elapsedMillis when it was decided, in {@code Meta.elapsed()}
 * @param refusal why it was refused, or null if it was carried out
 * @param fromBalance what was in {@code from} right after; 0 if there is none
 * @param toBalance what was in {@code to} right after; 0 if there is none
 */
record Remembered(
        String paymentId,
        @Nullable String from,
        @Nullable String to,
        long cents,
        long index,
        long elapsedMillis,
        @Nullable Refusal refusal,
        long fromBalance,
        long toBalance) {}
