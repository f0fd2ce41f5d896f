package io.murmuration.core.election;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Seeded random runs of whole groups of Elections. The seed is in the name of a failure: give it to {@link #run} alone
 * to see it again.
 */
final class ElectionModelTest {
    private static final int SEEDS = 60;

    @ParameterizedTest(name = "{0} nodes")
    @ValueSource(ints = {1, 2, 3, 5})
    void electsSafelyInTroubleAndSettlesWhenItIsQuiet(int size) {
        int reads = 0;
        int commits = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            ElectionModel model = run(seed, size);
            reads += model.confirmedReads.size();
            commits += model.committed.size();
        }
        // A model in which nothing happens proves nothing.
        assertThat(commits).isGreaterThan(SEEDS);
        assertThat(reads).isGreaterThan(SEEDS);
    }

    private static ElectionModel run(long seed, int size) {
        try {
            ElectionModel model = new ElectionModel(seed, size);
            model.trouble(12_000);
            model.quiet(6_000);
            String leader = model.settledLeader();
            long term = model.highestTerm();
            assertThat(leader).as("a leader within 12 T of quiet").isNotNull();
            model.quiet(6_000);
            assertThat(model.settledLeader()).as("the leader stays").isEqualTo(leader);
            assertThat(model.highestTerm()).as("the term stays").isEqualTo(term);
            return model;
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError("seed " + seed + ", " + size + " nodes: " + failure.getMessage(), failure);
        }
    }
}
