package io.murmuration.actor;

import io.murmuration.actor.SnapshotCoder.Bytes;
import io.murmuration.actor.SnapshotCoder.Content;
import io.murmuration.core.model.Blocks;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.SnapshotRpc;
import io.murmuration.core.model.SnapshotRpc.Held;
import io.murmuration.core.model.SnapshotRpc.SnapshotId;
import io.murmuration.core.snapshot.Effect;
import io.murmuration.core.snapshot.Port;
import io.murmuration.core.snapshot.SnapshotSettings;
import io.murmuration.core.snapshot.Snapshots;
import io.murmuration.core.snapshot.SnapshotsView;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.persistence.AbstractPersistentActorWithTimers;
import org.apache.pekko.persistence.DeleteSnapshotsFailure;
import org.apache.pekko.persistence.DeleteSnapshotsSuccess;
import org.apache.pekko.persistence.Recovery;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshotFailed;
import org.apache.pekko.persistence.SnapshotProtocol.LoadSnapshotResult;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * The shell of a replica's {@link Snapshots} (§7): it keeps them in the Pekko snapshot store, as {@code byte[][]} under
 * their index, and encodes and decodes on a dispatcher of its own.
 *
 * <p>A classic actor behind a typed face: only a persistent actor reaches a snapshot store, and the typed one persists
 * under its own numbers. It never persists an event. It is never restarted: what it cannot deal with, it says as
 * {@link SnapshotsMessage.Failed} to its GroupActor, and stops.
 */
