package io.murmuration.testkit.mutants;

import java.util.List;

/** Bugs of the prefix of the log: how it is dropped, what takes its place, and from where a replica goes on. */
final class PrefixMutants {
    private static final String PREFIX = "core/log/Prefix.java";
    private static final String STATE = "core/log/LogState.java";
    private static final String REPLICATION = "core/log/Replication.java";
    private static final String STARTING_POINT = "core/model/StartingPoint.java";

    private static final String DROPPING = "io.murmuration.core.log.LogSnapshotTest#";
    private static final String INSTALLING = "io.murmuration.core.log.LogInstallTest#";
    private static final String MODEL = "io.murmuration.core.model.";

    private PrefixMutants() {}

    static List<Mutant> dropping() {
        return List.of(
                Mutant.of("base passes the snapshot", "§7, rule Log 10", "entries go that no snapshot includes")
                        .patch(
                                PREFIX,
                                "tail.indexBefore(index, state.settings().tailBytesMax())",
                                "tail.indexBefore(state.commit(), state.settings().tailBytesMax())")
                        .caughtBy("SNAPSHOT_FIRST"),
                Mutant.of(
                                "drops what is not known to be committed",
                                "rule Machine 2",
                                "the base passes the commit index while the Machine has not started yet")
                        .patch(
                                PREFIX,
                                "if (newest == null || newest.last().index()"
                                        + " > Math.min(state.commit(), state.applied())) {",
                                "if (newest == null) {")
                        .caughtByUnitTest(DROPPING + "dropsNothingThatIsNotKnownToBeCommitted"),
                Mutant.of(
                                "members of the base are those of the end",
                                "[C2]",
                                "the base names members that came into force behind it")
                        .patch(
                                PREFIX,
                                "base(tail.id(target), state.membersAt(target))",
                                "base(tail.id(target), state.members())")
                        .caughtByUnitTest(DROPPING + "theBaseNamesTheMembersInForceThere"),
                Mutant.of("pin ignored", "[C8]", "the log goes on without a follower that is pulling")
                        .patch(
                                "core/log/Leader.java",
                                "state.prefix().trim(replication.pin(now), now);",
                                "state.prefix().trim(Prefix.NO_PIN, now);")
                        .caughtByUnitTest(DROPPING + "keepsTheLogBehindASnapshotThatIsBeingPulled"),
                Mutant.of("covered before the record is durable", "[B5]", "older snapshots go too early")
                        .patch(PREFIX, "if (covering > 0 && sequence >= coveringSequence) {", "if (covering > 0) {")
                        .caughtByUnitTest(DROPPING + "olderSnapshotsAreNeededUntilTheRecordIsDurable"),
                Mutant.of(
                                "offer of a snapshot older than the base",
                                "§7",
                                "a follower pulls what does not reach the leader's log")
                        .patch(
                                REPLICATION,
                                "if (snapshot != null"
                                        + " && snapshot.last().index() >= state.tail().base().index()) {",
                                "if (snapshot != null) {")
                        .caughtByUnitTest(DROPPING + "offersNoSnapshotThatEndsBeforeItsLogBegins"),
                Mutant.of(
                                "offer acknowledged before the log is durable",
                                "[A3]",
                                "a follower that needs no snapshot says that it holds what it has only in memory")
                        .patch(
                                "core/log/Follower.java",
                                "long matched = Math.min(commit, state.durability().durable());",
                                "long matched = commit;")
                        .caughtByUnitTest(DROPPING + "acknowledgesAnOfferOnlyAsFarAsItsLogIsDurable"));
    }

