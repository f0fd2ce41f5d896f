package io.murmuration.core.log;

import io.murmuration.core.model.ClientRpc.Control;
import io.murmuration.core.model.Deadline;
import io.murmuration.core.model.HandOverStep;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Order;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Ruling;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Mutable. How a leader's Log hands leadership over (thesis 3.10): "the prior leader stops accepting new client
 * requests", brings the target's log level with its own, and has Election tell it to campaign. One at a time; what is
 * proposed meanwhile waits in the queue, bounded as ever. If this node still leads after T, it takes proposals again.
 *
 * <p>A change of members may be under way: its entries count as any others, so the successor holds them and finishes
 * what it finds.
 */
final class HandOver {
    /** Somebody who lacks more than this is not waited for: commands would be held back for too long. */
    static final long BEHIND_BYTES_MAX = Progress.WINDOW_BYTES;
    /** So many askers are told how it ended; the others ask again. */
    private static final int ASKERS_MAX = 64;

    private final LogState state;
    private final Replication replication;
    private final OrderDesk desk;
    private final long term;
    private final List<Asker> askers = new ArrayList<>();
    private Phase phase = Phase.IDLE;
    private @Nullable String wanted;
    private @Nullable Peer target;
    private long until;

    private enum Phase {
        /** Nothing is handed over. */
        IDLE,
        /** Election is asked who is to take over. */
        ASKING,
        /** Proposals are held back until the target is level. */
        LEVELLING,
        /** The target is told to campaign. */
        CAMPAIGNING
    }

    private record Asker(String node, Control message) {}

    HandOver(LogState state, Replication replication, OrderDesk desk, long term) {
        this.state = state;
        this.replication = replication;
        this.desk = desk;
        this.term = term;
    }

    /** An operator orders that somebody else leads. */
    void ordered(String node, Control message, Order.HandOver order, long now) {
        Asker asker = new Asker(node, message);
        String to = order.to();
        if (phase != Phase.IDLE) {
            join(asker, to);
        } else if (to != null && voter(to) == null) {
            rule(asker, new Ruling.Declined(noVoter(to)));
        } else {
            askers.add(asker);
            ask(to, now);
            rule(asker, new Ruling.Underway("It is being found out who can take over."));
        }
    }

    /** Whether this node votes, and nobody else is to lead: then an order that it leads has come about. */
    boolean stays() {
        return phase == Phase.IDLE && voter(state.self().node()) != null;
    }

    /** Leadership is to go to whoever is best suited, for a reason of this Log's own. */
    void toBest(long now) {
        if (phase == Phase.IDLE) {
            ask(null, now);
        }
    }

    /** Election answers, or has a reason of its own. */
    void step(HandOverStep step, long now) {
        if (step instanceof HandOverStep.Chosen chosen) {
            chosen(chosen.to(), now);
        } else if (step instanceof HandOverStep.Nobody nobody && phase == Phase.ASKING) {
            end(new Ruling.Declined(nobody.why()), false);
        }
    }

    /** Whether proposals wait in the queue. */
    boolean holdsBack() {
        return phase == Phase.LEVELLING || phase == Phase.CAMPAIGNING;
    }

    /** The log of the target, or the own one, has grown. */
    void advanced() {
        Peer to = target;
        if (phase == Phase.LEVELLING && to != null && level(to)) {
            phase = Phase.CAMPAIGNING;
            state.emit(new Effect.HandOver(term, new HandOverStep.Level(to)));
        }
    }

    /**
     * Looks whether it takes too long.
     *
     * @return true if proposals are to be taken again
     */
    boolean wake(long now) {
        if (!Deadline.due(wakeAt(), now)) {
            return false;
        }
        boolean held = holdsBack();
        end(new Ruling.Declined(tooLate()), true);
        return held;
    }

    long wakeAt() {
        return phase == Phase.IDLE ? Deadline.NEVER : until;
    }

    /** Who may lead by now, as a hint for those who are turned away; null if nobody was told to campaign. */
    @Nullable
    String successor() {
        Peer to = target;
        return phase == Phase.CAMPAIGNING && to != null ? to.node() : null;
    }

    /** How far it is, or null if nothing is handed over. */
    @Nullable
    String words() {
        return phase == Phase.IDLE ? null : how();
    }

    /** Leadership has ended: whoever wanted it to go to the best suited has got what they wanted. */
    void leadershipEnded() {
        if (phase == Phase.CAMPAIGNING) {
            Members members = state.members().bare();
            askers.stream().filter(HandOver::anybody).forEach(asker -> rule(asker, new Ruling.Settled(members)));
        }
        askers.clear();
        phase = Phase.IDLE;
    }

