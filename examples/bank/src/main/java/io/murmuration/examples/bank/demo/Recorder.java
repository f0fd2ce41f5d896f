package io.murmuration.examples.bank.demo;

import io.murmuration.examples.bank.payments.Loader;
import io.murmuration.examples.bank.payments.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Keeps each outcome of a load, and the longest time in which nothing was decided. Thread-safe. */
public final class Recorder implements Loader.Listener {
    private final Runnable afterEach;
    private final List<Loader.Outcome> outcomes = new ArrayList<>();
    private final List<Row.Bad> bad = new ArrayList<>();
    private long lastDecision = System.nanoTime();
    private long longestGap;

    /**
     * A recorder.
     *
     * @param afterEach runs behind each outcome; must be quick
     */
    public Recorder(Runnable afterEach) {
        this.afterEach = afterEach;
    }

    @Override
    public void decided(Loader.Outcome outcome) {
        synchronized (this) {
            outcomes.add(outcome);
            if (outcome.kind() == Loader.Kind.ACCEPTED || outcome.kind() == Loader.Kind.REFUSED) {
                closeGap();
            }
        }
        afterEach.run();
    }

    @Override
    public synchronized void bad(Row.Bad line) {
        bad.add(line);
    }

    private void closeGap() {
        long now = System.nanoTime();
        longestGap = Math.max(longestGap, now - lastDecision);
        lastDecision = now;
    }

    /** Begins to measure anew: right before a fault. */
    public synchronized void resetGap() {
        longestGap = 0;
        lastDecision = System.nanoTime();
    }

    /**
     * The longest time without a decision since {@link #resetGap}.
     *
     * @return the time
     */
    public synchronized Duration longestGap() {
        return Duration.ofNanos(longestGap);
    }

    /**
     * How many rows were decided or given up.
     *
     * @return their number
     */
    public synchronized int count() {
        return outcomes.size();
    }

    /**
     * What became of the rows.
     *
     * @return a copy, in the order in which it was heard of
     */
    public synchronized List<Loader.Outcome> outcomes() {
        return List.copyOf(outcomes);
    }

    /**
     * The lines that are no payments.
     *
     * @return a copy
     */
    public synchronized List<Row.Bad> badLines() {
        return List.copyOf(bad);
    }
}
