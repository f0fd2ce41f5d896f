package io.murmuration.actor;

import io.murmuration.core.election.Liveness;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The shell of {@link Liveness}: keeps a connection to each node that shares a group with this one, to the port at
 * which that node is spoken to anyway, and tells the Elections when it was closed and nobody listens there any more.
 * Nothing is ever said on these connections; Artery keeps a connection that is silent from the beginning, with and
 * without TLS.
 */
final class LivenessActor extends AbstractBehavior<LivenessActor.Message> {
    /** Its name below {@code /system/murmuration}: no group can have it. */
    static final String NAME = "~liveness";

    /**
     * So long an attempt may take: less than any kernel tries by itself, so that what it calls a failed connection
     * within that time is one that was refused.
     */
    private static final Duration PATIENCE = Duration.ofMillis(900);

    /** What is said to a LivenessActor. */
    sealed interface Message {}

    /**
     * A group's Election is to be told of the end of these nodes' processes from now on.
     *
     * @param group the group's name
     * @param election the Election
     * @param nodes the nodes; empty for none
     */
    record Near(String group, ActorRef<ElectionMessage> election, List<String> nodes) implements Message {}

    /**
     * Something has become of a connection.
     *
     * @param node the other node's name
     * @param attempt which attempt it is
     * @param news what
     */
    record Told(String node, long attempt, Lifeline.News news) implements Message {}

    private record Wake() implements Message {}

    private final Function<String, Optional<String>> whereIs;
    private final TimerScheduler<Message> timers;
    private final Duration patience;
    private final Liveness core;
    private final Map<String, ActorRef<ElectionMessage>> elections = new HashMap<>();
    private final Map<Long, org.apache.pekko.actor.ActorRef> lifelines = new HashMap<>();

    private LivenessActor(
            ActorContext<Message> context,
            TimerScheduler<Message> timers,
            Function<String, Optional<String>> whereIs,
            Duration timeout) {
        super(context);
        this.timers = timers;
        this.whereIs = whereIs;
        this.patience = timeout.compareTo(PATIENCE) < 0 ? timeout : PATIENCE;
        this.core = new Liveness(timeout.toNanos());
    }

    /**
     * The node's one LivenessActor.
     *
     * @param whereIs the {@code host:port} of a node, if it is known
     * @param timeout T
     * @return its behavior
     */
    static Behavior<Message> create(Function<String, Optional<String>> whereIs, Duration timeout) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new LivenessActor(context, timers, whereIs, timeout)));
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Near.class, this::onNear)
                .onMessage(Told.class, this::onTold)
                .onMessage(Wake.class, wake -> perform(core.wake(System.nanoTime())))
                .onSignal(Terminated.class, this::onTerminated)
                .build();
    }

    private Behavior<Message> onNear(Near near) {
        ActorRef<ElectionMessage> before = elections.put(near.group(), near.election());
        if (before != null && !before.equals(near.election())) {
            getContext().unwatch(before);
        }
        getContext().watch(near.election());
        return perform(core.near(near.group(), near.nodes(), System.nanoTime()));
    }

    private Behavior<Message> onTerminated(Terminated ended) {
        for (Map.Entry<String, ActorRef<ElectionMessage>> election :
                Map.copyOf(elections).entrySet()) {
            if (election.getValue().path().equals(ended.getRef().path())) {
                elections.remove(election.getKey());
                perform(core.near(election.getKey(), List.of(), System.nanoTime()));
            }
        }
        return this;
    }

    private Behavior<Message> onTold(Told told) {
        long now = System.nanoTime();
        switch (told.news()) {
            case OPENED -> core.opened(told.node(), told.attempt(), now);
            case CLOSED -> perform(core.closed(told.node(), told.attempt(), now));
            case REFUSED -> perform(core.refused(told.node(), told.attempt(), now));
            case FAILED -> core.failed(told.node(), told.attempt(), now);
        }
        if (told.news() != Lifeline.News.OPENED) {
            lifelines.remove(told.attempt());
        }
        return perform(List.of());
    }

    private Behavior<Message> perform(List<Liveness.Order> orders) {
        for (Liveness.Order order : orders) {
            if (order instanceof Liveness.Connect connect) {
                connect(connect);
            } else if (order instanceof Liveness.Close close) {
                org.apache.pekko.actor.ActorRef line = lifelines.remove(close.attempt());
                if (line != null) {
                    line.tell(Lifeline.END, org.apache.pekko.actor.ActorRef.noSender());
                }
            } else if (order instanceof Liveness.Gone gone) {
                ActorRef<ElectionMessage> election = elections.get(gone.group());
                if (election != null) {
                    election.tell(new ElectionMessage.Gone(gone.node()));
                }
            }
        }
        arm();
        return this;
    }

    private void connect(Liveness.Connect connect) {
        Optional<String> address = whereIs.apply(connect.node());
        if (address.isEmpty()) {
            getContext().getSelf().tell(new Told(connect.node(), connect.attempt(), Lifeline.News.FAILED));
            return;
        }
        ActorRef<Message> self = getContext().getSelf();
        lifelines.put(
                connect.attempt(),
                Lifeline.spawn(
                        getContext(),
                        address.get(),
                        patience,
                        news -> self.tell(new Told(connect.node(), connect.attempt(), news))));
    }

    private void arm() {
        long at = core.wakeAt();
        if (at != Long.MAX_VALUE) {
            timers.startSingleTimer(Wake.class, new Wake(), Duration.ofNanos(Math.max(0, at - System.nanoTime())));
        }
    }
}
