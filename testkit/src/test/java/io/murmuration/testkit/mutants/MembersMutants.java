package io.murmuration.testkit.mutants;

import java.util.List;

/** Bugs of members: how a leader changes them, who counts meanwhile, and how a node joins. */
final class MembersMutants {
    private static final String QUORUM = "core/model/Quorum.java";
    private static final String CHANGE = "core/log/Change.java";
    private static final String STATE = "core/log/LogState.java";
    private static final String PREFIX = "core/log/Prefix.java";
    private static final String FOUNDING = "core/founding/Founding.java";

    private static final String CHANGES = "io.murmuration.core.log.LogChangeTest#";
    private static final String STORIES = "io.murmuration.core.log.LogChangeStoriesTest#";
    private static final String ORDERS = "io.murmuration.core.log.LogOrdersTest#";
    private static final String FOLLOWER = "io.murmuration.core.log.LogFollowerTest#";
    private static final String SNAPSHOTS = "io.murmuration.core.log.LogSnapshotTest#";
    private static final String FOUNDINGS = "io.murmuration.core.founding.FoundingTest#";

    private MembersMutants() {}

    static List<Mutant> changing() {
        return List.of(
                Mutant.of("only the new voters counted", "§6", "what is decided jointly needs no old majority")
                        .patch(
                                QUORUM,
                                "return majority(members.voters(), said) && (members.outgoing().isEmpty() ||"
                                        + " majority(members.outgoing(), said));",
                                "return majority(members.voters(), said);")
                        .patch(
                                QUORUM,
                                "return members.outgoing().isEmpty() ? incoming :"
                                        + " Math.min(incoming, agreed(members.outgoing(), value));",
                                "return incoming;")
                        .caughtBy("WON_BY_MAJORITY", "COMMITTED_IS_DURABLE"),
                Mutant.of("only the old voters counted", "§6", "what is decided jointly needs no new majority")
                        .patch(
                                QUORUM,
                                "return majority(members.voters(), said) && (members.outgoing().isEmpty() ||"
                                        + " majority(members.outgoing(), said));",
                                "return majority(members.joint() ? members.outgoing() : members.voters(), said);")
                        .patch(
                                QUORUM,
                                "return members.outgoing().isEmpty() ? incoming :"
                                        + " Math.min(incoming, agreed(members.outgoing(), value));",
                                "return members.joint() ? agreed(members.outgoing(), value) : incoming;")
                        .caughtBy("WON_BY_MAJORITY", "COMMITTED_IS_DURABLE"),
                Mutant.of("final before joint is committed", "§6", "the new voters decide while the old ones still do")
                        .patch(
                                CHANGE,
                                "|| state.commit() < noOp || pending()) { return; }",
                                "|| state.commit() < noOp || (pending() && !state.members().joint())) { return; }")
                        .patch(CHANGE, "if (pending()) { throw", "if (pending() && !state.members().joint()) { throw")
                        .caughtByUnitTest(CHANGES + "jointMembersAreCommittedByBothMajoritiesAndFinalOnesByTheNew"),
                Mutant.of(
                                "change before an entry of the own term is committed",
                                "(Ongaro, 2015)",
                                "a leader changes members that another leader has changed meanwhile")
                        .patch(
                                CHANGE,
                                "if (state.commit() < noOp) { return new Underway",
                                "if (false) { return new Underway")
                        .patch(
                                CHANGE,
                                "|| state.commit() < noOp || pending()) { return; }",
                                "|| pending()) { return; }")
                        .caughtByUnitTest(CHANGES + "changesNothingBeforeAnEntryOfItsOwnTermIsCommitted"),
                Mutant.of("two changes at once", "thesis 4.1", "the second order replaces the first one half-way")
                        .patch(
                                CHANGE,
                                "if (current != null && !current.goal.same(goal)) {",
                                "if (current != null && !current.goal.same(goal)) { begin(goal, now); } if (false) {")
                        .caughtByUnitTest(CHANGES + "oneChangeAtATimeButTheSameOneTwiceIsOne"),
                Mutant.of("members taken at commit", "§6", "a node does not use the latest members in its log")
                        .patch(
                                STATE,
                                "members.appended(entries); tellMembers(before); long sequence",
                                "tellMembers(before); long sequence")
                        .patch(
                                STATE,
                                "boolean settles = latest.index() > commit; commit = index;",
                                "boolean settles = true; if (index > commit) {"
                                        + " members.appended(tail.slice(commit + 1, index, Long.MAX_VALUE)); }"
                                        + " commit = index;")
                        .caughtBy("COMMITTED_IS_DURABLE", "CORE", "LIVENESS", "LEADER_COMPLETENESS", "WON_BY_MAJORITY"),
                Mutant.of("members not rolled back", "§6", "members of entries that were replaced stay in force")
                        .patch(STATE, "members.truncated(from);", "")
                        .caughtByUnitTest(FOLLOWER + "membersAreInForceWhenAppendedAndRolledBackWhenTruncated"),
                Mutant.of("learners counted", "thesis 4.2.1", "who only learns makes a majority")
                        .patch(
                                QUORUM,
                                "long incoming = agreed(members.voters(), value);",
                                "long incoming = agreed(java.util.stream.Stream.concat(members.voters().stream(),"
                                        + " members.learners().stream()).toList(), value);")
                        .caughtBy("COMMITTED_IS_DURABLE"),
                Mutant.of("promoted without catch-up", "thesis 4.2.1", "a voter without entries holds up all commits")
                        .patch(
                                CHANGE,
                                "return current.caughtUp(newcomers, replication, state.tail().lastIndex(), now)",
                                "return (current.caughtUp(newcomers, replication, state.tail().lastIndex(), now)"
                                        + " || true)")
                        .caughtByUnitTest(CHANGES + "aLearnerIsPromotedOnlyAfterARoundThatWasShort"),
                Mutant.of("voters that do not answer", "§6", "an operator orders the group to stand still")
                        .patch(CHANGE, "&& current.canDecide(target, state.self(), replication, now);", ";")
                        .caughtByUnitTest(STORIES + "aChangeWhoseVotersDoNotAnswerIsDeclined"),
                Mutant.of("removed leader counts itself", "§6", "a leader commits its own removal with a minority")
                        .patch(
                                "core/log/Leader.java",
                                "CommitRule.counted(state.members(),",
                                "CommitRule.counted(state.members().votes(state.self())"
                                        + " ? state.members() : new Members("
                                        + "java.util.stream.Stream.concat(state.members().voters().stream(),"
                                        + " java.util.stream.Stream.of(state.self())).toList(),"
                                        + " state.members().outgoing(), state.members().learners()),")
                        .caughtBy("COMMITTED_IS_DURABLE"));
    }

