package io.murmuration.core.log;

import io.murmuration.core.model.ClientRpc.Control;
import io.murmuration.core.model.Deadline;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Order;
import io.murmuration.core.model.Order.ReplaceMember;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Ruling;
import io.murmuration.core.model.Ruling.Declined;
import io.murmuration.core.model.Ruling.Settled;
import io.murmuration.core.model.Ruling.Underway;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Mutable. How one leader changes the members, by joint consensus (§6, thesis 4.3): one change at a time, at most one
 * entry about members uncommitted at a time, none before an entry of the own term is committed (the bug of 2015). Where
 * it stands is read from the log: a successor finishes what is joint, and a repeated order goes on from the rest.
 *
 * <p>The way of a change: the incarnations of those who join are learned; they become learners; they catch up; joint
 * members; the final members; a leader whom these do not name stops leading once they are committed [C1].
 *
 * <p>What was ordered is settled by a committed entry that names the order, also if the members were so already: a
 * leader that is cut off settles nothing, and whoever leads later knows what is done.
 */
final class Change {
    /** How long a node may not answer, in election time-outs, until an order that names it is declined. */
    static final long ANSWER_TIMEOUTS = 20;
    /** So many election time-outs a leader that was removed hands over for; then it just ends. */
    static final long LEAVE_TIMEOUTS = 2;

    private final LogState state;
    private final Replication replication;
    private final Appender appender;
    private final LongConsumer handOver;
    private final long term;
    private final long noOp;
    private final OrderDesk desk;
    private final LostDisks lost;
    private final Invitations invitations;
    /** Who waits for the change that is under way. */
    private final Askers askers;
    /** Who wants this node to lead, and waits for the proof that it does. */
    private final Askers here;

    /** Appends an entry that sets members, and sends it. */
    interface Appender {
        void append(Members members, long now);
    }

    private @Nullable Course run;
    private boolean unfinished;
    private boolean left;
    private long leaveAt = Deadline.NEVER;
    private long tickAt;

    /**
     * For one leadership.
     *
     * @param desk has admitted every order that comes here
     * @param handOver lets somebody else lead, without an order
     * @param noOp the first entry of the term
     */
    Change(
            LogState state,
            Replication replication,
            OrderDesk desk,
            Appender appender,
            LongConsumer handOver,
            EntryId noOp,
            long now) {
        this.state = state;
        this.replication = replication;
        this.appender = appender;
        this.handOver = handOver;
        this.term = noOp.term();
        this.noOp = noOp.index();
        this.desk = desk;
        this.lost = new LostDisks(state, replication, now);
        this.invitations = new Invitations(state, replication);
        this.askers = new Askers(desk);
        this.here = new Askers(desk);
        this.tickAt = now;
        this.unfinished = isUnfinished();
    }

    // ---- orders

    /** An operator orders something about members. */
    void order(String node, Control message, long now) {
        Ruling ruling = rule(node, message, now);
        if (ruling != null) {
            desk.rule(node, message.which(), ruling);
        }
    }

    /** An operator orders that this node leads. That it does is known when it has committed an entry that says so. */
    void stay(String node, Control message, long now) {
        Ruling ruling = unready(message);
        if (ruling == null) {
            here.add(node, message);
            step(now);
            ruling = here.waits(message.which()) ? new Underway(how()) : null;
        }
        if (ruling != null) {
            desk.rule(node, message.which(), ruling);
        }
    }

    /** What is answered before anything else is looked at, or null. */
    private @Nullable Ruling unready(Control message) {
        if (state.commit() < noOp) {
            return new Underway("The leader waits for the first commit of this term.");
        }
        Members members = state.members();
        if (!members.orders().contains(message.which())) {
            return null;
        }
        // It is done, whatever is being done by now: another change must not make it look undone.
        return members.joint() || pending() ? new Underway(how()) : new Settled(members.bare());
    }

