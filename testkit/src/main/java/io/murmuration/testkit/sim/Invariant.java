package io.murmuration.testkit.sim;

import org.jspecify.annotations.Nullable;

/** What must hold after every step, in one sentence each, with the section that says so. */
enum Invariant {
    ELECTION_SAFETY("At most one leader can be elected in a given term (figure 3, §5.2)."),
    LEADER_APPEND_ONLY("A leader never overwrites or deletes entries in its log (figure 3, §5.3)."),
    LOG_MATCHING("Two logs that hold an entry of one index and term are identical up to it (figure 3, §5.3)."),
    LEADER_COMPLETENESS("A committed entry is in the log of the leader of every later term (figure 3, §5.4)."),
    SNAPSHOT_FIRST("What is dropped from a log is committed and in a durable snapshot of the node (§7)."),
    STATE_MACHINE_SAFETY("No two servers apply different entries at one index (figure 3, §5.4.3)."),
    STATE_IS_A_VALUE("A state never changes once a fold was given or has returned it (promise of the fold)."),
    SAME_STATE("Replicas that applied the same entries have the same state and gave the same replies (§2)."),
    ENTRIES_BY_LEADER("Entries of a term are made by that term's leader only (§5.2)."),
    FENCE("A node that votes in a term acknowledges nothing of a lower term from then on (F2, F3)."),
    BALLOT_FIRST("Term and vote are durable before anything is said of them (figure 2, F1)."),
    WON_BY_MAJORITY("Whoever leads a term has the votes of a majority in that term (§5.2)."),
    FOUNDED_ONCE("A group is founded once: all disks name one group and the same founders (protocol, Founding, [A5])."),
    ONE_VOTE("A node gives one vote in a term, to one candidate (§5.2)."),
    TERM_NEVER_FALLS("A node's term never falls, not even over its restarts (figure 2)."),
    COMMIT_NEVER_FALLS("The commit index of a replica never falls while it lives (figure 2)."),
    APPLIED_NEVER_FALLS(
            "The applied index of a replica never falls while it lives, nor passes its commit index (figure 2)."),
    ACKNOWLEDGED_IS_DURABLE("What a follower acknowledges is durable on its disk (figure 2, [A3])."),
    COMMITS_OWN_TERM("A leader commits by counting only entries of its own term (§5.4.2, figure 8)."),
    COMMITTED_IS_DURABLE("What is committed is durable on a majority (§5.3, §5.4.2)."),
    EXACTLY_ONCE("No command takes effect twice (§8, thesis 6.3)."),
    HONEST_OUTCOME("A command of which \"not applied\" was said has no effect, ever (protocol, Log 8)."),
    TRUE_ANSWER("A caller is told the index and the reply of the fold that carried its command out (§8)."),
    REAL_TIME("A call takes effect behind all that was known to be committed when it began (§8, linearizability)."),
    TRUE_READ("A read returns the state at some index between its call and its end (thesis 6.4)."),
    NEVER_FORGETS("What a journal says after a restart is what was durable before it (figure 2)."),
    LOG_TIME("The time that the log tells never runs backwards, and is the same everywhere (protocol, Machine 4)."),
    PROMPT_RESIGNATION(
            "A leader whose disk, Log, fold or way to the others stands still leads no more two stall time-outs later,"
                    + " if a majority without it is well (protocol, Election 8)."),
    STEADY_LEADER("A leader hands over of its own accord only if something stands still (protocol, Election 8)."),
    GENTLE_RETIREMENT(
            "Who is stopped in order hands over first: no election time-out passes without a leader (thesis 3.10)."),
    OWN_GROUP("A group takes nothing of another one for its own: no message, no record, no command (architecture)."),
    NEIGHBOURS_LIVE("A replica that stops leaves the other groups of its node alone (architecture)."),
    WAKES("Nobody dozes on while a replica that it relies on has ended (many groups)."),
    LAW("What the user said of every state is true of every state."),
    LIVENESS("When faults end, a leader is elected, every open call ends, and all replicas become equal (§5.6).");

    private final String sentence;

    Invariant(String sentence) {
        this.sentence = sentence;
    }

    String sentence() {
        return sentence;
    }

    Violation violatedBy(String what) {
        return new Violation(name(), what);
    }

    /** {@return the invariant of a name, or null for what a core itself found} */
    static @Nullable Invariant named(String name) {
        for (Invariant invariant : values()) {
            if (invariant.name().equals(name)) {
                return invariant;
            }
        }
        return null;
    }
}
