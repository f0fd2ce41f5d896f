package io.murmuration.actor;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Gathers what Election, Log, Machine and Snapshots say of themselves, for one {@link io.murmuration.Status} or
 * {@link io.murmuration.Explanation}, and stops. It answers with what is there after {@link #PATIENCE}, since either is
 * asked for when something hangs.
 */
final class StatusActor extends AbstractBehavior<Object> {
    /** How long the four may take. */
    static final Duration PATIENCE = Duration.ofMillis(1_500);

    private static final Object TOO_LATE = "too late";

    private final CompletableFuture<Parts> answer;
    private Parts parts;

    private StatusActor(ActorContext<Object> context, Parts parts, CompletableFuture<Parts> answer) {
        super(context);
        this.parts = parts;
        this.answer = answer;
    }

    /** Asks the four. */
    static Behavior<Object> create(Parts parts, Neighbours replica, CompletableFuture<Parts> answer) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startSingleTimer(TOO_LATE, PATIENCE);
            replica.election()
                    .tell(new ElectionMessage.AskStatus(context.getSelf().narrow()));
            replica.log().tell(new LogMessage.AskStatus(context.getSelf().narrow()));
            replica.machine()
                    .tell(new MachineMessage.AskStatus(context.getSelf().narrow()));
            replica.snapshots()
                    .tell(new SnapshotsMessage.AskStatus(context.getSelf().narrow()));
            return new StatusActor(context, parts, answer);
        }));
    }

    @Override
    public Receive<Object> createReceive() {
        return newReceiveBuilder()
                .onMessage(StatusPart.class, part -> {
                    parts = parts.with(part);
                    return parts.complete() ? answered() : this;
                })
                .onMessageEquals(TOO_LATE, this::answered)
                .build();
    }

    private Behavior<Object> answered() {
        answer.complete(parts);
        return Behaviors.stopped();
    }
}
