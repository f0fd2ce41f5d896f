package io.murmuration.testkit.history;

import io.murmuration.testkit.history.Operation.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The definitions, word by word: every order of every choice of unknown operations, and every pair of operations. */
final class BruteForce {
    private BruteForce() {}

    /** Tries all orders. */
    static <S> boolean isLinearizable(History history, Model<S> model) {
        List<Operation> mayHappen = history.operations().stream()
                .filter(each -> each.status() != Status.FAIL)
                .toList();
        return extend(new ArrayList<>(), mayHappen, Map.of(), model);
    }

    private static <S> boolean extend(
            List<Operation> order, List<Operation> rest, Map<String, S> states, Model<S> model) {
        if (rest.stream().noneMatch(each -> each.status() == Status.OK)) {
            return true;
        }
        for (int i = 0; i < rest.size(); i++) {
            Operation each = rest.get(i);
            String key = model.key(each);
            Optional<S> after = order.stream().anyMatch(each::precedes)
                    ? Optional.empty()
                    : model.step(states.getOrDefault(key, model.initial()), each);
            if (after.isPresent()) {
                List<Operation> longer = new ArrayList<>(order);
                longer.add(each);
                List<Operation> others = new ArrayList<>(rest);
                others.remove(i);
                Map<String, S> next = new HashMap<>(states);
                next.put(key, after.get());
                if (extend(longer, others, next, model)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The witness's rules for a history in which all is known and no log is given. */
    static <S> boolean isWitnessed(History history, Model<S> model) {
        List<Operation> all = history.operations().stream()
                .filter(each -> each.status() == Status.OK)
                .toList();
        for (int i = 0; i < all.size(); i++) {
            for (int j = 0; j < all.size(); j++) {
                Operation a = all.get(i);
                Operation b = all.get(j);
                boolean write = !model.readsOnly(b);
                if (a.precedes(b) && (write ? a.index() >= b.index() : a.index() > b.index())) {
                    return false;
                }
                if (i != j && write && !model.readsOnly(a) && a.index() == b.index()) {
                    return false;
                }
            }
        }
        return all.stream().allMatch(each -> givesAnswer(each, all, model));
    }

    /** Folds all writes of the partition that come before, anew for each operation. */
    private static <S> boolean givesAnswer(Operation operation, List<Operation> all, Model<S> model) {
        boolean read = model.readsOnly(operation);
        S state = model.initial();
        long from = 0;
        while (true) {
            long above = from;
            Optional<Operation> next = all.stream()
                    .filter(each -> !model.readsOnly(each) && model.key(each).equals(model.key(operation)))
                    .filter(each -> each.index() > above
                            && (read ? each.index() <= operation.index() : each.index() < operation.index()))
                    .reduce((a, b) -> a.index() <= b.index() ? a : b);
            if (next.isEmpty()) {
                return model.step(state, operation).isPresent();
            }
            Optional<S> after = model.step(state, next.get());
            if (after.isEmpty()) {
                return false;
            }
            state = after.get();
            from = next.get().index();
        }
    }
}
