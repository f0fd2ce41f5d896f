package io.murmuration.testkit.mutants;

/**
 * What was found out about a mutant.
 *
 * @param by the name of the invariant that does not hold, CORE for what a core itself finds, or a test
 * @param report all that was said
 */
public record Finding(String by, String report) {
    /** Whether it was found by what was named beforehand: an invariant, or {@code CORE: some of its words}. */
    boolean isBy(String named) {
        int colon = named.indexOf(": ");
        return colon < 0
                ? by.equals(named)
                : by.equals(named.substring(0, colon)) && report.contains(named.substring(colon + 2));
    }

    @Override
    public String toString() {
        int line = report.indexOf("but:");
        String what = line < 0 ? report : report.substring(line + 4).strip();
        return by + ": " + what.lines().findFirst().orElse("");
    }
}
