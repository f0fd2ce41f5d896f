package io.murmuration.testkit.mutants;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Prints the table of docs/testing.md: on which seed MutantsIT finds each mutant, or with more than one search how many
 * seeds it takes, the median over searches from different first seeds. Arguments: the first mutant's number, how many
 * mutants, the most seeds for each, and how many searches; all of them, and one search, by default.
 */
final class MutantTable {
    private static final long APART = 100_000;
    private static final long SURVIVED = Long.MAX_VALUE;

    private MutantTable() {}

    public static void main(String[] args) {
        List<Mutant> all = Mutants.all();
        int first = args.length > 0 ? Integer.parseInt(args[0]) : 0;
        int count = args.length > 1 ? Integer.parseInt(args[1]) : all.size();
        int seedsMax = args.length > 2 ? Integer.parseInt(args[2]) : Hunt.SEEDS_MAX;
        int runs = args.length > 3 ? Integer.parseInt(args[3]) : 1;
        for (int number = first; number < Math.min(first + count, all.size()); number++) {
            try {
                System.out.println(row(all.get(number), seedsMax, runs));
            } catch (IllegalStateException e) {
                System.out.println(number + " | " + all.get(number).name() + " | " + e.getMessage());
            }
        }
    }

    private static String row(Mutant mutant, int seedsMax, int wanted) {
        boolean unit = mutant.unitTest() != null;
        int runs = unit ? 1 : wanted;
        List<Long> seeds = new ArrayList<>();
        Set<String> by = new TreeSet<>();
        for (int run = 1; run <= runs; run++) {
            Hunt hunt = Hunt.of(mutant, runs == 1 ? mutant.from() : run * APART, seedsMax);
            Finding finding = hunt.finding();
            long seed = runs == 1 ? hunt.seed() : hunt.seeds();
            seeds.add(finding == null ? SURVIVED : seed);
            if (finding != null) {
                by.add((mutant.isCaughtBy(finding) ? "" : "not foretold: ") + "`" + finding.by() + "`");
            }
        }
        Collections.sort(seeds);
        long median = seeds.get(runs / 2);
        String count = unit ? "unit test" : median == SURVIVED ? "> " + seedsMax : "" + median;
        return "| " + mutant.name() + " | " + mutant.source() + " | " + mutant.breaks() + " | " + String.join(", ", by)
                + " | " + count + " |";
    }
}
