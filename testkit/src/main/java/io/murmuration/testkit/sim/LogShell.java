package io.murmuration.testkit.sim;

import io.murmuration.core.apply.Effect.Progressed;
import io.murmuration.core.apply.Effect.Ready;
import io.murmuration.core.election.Effect.AskLogPulse;
import io.murmuration.core.election.Effect.Fence;
import io.murmuration.core.election.Effect.Follow;
import io.murmuration.core.election.Effect.HandOver;
import io.murmuration.core.election.Effect.Lead;
import io.murmuration.core.election.Effect.Resign;
import io.murmuration.core.log.Effect;
import io.murmuration.core.log.Moment;
import io.murmuration.core.log.Port;
import io.murmuration.core.log.ReplicatedLog;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.LogRpc;
import io.murmuration.core.model.Members;
import io.murmuration.core.snapshot.Effect.Compact;
import io.murmuration.core.snapshot.Effect.Install;
import io.murmuration.core.snapshot.Effect.Lost;
import io.murmuration.core.snapshot.Effect.Pulled;
import java.util.List;

/** The shell of a {@link ReplicatedLog}: what LogActor is in production. */
final class LogShell implements Port {
    private final SimNode node;
    private final ReplicatedLog core;
    private Members told = Members.NONE;

    LogShell(SimNode node, ReplicatedLog core) {
        this.node = node;
        this.core = core;
    }

    void receive(Object message) {
        long now = node.nanos();
        if (message instanceof Message.Wire wire) {
            receive(wire, now);
        } else if (message instanceof Message.Written written) {
            perform(core.written(written.sequence(), now));
        } else if (message instanceof Message.Again) {
            perform(core.flush(now));
        } else if (message instanceof Progressed m) {
            perform(core.applied(m.index()));
        } else if (message instanceof AskLogPulse) {
            perform(core.pulse());
        } else if (message instanceof Message.Wake) {
            perform(core.wake(now));
        } else if (message instanceof Fence m) {
            perform(core.fence(m.term(), m.attempt(), now));
        } else if (message instanceof Lead m) {
            lead(m, now);
        } else if (message instanceof Follow m) {
            perform(core.follow(m.term(), m.leader()));
        } else if (message instanceof Resign m) {
            perform(core.resign(m.term()));
        } else if (message instanceof HandOver m) {
            perform(core.handOver(m.term(), m.step(), now));
        } else if (message instanceof Message.Doze m) {
            perform(core.doze(m.dozes(), now));
        } else if (message instanceof Ready m) {
            perform(core.machineReady(m.index()));
        } else if (message instanceof Compact m) {
            perform(core.compact(m.snapshot(), now));
        } else if (message instanceof Lost m) {
            perform(core.lost(m.id()));
        } else if (message instanceof Install m) {
            perform(core.install(m.last(), m.members(), m.image(), now));
        } else if (message instanceof Message.Met m) {
            perform(core.members().met(m.peer(), moment(now)));
        } else if (message instanceof Pulled m) {
            perform(core.pulled(m.follower(), m.index(), now));
        } else {
            throw new AssertionError("Log is told " + message + ", which it does not know.");
        }
    }

    private void receive(Message.Wire wire, long now) {
        if (wire.body() instanceof LogRpc body) {
            perform(core.receive(wire.from(), body, now));
        } else if (wire.body() instanceof ClientRpc.Propose body) {
            perform(core.propose(wire.from(), body, moment(now)));
        } else if (wire.body() instanceof ClientRpc.ReadIndex body) {
            perform(core.readIndex(wire.from(), body, now));
        } else if (wire.body() instanceof ClientRpc.Open body) {
            perform(core.open(wire.from(), body, moment(now)));
        } else if (wire.body() instanceof ClientRpc.Control body) {
            perform(core.control(wire.from(), body, moment(now)));
        }
    }

    private void lead(Lead m, long now) {
        boolean before = core.leading();
        EntryId last = core.last();
        List<Effect> effects = core.lead(m.term(), moment(now));
        if (!before && core.leading()) {
            node.world().witness().leads(node, last);
        }
        perform(effects);
    }

