package io.murmuration.core.election;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Seeded random runs of whole groups of Elections that may doze, with a {@link Vigil} on each node. The seed is in the
 * name of a failure.
 */
final class DozeModelTest {
    private static final int SEEDS = 60;
    private static final ElectionSettings DOZING = new ElectionSettings(Rig.T, 0, OptionalInt.empty(), true);
    private static final ElectionSettings LEASES = new ElectionSettings(Rig.T, 0, OptionalInt.of(0), true);

    private enum Misfortune {
        CRASH,
        MUTE,
        DEAF,
        HUNG
    }

    @ParameterizedTest(name = "{0} nodes")
    @ValueSource(ints = {1, 2, 3, 5})
    void electsSafelyInTroubleAndDozesWhenItIsQuiet(int size) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            ElectionModel model = new ElectionModel(seed, size, DOZING);
            model.trouble(6_000);
            settlesAndDozes(model, seed);
        }
    }

    /** A lease as long as T would show whether anybody votes whose leader may still hold one. */
    @ParameterizedTest(name = "{0} nodes")
    @ValueSource(ints = {3, 5})
    void isSafeWhenItIsDisturbedInItsSleep(int size) {
        int reads = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            ElectionModel model = new ElectionModel(seed, size, LEASES);
            model.quiet(6_000);
            model.troubleInSleep(40_000);
            settlesAndDozes(model, seed);
            reads += model.confirmedReads.size();
        }
        assertThat(reads).isGreaterThan(SEEDS);
    }

    private static void settlesAndDozes(ElectionModel model, long seed) {
        model.quiet(6_000);
        String leader = model.settledLeader();
        long term = model.highestTerm();
        assertThat(leader).as("seed %s: a leader within 12 T of quiet", seed).isNotNull();

        // The naive Log sends what was lost again only with the next entry.
        model.nodes.forEach(ModelNode::append);
        model.quiet(6_000);

        assertThat(model.settledLeader()).as("seed %s: the leader stays", seed).isEqualTo(leader);
        assertThat(model.highestTerm()).as("seed %s: the term stays", seed).isEqualTo(term);
        if (model.nodes.size() > 1) {
            assertThat(model.nodes).as("seed %s", seed).allMatch(ModelNode::dozes);
        }
    }

    @Test
    void aGroupThatDozesSpeaksSeldom() {
        ElectionModel model = new ElectionModel(7, 3, DOZING);
        model.quiet(6_000);
        long before = model.said;

        model.quiet(60_000);

        // Two heartbeats and two answers each 2 T, where each T/10 would make 4,800.
        assertThat(model.said - before).isBetween(200L, 250L);
    }

    /** As fast as a group that is awake, unless only the Election hangs: that is found as late as all that hangs. */
    @ParameterizedTest
    @EnumSource
    void aLeaderThatIsLostWhileTheGroupDozesIsReplaced(Misfortune misfortune) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            ElectionModel model = new ElectionModel(seed, 3, DOZING);
            model.quiet(6_000);
            String before = model.settledLeader();
            assertThat(model.nodes).as("seed %s", seed).allMatch(ModelNode::dozes);
            befall(model, before, misfortune);

            model.run(misfortune == Misfortune.HUNG ? 4_500 : 3_000);

            String after = model.settledLeader();
            assertThat(after).as("seed %s", seed).isNotNull().isNotEqualTo(before);
        }
    }

    private static void befall(ElectionModel model, String leader, Misfortune misfortune) {
        ModelNode lost = model.nodes.stream()
                .filter(node -> node.peer.node().equals(leader))
                .findFirst()
                .orElseThrow();
        switch (misfortune) {
            case CRASH -> lost.crash();
            case MUTE -> lost.mute = true;
            case DEAF -> lost.deaf = true;
            case HUNG -> lost.hung = true;
        }
    }

    /** Who hangs alone among the others leaves the leader a majority; two of them do not. */
    @Test
    void aLeaderWhoseMajorityHangsStepsDownWithinFiveTimeouts() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            ElectionModel model = new ElectionModel(seed, 3, DOZING);
            model.quiet(6_000);
            String leader = model.settledLeader();
            model.nodes.stream()
                    .filter(node -> !node.peer.node().equals(leader))
                    .forEach(node -> node.hung = true);

            model.run(2_700);

            assertThat(model.nodes.stream().filter(node -> node.view().role() == Role.LEADER))
                    .as("seed %s", seed)
                    .isEmpty();
        }
    }

    @Test
    void aFollowerThatCrashesWakesTheOthersWithoutAnElection() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            ElectionModel model = new ElectionModel(seed, 3, DOZING);
            model.quiet(6_000);
            String leader = model.settledLeader();
            long term = model.highestTerm();
            model.nodes.stream()
                    .filter(node -> !node.peer.node().equals(leader))
                    .findFirst()
                    .orElseThrow()
                    .crash();

            model.run(1_000);
            assertThat(model.nodes).as("seed %s", seed).noneMatch(ModelNode::dozes);
            settlesAndDozes(model, seed);

            assertThat(model.settledLeader()).as("seed %s", seed).isEqualTo(leader);
            assertThat(model.highestTerm()).as("seed %s", seed).isEqualTo(term);
        }
    }
}