    /** The answer, or null if the change itself has answered already. */
    private @Nullable Ruling rule(String node, Control message, long now) {
        Ruling unready = unready(message);
        if (unready != null) {
            return unready;
        }
        Course current = run;
        if (current == null && (pending() || unfinished)) {
            return new Underway(
                    left ? "The leader was removed and hands over." : "Another change is finished first. " + how());
        }
        Goal goal = Goal.of(message.order(), current == null ? state.members() : current.origin);
        if (goal == null) {
            return new Declined(message.order() + " is not known to this version.");
        }
        if (current != null && !current.goal.same(goal)) {
            return new Declined("One change at a time: the order to " + current.goal.what()
                    + " is being done; order again when it is settled.");
        }
        String wrong = current == null ? wrong(message.order(), goal) : null;
        if (wrong != null) {
            return new Declined(wrong);
        }
        askers.add(node, message);
        if (current == null) {
            begin(goal, now);
        }
        return run == null ? null : new Underway(how());
    }

    private @Nullable String wrong(Order order, Goal goal) {
        if (goal.voters().isEmpty()) {
            return "Nobody would be left to vote; name at least one node that stays. To end the group, stop its nodes.";
        }
        if (order instanceof ReplaceMember replace && !goal.voters().contains(replace.node())) {
            return replace.node() + " is no voter of this group, so there is nothing to replace; the voters are "
                    + Goal.list(goal.voters()) + ". To let it in, order it to be added.";
        }
        return null;
    }

    private void begin(Goal goal, long now) {
        run = new Course(goal, state.members(), timeout(), now);
        tick(now);
    }

    /** A node has said who it is. */
    void met(Peer peer, long now) {
        Course current = run;
        if (current != null && current.goal.joining().contains(peer.node())) {
            // Whoever answered first is the one, until this change has ended: it may be a learner by now.
            current.met.putIfAbsent(peer.node(), peer);
            step(now);
        } else if (current == null && free() && lost.succeeds(peer, now)) {
            replace(peer, now);
            state.emit(new Effect.Warn("The disk of " + peer.node() + " was lost, and its place is given to " + peer
                    + " (murmuration.replace-lost = automatic)."));
            tick(now);
        }
    }

    private void replace(Peer successor, long now) {
        lost.begin(now);
        Goal goal = Objects.requireNonNull(Goal.of(new ReplaceMember(successor.node()), state.members()));
        Course begun = new Course(goal, state.members(), timeout(), now);
        begun.met.put(successor.node(), successor);
        run = begun;
    }

    // ---- the way

    /** Goes on as far as it can: something was committed, or a learner has come closer. */
    void step(long now) {
        boolean idle = run == null && !unfinished && here.orders().isEmpty();
        if (idle || state.commit() < noOp || pending()) {
            return;
        }
        Members members = state.members();
        Course current = run;
        here.settle(members);
        if (members.joint()) {
            set(members.then(members.voters(), List.of(), members.learners()), now);
        } else if (current != null) {
            advance(current, members, now);
        }
        if (!here.allIn(state.members()) && !pending()) {
            set(state.members(), now);
        }
        if (run == null && !pending()) {
            unfinished = isUnfinished();
            leaveIfRemoved(now);
        }
    }

    private void advance(Course current, Members members, long now) {
        String failure = current.failure;
        if (failure != null) {
            giveUp(current, members, failure, now);
            return;
        }
        if (!current.missing().isEmpty()) {
            return;
        }
        Members target = current.target(members);
        List<Peer> newcomers = Course.newcomers(members, target);
        if (members.bare().equals(target.bare())) {
            settle(members, now);
        } else if (!members.learners().containsAll(newcomers)) {
            set(Course.withLearners(members, newcomers), now);
        } else if (mayDecide(current, target, newcomers, now)) {
            boolean sameVoters = members.voters().equals(target.voters());
            List<Peer> outgoing = sameVoters ? List.of() : members.voters();
            set(target.then(target.voters(), outgoing, target.learners()).noting(askers.orders()), now);
        } else if (current.failure != null) {
            giveUp(current, members, current.failure, now);
        }
    }

    /** Whether the newcomers have caught up, and enough of all who are to vote are there. */
    private boolean mayDecide(Course current, Members target, List<Peer> newcomers, long now) {
        return current.caughtUp(newcomers, replication, state.tail().lastIndex(), now)
                && current.canDecide(target, state.self(), replication, now);
    }