    ReplicatedLog core() {
        return core;
    }

    private Moment moment(long now) {
        return new Moment(now, node.millis());
    }

    private void perform(List<Effect> effects) {
        for (Effect effect : effects) {
            node.world().beforeEffect(node);
            effect.to(this);
        }
        node.arm(Actor.LOG, core.wakeAt());
    }

    @Override
    public void send(Effect.Send effect) {
        node.world().witness().says(node, effect.node(), effect.message());
        node.send(Actor.LOG, effect.node(), Actor.LOG, effect.message());
    }

    @Override
    public void answer(Effect.Answer effect) {
        node.answer(Actor.LOG, effect.node(), effect.message());
    }

    @Override
    public void write(Effect.Write effect) {
        node.world().witness().writes(node, effect.record());
        node.post(Actor.LOG, Actor.STORE, new Message.Write(Actor.LOG, effect.sequence(), List.of(effect.record())));
    }

    @Override
    public void fenced(Effect.Fenced effect) {
        tellMembers(effect.members());
        node.post(Actor.LOG, Actor.ELECTION, effect);
    }

    private void tellMembers(Members members) {
        if (!members.equals(told)) {
            told = members;
            node.post(Actor.LOG, Actor.GROUP, new Message.MembersAre(members));
        }
    }

    @Override
    public void termSeen(Effect.TermSeen effect) {
        node.post(Actor.LOG, Actor.ELECTION, effect);
    }

    @Override
    public void leaderHeard(Effect.LeaderHeard effect) {
        node.post(Actor.LOG, Actor.ELECTION, effect);
    }

    @Override
    public void membersChanged(Effect.MembersChanged effect) {
        node.world().witness().inForce(node, effect.members());
        tellMembers(effect.members());
        node.post(Actor.LOG, Actor.ELECTION, effect);
    }

    @Override
    public void steppedDown(Effect.SteppedDown effect) {
        node.post(Actor.LOG, Actor.ELECTION, effect);
    }

    @Override
    public void identify(Effect.Identify effect) {
        node.post(Actor.LOG, Actor.GROUP, effect);
    }

    @Override
    public void invite(Effect.Invite effect) {
        node.post(Actor.LOG, Actor.GROUP, effect);
    }

    @Override
    public void confirmRead(Effect.ConfirmRead effect) {
        node.post(Actor.LOG, Actor.ELECTION, effect);
    }

    @Override
    public void logPulse(Effect.LogPulse effect) {
        node.post(Actor.LOG, Actor.ELECTION, effect);
    }

    @Override
    public void handOver(Effect.HandOver effect) {
        node.post(Actor.LOG, Actor.ELECTION, effect);
    }

    @Override
    public void committed(Effect.Committed effect) {
        node.world().witness().committed(node, effect.entries());
        node.post(Actor.LOG, Actor.MACHINE, effect);
    }

    @Override
    public void fetch(Effect.Fetch effect) {
        node.post(Actor.LOG, Actor.SNAPSHOTS, effect);
    }

    @Override
    public void restore(Effect.Restore effect) {
        node.post(Actor.LOG, Actor.MACHINE, effect);
        node.post(Actor.LOG, Actor.SNAPSHOTS, new Message.Installed(effect.index()));
    }

    @Override
    public void covered(Effect.Covered effect) {
        node.post(Actor.LOG, Actor.SNAPSHOTS, effect);
    }

    @Override
    public void unneeded(Effect.Unneeded effect) {
        node.post(Actor.LOG, Actor.SNAPSHOTS, effect);
    }

    @Override
    public void takeSnapshot() {
        node.post(Actor.LOG, Actor.SNAPSHOTS, new Effect.TakeSnapshot());
    }

    @Override
    public void flushSoon() {
        node.post(Actor.LOG, Actor.LOG, new Message.Again());
    }

    @Override
    public void warn(Effect.Warn effect) {
        // For operators; the trace shows what led to it.
    }
}
