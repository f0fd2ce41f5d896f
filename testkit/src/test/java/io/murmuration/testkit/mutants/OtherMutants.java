package io.murmuration.testkit.mutants;

import java.util.List;

/** Bugs of Store, Machine and Gateway, and of founding. */
final class OtherMutants {
    private static final String SESSIONS = "core/apply/Sessions.java";
    private static final String COMMANDS = "core/client/Commands.java";
    private static final String TIME = "core/apply/LogTime.java";

    private OtherMutants() {}

    static List<Mutant> store() {
        return List.of(
                Mutant.of("recovered without a sync", "[A4]", "what the last process wrote is taken for durable")
                        .patch("testkit/sim/SimDisk.java", "synced = count(); prefix", "prefix")
                        .caughtBy("NEVER_FORGETS", "BALLOT_FIRST"),
                Mutant.of(
                                "written said before the sync",
                                "rule Store 1",
                                "the Store acknowledges what a crash can lose")
                        .patch(
                                "testkit/sim/StoreShell.java",
                                "disk.write(write, node.lifeOf(Actor.STORE));",
                                "tell(write); disk.write(write, node.lifeOf(Actor.STORE));")
                        .patch(
                                "testkit/sim/StoreShell.java",
                                "/** What was written before the sync that was under way is durable. */",
                                "private void tell(Message.Write write) { node.post(Actor.STORE, write.owner(),"
                                        + " new Message.Written(write.sequence())); }")
                        .caughtBy("BALLOT_FIRST", "ACKNOWLEDGED_IS_DURABLE"),
                Mutant.of("truncation lost in replay", "rule Store 3", "replay appends where the journal replaces")
                        .patch(
                                "core/model/Replay.java",
                                "entries.subList((int) Math.max(0, from - first()), entries.size()).clear();",
                                "")
                        .from(30)
                        .caughtBy("CORE: The journal holds entry", "NEVER_FORGETS"),
                Mutant.of("everybody founds", "Founding, [A5]", "each node that has heard from all founds a group")
                        .patch(
                                "core/founding/Founding.java",
                                "this.founds = mayFound && founders.get(0).equals(node);",
                                "this.founds = mayFound;")
                        .caughtBy("FOUNDED_ONCE"),
                Mutant.of("empty is said too early", "[A5]", "a node tells an incarnation that is not durable")
                        .patch(
                                "core/founding/Founding.java",
                                "return inFlight == null ? List.of(new Send(to, new Empty(self.incarnation())))"
                                        + " : List.of();",
                                "return List.of(new Send(to, new Empty(self.incarnation())));")
                        .caughtByUnitTest(
                                "io.murmuration.core.founding.FoundingTest#saysThatItIsEmptyOnlyOnceItsIncarna"
                                        + "tionIsDurable"));
    }

    static List<Mutant> machine() {
        return List.of(
                Mutant.of("time is the node's own", "rule Machine 4", "who answers is a millisecond ahead")
                        .patch(
                                "core/apply/Folded.java",
                                "LogTime now = time.at(entry.timeMillis());",
                                "LogTime now = time.at(entry.timeMillis() + (answers == null ? 0 : 1));")
                        .caughtBy("LOG_TIME"),
                Mutant.of("no dedupe", "§8, thesis 6.3", "a retried command takes effect again")
                        .patch(SESSIONS, "return session.outcomes.get(proposed.serial());", "return null;")
                        .caughtBy("EXACTLY_ONCE"),
                Mutant.of("newest answer to an older serial", "thesis 6.3", "one answer is remembered for each session")
                        .patch(
                                SESSIONS,
                                "return session.outcomes.get(proposed.serial());",
                                "Map.Entry<Long, Outcome> newest = session.outcomes.lastEntry();"
                                        + " return newest == null || newest.getKey() < proposed.serial() ? null"
                                        + " : new Outcome(proposed.serial(), newest.getValue().index(),"
                                        + " newest.getValue().reply());")
                        .from(40)
                        .caughtBy("TRUE_ANSWER", "REAL_TIME"),
                Mutant.of(
                                "serial below the lowest applied",
                                "[B8]",
                                "a late copy of an answered command takes effect again")
                        .patch(SESSIONS, "if (proposed.serial() < session.lowest) {", "if (proposed.serial() < 0) {")
                        .caughtByUnitTest("io.murmuration.core.apply.SessionsTest#neverAppliesASerialBelowTheLowest"),
                Mutant.of(
                                "unknown session applied as new",
                                "thesis 6.3",
                                "an expired session's retry is carried out again")
                        .patch(
                                SESSIONS,
                                "return new Outcome(proposed.serial(), 0, new Reply.SessionUnknown());",
                                "return null;")
                        .caughtByUnitTest("io.murmuration.core.apply.SessionsTest#refusesAnUnknownSession"),
                Mutant.of("log time runs backwards", "rule Machine 4", "the clock of the leader is taken as it is")
                        .patch(TIME, "long later = Math.max(stampMillis, millis);", "long later = stampMillis;")
                        .caughtBy("CORE: time runs backwards"),
                Mutant.of("log time leaps", "[B9]", "a clock that jumps expires everything at once")
                        .patch(TIME, "Math.min(later - millis, STEP_MILLIS_MAX)", "later - millis")
                        .caughtBy("CORE: time leaps"),
                Mutant.of("read without waiting for apply", "thesis 6.4", "a read overtakes what it must see")
                        .patch(
                                "core/apply/Reads.java",
                                "if (hasState && index <= folded.applied().index()) {",
                                "if (hasState) {")
                        .caughtBy("REAL_TIME"));
    }

