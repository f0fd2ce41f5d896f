package io.murmuration.testkit.mutants;

import java.util.List;

/** Bugs of Election: ballots, votes, terms, and the reads that it confirms. */
final class ElectionMutants {
    private static final String ROLES = "core/election/Roles.java";
    private static final String VOTER = "core/election/Voter.java";
    private static final String DESK = "core/election/Desk.java";
    private static final String CAMPAIGN = "core/election/Campaign.java";
    private static final String LEADERSHIP = "core/election/Leadership.java";
    private static final String TESTS = "io.murmuration.core.election.";

    private ElectionMutants() {}

    static List<Mutant> ballots() {
        return List.of(
                Mutant.of("vote before its ballot is durable", "figure 2, F1", "a restarted node votes twice in a term")
                        .patch(
                                DESK,
                                "emitIfReady(ballots.onceVoteIsDurable(new Effect.Send(to.node(), message)));",
                                "send(to, message);")
                        .caughtBy("BALLOT_FIRST"),
                Mutant.of("term and vote in two writes", "figure 2", "a candidate forgets that it has its own vote")
                        .patch(
                                ROLES,
                                "desk.cast(desk.ballots.current().advancedTo(desk.term() +"
                                        + " 1).castFor(desk.self), now);",
                                "desk.cast(desk.ballots.current().advancedTo(desk.term() + 1), now);"
                                        + " desk.cast(desk.ballots.current().castFor(desk.self), now);")
                        .caughtBy("BALLOT_FIRST", "NEVER_FORGETS"),
                Mutant.of("fence before the ballot is durable", "F1", "a term is acted on that a crash can take back")
                        .patch(DESK, "if (ballots.termIsDurable()) {", "if (true) {")
                        .caughtBy("BALLOT_FIRST"),
                Mutant.of("recovered ballot ignored", "figure 2", "a restarted node begins anew at term 0")
                        .patch(DESK, "new Ballots(recovered);", "new Ballots(Ballot.NONE);")
                        .caughtBy("TERM_NEVER_FALLS", "ONE_VOTE", "ELECTION_SAFETY"),
                Mutant.of("forgotten vote", "§5.2", "a second candidate gets the vote of the same term")
                        .patch(
                                "core/election/VoteRule.java",
                                "ballot.votedFor() == null || ballot.votedFor().equals(candidate);",
                                "true;")
                        .caughtBy("ONE_VOTE", "ELECTION_SAFETY"),
                Mutant.of("second ballot of a term lost in replay", "[A1]", "a vote does not beat none in a replay")
                        .patch("core/model/Ballot.java", "return votedFor != null ? this : other;", "return this;")
                        .caughtBy("NEVER_FORGETS", "ONE_VOTE", "ELECTION_SAFETY"),
                Mutant.of("replay lowers the ballot", "[A1]", "the lower of two terms wins in a replay")
                        .patch(
                                "core/model/Ballot.java",
                                "term > other.term ? this : other",
                                "term < other.term ? this : other")
                        .caughtBy("NEVER_FORGETS", "TERM_NEVER_FALLS", "CORE: holds no ballot above term"));
    }

