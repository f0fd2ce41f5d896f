package io.murmuration.testkit.mutants;

import java.util.List;

/** Bugs of Log: the fence, entries, commitment, acknowledgements, and what is said to those who wait. */
final class LogMutants {
    private static final String LOG = "core/log/ReplicatedLog.java";
    private static final String FOLLOWER = "core/log/Follower.java";
    private static final String LEADER = "core/log/Leader.java";
    private static final String COMMIT = "core/log/CommitRule.java";
    private static final String APPEND = "core/log/AppendRule.java";
    private static final String DURABILITY = "core/log/Durability.java";
    private static final String PROPOSALS = "core/log/Proposals.java";

    private static final String TESTS = "io.murmuration.core.log.";

    private LogMutants() {}

    static List<Mutant> fence() {
        return List.of(
                Mutant.of("no fence", "F2", "Log acknowledges whatever term it hears, before Election knows of it")
                        .patch(
                                LOG,
                                "state.emit(new Effect.TermSeen(message.term())); early.hold(from, message);",
                                "state.emit(new Effect.TermSeen(message.term())); endLeading(); fence = message.term();"
                                        + " follower = new Follower(state, fence);"
                                        + " if (message instanceof AppendEntries early) { request(from, early, now); }")
                        .caughtBy("BALLOT_FIRST"),
                Mutant.of(
                                "append of a lower term taken",
                                "F2, §5.1",
                                "an old leader's entries are taken behind the fence")
                        .patch(LOG, "if (request.term() < fence) {", "if (request.term() < 0) {")
                        .from(15)
                        .caughtBy("CORE: Election safety", "CORE: or are of a later term", "LOG_MATCHING"),
                Mutant.of("Log open before its first fence", "F4", "a restarted Log acknowledges a term that is over")
                        .patch(LOG, "private long fence = CLOSED;", "private long fence;")
                        .patch(
                                LOG,
                                "this.follower = new Follower(state, CLOSED);",
                                "this.fence = state.tail().last().term(); this.follower = new Follower(state, fence);")
                        .caughtByUnitTest(TESTS + "LogFenceTest#staysClosedUntilItsFirstFence"),
                Mutant.of(
                                "leads on behind a higher fence",
                                "F2, rule Log 1",
                                "neither Resign nor a higher fence ends leading; either alone suffices")
                        .patch(LOG, "if (term > fence) { endLeading();", "if (term > fence) {")
                        .patch(
                                LOG,
                                "if (leader != null && leader.term() == term) { endLeading();",
                                "if (leader != null && leader.term() < 0) { endLeading();")
                        .caughtBy("CORE: Election safety", "ENTRIES_BY_LEADER", "TERM_NEVER_FALLS", "LIVENESS"));
    }

