package io.murmuration.core.election;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Seeded random runs of whole groups of Elections. The seed is in the name of a failure: give it to {@link #run} alone
 * to see it again.
 */
final class ElectionModelTest {
    private static final int SEEDS = 60;
    private static final ElectionSettings LEASES = new ElectionSettings(Rig.T, 0, OptionalInt.of(0));

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

    /** The lease is as long as T, since clocks do not drift here: a shorter one would prove less. */
    @Test
    void readsUnderLeasesReturnWhatWasCommittedBefore() {
        int reads = 0;
        for (long seed = 1; seed <= 2 * SEEDS; seed++) {
            reads += run(seed, 3, LEASES).confirmedReads.size();
        }
        assertThat(reads).isGreaterThan(2 * SEEDS);
    }

    /** Protocol rule Election 6: a leader that cannot speak loses its followers, one that cannot hear steps down. */
    @ParameterizedTest(name = "deaf: {0}")
    @ValueSource(booleans = {true, false})
    void groupWhoseLeaderIsCutOffOneWayElectsAnotherAndKeepsIt(boolean deaf) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            ElectionModel model = new ElectionModel(seed, 3);
            model.quiet(6_000);
            String before = model.settledLeader();
            ModelNode cut = model.nodes.stream()
                    .filter(node -> node.peer.node().equals(before))
                    .findFirst()
                    .orElseThrow();
            cut.deaf = deaf;
            cut.mute = !deaf;

            // T until a deaf leader notices, at most 2 T until the first of the others stands, and a split vote.
            model.quiet(3_000);
            String after = model.settledLeader();
            long term = model.highestTerm();
            model.quiet(15_000);

            assertThat(after).as("seed %s", seed).isNotNull().isNotEqualTo(before);
            assertThat(model.settledLeader()).as("seed %s", seed).isEqualTo(after);
            assertThat(model.highestTerm()).as("seed %s", seed).isEqualTo(term);
            cut.deaf = false;
            cut.mute = false;
            model.quiet(6_000);
            assertThat(model.settledLeader()).as("seed %s, healed", seed).isEqualTo(after);
            assertThat(model.highestTerm()).as("seed %s, healed", seed).isEqualTo(term);
        }
    }

    private static ElectionModel run(long seed, int size) {
        return run(seed, size, ElectionSettings.of(Rig.T));
    }

    private static ElectionModel run(long seed, int size, ElectionSettings settings) {
        try {
            ElectionModel model = new ElectionModel(seed, size, settings);
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
