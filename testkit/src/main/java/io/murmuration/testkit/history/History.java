package io.murmuration.testkit.history;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What all clients asked and were answered in one run, in any order. Immutable. An operation's place in the list is its
 * <em>position</em>, from 0 on.
 *
 * <p>It must hold every operation that may have taken effect: one that was still without an answer when the run ended
 * belongs in it as unknown.
 *
 * @param operations the operations
 * @since 0.1.0
 */
public record History(List<Operation> operations) {
    /** Copies the list. */
    public History {
        operations = List.copyOf(operations);
    }

    /**
     * A history of these operations.
     *
     * @param operations the operations
     * @return the history
     */
    public static History of(Operation... operations) {
        return new History(List.of(operations));
    }

    /**
     * Reads a file of JSON lines; empty lines are skipped.
     *
     * @param file one operation per line, in UTF-8
     * @return the history
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if a line is not an operation; the message has the line's number, what is wrong
     *     with it, and what is expected
     */
    public static History read(Path file) throws IOException {
        List<Operation> operations = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            long number = 1;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    operations.add(operation(line, file, number));
                }
                number++;
            }
        }
        return new History(operations);
    }

    private static Operation operation(String line, Path file, long number) {
        try {
            return Operation.ofJson(line);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file.getFileName() + ", line " + number + ": " + e.getMessage(), e);
        }
    }

    /**
     * Writes a file of JSON lines.
     *
     * @param file where to; what was there is replaced
     * @throws IOException if it cannot be written
     */
    public void write(Path file) throws IOException {
        try (BufferedWriter lines = Files.newBufferedWriter(file)) {
            for (Operation operation : operations) {
                lines.write(operation.toJson());
                lines.write('\n');
            }
        }
    }
}
