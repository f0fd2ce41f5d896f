package io.murmuration.testkit.mutants;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One change of a source file. White space counts as white space, whatever it is, so that formatting moves nothing.
 *
 * @param file the file, below {@code io/murmuration} of a module's sources
 * @param from what stands there exactly once
 * @param to what stands there instead
 */
record Patch(String file, String from, String to) {
    String applyTo(String source) {
        String spaced =
                Arrays.stream(from.strip().split("\\s+")).map(Pattern::quote).collect(Collectors.joining("\\s+"));
        Matcher matcher = Pattern.compile(spaced).matcher(source);
        long found = matcher.results().count();
        if (found != 1) {
            throw new IllegalStateException("The code that this mutant changes has moved: " + file + " holds \"" + from
                    + "\" " + found + " times instead of once. Plant the same bug where that rule stands now.");
        }
        return matcher.reset().replaceFirst(Matcher.quoteReplacement(to));
    }
}