    static List<Mutant> votes() {
        return List.of(
                Mutant.of("no fence for a vote", "F3", "a vote is decided on a position that Log has left")
                        .patch(
                                ROLES,
                                "desk.fence(new Purpose.VoteOf(from, request), now);",
                                "decide(new Purpose.VoteOf(from, request), 0, desk.pulses.last(), now);")
                        .caughtBy("FENCE"),
                Mutant.of("up-to-date by index before term", "§5.4.1", "a longer log of older terms wins")
                        .patch(
                                "core/model/EntryId.java",
                                "return term != other.term ? term > other.term : index >= other.index;",
                                "return index != other.index ? index > other.index : term >= other.term;")
                        .caughtByUnitTest(
                                "io.murmuration.paper.PaperSection541Test#laterTermIsMoreUpToDateWhateverTheLength"),
                Mutant.of("up-to-date check missing", "§5.4.1", "anybody wins, whatever its log lacks")
                        .patch(
                                "core/model/EntryId.java",
                                "return term != other.term ? term > other.term : index >= other.index;",
                                "return true;")
                        .caughtBy("LEADER_COMPLETENESS", "STATE_MACHINE_SAFETY", "CORE: The leader holds"),
                Mutant.of("vote counted twice", "§5.2", "a doubled reply makes a majority of too few")
                        .patch(CAMPAIGN, "private boolean asked;", "private boolean asked; private int replies = 1;")
                        .patch(
                                CAMPAIGN,
                                "if (asked && members.votes(from)) {",
                                "if (asked && members.votes(from)) { replies++;")
                        .patch(
                                CAMPAIGN,
                                "Quorum.reached(members, granted::contains)",
                                "replies > members.voters().size() / 2")
                        .from(105)
                        .caughtBy("WON_BY_MAJORITY"),
                Mutant.of(
                                "vote of a stale term counted",
                                "§5.2",
                                "a late reply to an earlier candidacy counts in this one")
                        .patch(ROLES, "reply.granted() && reply.term() == desk.term(), now", "reply.granted(), now")
                        .caughtByUnitTest(
                                "io.murmuration.core.election.CandidacyTest#countsNoReplyOfAnEarlierTermOrCandidacy"),
                Mutant.of("pre-vote counted as a vote", "thesis 9.6", "who would vote is taken for who has voted")
                        .patch(
                                ROLES,
                                "agreed(from, Role.PRE_CANDIDATE, reply.granted() && reply.proposed() =="
                                        + " desk.term() + 1, now);",
                                "agreed(from, Role.PRE_CANDIDATE, reply.granted() && reply.proposed() =="
                                        + " desk.term() + 1, now);"
                                        + " agreed(from, Role.CANDIDATE, reply.granted() && reply.proposed() =="
                                        + " desk.term(), now);")
                        .caughtBy("WON_BY_MAJORITY"),
                Mutant.of("majority of votes off by one", "§5.2", "half of an odd group, rounded down, elects")
                        .patch(
                                "core/model/Quorum.java",
                                "return yes > voters.size() / 2;",
                                "return yes >= voters.size() / 2;")
                        .caughtBy("WON_BY_MAJORITY"),
                Mutant.of(
                                "incarnations not looked at",
                                "[A5], [A7]",
                                "a node that lost its disk votes under its old identity")
                        .patch(
                                "core/model/Peer.java",
                                "@Override public int compareTo(Peer other) { return ORDER.compare(this, other); }",
                                "@Override public int compareTo(Peer other) { return node.compareTo(other.node); }"
                                        + " @Override public boolean equals(Object o)"
                                        + " { return o instanceof Peer p && p.node.equals(node); }"
                                        + " @Override public int hashCode() { return node.hashCode(); }")
                        .caughtBy(
                                "ELECTION_SAFETY",
                                "NEVER_FORGETS",
                                "LEADER_COMPLETENESS",
                                "STATE_MACHINE_SAFETY",
                                "LIVENESS: there is no leader"),
                Mutant.of("stranger's vote counted", "[A7]", "a vote counts whose (id, incarnation) is no member")
                        .patch(CAMPAIGN, "if (asked && members.votes(from)) {", "if (asked) {")
                        .patch(
                                CAMPAIGN,
                                "Quorum.reached(members, granted::contains)",
                                "granted.size() > members.voters().size() / 2")
                        .caughtByUnitTest(
                                TESTS + "CandidacyTest#countsNeitherStrangersNorLearnersNorOtherIncarnations"));
    }

