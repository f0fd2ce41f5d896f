package io.murmuration.testkit.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Carries out the operations in the order of their indices, each partition on its own. What comes after a wrong answer
 * in a partition is not looked at: one fault would be reported as many.
 *
 * @param <S> the model's state
 */
final class Replay<S> {
    private final Model<S> model;
    private final Places places;
    private final Map<String, Partition<S>> partitions = new HashMap<>();
    private long replayed;

    private static final class Partition<S> {
        S state;
        int lastWrite = -1;
        boolean leftToSearch;
        boolean broken;

        Partition(S state) {
            this.state = state;
        }
    }

    Replay(Model<S> model, Places places) {
        this.model = model;
        this.places = places;
    }

    void run(Violations violations) {
        for (int position = 0; position < places.size(); position++) {
            if (places.isAdrift(position)) {
                partition(places.operation(position)).leftToSearch = true;
            }
        }
        for (int position : places.inOrder()) {
            Partition<S> partition = partition(places.operation(position));
            if (!partition.leftToSearch && !partition.broken) {
                carryOut(position, partition, violations);
                replayed++;
            }
        }
    }

    private Partition<S> partition(Operation operation) {
        return partitions.computeIfAbsent(model.key(operation), key -> new Partition<>(model.initial()));
    }

    private void carryOut(int position, Partition<S> partition, Violations violations) {
        Operation operation = places.operation(position);
        S after = model.step(partition.state, operation).orElse(null);
        if (after == null) {
            partition.broken = true;
            String last = partition.lastWrite < 0
                    ? "nothing was written before"
                    : "the last write before is " + places.operation(partition.lastWrite);
            violations.add("Wrong answer in partition \"" + model.key(operation) + "\": " + operation
                    + ". At its index the state is " + Violations.shortened(partition.state) + ", and " + last + ".");
            return;
        }
        if (places.isWrite(position)) {
            partition.state = after;
            partition.lastWrite = position;
        }
    }

    /** Partitions that could not be replayed. */
    List<String> leftToSearch() {
        List<String> left = new ArrayList<>();
        partitions.forEach((key, partition) -> {
            if (partition.leftToSearch) {
                left.add(key);
            }
        });
        left.sort(null);
        return left;
    }

    long replayed() {
        return replayed;
    }
}
