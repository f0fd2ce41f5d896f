package io.murmuration.examples.bank.ledger;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.TreePMap;

/** Which payments were decided lately. Immutable; bounded by age and by number, and the oldest are forgotten first. */
final class PaymentMemory {
    static final int PAYMENTS_MAX = 1_000_000;
    static final long AGE_MAX_MILLIS = 24L * 60 * 60 * 1000;

    /** One payment is added at a time, so forgetting a few at a time keeps up, and no single command takes long. */
    private static final int FORGET_AT_ONCE = 16;

    private final int max;
    private final HashPMap<String, Remembered> byId;
    private final TreePMap<Long, String> byIndex;

    private PaymentMemory(int max, HashPMap<String, Remembered> byId, TreePMap<Long, String> byIndex) {
        this.max = max;
        this.byId = byId;
        this.byIndex = byIndex;
    }

    static PaymentMemory empty(int max) {
        return new PaymentMemory(max, HashTreePMap.empty(), TreePMap.empty());
    }

    static PaymentMemory of(List<Remembered> payments) {
        HashPMap<String, Remembered> byId = HashTreePMap.empty();
        TreePMap<Long, String> byIndex = TreePMap.empty();
        for (Remembered payment : payments) {
            byId = byId.plus(payment.paymentId(), payment);
            byIndex = byIndex.plus(payment.index(), payment.paymentId());
        }
        return new PaymentMemory(PAYMENTS_MAX, byId, byIndex);
    }

    @Nullable
    Remembered recall(String paymentId, long elapsedMillis) {
        Remembered found = byId.get(paymentId);
        return found == null || isOld(found, elapsedMillis) ? null : found;
    }

    PaymentMemory with(Remembered payment) {
        HashPMap<String, Remembered> ids = byId;
        TreePMap<Long, String> order = byIndex;
        Remembered outlived = ids.get(payment.paymentId());
        if (outlived != null) {
            order = order.minus(outlived.index());
        }
        ids = ids.plus(payment.paymentId(), payment);
        order = order.plus(payment.index(), payment.paymentId());
        for (int forgotten = 0; forgotten < FORGET_AT_ONCE; forgotten++) {
            Map.Entry<Long, String> oldest = order.firstEntry();
            Remembered first = ids.get(oldest.getValue());
            if (first == null || (order.size() <= max && !isOld(first, payment.elapsedMillis()))) {
                break;
            }
            ids = ids.minus(oldest.getValue());
            order = order.minus(oldest.getKey());
        }
        return new PaymentMemory(max, ids, order);
    }

    int size() {
        return byIndex.size();
    }

    @Nullable
    Remembered oldest() {
        return byIndex.isEmpty() ? null : byId.get(byIndex.firstEntry().getValue());
    }

    List<Remembered> toList() {
        return byIndex.values().stream().map(byId::get).toList();
    }

    private static boolean isOld(Remembered payment, long elapsedMillis) {
        return elapsedMillis - payment.elapsedMillis() > AGE_MAX_MILLIS;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PaymentMemory that && byId.equals(that.byId) && byIndex.equals(that.byIndex);
    }

    @Override
    public int hashCode() {
        return byIndex.hashCode();
    }
}
