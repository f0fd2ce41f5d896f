package io.murmuration.actor;

import io.murmuration.core.apply.Blueprint;
import io.murmuration.core.apply.Image;
import io.murmuration.core.apply.Machine;
import io.murmuration.core.apply.MachineSettings;
import io.murmuration.core.model.Codec;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.SnapshotRpc.Held;
import io.murmuration.core.model.StartingPoint;
import io.murmuration.machine.StateMachine;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a replica goes on from: its journal and its newest snapshot, put together by {@link StartingPoint}.
 *
 * @param point what that decided
 * @param held the newest snapshot, if the replica starts from it
 * @param image what it holds
 */
record Origin(
        StartingPoint point, @Nullable Held held, @Nullable Object image) {
    /**
     * Puts the two together.
     *
     * @param journal what the journal says
     * @param stored what Snapshots found
     * @param anew whether what is here is not to be trusted, and another member is to give the state
     */
    static Origin of(Recovered journal, SnapshotsMessage.Stored stored, boolean anew) {
        if (anew) {
            return new Origin(StartingPoint.withoutState(journal), null, null);
        }
        if (stored instanceof SnapshotsMessage.Newest newest) {
            StartingPoint point = StartingPoint.of(journal, newest.held().last(), newest.members());
            boolean used = point.state() == StartingPoint.State.SNAPSHOT;
            return new Origin(point, used ? newest.held() : null, used ? newest.image() : null);
        }
        return new Origin(StartingPoint.of(journal, EntryId.NONE, Members.NONE), null, null);
    }

    /** What the operator is told, or null if all is well. */
    @Nullable
    String notice(SnapshotsMessage.Stored stored) {
        String why = stored instanceof SnapshotsMessage.Unreadable unreadable ? " " + unreadable.why() : "";
        return withoutState()
                ? "This replica has no state that it could go on from, and takes one from another member." + why
                : why.isEmpty() ? null : why.strip();
    }

    boolean withoutState() {
        return point.state() == StartingPoint.State.LOST;
    }

    /** The Machine of the replica. */
    <S> Machine<S> machine(ReplicaContext context, StateMachine<S> machine, Codec codec) {
        MachineSettings settings =
                MachineSettings.DEFAULT.withSnapshotBytes(context.settings().snapshotEveryBytes());
        Blueprint<S> blueprint = new Blueprint<>(context.group(), context.self(), machine, codec, settings);
        return switch (point.state()) {
            case INITIAL -> new Machine<>(blueprint, point.recovered().baseMembers());
            case SNAPSHOT -> Machine.restored(blueprint, (Image<?>) Objects.requireNonNull(image));
            case LOST -> Machine.withoutState(blueprint);
        };
    }

    /** What Snapshots is told when the Machine has no state. */
    SnapshotsMessage.Seed seed(Peer self) {
        List<Peer> others = point.recovered().members().reachable().stream()
                .filter(member -> !member.node().equals(self.node()))
                .toList();
        return new SnapshotsMessage.Seed(point.recovered().base().index(), others);
    }
}
