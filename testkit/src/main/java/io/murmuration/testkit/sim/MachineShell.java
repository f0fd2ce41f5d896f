package io.murmuration.testkit.sim;

import io.murmuration.core.apply.Effect;
import io.murmuration.core.apply.Image;
import io.murmuration.core.apply.Machine;
import io.murmuration.core.apply.Port;
import io.murmuration.core.apply.Reader;
import io.murmuration.core.apply.Told;
import io.murmuration.core.apply.Watcher;
import io.murmuration.core.election.Effect.AskMachinePulse;
import io.murmuration.core.log.Effect.Committed;
import io.murmuration.core.log.Effect.Restore;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.MachineRpc.OutcomeHash;
import io.murmuration.core.model.Members;
import io.murmuration.core.snapshot.Effect.Lost;
import io.murmuration.core.snapshot.Effect.TakeEnded;
import io.murmuration.core.snapshot.Effect.TakeNow;
import java.util.ArrayList;
import java.util.List;

/** The shell of a {@link Machine}: what MachineActor is in production. */
final class MachineShell implements Port {
    private final SimNode node;
    private final Machine<?> core;
    private final List<Restore> early = new ArrayList<>();
    private boolean started;

    MachineShell(SimNode node, Machine<?> core) {
        this.node = node;
        this.core = core;
    }

    void receive(Object message) {
        if (message instanceof Committed m) {
            perform(core.committed(m.entries(), m.answering()));
        } else if (message instanceof Message.Again) {
            perform(core.slice());
        } else if (message instanceof Message.Read m) {
            perform(core.read(m.index(), m.reader()));
        } else if (message instanceof AskMachinePulse) {
            perform(core.pulse());
        } else if (message instanceof Message.Start) {
            started = true;
            perform(core.start());
            early.forEach(this::receive);
        } else if (message instanceof TakeNow) {
            perform(core.snapshotNow());
        } else if (message instanceof Lost) {
            core.snapshotLost();
        } else if (message instanceof TakeEnded m) {
            perform(core.snapshotEnded(m.index(), m.ok()));
        } else if (message instanceof Restore m && !started) {
            // Whoever has a state restored was told of its neighbours after the Machine was: it never is the first.
            early.add(m);
        } else if (message instanceof Restore m) {
            perform(core.restore((Image<?>) m.image()));
        } else if (message instanceof Message.Wire wire) {
            OutcomeHash hash = (OutcomeHash) wire.body();
            perform(core.reported(wire.from(), hash));
        } else {
            throw new AssertionError("Machine is told " + message + ", which it does not know.");
        }
    }

    Machine<?> core() {
        return core;
    }

    private void perform(List<Effect> effects) {
        for (Effect effect : effects) {
            node.world().beforeEffect(node);
            effect.to(this);
        }
    }

    @Override
    public void ready(long index) {
        node.post(Actor.MACHINE, Actor.LOG, new Effect.Ready(index));
    }

    @Override
    public void applied(long index) {
        node.post(Actor.MACHINE, Actor.LOG, new Effect.Progressed(index));
    }

    @Override
    public void answer(String other, ClientRpc message) {
        node.answer(Actor.MACHINE, other, message);
    }

    @Override
    public void serve(Reader reader, Object state, long applied) {
        reader.read(state, applied);
    }

    @Override
    public void watched(Watcher watcher, long number, Told told) {
        watcher.told(number, told);
    }

    @Override
    public void continueLater() {
        node.post(Actor.MACHINE, Actor.MACHINE, new Message.Again());
    }

    @Override
    public void pulse(long applied) {
        node.post(Actor.MACHINE, Actor.ELECTION, new Effect.Alive(applied));
    }

    @Override
    public void replyLost(long index, String command, Throwable cause) {
        throw new AssertionError("The codec of the simulation takes every reply.", cause);
    }

    @Override
    public void take(Image<?> image) {
        node.world().witness().taken(node, image);
        node.post(Actor.MACHINE, Actor.SNAPSHOTS, new Effect.Take(image));
    }

    @Override
    public void report(OutcomeHash hash, Members members) {
        members.everyone()
                .filter(peer -> !peer.node().equals(node.name()))
                .forEach(peer -> node.send(Actor.MACHINE, peer.node(), Actor.MACHINE, hash));
    }

    @Override
    public void warn(String sentence) {
        throw new AssertionError(sentence);
    }

    @Override
    public void stop(RuntimeException cause) {
        throw cause;
    }
}
