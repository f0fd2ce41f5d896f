package io.murmuration.paper;

import static io.murmuration.core.election.Rig.N2;
import static io.murmuration.core.election.Rig.THREE;
import static io.murmuration.core.election.Rig.one;
import static io.murmuration.core.election.Rig.said;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.election.Effect;
import io.murmuration.core.election.Rig;
import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ElectionRpc.RequestVote;
import io.murmuration.core.model.ElectionRpc.VoteReply;
import io.murmuration.core.model.EntryId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** §5.4.1: election restriction. */
final class PaperSection541Test {
    private static boolean granted(EntryId candidate, EntryId voter) {
        Rig rig = Rig.of(THREE, new Ballot(9, null), voter);
        List<Effect> all = rig.receivesAndSettles(N2, new RequestVote(9, candidate, false));
        return said(all).equals(List.of(new VoteReply(9, true)));
    }

    // "The RequestVote RPC implements this restriction: the RPC includes information about the candidate's log".
    @Test
    void requestTellsTheEndOfTheCandidatesLog() {
        EntryId end = new EntryId(5, 3);
        Rig rig = Rig.of(THREE, new Ballot(3, null), end);

        List<Effect> all = rig.standsUntilCandidate();

        assertThat(said(all)).isNotEmpty().containsOnly(new RequestVote(4, end, false));
    }

    // "and the voter denies its vote if its own log is more up-to-date than that of the candidate."
    @ParameterizedTest(name = "candidate {0}@{1}, voter {2}@{3}: {4}")
    @CsvSource({"4, 3, 5, 3, false", "5, 3, 5, 3, true", "6, 3, 5, 3, true", "0, 0, 0, 0, true", "0, 0, 1, 1, false"})
    void voterDeniesItsVoteIfItsOwnLogIsMoreUpToDate(
            long index, long term, long ownIndex, long ownTerm, boolean expected) {
        assertThat(granted(new EntryId(index, term), new EntryId(ownIndex, ownTerm)))
                .isEqualTo(expected);
    }

    // "If the logs have last entries with different terms, then the log with the later term is more up-to-date."
    @Test
    void laterTermIsMoreUpToDateWhateverTheLength() {
        assertThat(granted(new EntryId(1, 4), new EntryId(100, 3))).isTrue();
        assertThat(granted(new EntryId(100, 3), new EntryId(1, 4))).isFalse();
    }

    // "If the logs end with the same term, then whichever log is longer is more up-to-date."
    @Test
    void longerLogOfTheSameTermIsMoreUpToDate() {
        assertThat(granted(new EntryId(7, 3), new EntryId(6, 3))).isTrue();
        assertThat(granted(new EntryId(6, 3), new EntryId(7, 3))).isFalse();
    }

    // Figure 2: "Updated on stable storage before responding to RPCs". The vote is decided on the log as it is behind
    // the
    // fence of the candidate's term, so no entry of an older leader can be acknowledged in between.
    @Test
    void voteRespondsOnlyFromStableStorageAndBehindTheFence() {
        EntryId end = new EntryId(5, 3);
        Rig rig = Rig.of(THREE, new Ballot(3, null), end);

        List<Effect> asked = rig.receives(N2, new RequestVote(4, end, false));
        List<Effect> stored =
                rig.election.written(one(Effect.Persist.class, asked).sequence(), rig.now);
        List<Effect> fenced = rig.answers(one(Effect.Fence.class, stored));

        assertThat(said(asked)).isEmpty();
        assertThat(said(stored)).isEmpty();
        assertThat(said(fenced)).isEmpty();
        assertThat(said(rig.settle(fenced))).containsExactly(new VoteReply(4, true));
    }
}