    static List<Mutant> entries() {
        return List.of(
                Mutant.of(
                                "previous entry not compared",
                                "§5.3",
                                "entries are appended behind another entry than the leader's")
                        .patch(
                                APPEND,
                                "boolean same = tail.term(previous.index()) == previous.term();",
                                "boolean same = true;")
                        .caughtByUnitTest(TESTS + "LogFollowerTest#hintsWhereTheLogsPart"),
                Mutant.of("conflict not looked for", "§5.3", "a conflicting entry stays, and is acknowledged")
                        .patch(
                                APPEND,
                                "if (id.index() > tail.base().index() && tail.term(id.index()) != id.term()) {",
                                "if (id.index() > tail.base().index() && tail.term(id.index()) > id.term()) {")
                        .caughtBy("COMMITTED_IS_DURABLE", "STATE_MACHINE_SAFETY", "LOG_MATCHING", "LIVENESS"),
                Mutant.of(
                                "truncates on a stale append",
                                "rule Log 3",
                                "an old or short message deletes what follows it")
                        .patch(
                                FOLLOWER,
                                "int first = AppendRule.firstLacking(tail, state.commit(), entries);",
                                "int first = entries.isEmpty() || message(entries) >= tail.lastIndex()"
                                        + " ? AppendRule.firstLacking(tail, state.commit(), entries) : 0;")
                        .patch(
                                FOLLOWER,
                                "private void acknowledge(Waiting reply) {",
                                "private static long message(List<Entry> entries)"
                                        + " { return entries.get(entries.size() - 1).index(); }"
                                        + " private void acknowledge(Waiting reply) {")
                        .caughtBy("CORE: Nothing at or below the commit index", "COMMITTED_IS_DURABLE"),
                Mutant.of(
                                "truncates on a stale append, unguarded",
                                "rule Log 3",
                                "the same without the check at the commit index")
                        .patch(
                                FOLLOWER,
                                "int first = AppendRule.firstLacking(tail, state.commit(), entries);",
                                "int first = entries.isEmpty() || message(entries) >= tail.lastIndex()"
                                        + " ? AppendRule.firstLacking(tail, state.commit(), entries) : 0;")
                        .patch(
                                FOLLOWER,
                                "private void acknowledge(Waiting reply) {",
                                "private static long message(List<Entry> entries)"
                                        + " { return entries.get(entries.size() - 1).index(); }"
                                        + " private void acknowledge(Waiting reply) {")
                        .patch("core/log/LogState.java", "if (from <= commit) {", "if (from <= 0) {")
                        .caughtBy(
                                "COMMITTED_IS_DURABLE",
                                "CORE: behind the end",
                                "CORE: out of bounds",
                                "LEADER_COMPLETENESS",
                                "LIVENESS"),
                Mutant.of(
                                "all in flight carry one previous",
                                "§5.3",
                                "pipelined appends name the entry that was matched last")
                        .patch(
                                "core/log/Replication.java",
                                "EntryId previous = state.tail().id(progress.next() - 1);",
                                "EntryId previous = state.tail().id(progress.match());")
                        .caughtBy("CORE: that do not follow each other"),
                Mutant.of(
                                "no entry of the own term",
                                "rule Log 1, §8",
                                "a new leader commits nothing until somebody asks")
                        .patch(
                                LEADER,
                                "append(List.of(new Entry(new EntryId(noOp, term), at.millis(), new NoOp())),"
                                        + " at.nanos());",
                                "")
                        .caughtByUnitTest(
                                TESTS + "LogLeaderTest#beginsWithANoOpOfItsOwnTermSentInParallelWithItsOwnWrite"),
                Mutant.of("hint below the commit index", "rule Log 4", "the search goes back behind what is committed")
                        .patch("core/log/HintRule.java", "first.index() >= commit ? first : tail.id(commit)", "first")
                        .caughtByUnitTest("io.murmuration.core.log.HintRuleTest#neverHintsBelowTheCommitIndex"));
    }

    static List<Mutant> commitment() {
        return List.of(
                Mutant.of(
                                "old term committed by count",
                                "§5.4.2, figure 8",
                                "an entry of an old term is committed by copies")
                        .patch(COMMIT, "return termAt.applyAsLong(agreed) == term ? agreed : commit;", "return agreed;")
                        .caughtBy("COMMITS_OWN_TERM"),
                Mutant.of("majority of copies off by one", "§5.3", "a minority of copies commits")
                        .patch(
                                "core/model/Quorum.java",
                                "values[(values.length - 1) / 2]",
                                "values[(values.length + 1) / 2]")
                        .caughtBy("COMMITTED_IS_DURABLE"),
                Mutant.of("commit = leader's commit", "figure 2", "a follower commits what no message has verified")
                        .patch(
                                FOLLOWER,
                                "CommitRule.heard(state.commit(), message.commit(), verified);",
                                "CommitRule.heard(state.commit(), message.commit(), tail.lastIndex());")
                        .from(15)
                        .caughtBy(
                                "STATE_MACHINE_SAFETY", "CORE: The leader holds", "CORE: would replace the committed"),
                Mutant.of(
                                "own copy counted before it is durable",
                                "rule Log 1",
                                "a leader counts what is in memory only")
                        .patch(LEADER, "? state.durability().durable() :", "? state.tail().lastIndex() :")
                        .caughtBy("COMMITTED_IS_DURABLE"),
                Mutant.of("counts what was sent", "§5.3", "an append counts as a copy before it is answered")
                        .patch(
                                "core/log/Progress.java",
                                "return state == State.DAMAGED ? 0 : match;",
                                "return next - 1;")
                        .caughtBy("COMMITTED_IS_DURABLE"),
                Mutant.of(
                                "matched counted across terms",
                                "rule Log 2",
                                "an answer to an earlier leadership counts in this one")
                        .patch(LOG, "leader != null && message.term() == fence", "leader != null")
                        .caughtByUnitTest(TESTS + "LogLeaderTest#countsOnlyThisIncarnationOfAMember"),
                Mutant.of("matched goes back", "rule Log 5", "a late answer undoes what was known")
                        .patch("core/log/Progress.java", "if (index > match) { match = index;", "{ match = index;")
                        .caughtByUnitTest(TESTS + "LogReplicationTest#matchNeverGoesBackOnALateReply"),
                Mutant.of("feeds what is not committed", "§5.3", "the Machine is fed up to the end of the log")
                        .patch(
                                "core/log/Feed.java",
                                "List<Entry> next(LogTail tail, long commit) {",
                                "List<Entry> next(LogTail tail, long known) { long commit = Math.max(known,"
                                        + " tail.lastIndex());")
                        .caughtBy("COMMITTED_IS_DURABLE", "STATE_MACHINE_SAFETY", "APPLIED_NEVER_FALLS"));
    }

