package io.murmuration.testkit.sim;

/**
 * What can go wrong in a simulated world. Which of them do, and how often, is drawn from the seed.
 *
 * @since 0.1.0
 */
public enum Fault {
    /** A message between nodes is lost. */
    LOSS,
    /** A message between nodes is late. */
    DELAY,
    /** A message between nodes arrives twice, the second time much later; or once, after those that were sent later. */
    DOUBLE,
    /** Nodes are cut off from each other, both ways. */
    CUT,
    /** One node no longer hears another one, which still hears it. */
    ONE_WAY,
    /** A process stands still, as in a long garbage collection, and goes on as if nothing had been. */
    PAUSE,
    /** A process dies, and is started again later. What was not synced may be lost. */
    CRASH,
    /** A process dies between two effects of one decision. */
    CRASH_BETWEEN_EFFECTS,
    /** All processes die at once. */
    POWER_FAILURE,
    /** One actor of a replica fails, and the replica starts anew in the same process (F5). */
    ACTOR_FAILURE,
    /** Messages between actors of one node are late. */
    SLOW_MAILBOX,
    /** A disk takes long to sync. */
    SLOW_DISK,
    /** A sync fails: the process ends, and nobody knows what is on the disk. */
    FAILING_SYNC,
    /** A disk is full for a while: the Store can write nothing. */
    FULL_DISK,
    /** A bit of a synced record flips: the journal is refused at the next start, and the node stays away. */
    DAMAGE,
    /** The newest snapshot of a node can no longer be read: at its next start another member gives it a state. */
    DAMAGED_SNAPSHOT,
    /** A disk comes back empty: its node has another incarnation, and waits. */
    WIPE,
    /** Clocks run too fast or too slow. */
    CLOCK_DRIFT,
    /** A wall clock is set, forward or back. */
    CLOCK_JUMP,
    /** No fault, but nothing tries a group as much: operators add, remove and replace members (§6). */
    CHANGE_MEMBERS,
    /** No fault either: operators hand leadership over (thesis 3.10). */
    HAND_OVER,
    /** A disk ends no sync for long, or until its process is started anew. */
    STALLED_DISK,
    /** A fold hangs: the Machine takes nothing more for long, or for ever. */
    HUNG_FOLD,
    /** A Log takes nothing more for long, or for ever. */
    HUNG_LOG,
    /** Heartbeats get through between nodes, and the log does not. */
    GREY_PATH,
    /** A disk is steadily slow for a while, but it works. */
    STEADY_DISK,
    /**
     * No fault: leaders answer reads by leases (thesis 6.4.1), and clocks drift within the bound that is set for it.
     */
    LEASE_READS,
    /** No fault: some nodes should rather lead than others. */
    PRIORITIES,
    /** No fault: processes are stopped in order, hand over first if they lead, and are started later. */
    RETIREMENT,
    /**
     * No fault: nodes are told, soon or late, that the process of another one has died. A fault: in some worlds they
     * are told so of one that lives.
     */
    HINT
}