    /** It is as was ordered. Whoever joined in late is named by one more entry. */
    private void settle(Members members, long now) {
        if (askers.allIn(members)) {
            end(new Settled(members.bare()));
        } else {
            set(members.noting(askers.orders()), now);
        }
    }

    /** What is left of a change that failed is taken back before its operator is told. */
    private void giveUp(Course current, Members members, String why, long now) {
        List<Peer> others = members.learners().stream()
                .filter(peer -> !current.goal.joining().contains(peer.node()))
                .toList();
        if (others.size() == members.learners().size()) {
            end(new Declined(why));
        } else {
            set(members.then(members.voters(), List.of(), others), now);
        }
    }

    private void end(Ruling ruling) {
        run = null;
        askers.answerAll(ruling);
    }

    /** In force from here on (§6); committed by the majorities of the new members, joint or not. */
    private void set(Members members, long now) {
        if (pending()) {
            throw new InvariantViolation(
                    "Members are set one at a time, but those at " + state.membersIndex() + " are not committed.");
        }
        unfinished = true;
        appender.append(members.noting(here.orders()), now);
    }

    /**
     * "The cluster leader is not part of the new configuration ... the leader steps down (returns to follower state)
     * once it has committed the C-new log entry" (§6).
     */
    private void leaveIfRemoved(long now) {
        if (!left && unfinished && !state.members().joint()) {
            left = true;
            leaveAt = now + LEAVE_TIMEOUTS * timeout();
            replication.tellAll(now);
            handOver.accept(now);
        }
    }

    private boolean isUnfinished() {
        Members members = state.members();
        return members.joint() || !members.votes(state.self());
    }

    /** Whether a change may begin by itself. */
    private boolean free() {
        return state.commit() >= noOp && !pending() && !unfinished;
    }

    /** Whether the members in force are not committed yet. */
    private boolean pending() {
        return state.membersIndex() > state.commit();
    }

    // ---- time

    void wake(long now) {
        if (Deadline.due(leaveAt, now)) {
            leaveAt = Deadline.NEVER;
            state.emit(new Effect.SteppedDown(term));
        }
        if (Deadline.due(tickAt(), now)) {
            tick(now);
        }
    }

    long wakeAt() {
        return Deadline.earlier(tickAt(), leaveAt);
    }

    private long tickAt() {
        return run != null || invitations.open() || lost.replaced() ? tickAt : Deadline.NEVER;
    }

    private void tick(long now) {
        Course current = run;
        tickAt = now + (current != null || invitations.open() ? timeout() / 2 : LostDisks.LOOK_TIMEOUTS * timeout());
        if (current != null) {
            identify(current, now);
        } else {
            if (free()) {
                lost.begun(now).ifPresent(learner -> replace(learner, now));
            }
            lost.look(now);
        }
        step(now);
        invitations.send();
    }

    private void identify(Course current, long now) {
        if (current.goal.joining().contains(state.self().node())) {
            current.met.put(state.self().node(), state.self());
        }
        List<String> missing = current.missing();
        if (current.failure == null && !missing.isEmpty()) {
            missing.forEach(name -> state.emit(new Effect.Identify(name)));
            current.checkPatience(ANSWER_TIMEOUTS * timeout(), now);
        }
    }

    private long timeout() {
        return state.settings().timeoutNanos();
    }

    // ---- words

    /** What is being done and what it waits for, or null if nothing is. */
    @Nullable
    String words() {
        Course current = run;
        return current == null && !unfinished
                ? null
                : current == null ? how() : "To " + current.goal.what() + ": " + how();
    }

    private String how() {
        Members members = state.members();
        Course current = run;
        if (pending() || members.joint()) {
            String index = String.format(Locale.ROOT, " holds index %,d.", state.membersIndex());
            return members.joint()
                    ? "Waits until a majority of the new members (" + Goal.list(Goal.names(members.voters()))
                            + ") and one of the old (" + Goal.list(Goal.names(members.outgoing())) + ")" + index
                    : "Waits until a majority of the members (" + Goal.list(Goal.names(members.voters())) + ")" + index;
        }
        if (current == null) {
            return "The members do not name the leader, which hands over.";
        }
        return current.how(replication, state.tail().lastIndex());
    }
}
