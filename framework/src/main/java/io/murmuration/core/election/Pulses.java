package io.murmuration.core.election;

import io.murmuration.core.model.EntryId;

/**
 * Whether this node's own Log, disk and Machine get on, and what they said last (protocol rule Election 8). Mutable.
 * What is kept here goes into heartbeat replies and decides who should rather lead: no vote is decided on it.
 *
 * <p>A stall is a pulse that is unanswered for {@link #STALL_TIMEOUTS} T, or something that waits for so long while
 * nothing moves. Any movement is progress, however slow: a disk that takes 3 T for each write is no stall. Time in
 * which this node neither led nor heard a leader, or stood still, is not counted.
 *
 * <p>Each is asked again only when it has answered, so a hung neighbour's mailbox does not fill; and at most each T/20,
 * so that rounds for reads do not become a load.
 */
final class Pulses {
    /** After how many election time-outs something that does not move counts as stalled. */
    static final int STALL_TIMEOUTS = 4;
    /** After how many the data path to the others does. */
    static final int GREY_TIMEOUTS = 5;

    private final long timeout;
    private final Asked log = new Asked();
    private final Asked machine = new Asked();
    private final Waiting disk = new Waiting();
    private final Waiting fold = new Waiting();
    private final Waiting majority = new Waiting();
    private EntryId last = EntryId.NONE;
    private long commit;
    private long applied;
    private boolean ever;
    private long lookedAt;

    private static final class Asked {
        boolean ever;
        boolean unanswered;
        boolean answered;
        long at;
    }

    /** An index that is to move while something waits behind it. */
    private static final class Waiting {
        private boolean waits;
        private long index;
        private long since;

        void at(long now, long reached, boolean more) {
            if (!waits || reached != index) {
                since = now;
            }
            waits = more;
            index = reached;
        }

        long span(long now) {
            return waits ? now - since : 0;
        }

        boolean longerThan(long span, long now) {
            return waits && now - since >= span;
        }
    }

    Pulses(long timeout) {
        this.timeout = timeout;
    }

    boolean asksLog(long now) {
        look(now);
        return asks(log, now);
    }

    boolean asksMachine(long now) {
        look(now);
        return asks(machine, now);
    }

    void logAnswered(EntryId end, long committed, long durable, long written, long now) {
        look(now);
        log.unanswered = false;
        log.answered = true;
        last = end;
        commit = committed;
        // Also a write that makes no entry durable shows that the disk gets on: those of the entries are behind it.
        disk.at(now, written, end.index() > durable);
        fold.at(now, applied, commit > applied);
        majority.at(now, commit, end.index() > commit);
    }

    void machineAnswered(long index, long now) {
        look(now);
        machine.unanswered = false;
        machine.answered = true;
        applied = index;
        fold.at(now, applied, commit > applied);
    }

    /** Log told its end on another occasion. */
    void lastIs(EntryId end) {
        last = end;
    }

    /** This node begins to lead: until now nobody could commit what waited here. */
    void leads(long now) {
        majority.since = now;
    }

    EntryId last() {
        return last;
    }

    long applied() {
        return applied;
    }

    boolean logHangs(long now) {
        look(now);
        return hangs(log, now);
    }

    boolean diskHangs(long now) {
        look(now);
        return disk.longerThan(STALL_TIMEOUTS * timeout, now);
    }

    boolean machineHangs(long now) {
        look(now);
        return hangs(machine, now) || fold.longerThan(STALL_TIMEOUTS * timeout, now);
    }

    /** Whether nothing was committed for long although entries wait: only of a leader's. */
    boolean nothingCommits(long now) {
        look(now);
        return majority.longerThan(GREY_TIMEOUTS * timeout, now);
    }

    /** How long each has kept something waiting. Nothing is changed by being asked. */
    Health health(long now) {
        long at = ever && now - lookedAt > timeout ? lookedAt : now;
        return new Health(
                log.unanswered ? at - log.at : 0,
                disk.span(at),
                machine.unanswered ? at - machine.at : 0,
                fold.span(at),
                majority.span(at));
    }

    /** Whether none of the three hangs. */
    boolean healthy(long now) {
        return !logHangs(now) && !diskHangs(now) && !machineHangs(now);
    }

    /**
     * Whether nothing waits anywhere on this node, and both have answered. To be asked before anything else at a
     * moment: whoever dozes asks seldom, and the time between is not counted, neither against whoever owes an answer
     * nor towards the next question.
     */
    boolean settled(long now) {
        mayBeAskedAgain(log, now);
        mayBeAskedAgain(machine, now);
        return !waits() && !owes(log, now) && !owes(machine, now);
    }

    /** Whether something waits for a disk, a majority or the fold, as far as is known. */
    boolean waits() {
        return disk.waits || fold.waits || majority.waits;
    }

    private void mayBeAskedAgain(Asked asked, long now) {
        if (!asked.unanswered && now - asked.at >= timeout / 20) {
            asked.ever = false;
        }
    }

    private boolean owes(Asked asked, long now) {
        return !asked.answered || (asked.unanswered && now - asked.at >= timeout / 2);
    }

    private boolean asks(Asked asked, long now) {
        if (asked.unanswered || (asked.ever && now - asked.at < timeout / 20)) {
            return false;
        }
        asked.ever = true;
        asked.unanswered = true;
        asked.at = now;
        return true;
    }

    private boolean hangs(Asked asked, long now) {
        return asked.unanswered && now - asked.at >= STALL_TIMEOUTS * timeout;
    }

    /** Nobody asked for longer than T: no heartbeat came, or this process was paused, and nobody is to blame. */
    private void look(long now) {
        long gap = now - lookedAt;
        if (ever && gap > timeout) {
            log.at += gap;
            machine.at += gap;
            disk.since += gap;
            fold.since += gap;
            majority.since += gap;
        }
        ever = true;
        lookedAt = now;
    }
}
