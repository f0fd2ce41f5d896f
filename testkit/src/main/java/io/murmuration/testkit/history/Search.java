package io.murmuration.testkit.history;

import io.murmuration.testkit.history.Operation.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The search for an order of one partition's operations that respects real time and gives every answer (Wing and Gong
 * 1993), which visits no pair of linearized set and state twice (Lowe 2017). Changed in place; used once, by one
 * thread.
 *
 * <p>Two more steps keep it small, and neither can change its outcome. An answered read that fits here takes effect
 * here, without a second try elsewhere: whatever order there is, moving the read here leaves every other answer as it
 * was. (That does not hold for a write that changes nothing here: later it might.) Of unknown operations that ask the
 * same, the one that was called first goes first, and none is spent where it changes nothing.
 *
 * @param <S> the model's state
 */
final class Search<S> {
    private static final int STOP = -2;

    private final Model<S> model;
    /** Answered ones first, then unknown ones; each in the order of their calls. */
    private final List<Operation> operations;

    private final int answered;
    /** For an unknown operation the one before it that asks the same; -1 if there is none. */
    private final int[] twins;

    private final EventList events;
    private final LinearizedSet linearized;
    private final Set<Visit<S>> visited = new HashSet<>();

    private final int[] path;
    private final boolean[] withoutChoice;
    private final List<S> statesBefore = new ArrayList<>();
    private int depth;
    private int open;
    private S state;

    private int[] longest = {};
    private int longestDepth = -1;
    private int unchanged;
    private @Nullable S longestState;
    private int stuckAt = STOP;

    /** A linearized set and the state to which it led. */
    private static final class Visit<S> {
        private final long[] image;
        private final S state;

        Visit(long[] image, S state) {
            this.image = image;
            this.state = state;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Visit<?> that && Arrays.equals(image, that.image) && state.equals(that.state);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(image) + state.hashCode();
        }
    }

    Search(Model<S> model, List<Operation> partition) {
        this.model = model;
        this.state = model.initial();
        this.operations = inOrder(model, partition);
        this.answered = (int)
                operations.stream().filter(each -> each.status() == Status.OK).count();
        this.open = answered;
        this.twins = twins();
        this.linearized = new LinearizedSet(answered, operations.size() - answered);
        this.path = new int[operations.size()];
        this.withoutChoice = new boolean[operations.size()];
        this.events = new EventList(
                operations.stream().mapToLong(Operation::callNanos).toArray(),
                operations.stream()
                        .limit(answered)
                        .mapToLong(Operation::returnNanos)
                        .toArray());
    }

    /** What failed had no effect, and a read without an answer says nothing. */
    private static List<Operation> inOrder(Model<?> model, List<Operation> partition) {
        return partition.stream()
                .filter(each ->
                        each.status() == Status.OK || (each.status() == Status.UNKNOWN && !model.readsOnly(each)))
                .sorted(Comparator.comparing(Operation::status).thenComparingLong(Operation::callNanos))
                .toList();
    }

    private int[] twins() {
        int[] found = new int[operations.size()];
        Arrays.fill(found, -1);
        Map<List<Object>, Integer> last = new HashMap<>();
        for (int id = answered; id < found.length; id++) {
            Operation each = operations.get(id);
            Integer twin = last.put(List.of(each.op(), each.key(), each.input()), id);
            found[id] = twin == null ? -1 : twin;
        }
        return found;
    }

    /** Searches until an order is found, there surely is none, or the budget is spent. */
    Verdict.Kind run(Budget budget) {
        int event = events.first();
        while (open > 0) {
            if (budget.isSpent(visited.size())) {
                return Verdict.Kind.UNDECIDED;
            }
            event = events.isCall(event) ? takeEffect(event) : goBack(event);
            if (event == STOP) {
                return Verdict.Kind.VIOLATED;
            }
        }
        return Verdict.Kind.LINEARIZABLE;
    }

    /** Lets an operation take effect now, if it may, and says which event to look at next. */
    private int takeEffect(int id) {
        boolean unknown = id >= answered;
        if (unknown && twins[id] >= 0 && !linearized.contains(twins[id])) {
            return events.after(id);
        }
        S after = model.step(state, operations.get(id)).orElse(null);
        if (after == null || (unknown && after.equals(state))) {
            return events.after(id);
        }
        boolean isRead = model.readsOnly(operations.get(id));
        linearized.add(id);
        if (!visited.add(new Visit<>(linearized.image(), after))) {
            linearized.remove(id);
            return isRead ? goBack(STOP) : events.after(id);
        }
        path[depth] = id;
        withoutChoice[depth] = isRead;
        statesBefore.add(state);
        depth++;
        state = after;
        open -= unknown ? 0 : 1;
        events.lift(id);
        return events.first();
    }

    /** No operation fits any more before this return: undoes the last choice, and says which event comes after it. */
    private int goBack(int stuckEvent) {
        rememberIfLongest(stuckEvent);
        while (depth > 0) {
            depth--;
            int id = path[depth];
            state = statesBefore.remove(depth);
            linearized.remove(id);
            open += id < answered ? 1 : 0;
            events.putBack(id);
            if (!withoutChoice[depth]) {
                unchanged = Math.min(unchanged, depth);
                return events.after(id);
            }
        }
        return STOP;
    }

    private void rememberIfLongest(int stuckEvent) {
        if (depth <= longestDepth) {
            return;
        }
        if (longest.length < depth) {
            longest = Arrays.copyOf(longest, Math.min(path.length, 2 * depth));
        }
        System.arraycopy(path, unchanged, longest, unchanged, depth - unchanged);
        unchanged = depth;
        longestDepth = depth;
        longestState = state;
        stuckAt = stuckEvent;
    }

    /** The longest order that was found to be possible before no operation fitted any more. */
    List<Operation> longestOrder() {
        return Arrays.stream(longest, 0, Math.max(0, longestDepth))
                .mapToObj(operations::get)
                .toList();
    }

    /** The state after {@link #longestOrder}. */
    S stateAfterLongestOrder() {
        return longestState == null ? model.initial() : longestState;
    }

    /** The operation that had to take effect next, and could not; null if the search was never stuck. */
    @Nullable
    Operation misfit() {
        return stuckAt < 0 ? null : operations.get(events.operationOf(stuckAt));
    }

    /** How many pairs of linearized set and state were visited. */
    int visits() {
        return visited.size();
    }
}
