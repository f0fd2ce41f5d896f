package io.murmuration.actor;

import io.murmuration.MembersView;
import io.murmuration.Status;
import io.murmuration.core.model.Peer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/**
 * Puts one {@link Status} together from what Election, Log and Machine say, and stops. It answers with what is there
 * after {@link #PATIENCE}, since a status is asked for when something hangs.
 */
final class StatusActor extends AbstractBehavior<Object> {
    /** How long the three may take. */
    static final Duration PATIENCE = Duration.ofMillis(1_500);

    private static final Object TOO_LATE = "too late";

    private final String group;
    private final UUID id;
    private final String node;
    private final CompletableFuture<Status> status;
    private StatusPart.@Nullable OfElection election;
    private StatusPart.@Nullable OfLog log;
    private StatusPart.@Nullable OfMachine machine;

    private StatusActor(
            ActorContext<Object> context, String group, UUID id, String node, CompletableFuture<Status> status) {
        super(context);
        this.group = group;
        this.id = id;
        this.node = node;
        this.status = status;
    }

    /** Asks the three. */
    static Behavior<Object> create(
            String group, UUID id, String node, Neighbours replica, CompletableFuture<Status> status) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startSingleTimer(TOO_LATE, PATIENCE);
            replica.election()
                    .tell(new ElectionMessage.AskStatus(context.getSelf().narrow()));
            replica.log().tell(new LogMessage.AskStatus(context.getSelf().narrow()));
            replica.machine()
                    .tell(new MachineMessage.AskStatus(context.getSelf().narrow()));
            return new StatusActor(context, group, id, node, status);
        }));
    }

    /** The status of a node whose replica does not run. */
    static Status down(String group, @Nullable UUID id, String node, String role, String why, List<String> members) {
        String groupId = id == null ? "" : id.toString();
        return new Status(
                group, groupId, node, role, 0, null, 0, 0, 0, 0, 0, 0, members, List.of(), List.of(), null, Map.of(),
                why);
    }

    @Override
    public Receive<Object> createReceive() {
        return newReceiveBuilder()
                .onMessage(StatusPart.OfElection.class, part -> {
                    election = part;
                    return answerIf(log != null && machine != null);
                })
                .onMessage(StatusPart.OfLog.class, part -> {
                    log = part;
                    return answerIf(election != null && machine != null);
                })
                .onMessage(StatusPart.OfMachine.class, part -> {
                    machine = part;
                    return answerIf(election != null && log != null);
                })
                .onMessageEquals(TOO_LATE, () -> answerIf(true))
                .build();
    }

    private Behavior<Object> answerIf(boolean complete) {
        if (!complete) {
            return this;
        }
        status.complete(new Status(
                group,
                id.toString(),
                node,
                election == null ? "stalled" : election.role(),
                election == null ? 0 : election.term(),
                election == null ? null : election.leader(),
                log == null ? 0 : log.last().index(),
                log == null ? 0 : log.durable(),
                log == null ? 0 : log.commit(),
                machine == null ? 0 : machine.applied(),
                log == null ? 0 : log.snapshot(),
                log == null ? 0 : log.bytes(),
                log == null ? List.of() : voters(log),
                log == null ? List.of() : MembersView.of(log.members()).outgoing(),
                log == null ? List.of() : MembersView.of(log.members()).learners(),
                log == null ? null : log.change(),
                log == null ? Map.of() : log.matched(),
                why()));
        return Behaviors.stopped();
    }

    private @Nullable String why() {
        List<String> silent = Stream.of(
                        election == null ? "Election" : "", log == null ? "Log" : "", machine == null ? "Machine" : "")
                .filter(name -> !name.isEmpty())
                .toList();
        if (!silent.isEmpty()) {
            return "No answer from this node's " + String.join(", ", silent) + " within " + PATIENCE.toMillis()
                    + " ms: its disk, its fold or its processor is stuck.";
        }
        String outside = log == null ? null : log.outside();
        return outside != null || election == null ? outside : election.whyNoLeader();
    }

    private static List<String> voters(StatusPart.OfLog log) {
        return Stream.concat(log.members().voters().stream(), log.members().outgoing().stream())
                .map(Peer::node)
                .distinct()
                .toList();
    }
}
