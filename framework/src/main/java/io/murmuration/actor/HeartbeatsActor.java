package io.murmuration.actor;

import io.murmuration.core.election.Heartbeats;
import io.murmuration.core.election.Vigil;
import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.NodeRpc.Awake;
import io.murmuration.core.model.NodeRpc.Beat;
import io.murmuration.core.model.NodeRpc.Beats;
import io.murmuration.core.model.NodeRpc.Left;
import io.murmuration.core.model.Peer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
 * Carries the heartbeats of all groups of this node: those that come at one time to one node leave in one message. It
 * waits for no clock: what is posted while its mailbox is being drained goes together, and a heartbeat that comes alone
 * leaves alone.
 *
 * <p>For the groups that doze it says each T/10 that this node is there, and tells them when another one that they rely
 * on is not heard any more ({@link Vigil}): one message for all of them.
 */
final class HeartbeatsActor extends AbstractBehavior<Object> {
    /** Its name below {@code /system/murmuration}: no group can have it. */
    static final String NAME = "~heartbeats";

    /**
     * A group's Election wants to say something to another node's.
     *
     * @param group the group's name
     * @param node the other node
     * @param wire a heartbeat, or the answer to one
     */
    record Post(String group, String node, Wire wire) {}

    /**
     * A group's Election runs on this node from now on.
     *
     * @param group the group's name
     * @param election is told what comes for it
     */
    record Register(String group, ActorRef<ElectionMessage> election) {}

    /**
     * A group dozes and relies on other nodes.
     *
     * @param group the group's name
     * @param nodes the nodes; empty if it is awake again
     */
    record Rely(String group, List<String> nodes) {}

    private record Look() {}

    /** What it says to itself while some group dozes. */
    enum Watch {
        /** T/10 has passed. */
        TICK,
        /** All that was in the mailbox at the tick has been seen: after a pause it may hold what was missed. */
        DRAINED
    }

    /** This node in this life of its process; the groups' incarnations travel with each beat. */
    private final Peer self;

    private final Function<String, Way> others;
    private final Map<String, ActorRef<ElectionMessage>> elections = new HashMap<>();
    private final Heartbeats waiting = new Heartbeats();
    private final TimerScheduler<Object> timers;
    private final Duration timeout;
    private final Vigil vigil;
    private boolean watching;

    private HeartbeatsActor(
            ActorContext<Object> context,
            TimerScheduler<Object> timers,
            String node,
            Function<String, Way> others,
            Duration timeout) {
        super(context);
        this.timers = timers;
        this.timeout = timeout;
        this.vigil = new Vigil(timeout.toNanos());
        this.self = new Peer(node, UUID.randomUUID());
        this.others = others;
    }

    /**
     * The node's one HeartbeatsActor.
     *
     * @param node this node's name
     * @param others leads to the one of another node
     * @param timeout T
     * @return its behavior
     */
    static Behavior<Object> create(String node, Function<String, Way> others, Duration timeout) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new HeartbeatsActor(context, timers, node, others, timeout)));
    }

    @Override
    public Receive<Object> createReceive() {
        return newReceiveBuilder()
                .onMessage(Post.class, this::onPost)
                .onMessage(Look.class, this::onLook)
                .onMessage(Wire.class, this::onWire)
                .onMessage(Watch.class, this::onWatch)
                .onMessage(Rely.class, this::onRely)
                .onMessage(Register.class, this::onRegister)
                .onSignal(Terminated.class, this::onTerminated)
                .build();
    }

    private Behavior<Object> onPost(Post post) {
        UUID group = post.wire().group();
        if (group == null || !(post.wire().body() instanceof ElectionRpc message)) {
            throw new IllegalArgumentException(
                    "Only what Elections of a group say travels together, not " + post + ".");
        }
        Beat beat = new Beat(post.group(), group, post.wire().from().incarnation(), message);
        if (waiting.post(post.node(), beat)) {
            getContext().getSelf().tell(new Look());
        }
        return this;
    }

    private Behavior<Object> onLook(Look look) {
        if (waiting.looked()) {
            getContext().getSelf().tell(look);
            return this;
        }
        for (Heartbeats.Parcel parcel : waiting.take()) {
            others.apply(parcel.node()).tell(new Wire(null, self, parcel.beats()));
        }
        return this;
    }

    private Behavior<Object> onRely(Rely rely) {
        tell(vigil.rely(rely.group(), rely.nodes(), System.nanoTime()));
        return this;
    }

    private void keepWatch() {
        boolean needed = !vigil.nodes().isEmpty();
        if (needed && !watching) {
            timers.startTimerWithFixedDelay(Watch.TICK, Watch.TICK, timeout.dividedBy(10));
        } else if (!needed && watching) {
            timers.cancel(Watch.TICK);
        }
        watching = needed;
    }

    private Behavior<Object> onWatch(Watch watch) {
        if (watch == Watch.TICK) {
            vigil.nodes().forEach(node -> others.apply(node).tell(new Wire(null, self, new Awake())));
            getContext().getSelf().tell(Watch.DRAINED);
        } else {
            tell(vigil.look(System.nanoTime()));
        }
        return this;
    }

    private void tell(List<Vigil.Silent> silent) {
        for (Vigil.Silent one : silent) {
            ActorRef<ElectionMessage> election = elections.get(one.group());
            if (election != null) {
                election.tell(new ElectionMessage.Silent(one.node(), one.since()));
            }
        }
        keepWatch();
    }

    private Behavior<Object> onWire(Wire wire) {
        tell(vigil.heard(wire.from(), System.nanoTime()));
        if (wire.body() instanceof Left left) {
            tell(vigil.left(wire.from().node(), left.name(), System.nanoTime()));
        } else if (wire.body() instanceof Beats beats) {
            for (Heartbeats.Arrived beat : Heartbeats.arrived(wire.from().node(), beats)) {
                vigil.speaks(wire.from().node(), beat.name());
                ActorRef<ElectionMessage> election = elections.get(beat.name());
                if (election != null) {
                    election.tell(new ElectionMessage.Together(new Wire(beat.group(), beat.from(), beat.message())));
                }
            }
        }
        return this;
    }

    private Behavior<Object> onRegister(Register register) {
        ActorRef<ElectionMessage> before = elections.put(register.group(), register.election());
        if (before != null) {
            getContext().unwatch(before);
            ended(register.group());
        }
        getContext().watch(register.election());
        return this;
    }

    private Behavior<Object> onTerminated(Terminated ended) {
        elections.entrySet().removeIf(election -> {
            boolean gone = election.getValue().path().equals(ended.getRef().path());
            if (gone) {
                ended(election.getKey());
            }
            return gone;
        });
        return this;
    }

    private void ended(String group) {
        vigil.ended(group).forEach(node -> others.apply(node).tell(new Wire(null, self, new Left(group))));
        keepWatch();
    }
}
