package io.murmuration.testkit.mutants;

import java.util.List;

/** What would let a group sleep on while it should be awake, or believe more than was said. */
final class DozeMutants {
    private static final String VIGIL = "core/election/Vigil.java";
    private static final String FOLLOWING = "core/election/Following.java";
    private static final String LEADERSHIP = "core/election/Leadership.java";
    private static final String DOZING = "many groups";
    private static final int GROUPS = 3;

    private DozeMutants() {}

    static List<Mutant> dozing() {
        return List.of(
                Mutant.of("follower takes the leader for heard for ever", DOZING, "nobody stands when a leader is lost")
                        .patch(FOLLOWING, "if (last == null || !last", "if (node != null || last == null || !last")
                        .patch(FOLLOWING, "PATIENCE = Pulses.STALL_TIMEOUTS;", "PATIENCE = 1_000_000;")
                        .amongGroups(GROUPS)
                        .caughtBy("LIVENESS", "WAKES"),
                Mutant.of("patience has no end", DOZING, "a leader that resigned unheard is waited for")
                        .patch(FOLLOWING, "PATIENCE = Pulses.STALL_TIMEOUTS;", "PATIENCE = 1_000_000;")
                        .amongGroups(GROUPS)
                        .caughtBy("LIVENESS"),
                Mutant.of("dozing follower is not told of silence", DOZING, "a dead leader is found late")
                        .patch(FOLLOWING, "if (last == null || !last", "if (node != null || last == null || !last")
                        .amongGroups(GROUPS)
                        .caughtBy("WAKES"),
                Mutant.of("dozing leader is not told of silence", DOZING, "a leader without a majority is found late")
                        .patch(LEADERSHIP, "rouse(node, since, now); startRound(now);", "")
                        .amongGroups(GROUPS)
                        .caughtBy("WAKES"),
                Mutant.of(
                                "nobody says that a replica has ended",
                                DOZING,
                                "its node is heard, and the group is not there")
                        .patch(VIGIL, "return List.copyOf(nodes);", "return List.of();")
                        .amongGroups(GROUPS)
                        .caughtBy("WAKES"),
                Mutant.of("the end is told only to whom it relied on", DOZING, "who fell asleep first is not told")
                        .patch(VIGIL, "new TreeSet<>(lives.keySet())", "new TreeSet<>()")
                        .caughtByUnitTest(
                                "io.murmuration.core.election.VigilTest#whoMayRelyOnThisNodeIsToldOfTheEndOfAGroup"),
                Mutant.of("silence goes unnoticed", DOZING, "a dead node is taken for heard")
                        .patch(VIGIL, "now - those.heardAt >= timeout / 4 * 3", "now - those.heardAt < 0")
                        .amongGroups(GROUPS)
                        .caughtBy("WAKES"),
                Mutant.of("another life of a process goes unnoticed", DOZING, "a restarted node is taken for awake")
                        .patch(VIGIL, "return before == null || before.equals", "return node != null || before.equals")
                        .caughtByUnitTest("io.murmuration.core.election.VigilTest"
                                + "#aNodeThatIsHeardIsNotSilentUnlessItWasRestarted"),
                Mutant.of("a removed member dozes on", DOZING, "it relies on a leader that knows it no more")
                        .patch(
                                LEADERSHIP,
                                "dozed.stream().filter(peer -> !followers.containsKey(peer)).forEach(this::wake);",
                                "dozed.size();")
                        .caughtByUnitTest("io.murmuration.core.election.DozeTest#whoIsRemovedWhileItDozesIsToldToWake"),
                Mutant.of("a dozing group answers reads", "thesis 6.4", "that a node is there confirms a read")
                        .patch(
                                LEADERSHIP,
                                "rouse(now); quiet = false; if (lease.holds(now)) {",
                                "if (dozing || lease.holds(now)) {")
                        .caughtByUnitTest(
                                "io.murmuration.core.election.DozeTest#aReadWakesTheGroupAndWaitsForARoundOfItsOwn"),
                Mutant.of("who was told to doze is not woken", DOZING, "it waits for a leader that was still awake")
                        .patch(LEADERSHIP, "if (offers) { followers", "if (dozing) { followers")
                        .caughtByUnitTest("io.murmuration.core.election.DozeTest"
                                + "#whoWasToldToDozeIsWokenByALeaderThatWasStillAwake"),
                Mutant.of("late heartbeat puts to sleep", DOZING, "the word to wake is taken back")
                        .patch(
                                FOLLOWING,
                                "heartbeat.round() < since || (heartbeat.round() == since && heartbeat.doze())",
                                "heartbeat.round() < 0")
                        .caughtByUnitTest(
                                "io.murmuration.core.election.DozeTest#aHeartbeatThatWasOvertakenPutsNobodyToSleep"));
    }
}