final class SnapshotsActor {
    /** Where snapshots are encoded and decoded. */
    static final String DISPATCHER = "murmuration.snapshot-dispatcher";

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotsActor.class);

    private final ReplicaContext context;
    private final SnapshotCoder coder;
    private final SnapshotSettings settings;
    private final ActorRef<GroupMessage> parent;

    private SnapshotsActor(
            ReplicaContext context, SnapshotCoder coder, SnapshotSettings settings, ActorRef<GroupMessage> parent) {
        this.context = context;
        this.coder = coder;
        this.settings = settings;
        this.parent = parent;
    }

    /**
     * Starts the Snapshots of a replica as a child of its GroupActor, which may watch it. It expects
     * {@link SnapshotsMessage.LoadNewest} first, then {@link Neighbours}; what comes before these is dropped.
     *
     * @param parent the GroupActor's context
     * @param name the child's name
     * @param replica what the replica is started with
     * @param coder how a Machine's image is encoded and decoded
     * @return where to speak to it
     */
    static ActorRef<SnapshotsMessage> spawn(
            ActorContext<GroupMessage> parent, String name, ReplicaContext replica, SnapshotCoder coder) {
        int chunk = ChunkSize.of(parent.getSystem().settings().config(), replica.group());
        SnapshotSettings settings =
                new SnapshotSettings(chunk, replica.settings().electionTimeout(), coder.bytesMax());
        SnapshotsActor actor = new SnapshotsActor(replica, coder, settings, parent.getSelf());
        Props props = Props.create(Keeper.class, actor::started)
                .withDispatcher(replica.settings().dispatcher());
        return Adapter.toTyped(Adapter.actorOf(parent, props, name));
    }

    private Keeper started() {
        try {
            return new Keeper();
        } catch (RuntimeException e) {
            throw failed("The snapshot plugin cannot be started; look at murmuration.snapshot-plugin.", e);
        }
    }

    private <E extends Throwable> E failed(String why, E cause) {
        LOG.error("{} stops ({})", name(), why, cause);
        parent.tell(new SnapshotsMessage.Failed(why, cause));
        return cause;
    }

    private String name() {
        return "[" + context.group() + "/" + context.self().node() + " snapshots]";
    }

    /** The core's time has come. */
    private record Wake() {}

    /** An act that ends work done elsewhere; it runs on this actor's thread. */
    private record Then(Runnable act) {}

    /** Inner, since its superclass asks for the ids of the plugins while it is being constructed. */
    private final class Keeper extends AbstractPersistentActorWithTimers implements SnapshotsPort.Work {
        private final Elsewhere elsewhere = new Elsewhere(
                getContext().getSystem().dispatchers().lookup(DISPATCHER),
                act -> getSelf().tell(new Then(act), getSelf()));
        private final SnapshotLoads loads = new SnapshotLoads(this::load);
        private boolean asked;
        private boolean known;
        private @Nullable Held newest;
        private @Nullable Snapshots core;
        private @Nullable Port effectPort;
        /** Who is told when another node's snapshot has taken the place of those that are here. */
        private @Nullable ActorRef<GroupMessage> distrusting;

        private long savingAt;
        private long armedAt = Long.MAX_VALUE;

        @Override
        public String persistenceId() {
            return "murmuration|" + context.group() + "|" + context.self().node() + "|"
                    + context.self().incarnation();
        }

        @Override
        public String journalPluginId() {
            return context.settings().journalPlugin();
        }

        @Override
        public String snapshotPluginId() {
            return context.settings().snapshotPlugin();
        }

        /** Snapshots are stored under their Raft index. */
        @Override
        public long snapshotSequenceNr() {
            return savingAt;
        }

        /**
         * A recovery has a deadline of its own, which a large snapshot could miss: it is loaded by an explicit call.
         */
        @Override
        public Recovery recovery() {
            return Recovery.create(SnapshotSelectionCriteria.none());
        }

        @Override
        public void aroundPreStart() {
            try {
                super.aroundPreStart();
            } catch (RuntimeException e) {
                throw failed("The snapshot plugin cannot be started; look at murmuration.snapshot-plugin.", e);
            }
        }

        @Override
        public Receive createReceiveRecover() {
            return receiveBuilder().matchAny(event -> {}).build();
        }

        @Override
        public Receive createReceive() {
            return receiveBuilder()
                    .match(Then.class, then -> guarded(then.act()))
                    .match(Wake.class, wake -> guarded(this::onWake))
                    .match(SnapshotsMessage.class, message -> guarded(() -> on(message)))
                    .match(LoadSnapshotResult.class, result -> guarded(() -> loads.found(result.snapshot())))
                    .match(LoadSnapshotFailed.class, result -> guarded(() -> loads.failed(result.cause())))
                    .match(
                            SaveSnapshotSuccess.class,
                            saved -> guarded(() ->
                                    perform(running().saved(saved.metadata().sequenceNr()))))
                    .match(
                            SaveSnapshotFailure.class,
                            saved -> guarded(() -> perform(running()
                                    .saveFailed(saved.metadata().sequenceNr(), String.valueOf(saved.cause()), now()))))
                    .match(DeleteSnapshotsSuccess.class, deleted -> {})
                    .match(DeleteSnapshotsFailure.class, this::deleteFailed)
                    .build();
        }

        private void on(SnapshotsMessage message) {
            Snapshots snapshots = core;
            if (message instanceof SnapshotsMessage.LoadNewest load) {
                loadNewest(load.replyTo());
            } else if (message instanceof SnapshotsMessage.Distrust distrust) {
                distrust(distrust.replyTo());
            } else if (message instanceof Neighbours named) {
                begin(named);
            } else if (message instanceof SnapshotsMessage.AskStatus ask) {
                ask.replyTo()
                        .tell(new StatusPart.OfSnapshots(
                                snapshots == null ? SnapshotsView.NONE : snapshots.view(now())));
            } else if (snapshots != null) {
                on(snapshots, message);
            }
        }

        private void on(Snapshots snapshots, SnapshotsMessage message) {
            if (message instanceof Wire wire) {
                if (context.concerns(wire) && wire.body() instanceof SnapshotRpc rpc) {
                    perform(snapshots.receive(wire.from(), rpc, now()));
                }
            } else if (message instanceof SnapshotsMessage.Take take) {
                perform(snapshots.taken(take.image(), take.last()));
            } else if (message instanceof SnapshotsMessage.Fetch fetch) {
                perform(snapshots.fetch(fetch.offer(), now()));
            } else if (message instanceof SnapshotsMessage.Covered covered) {
                perform(snapshots.covered(covered.index()));
            } else if (message instanceof SnapshotsMessage.Installed installed) {
                replaced(installed.index());
                perform(snapshots.installed(installed.index()));
            } else if (message instanceof SnapshotsMessage.Unneeded unneeded) {
                perform(snapshots.unneeded(unneeded.index()));
            } else if (message instanceof SnapshotsMessage.Seed seed) {
                perform(snapshots.seed(seed.index(), seed.others(), now()));
            } else if (message instanceof SnapshotsMessage.Requested) {
                perform(snapshots.requested());
            }
        }

        private void begin(Neighbours named) {
            if (!known) {
                throw new InvariantViolation("Snapshots must know what is stored before it begins: LoadNewest first.");
            }
            effectPort = new SnapshotsPort(context, named, this, name());
            if (core == null) {
                core = new Snapshots(context.self(), settings, newest);
            }
        }

        private void loadNewest(ActorRef<? super SnapshotsMessage.Stored> replyTo) {
            if (asked) {
                return;
            }
            asked = true;
            new NewestSnapshot(context, persistenceId(), coder, loads, elsewhere, stored -> {
                        known = true;
                        newest = stored instanceof SnapshotsMessage.Newest found ? found.held() : null;
                        replyTo.tell(stored);
                    })
                    .load();
        }

        private void distrust(ActorRef<GroupMessage> replyTo) {
            if (!asked) {
                asked = true;
                known = true;
                distrusting = replyTo;
                replyTo.tell(new SnapshotsMessage.None());
            }
        }

        /** What was distrusted goes only now, also what reached further than the new one. */
        private void replaced(long index) {
            ActorRef<GroupMessage> told = distrusting;
            if (told != null) {
                distrusting = null;
                // One that was pulled before and reaches further is what this node holds now.
                Held held = running().newest();
                long kept = held == null ? index : Math.max(index, held.id().index());
                deleteSnapshots(SnapshotSelectionCriteria.create(kept - 1, Long.MAX_VALUE));
                deleteSnapshots(SnapshotSelectionCriteria.create(Long.MAX_VALUE, Long.MAX_VALUE, kept + 1, 0));
                told.tell(new SnapshotsMessage.Replaced());
            }
        }

        private void deleteFailed(DeleteSnapshotsFailure failure) {
            LOG.warn(
                    "{} could not delete old snapshots ({}); they take up space until the next deletion,"
                            + " look at this node's disk",
                    name(),
                    String.valueOf(failure.cause()));
        }

        @Override
        public void encode(Effect.Encode effect) {
            elsewhere.run(
                    () -> {
                        Bytes made = coder.toBytes(effect.image());
                        return () -> perform(running().encoded(effect.last(), made.bytes(), made.checksum()));
                    },
                    why -> () -> perform(running().encodingFailed(effect.last(), why)));
        }

        @Override
        public void decode(Effect.Decode effect) {
            elsewhere.run(
                    () -> {
                        Content content = coder.fromBytes(context.id(), effect.bytes());
                        return () ->
                                perform(running().decoded(content.last(), content.members(), content.image(), now()));
                    },
                    why -> () -> perform(running().undecodable(why, now())));
        }

        @Override
        public void save(Effect.Save effect) {
            savingAt = effect.last().index();
            saveSnapshot(effect.bytes().arrays().toArray(byte[][]::new));
        }

        @Override
        public void load(Effect.Load effect) {
            SnapshotId id = effect.id();
            loads.exactly(
                    id.index(),
                    found -> elsewhere.run(
                            () -> {
                                Blocks bytes = found == null ? null : SnapshotCoder.intact(found.snapshot(), id);
                                return () -> perform(running().loaded(id, bytes, now()));
                            },
                            why -> () -> perform(running().loaded(id, null, now()))),
                    index -> perform(running().loaded(id, null, now())));
        }

        private void load(long minIndex, long maxIndex) {
            loadSnapshot(
                    persistenceId(),
                    SnapshotSelectionCriteria.create(maxIndex, Long.MAX_VALUE, minIndex, 0),
                    Long.MAX_VALUE);
        }

        @Override
        public void deleteBelow(Effect.DeleteBelow effect) {
            if (effect.index() > 0) {
                deleteSnapshots(SnapshotSelectionCriteria.create(effect.index() - 1, Long.MAX_VALUE));
            }
        }

        private Snapshots running() {
            return Objects.requireNonNull(core, "Only a running core hands out work.");
        }

        private void perform(List<Effect> effects) {
            if (effects.isEmpty()) {
                arm();
                return;
            }
            Port port = Objects.requireNonNull(effectPort, "A running core has a port.");
            for (Effect effect : effects) {
                effect.to(port);
            }
            arm();
        }

        /** Keeps one timer; one that fires too early costs a message. */
        private void arm() {
            long at = running().wakeAt();
            if (at == Long.MAX_VALUE || (armedAt != Long.MAX_VALUE && armedAt - at <= 0)) {
                return;
            }
            armedAt = at;
            timers().startSingleTimer(Wake.class, new Wake(), Duration.ofNanos(Math.max(0, at - now())));
        }

        private void onWake() {
            armedAt = Long.MAX_VALUE;
            perform(running().wake(now()));
        }

        @Override
        public void onRecoveryFailure(Throwable cause, Option<Object> event) {
            fail("The journal cannot be asked for " + persistenceId() + ".", cause);
        }

        /** An exception must not reach the supervisor: by default it would restart this actor in place. */
        private void guarded(Runnable act) {
            try {
                act.run();
            } catch (RuntimeException e) {
                fail("The Snapshots of " + persistenceId() + " cannot go on.", e);
            }
        }

        private void fail(String why, Throwable cause) {
            failed(why, cause);
            getContext().stop(getSelf());
        }
    }

    private static long now() {
        return System.nanoTime();
    }
}
