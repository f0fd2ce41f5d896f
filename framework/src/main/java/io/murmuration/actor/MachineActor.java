package io.murmuration.actor;

import io.murmuration.core.apply.Effect;
import io.murmuration.core.apply.Image;
import io.murmuration.core.apply.Machine;
import io.murmuration.core.apply.Port;
import io.murmuration.core.apply.Reader;
import io.murmuration.core.apply.Told;
import io.murmuration.core.apply.Watcher;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.MachineRpc.OutcomeHash;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * The shell of {@link Machine}: the one owner of lastApplied, state and sessions on this node (§5.3, §8). Fed by its
 * own Log only. It never fails because of a reader, and always fails when an entry cannot be folded, or was folded
 * otherwise than by a majority of the members.
 *
 * <p>Users' folds and queries run here, so it has a dispatcher of its own: one that hangs must not keep this node's
 * heartbeats, or its other groups, from being heard.
 */
final class MachineActor<S> extends AbstractBehavior<MachineMessage> implements Port {
    static final String DISPATCHER = "murmuration.machine-dispatcher";

    private final ReplicaContext context;
    private final Neighbours neighbours;
    private final Machine<S> machine;
    private final String own;

    private MachineActor(
            ActorContext<MachineMessage> actor, ReplicaContext context, Neighbours neighbours, Machine<S> machine) {
        super(actor);
        this.context = context;
        this.neighbours = neighbours;
        this.machine = machine;
        this.own = context.self().node();
    }

    /**
     * A Machine that waits for its neighbours.
     *
     * @param context the replica's context
     * @param machine the core, in whatever state the replica starts with; handed over, nobody else may use it
     */
    static <S> Behavior<MachineMessage> create(ReplicaContext context, Machine<S> machine) {
        return Behaviors.setup(actor -> Behaviors.receive(MachineMessage.class)
                .onMessage(Neighbours.class, neighbours -> {
                    MachineActor<S> shell = new MachineActor<>(actor, context, neighbours, machine);
                    shell.perform(shell.machine.start());
                    return shell;
                })
                .onAnyMessage(early -> Behaviors.same())
                .build());
    }

    @Override
    public Receive<MachineMessage> createReceive() {
        return newReceiveBuilder()
                .onMessage(
                        MachineMessage.Committed.class,
                        message -> perform(machine.committed(message.entries(), message.answering())))
                .onMessage(MachineMessage.Slice.class, message -> perform(machine.slice()))
                .onMessage(
                        MachineMessage.Read.class,
                        message -> perform(machine.read(message.index(), message.reader()::read)))
                .onMessage(
                        MachineMessage.Watch.class,
                        message -> perform(machine.watches().ask(message.question())))
                .onMessage(MachineMessage.Unwatch.class, message -> {
                    machine.watches().leave(message.watcher());
                    return this;
                })
                .onMessage(MachineMessage.Pulse.class, message -> perform(machine.pulse()))
                .onMessage(MachineMessage.AskStatus.class, this::status)
                .onMessage(Wire.class, this::onWire)
                .onMessage(SnapshotsMessage.TakeNow.class, message -> perform(machine.snapshotNow()))
                .onMessage(SnapshotsMessage.Lost.class, message -> {
                    machine.snapshotLost();
                    return this;
                })
                .onMessage(
                        SnapshotsMessage.TakeEnded.class,
                        message -> perform(machine.snapshotEnded(message.index(), message.ok())))
                .onMessage(MachineMessage.Restore.class, message -> perform(machine.restore(message.image())))
                .build();
    }

    private Behavior<MachineMessage> onWire(Wire wire) {
        return context.concerns(wire) && wire.body() instanceof OutcomeHash hash
                ? perform(machine.reported(wire.from(), hash))
                : this;
    }

    private Behavior<MachineMessage> status(MachineMessage.AskStatus message) {
        message.replyTo()
                .tell(new StatusPart.OfMachine(
                        machine.applied().index(), machine.sessions().count(), machine.hasState()));
        return this;
    }

    private Behavior<MachineMessage> perform(List<Effect> effects) {
        for (Effect effect : effects) {
            effect.to(this);
        }
        return this;
    }

    @Override
    public void ready(long index) {
        neighbours.log().tell(new LogMessage.MachineReady(index));
    }

    @Override
    public void applied(long index) {
        neighbours.log().tell(new LogMessage.Applied(index));
    }

    @Override
    public void answer(String node, ClientRpc message) {
        Wire wire = context.wire(message);
        if (node.equals(own)) {
            neighbours.gateway().tell(wire);
        } else {
            context.routes().gateway(node).tell(wire);
        }
    }

    /**
     * The reader completes its asker's stage itself, also when the user's function throws: what escapes it concerns
     * nobody.
     */
    @Override
    public void serve(Reader reader, Object state, long applied) {
        try {
            reader.read(state, applied);
        } catch (RuntimeException | StackOverflowError | AssertionError | LinkageError thrown) {
            getContext()
                    .getLog()
                    .debug("[{}/{} machine] a read failed index={}", context.group(), own, applied, thrown);
        }
    }

    @Override
    public void watched(Watcher watcher, long number, Told told) {
        watcher.told(number, told);
    }

    @Override
    public void continueLater() {
        getContext().getSelf().tell(new MachineMessage.Slice());
    }

    @Override
    public void pulse(long applied) {
        neighbours.election().tell(new ElectionMessage.MachinePulse(applied));
    }

    @Override
    public void replyLost(long index, String command, Throwable cause) {
        getContext()
                .getLog()
                .warn(
                        "[{}/{} machine] a reply is lost (no serializer takes it) command={} index={}",
                        context.group(),
                        own,
                        command,
                        index,
                        cause);
    }

    @Override
    public void take(Image<?> image) {
        neighbours.snapshots().tell(new SnapshotsMessage.Take(image, image.last()));
    }

    @Override
    public void report(OutcomeHash hash, Members members) {
        Wire wire = context.wire(hash);
        members.everyone()
                .map(Peer::node)
                .filter(node -> !node.equals(own))
                .distinct()
                .forEach(node -> context.routes().machine(node).tell(wire));
    }

    @Override
    public void warn(String sentence) {
        getContext().getLog().warn("[{}/{} machine] {}", context.group(), own, sentence);
    }

    @Override
    public void stop(RuntimeException cause) {
        throw cause;
    }
}