    static List<Mutant> installing() {
        return List.of(
                Mutant.of("suffix kept although the terms differ", "§7", "entries of another history stay")
                        .patch(
                                PREFIX,
                                "boolean follows = state.tail().holds(coming.last());",
                                "boolean follows = coming.last().index() <= state.tail().lastIndex();")
                        .caughtByUnitTest(INSTALLING + "dropsEverythingIfTheLogHoldsAnotherEntryThere"),
                Mutant.of(
                                "suffix dropped although it matches",
                                "§7",
                                "entries that were acknowledged behind the snapshot are lost")
                        .patch(
                                PREFIX,
                                "EntryId kept = follows && end.index() > coming.last().index() ? end : null;",
                                "EntryId kept = follows && end.index() < 0 ? end : null;")
                        .caughtByUnitTest(INSTALLING + "keepsWhatFollowsTheSnapshotIfTheLogHoldsItsLastEntry"),
                Mutant.of("commit not raised by a snapshot", "§7", "the commit index stays behind the base")
                        .patch(STATE, "commit = last.index(); feed.suspend();", "feed.suspend();")
                        .caughtBy("APPLIED_NEVER_FALLS", "CORE"),
                Mutant.of("Machine fed before it is restored", "rule Machine 1", "entries overtake the snapshot")
                        .patch(STATE, "feed.suspend();", "feed.suspend(); feed.machineReady(last.index());")
                        .patch("core/log/Feed.java", "if (ready) { throw", "if (ready && index != fed) { throw")
                        .from(20)
                        .caughtBy("CORE: cannot follow", "CORE: has started twice"),
                Mutant.of(
                                "restored before the record is durable",
                                "§7, rule Machine 6",
                                "the Machine is ahead of what a crash leaves")
                        .patch(
                                PREFIX,
                                "if (coming != null && sequence >= installingSequence) {",
                                "if (coming != null) {")
                        .caughtByUnitTest(INSTALLING + "theStateIsReplacedOnlyWhenTheLogRestsOnTheSnapshotDurably"),
                Mutant.of(
                                "acknowledges behind a snapshot that is not durable",
                                "figure 2, [A3]",
                                "a snapshot counts as a copy before its record is on disk")
                        .patch(
                                "core/log/Durability.java",
                                "durable = Math.min(durable, kept);",
                                "durable = Math.max(snapshot, Math.min(durable, kept));")
                        .from(65)
                        .caughtBy("ACKNOWLEDGED_IS_DURABLE"),
                Mutant.of("snapshot installed without the fence", "F1", "a term enters the log before its ballot")
                        .patch(PREFIX, "if (last.term() > fence) {", "if (last.term() < 0) {")
                        .caughtByUnitTest(INSTALLING + "aSnapshotOfALaterTermWaitsForTheFence"),
                Mutant.of("a leader replaces its log", "§5.3", "a leader drops entries for a snapshot of another node")
                        .patch(
                                PREFIX,
                                "(last.index() > state.commit() ? leads : !restores(last))",
                                "(last.index() <= state.commit() && !restores(last))")
                        .caughtByUnitTest(INSTALLING + "aLeaderReplacesNothing"),
                Mutant.of(
                                "snapshot of the past installed",
                                "rule Machine 1",
                                "a state replaces one that is ahead of it")
                        .patch(
                                PREFIX,
                                "if (!stateless || last.index() < state.tail().base().index()) {",
                                "if (last.index() < state.tail().base().index()) {")
                        .from(65)
                        .caughtBy("CORE: what is applied never falls"));
    }

    static List<Mutant> recovery() {
        return List.of(
                Mutant.of(
                                "snapshot ahead of the log not adopted",
                                "rule Machine 2",
                                "the Machine starts where the log does not go on")
                        .patch(
                                STARTING_POINT,
                                "return adopted(journal, last, members);",
                                "return new StartingPoint(journal, State.SNAPSHOT, List.of());")
                        .caughtByUnitTest(
                                MODEL + "StartingPointTest#aSnapshotAheadOfTheLogIsAdoptedBeforeAnythingElse"),
                Mutant.of(
                                "snapshot adopted although the log covers it",
                                "rule Machine 2",
                                "what was acknowledged behind the snapshot is thrown away at a start")
                        .patch(STARTING_POINT, "if (covers(journal, last)) {", "if (last.equals(journal.base())) {")
                        .caughtBy("COMMITTED_IS_DURABLE", "LEADER_COMPLETENESS", "LIVENESS", "CORE"),
                Mutant.of("starts anew when the state is lost", "rule Machine 2", "entries are folded into nothing")
                        .patch(
                                STARTING_POINT,
                                "State state = base.equals(EntryId.NONE) ? State.INITIAL : State.LOST;",
                                "State state = State.INITIAL;")
                        .caughtBy("CORE: The Machine starts at"),
                Mutant.of("base without the ballot", "[A1]", "deleted records take the vote with them")
                        .patch(
                                "core/model/LastBallot.java",
                                "base.members(), last, base.last()",
                                "base.members(), base.ballot(), base.last()")
                        .caughtBy("CORE: no ballot above", "NEVER_FORGETS", "TERM_NEVER_FALLS", "ONE_VOTE"),
                Mutant.of(
                                "replay compares what was kept",
                                "[A2]",
                                "what the entry at the base is decides anew whether the suffix stays")
                        .patch(
                                "core/model/Replay.java",
                                "if (kept == null) {",
                                "int at = entries.isEmpty() ? -1 : (int) (base.index() - first());"
                                        + " if (kept == null || at < 0 || at >= entries.size()"
                                        + " || !entries.get(at).id().equals(base)) {")
                        .caughtByUnitTest(MODEL + "ReplayTest#replayDoesNotJudgeTheBaseOfAnInstalledSnapshotAnew"),
                Mutant.of("journal deleted one record too far", "rule Store 4", "a record goes that still counts")
                        .patch(
                                "core/model/JournalPrefix.java",
                                "(live == null ? sequence : Math.min(live.sequence(), sequence)) - 1;",
                                "live == null ? sequence - 1 : Math.min(live.sequence(), sequence);")
                        .caughtBy("CORE: records are missing", "NEVER_FORGETS"));
    }
}
