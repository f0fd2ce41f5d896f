package io.murmuration.testkit.history;

import io.murmuration.testkit.history.Histories.Run;
import io.murmuration.testkit.history.Histories.Shape;
import java.util.Locale;
import java.util.Random;

/**
 * Measures how many operations per second the witness checker judges; run by hand with {@code -Xmx2g}. Arguments: how
 * many operations (default 1,000,000), and how often.
 */
final class WitnessSpeed {
    private WitnessSpeed() {}

    public static void main(String[] arguments) {
        int operations = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        for (SequentialObject object : SequentialObject.values()) {
            Run run = Histories.linearizable(new Random(1), object, new Shape(64, operations, 100, 1, 1));
            for (int round = 0; round < rounds; round++) {
                long begin = System.nanoTime();
                Verdict verdict = WitnessChecker.check(run.history(), object.model(), run.log());
                double seconds = (System.nanoTime() - begin) / 1e9;
                verdict.requireLinearizable();
                System.out.printf(
                        Locale.ROOT,
                        "%s: %,d operations in %.2f s, %,.0f operations/s%n",
                        object,
                        operations,
                        seconds,
                        operations / seconds);
            }
        }
    }
}
