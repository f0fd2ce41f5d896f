package io.murmuration.testkit.sim;

import io.murmuration.core.apply.Effect.Take;
import io.murmuration.core.apply.Image;
import io.murmuration.core.log.Effect.Covered;
import io.murmuration.core.log.Effect.Fetch;
import io.murmuration.core.log.Effect.TakeSnapshot;
import io.murmuration.core.log.Effect.Unneeded;
import io.murmuration.core.model.Snapshot;
import io.murmuration.core.model.SnapshotRpc;
import io.murmuration.core.snapshot.Effect;
import io.murmuration.core.snapshot.Port;
import io.murmuration.core.snapshot.Snapshots;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** The shell of {@link Snapshots}: what SnapshotsActor is in production. What it does elsewhere takes a while. */
final class SnapshotsShell implements Port {
    private final SimNode node;
    private final UUID group;
    private final Snapshots core;
    private final SimCodec codec;

    SnapshotsShell(SimNode node, UUID group, Snapshots core, SimCodec codec) {
        this.node = node;
        this.group = group;
        this.core = core;
        this.codec = codec;
    }

    void receive(Object message) {
        long now = node.nanos();
        if (message instanceof Message.Wire wire) {
            perform(core.receive(wire.from(), (SnapshotRpc) wire.body(), now));
        } else if (message instanceof Take m) {
            perform(core.taken(m.image(), m.image().last()));
        } else if (message instanceof Message.Encoded m) {
            perform(core.encoded(m.last(), m.bytes(), m.bytes().checksum()));
        } else if (message instanceof Message.Saved m) {
            perform(m.durable() ? core.saved(m.index()) : core.saveFailed(m.index(), "no space", now));
        } else if (message instanceof Message.Loaded m) {
            perform(core.loaded(m.id(), m.bytes(), now));
        } else if (message instanceof Message.Decoded m) {
            Snapshot snapshot = m.snapshot();
            perform(core.decoded(snapshot.last(), snapshot.members(), Image.of(snapshot, codec), now));
        } else {
            receiveOfLog(message, now);
        }
    }

    private void receiveOfLog(Object message, long now) {
        if (message instanceof Fetch m) {
            perform(core.fetch(m.snapshot(), now));
        } else if (message instanceof TakeSnapshot) {
            perform(core.requested());
        } else if (message instanceof Covered m) {
            perform(core.covered(m.index()));
        } else if (message instanceof Message.Installed m) {
            perform(core.installed(m.index()));
        } else if (message instanceof Unneeded m) {
            perform(core.unneeded(m.index()));
        } else if (message instanceof Message.Seed m) {
            perform(core.seed(m.index(), m.others(), now));
        } else if (message instanceof Message.Wake) {
            perform(core.wake(now));
        } else if (message instanceof Message.Start) {
            if (core.newest() != null) {
                perform(List.of(new Effect.Compact(core.newest())));
            }
        } else {
            throw new AssertionError("Snapshots is told " + message + ", which it does not know.");
        }
    }

    private void perform(List<Effect> effects) {
        for (Effect effect : effects) {
            node.world().beforeEffect(node);
            effect.to(this);
        }
        node.arm(Actor.SNAPSHOTS, core.wakeAt());
    }

    /** It comes to an end if the process lives, and is told if this replica still lives too. */
    private void aside(String what, Supplier<Message> work) {
        long meant = node.lifeOf(Actor.SNAPSHOTS);
        node.world().aside(node, what, () -> {
            Message done = work.get();
            if (node.lifeOf(Actor.SNAPSHOTS) == meant && node.hears(Actor.SNAPSHOTS)) {
                node.post(Actor.SNAPSHOTS, Actor.SNAPSHOTS, done);
            }
        });
    }

    @Override
    public void encode(Effect.Encode effect) {
        Image<?> image = (Image<?>) effect.image();
        aside(
                "has encoded a snapshot",
                () -> new Message.Encoded(
                        effect.last(), codec.encode(image.encoded(group, codec, Limits.SNAPSHOT_BYTES_MAX))));
    }

    @Override
    public void decode(Effect.Decode effect) {
        aside("has decoded a snapshot", () -> new Message.Decoded(codec.snapshot(effect.bytes())));
    }

    @Override
    public void save(Effect.Save effect) {
        long index = effect.last().index();
        aside("has saved a snapshot", () -> {
            boolean room = !node.disk().full();
            if (room) {
                node.disk().save(index, effect.bytes());
            }
            return new Message.Saved(index, room);
        });
    }

    @Override
    public void load(Effect.Load effect) {
        aside(
                "has read a snapshot",
                () -> new Message.Loaded(
                        effect.id(), node.disk().snapshots().get(effect.id().index())));
    }

    @Override
    public void deleteBelow(Effect.DeleteBelow effect) {
        node.disk().snapshots().headMap(effect.index(), false).clear();
    }

    @Override
    public void send(Effect.Send effect) {
        node.send(Actor.SNAPSHOTS, effect.node(), Actor.SNAPSHOTS, effect.message());
    }

    @Override
    public void takeNow(Effect.TakeNow effect) {
        node.post(Actor.SNAPSHOTS, Actor.MACHINE, effect);
    }

    @Override
    public void takeEnded(Effect.TakeEnded effect) {
        node.post(Actor.SNAPSHOTS, Actor.MACHINE, effect);
    }

    @Override
    public void compact(Effect.Compact effect) {
        node.post(Actor.SNAPSHOTS, Actor.LOG, effect);
    }

    @Override
    public void lost(Effect.Lost effect) {
        node.post(Actor.SNAPSHOTS, Actor.LOG, effect);
        node.post(Actor.SNAPSHOTS, Actor.MACHINE, effect);
    }

    @Override
    public void install(Effect.Install effect) {
        node.post(Actor.SNAPSHOTS, Actor.LOG, effect);
    }

    @Override
    public void pulled(Effect.Pulled effect) {
        node.post(Actor.SNAPSHOTS, Actor.LOG, effect);
    }

    @Override
    public void warn(Effect.Warn effect) {
        // For operators; the trace shows what led to it.
    }
}
