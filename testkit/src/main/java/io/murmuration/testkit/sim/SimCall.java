package io.murmuration.testkit.sim;

import io.murmuration.core.model.Order;
import io.murmuration.machine.Command;
import org.jspecify.annotations.Nullable;

/** One command or read of a simulated caller, or an order of an operator, from its call to its end. Mutable. */
final class SimCall {
    /** What became of it, as the caller knows. */
    enum Status {
        OPEN,
        OK,
        /** It surely had no effect and never will have. */
        FAILED,
        /** It may have taken effect, or still do so. */
        UNKNOWN
    }

    final long number;
    final int caller;
    final String node;
    /** Null for a read. */
    final @Nullable Command<?> command;

    /** What an operator wants, or null. */
    final @Nullable Order order;

    final boolean local;
    final long calledAt;
    final long patience;
    /** The highest index that was known to be committed when this was called: what it sees must not be older. */
    final long floor;

    Status status = Status.OPEN;
    long endedAt;
    /** Where it took effect, or whose state it read. */
    long index;
    /** What the caller was told: a reply, the reason of a rejection, a state, or a failure in words. */
    @Nullable
    Object answer;
    /** The index at which a fold was seen to carry it out; 0 if none was. */
    long foldedAt;

    SimCall(
            long number,
            int caller,
            String node,
            @Nullable Command<?> command,
            boolean local,
            long calledAt,
            long patience,
            long floor) {
        this(number, caller, node, command, null, local, calledAt, patience, floor);
    }

    /** An order of an operator. */
    SimCall(long number, String node, Order order, long calledAt, long patience) {
        this(number, (int) number, node, null, order, false, calledAt, patience, 0);
    }

    private SimCall(
            long number,
            int caller,
            String node,
            @Nullable Command<?> command,
            @Nullable Order order,
            boolean local,
            long calledAt,
            long patience,
            long floor) {
        this.order = order;
        this.number = number;
        this.caller = caller;
        this.node = node;
        this.command = command;
        this.local = local;
        this.calledAt = calledAt;
        this.patience = patience;
        this.floor = floor;
    }

    @Override
    public String toString() {
        if (order != null) {
            return "order " + number + " " + order;
        }
        String what = command != null ? command.toString() : local ? "local read" : "read";
        return "call " + number + " " + what;
    }
}
