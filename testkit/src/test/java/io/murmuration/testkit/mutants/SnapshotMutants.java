package io.murmuration.testkit.mutants;

import java.util.List;

/** Bugs of Snapshots: what is kept, served, and pulled from others. */
final class SnapshotMutants {
    private static final String SNAPSHOTS = "core/snapshot/Snapshots.java";
    private static final String INTAKE = "core/snapshot/Intake.java";
    private static final String PULL = "core/snapshot/Pull.java";

    private static final String TESTS = "io.murmuration.core.snapshot.SnapshotsTest#";

    private SnapshotMutants() {}

    static List<Mutant> keeping() {
        return List.of(
                Mutant.of(
                                "Log may drop before the snapshot is saved",
                                "§7",
                                "a crash finds neither the entries nor the snapshot")
                        .patch(
                                SNAPSHOTS,
                                "saves.add(new Saves.Job(last, bytes, checksum, false));",
                                "saves.add(new Saves.Job(last, bytes, checksum, false));"
                                        + " out.emit(new Effect.Compact(new Held(new SnapshotId(self, last.index(),"
                                        + " checksum), last, bytes.size())));")
                        .caughtBy("SNAPSHOT_FIRST"),
                Mutant.of(
                                "Log may install before the snapshot is saved",
                                "rule Machine 6",
                                "the log rests on a snapshot that a crash takes away")
                        .patch(SNAPSHOTS, "saves.add(job); saveNext();", "saves.add(job); saveNext(); intake.stored();")
                        .caughtBy("SNAPSHOT_FIRST"),
                Mutant.of("older snapshot deleted before it is covered", "[B5]", "nothing is left if the newest is bad")
                        .patch(SNAPSHOTS, "if (index < covered) {", "if (true) { covered = Math.max(covered, index);")
                        .caughtByUnitTest(TESTS + "deletesOldOnesOnlyOnceTheLogCoversANewerOneThatIsDurable"),
                Mutant.of("newest deleted", "[B5]", "what the log covers goes although nothing newer is durable")
                        .patch(SNAPSHOTS, "Math.min(covered, newest.id().index())", "covered + 1")
                        .caughtByUnitTest(TESTS + "deletesOldOnesOnlyOnceTheLogCoversANewerOneThatIsDurable"),
                Mutant.of("Machine not told of a failure", "rule Machine 6", "no other snapshot is ever taken")
                        .patch(SNAPSHOTS, "out.emit(new Effect.TakeEnded(index, false));", "")
                        .caughtByUnitTest(TESTS + "letsTheMachineGoOnWhenItsSnapshotFails"),
                Mutant.of("saved over a durable one", "rule Machine 6", "a failure would delete what is durable")
                        .patch(
                                SNAPSHOTS,
                                "if (!holds(index)) { out.emit(new Effect.Save",
                                "if (true) { out.emit(" + "new Effect.Save")
                        .patch(SNAPSHOTS, "return; } durable(saves.ended(index)); }", "return; } }")
                        .caughtByUnitTest(TESTS + "savesNothingAtAnIndexThatItHoldsAlready"),
                Mutant.of("served although it is not the newest", "[C7]", "what was deleted is answered with silence")
                        .patch(
                                "core/snapshot/Serving.java",
                                "if (!id.equals(loading) && (newest == null || !id.equals(newest.id()))) {",
                                "if (!id.equals(loading) && newest == null) {")
                        .caughtByUnitTest(
                                "io.murmuration.core.snapshot.ServingTest#saysThatAnySnapshotButTheNewestIsGone"));
    }