    private static boolean anybody(Asker asker) {
        return asker.message().order() instanceof Order.HandOver order && order.to() == null;
    }

    private void join(Asker asker, @Nullable String to) {
        Peer chosen = target;
        String whom = chosen == null ? wanted : chosen.node();
        if (to != null && !to.equals(whom)) {
            rule(
                    asker,
                    new Ruling.Declined("One hand-over at a time: leadership is being handed to "
                            + (whom == null ? "whoever is best suited" : whom) + "; order again when that is over."));
            return;
        }
        boolean known = askers.stream()
                .anyMatch(
                        other -> other.message().which().equals(asker.message().which()));
        if (askers.size() < ASKERS_MAX && !known) {
            askers.add(asker);
        }
        rule(asker, new Ruling.Underway(how()));
    }

    private String how() {
        return switch (phase) {
            case LEVELLING -> name() + " is being brought level with this node's log; commands wait meanwhile.";
            case CAMPAIGNING -> name() + " is level and was told to campaign.";
            default -> "It is being found out who can take over.";
        };
    }

    private String tooLate() {
        String within = " within the election time-out ("
                + state.settings().electionTimeout().toMillis() + " ms); ";
        String rest = state.self().node() + " leads on. Look at that node's disk and network, or name another.";
        return switch (phase) {
            case LEVELLING -> name() + " did not come level" + within + rest;
            case CAMPAIGNING -> name() + " did not take over" + within + rest;
            default -> "This node's Election did not say who can take over" + within + "order again.";
        };
    }

    private String name() {
        Peer to = target;
        return to == null ? "nobody" : to.node();
    }

    private void ask(@Nullable String to, long now) {
        phase = Phase.ASKING;
        wanted = to;
        until = now + state.settings().timeoutNanos();
        state.emit(new Effect.HandOver(term, new HandOverStep.Wanted(to)));
    }

    private void chosen(Peer to, long now) {
        if (holdsBack()) {
            return;
        }
        Progress progress = replication.progress(to);
        if (progress == null || progress.state() == Progress.State.DAMAGED) {
            end(
                    new Ruling.Declined(
                            to.node() + " is not sent the log at present, so it cannot lead. Name another."),
                    true);
        } else if (progress.state() != Progress.State.REPLICATING) {
            // Nothing is remembered: the order is said again, and by then it may be near enough.
            end(
                    new Ruling.Underway(to.node() + " lacks what lies behind " + progress.match() + " and is being"
                            + " brought there; leadership goes to it when it is near the end of the log."),
                    true);
        } else if (behind(progress) > BEHIND_BYTES_MAX) {
            end(
                    new Ruling.Underway(to.node() + " is "
                            + (state.tail().lastIndex() - progress.match())
                            + " entries behind; leadership goes to it when it is near the end of the log."),
                    true);
        } else {
            phase = Phase.LEVELLING;
            target = to;
            until = now + state.settings().timeoutNanos();
            advanced();
        }
    }

    /** What would have to be sent before it is level, as far as it is worth counting. */
    private long behind(Progress progress) {
        if (progress.match() < state.tail().base().index()) {
            return Long.MAX_VALUE;
        }
        long bytes = 0;
        for (long index = state.tail().lastIndex(); index > progress.match() && bytes <= BEHIND_BYTES_MAX; index--) {
            bytes += state.tail().size(index);
        }
        return bytes;
    }

    private boolean level(Peer to) {
        return replication.counted(to) == state.tail().lastIndex();
    }

    private @Nullable Peer voter(String node) {
        return state.members().voters().stream()
                .filter(peer -> peer.node().equals(node))
                .findFirst()
                .orElse(null);
    }

    private String noVoter(String node) {
        List<String> voters = state.members().voters().stream().map(Peer::node).toList();
        return node + " does not vote in this group, so it cannot lead. Name one of " + voters
                + ", or add it to the members first.";
    }

    private void end(Ruling ruling, boolean tellElection) {
        askers.forEach(asker -> rule(asker, ruling));
        askers.clear();
        phase = Phase.IDLE;
        target = null;
        wanted = null;
        if (tellElection) {
            state.emit(new Effect.HandOver(term, new HandOverStep.GivenUp()));
        }
    }

    private void rule(Asker asker, Ruling ruling) {
        desk.rule(asker.node(), asker.message().which(), ruling);
    }
}
