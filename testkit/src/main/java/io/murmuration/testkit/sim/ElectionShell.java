package io.murmuration.testkit.sim;

import io.murmuration.core.apply.Effect.Alive;
import io.murmuration.core.election.Effect;
import io.murmuration.core.election.Election;
import io.murmuration.core.election.Role;
import io.murmuration.core.log.Effect.ConfirmRead;
import io.murmuration.core.log.Effect.Fenced;
import io.murmuration.core.log.Effect.HandOver;
import io.murmuration.core.log.Effect.LeaderHeard;
import io.murmuration.core.log.Effect.LogPulse;
import io.murmuration.core.log.Effect.MembersChanged;
import io.murmuration.core.log.Effect.SteppedDown;
import io.murmuration.core.log.Effect.TermSeen;
import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.HandOverStep;
import io.murmuration.core.model.StoreRecord.BallotCast;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The shell of an {@link Election}: what ElectionActor is in production. */
final class ElectionShell implements Effect.Port {
    private final SimNode node;
    private final Election core;
    /** Whether heartbeats may wait for those of other groups: not those that a read waits for. */
    private boolean together;

    ElectionShell(SimNode node, Election core) {
        this.node = node;
        this.core = core;
    }

    void receive(Object message) {
        long now = node.nanos();
        Message.Wire wire = Message.wire(message);
        together = message instanceof Message.Together
                || message instanceof Message.Wake
                || message instanceof Message.Silent;
        if (wire != null) {
            if (wire.body() instanceof ElectionRpc body) {
                perform(core.received(wire.from(), body, now));
            }
        } else if (message instanceof Message.Written written) {
            perform(core.written(written.sequence(), now));
        } else if (message instanceof Fenced m) {
            perform(core.fenced(m.term(), m.attempt(), m.last(), m.members(), m.mayStand(), now));
        } else if (message instanceof TermSeen m) {
            perform(core.termSeen(m.term(), now));
        } else if (message instanceof LeaderHeard m) {
            perform(core.leaderHeard(m.term(), m.leader(), now));
        } else if (message instanceof MembersChanged m) {
            perform(core.membersChanged(m.members(), m.mayStand(), now));
        } else if (message instanceof SteppedDown m) {
            perform(core.steppedDown(m.term(), now));
        } else if (message instanceof ConfirmRead m) {
            perform(core.confirmRead(m.asker(), m.life(), m.id(), m.index(), m.term(), now));
        } else if (message instanceof LogPulse m) {
            perform(core.logPulse(m.last(), m.commit(), m.durable(), m.written(), now));
        } else if (message instanceof Alive m) {
            perform(core.machinePulse(m.applied(), now));
        } else if (message instanceof HandOver m) {
            perform(core.handOver(m.term(), m.step(), now));
        } else if (message instanceof Message.Silent m) {
            node.world().witness().silent(node);
            perform(core.silent(m.node(), m.since(), now));
        } else if (message instanceof Message.Departed m) {
            perform(core.gone(m.node(), now));
        } else if (message instanceof Message.Wake) {
            perform(core.wake(now));
        } else if (message instanceof Message.Again) {
            perform(core.drained(now));
        } else if (message instanceof Message.Retire) {
            perform(core.retire(now));
        } else if (message instanceof Message.Start) {
            perform(core.start(now));
        } else {
            throw new AssertionError("Election is told " + message + ", which it does not know.");
        }
    }

    Election core() {
        return core;
    }

    private void perform(List<Effect> effects) {
        for (Effect effect : effects) {
            node.world().beforeEffect(node);
            effect.to(this);
        }
        node.arm(Actor.ELECTION, core.wakeAt());
    }

    @Override
    public void send(String other, ElectionRpc message) {
        node.world().witness().says(node, other, message);
        boolean beat = message instanceof ElectionRpc.Heartbeat || message instanceof ElectionRpc.HeartbeatReply;
        if (together && beat && node.host().several()) {
            node.beat(other, message);
        } else {
            node.send(Actor.ELECTION, other, Actor.ELECTION, message);
        }
    }

    @Override
    public void answer(String other, ClientRpc message) {
        node.answer(Actor.ELECTION, other, message);
    }

    @Override
    public void persist(long sequence, Ballot ballot) {
        node.post(
                Actor.ELECTION,
                Actor.STORE,
                new Message.Write(Actor.ELECTION, sequence, List.of(new BallotCast(ballot))));
    }

    @Override
    public void fence(long term, long attempt) {
        node.post(Actor.ELECTION, Actor.LOG, new Effect.Fence(term, attempt));
    }

    @Override
    public void lead(long term) {
        node.world().witness().won(node, term);
        node.post(Actor.ELECTION, Actor.LOG, new Effect.Lead(term));
    }

    @Override
    public void follow(long term, String leader) {
        node.post(Actor.ELECTION, Actor.LOG, new Effect.Follow(term, leader));
    }

    @Override
    public void resign(long term) {
        node.post(Actor.ELECTION, Actor.LOG, new Effect.Resign(term));
    }

    @Override
    public void leaderIs(long term, @Nullable String leader) {
        node.post(Actor.ELECTION, Actor.GATEWAY, new Effect.LeaderIs(term, leader));
    }

    @Override
    public void askLogPulse() {
        node.post(Actor.ELECTION, Actor.LOG, new Effect.AskLogPulse());
    }

    @Override
    public void askMachinePulse() {
        node.post(Actor.ELECTION, Actor.MACHINE, new Effect.AskMachinePulse());
    }

    @Override
    public void drain() {
        node.post(Actor.ELECTION, Actor.ELECTION, new Message.Again());
    }

    @Override
    public void handOver(long term, HandOverStep step) {
        node.world().witness().handsOver(node, step);
        node.post(Actor.ELECTION, Actor.LOG, new Effect.HandOver(term, step));
    }

    @Override
    public void relieved() {
        node.post(Actor.ELECTION, Actor.GROUP, new Message.Relieved());
    }

    @Override
    public void doze(List<String> nodes) {
        node.world().witness().dozes(node, nodes);
        if (node.leads() && !nodes.isEmpty()) {
            node.world().dozes();
        }
        node.post(
                Actor.ELECTION, Actor.HEARTBEATS, new Message.Rely(node.group().name(), nodes));
        node.post(Actor.ELECTION, Actor.LOG, new Message.Doze(!nodes.isEmpty()));
    }

    @Override
    public void warn(String what) {
        // For operators; the trace shows what led to it.
    }

    @Override
    public void became(Role role, long term, String why) {
        node.world().witness().became(node, role, term);
    }
}
