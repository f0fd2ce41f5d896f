package io.murmuration.testkit.history;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.murmuration.testkit.history.Operation.Status;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns operations into lines of JSON and back. Strict: a misspelt member must not become a missing one. */
final class Json {
    static final String EXAMPLE = "{\"client\":\"c1\",\"op\":\"write\",\"key\":\"x\",\"input\":1,\"output\":null,"
            + "\"call_ns\":100,\"return_ns\":200,\"status\":\"ok\",\"index\":7}";

    private static final List<String> MEMBERS =
            List.of("client", "op", "key", "input", "output", "call_ns", "return_ns", "status", "index");

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Json() {}

    static JsonNode tree(@Nullable Object value) {
        return value == null ? NullNode.getInstance() : MAPPER.valueToTree(value);
    }

    /** A copy in which equal numbers are equal nodes: Jackson takes 5 as int and 5 as long for two values. */
    static JsonNode canonical(@Nullable JsonNode value) {
        if (value == null || value.isMissingNode() || value.isNull()) {
            return NullNode.getInstance();
        }
        if (value.isIntegralNumber()) {
            return value.canConvertToLong()
                    ? LongNode.valueOf(value.longValue())
                    : BigIntegerNode.valueOf(value.bigIntegerValue());
        }
        if (value.isNumber()) {
            return JsonNodeFactory.instance.numberNode(value.doubleValue());
        }
        if (value.isArray()) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode(value.size());
            value.forEach(element -> copy.add(canonical(element)));
            return copy;
        }
        if (value.isObject()) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            for (Map.Entry<String, JsonNode> member : value.properties()) {
                copy.set(member.getKey(), canonical(member.getValue()));
            }
            return copy;
        }
        return value;
    }

    static String line(Operation operation) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("client", operation.client());
        line.put("op", operation.op());
        line.put("key", operation.key());
        line.set("input", operation.input());
        line.set("output", operation.output());
        line.put("call_ns", operation.callNanos());
        if (operation.status() != Status.UNKNOWN) {
            line.put("return_ns", operation.returnNanos());
        }
        line.put("status", operation.status().name().toLowerCase(Locale.ROOT));
        line.put("index", operation.index());
        try {
            return MAPPER.writeValueAsString(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of JSON could not be written.", e);
        }
    }

    static Operation operation(String line) {
        JsonNode tree;
        try {
            tree = MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            throw unfit("it is not JSON: " + e.getOriginalMessage(), e);
        }
        if (!tree.isObject()) {
            throw unfit("it is no JSON object", null);
        }
        for (Iterator<String> names = tree.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!MEMBERS.contains(name)) {
                throw unfit("\"" + name + "\" is none of its members", null);
            }
        }
        Status status = status(text(tree, "status", null));
        long call = number(tree, "call_ns", null);
        long returned = status == Status.UNKNOWN ? call : number(tree, "return_ns", null);
        try {
            return new Operation(
                    text(tree, "client", null),
                    text(tree, "op", null),
                    text(tree, "key", ""),
                    tree.path("input"),
                    tree.path("output"),
                    call,
                    returned,
                    status,
                    number(tree, "index", 0L));
        } catch (UnfitException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw unfit(String.valueOf(e.getMessage()), e);
        }
    }

    private static Status status(String name) {
        for (Status status : Status.values()) {
            if (status.name().toLowerCase(Locale.ROOT).equals(name)) {
                return status;
            }
        }
        throw unfit("\"status\" is \"" + name + "\", not ok, fail or unknown", null);
    }

    private static String text(JsonNode tree, String name, @Nullable String otherwise) {
        JsonNode value = tree.path(name);
        if (value.isMissingNode() && otherwise != null) {
            return otherwise;
        }
        if (!value.isTextual()) {
            throw unfit(wrong(name, value, "a text"), null);
        }
        return value.textValue();
    }

    private static long number(JsonNode tree, String name, @Nullable Long otherwise) {
        JsonNode value = tree.path(name);
        if ((value.isMissingNode() || value.isNull()) && otherwise != null) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw unfit(wrong(name, value, "a whole number of 64 bits"), null);
        }
        return value.longValue();
    }

    private static String wrong(String name, JsonNode value, String expected) {
        return "\"" + name + "\" is " + (value.isMissingNode() ? "missing" : value + ", not " + expected);
    }

    private static UnfitException unfit(String why, @Nullable Exception cause) {
        return new UnfitException(
                "This is not an operation: " + why + ". Expected is one JSON object per line, such as " + EXAMPLE + ".",
                cause);
    }

    private static final class UnfitException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        UnfitException(String message, @Nullable Exception cause) {
            super(message, cause);
        }
    }
}