    static List<Mutant> gateway() {
        return List.of(
                Mutant.of("not applied, says who gave up", "rule Log 8", "a copy may be on its way, or in a log")
                        .patch(
                                COMMANDS,
                                "remove(command); if (command.copies.mayTakeEffect()) {",
                                "remove(command); if (command.batch != null) {")
                        .caughtBy("HONEST_OUTCOME"),
                Mutant.of(
                                "one refusal for all copies",
                                "rule Log 8",
                                "a copy that was refused speaks for those that were not")
                        .patch("core/client/Copies.java", "open.remove((Long) batch);", "open.clear();")
                        .from(60)
                        .caughtBy("HONEST_OUTCOME"),
                Mutant.of(
                                "session lost, so not applied",
                                "thesis 6.3",
                                "what left in a lost session is said to be gone")
                        .patch(
                                COMMANDS,
                                "backlog.removeAll(); inFlight.landAll(); life",
                                "backlog.removeAll(); all.forEach(command -> command.copies.forget());"
                                        + " inFlight.landAll(); life")
                        .patch(
                                "core/client/Copies.java",
                                "int sent() {",
                                "void forget() { open.clear(); } int sent() {")
                        .caughtByUnitTest(
                                "io.murmuration.core.client.RenewalTest#saysUnknownOfWhatLeftInASessionThatHas"
                                        + "EndedAndWasNotAnswered"),
                Mutant.of("lowest ahead of what is open", "[B8]", "the Machine forgets what its caller still waits for")
                        .patch(
                                COMMANDS,
                                "search.asking(); long lowest = backlog.lowestOr(nextSerial);",
                                "search.asking(); long lowest = nextSerial;")
                        .caughtBy("LIVENESS"),
                Mutant.of(
                                "session of another life taken",
                                "[B2]",
                                "a late answer to a process that died opens a session")
                        .patch(
                                COMMANDS,
                                "if (!opened.life().equals(life) || (session != 0 && !renewedBy(opened, now))) {",
                                "if (session != 0) {")
                        .caughtBy("TRUE_ANSWER", "LIVENESS"),
                Mutant.of("outcome of another life taken", "[B2]", "a serial is answered with what its namesake did")
                        .patch(
                                COMMANDS,
                                "if (!outcomes.life().equals(life) || session == 0 || outcomes.session() != session) {",
                                "if (session == 0) {")
                        .caughtBy("TRUE_ANSWER", "REAL_TIME"),
                Mutant.of(
                                "refusal of another life taken",
                                "[B2]",
                                "a late refusal speaks for a copy that was not refused")
                        .patch(COMMANDS, "if (!refused.life().equals(life)) {", "if (refused.serials() == null) {")
                        .caughtByUnitTest(
                                "io.murmuration.core.client.CommandsTest#ignoresAnswersToAnotherLifeOrSession"),
                Mutant.of(
                                "read shares an index asked for before it",
                                "rule Machine 5",
                                "a read is confirmed by a message that left before it came")
                        .patch(
                                "core/client/Reads.java",
                                "if (read.firstRound == NOT_ASKED || read.firstRound > ready.id()) {",
                                "if (read.request == null) {")
                        .from(100000)
                        .caughtBy("REAL_TIME"));
    }
}
