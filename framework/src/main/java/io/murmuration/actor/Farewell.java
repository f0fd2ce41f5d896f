package io.murmuration.actor;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * How a replica that is being stopped in order leaves: it first hands leadership over, if it leads, so that nobody has
 * to notice that it is gone (thesis 3.10). It waits for that at most 2 T, and at most three seconds, since the phases
 * of Pekko's CoordinatedShutdown are short.
 */
final class Farewell {
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private Farewell() {}

    /**
     * The end of all: the Gateway tells all who wait why, and ends before its parent does.
     *
     * @param gateway is watched by its parent
     * @param why what is being stopped, as a sentence
     */
    static Behavior<GroupMessage> end(ActorRef<GatewayMessage> gateway, String why) {
        gateway.tell(new GatewayMessage.Close(why, true));
        return Behaviors.receive(GroupMessage.class)
                .onAnyMessage(late -> Behaviors.same())
                .onSignal(
                        Terminated.class,
                        ended -> ended.getRef().path().equals(gateway.path()) ? Behaviors.stopped() : Behaviors.same())
                .build();
    }

    /**
     * Waits until the replica does not lead, or need not wait for that.
     *
     * @param self the GroupActor
     * @param replica its actors; null if they do not run yet
     * @param electionTimeout T
     * @param timers the GroupActor's
     * @param then what comes afterwards
     * @param ended what is done if an actor of the replica ends meanwhile
     */
    static Behavior<GroupMessage> of(
            ActorRef<GroupMessage> self,
            @Nullable Neighbours replica,
            Duration electionTimeout,
            TimerScheduler<GroupMessage> timers,
            Supplier<Behavior<GroupMessage>> then,
            Function<Terminated, Behavior<GroupMessage>> ended) {
        if (replica == null) {
            return then.get();
        }
        replica.election().tell(new ElectionMessage.Retire(self));
        Duration patience = electionTimeout.multipliedBy(2);
        timers.startSingleTimer(new GroupMessage.Relieved(), patience.compareTo(LIMIT) < 0 ? patience : LIMIT);
        return Behaviors.receive(GroupMessage.class)
                .onMessage(GroupMessage.Relieved.class, relieved -> {
                    timers.cancel(new GroupMessage.Relieved());
                    return then.get();
                })
                .onMessage(StoreMessage.Failed.class, failed -> then.get())
                .onMessage(SnapshotsMessage.Failed.class, failed -> then.get())
                .onSignal(Terminated.class, ended::apply)
                .build();
    }
}
