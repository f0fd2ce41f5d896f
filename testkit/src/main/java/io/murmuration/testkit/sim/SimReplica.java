package io.murmuration.testkit.sim;

import io.murmuration.core.apply.Blueprint;
import io.murmuration.core.apply.Image;
import io.murmuration.core.apply.Machine;
import io.murmuration.core.election.Election;
import io.murmuration.core.founding.Founding;
import io.murmuration.core.log.Effect;
import io.murmuration.core.log.LogSettings;
import io.murmuration.core.log.ReplicatedLog;
import io.murmuration.core.model.Blocks;
import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.FoundingRpc;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.NodeRpc.Beat;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.Rpc;
import io.murmuration.core.model.Snapshot;
import io.murmuration.core.model.SnapshotRpc.Held;
import io.murmuration.core.model.SnapshotRpc.SnapshotId;
import io.murmuration.core.model.StartingPoint;
import io.murmuration.core.model.StoreRecord;
import io.murmuration.core.snapshot.SnapshotSettings;
import io.murmuration.core.snapshot.Snapshots;
import io.murmuration.machine.StateMachine;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One life of a replica, from the reading of its journal to the end of its last actor (F5): it founds its group or
 * finds it, then Election, Log and Machine run. Mutable.
 */
final class SimReplica implements Founding.Port {
    private static final UUID NONE = new UUID(0, 0);

    private final SimNode node;
    private final SimGroup group;
    private final StartingPoint begin;
    private final @Nullable Snapshot newest;
    private final SimRandom random;
    private final Founding founding;
    private long writes;
    /** What was adopted is being written: nothing starts before it is durable. */
    private boolean adopting;
    /** The process is being stopped in order: the GroupActor waits for nothing but the end of leadership. */
    private boolean leaving;
    /** The doors to Election and Log lead nowhere until Election has started. */
    private boolean open;

    private Members members = Members.NONE;
    private @Nullable UUID elsewhere;
    private @Nullable UUID id;
    private Peer self;
    private @Nullable ElectionShell election;
    private @Nullable LogShell log;
    private @Nullable MachineShell machine;
    private @Nullable SnapshotsShell snapshots;

    SimReplica(SimNode node, SimGroup group, Recovered recovered, SimRandom random) {
        this.node = node;
        this.group = group;
        this.newest = newest(node.disk(), group, recovered);
        this.begin = newest == null
                ? StartingPoint.of(recovered, EntryId.NONE, Members.NONE)
                : StartingPoint.of(recovered, newest.last(), newest.members());
        this.random = random;
        UUID fresh = recovered.incarnation() == null ? random.uuid() : NONE;
        this.founding =
                new Founding(node.name(), group.founders(), true, recovered.incarnation(), fresh, random.uuid());
        this.self = founding.self();
        founding.contacts(node.world().contacts());
    }

    /** The newest snapshot of this replica that can be read. */
    private static @Nullable Snapshot newest(SimDisk disk, SimGroup group, Recovered recovered) {
        Map.Entry<Long, Blocks> newest = disk.snapshots().lastEntry();
        return recovered.group() == null || newest == null
                ? null
                : group.codec().snapshot(newest.getValue());
    }

    void start() {
        adopting = !begin.records().isEmpty();
        if (adopting) {
            node.post(Actor.GROUP, Actor.STORE, new Message.Write(Actor.GROUP, ++writes, begin.records()));
        } else {
            found();
        }
    }

    private void found() {
        perform(founding.start(begin.recovered()));
    }

    /** Whether the group is founded, so that Election, Log and Machine run. */
    boolean runs() {
        return election != null;
    }

    /** The process is being stopped in order. Returns false if there is nothing here that could lead. */
    boolean leave() {
        if (runs()) {
            leaving = true;
            node.post(Actor.GROUP, Actor.ELECTION, new Message.Retire());
        }
        return leaving;
    }

    boolean leaving() {
        return leaving;
    }

    void receive(Actor to, Object message) {
        if (to == Actor.GROUP) {
            receive(message);
            return;
        }
        Message.Wire wire = Message.wire(message);
        if (wire != null && (!open || !Objects.equals(wire.group(), id))) {
            return;
        }
        if (wire != null) {
            node.world().witness().heard(node, wire);
        }
        if (to == Actor.ELECTION) {
            open |= message instanceof Message.Start;
            shell(election).receive(message);
        } else if (to == Actor.LOG) {
            shell(log).receive(message);
        } else if (to == Actor.MACHINE) {
            shell(machine).receive(message);
        } else if (to == Actor.SNAPSHOTS) {
            shell(snapshots).receive(message);
        }
    }

    private static <T> T shell(@Nullable T shell) {
        return Objects.requireNonNull(shell, "Nobody is told who does not live.");
    }

