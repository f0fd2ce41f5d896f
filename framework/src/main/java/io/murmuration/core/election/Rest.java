package io.murmuration.core.election;

/**
 * How long this node, of its own accord, hands leadership over to nobody: "at most one handover in 10 x T" (protocol
 * rule Election 8), whatever the cause and across terms. Mutable. Orders of operators do not ask it.
 */
final class Rest {
    /** In election time-outs. */
    static final int TIMEOUTS = 10;

    private boolean ever;
    private long until;

    void begin(long nanos, long now) {
        ever = true;
        until = now + nanos;
    }

    boolean lasts(long now) {
        return ever && now - until < 0;
    }
}
