package io.murmuration.testkit.tla;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The specification with bounds of its own: a configuration file as it lies beside the module, and what differs from
 * it. Immutable.
 *
 * @param configuration the configuration's text
 */
record Model(String configuration) {
    /** Beside the module's other test sources; tests run in their module's folder. */
    private static final Path SOURCES = Path.of(System.getProperty("basedir", ""), "src", "test", "tla");

    private static final String MODULE = "Fence.tla";

    /** How long one run may take on a machine that does much else. */
    private static final Duration PATIENCE = Duration.ofMinutes(8);

    /** The configuration in this file. */
    static Model of(String file) {
        return new Model(read(SOURCES.resolve(file)));
    }

    /** With another value of a constant. */
    Model with(String constant, Object value) {
        return new Model(replaced("(?m)^ +" + constant + " = .*$", "    " + constant + " = " + value));
    }

    /** With one rule left out. */
    Model leavingOut(String rule) {
        return with("Break", '"' + rule + '"');
    }

    /** Without an invariant that the left-out rule does not claim. */
    Model without(String invariant) {
        return new Model(replaced("(?m)^ +" + invariant + "\n", ""));
    }

    /** With this as its only invariant. */
    Model expecting(String invariant) {
        return new Model(replaced("(?s)\nINVARIANTS\n.*", "\nINVARIANTS\n    " + invariant + "\n"));
    }

    /** Checks it; TLC writes into the folder only. */
    Tlc.Outcome check(Path folder) {
        try {
            Files.copy(SOURCES.resolve(MODULE), folder.resolve(MODULE));
            Files.writeString(folder.resolve("Model.cfg"), configuration);
            return Tlc.check(folder, MODULE, "Model.cfg", PATIENCE);
        } catch (IOException e) {
            throw new UncheckedIOException("The model cannot be written to " + folder + ".", e);
        }
    }

    private String replaced(String pattern, String by) {
        String changed = Pattern.compile(pattern).matcher(configuration).replaceFirst(Matcher.quoteReplacement(by));
        if (changed.equals(configuration)) {
            throw new IllegalArgumentException(
                    "The configuration would stay as it is: it has no " + pattern + ", or has \"" + by + "\" already.");
        }
        return changed;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("There is no " + file + ".", e);
        }
    }
}
