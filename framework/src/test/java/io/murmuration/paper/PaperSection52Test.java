package io.murmuration.paper;

import static io.murmuration.core.election.Rig.N1;
import static io.murmuration.core.election.Rig.N2;
import static io.murmuration.core.election.Rig.N3;
import static io.murmuration.core.election.Rig.T;
import static io.murmuration.core.election.Rig.THREE;
import static io.murmuration.core.election.Rig.only;
import static io.murmuration.core.election.Rig.said;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.election.Effect;
import io.murmuration.core.election.Rig;
import io.murmuration.core.election.Role;
import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ElectionRpc.Heartbeat;
import io.murmuration.core.model.ElectionRpc.HeartbeatReply;
import io.murmuration.core.model.ElectionRpc.PreVoteReply;
import io.murmuration.core.model.ElectionRpc.RequestVote;
import io.murmuration.core.model.ElectionRpc.VoteReply;
import io.murmuration.core.model.EntryId;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * §5.1 (terms) and §5.2: leader election. Where this implementation asks for pre-votes first (thesis 9.6), a test says
 * so.
 */
final class PaperSection52Test {
    private static final EntryId END = new EntryId(5, 3);

    // "When servers start up, they begin as followers."
    @Test
    void serversBeginAsFollowers() {
        Rig fresh = Rig.of(THREE);
        Rig restarted = Rig.restarted(THREE, new Ballot(3, N1), END);

        assertThat(fresh.role()).isEqualTo(Role.FOLLOWER);
        assertThat(restarted.role()).isEqualTo(Role.FOLLOWER);
    }

    // "A server remains in follower state as long as it receives valid RPCs from a leader or candidate."
    @Test
    void serverRemainsFollowerAsLongAsItHearsTheLeader() {
        Rig rig = Rig.following(THREE, 3, END);

        for (long round = 2; round < 100; round++) {
            rig.runsFor(T.dividedBy(2));
            rig.receives(N2, new Heartbeat(3, round));
            assertThat(rig.role()).isEqualTo(Role.FOLLOWER);
        }

        assertThat(rig.term()).isEqualTo(3);
    }

    // "Leaders send periodic heartbeats (AppendEntries RPCs that carry no log entries) to all followers in order to
    // maintain their authority." Here they are messages of their own, from Election to Election.
    @Test
    void leaderSendsPeriodicHeartbeatsToAllFollowers() {
        Rig rig = Rig.leading(THREE);

        List<Effect> sent = rig.runsFor(T.dividedBy(2));

        assertThat(only(Effect.Send.class, sent).stream()
                        .filter(each -> each.node().equals("n2")))
                .hasSize(5);
        assertThat(only(Effect.Send.class, sent).stream()
                        .filter(each -> each.node().equals("n3")))
                .hasSize(5);
        assertThat(said(sent)).allMatch(Heartbeat.class::isInstance);
    }

    // "If a follower receives no communication over a period of time called the election timeout, then it assumes there
    // is
    // no viable leader and begins an election to choose a new leader." Here it begins with pre-votes, in its old term.
    @Test
    void followerThatHearsNothingBeginsAnElection() {
        Rig rig = Rig.following(THREE, 3, END);

        rig.runsFor(T.multipliedBy(2));
        assertThat(rig.role()).isEqualTo(Role.PRE_CANDIDATE);
        assertThat(rig.term()).isEqualTo(3);
        rig.receivesAndSettles(N3, new PreVoteReply(3, 4, true));

        assertThat(rig.role()).isEqualTo(Role.CANDIDATE);
    }

    // "To begin an election, a follower increments its current term and transitions to candidate state. It then votes
    // for
    // itself and issues RequestVote RPCs in parallel to each of the other servers in the cluster."
    @Test
    void candidateIncrementsItsTermVotesForItselfAndAsksAllOthers() {
        Rig rig = Rig.of(THREE, new Ballot(3, null), END);

        List<Effect> all = rig.standsUntilCandidate();

        assertThat(rig.term()).isEqualTo(4);
        assertThat(all).contains(new Effect.Persist(1, new Ballot(4, N1)));
        RequestVote request = new RequestVote(4, END, false);
        assertThat(all).contains(new Effect.Send("n2", request), new Effect.Send("n3", request));
    }

    // "A candidate wins an election if it receives votes from a majority of the servers in the full cluster for the
    // same
    // term."
    @Test
    void candidateWinsWithTheVotesOfAMajorityForTheSameTerm() {
        Rig rig = Rig.of(THREE);
        rig.standsUntilCandidate();

        rig.receives(N2, new VoteReply(0, true));
        assertThat(rig.role()).isEqualTo(Role.CANDIDATE);
        rig.receives(N2, new VoteReply(1, true));

        assertThat(rig.role()).isEqualTo(Role.LEADER);
    }

    // "Each server will vote for at most one candidate in a given term, on a first-come-first-served basis".
    @Test
    void serverVotesForAtMostOneCandidatePerTermFirstComeFirstServed() {
        Rig rig = Rig.of(THREE);

        List<Effect> first = rig.receivesAndSettles(N3, new RequestVote(1, END, false));
        List<Effect> second = rig.receivesAndSettles(N2, new RequestVote(1, END, false));

        assertThat(said(first)).containsExactly(new VoteReply(1, true));
        assertThat(said(second)).containsExactly(new VoteReply(1, false));
    }

