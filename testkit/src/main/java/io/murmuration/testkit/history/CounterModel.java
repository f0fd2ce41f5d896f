package io.murmuration.testkit.history;

import java.util.Optional;

/**
 * One counter per key, at first 0. It wraps as a {@code long} does.
 *
 * <ul>
 *   <li>{@code add}: the input is a whole number; the output is the sum right after
 *   <li>{@code read}: the output is the sum
 * </ul>
 *
 * @since 0.1.0
 */
public final class CounterModel implements Model<Long> {
    /** Counters at 0. */
    public CounterModel() {}

    @Override
    public Long initial() {
        return 0L;
    }

    @Override
    public Optional<Long> step(Long sum, Operation operation) {
        long after = switch (operation.op()) {
            case "read" -> sum;
            case "add" -> sum + Values.number(operation, operation.input(), "The input");
            default -> throw Values.unknownOp(operation, "a counter", "add and read");
        };
        boolean fits = operation.status() == Operation.Status.UNKNOWN || Values.isNumber(operation.output(), after);
        return fits ? Optional.of(after) : Optional.empty();
    }

    @Override
    public boolean readsOnly(Operation operation) {
        return operation.op().equals("read");
    }
}
