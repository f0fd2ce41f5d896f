package io.murmuration.core.election;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * What an Election must know of its group's settings.
 *
 * @param timeout T: timers are drawn from [T, 2 T)
 * @param priority who of two healthy voters should rather lead; never looked at when votes are given
 * @param leaseDriftPercent by how much the clocks of two nodes may drift apart while T passes, in percent; empty for no
 *     lease reads
 * @param dozes whether the group may doze while nothing goes on: somebody says when another node falls silent
 */
public record ElectionSettings(Duration timeout, int priority, OptionalInt leaseDriftPercent, boolean dozes) {
    /**
     * Of a group that never dozes.
     *
     * @param timeout T
     * @param priority who of two healthy voters should rather lead
     * @param leaseDriftPercent by how much clocks may drift apart; empty for no lease reads
     */
    public ElectionSettings(Duration timeout, int priority, OptionalInt leaseDriftPercent) {
        this(timeout, priority, leaseDriftPercent, false);
    }

    /**
     * No priority and no leases.
     *
     * @param timeout T
     * @return the settings
     */
    public static ElectionSettings of(Duration timeout) {
        return new ElectionSettings(timeout, 0, OptionalInt.empty());
    }

    /** Whether leaders promise reads by a lease, which holds only if nobody votes for T after hearing one. */
    boolean leases() {
        return leaseDriftPercent.isPresent();
    }

    /** How long a lease lasts from the sending of its round, in nanoseconds; 0 for no leases. */
    long leaseNanos() {
        return leaseDriftPercent.isEmpty() ? 0 : timeout.toNanos() / 100 * (100 - leaseDriftPercent.getAsInt());
    }
}
