package io.murmuration.core.election;

import io.murmuration.core.model.EntryId;

/**
 * Whether this node's own Log and Machine answer, and what they said last (protocol rule Election 8). Mutable. What is
 * kept here goes into heartbeat replies only: no vote is decided on it.
 *
 * <p>Each is asked again only when it has answered, so a hung neighbour's mailbox does not fill; and at most each T/20,
 * so that rounds for reads do not become a load.
 */
final class Pulses {
    private final long healthySpan;
    private final long spacing;
    private final Asked log = new Asked();
    private final Asked machine = new Asked();
    private EntryId last = EntryId.NONE;
    private long applied;

    private static final class Asked {
        boolean ever;
        boolean unanswered;
        long at;
    }

    Pulses(long timeout) {
        this.healthySpan = 4 * timeout;
        this.spacing = timeout / 20;
    }

    boolean asksLog(long now) {
        return asks(log, now);
    }

    boolean asksMachine(long now) {
        return asks(machine, now);
    }

    void logAnswered(EntryId end) {
        log.unanswered = false;
        last = end;
    }

    void machineAnswered(long index) {
        machine.unanswered = false;
        applied = index;
    }

    /** Log told its end on another occasion. */
    void lastIs(EntryId end) {
        last = end;
    }

    EntryId last() {
        return last;
    }

    long applied() {
        return applied;
    }

    /** Whether neither has left a pulse unanswered for 4 T. */
    boolean healthy(long now) {
        return answers(log, now) && answers(machine, now);
    }

    private boolean asks(Asked asked, long now) {
        if (asked.unanswered || (asked.ever && now - asked.at < spacing)) {
            return false;
        }
        asked.ever = true;
        asked.unanswered = true;
        asked.at = now;
        return true;
    }

    private boolean answers(Asked asked, long now) {
        return !asked.unanswered || now - asked.at < healthySpan;
    }
}