    static List<Mutant> ordering() {
        return List.of(
                Mutant.of("late copy obeyed", "members", "what was settled and undone since is done again")
                        .patch(
                                "core/log/OrderDesk.java",
                                "if (seen == null || !seen.ticket().equals(message.ticket())) {",
                                "if (seen == null) { remember(order, new Known(new Ticket(term, ++tickets), null));"
                                        + " return true; } if (false) {")
                        .caughtByUnitTest(ORDERS + "aCopyThatNobodyWaitsForBeginsNothing"),
                Mutant.of("settled orders forgotten", "members", "a repeated order takes effect twice")
                        .patch(
                                CHANGE,
                                "return members.joint() || pending() ? new Underway(how())"
                                        + " : new Settled(members.bare());",
                                "return null;")
                        .caughtByUnitTest(ORDERS + "whatAnEarlierLeaderHasSettledIsNotDoneAgain"),
                Mutant.of("settled without an entry", "thesis 6.4", "a leader that is cut off settles by old members")
                        .patch(CHANGE, "if (askers.allIn(members)) { end(", "if (true) { end(")
                        .caughtByUnitTest(ORDERS + "aLeaderThatCommitsNothingSettlesNothing"));
    }

    static List<Mutant> joining() {
        return List.of(
                Mutant.of(
                                "standing ignores the committed members",
                                "§6",
                                "nobody can win when only removed voters hold the final members")
                        .patch(
                                STATE,
                                "return members.inForce().votes(self) || members.at(commit).votes(self);",
                                "return members.inForce().votes(self);")
                        .caughtByUnitTest(FOLLOWER + "mayStandUntilItsRemovalIsCommittedAndAgainWhenItIsRolledBack"),
                Mutant.of("learners stand", "thesis 4.2.1", "who only learns raises the term and may lead")
                        .patch(
                                STATE,
                                "return members.inForce().votes(self) || members.at(commit).votes(self);",
                                "return members.inForce().contains(self) || members.at(commit).votes(self);")
                        .caughtByUnitTest(FOLLOWER + "aNodeThatWasInvitedWithoutMembersNeverStandsUntilTheLogNamesIt"),
                Mutant.of("invitation of another life obeyed", "[A5], [A7]", "a lost disk joins as whom it was before")
                        .patch(
                                FOUNDING,
                                "List.of(), List.of(), List.of(invited.you()));",
                                "List.of(), List.of(), List.of(self));")
                        .patch(FOUNDING, "return invited.you().equals(self) ? heardOf", "return true ? heardOf")
                        .caughtByUnitTest(FOUNDINGS + "anInvitationForAnotherLifeOfTheDiskIsNothing"),
                Mutant.of("founded with later members", "Founding", "members from the middle stand at index 0")
                        .patch(
                                FOUNDING,
                                "persist(new StoreRecord.Founded(known, atZero));",
                                "persist(new StoreRecord.Founded(known, named));")
                        .caughtBy("FOUNDED_ONCE"),
                Mutant.of("joined without founders", "[A5]", "a log begins without members, unlike all others")
                        .patch(FOUNDING, "return atZero.equals(Members.NONE) ? List.of() : persist(", "return persist(")
                        .caughtByUnitTest(FOUNDINGS + "nobodyJoinsWithoutTheMembersThatTheGroupWasFoundedWith"),
                Mutant.of("founders dropped with the prefix", "[A6]", "who joins later finds nobody who knows index 0")
                        .patch(PREFIX, "state.founded(), members,", "Members.NONE, members,")
                        .caughtByUnitTest(SNAPSHOTS + "theBaseNamesTheMembersInForceThere"),
                Mutant.of(
                                "two lives of one name numbered alike",
                                "[A7]",
                                "the answers of one are taken for the other's")
                        .patch("core/log/Replication.java", "next, life * LIFE_SEQUENCES, now);", "next, 0, now);")
                        .caughtByUnitTest(STORIES + "whatOneLifeIsToldIsNotAnsweredByTheOther"),
                Mutant.of("only the newer life spoken to", "[A7]", "a voter that is needed and there is not fed")
                        .patch(
                                "core/log/Replication.java",
                                "for (Peer peer : members.everyone().toList()) {",
                                "for (Peer peer : members.reachable()) {")
                        .caughtByUnitTest(STORIES + "aVoterWhoseDiskComesBackIsFedByANewLeaderToo"),
                Mutant.of("vote of another incarnation counted", "[A5], [A7]", "a lost disk speaks for the former one")
                        .patch(
                                "core/election/Campaign.java",
                                "if (asked && members.votes(from)) { granted.add(from); }",
                                "if (asked) { members.everyone().filter(peer -> peer.node().equals(from.node()))"
                                        + ".forEach(granted::add); }")
                        .caughtByUnitTest("io.murmuration.core.election."
                                + "CandidacyTest#countsNeitherStrangersNorLearnersNorOtherIncarnations"));
    }
}
