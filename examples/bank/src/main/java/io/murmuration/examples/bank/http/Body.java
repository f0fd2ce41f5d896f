package io.murmuration.examples.bank.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.murmuration.examples.bank.ledger.BankCommand;
import java.io.IOException;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A request's body: one flat JSON object with exactly the fields that are expected. Whatever else there is makes the
 * request malformed, and the problem names the field.
 */
final class Body {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final BigInteger AMOUNT_MAX = BigInteger.valueOf(Long.MAX_VALUE);

    /** What is wrong when no single field is. */
    private static final String WHOLE = "body";

    private final Map<String, Object> values;

    private Body(Map<String, Object> values) {
        this.values = values;
    }

    static Body parse(byte[] bytes, List<String> fields) {
        try (JsonParser parser = FACTORY.createParser(bytes)) {
            Body body = new Body(read(parser, fields));
            for (String field : fields) {
                if (!body.values.containsKey(field)) {
                    throw malformed(field, "The field \"" + field + "\" is missing.");
                }
            }
            return body;
        } catch (JsonProcessingException e) {
            throw malformed(WHOLE, "The body is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            // Bytes that are no characters: there is no other input that could fail.
            throw malformed(WHOLE, "The body is not JSON: " + e.getMessage());
        }
    }

    private static Map<String, Object> read(JsonParser parser, List<String> fields) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw malformed(WHOLE, "The body must be a JSON object with the fields " + String.join(", ", fields) + ".");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            if (!fields.contains(field)) {
                throw malformed(
                        shown(field),
                        "There is no field \"" + shown(field) + "\"; expected are " + String.join(", ", fields) + ".");
            }
            parser.nextToken();
            Object value = field.equals("amount") ? amount(parser) : account(parser, field);
            if (values.put(field, value) != null) {
                throw malformed(field, "The field \"" + field + "\" is there twice.");
            }
        }
        if (parser.nextToken() != null) {
            throw malformed(WHOLE, "There is more behind the JSON object.");
        }
        return values;
    }

    private static Long amount(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
            throw malformed(
                    "amount", "The amount must be a whole number of cents, written without point and exponent.");
        }
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw malformed("amount", "The amount must be a number, not " + kind(parser) + ".");
        }
        BigInteger amount = parser.getBigIntegerValue();
        if (amount.signum() <= 0) {
            throw malformed("amount", "The amount must be positive.");
        }
        if (amount.compareTo(AMOUNT_MAX) > 0) {
            throw malformed("amount", "The amount must not exceed " + AMOUNT_MAX + ".");
        }
        return amount.longValueExact();
    }

    private static String account(JsonParser parser, String field) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw malformed(field, "The field \"" + field + "\" must be a string, not " + kind(parser) + ".");
        }
        return account(field, parser.getText());
    }

    static String account(String field, String text) {
        if (!BankCommand.ACCOUNT.matcher(text).matches()) {
            throw malformed(
                    field,
                    "The account id \"" + shown(text)
                            + "\" is not usable; it has 1 to 64 letters, digits, hyphens and underscores.");
        }
        return text;
    }

    private static String kind(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NULL -> "null";
            case VALUE_TRUE, VALUE_FALSE -> "a truth value";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            default -> parser.currentToken().name().toLowerCase(Locale.ROOT);
        };
    }

    private static String shown(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }

    private static Problem.Thrown malformed(String field, String detail) {
        return new Problem.Thrown(Problem.malformed(field, detail));
    }

    long amount() {
        return (Long) get("amount");
    }

    String account(String field) {
        return (String) get(field);
    }

    private Object get(String field) {
        Object value = values.get(field);
        if (value == null) {
            throw new IllegalStateException("The field " + field + " was not asked for.");
        }
        return value;
    }
}
