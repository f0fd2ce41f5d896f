package io.murmuration.core.election;

import java.util.ArrayDeque;

/**
 * Until when no other leader can have been elected (thesis 6.4.1). Mutable, bounded.
 *
 * <p>Whoever answers a heartbeat votes for nobody else for T after it came, and it came after it was sent. So the lease
 * runs from the <em>sending</em> of the latest round that a majority has answered, T less what clocks may drift. It is
 * void when the members change, until a round that started afterwards is confirmed [B4]; and there is none for the rest
 * of the term once this node has told somebody to campaign, since such a candidate is voted for at once [B3]. Before
 * the first commit of the term Log asks for no read to be confirmed, so it needs no rule here.
 */
final class Lease {
    /** Rounds start one at a time or each T/10, and a leader without an answer for 2 T is none: these are plenty. */
    private static final int ROUNDS_MAX = 64;

    private record Round(long number, long startedAt) {}

    private final long span;
    private final ArrayDeque<Round> open = new ArrayDeque<>();
    private boolean forgone;
    private boolean held;
    private long until;

    Lease(long span) {
        this.span = span;
        this.forgone = span <= 0;
    }

    void started(long round, long now) {
        if (forgone) {
            return;
        }
        if (open.size() == ROUNDS_MAX) {
            open.remove();
        }
        open.add(new Round(round, now));
    }

    /** A majority has answered this round, and so all before it. */
    void confirmed(long round) {
        for (Round next = open.peek(); next != null && next.number() <= round; next = open.peek()) {
            held = true;
            until = next.startedAt() + span;
            open.remove();
        }
    }

    /** Other members are in force: what was answered before proves nothing. */
    void membersChanged() {
        held = false;
        open.clear();
    }

    /** Somebody is told to campaign. */
    void forgo() {
        forgone = true;
        held = false;
        open.clear();
    }

    boolean holds(long now) {
        return held && now - until < 0;
    }
}
