package io.murmuration.testkit.mutants;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What came of looking for one mutant.
 *
 * @param seed the seed that found it, or the last one that was tried
 * @param seeds how many were tried
 * @param finding what was found, or null if the mutant survived
 */
record Hunt(long seed, int seeds, @Nullable Finding finding) {
    /** So many seeds are tried before a mutant is said to survive. */
    static final int SEEDS_MAX = 300;

    /** By unit test, or by the faults and groups of simulated worlds. */
    private static final Map<String, Trial> CONTROLS = new ConcurrentHashMap<>();

    static Hunt of(Mutant mutant, long from) {
        return of(mutant, from, SEEDS_MAX);
    }

    static Hunt of(Mutant mutant, long from, int seedsMax) {
        String test = mutant.unitTest();
        PatchedCode code = new PatchedCode(mutant.bug(), test);
        Trial trial = test == null ? code.simulator(mutant.faults(), mutant.groups()) : code.unit(test);
        int most = test == null ? seedsMax : 1;
        for (int tried = 1; tried <= most; tried++) {
            Finding finding = trial.run(from + tried - 1);
            if (finding != null) {
                return new Hunt(from + tried - 1, tried, finding);
            }
        }
        return new Hunt(from + most - 1, most, null);
    }

    /** What the unmutated code does with the same. It is loaded once: what it was compiled to stays warm. */
    static @Nullable Finding control(Mutant mutant, long seed) {
        String test = mutant.unitTest();
        String key = test == null ? mutant.faults() + " " + mutant.groups() : test;
        return CONTROLS.computeIfAbsent(key, any -> unmutated(mutant)).run(seed);
    }

    private static Trial unmutated(Mutant mutant) {
        String test = mutant.unitTest();
        PatchedCode code = new PatchedCode(List.of(), test);
        return test == null ? code.simulator(mutant.faults(), mutant.groups()) : code.unit(test);
    }
}
