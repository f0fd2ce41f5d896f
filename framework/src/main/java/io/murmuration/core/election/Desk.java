package io.murmuration.core.election;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of one {@link Election} share: the ballot, the fences, the timer, the members, and the effects decided
 * so far while one message is handled. Mutable.
 */
final class Desk {
    final Peer self;
    final ElectionSettings settings;
    /** T in nanoseconds. */
    final long timeout;

    final Ballots ballots;
    final Fences fences = new Fences();
    final ElectionTimer timer;
    final Pulses pulses;
    /** Since the last hand-over of this node's own accord, across terms. */
    final Rest rest = new Rest();
    /** The members in force in Log, as it last said. */
    Members members = Members.NONE;
    /** Whether Log has told the members since this Election started. */
    boolean informed;
    /** Whether this node may stand for election: it votes, or did by the members that are committed. */
    boolean mayStand;
    /** Whether this node is being stopped: it stands no more, and says that nobody should choose it. */
    boolean retiring;

    private List<Effect> effects = new ArrayList<>();
    private Role toldRole = Role.FOLLOWER;
    private long toldTerm;

    Desk(Peer self, ElectionSettings settings, Ballot recovered, RandomGenerator random) {
        this.self = self;
        this.settings = settings;
        this.timeout = settings.timeout().toNanos();
        this.ballots = new Ballots(recovered);
        this.timer = new ElectionTimer(timeout, random);
        this.pulses = new Pulses(timeout);
        this.toldTerm = recovered.term();
    }

    long term() {
        return ballots.term();
    }

    void emit(Effect effect) {
        effects.add(effect);
    }

    void emitAll(List<Effect> more) {
        effects.addAll(more);
    }

    /** What was decided since the last call. */
    List<Effect> take() {
        List<Effect> decided = List.copyOf(effects);
        effects = new ArrayList<>();
        return decided;
    }

    /** Reports role and term if one of them has changed. */
    void report(Role role, String why) {
        if (role != toldRole || term() != toldTerm) {
            toldRole = role;
            toldTerm = term();
            emit(new Effect.Became(toldRole, toldTerm, why));
        }
    }

    /** Tells the operator. */
    void warn(String what) {
        emit(new Effect.Warn(what));
    }

    /** Says something that waits for nothing. */
    void send(Peer to, ElectionRpc message) {
        emit(new Effect.Send(to.node(), message));
    }

    /** Answers with the current term, once that term is durable. */
    void reply(Peer to, ElectionRpc message) {
        emitIfReady(ballots.onceTermIsDurable(new Effect.Send(to.node(), message)));
    }

    /** Answers with a vote, once that vote is durable. */
    void replyVote(Peer to, ElectionRpc.VoteReply message) {
        emitIfReady(ballots.onceVoteIsDurable(new Effect.Send(to.node(), message)));
    }

    /** Changes the ballot in memory and has it written. */
    void cast(Ballot next, long now) {
        emit(ballots.change(next, now));
    }

    /** Asks Log for a fence of the current term, at once if that term is durable. */
    long fence(Purpose purpose, long now) {
        long attempt = fences.open(term(), purpose);
        if (ballots.termIsDurable()) {
            emitAll(fences.ask(term(), now));
        }
        return attempt;
    }

    void askPulses(long now) {
        if (pulses.asksLog(now)) {
            emit(new Effect.AskLogPulse());
        }
        if (pulses.asksMachine(now)) {
            emit(new Effect.AskMachinePulse());
        }
    }

    private void emitIfReady(@Nullable Effect effect) {
        if (effect != null) {
            emit(effect);
        }
    }
}
