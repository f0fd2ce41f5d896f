package io.murmuration.actor;

import io.murmuration.GroupSettings;
import io.murmuration.MembersView;
import io.murmuration.Status;
import io.murmuration.core.client.ClientView;
import io.murmuration.core.election.View;
import io.murmuration.core.log.LogView;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.snapshot.SnapshotsView;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the actors of one replica have said of themselves: whoever did not answer in time is null.
 *
 * @param group the group's name
 * @param groupId the group's id, or empty
 * @param node this node
 * @param timeoutNanos the election time-out T
 * @param down why there is nobody to ask, or null while the replica runs
 * @param gateway what waits at the Gateway, or null while the replica does not run
 * @param election Election's view
 * @param log Log's view
 * @param machine Machine's part
 * @param snapshots Snapshots' view
 */
record Parts(
        String group,
        String groupId,
        String node,
        long timeoutNanos,
        @Nullable Down down,
        @Nullable ClientView gateway,
        @Nullable View election,
        @Nullable LogView log,
        StatusPart.@Nullable OfMachine machine,
        @Nullable SnapshotsView snapshots) {
    /**
     * A replica that does not run.
     *
     * @param role what it does instead
     * @param why a sentence
     * @param members who is known to belong to the group
     */
    record Down(String role, String why, List<String> members) {}

    static Parts down(
            String group, @Nullable UUID id, GroupSettings settings, String role, String why, List<String> members) {
        Down down = new Down(role, why, members);
        long timeout = settings.electionTimeout().toNanos();
        return new Parts(
                group, id == null ? "" : id.toString(), settings.node(), timeout, down, null, null, null, null, null);
    }

    /** A replica that runs, and of which nobody has answered yet. */
    static Parts running(String group, UUID id, GroupSettings settings, ClientView gateway) {
        long timeout = settings.electionTimeout().toNanos();
        return new Parts(group, id.toString(), settings.node(), timeout, null, gateway, null, null, null, null);
    }

    Parts with(StatusPart part) {
        return new Parts(
                group,
                groupId,
                node,
                timeoutNanos,
                down,
                gateway,
                part instanceof StatusPart.OfElection said ? said.view() : election,
                part instanceof StatusPart.OfLog said ? said.view() : log,
                part instanceof StatusPart.OfMachine said ? said : machine,
                part instanceof StatusPart.OfSnapshots said ? said.view() : snapshots);
    }

    /** Whether nobody else is to answer. */
    boolean complete() {
        return election != null && log != null && machine != null && snapshots != null;
    }

    Status status() {
        if (down != null) {
            return new Status(
                    group,
                    groupId,
                    node,
                    down.role(),
                    0,
                    null,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    down.members(),
                    List.of(),
                    List.of(),
                    null,
                    Map.of(),
                    down.why());
        }
        Members members = log == null ? Members.NONE : log.members();
        MembersView view = MembersView.of(members);
        return new Status(
                group,
                groupId,
                node,
                election == null ? "stalled" : election.role().word(),
                election == null ? 0 : election.term(),
                election == null ? null : election.leader(),
                log == null ? 0 : log.last().index(),
                log == null ? 0 : log.durable(),
                log == null ? 0 : log.commit(),
                machine == null ? 0 : machine.applied(),
                log == null ? 0 : log.snapshot(),
                log == null ? 0 : log.room().bytes(),
                voters(members),
                view.outgoing(),
                view.learners(),
                log == null ? null : log.change(),
                log == null ? Map.of() : log.matched(),
                why());
    }

    private @Nullable String why() {
        String silent = silent();
        String outside = log == null ? null : log.outside();
        return silent != null ? silent : outside != null || election == null ? outside : election.whyNoLeader();
    }

    /** Who has not answered, as a sentence; or null. */
    @Nullable
    String silent() {
        List<String> silent = Stream.of(
                        election == null ? "Election" : "",
                        log == null ? "Log" : "",
                        machine == null ? "Machine" : "",
                        snapshots == null ? "Snapshots" : "")
                .filter(name -> !name.isEmpty())
                .toList();
        return silent.isEmpty()
                ? null
                : "No answer from this node's " + String.join(", ", silent) + " within "
                        + StatusActor.PATIENCE.toMillis() + " ms: its disk, its fold or its processor is stuck.";
    }

    private static List<String> voters(Members members) {
        return Stream.concat(members.voters().stream(), members.outgoing().stream())
                .map(Peer::node)
                .distinct()
                .toList();
    }
}
