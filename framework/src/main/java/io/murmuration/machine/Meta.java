package io.murmuration.machine;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/**
 * What a fold may know of the entry that it folds. All of it is the same on every node and at every replay, so that a
 * fold needs no clock and no randomness of its own.
 *
 * @param index the entry's index in the log
 * @param term the term of the leader that made the entry
 * @param time the leader's clock when it made the entry, never running backwards (§8)
 * @param elapsed the sum of the steps of {@code time}, each step counted as at most 10 s: use it for expiry, since no
 *     clock that jumps can make everything expire at once
 * @since 0.1.0
 */
public record Meta(long index, long term, Instant time, Duration elapsed) {
    /**
     * Randomness seeded by the entry: each call starts the same sequence anew.
     *
     * @return a generator that gives the same numbers on every node
     */
    public Random random() {
        return new Random(index * 0x9E3779B97F4A7C15L ^ term);
    }
}
