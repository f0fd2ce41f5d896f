package io.murmuration.testkit.mutants;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bug, and what must find it. Immutable.
 *
 * @param name what it is called
 * @param source where the rule stands that it breaks
 * @param breaks what it breaks, in one sentence
 * @param bug the changes that make the bug
 * @param expected by what it is found, written down beforehand: any of these
 * @param unitTest the unit test that finds it ({@code package.Class#method}), if no simulation of today can
 * @param faults which faults its worlds have, by name and with commas between; empty for the usual ones
 * @param from the first seed that is tried
 * @param groups how many groups the worlds have
 */
record Mutant(
        String name,
        String source,
        String breaks,
        List<Patch> bug,
        List<String> expected,
        @Nullable String unitTest,
        String faults,
        long from,
        int groups) {
    static Mutant of(String name, String source, String breaks) {
        return new Mutant(name, source, breaks, List.of(), List.of(), null, "", 1, 1);
    }

    /** Replaces this snippet, which stands in the file exactly once. */
    Mutant patch(String file, String from, String to) {
        return new Mutant(
                name,
                source,
                breaks,
                and(bug, new Patch(file, from, to)),
                expected,
                unitTest,
                faults,
                this.from,
                groups);
    }

    Mutant caughtBy(String... names) {
        return new Mutant(name, source, breaks, bug, List.of(names), unitTest, faults, from, groups);
    }

    Mutant caughtByUnitTest(String test) {
        String simple = test.substring(test.lastIndexOf('.') + 1);
        return new Mutant(name, source, breaks, bug, List.of(simple), test, faults, from, groups);
    }

    /** Only in worlds that may have these faults, and no others. */
    Mutant inWorldsWith(String... names) {
        return new Mutant(name, source, breaks, bug, expected, unitTest, String.join(",", names), from, groups);
    }

    /** Worlds that show it are rare: search from here. */
    Mutant from(long seed) {
        return new Mutant(name, source, breaks, bug, expected, unitTest, faults, seed, groups);
    }

    /** Worlds of one group cannot show it. */
    Mutant amongGroups(int count) {
        return new Mutant(name, source, breaks, bug, expected, unitTest, faults, from, count);
    }

    boolean isCaughtBy(Finding finding) {
        return expected.stream().anyMatch(finding::isBy);
    }

    private static List<Patch> and(List<Patch> some, Patch more) {
        List<Patch> all = new ArrayList<>(some);
        all.add(more);
        return List.copyOf(all);
    }

    @Override
    public String toString() {
        return name;
    }
}
