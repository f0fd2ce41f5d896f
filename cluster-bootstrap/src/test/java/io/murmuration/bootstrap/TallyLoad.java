package io.murmuration.bootstrap;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.testkit.jvm.JvmNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Keeps a number of additions open on one node, under an origin of its own, and remembers what was answered. Of one
 * origin each count is answered once: an addition that took effect twice leaves a count that nobody was told of.
 */
final class TallyLoad {
    private static final int OPEN = 16;
    private static final long SLOWED_MILLIS = 50;

    private final JvmNode node;
    private final String origin;
    private final BitSet counts = new BitSet();
    private final List<String> oddities = new ArrayList<>();
    private final List<CompletableFuture<?>> loops = new ArrayList<>();
    private final Executor delayed = CompletableFuture.delayedExecutor(SLOWED_MILLIS, MILLISECONDS);
    private volatile boolean stopped;
    private volatile boolean slowed;
    private int acknowledged;
    private int notApplied;
    private int unknown;
    private long lastSuccess = System.nanoTime();
    private Duration longestGap = Duration.ZERO;

    TallyLoad(JvmNode node, String origin) {
        this.node = node;
        this.origin = origin;
        for (int i = 0; i < OPEN; i++) {
            loops.add(loop());
        }
    }

    private CompletableFuture<?> loop() {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        next(ended);
        return ended;
    }

    private void next(CompletableFuture<Void> ended) {
        if (stopped) {
            ended.complete(null);
            return;
        }
        var unused = node.ask("add " + origin).whenCompleteAsync((answer, gone) -> {
            if (gone != null) {
                gone();
                ended.complete(null);
            } else {
                answered(answer);
                if (slowed) {
                    delayed.execute(() -> next(ended));
                } else {
                    next(ended);
                }
            }
        });
    }

    /** Loads that take all of the machine would leave nothing to a JVM that starts. */
    void slow(boolean on) {
        slowed = on;
    }

    private synchronized void gone() {
        unknown++;
    }

    private synchronized void answered(String answer) {
        if (answer.startsWith("done ")) {
            int count = Integer.parseInt(answer.substring(5));
            if (counts.get(count)) {
                oddities.add("The count " + count + " of " + origin + " was answered twice.");
            }
            counts.set(count);
            acknowledged++;
            long now = System.nanoTime();
            Duration gap = Duration.ofNanos(now - lastSuccess);
            longestGap = gap.compareTo(longestGap) > 0 ? gap : longestGap;
            lastSuccess = now;
        } else if (answer.startsWith("not-applied ")) {
            notApplied++;
        } else if (answer.startsWith("unknown ")) {
            unknown++;
        } else {
            oddities.add(answer);
        }
    }

    /** No new additions; returns when the open ones are answered. */
    void stop(Duration within) {
        stopped = true;
        assertThat(CompletableFuture.allOf(loops.toArray(CompletableFuture[]::new)))
                .as(origin)
                .succeedsWithin(within);
    }

    synchronized int acknowledged() {
        return acknowledged;
    }

    /** How many ended in any other way. */
    synchronized int failed() {
        return notApplied + unknown;
    }

    /** The longest time without a success since this was last asked. */
    synchronized Duration longestGap() {
        Duration gap = longestGap;
        longestGap = Duration.ZERO;
        return gap;
    }

    boolean isOf(JvmNode other) {
        return node == other;
    }

    /** Its node was killed. */
    boolean isOver() {
        return loops.stream().allMatch(CompletableFuture::isDone);
    }

    /** What was acknowledged is there once; what is unknown is there once or not at all. */
    synchronized void check(Map<String, Long> tally) {
        long count = tally.getOrDefault(origin, 0L);
        assertThat(oddities).as(origin).isEmpty();
        assertThat(count)
                .as(this + ", of which the tally holds " + count)
                .isBetween((long) acknowledged, (long) acknowledged + unknown);
        assertThat((long) counts.length() - 1).as(this + " was told a count").isLessThanOrEqualTo(count);
    }

    @Override
    public synchronized String toString() {
        return origin + " acknowledged=" + acknowledged + " not-applied=" + notApplied + " unknown=" + unknown;
    }
}