    static List<Mutant> terms() {
        return List.of(
                Mutant.of(
                                "leads on in a term that it did not win",
                                "figure 2",
                                "a leader adopts a term and stays leader")
                        .patch(ROLES, "if (leadership != null) { endLeadership(leadership, now); }", "")
                        .from(70)
                        .caughtBy(
                                "ELECTION_SAFETY",
                                "CORE: both lead term",
                                "CORE: At most one leader",
                                "BALLOT_FIRST",
                                "LIVENESS"),
                Mutant.of(
                                "higher term in a response ignored",
                                "figure 2, [B6]",
                                "whoever is behind never learns the term")
                        .patch(
                                ROLES,
                                "adoptIfHigher(message.term(), now, from.node()); inTerm",
                                "!(message instanceof ElectionRpc.PreVoteReply || message instanceof"
                                        + " ElectionRpc.VoteReply"
                                        + " || message instanceof ElectionRpc.HeartbeatReply)"
                                        + " && adoptIfHigher(message.term(), now, from.node()); inTerm")
                        .caughtByUnitTest(TESTS + "CandidacyTest#realTermOfAPreVoteReplyIsAdopted"),
                Mutant.of("lower term dropped in silence", "[B6]", "a pre-vote of a lower term gets no answer")
                        .patch(
                                VOTER,
                                "if (request.term() <= desk.term() || refuses(now, false)) { refuse(from, request);",
                                "if (request.term() <= desk.term() || refuses(now, false)) {")
                        .caughtByUnitTest(
                                TESTS + "VotingTest#leaderHeardWithinTMakesVotesAndPreVotesRefusedWithoutAdoption"),
                Mutant.of(
                                "pre-candidates refuse each other",
                                "rule Election 2",
                                "two that stand at the same time wait for each other")
                        .patch(ROLES, "() -> leadership != null);", "() -> leadership != null || campaign != null);")
                        .caughtBy("LIVENESS"),
                Mutant.of("time-outs not random", "§5.2", "all stand at the same time, again and again")
                        .patch(
                                "core/election/ElectionTimer.java",
                                "random.nextLong(timeout)",
                                "0 * random.nextLong(timeout)")
                        .caughtByUnitTest(TESTS + "CandidacyTest#timersAreDrawnAnewFromTToTwiceT"),
                Mutant.of("no pre-vote", "thesis 9.6", "a node that was cut off raises the term of a healthy group")
                        .patch(
                                ROLES,
                                "campaign = Campaign.forPreVotes(desk.fence(new Purpose.Stand(), now));",
                                "run(false, \"no pre-vote\", now);")
                        .caughtByUnitTest(TESTS + "CandidacyTest#asksForPreVotesBehindAFenceAndWithoutATermOfItsOwn"),
                Mutant.of("pre-vote raises the term", "thesis 9.6", "asking whether one would win changes the asked")
                        .patch(
                                ROLES,
                                "voter.asked(from, request, now); } else if (message instanceof"
                                        + " ElectionRpc.RequestVote",
                                "adoptIfHigher(request.term(), now, from.node()); voter.asked(from, request, now);"
                                        + " } else if (message instanceof ElectionRpc.RequestVote")
                        .caughtByUnitTest(TESTS + "CandidacyTest#proposedTermOfAPreVoteIsNotAdopted"),
                Mutant.of("no stickiness", "§6", "a vote is given although there is a leader")
                        .patch("core/election/StickyRule.java", "(leads || silence < timeout)", "leads")
                        .caughtByUnitTest(
                                TESTS + "VotingTest#leaderHeardWithinTMakesVotesAndPreVotesRefusedWithoutAdoption"),
                Mutant.of("no check-quorum", "thesis 6.2", "a leader that hears nobody leads on")
                        .patch(
                                ROLES,
                                "} else if (!leadership.hasQuorum(now)) {",
                                "} else if (!leadership.hasQuorum(now) && false) {")
                        .caughtByUnitTest(TESTS + "LeadershipTest#leaderWithoutAMajorityStepsDownWithinTwoTimeouts"),
                Mutant.of("no grace after a restart", "[B7]", "a restarted voter forgets what it promised to a lease")
                        .patch(VOTER, "return inGrace(now) || StickyRule", "return StickyRule")
                        .caughtByUnitTest(TESTS + "VotingTest#restartedVoterGrantsNothingAndAdoptsNothingForT"));
    }

    static List<Mutant> reads() {
        return List.of(
                Mutant.of(
                                "read confirmed by the round under way",
                                "thesis 6.4",
                                "replies from before the read confirm it")
                        .patch(
                                LEADERSHIP,
                                "reads.add(asker, life, id, index, round + 1);",
                                "reads.add(asker, life, id, index, round);")
                        .caughtByUnitTest(TESTS + "ReadsTest#readIsConfirmedByARoundThatStartedAfterItCame"),
                Mutant.of("read confirmed by nobody", "thesis 6.4", "a deposed leader serves reads")
                        .patch(LEADERSHIP, "long round = confirmedRound();", "long round = this.round;")
                        .caughtByUnitTest(TESTS + "ReadsTest#readStartsARoundAtOnceIfNoneIsUnderWay"),
                Mutant.of(
                                "heartbeat reply of an old term counts",
                                "[A7], thesis 6.4",
                                "what was said to an earlier leadership confirms this one")
                        .patch(ROLES, "leadership != null && reply.term() == desk.term()", "leadership != null")
                        .caughtByUnitTest(TESTS + "ReadsTest#replyOfAnEarlierTermConfirmsNoRead"));
    }
}
