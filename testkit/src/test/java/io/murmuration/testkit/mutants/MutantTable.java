package io.murmuration.testkit.mutants;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Measures how many seeds each mutant takes, from five different first seeds, and prints the table of docs/testing.md.
 * Arguments: the first mutant's number, how many mutants, and the most seeds for each; all of them by default.
 */
final class MutantTable {
    private static final int RUNS = 5;
    private static final long APART = 100_000;

    private MutantTable() {}

    public static void main(String[] args) {
        List<Mutant> all = Mutants.all();
        int first = args.length > 0 ? Integer.parseInt(args[0]) : 0;
        int count = args.length > 1 ? Integer.parseInt(args[1]) : all.size();
        int seedsMax = args.length > 2 ? Integer.parseInt(args[2]) : Hunt.SEEDS_MAX;
        int runs = args.length > 3 ? Integer.parseInt(args[3]) : RUNS;
        for (int number = first; number < Math.min(first + count, all.size()); number++) {
            try {
                System.out.println(row(all.get(number), seedsMax, runs));
            } catch (IllegalStateException e) {
                System.out.println(number + " | " + all.get(number).name() + " | " + e.getMessage());
            }
        }
    }

    private static String row(Mutant mutant, int seedsMax, int wanted) {
        int runs = mutant.unitTest() == null ? wanted : 1;
        List<Integer> seeds = new ArrayList<>();
        Set<String> by = new TreeSet<>();
        for (int run = 1; run <= runs; run++) {
            Hunt hunt = Hunt.of(mutant, run * APART, seedsMax);
            Finding finding = hunt.finding();
            seeds.add(finding == null ? seedsMax + 1 : hunt.seeds());
            if (finding != null) {
                by.add((mutant.isCaughtBy(finding) ? "" : "not foretold: ") + "`" + finding.by() + "`");
            }
        }
        Collections.sort(seeds);
        int median = seeds.get(runs / 2);
        String count = mutant.unitTest() != null ? "unit test" : median > seedsMax ? "> " + seedsMax : "" + median;
        return "| " + mutant.name() + " | " + mutant.source() + " | " + mutant.breaks() + " | " + String.join(", ", by)
                + " | " + count + " |";
    }
}
