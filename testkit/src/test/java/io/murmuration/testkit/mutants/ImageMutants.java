package io.murmuration.testkit.mutants;

import java.util.List;

/** Bugs of what a Machine is at an index: its image, the end of sessions, and the comparison with others. */
final class ImageMutants {
    private static final String FOLDED = "core/apply/Folded.java";
    private static final String SESSIONS = "core/apply/Sessions.java";
    private static final String AGREEMENT = "core/apply/Agreement.java";
    private static final String MACHINE = "core/apply/Machine.java";

    private static final String TESTS = "io.murmuration.core.apply.";
    private static final String DIVERGED = "CORE: has folded otherwise";

    private ImageMutants() {}

    static List<Mutant> image() {
        return List.of(
                Mutant.of("sessions not in the image", "thesis 6.3", "a restored Machine knows nobody")
                        .patch(
                                FOLDED,
                                "chain.value(), sessions.table(), state",
                                "chain.value(), Sessions.Table.EMPTY," + " state")
                        .caughtBy(DIVERGED, "LIVENESS", "EXACTLY_ONCE", "SAME_STATE", "TRUE_READ"),
                Mutant.of("replies not in the image", "thesis 6.3", "a restored Machine carries out a retry again")
                        .patch(SESSIONS, "session.outcomes.put(outcome.serial(), outcome);", "")
                        .caughtBy(DIVERGED, "LIVENESS", "EXACTLY_ONCE", "SAME_STATE"),
                Mutant.of(
                                "dropped sessions not in the image",
                                "[B8]",
                                "a restored leader refuses nobody whose session" + " is gone")
                        .patch(
                                FOLDED,
                                "chain.value(), sessions.table(), state",
                                "chain.value(), new Sessions.Table(sessions.table().open(), java.util.List.of()),"
                                        + " state")
                        .from(550)
                        .caughtBy("LIVENESS", "SAME_STATE"),
                Mutant.of("lowest not in the image", "[B8]", "a restored Machine carries out what was forgotten")
                        .patch(SESSIONS, "session.lowest = each.lowest();", "")
                        .caughtBy(DIVERGED, "LIVENESS", "EXACTLY_ONCE", "SAME_STATE"),
                Mutant.of("last use not in the image", "[B9]", "a restored Machine ends sessions later than others")
                        .patch(
                                SESSIONS,
                                "new Session(new Gateway(each.life(), each.node()), each.usedMillis());",
                                "new Session(new Gateway(each.life(), each.node()), elapsedMillis);")
                        .caughtBy(DIVERGED, "LIVENESS", "SAME_STATE"),
                Mutant.of("lives not in the image", "thesis 6.3", "one life has two sessions after a restore")
                        .patch(SESSIONS, "byLife.put(each.life(), each.session());", "")
                        .from(45)
                        .caughtBy(DIVERGED, "LIVENESS", "SAME_STATE"),
                Mutant.of("log time not in the image", "rule Machine 4", "time starts again after a restore")
                        .patch(FOLDED, "time = image.time();", "time = LogTime.START;")
                        .caughtBy("CORE: runs backwards", "CORE: time leaps", "LOG_TIME", DIVERGED, "LIVENESS"),
                Mutant.of("members not in the image", "[C2]", "a restored Machine does not know who votes")
                        .patch(FOLDED, "members = image.members();", "")
                        .caughtBy("SAME_STATE"),
                Mutant.of("chain not in the image", "[B10]", "a restored Machine differs from all others")
                        .patch(
                                FOLDED,
                                "chain.restore(image.shape(), image.chain());",
                                "chain.restore(image.shape(), 0);")
                        .caughtBy(DIVERGED, "LIVENESS", "SAME_STATE"),
                Mutant.of("restored to the past", "rule Machine 1", "what was applied is taken back")
                        .patch(
                                MACHINE,
                                "if (hasState && image.last().index() <= applied().index()) {",
                                "if (hasState && image.last().index() <= 0) {")
                        .caughtByUnitTest(TESTS + "ImageTest#neverFallsBack"),
                Mutant.of("backlog kept at a restore", "rule Machine 1", "entries that the image includes are folded")
                        .patch(MACHINE, "hasState = true; backlog.clear(); received", "hasState = true; received")
                        .caughtByUnitTest(TESTS + "ImageTest#isReplacedByASnapshotThatIsAhead"),
                Mutant.of("two snapshots at a time", "rule Machine 6", "one overtakes the other")
                        .patch("core/apply/Taking.java", "if (running != NONE) {", "if (running > applied) {")
                        .caughtByUnitTest(TESTS + "ImageTest#isTakenBySizeAndNeverTwoAtATime"));
    }

