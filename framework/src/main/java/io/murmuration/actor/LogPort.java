package io.murmuration.actor;

import io.murmuration.actor.StoreMessage.Owner;
import io.murmuration.core.apply.Image;
import io.murmuration.core.log.Effect;
import io.murmuration.core.log.Port;
import io.murmuration.core.log.ReplicatedLog;
import io.murmuration.core.model.Members;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.slf4j.Logger;

/** Turns the effects of a {@link ReplicatedLog} into messages. */
final class LogPort implements Port {
    private final ReplicaContext context;
    private final ActorRef<LogMessage> self;
    private final Logger logger;
    private final Neighbours neighbours;
    private final ReplicatedLog core;
    private Members told = Members.NONE;

    LogPort(ReplicaContext context, ActorContext<LogMessage> actor, Neighbours neighbours, ReplicatedLog core) {
        this.context = context;
        this.self = actor.getSelf();
        this.logger = actor.getLog();
        this.neighbours = neighbours;
        this.core = core;
    }

    @Override
    public void send(Effect.Send effect) {
        context.routes().log(effect.node()).tell(context.wire(effect.message()));
    }

    @Override
    public void answer(Effect.Answer effect) {
        if (effect.node().equals(context.self().node())) {
            neighbours.gateway().tell(context.wire(effect.message()));
        } else {
            context.routes().gateway(effect.node()).tell(context.wire(effect.message()));
        }
    }

    @Override
    public void write(Effect.Write effect) {
        neighbours.store().tell(new StoreMessage.Write(Owner.LOG, effect.sequence(), List.of(effect.record())));
    }

    @Override
    public void fenced(Effect.Fenced effect) {
        tellMembers(effect.members());
        neighbours
                .election()
                .tell(new ElectionMessage.Fenced(
                        effect.term(), effect.attempt(), effect.last(), effect.members(), effect.mayStand()));
    }

    /** Said when the fence is told too: the first members in force are nobody's change. */
    private void tellMembers(Members members) {
        Members bare = members.bare();
        if (!bare.equals(told)) {
            told = bare;
            neighbours.group().tell(new GroupMessage.MembersAre(bare));
            neighbours.gateway().tell(new WatchMessage.MembersAre(bare));
        }
    }

    @Override
    public void termSeen(Effect.TermSeen effect) {
        neighbours.election().tell(new ElectionMessage.TermSeen(effect.term()));
    }

    @Override
    public void leaderHeard(Effect.LeaderHeard effect) {
        neighbours.election().tell(new ElectionMessage.LeaderHeard(effect.term(), effect.leader()));
    }

    @Override
    public void membersChanged(Effect.MembersChanged effect) {
        logger.info(
                "{} members changed index={} members={}",
                name(),
                effect.index(),
                effect.members().bare());
        tellMembers(effect.members());
        neighbours
                .election()
                .tell(new ElectionMessage.MembersChanged(effect.members(), effect.index(), effect.mayStand()));
    }

    @Override
    public void steppedDown(Effect.SteppedDown effect) {
        logger.info("{} leader was removed from the group (its removal is committed)", name());
        neighbours.election().tell(new ElectionMessage.SteppedDown(effect.term()));
    }

    @Override
    public void identify(Effect.Identify effect) {
        neighbours.group().tell(new GroupMessage.Identify(effect.node()));
    }

    @Override
    public void invite(Effect.Invite effect) {
        neighbours.group().tell(new GroupMessage.Invite(effect.peer()));
    }

    @Override
    public void confirmRead(Effect.ConfirmRead effect) {
        neighbours
                .election()
                .tell(new ElectionMessage.ConfirmRead(
                        effect.asker(), effect.life(), effect.id(), effect.index(), effect.term()));
    }

    @Override
    public void logPulse(Effect.LogPulse effect) {
        neighbours
                .election()
                .tell(new ElectionMessage.LogPulse(effect.last(), effect.commit(), effect.durable(), effect.written()));
    }

    @Override
    public void handOver(Effect.HandOver effect) {
        neighbours.election().tell(new ElectionMessage.HandOver(effect.term(), effect.step()));
    }

    @Override
    public void committed(Effect.Committed effect) {
        neighbours.machine().tell(new MachineMessage.Committed(effect.entries(), effect.answering()));
    }

    @Override
    public void fetch(Effect.Fetch effect) {
        neighbours.snapshots().tell(new SnapshotsMessage.Fetch(effect.snapshot()));
    }

    @Override
    public void restore(Effect.Restore effect) {
        logger.info("{} state replaced (by a snapshot of another node) index={}", name(), effect.index());
        neighbours.machine().tell(new MachineMessage.Restore((Image<?>) effect.image()));
        neighbours.snapshots().tell(new SnapshotsMessage.Installed(effect.index()));
    }

    @Override
    public void covered(Effect.Covered effect) {
        neighbours.snapshots().tell(new SnapshotsMessage.Covered(effect.index()));
    }

    @Override
    public void unneeded(Effect.Unneeded effect) {
        neighbours.snapshots().tell(new SnapshotsMessage.Unneeded(effect.index()));
    }

    @Override
    public void takeSnapshot() {
        neighbours.snapshots().tell(new SnapshotsMessage.Requested());
    }

    @Override
    public void flushSoon() {
        self.tell(new LogMessage.Flush());
    }

    @Override
    public void warn(Effect.Warn effect) {
        logger.warn("{} {}", name(), effect.what());
    }

    void debug(Wire wire) {
        if (logger.isDebugEnabled()) {
            logger.debug("{} received from={} message={}", name(), wire.from(), wire.body());
        }
    }

    private String name() {
        return "[" + context.group() + "/" + context.self().node() + " " + core.fence() + " "
                + (core.leading() ? "leader" : "follower") + "]";
    }
}
