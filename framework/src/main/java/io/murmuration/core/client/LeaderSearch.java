package io.murmuration.core.client;

import io.murmuration.core.model.ClientRpc.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whom to ask: the leader as far as it is known, else one member after the other (§8: "If the client's first choice is
 * not the leader, that server will reject the client's request and supply information about the most recent leader it
 * has heard from"). Mutable. It never turns more than {@link #HOPS_MAX} times in a row without a pause of T / 5,
 * whatever it is told.
 */
final class LeaderSearch {
    /** So many hints are followed at once; two nodes that each take the other for the leader must not make a storm. */
    static final int HOPS_MAX = 3;

    /** So many nodes are asked at most; a list of members is never cut. */
    static final int NODES_MAX = 32;

    private List<String> members;
    private final long pauseNanos;
    private final Set<String> asked = new LinkedHashSet<>();

    private String node;
    private boolean known;
    private long turns = 1;
    private int position;
    private int hops;
    private long term;
    private @Nullable String elected;
    private long resumeAt = Moment.NEVER;
    private @Nullable String lastRefusal;

    LeaderSearch(ClientSettings settings) {
        members = settings.members();
        pauseNanos = settings.tNanos() / 5;
        position = Math.max(0, members.indexOf(settings.node()));
        node = members.get(position);
    }

    /** The node to ask. */
    String node() {
        return node;
    }

    /** Whether somebody said that this node leads. If not, it is a guess: it is asked, but given no command. */
    boolean known() {
        return known;
    }

    /** Changes whenever all that waits must be said anew. */
    long turns() {
        return turns;
    }

    /** Whether nothing is to be sent for the moment. */
    boolean paused() {
        return resumeAt != Moment.NEVER;
    }

    long resumeAt() {
        return resumeAt;
    }

    /** Whom was asked since a node last answered as a leader does. */
    Set<String> asked() {
        return asked;
    }

    @Nullable
    String lastRefusal() {
        return lastRefusal;
    }

    /** Other nodes are members now. Who is known to lead is asked on; a guess that is no member any more is not. */
    void members(List<String> now) {
        if (now.isEmpty() || now.equals(members)) {
            return;
        }
        members = List.copyOf(now);
        position = Math.max(0, members.indexOf(node));
        if (!known && !members.contains(node)) {
            turnTo(members.get(position), false);
        }
    }

    /** Something is being sent to the node. */
    void asking() {
        // Hints may name nodes that are no members (yet); the set is for a sentence and need not hold them all.
        if (asked.size() < 2 * members.size()) {
            asked.add(node);
        }
    }

    /** This node's own Election says who leads. */
    void heard(long itsTerm, @Nullable String leader) {
        if (itsTerm < term) {
            return;
        }
        boolean later = itsTerm > term;
        term = itsTerm;
        elected = leader;
        if (leader == null) {
            known = false;
            return;
        }
        hops = 0;
        if (later || !known || !leader.equals(node)) {
            turnTo(leader, true);
        }
    }

    /** This node's own Election does not run (any more); when it does again, its term is taken as it comes. */
    void deaf() {
        elected = null;
        term = 0;
    }

    /** The node that is being asked does not lead, or does not take requests. */
    void refused(Refusal refusal, @Nullable String hint, long now) {
        lastRefusal = refusal + " from " + node + (hint == null ? "" : " (hint: " + hint + ")");
        if (hint != null && !members.contains(hint) && members.size() < NODES_MAX) {
            // The group has moved on since the list was made: the next turn begins where this one's hints have led.
            List<String> more = new ArrayList<>(members);
            more.add(hint);
            members = List.copyOf(more);
        }
        if (hint != null && !hint.equals(node) && hops < HOPS_MAX) {
            hops++;
            turnTo(hint, true);
            return;
        }
        known = false;
        if (!paused()) {
            resumeAt = now + pauseNanos;
        }
    }

    /** The leader has no room: it goes on being the leader. */
    void overloaded(String from) {
        lastRefusal = Refusal.OVERLOADED + " from " + from;
    }

    /** The node that is being asked does not answer in time. */
    void silent() {
        if (!node.equals(elected)) {
            rotate();
        }
    }

    /** A node answered as only a leader does. */
    void answeredBy(String from) {
        if (from.equals(node)) {
            known = true;
            hops = 0;
            asked.clear();
            lastRefusal = null;
        }
    }

    /** The pause is over: try whom the Election names, or the next member. */
    void resume(long now) {
        if (!Moment.reached(resumeAt, now)) {
            return;
        }
        hops = 0;
        if (elected != null && !elected.equals(node)) {
            turnTo(elected, true);
        } else {
            rotate();
        }
    }

    private void rotate() {
        // Its own count, so that all have their turn also if each one's hint leads to the same dead node.
        position = (position + 1) % members.size();
        if (members.get(position).equals(node)) {
            position = (position + 1) % members.size();
        }
        turnTo(members.get(position), false);
    }

    private void turnTo(String next, boolean isKnown) {
        node = next;
        known = isKnown;
        turns++;
        resumeAt = Moment.NEVER;
    }
}
