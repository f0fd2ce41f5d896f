package io.murmuration.core.election;

import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.Peer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who leads, and when a leader was last heard (§5.2). Mutable. Guarantees that two leaders of one term are noticed
 * (election safety, figure 3), and that nothing is done in a term before Log's fence stands at it.
 *
 * <p>A follower that dozes takes its leader for heard for {@link #PATIENCE} T longer, and wakes when the leader's node
 * falls silent, or when any leader's heartbeat or a higher term says so.
 */
final class Following {
    /** Marks are T / 20 apart, and those of the last T are needed. */
    private static final int MARKS_MAX = 24;
    /**
     * In election time-outs: so much later is it found that only the leader's Election hangs, as everything else is.
     */
    static final int PATIENCE = Pulses.STALL_TIMEOUTS;

    private final Desk desk;
    private long termLed;
    private @Nullable String leaderOfTerm;
    private @Nullable String leader;
    /** Who was heard last, also in an earlier term. */
    private @Nullable String heardFrom;

    private final Departure departure;
    private boolean announced;
    private boolean everHeard;
    private long heardAt;
    private @Nullable Unanswered unanswered;
    /** The heartbeat after which this node dozes; null while it is awake. */
    private @Nullable Unanswered dozing;

    /** Since when rounds of the leader of {@link #marksTerm} are answered, at least T / 20 apart. */
    private final TreeMap<Long, Long> marks = new TreeMap<>();

    private long marksTerm;
    /** Of which round the leader of {@link #dozeTerm} has said last whether to doze. */
    private long dozeRound;

    private long dozeTerm;

    private record Unanswered(Peer from, ElectionRpc.Heartbeat heartbeat) {}

    Following(Desk desk) {
        this.desk = desk;
        this.departure = new Departure(desk.timeout);
    }

    @Nullable
    String leader() {
        return leader;
    }

    /** Nanoseconds since a leader was heard; of one whose process is gone it does not count that it was. */
    long silence(long now) {
        return everHeard && !departure.known() ? Math.max(0, now - heardAt - patience()) : Long.MAX_VALUE;
    }

    Departure departure() {
        return departure;
    }

    /**
     * The process of another node is gone.
     *
     * @return when this node is to stand for election; {@link Times#NEVER} if that node is not the one that leads, as
     *     far as is known here
     */
    long gone(String node, long now) {
        if (!node.equals(heardFrom)) {
            return Times.NEVER;
        }
        rouse(now);
        return departure.told(Departure.rank(desk.members, desk.self.node(), node), now);
    }

    /** The election timer starts anew, since the leader was heard. */
    void keepWaiting() {
        desk.timer.reset(heardAt, patience());
    }

    private long patience() {
        return dozing == null ? 0 : PATIENCE * desk.timeout;
    }

    /**
     * The leader's heartbeat says whether the group is to doze; this node does if nothing waits here, and says so in
     * its answer.
     */
    void doze(Peer from, ElectionRpc.Heartbeat heartbeat, long now) {
        long since = heartbeat.term() == dozeTerm ? dozeRound : -1;
        if (heartbeat.round() < since || (heartbeat.round() == since && heartbeat.doze())) {
            // It was overtaken: of one round, to wake is said later.
            return;
        }
        dozeTerm = heartbeat.term();
        dozeRound = heartbeat.round();
        boolean before = dozing != null;
        boolean dozes = heartbeat.doze()
                && desk.settings.dozes()
                && !desk.retiring
                && desk.fences.standsAt(desk.term())
                && desk.pulses.settled(now);
        dozing = dozes ? new Unanswered(from, heartbeat) : null;
        if (dozes != before) {
            desk.emit(new Effect.Doze(dozes ? List.of(from.node()) : List.of()));
        }
    }

    /** The leader's node has fallen silent: it counts as heard until then, and is told that nobody dozes here. */
    void silent(String node, long since, long now) {
        Unanswered last = dozing;
        if (last == null || !last.from().node().equals(node)) {
            return;
        }
        wake(now);
        heardAt = since - heardAt > 0 ? since : heardAt;
        keepWaiting();
        desk.reply(last.from(), replyTo(last.heartbeat(), now));
    }

    /**
     * Nobody dozes here any more, and a leader that does is told: this node is being stopped, and would be chosen as
     * its successor; or the leader lives although it is said to be gone, and is to speak.
     */
    void rouse(long now) {
        Unanswered last = dozing;
        if (last != null) {
            wake(now);
            desk.reply(last.from(), replyTo(last.heartbeat(), now));
        }
    }

    /** Without its patience the election timer starts anew. */
    private void wake(long now) {
        if (dozing != null) {
            dozing = null;
            desk.timer.reset(now);
            desk.emit(new Effect.Doze(List.of()));
        }
    }

    /** The leader of the current term was heard. */
    void heard(String node, long now) {
        everHeard = true;
        heardAt = now;
        departure.forget();
        leads(node);
        if (!announced && desk.fences.standsAt(desk.term())) {
            announce();
        }
    }

    /** This node has won the current term. */
    void won() {
        departure.forget();
        leads(desk.self.node());
        announced = true;
        desk.emit(new Effect.Lead(desk.term()));
        desk.emit(new Effect.LeaderIs(desk.term(), leader));
    }

    /**
     * A heartbeat of the current term is answered at once if the fence stands at that term. Otherwise the newest one is
     * answered when it does: a node that has not closed its Log to older terms does not confirm a leader.
     */
    void answer(Peer from, ElectionRpc.Heartbeat heartbeat, long now) {
        mark(heartbeat, now);
        if (desk.fences.standsAt(desk.term())) {
            desk.reply(from, replyTo(heartbeat, now));
        } else {
            unanswered = new Unanswered(from, heartbeat);
        }
    }

    /**
     * Whether this round of the current leader came less than T ago. By this node's own clock, so that it can tell an
     * order that was given upon its answer to that round from one that was on its way for long.
     */
    boolean answeredWithinTimeout(long round, long now) {
        Map.Entry<Long, Long> mark = marks.floorEntry(round);
        return marksTerm == desk.term() && mark != null && now - mark.getValue() < desk.timeout;
    }

    private void mark(ElectionRpc.Heartbeat heartbeat, long now) {
        if (heartbeat.term() != marksTerm) {
            marks.clear();
            marksTerm = heartbeat.term();
        }
        Map.Entry<Long, Long> last = marks.lastEntry();
        boolean later = last == null || heartbeat.round() > last.getKey();
        if (later && (last == null || now - last.getValue() >= desk.timeout / 20)) {
            marks.put(heartbeat.round(), now);
            if (marks.size() > MARKS_MAX) {
                marks.pollFirstEntry();
            }
        }
    }

    /** Log has answered a fence: if it stands at the current term, what waited for it is done. */
    void fenceMoved(long now) {
        if (!desk.fences.standsAt(desk.term())) {
            return;
        }
        if (leader != null && !announced) {
            announce();
        }
        Unanswered waiting = unanswered;
        unanswered = null;
        if (waiting != null && waiting.heartbeat().term() == desk.term()) {
            desk.reply(waiting.from(), replyTo(waiting.heartbeat(), now));
        }
    }

    /** Nobody is known to lead any more. When a leader was heard stays known, and so does who led the term. */
    void forgetLeader(long now) {
        boolean told = announced;
        leader = null;
        announced = false;
        wake(now);
        if (told) {
            desk.emit(new Effect.LeaderIs(desk.term(), null));
        }
    }

    /** What a node answers to any heartbeat: its own term, and how it is. */
    ElectionRpc.HeartbeatReply replyTo(ElectionRpc.Heartbeat heartbeat, long now) {
        return new ElectionRpc.HeartbeatReply(
                desk.term(),
                heartbeat.round(),
                desk.pulses.last(),
                desk.pulses.applied(),
                !desk.retiring && desk.pulses.healthy(now),
                desk.settings.priority(),
                dozing != null);
    }

    private void leads(String node) {
        if (termLed == desk.term() && leaderOfTerm != null && !leaderOfTerm.equals(node)) {
            throw new InvariantViolation("At most one leader can be elected in a term, but both " + leaderOfTerm
                    + " and " + node + " lead term " + termLed + ".");
        }
        termLed = desk.term();
        leaderOfTerm = node;
        leader = node;
        heardFrom = node;
    }

    private void announce() {
        String node = leader;
        if (node == null) {
            return;
        }
        announced = true;
        desk.emit(new Effect.Follow(desk.term(), node));
        desk.emit(new Effect.LeaderIs(desk.term(), node));
    }
}