    static List<Mutant> expiry() {
        return List.of(
                Mutant.of("sessions end by the wall clock", "[B9]", "a clock that jumps ends all of them at once")
                        .patch(SESSIONS, "nowMillis = time.elapsedMillis();", "nowMillis = time.millis();")
                        .caughtByUnitTest(
                                TESTS + "SessionsTest#livesAnHourByDefaultAndAClockThatJumpsCountsTenSeconds"),
                Mutant.of("a command keeps no session alive", "[B9]", "sessions end while they are used")
                        .patch(SESSIONS, "used.usedMillis = nowMillis;", "")
                        .caughtByUnitTest(TESTS + "SessionsTest#dropsWhatHasBeenIdleForTooLongByTheLogsTime"),
                Mutant.of("sessions never end", "thesis 6.3", "the table grows to its bound")
                        .patch(SESSIONS, "- eldest.getValue().usedMillis <= idleMillis", "<= Long.MAX_VALUE")
                        .caughtByUnitTest(TESTS + "LoggedTimeTest#refusesACommandOfASessionThatExpiredAndNeverFoldsIt"),
                Mutant.of("dropped session forgotten at once", "rule Machine 3", "its Gateway is never refused")
                        .patch(SESSIONS, "gone.put(dropped.getKey(), dropped.getValue().gateway);", "")
                        .caughtByUnitTest(TESTS + "SessionsTest#knowsWhereToSendTheRefusalOfADroppedSession"));
    }

    static List<Mutant> agreement() {
        return List.of(
                Mutant.of("a minority stops a replica", "[B10]", "whoever differs is believed")
                        .patch(
                                AGREEMENT,
                                "Quorum.reached(members, peer -> Objects.equals(round.values.get(peer), value))",
                                "value != round.own || Quorum.reached(members, peer ->"
                                        + " Objects.equals(round.values.get(peer), value))")
                        .caughtByUnitTest(TESTS + "AgreementTest#stopsWhereAMajoritySaysOtherwise"),
                Mutant.of("one other decides", "[B10]", "whoever reported last is right, be it the leader")
                        .patch(
                                AGREEMENT,
                                "return round.members == null ? null : judge(index, round, round.members, out);",
                                "return round.members == null ? null"
                                        + " : hash.chain() == round.own ? agree(index)"
                                        + " : diverged(index, hash.chain(), round);")
                        .caughtByUnitTest(TESTS + "AgreementTest#goesOnWithTheMajority"),
                Mutant.of("strangers count", "[B10], [A7]", "a former disk or a stranger makes a majority")
                        .patch(
                                AGREEMENT,
                                "Quorum.reached(members, peer -> Objects.equals(round.values.get(peer), value))",
                                "2 * java.util.Collections.frequency(round.values.values(), value)"
                                        + " > members.voters().size()")
                        .caughtByUnitTest(TESTS + "AgreementTest#countsNobodyButTheVotersAtThatIndex"),
                Mutant.of("differs and goes on", "[B10]", "a state that is not the group's is served")
                        .patch(AGREEMENT, ": diverged(index, value, round);", ": agree(index);")
                        .caughtByUnitTest(TESTS + "AgreementTest#aMachineReportsAtFixedIndicesAndStopsBeforeItAnswers"),
                Mutant.of("answers before it stops", "[B10]", "callers hear of a state that is not the group's")
                        .patch(
                                MACHINE,
                                "if (failure instanceof Diverged) {",
                                "if (failure instanceof Diverged && answers.effects().isEmpty()) {")
                        .caughtByUnitTest(TESTS + "AgreementTest#aMachineReportsAtFixedIndicesAndStopsBeforeItAnswers"),
                Mutant.of("a replaced state is compared", "[B10]", "a replica stops for what it no longer is")
                        .patch(AGREEMENT, "rounds.headMap(index, true).clear(); reached = index;", "")
                        .caughtByUnitTest(TESTS + "AgreementTest#judgesNothingOfAStateThatWasReplaced"));
    }
}