    static List<Mutant> pulling() {
        return List.of(
                Mutant.of("chunks of two snapshots mixed", "[C7]", "a piece of another snapshot is taken for the next")
                        .patch(PULL, "&& held.id().equals(chunk.id())", "")
                        .caughtByUnitTest(TESTS + "ignoresLateDoubledAndForeignChunks"),
                Mutant.of("chunk taken twice", "[C7]", "a doubled piece is taken for the next")
                        .patch(PULL, "&& chunk.offset() == received", "")
                        .caughtByUnitTest(TESTS + "ignoresLateDoubledAndForeignChunks"),
                Mutant.of(
                                "chunk taken twice and checksum not compared",
                                "[C7]",
                                "a state is made of bytes at wrong places")
                        .patch(PULL, "&& chunk.offset() == received", "")
                        .patch(
                                PULL,
                                "return end <= held.size() && chunk.last() == (end == held.size());",
                                "return end" + " <= held.size();")
                        .patch(INTAKE, "} else if (current.intact()) {", "} else if (current.complete()) {")
                        .caughtByUnitTest(
                                "io.murmuration.core.snapshot.SnapshotsWalkTest#endsWithTheRightBytesAndNeverMixes"),
                Mutant.of("checksum not compared", "rule Machine 6", "a damaged snapshot is installed")
                        .patch(INTAKE, "} else if (current.intact()) {", "} else if (current.complete()) {")
                        .caughtByUnitTest(TESTS + "throwsAwayWhatHasAWrongChecksum"),
                Mutant.of("resumes at the beginning", "rule Machine 6", "what has come is asked for again and again")
                        .patch(
                                INTAKE,
                                "new SnapshotPull(current.id(), current.received())",
                                "new SnapshotPull(current.id(), 0)")
                        .from(70)
                        .caughtBy("LIVENESS"),
                Mutant.of("what is lost is not asked for again", "rule Machine 6", "a pull ends with a lost message")
                        .patch(
                                INTAKE,
                                "} else if (Deadline.due(current.askAgainAt(), now)) {",
                                "} else if (Deadline.due(current.askAgainAt(), now) && current.received() < 0) {")
                        .caughtByUnitTest(TESTS + "asksAgainAtItsOffsetWhenNothingComesAndWaitsLongerEachTime"),
                Mutant.of("newer offer interrupts a pull", "[C7]", "a busy leader's snapshots chase each other")
                        .patch(
                                INTAKE,
                                "if (offer.id().holder().node().equals(self.node()) || busy(now)) {",
                                "if (offer.id().holder().node().equals(self.node())) {")
                        .caughtByUnitTest(TESTS + "ignoresOtherOffersWhileItMakesProgress"),
                Mutant.of("gone is not heard", "[C7]", "a follower waits for a snapshot that was deleted")
                        .patch(
                                INTAKE,
                                "if (current == null || current.phase() != Pull.Phase.BYTES",
                                "if (current == null || current.received() >= 0")
                        .caughtByUnitTest(TESTS + "startsAnewAtZeroWhenTheHolderNoLongerHasIt"),
                Mutant.of("decoded is not what was offered", "rule Machine 6", "another entry than offered is believed")
                        .patch(INTAKE, "if (!last.equals(held.last())) {", "if (last.index() < 0) {")
                        .caughtByUnitTest(TESTS + "refusesWhatDecodesToAnotherEntryThanOffered"),
                Mutant.of(
                                "seed that does not reach",
                                "rule Machine 2",
                                "a state is taken that the log does not go on" + " from")
                        .patch(
                                SNAPSHOTS,
                                "if (seeding != null && held.snapshot().id().index() >= seeding.index()) {",
                                "if (seeding != null) {")
                        .caughtByUnitTest(TESTS + "asksTheOthersInTurnForAStateUntilOneIsInstalled"),
                Mutant.of(
                                "nobody takes one for who has none",
                                "rule Machine 2",
                                "a replica without a state waits" + " for the next snapshot")
                        .patch(
                                SNAPSHOTS,
                                "tookForOthersAt = now; out.emit(new Effect.TakeNow());",
                                "tookForOthersAt =" + " now;")
                        .caughtByUnitTest(TESTS + "letsItsMachineTakeOneForWhoHasLostItsState"));
    }
}
