package io.murmuration.testkit.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.Optional;

/**
 * One register per key, which holds a JSON value, at first null.
 *
 * <ul>
 *   <li>{@code read}: the output is the value
 *   <li>{@code write}: the input is the new value; the output is not looked at
 *   <li>{@code cas}: the input is {@code {"from":1,"to":2}}; the output is {@code true} if the value was {@code from}
 *       and now is {@code to}, {@code false} if it was another and still is
 * </ul>
 *
 * @since 0.1.0
 */
public final class RegisterModel implements Model<JsonNode> {
    /** Registers that hold null. */
    public RegisterModel() {}

    @Override
    public JsonNode initial() {
        return NullNode.getInstance();
    }

    @Override
    public Optional<JsonNode> step(JsonNode value, Operation operation) {
        boolean open = operation.status() == Operation.Status.UNKNOWN;
        return switch (operation.op()) {
            case "read" -> open || operation.output().equals(value) ? Optional.of(value) : Optional.empty();
            case "write" -> Optional.of(operation.input());
            case "cas" -> {
                boolean swaps = operation.input().path("from").equals(value);
                boolean fits = open
                        || (operation.output().isBoolean() && operation.output().booleanValue() == swaps);
                JsonNode after = swaps ? operation.input().path("to") : value;
                yield fits ? Optional.of(after) : Optional.empty();
            }
            default -> throw Values.unknownOp(operation, "a register", "read, write and cas");
        };
    }

    @Override
    public boolean readsOnly(Operation operation) {
        return operation.op().equals("read");
    }
}
