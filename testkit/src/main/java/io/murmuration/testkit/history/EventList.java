package io.murmuration.testkit.history;

/**
 * The calls and returns of a partition in the order of time, as a doubly linked list from which an operation is lifted
 * when it takes effect, and into which it is put back when that is undone (Lowe 2017, after Wing and Gong 1993). Both
 * take constant time, provided that operations are put back in the opposite order.
 */
final class EventList {
    /** There is no further event. */
    static final int END = -1;

    private final int operations;
    private final int answered;
    private final int[] next;
    private final int[] previous;

    /**
     * The list of all events. At the same nanosecond a call comes before a return: the two count as concurrent.
     *
     * @param calls when each operation was called; those that were answered come first
     * @param returns when the answered ones returned
     */
    EventList(long[] calls, long[] returns) {
        this.operations = calls.length;
        this.answered = returns.length;
        int head = calls.length + returns.length;
        this.next = new int[head + 1];
        this.previous = new int[head + 1];
        long[] times = new long[head];
        System.arraycopy(calls, 0, times, 0, calls.length);
        System.arraycopy(returns, 0, times, calls.length, returns.length);
        int last = head;
        for (int event : PositionSort.all(times)) {
            next[last] = event;
            previous[event] = last;
            last = event;
        }
        next[last] = END;
    }

    int first() {
        return next[next.length - 1];
    }

    int after(int event) {
        return next[event];
    }

    /** The event of a call is the number of its operation. */
    boolean isCall(int event) {
        return event >= 0 && event < operations;
    }

    /** Whose return it is. */
    int operationOf(int returnEvent) {
        return returnEvent - operations;
    }

    void lift(int operation) {
        unlink(operation);
        if (operation < answered) {
            unlink(operations + operation);
        }
    }

    void putBack(int operation) {
        if (operation < answered) {
            link(operations + operation);
        }
        link(operation);
    }

    private void unlink(int event) {
        next[previous[event]] = next[event];
        if (next[event] != END) {
            previous[next[event]] = previous[event];
        }
    }

    private void link(int event) {
        next[previous[event]] = event;
        if (next[event] != END) {
            previous[next[event]] = event;
        }
    }
}
