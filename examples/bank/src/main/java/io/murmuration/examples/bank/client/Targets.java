package io.murmuration.examples.bank.client;

import java.net.URI;
import java.util.List;

/**
 * The nodes that can be asked, and which of them to ask next: the one with the fewest calls under way, so that a node
 * that hangs gathers its share of calls and no more; one that failed is left alone for a while. Thread-safe.
 */
final class Targets {
    private static final long COOL_DOWN_NANOS = 500_000_000L;

    private final List<URI> urls;
    private final int[] underWay;
    private final long[] failedAt;
    private final boolean[] failed;
    private int turn;

    Targets(List<URI> urls) {
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("No node to ask; name one by --url.");
        }
        this.urls = List.copyOf(urls);
        underWay = new int[urls.size()];
        failedAt = new long[urls.size()];
        failed = new boolean[urls.size()];
    }

    URI url(int target) {
        return urls.get(target);
    }

    synchronized int take() {
        long now = System.nanoTime();
        turn = (turn + 1) % urls.size();
        int best = -1;
        for (int i = 0; i < urls.size(); i++) {
            int candidate = (turn + i) % urls.size();
            if (best < 0 || rank(candidate, now) < rank(best, now)) {
                best = candidate;
            }
        }
        underWay[best]++;
        return best;
    }

    private long rank(int target, long now) {
        boolean cooling = failed[target] && now - failedAt[target] < COOL_DOWN_NANOS;
        return underWay[target] + (cooling ? 1_000_000L : 0);
    }

    synchronized void gave(int target, boolean answer) {
        underWay[target]--;
        failed[target] = !answer;
        failedAt[target] = System.nanoTime();
    }
}
