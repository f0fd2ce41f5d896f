package io.murmuration.testkit.mutants;

import java.util.List;

/** What would make of the hint that a process is gone more than a hint, or nothing. */
final class DepartureMutants {
    private static final String ROLES = "core/election/Roles.java";
    private static final String FOLLOWING = "core/election/Following.java";
    private static final String LIVENESS = "core/election/Liveness.java";
    private static final String HINT = "a process is gone";
    private static final String TESTS = "io.murmuration.core.election.";

    private DepartureMutants() {}

    static List<Mutant> gone() {
        return List.of(
                Mutant.of("a hint is obeyed with leases", HINT + ", thesis 6.4.1", "a lease outlives its leader")
                        .patch(
                                ROLES,
                                "if (leadership != null || desk.settings.leases()) {",
                                "if (leadership != null) {")
                        .caughtByUnitTest(TESTS + "DepartureTest#withLeasesItIsOfNoEffect"),
                Mutant.of("a hint lifts no stickiness", HINT, "who asks at once is refused until T has passed")
                        .patch(FOLLOWING, "everHeard && !departure.known()", "everHeard")
                        .caughtByUnitTest(TESTS + "DepartureTest#leaderThatWasHeardMakesNobodyRefuseAnyMore"),
                Mutant.of(
                                "a hint outlives a heartbeat",
                                HINT,
                                "a leader that lives is deposed by hints that were false")
                        .patch(FOLLOWING, "departure.forget(); leads(node);", "leads(node);")
                        .caughtByUnitTest(TESTS + "DepartureTest#leaderThatIsHeardAgainIsFollowedAgain"),
                Mutant.of("any end of a process is a hint", HINT, "the end of a follower makes another one stand")
                        .patch(FOLLOWING, "if (!node.equals(heardFrom)) {", "if (heardFrom == null) {")
                        .caughtByUnitTest(TESTS + "DepartureTest#endOfAnotherFollowersProcessIsOfNoEffect"),
                Mutant.of("all stand at once", HINT, "those who are left share the votes between them")
                        .patch(
                                "core/election/Departure.java",
                                "turnAt = now + rank * (timeout / TURNS);",
                                "turnAt = now;")
                        .caughtByUnitTest(TESTS + "DepartureTest#othersStandOneTurnAfterTheOther"),
                Mutant.of(
                                "a closed connection is proof enough",
                                HINT,
                                "a process that was started again counts as gone")
                        .patch(
                                LIVENESS,
                                "attempt(node, line, orders); } } return orders; }",
                                ""
                                        + "attempt(node, line, orders); } line.groups.forEach(group -> orders.add("
                                        + "new Gone(group, node))); } return orders; }")
                        .caughtByUnitTest(TESTS + "LivenessTest#processIsGoneIfItsConnectionIsClosedAndAnotherRefused"),
                Mutant.of("no answer is an answer", HINT, "a machine that is cut off counts as without its process")
                        .patch(
                                LIVENESS,
                                "line.lost = false; tryLater(line, now); } } /**",
                                "" + "tryLater(line, now); } } /**")
                        .caughtByUnitTest(TESTS + "LivenessTest#attemptThatNobodyAnswersIsNoHintNorAreLaterRefusals"));
    }
}
