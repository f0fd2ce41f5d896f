package io.murmuration.core.election;

import static io.murmuration.core.election.Rig.N1;
import static io.murmuration.core.election.Rig.N2;
import static io.murmuration.core.election.Rig.N3;
import static io.murmuration.core.election.Rig.THREE;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ElectionRpc.PreVoteReply;
import io.murmuration.core.model.ElectionRpc.VoteReply;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class WhyNoLeaderTest {
    private static @Nullable String why(Rig rig) {
        return rig.election.view(rig.now).whyNoLeader();
    }

    @Test
    void namesThoseWhoAreSilentAndSinceWhen() {
        Rig rig = Rig.of(THREE);
        rig.runsFor(Duration.ofMillis(2_700));

        assertThat(why(rig)).isEqualTo("n2 and n3 have not answered for 3.2 s; a majority of 3 is needed.");
    }

    @Test
    void namesOnlyOneOfTwo() {
        Rig rig = Rig.of(Members.voting(List.of(N1, N2)));
        rig.runsFor(Duration.ofMillis(1_500));

        assertThat(why(rig)).isEqualTo("n2 has not answered for 2.0 s; a majority of 2 is needed.");
    }

    @Test
    void countsVotesWhileAnElectionIsGoingOn() {
        Rig rig = Rig.of(THREE);
        rig.settle(rig.timerFires());
        assertThat(why(rig)).isEqualTo("An election is going on: 1 of 2 pre-votes.");

        rig.receivesAndSettles(N2, new PreVoteReply(0, 1, true));
        assertThat(why(rig)).isEqualTo("An election is going on: 1 of 2 votes.");

        rig.receives(N3, new VoteReply(1, true));
        assertThat(why(rig)).isNull();
    }

    @Test
    void saysWhatElseIsMissing() {
        Rig unopened = Rig.unopened(THREE, Ballot.NONE, EntryId.NONE);
        unopened.election.start(unopened.now);
        Rig restarted = Rig.restarted(THREE, new Ballot(3, null), EntryId.NONE);
        Rig fresh = Rig.of(THREE);
        Rig learner = Rig.of(new Members(List.of(N2, N3), List.of(), List.of(N1)));
        Rig nobody = Rig.of(new Members(List.of(), List.of(), List.of(N1)));

        assertThat(why(unopened)).isEqualTo("This node has just started, and its log has not told the members yet.");
        assertThat(why(restarted))
                .isEqualTo("This node was restarted and waits for one election time-out before it votes.");
        assertThat(why(fresh))
                .isEqualTo("No leader is known; this node will stand for election if none is heard soon.");
        assertThat(why(learner)).isEqualTo("This node does not vote, and no leader has told it of itself yet.");
        assertThat(why(nobody)).isEqualTo("The group has no voter, so nobody can be elected.");
    }
}