    private void receive(Object message) {
        if (message instanceof Message.Relieved) {
            node.world().relieved(node);
        } else if (leaving) {
            return;
        } else if (message instanceof Message.Wire wire) {
            if (!adopting && wire.body() instanceof FoundingRpc body) {
                perform(founding.on(wire.from().node(), body));
                if (runs()) {
                    founding.met(wire.from(), body)
                            .ifPresent(peer -> node.post(Actor.GROUP, Actor.LOG, new Message.Met(peer)));
                } else if (body instanceof FoundingRpc.Knows known) {
                    tellMembers(known.members());
                }
                founding.elsewhere().ifPresent(other -> {
                    if (!other.equals(elsewhere)) {
                        elsewhere = other;
                        node.post(Actor.GROUP, Actor.GATEWAY, new Message.GroupIs(other));
                    }
                });
            }
        } else if (message instanceof Effect.Identify asked) {
            perform(founding.identify(asked.node()));
        } else if (message instanceof Effect.Invite asked) {
            perform(founding.invite(asked.peer()));
        } else if (message instanceof Message.MembersAre known) {
            founding.membersAre(known.members());
            tellMembers(known.members());
        } else if (message instanceof Message.Written && adopting) {
            adopting = false;
            found();
        } else if (message instanceof Message.Written) {
            perform(founding.written());
        } else if (message instanceof Message.AskAgain && !runs()) {
            if (!adopting) {
                perform(founding.tick());
            }
            node.world().askAgain(node);
        }
    }

    private void tellMembers(Members known) {
        if (!known.equals(members)) {
            members = known;
            node.post(Actor.GROUP, Actor.GATEWAY, new Message.MembersAre(known));
        }
    }

    private void perform(List<Founding.Effect> effects) {
        for (Founding.Effect effect : effects) {
            node.world().beforeEffect(node);
            effect.to(this);
        }
    }

    @Override
    public void persist(StoreRecord record) {
        node.post(Actor.GROUP, Actor.STORE, new Message.Write(Actor.GROUP, ++writes, List.of(record)));
    }

    @Override
    public void send(String other, FoundingRpc body) {
        node.send(Actor.GROUP, other, Actor.GROUP, body);
    }

    @Override
    public void join(UUID joined, Peer peer, Members members) {
        Recovered found = begin.recovered();
        if (found.group() == null) {
            found = new Recovered(peer.incarnation(), joined, found.ballot(), found.base(), members, found.entries());
        }
        id = joined;
        self = peer;
        StateMachine<?> observed = group.machine()
                .observed((command, meta, before, result) ->
                        node.world().witness().folded(node, command, meta, before, result));
        Limits limits = node.world().limits();
        machine = new MachineShell(
                node, machine(new Blueprint<>(group.name(), peer, observed, group.codec(), limits.machine()), members));
        LogSettings settings = new LogSettings(
                group.electionTimeout(),
                limits.logBytesMax(),
                limits.tailBytesMax(),
                node.world().replacesLost());
        ReplicatedLog core = new ReplicatedLog(peer, settings, found);
        log = new LogShell(node, core);
        node.letIn();
        node.world().witness().inForce(node, core.members().inForce());
        snapshots = new SnapshotsShell(node, joined, snapshots(limits), group.codec());
        election = new ElectionShell(
                node,
                new Election(
                        peer, node.world().election(node, group.electionTimeout()), found.ballot(), random.split()));
        node.host().registers(node);
        if (begin.state() == StartingPoint.State.LOST) {
            core.machineWithoutState();
            List<Peer> others = found.baseMembers()
                    .everyone()
                    .filter(member -> !member.equals(peer))
                    .toList();
            node.post(
                    Actor.GROUP, Actor.SNAPSHOTS, new Message.Seed(found.base().index(), others));
        }
        node.post(Actor.GROUP, Actor.SNAPSHOTS, new Message.Start());
        node.post(Actor.GROUP, Actor.MACHINE, new Message.Start());
        node.post(Actor.GROUP, Actor.GATEWAY, new Message.ReplicaUp(joined));
        node.post(Actor.GROUP, Actor.ELECTION, new Message.Start());
    }

    private <S> Machine<S> machine(Blueprint<S> blueprint, Members members) {
        return switch (begin.state()) {
            case INITIAL -> new Machine<>(blueprint, members);
            case SNAPSHOT -> Machine.restored(blueprint, Image.of(Objects.requireNonNull(newest), group.codec()));
            case LOST -> Machine.withoutState(blueprint);
        };
    }

    private Snapshots snapshots(Limits limits) {
        SnapshotSettings settings =
                new SnapshotSettings(limits.chunkBytes(), group.electionTimeout(), Limits.SNAPSHOT_BYTES_MAX);
        Snapshot stored = newest;
        if (stored == null || begin.state() != StartingPoint.State.SNAPSHOT) {
            return new Snapshots(self, settings, null);
        }
        Blocks bytes =
                Objects.requireNonNull(node.disk().snapshots().get(stored.last().index()));
        SnapshotId known = new SnapshotId(self, stored.last().index(), bytes.checksum());
        return new Snapshots(self, settings, new Held(known, stored.last(), bytes.size()));
    }

    Peer self() {
        return self;
    }

    /** What goes to another node, in its envelope. */
    Message.Wire wire(Rpc body) {
        return new Message.Wire(id, self, body);
    }

    /** A heartbeat, or the answer to one, for those that travel together. */
    Beat beat(ElectionRpc body) {
        UUID joined = Objects.requireNonNull(id, "Elections run in groups that are founded.");
        return new Beat(group.name(), joined, self.incarnation(), body);
    }

    @Nullable
    UUID groupId() {
        return id;
    }

    @Nullable
    Election election() {
        return election == null ? null : election.core();
    }

    @Nullable
    ReplicatedLog log() {
        return log == null ? null : log.core();
    }

    @Nullable
    Machine<?> machine() {
        return machine == null ? null : machine.core();
    }

    /** Why the founding does not go on. */
    String obstacle() {
        return founding.obstacle().orElse("none");
    }
}
