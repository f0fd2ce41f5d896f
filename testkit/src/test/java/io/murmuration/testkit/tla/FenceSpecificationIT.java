package io.murmuration.testkit.tla;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * TLC on the specification of the split (docs/tla.md): it holds within its bounds, each rule that is left out is
 * missed, and what a proof must not be blind to is reached. Numbers of states are exact: another number means another
 * model.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class FenceSpecificationIT {
    /** An entry is committed and on all nodes; the leader may add another, and a second term may begin. */
    private static final Model COMMITTED = Model.of("Fence.cfg");
    /** A leader has just been elected. */
    private static final Model ELECTED = COMMITTED.with("Start", "\"led\"").with("MaxLength", 1);

    private static final Model COMMITTED_NO_CRASH = COMMITTED.with("MaxCrashes", 0);
    private static final Model ELECTED_NO_CRASH = ELECTED.with("MaxCrashes", 0);
    private static final Model ELECTION = COMMITTED
            .with("Start", "\"empty\"")
            .with("MaxTerm", 1)
            .with("MaxLength", 0)
            .with("MaxCampaigns", 2);
    private static final Model FIGURE_8 =
            COMMITTED_NO_CRASH.with("Start", "\"figure 8\"").with("MaxTerm", 4);

    @TempDir
    private Path folder;

    static Stream<Arguments> bounds() {
        return Stream.of(
                Arguments.of("a crash after a commit", COMMITTED, 113_089L),
                Arguments.of("a crash before a commit", ELECTED, 81_816L),
                Arguments.of("two candidates", ELECTED_NO_CRASH.with("MaxCampaigns", 2), 25_814L),
                Arguments.of("a crash in an election", ELECTION, 3_024L));
    }

    @Tag("slow")
    @ParameterizedTest(name = "{0}")
    @MethodSource("bounds")
    void losesNothingBehindTheFence(String bounds, Model model, long states) {
        Tlc.Outcome outcome = model.check(folder);

        assertThat(outcome.held()).as(outcome.output()).isTrue();
        assertThat(outcome.distinct()).as(bounds).isEqualTo(states);
    }

    @Test
    void losesACommittedEntryWithoutTheFence() {
        Tlc.Outcome outcome = Model.of("NoFence.cfg").check(folder);

        assertThat(outcome.violated()).as(outcome.output()).isEqualTo("LeaderCompleteness");
        assertThat(outcome.trace()).isBetween(10, 20);
        assertThat(outcome.held()).isFalse();
    }

    static Stream<Arguments> rules() {
        return Stream.of(
                Arguments.of(ELECTION, "vote before durable", "OneVotePerTerm"),
                Arguments.of(ELECTION.without("BallotBeforeFence"), "fence before ballot", "OneVotePerTerm"),
                Arguments.of(ELECTED_NO_CRASH, "ack before flush", "CommittedIsDurable"),
                Arguments.of(ELECTED_NO_CRASH, "replaced counts as durable", "CommittedIsDurable"),
                Arguments.of(COMMITTED_NO_CRASH, "leads on", "LeaderCompleteness"),
                Arguments.of(COMMITTED, "open after restart", "LeaderCompleteness"),
                Arguments.of(FIGURE_8, "old term by count", "ElectableHasCommitted"));
    }

    @Tag("slow")
    @ParameterizedTest(name = "{1}")
    @MethodSource("rules")
    void missesEachRuleThatIsLeftOut(Model model, String rule, String invariant) {
        Tlc.Outcome outcome = model.leavingOut(rule).check(folder);

        assertThat(outcome.violated()).as(outcome.output()).isEqualTo(invariant);
        assertThat(outcome.trace()).isBetween(4, 30);
    }

    static Stream<Arguments> reached() {
        return Stream.of(
                Arguments.of(ELECTED, "NeverCommitsAfterLeaderCrash"),
                Arguments.of(ELECTED_NO_CRASH, "NeverReplacesAnEntry"),
                Arguments.of(ELECTED_NO_CRASH, "NeverWrittenBehindAHigherFence"),
                Arguments.of(ELECTED_NO_CRASH, "NeverElectsAfterACommit"));
    }

    /** A model in which nothing happens proves nothing. */
    @Tag("slow")
    @ParameterizedTest(name = "{1}")
    @MethodSource("reached")
    void reachesWhatTheFenceIsFor(Model model, String never) {
        Tlc.Outcome outcome = model.expecting(never).check(folder);

        assertThat(outcome.violated()).as(outcome.output()).isEqualTo(never);
    }
}
