package io.murmuration.testkit.sim;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Runs many seeds of one cluster, some at a time. Each is a world of its own: they share nothing that changes. */
final class Seeds {
    /** After so many violations the search ends: what is the matter is known by then. */
    private static final int VIOLATIONS_MAX = 3;

    private final SimulatedCluster<?> cluster;
    private final Workload workload;
    private final int threads;
    private final List<Violation> violations = new CopyOnWriteArrayList<>();

    Seeds(SimulatedCluster<?> cluster, Workload workload, int threads) {
        this.cluster = cluster;
        this.workload = workload;
        this.threads = threads;
    }

    /**
     * What many runs came to.
     *
     * @param seeds how many held
     * @param total all of them together
     * @param took how long it took
     */
    record Sum(long seeds, Report total, Duration took) {
        private static final Sum NOTHING = new Sum(0, Report.NOTHING, Duration.ZERO);

        Sum plus(Sum other) {
            return new Sum(seeds + other.seeds, total.plus(other.total), took);
        }

        @Override
        public String toString() {
            double seconds = Math.max(1, took.toMillis()) / 1e3;
            return String.format(
                    Locale.ROOT,
                    "%,d seeds with %,d groups held in %,.1f s: %,d steps (%,.0f a second), %,d s simulated"
                            + " (%,.0f times real time),"
                            + " %,d faults besides single messages, %,d terms with a leader,"
                            + " %,d dozes, %,d of them ended by somebody who was gone; calls: %,d answered,"
                            + " %,d refused, %,d of unknown outcome",
                    seeds,
                    total.groups(),
                    seconds,
                    total.steps(),
                    total.steps() / seconds,
                    total.simulated().toSeconds(),
                    total.simulated().toMillis() / 1e3 / seconds,
                    total.faults(),
                    total.leaders(),
                    total.dozes(),
                    total.silences(),
                    total.answered(),
                    total.failed(),
                    total.unknown());
        }
    }

    /** Runs all seeds from one to the other, both included, or until there are enough violations. */
    Sum run(long from, long to) throws InterruptedException {
        long began = System.nanoTime();
        AtomicLong next = new AtomicLong(from);
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            Sum all = Sum.NOTHING;
            Callable<Sum> share = () -> runFrom(next, to);
            for (Future<Sum> worker : workers.invokeAll(Collections.nCopies(threads, share))) {
                all = all.plus(worker.get());
            }
            return new Sum(all.seeds(), all.total(), Duration.ofNanos(System.nanoTime() - began));
        } catch (ExecutionException broken) {
            throw new IllegalStateException("A simulation broke, and says nothing about the group.", broken.getCause());
        } finally {
            workers.shutdownNow();
        }
    }

    private Sum runFrom(AtomicLong next, long to) {
        Sum sum = Sum.NOTHING;
        long seed = next.getAndIncrement();
        while (seed <= to && violations.size() < VIOLATIONS_MAX) {
            sum = run(seed, sum);
            seed = next.getAndIncrement();
        }
        return sum;
    }

    private Sum run(long seed, Sum before) {
        try {
            return before.plus(new Sum(1, cluster.seed(seed).run(workload), Duration.ZERO));
        } catch (Violation violation) {
            violations.add(violation);
            return before;
        }
    }

    /** What did not hold. */
    List<Violation> violations() {
        return violations;
    }
}
