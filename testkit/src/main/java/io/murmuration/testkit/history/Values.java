package io.murmuration.testkit.history;

import com.fasterxml.jackson.databind.JsonNode;

/** What the models read from inputs and outputs. */
final class Values {
    private Values() {}

    static boolean isNumber(JsonNode value, long expected) {
        return value.isIntegralNumber() && value.canConvertToLong() && value.longValue() == expected;
    }

    static long number(Operation operation, JsonNode value, String what) {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException(what + " of this operation must be a whole number: " + operation + ".");
        }
        return value.longValue();
    }

    static String text(Operation operation, String member) {
        JsonNode value = operation.input().path(member);
        if (!value.isTextual()) {
            throw new IllegalArgumentException(
                    "The input of this operation must have a text \"" + member + "\": " + operation + ".");
        }
        return value.textValue();
    }

    static IllegalArgumentException unknownOp(Operation operation, String model, String ops) {
        return new IllegalArgumentException("The model of " + model + " has no \"" + operation.op() + "\"; it knows "
                + ops + ". The operation is " + operation + ".");
    }
}
