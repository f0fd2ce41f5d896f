package io.murmuration.examples.bank.payments;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Makes a file of payments from a seed, always the same. First each account is funded by one deposit; then payments go
 * between accounts that are drawn by Zipf's law, so that a few are busy and many are quiet; then and again somebody
 * wants more than there ever can be, and must be refused in whatever order the payments are carried out.
 *
 * @param seed where the randomness comes from
 * @param rows how many payments
 * @param accounts how many accounts
 */
public record Generator(long seed, int rows, int accounts) {
    /** The seed of the file that is shipped. */
    public static final long SEED = 20_240_229;

    /** How many payments the shipped file has. */
    public static final int ROWS = 20_000;

    /** How many accounts the shipped file names. */
    public static final int ACCOUNTS = 500;

    private static final double ZIPF = 1.05;
    private static final double IMPOSSIBLE = 0.005;
    private static final double DEPOSITS = 0.06;
    private static final double WITHDRAWALS = 0.08;

    /** Amounts are log-normal, as amounts of people's payments are: mostly small, now and then large. */
    private static final double MEDIAN_CENTS = 2_500;

    private static final double SPREAD = 1.2;
    private static final long AMOUNT_MAX = 5_000_000;

    /** Checks that there is a deposit for each account, and somebody to pay. */
    public Generator {
        if (accounts < 2 || accounts > 9_999) {
            throw new IllegalArgumentException("There are " + accounts + " accounts; take 2 to 9999.");
        }
        if (rows < accounts || rows > 10_000_000) {
            throw new IllegalArgumentException(
                    "There are " + rows + " rows; take at least one for each of the " + accounts + " accounts.");
        }
    }

    /**
     * Makes the payments.
     *
     * @return the lines of the file, the header first
     */
    public List<String> lines() {
        Random random = new Random(seed);
        List<String> names = names(random);
        double[] busy = zipf();
        List<Draft> drafts = new ArrayList<>(rows);
        for (String name : names) {
            drafts.add(new Draft(null, name, amount(random, 20 * MEDIAN_CENTS), false));
        }
        Collections.shuffle(drafts, random);
        while (drafts.size() < rows) {
            drafts.add(draft(random, names, busy));
        }
        long deposited = 0;
        for (Draft draft : drafts) {
            deposited += draft.from == null ? draft.amount : 0;
        }
        List<String> lines = new ArrayList<>(rows + 1);
        lines.add(Row.HEADER);
        for (Draft draft : drafts) {
            // No balance can exceed what was ever deposited.
            long amount = draft.impossible ? deposited + draft.amount : draft.amount;
            int line = lines.size() + 1;
            String id = String.format(Locale.ROOT, "p%06d", line - 1);
            lines.add(new Row(line, id, draft.from, draft.to, amount).csv());
        }
        return lines;
    }

    private record Draft(@Nullable String from, @Nullable String to, long amount, boolean impossible) {}

    private static Draft draft(Random random, List<String> names, double[] busy) {
        double kind = random.nextDouble();
        String one = names.get(rank(random, busy));
        if (kind < IMPOSSIBLE) {
            return new Draft(one, null, amount(random, MEDIAN_CENTS), true);
        }
        if (kind < IMPOSSIBLE + DEPOSITS) {
            return new Draft(null, one, amount(random, 4 * MEDIAN_CENTS), false);
        }
        if (kind < IMPOSSIBLE + DEPOSITS + WITHDRAWALS) {
            return new Draft(one, null, amount(random, 2 * MEDIAN_CENTS), false);
        }
        String other = names.get(rank(random, busy));
        while (other.equals(one)) {
            other = names.get(rank(random, busy));
        }
        return new Draft(one, other, amount(random, MEDIAN_CENTS), false);
    }

    /** The busiest first; their numbers say nothing of that. */
    private List<String> names(Random random) {
        List<String> names = new ArrayList<>(accounts);
        for (int i = 1; i <= accounts; i++) {
            names.add(String.format(Locale.ROOT, "acct-%04d", i));
        }
        Collections.shuffle(names, random);
        return names;
    }

    private double[] zipf() {
        double[] cumulated = new double[accounts];
        double sum = 0;
        for (int rank = 0; rank < accounts; rank++) {
            sum += 1 / StrictMath.pow(rank + 1, ZIPF);
            cumulated[rank] = sum;
        }
        return cumulated;
    }

    private static int rank(Random random, double[] cumulated) {
        double drawn = random.nextDouble() * cumulated[cumulated.length - 1];
        int found = Arrays.binarySearch(cumulated, drawn);
        return found < 0 ? -found - 1 : found;
    }

    private static long amount(Random random, double median) {
        double drawn = median * StrictMath.exp(SPREAD * random.nextGaussian());
        return Math.max(1, Math.min(AMOUNT_MAX, (long) drawn));
    }
}