    static List<Mutant> durability() {
        return List.of(
                Mutant.of("acknowledges before the flush", "figure 2", "a crash takes back what the leader counted")
                        .patch(FOLLOWER, "if (reply.matched() <= state.durability().durable()) {", "if (true) {")
                        .caughtBy("ACKNOWLEDGED_IS_DURABLE"),
                Mutant.of(
                                "repetition acknowledged at once",
                                "[A3]",
                                "an append that brings nothing new is answered before the old one is durable")
                        .patch(
                                FOLLOWER,
                                "boolean room = room(message.entries());",
                                "boolean again = AppendRule.firstLacking(tail, state.commit(), message.entries())"
                                        + " == message.entries().size(); boolean room = room(message.entries());")
                        .patch(
                                FOLLOWER,
                                "acknowledge(new Waiting(from.node(), message.sequence(), verified));",
                                "if (again) { send(from.node(), new LogRpc.Matched(term, message.sequence(),"
                                        + " verified)); }"
                                        + " else { acknowledge(new Waiting(from.node(), message.sequence(),"
                                        + " verified)); }")
                        .caughtBy("ACKNOWLEDGED_IS_DURABLE"),
                Mutant.of("acknowledges what it did not verify", "figure 2", "the end of the log is taken for matched")
                        .patch(
                                FOLLOWER,
                                "acknowledge(new Waiting(from.node(), message.sequence(), verified));",
                                "acknowledge(new Waiting(from.node(), message.sequence(), tail.lastIndex()));")
                        .from(285)
                        .caughtBy("COMMITTED_IS_DURABLE", "STATE_MACHINE_SAFETY", "LIVENESS"),
                Mutant.of(
                                "truncated entry still durable",
                                "rule Log 2",
                                "what replaced a durable entry counts as durable")
                        .patch(DURABILITY, "durable = Math.min(durable, first - 1);", "")
                        .caughtBy("ACKNOWLEDGED_IS_DURABLE", "COMMITTED_IS_DURABLE"),
                Mutant.of(
                                "storage acknowledgement by index only",
                                "rule Log 2 (ABA)",
                                "the write of a replaced entry makes the new one durable")
                        .patch(DURABILITY, "earlier.last = Math.min(earlier.last, first - 1);", "")
                        .caughtByUnitTest(TESTS + "LogFollowerTest#abaOfAsynchronousWrites"));
    }

    static List<Mutant> answers() {
        return List.of(
                Mutant.of("not applied, says who steps down", "[B1]", "what was appended is said to be surely gone")
                        .patch(
                                PROPOSALS,
                                "refuse(state, run.copy(), run.from(), run.until(), leader, false);",
                                "refuse(state, run.copy(), run.from(), run.until(), leader, true);")
                        .from(70)
                        .caughtBy("HONEST_OUTCOME"),
                Mutant.of("truncated is taken for gone", "[B1]", "another node may hold it and win")
                        .patch(PROPOSALS, "if (run.last() > commit) {", "if (run.last() > state.tail().lastIndex()) {")
                        .caughtByUnitTest(
                                TESTS + "LogLeaderTest#saysSurelyNotOnlyWhenAnotherEntryIsCommittedAtThatIndex"),
                Mutant.of(
                                "read before the first commit of the term",
                                "§8",
                                "a new leader does not know what is committed")
                        .patch(LEADER, "if (state.commit() >= noOp) {", "if (state.commit() >= 0) {")
                        .caughtBy("REAL_TIME"),
                Mutant.of("read index of the term's beginning", "thesis 6.4", "a read sees what was committed long ago")
                        .patch(
                                LEADER,
                                "message.life(), message.id(), state.commit(), term",
                                "message.life(), message.id(), noOp, term")
                        .caughtBy("REAL_TIME"),
                Mutant.of("read answered by Log alone", "thesis 6.4", "nobody is asked whether this node still leads")
                        .patch(
                                LEADER,
                                "new Effect.ConfirmRead(read.asker(), message.life(), message.id(),"
                                        + " state.commit(), term)",
                                "new Effect.Answer(read.asker(), new io.murmuration.core.model.ClientRpc.ReadReady("
                                        + "message.life(), message.id(), state.commit()))")
                        .caughtByUnitTest(TESTS + "LogLeaderTest#aReadTakesTheCommitIndexAndIsConfirmedByElection"));
    }
}
