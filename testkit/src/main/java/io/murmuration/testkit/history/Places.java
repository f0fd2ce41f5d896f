package io.murmuration.testkit.history;

import io.murmuration.testkit.history.Operation.Status;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** At which log index each operation took effect, as the answers claim and, where given, the applied log says. */
final class Places {
    private final List<Operation> operations;
    /** By position; 0 for what took no effect, or nobody knows where. */
    private final long[] indices;

    private final BitSet writes = new BitSet();
    private final boolean isLogKnown;
    private int[] order = {};

    private Places(List<Operation> operations, boolean isLogKnown) {
        this.operations = operations;
        this.indices = new long[operations.size()];
        this.isLogKnown = isLogKnown;
    }

    static Places of(History history, Model<?> model, @Nullable AppliedLog log, Violations violations) {
        Places places = new Places(history.operations(), log != null);
        for (int position = 0; position < places.size(); position++) {
            Operation operation = places.operation(position);
            places.indices[position] = operation.status() == Status.OK ? operation.index() : 0;
            places.writes.set(position, !model.readsOnly(operation));
        }
        if (log != null) {
            places.place(log, violations);
        }
        places.order = places.sorted();
        if (log == null) {
            places.checkOwnIndices(violations);
        }
        return places;
    }

    int size() {
        return indices.length;
    }

    Operation operation(int position) {
        return operations.get(position);
    }

    boolean isWrite(int position) {
        return writes.get(position);
    }

    /** Whether it took effect at a place that is not known, or may have. */
    boolean isAdrift(int position) {
        if (indices[position] > 0) {
            return false;
        }
        return switch (operation(position).status()) {
            case OK -> true;
            case FAIL -> false;
            case UNKNOWN -> !isLogKnown && isWrite(position);
        };
    }

    /** The operations that have a place, lowest index first, a write before the reads of its index. */
    int[] inOrder() {
        return order;
    }

    private int[] sorted() {
        int[] placed = new int[size()];
        int count = 0;
        for (boolean write : new boolean[] {true, false}) {
            for (int position = 0; position < placed.length; position++) {
                if (indices[position] > 0 && isWrite(position) == write) {
                    placed[count++] = position;
                }
            }
        }
        return PositionSort.by(indices, Arrays.copyOf(placed, count));
    }

    private void checkOwnIndices(Violations violations) {
        int before = -1;
        for (int position : order) {
            if (!isWrite(position)) {
                continue;
            }
            if (before >= 0 && indices[before] == indices[position]) {
                violations.add("Two writes claim index " + indices[position] + ", where one can have taken effect: "
                        + operation(before) + "; " + operation(position) + ".");
            }
            before = position;
        }
    }

    private void place(AppliedLog log, Violations violations) {
        BitSet applied = new BitSet();
        long before = 0;
        for (int entry : log.inOrder()) {
            long index = log.index(entry);
            int position = log.position(entry);
            if (position >= size()) {
                throw new IllegalArgumentException("The applied log has the operation at position " + position
                        + " of a history of " + size() + "; give both of one run.");
            }
            Operation operation = operation(position);
            if (index == before) {
                violations.add(
                        "The applied log has two operations at index " + index + ", the second is " + operation + ".");
            }
            if (applied.get(position)) {
                violations.add("Double effect: the applied log has this operation at index " + indices[position]
                        + " and again at index " + index + ": " + operation + ".");
            } else if (operation.status() == Status.FAIL) {
                violations.add("The applied log has at index " + index
                        + " an operation that was said to have failed, surely without effect: " + operation + ".");
            } else if (operation.status() == Status.OK && operation.index() != 0 && operation.index() != index) {
                violations.add("The applied log has this operation at index " + index + ", not where its answer says: "
                        + operation + ".");
            }
            if (!applied.get(position) && operation.status() != Status.FAIL) {
                indices[position] = index;
            }
            applied.set(position);
            before = index;
        }
        findLost(applied, violations);
    }

    private void findLost(BitSet applied, Violations violations) {
        for (int position = 0; position < size(); position++) {
            if (operation(position).status() == Status.OK && isWrite(position) && !applied.get(position)) {
                violations.add(
                        "Lost write: it was acknowledged and is not in the applied log: " + operation(position) + ".");
            }
        }
    }

    /** If a returned before b was called, a's index is not above b's, and below it if b is a write. */
    void checkRealTime(Violations violations) {
        int[] returned = PositionSort.all(times(true));
        int next = 0;
        int highest = -1;
        for (int position : PositionSort.all(times(false))) {
            if (indices[position] == 0) {
                continue;
            }
            Operation operation = operation(position);
            while (next < returned.length && operation(returned[next]).precedes(operation)) {
                int earlier = returned[next++];
                if (indices[earlier] > 0 && (highest < 0 || indices[earlier] > indices[highest])) {
                    highest = earlier;
                }
            }
            if (highest >= 0 && indices[position] < indices[highest] + (isWrite(position) ? 1 : 0)) {
                violations.add(outOfTime(position, highest));
            }
        }
    }

    private long[] times(boolean returned) {
        long[] times = new long[size()];
        for (int position = 0; position < times.length; position++) {
            Operation operation = operation(position);
            times[position] = returned ? operation.returnNanos() : operation.callNanos();
        }
        return times;
    }

    private String outOfTime(int position, int earlier) {
        String what = isWrite(position)
                ? "This write took effect at index " + indices[position] + ", not above index "
                : "Stale read: this operation saw the state at index " + indices[position] + ", below index ";
        return what + indices[earlier] + " of one that was over before it was called: " + operation(position)
                + "; over before: " + operation(earlier) + ".";
    }
}
