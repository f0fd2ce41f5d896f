package io.murmuration.testkit.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One operation as its client saw it: what it asked, what it was answered, and when. Immutable; the values are copied,
 * and whole numbers are made equal whatever type they came in, so that 5 read from a file equals 5 from a program.
 *
 * <p>All times come from one clock, in nanoseconds from any origin. A retry with the same serial or payment id is part
 * of the operation that it retries: from the first call to the answer that counts.
 *
 * @param client who asked; for the words only
 * @param op what was asked, a name that the model knows: {@code read}, {@code transfer}
 * @param key the object that was asked, for models with one object per key; may be empty
 * @param input the question's values; JSON null if there are none
 * @param output the answer's values; JSON null if there are none or the answer is not known
 * @param callNanos when it was called
 * @param returnNanos when it was answered, not before it was called; {@code Long.MAX_VALUE} if its outcome is unknown,
 *     whatever was given
 * @param status what the client knows of its outcome
 * @param index the log index at which it took effect or whose state it read; 0 if not known
 * @since 0.1.0
 */
public record Operation(
        String client,
        String op,
        String key,
        JsonNode input,
        JsonNode output,
        long callNanos,
        long returnNanos,
        Status status,
        long index) {

    private static final int VALUE_CHARACTERS_MAX = 120;

    /** What a client knows of an operation's outcome. */
    public enum Status {
        /** It took effect, and this is the answer. A rejection by the machine is an answer too. */
        OK,
        /** It surely had no effect and never will have. */
        FAIL,
        /** It may take effect at any time after its call, or never. */
        UNKNOWN
    }

    /** Checks the times and copies the values. */
    public Operation {
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(op, "op");
        Objects.requireNonNull(key, "key");
        input = Json.canonical(input);
        output = Json.canonical(output);
        if (status == Status.UNKNOWN) {
            returnNanos = Long.MAX_VALUE;
        }
        if (returnNanos < callNanos) {
            throw new IllegalArgumentException("The " + op + " of client " + client + " returned at " + returnNanos
                    + " ns, before it was called at " + callNanos + " ns; take both times from one monotonic clock.");
        }
        if (index < 0) {
            throw new IllegalArgumentException("The " + op + " of client " + client + " has the index " + index
                    + "; log indices begin at 1, and 0 says that it is not known.");
        }
    }

    /**
     * An operation that was answered.
     *
     * @param client who asked
     * @param op what was asked
     * @param key the object that was asked; may be empty
     * @param input the question's values, as {@link #json} takes them
     * @param output the answer's values, as {@link #json} takes them
     * @param callNanos when it was called
     * @param returnNanos when it was answered
     * @param index the log index at which it took effect or whose state it read; 0 if not known
     * @return the operation
     */
    public static Operation ok(
            String client,
            String op,
            String key,
            @Nullable Object input,
            @Nullable Object output,
            long callNanos,
            long returnNanos,
            long index) {
        return new Operation(client, op, key, json(input), json(output), callNanos, returnNanos, Status.OK, index);
    }

    /**
     * An operation that surely had no effect.
     *
     * @param client who asked
     * @param op what was asked
     * @param key the object that was asked; may be empty
     * @param input the question's values, as {@link #json} takes them
     * @param callNanos when it was called
     * @param returnNanos when it was known to have failed
     * @return the operation
     */
    public static Operation fail(
            String client, String op, String key, @Nullable Object input, long callNanos, long returnNanos) {
        return new Operation(client, op, key, json(input), json(null), callNanos, returnNanos, Status.FAIL, 0);
    }

    /**
     * An operation whose outcome is not known: its time ran out, or the run ended before its answer.
     *
     * @param client who asked
     * @param op what was asked
     * @param key the object that was asked; may be empty
     * @param input the question's values, as {@link #json} takes them
     * @param callNanos when it was called
     * @return the operation
     */
    public static Operation unknown(String client, String op, String key, @Nullable Object input, long callNanos) {
        return new Operation(client, op, key, json(input), json(null), callNanos, Long.MAX_VALUE, Status.UNKNOWN, 0);
    }

    /**
     * Makes a JSON value.
     *
     * @param value a text, number, boolean, list, map, record or JSON tree; null becomes JSON null
     * @return the value as a tree
     * @throws IllegalArgumentException if it has no form in JSON
     */
    public static JsonNode json(@Nullable Object value) {
        return Json.tree(value);
    }

    /**
     * Whether this operation was over when the other one was called, so that every observer must see them in this
     * order. At the same nanosecond they count as concurrent.
     *
     * @param other another operation
     * @return true if this one must come first
     */
    public boolean precedes(Operation other) {
        return returnNanos < other.callNanos;
    }

    /**
     * Reads an operation from one line.
     *
     * @param line a JSON object as {@link #toJson} writes it
     * @return the operation
     * @throws IllegalArgumentException if the line is none; the message says what is wrong with it and what is expected
     */
    public static Operation ofJson(String line) {
        return Json.operation(line);
    }

    /**
     * The operation as one line of JSON.
     *
     * @return an object without a line break
     */
    public String toJson() {
        return Json.line(this);
    }

    /** The operation as a person reads it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(client).append(": ").append(op);
        if (!key.isEmpty()) {
            text.append(' ').append(key);
        }
        if (!input.isNull()) {
            text.append(' ').append(shortened(input));
        }
        switch (status) {
            case OK -> text.append(" -> ").append(output.isNull() && !input.isNull() ? "ok" : shortened(output));
            case FAIL -> text.append(" -> failed");
            case UNKNOWN -> text.append(" -> unknown");
        }
        text.append(" [")
                .append(callNanos)
                .append(status == Status.UNKNOWN ? ".." : ".." + returnNanos)
                .append(" ns");
        return text.append(index == 0 ? "]" : ", index " + index + "]").toString();
    }

    private static String shortened(JsonNode value) {
        String text = value.toString();
        return text.length() <= VALUE_CHARACTERS_MAX ? text : text.substring(0, VALUE_CHARACTERS_MAX) + "...";
    }
}
