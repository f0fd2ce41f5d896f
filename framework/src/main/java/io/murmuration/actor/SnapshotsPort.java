package io.murmuration.actor;

import io.murmuration.core.model.SnapshotRpc.SnapshotPull;
import io.murmuration.core.snapshot.Effect;
import io.murmuration.core.snapshot.Port;
import io.murmuration.core.snapshot.Snapshots;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the effects of a {@link Snapshots} into messages, and into work for who has the store and the coder. */
final class SnapshotsPort implements Port {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotsPort.class);

    private final ReplicaContext context;
    private final Neighbours neighbours;
    private final Work work;
    private final String name;

    /** What takes time and is answered later. */
    interface Work {
        void encode(Effect.Encode effect);

        void decode(Effect.Decode effect);

        void save(Effect.Save effect);

        void load(Effect.Load effect);

        void deleteBelow(Effect.DeleteBelow effect);
    }

    SnapshotsPort(ReplicaContext context, Neighbours neighbours, Work work, String name) {
        this.context = context;
        this.neighbours = neighbours;
        this.work = work;
        this.name = name;
    }

    @Override
    public void encode(Effect.Encode effect) {
        work.encode(effect);
    }

    @Override
    public void decode(Effect.Decode effect) {
        work.decode(effect);
    }

    @Override
    public void save(Effect.Save effect) {
        LOG.info(
                "{} saves a snapshot last={} bytes={}",
                name,
                effect.last(),
                effect.bytes().size());
        work.save(effect);
    }

    @Override
    public void load(Effect.Load effect) {
        work.load(effect);
    }

    @Override
    public void deleteBelow(Effect.DeleteBelow effect) {
        work.deleteBelow(effect);
    }

    @Override
    public void send(Effect.Send effect) {
        if (effect.message() instanceof SnapshotPull pull && pull.offset() == 0) {
            LOG.info(
                    "{} pulls a snapshot from={} index={}",
                    name,
                    pull.id().holder(),
                    pull.id().index());
        }
        context.routes().snapshots(effect.node()).tell(context.wire(effect.message()));
    }

    @Override
    public void takeNow(Effect.TakeNow effect) {
        neighbours.machine().tell(new SnapshotsMessage.TakeNow());
    }

    @Override
    public void takeEnded(Effect.TakeEnded effect) {
        neighbours.machine().tell(new SnapshotsMessage.TakeEnded(effect.index(), effect.ok()));
    }

    @Override
    public void compact(Effect.Compact effect) {
        neighbours.log().tell(new SnapshotsMessage.Compact(effect.snapshot()));
    }

    @Override
    public void lost(Effect.Lost effect) {
        neighbours.log().tell(new SnapshotsMessage.Lost(effect.id()));
        neighbours.machine().tell(new SnapshotsMessage.Lost(effect.id()));
    }

    @Override
    public void install(Effect.Install effect) {
        neighbours.log().tell(new SnapshotsMessage.Install(effect.last(), effect.members(), effect.image()));
    }

    @Override
    public void pulled(Effect.Pulled effect) {
        neighbours.log().tell(new SnapshotsMessage.Pulled(effect.follower(), effect.index()));
    }

    @Override
    public void warn(Effect.Warn effect) {
        LOG.warn("{} {}", name, effect.what());
    }
}