    // "Once a candidate wins an election, it becomes leader. It then sends heartbeat messages to all of the other
    // servers to
    // establish its authority and prevent new elections."
    @Test
    void newLeaderSendsHeartbeatsAtOnce() {
        Rig rig = Rig.of(THREE);
        rig.standsUntilCandidate();

        List<Effect> won = rig.receives(N2, new VoteReply(1, true));

        assertThat(only(Effect.Send.class, won))
                .containsExactly(
                        new Effect.Send("n2", new Heartbeat(1, 1)), new Effect.Send("n3", new Heartbeat(1, 1)));
    }

    // "If the leader's term (included in its RPC) is at least as large as the candidate's current term, then the
    // candidate
    // recognizes the leader as legitimate and returns to follower state."
    @Test
    void candidateReturnsToFollowerWhenItHearsALegitimateLeader() {
        for (long term : List.of(1L, 2L)) {
            Rig rig = Rig.of(THREE);
            rig.standsUntilCandidate();

            List<Effect> all = rig.receivesAndSettles(N3, new Heartbeat(term, 1));

            assertThat(rig.role()).isEqualTo(Role.FOLLOWER);
            assertThat(all).contains(new Effect.Follow(term, "n3"));
        }
    }

    // "If the term in the RPC is smaller than the candidate's current term, then the candidate rejects the RPC and
    // continues
    // in candidate state."
    @Test
    void candidateRejectsALeaderOfALowerTerm() {
        Rig rig = Rig.of(THREE, new Ballot(3, null), END);
        rig.standsUntilCandidate();

        List<Effect> all = rig.receives(N3, new Heartbeat(3, 1));

        assertThat(rig.role()).isEqualTo(Role.CANDIDATE);
        assertThat(said(all)).containsExactly(new HeartbeatReply(4, 1, END, 0, true, 0));
    }

    // "When this happens [a split vote], each candidate will time out and start a new election by incrementing its term
    // and
    // initiating another round of RequestVote RPCs."
    @Test
    void candidateWithoutAMajorityTimesOutAndStartsANewElection() {
        Rig rig = Rig.of(THREE);
        rig.standsUntilCandidate();

        rig.runsFor(T.multipliedBy(2));
        assertThat(rig.role()).isEqualTo(Role.PRE_CANDIDATE);
        List<Effect> all = rig.receivesAndSettles(N2, new PreVoteReply(1, 2, true));

        assertThat(rig.term()).isEqualTo(2);
        assertThat(said(all)).contains(new RequestVote(2, EntryId.NONE, false));
    }

    // "Each candidate restarts its randomized election timeout at the start of an election, and it waits for that
    // timeout to
    // elapse before starting the next election".
    @Test
    void candidateRestartsItsRandomizedTimeoutAtTheStartOfAnElection() {
        Rig rig = Rig.of(THREE);
        Set<Long> spans = new HashSet<>();

        for (int i = 0; i < 50; i++) {
            rig.standsUntilCandidate();
            spans.add(rig.election.wakeAt() - rig.now);
        }

        assertThat(spans).hasSizeGreaterThan(45);
        assertThat(spans)
                .allMatch(
                        span -> span >= T.toNanos() && span < T.multipliedBy(2).toNanos());
    }

    // §5.1: "If one server's current term is smaller than the other's, then it updates its current term to the larger
    // value. If a candidate or leader discovers that its term is out of date, it immediately reverts to follower
    // state."
    @Test
    void leaderAndCandidateRevertToFollowerWhenTheirTermIsOutOfDate() {
        Rig leader = Rig.leading(THREE);
        Rig candidate = Rig.of(THREE);
        candidate.standsUntilCandidate();

        leader.receives(N3, new VoteReply(6, false));
        candidate.receives(N3, new VoteReply(6, false));

        assertThat(List.of(leader.role(), candidate.role())).containsOnly(Role.FOLLOWER);
        assertThat(List.of(leader.term(), candidate.term())).containsOnly(6L);
    }

    // §5.1: "If a server receives a request with a stale term number, it rejects the request."
    @Test
    void staleRequestIsRejected() {
        Rig rig = Rig.of(THREE, new Ballot(7, null), END);

        List<Effect> vote = rig.receivesAndSettles(N2, new RequestVote(6, new EntryId(9, 6), false));

        assertThat(said(vote)).containsExactly(new VoteReply(7, false));
    }

    // §6: "if a server receives a RequestVote RPC within the minimum election timeout of hearing from a current leader,
    // it
    // does not update its term or grant its vote."
    @Test
    void voteWithinTheMinimumTimeoutOfHearingALeaderChangesNothing() {
        Rig rig = Rig.following(THREE, 3, END);
        rig.passes(T.minus(Duration.ofNanos(1)));

        List<Effect> all = rig.receivesAndSettles(N3, new RequestVote(4, END, false));

        assertThat(said(all)).containsExactly(new VoteReply(3, false));
        assertThat(rig.term()).isEqualTo(3);
    }
}
