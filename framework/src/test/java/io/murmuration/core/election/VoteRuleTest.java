package io.murmuration.core.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.EntryId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VoteRuleTest {
    @ParameterizedTest(name = "candidate ends at {0}@{1}, voter at 5@3: {2}")
    @CsvSource({
        "4, 2, false", "5, 2, false", "6, 2, false", //
        "4, 3, false", "5, 3, true", "6, 3, true", //
        "4, 4, true", "5, 4, true", "6, 4, true"
    })
    void grantsOnlyToLogsAtLeastAsUpToDate(long index, long term, boolean granted) {
        EntryId own = new EntryId(5, 3);

        boolean vote = VoteRule.grants(new Ballot(7, null), 7, Rig.N2, new EntryId(index, term), own);
        boolean preVote = PreVoteRule.grants(7, 8, new EntryId(index, term), own);

        assertThat(vote).isEqualTo(granted);
        assertThat(preVote).isEqualTo(granted);
    }

    @ParameterizedTest(name = "ballot of term 7, request of term {0}: {1}")
    @CsvSource({"6, false", "7, true", "8, false"})
    void grantsOnlyInTheTermOfTheBallot(long term, boolean granted) {
        assertThat(VoteRule.grants(new Ballot(7, null), term, Rig.N2, EntryId.NONE, EntryId.NONE))
                .isEqualTo(granted);
    }

    @Test
    void grantsOneVotePerTermAndThatOneAgain() {
        Ballot cast = new Ballot(7, Rig.N2);

        assertThat(VoteRule.grants(cast, 7, Rig.N2, EntryId.NONE, EntryId.NONE)).isTrue();
        assertThat(VoteRule.grants(cast, 7, Rig.N3, EntryId.NONE, EntryId.NONE)).isFalse();
    }

    @ParameterizedTest(name = "voter in term 7, proposed {0}: {1}")
    @CsvSource({"6, false", "7, false", "8, true", "12, true"})
    void grantsPreVotesOnlyForAHigherTerm(long proposed, boolean granted) {
        assertThat(PreVoteRule.grants(7, proposed, EntryId.NONE, EntryId.NONE)).isEqualTo(granted);
    }

    @ParameterizedTest(name = "leads {0}, silence {1} of 500, transfer {2}: refuses {3}")
    @CsvSource({
        "false, 0, false, true",
        "false, 499, false, true",
        "false, 500, false, false",
        "false, 9223372036854775807, false, false",
        "true, 9223372036854775807, false, true",
        "false, 0, true, false",
        "true, 0, true, false"
    })
    void sticksToALeaderHeardWithinTheTimeout(boolean leads, long silence, boolean transfer, boolean refuses) {
        assertThat(StickyRule.refuses(leads, silence, 500, transfer)).isEqualTo(refuses);
    }
}
