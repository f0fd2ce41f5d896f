package io.murmuration.testkit.history;

import io.murmuration.testkit.history.Operation.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides by search whether a history is linearizable: whether there is an order of its operations, each between its
 * call and its return, in which a single copy of the object gives every answer. Needs no indices. Exact: it never says
 * LINEARIZABLE or VIOLATED without having found an order or excluded all; what takes too long is UNDECIDED.
 *
 * <p>The time grows with the number of operations that are open at once, at worst exponentially (Gibbons and Korach
 * 1997: the problem is NP-complete), and hardly with the length of the history. {@link WitnessChecker} has no such bad
 * cases. Without side effects; the caller's thread does all the work.
 *
 * @since 0.1.0
 */
public final class SearchChecker {
    private static final int LAST_SHOWN = 5;
    private static final int OPEN_SHOWN = 5;

    /**
     * How far a search goes.
     *
     * @param visitsMax how many pairs of linearized set and state are visited per partition; each takes about 150 bytes
     * @param time how long the whole check may take
     */
    public record Limits(int visitsMax, Duration time) {
        /** A million visits and one minute. */
        public static final Limits DEFAULT = new Limits(1_000_000, Duration.ofMinutes(1));

        /** Checks each component. */
        public Limits {
            if (visitsMax <= 0 || time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException("A search of " + visitsMax + " visits and " + time
                        + " would find nothing; both must be positive.");
            }
        }
    }

    private SearchChecker() {}

    /**
     * Checks all partitions within {@link Limits#DEFAULT}.
     *
     * @param history what was observed
     * @param model what should have been observed
     * @return the verdict
     * @param <S> the model's state
     */
    public static <S> Verdict check(History history, Model<S> model) {
        return check(history, model, Limits.DEFAULT);
    }

    /**
     * Checks all partitions.
     *
     * @param history what was observed
     * @param model what should have been observed
     * @param limits how far to search
     * @return the verdict
     * @param <S> the model's state
     */
    public static <S> Verdict check(History history, Model<S> model, Limits limits) {
        return check(partitions(history, model, null), model, limits);
    }

    /**
     * Checks some partitions, such as those that {@link WitnessChecker} left undecided.
     *
     * @param history what was observed
     * @param model what should have been observed
     * @param limits how far to search
     * @param keys the names of the partitions, as the model gives them
     * @return the verdict on these partitions
     * @param <S> the model's state
     */
    public static <S> Verdict check(History history, Model<S> model, Limits limits, Collection<String> keys) {
        return check(partitions(history, model, new HashSet<>(keys)), model, limits);
    }

    /** In the order of their first operations, so that the same history gives the same words. */
    private static <S> Map<String, List<Operation>> partitions(
            History history, Model<S> model, @Nullable Set<String> keys) {
        Map<String, List<Operation>> partitions = new LinkedHashMap<>();
        for (Operation operation : history.operations()) {
            String key = operation.status() == Status.FAIL ? null : model.key(operation);
            if (key != null && (keys == null || keys.contains(key))) {
                partitions.computeIfAbsent(key, name -> new ArrayList<>()).add(operation);
            }
        }
        return partitions;
    }

    private static <S> Verdict check(Map<String, List<Operation>> partitions, Model<S> model, Limits limits) {
        Budget budget = new Budget(limits.visitsMax(), limits.time());
        List<String> undecided = new ArrayList<>();
        Violations violations = new Violations();
        long operations = 0;
        for (Map.Entry<String, List<Operation>> partition : partitions.entrySet()) {
            operations += partition.getValue().size();
            Search<S> search = new Search<>(model, partition.getValue());
            switch (search.run(budget)) {
                case LINEARIZABLE -> {}
                case UNDECIDED -> undecided.add(partition.getKey());
                case VIOLATED -> violations.add(violation(partition.getKey(), partition.getValue(), search));
            }
        }
        if (!violations.isEmpty()) {
            return new Verdict(Verdict.Kind.VIOLATED, violations.text(), undecided);
        }
        if (!undecided.isEmpty()) {
            return new Verdict(Verdict.Kind.UNDECIDED, gaveUp(undecided, limits), undecided);
        }
        String found = "An order that gives every answer was found for " + operations + " operations in "
                + partitions.size() + " partitions.";
        return new Verdict(Verdict.Kind.LINEARIZABLE, found, List.of());
    }

    private static String gaveUp(List<String> undecided, Limits limits) {
        return "The search was given up after " + String.format(Locale.ROOT, "%,d", limits.visitsMax()) + " visits or "
                + limits.time().toMillis()
                + " ms, with no order found and none excluded, in " + undecided.size() + " partitions: "
                + Violations.some(undecided) + ". Record fewer concurrent operations per partition, raise the limits, "
                + "or check with indices.";
    }

    private static <S> String violation(String key, List<Operation> partition, Search<S> search) {
        List<Operation> order = search.longestOrder();
        StringBuilder text = new StringBuilder("Partition \"" + key + "\" is not linearizable: no order of its "
                + partition.size() + " operations respects real time and gives every answer.\n");
        text.append("  The longest order that is possible has ")
                .append(order.size())
                .append(" of them");
        text.append(order.isEmpty() ? ".\n" : order.size() > LAST_SHOWN ? "; the last are\n" : ":\n");
        for (int i = Math.max(0, order.size() - LAST_SHOWN); i < order.size(); i++) {
            text.append("    ").append(i + 1).append(". ").append(order.get(i)).append('\n');
        }
        text.append("  After it the state is ")
                .append(Violations.shortened(search.stateAfterLongestOrder()))
                .append(".\n");
        Operation misfit = search.misfit();
        if (misfit != null) {
            text.append("  Then this operation fits nowhere: ").append(misfit).append(".\n");
            text.append("  It had to take effect before it returned. This state does not give its answer, and ");
            text.append(others(partition, order, misfit));
        }
        return text.toString();
    }

    /** What else could have taken effect before the misfit returned, had it fitted. */
    private static String others(List<Operation> partition, List<Operation> order, Operation misfit) {
        Set<Operation> done = new HashSet<>(order);
        List<Operation> open = partition.stream()
                .filter(each -> !each.equals(misfit) && !done.contains(each) && !misfit.precedes(each))
                .toList();
        if (open.isEmpty()) {
            return "no other operation was open then.";
        }
        StringBuilder text = new StringBuilder("none of those that were open then can come before it:");
        for (Operation each : open.subList(0, Math.min(OPEN_SHOWN, open.size()))) {
            text.append("\n    - ").append(each);
        }
        return text.append(open.size() > OPEN_SHOWN ? "\n    - and " + (open.size() - OPEN_SHOWN) + " more" : "")
                .toString();
    }
}
