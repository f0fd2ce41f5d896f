package io.murmuration.testkit.mutants;

import java.util.List;

/** Bugs of leases and of handing leadership over. */
final class LeadershipMutants {
    private static final String LEASE = "core/election/Lease.java";
    private static final String LEADERSHIP = "core/election/Leadership.java";

    private static final String LEASES = "io.murmuration.core.election.LeaseTest#";
    private static final String SUCCESSIONS = "io.murmuration.core.election.SuccessionTest#";
    private static final String HAND_OVERS = "io.murmuration.core.log.LogHandOverTest#";

    private LeadershipMutants() {}

    static List<Mutant> leases() {
        return List.of(
                Mutant.of("lease counted from the answer", "thesis 6.4.1", "a lease outlives what was promised for it")
                        .patch(LEASE, "private long until;", "private long until; long answeredAt;")
                        .patch(
                                LEASE,
                                "until = next.startedAt() + span;",
                                "until = Math.max(answeredAt, next.startedAt()) + span;")
                        .patch(
                                LEADERSHIP,
                                "follower.heardAt = now; if",
                                "follower.heardAt = now; lease.answeredAt = now; if")
                        .caughtByUnitTest(LEASES + "leaseRunsFromTheSendingOfTheRoundNotFromItsAnswer"),
                Mutant.of("lease kept when members change", "[B4]", "others than those who promised can elect a leader")
                        .patch(LEADERSHIP, "lease.membersChanged();", "")
                        .caughtByUnitTest(LEASES + "leaseIsVoidWhenMembersChangeUntilARoundThatStartedAfterwards"),
                Mutant.of("lease kept behind a hand-over", "[B3]", "the successor leads while the lease still holds")
                        .patch("core/election/Succession.java", "lease.forgo();", "")
                        .caughtByUnitTest(LEASES + "thereIsNoneForTheRestOfATermInWhichSomebodyWasToldToCampaign"));
    }

    static List<Mutant> handingOver() {
        return List.of(
                Mutant.of("late order to campaign obeyed", "thesis 3.10", "an order of an older term ends a leadership")
                        .patch(
                                "core/election/Roles.java",
                                "if (order.term() < desk.term()) {",
                                "if (order.term() < 0) {")
                        .caughtByUnitTest(
                                "io.murmuration.core.election.CandidacyTest#campaignNowOfAnotherTermIsNotObeyed"),
                Mutant.of(
                                "order of an earlier hand-over obeyed",
                                "thesis 3.10",
                                "a leader that leads on loses an election")
                        .patch(
                                "core/election/Following.java",
                                "mark != null && now - mark.getValue() < desk.timeout;",
                                "mark != null;")
                        .caughtByUnitTest(
                                "io.murmuration.core.election.CandidacyTest#campaignNowThatComesLateIsNotObeyed"),
                Mutant.of("who is being stopped is well", "rule Election 8", "leadership goes to who is about to end")
                        .patch(
                                "core/election/Following.java",
                                "!desk.retiring && desk.pulses.healthy(now),",
                                "desk.pulses.healthy(now),")
                        .caughtByUnitTest("io.murmuration.core.election.SuccessionTest"
                                + "#whoIsBeingStoppedSaysThatNobodyShouldChooseIt"),
                Mutant.of("handed over without levelling", "thesis 3.10", "who lacks entries is told to campaign")
                        .patch(
                                "core/log/HandOver.java",
                                "if (phase == Phase.LEVELLING && to != null && level(to)) {",
                                "if (phase == Phase.LEVELLING && to != null) {")
                        .caughtByUnitTest(HAND_OVERS + "holdsProposalsBackUntilTheTargetIsLevelAndBeyond"),
                Mutant.of("proposals taken during a hand-over", "thesis 3.10", "the target never becomes level")
                        .patch("core/log/Leader.java", "while (!handOver.holdsBack() && batches", "while (batches")
                        .caughtByUnitTest(HAND_OVERS + "holdsProposalsBackUntilTheTargetIsLevelAndBeyond"),
                Mutant.of("successor that cannot win", "rule Election 8", "a leader is thrown out for nobody")
                        .patch(
                                "core/election/SuccessorRule.java",
                                "standing.fit() && wins(members, standing.last(), heard)",
                                "standing.fit()")
                        .caughtByUnitTest(SUCCESSIONS + "leaderStaysIfNobodyCouldWinWithoutIt"),
                Mutant.of("rest ignored", "rule Election 8", "leadership goes to and fro")
                        .patch("core/election/Rest.java", "return ever && now - until < 0;", "return false;")
                        .caughtByUnitTest(SUCCESSIONS + "handsOverAtMostOnceInTenTWhateverTheCause"));
    }
}
