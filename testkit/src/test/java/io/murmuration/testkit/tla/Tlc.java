package io.murmuration.testkit.tla;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tlc2.TLC;

/**
 * Runs TLC, the model checker of TLA+, in a JVM of its own: it keeps its state in static fields and may end its
 * process. Two workers, at most 768 MiB of heap.
 */
final class Tlc {
    private static final Pattern DISTINCT =
            Pattern.compile("(?m)^[\\d,]+ states generated, ([\\d,]+) distinct states found, ([\\d,]+) states left");
    private static final Pattern VIOLATED = Pattern.compile("(?m)^Error: Invariant (\\w+) is violated");
    private static final Pattern STEP = Pattern.compile("(?m)^State \\d+: ");
    private static final String HELD = "Model checking completed. No error has been found.";

    /**
     * What one run has found.
     *
     * @param held whether all reachable states were seen and all invariants held in them
     * @param violated the invariant that did not hold, if there was one
     * @param distinct the number of distinct states that were seen
     * @param trace the states of the shortest way to the violation that was found
     * @param output what TLC printed
     */
    record Outcome(boolean held, @Nullable String violated, long distinct, int trace, String output) {}

    private Tlc() {}

    /**
     * Checks a module.
     *
     * @param folder where the module lies and TLC may write
     * @param module the module's name
     * @param configuration the name of its configuration
     * @param within how long it may take
     */
    static Outcome check(Path folder, String module, String configuration, Duration within) {
        Path out = folder.resolve(configuration + ".out");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx768m",
                "-XX:+UseParallelGC",
                "-cp",
                jar().toString(),
                TLC.class.getName(),
                "-workers",
                "2",
                "-deadlock",
                "-metadir",
                folder.resolve(configuration + ".states").toString(),
                "-config",
                configuration,
                module);
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            try {
                if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IllegalStateException("TLC has not ended within " + within.toSeconds()
                            + " s. It printed:\n" + Files.readString(out));
                }
            } finally {
                process.destroyForcibly();
            }
            return outcome(Files.readString(out, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("TLC cannot be run in " + folder + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("TLC was waited for, and the wait was interrupted.", e);
        }
    }

    private static Outcome outcome(String output) {
        Matcher violation = VIOLATED.matcher(output);
        String violated = violation.find() ? violation.group(1) : null;
        Matcher counts = DISTINCT.matcher(output);
        long distinct = -1;
        boolean complete = false;
        while (counts.find()) {
            distinct = Long.parseLong(counts.group(1).replace(",", ""));
            complete = counts.group(2).equals("0");
        }
        int trace = (int) STEP.matcher(output).results().count();
        return new Outcome(complete && output.contains(HELD), violated, distinct, trace, output);
    }

    private static Path jar() {
        try {
            return Path.of(TLC.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("The jar with TLC cannot be found.", e);
        }
    }
}
