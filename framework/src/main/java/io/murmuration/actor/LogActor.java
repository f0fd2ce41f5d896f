package io.murmuration.actor;

import io.murmuration.actor.StoreMessage.Owner;
import io.murmuration.core.log.Effect;
import io.murmuration.core.log.LogSettings;
import io.murmuration.core.log.Moment;
import io.murmuration.core.log.ReplicatedLog;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.LogRpc;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The shell of a replica's {@link ReplicatedLog} (§5.3): it hands each message to the core and does what the core
 * answers, in order. It fails with the core, and its GroupActor then stops the whole replica; nobody restarts it alone
 * (F5).
 */
final class LogActor {
    private final ReplicaContext context;
    private final TimerScheduler<LogMessage> timers;
    private final ReplicatedLog core;
    private final LogPort port;
    private long armedAt = Long.MAX_VALUE;

    private LogActor(
            ReplicaContext context,
            ActorContext<LogMessage> actor,
            TimerScheduler<LogMessage> timers,
            Neighbours neighbours,
            boolean machineWithoutState) {
        this.context = context;
        this.timers = timers;
        this.core = new ReplicatedLog(
                context.self(),
                new LogSettings(
                        context.settings().electionTimeout(),
                        context.settings().logBytesMax(),
                        context.settings().tailBytesMax(),
                        context.settings().replaceLost()),
                context.recovered());
        if (machineWithoutState) {
            core.machineWithoutState();
        }
        this.port = new LogPort(context, actor, neighbours, core);
    }

    /**
     * The Log of a replica. It waits for its {@link Neighbours} and drops what comes before them.
     *
     * @param context what the replica is started with
     * @param machineWithoutState whether the Machine waits for a snapshot of another node
     * @return the behaviour, for the replica's GroupActor to spawn
     */
    static Behavior<LogMessage> create(ReplicaContext context, boolean machineWithoutState) {
        return Behaviors.setup(actor -> Behaviors.withTimers(timers -> Behaviors.receive(LogMessage.class)
                .onMessage(
                        Neighbours.class,
                        neighbours -> new LogActor(context, actor, timers, neighbours, machineWithoutState).running())
                .onAnyMessage(early -> Behaviors.same())
                .build()));
    }

    private Behavior<LogMessage> running() {
        return Behaviors.receive(LogMessage.class)
                .onMessage(Wire.class, this::onWire)
                .onMessage(StoreMessage.Written.class, this::onWritten)
                .onMessage(LogMessage.Flush.class, flush -> perform(core.flush(now())))
                .onMessage(LogMessage.Applied.class, applied -> perform(core.applied(applied.index())))
                .onMessage(LogMessage.Pulse.class, pulse -> perform(core.pulse()))
                .onMessage(LogMessage.Wake.class, this::onWake)
                .onMessage(LogMessage.Fence.class, fence -> perform(core.fence(fence.term(), fence.attempt(), now())))
                .onMessage(LogMessage.Lead.class, lead -> perform(core.lead(lead.term(), moment())))
                .onMessage(LogMessage.Follow.class, follow -> perform(core.follow(follow.term(), follow.leader())))
                .onMessage(LogMessage.Resign.class, resign -> perform(core.resign(resign.term())))
                .onMessage(LogMessage.Doze.class, doze -> perform(core.doze(doze.dozes(), now())))
                .onMessage(LogMessage.HandOver.class, m -> perform(core.handOver(m.term(), m.step(), now())))
                .onMessage(LogMessage.MachineReady.class, ready -> perform(core.machineReady(ready.index())))
                .onMessage(SnapshotsMessage.Compact.class, held -> perform(core.compact(held.snapshot(), now())))
                .onMessage(SnapshotsMessage.Lost.class, lost -> perform(core.lost(lost.id())))
                .onMessage(SnapshotsMessage.Install.class, this::onInstall)
                .onMessage(
                        SnapshotsMessage.Pulled.class,
                        pulled -> perform(core.pulled(pulled.follower(), pulled.index(), now())))
                .onMessage(LogMessage.Met.class, met -> perform(core.members().met(met.peer(), moment())))
                .onMessage(LogMessage.AskStatus.class, this::onAskStatus)
                .onMessage(Neighbours.class, again -> Behaviors.same())
                .build();
    }

    private Behavior<LogMessage> onWire(Wire wire) {
        if (!context.concerns(wire)) {
            return Behaviors.same();
        }
        port.debug(wire);
        if (wire.body() instanceof LogRpc message) {
            return perform(core.receive(wire.from(), message, now()));
        }
        if (wire.body() instanceof ClientRpc.Propose message) {
            return perform(core.propose(wire.from(), message, moment()));
        }
        if (wire.body() instanceof ClientRpc.ReadIndex message) {
            return perform(core.readIndex(wire.from(), message, now()));
        }
        if (wire.body() instanceof ClientRpc.Open message) {
            return perform(core.open(wire.from(), message, moment()));
        }
        if (wire.body() instanceof ClientRpc.Control message) {
            return perform(core.control(wire.from(), message, moment()));
        }
        return Behaviors.same();
    }

    private Behavior<LogMessage> onWritten(StoreMessage.Written written) {
        return written.owner() == Owner.LOG ? perform(core.written(written.sequence(), now())) : Behaviors.same();
    }

    private Behavior<LogMessage> onInstall(SnapshotsMessage.Install install) {
        return perform(core.install(install.last(), install.members(), install.image(), now()));
    }

    private Behavior<LogMessage> onWake(LogMessage.Wake wake) {
        armedAt = Long.MAX_VALUE;
        return perform(core.wake(now()));
    }

    private Behavior<LogMessage> onAskStatus(LogMessage.AskStatus ask) {
        ask.replyTo().tell(new StatusPart.OfLog(core.view(now())));
        return Behaviors.same();
    }

    private Behavior<LogMessage> perform(List<Effect> effects) {
        for (Effect effect : effects) {
            effect.to(port);
        }
        arm();
        return Behaviors.same();
    }

    /** Keeps one timer. One that fires too early costs a message; one set anew for each message would cost far more. */
    private void arm() {
        long at = core.wakeAt();
        if (at == Long.MAX_VALUE || (armedAt != Long.MAX_VALUE && armedAt - at <= 0)) {
            return;
        }
        armedAt = at;
        timers.startSingleTimer(
                LogMessage.Wake.class, new LogMessage.Wake(), Duration.ofNanos(Math.max(0, at - now())));
    }

    private static long now() {
        return System.nanoTime();
    }

    private static Moment moment() {
        return new Moment(now(), System.currentTimeMillis());
    }
}
