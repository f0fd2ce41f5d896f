package io.murmuration.actor;

import io.murmuration.core.election.Heartbeats;
import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.NodeRpc.Beat;
import io.murmuration.core.model.NodeRpc.Beats;
import io.murmuration.core.model.Peer;
import java.util.HashMap;
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

/**
 * Carries the heartbeats of all groups of this node: those that come at one time to one node leave in one message. It
 * waits for no clock: what is posted while its mailbox is being drained goes together, and a heartbeat that comes alone
 * leaves alone.
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

    private record Look() {}

    /** This node in this life of its process; the groups' incarnations travel with each beat. */
    private final Peer self;

    private final Function<String, ActorRef<? super Wire>> others;
    private final Map<String, ActorRef<ElectionMessage>> elections = new HashMap<>();
    private final Heartbeats waiting = new Heartbeats();

    private HeartbeatsActor(
            ActorContext<Object> context, String node, Function<String, ActorRef<? super Wire>> others) {
        super(context);
        this.self = new Peer(node, UUID.randomUUID());
        this.others = others;
    }

    /**
     * The node's one HeartbeatsActor.
     *
     * @param node this node's name
     * @param others leads to the one of another node
     * @return its behavior
     */
    static Behavior<Object> create(String node, Function<String, ActorRef<? super Wire>> others) {
        return Behaviors.setup(context -> new HeartbeatsActor(context, node, others));
    }

    @Override
    public Receive<Object> createReceive() {
        return newReceiveBuilder()
                .onMessage(Post.class, this::onPost)
                .onMessage(Look.class, this::onLook)
                .onMessage(Wire.class, this::onWire)
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

    private Behavior<Object> onWire(Wire wire) {
        if (wire.body() instanceof Beats beats) {
            for (Heartbeats.Arrived beat : Heartbeats.arrived(wire.from().node(), beats)) {
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
        }
        getContext().watch(register.election());
        return this;
    }

    private Behavior<Object> onTerminated(Terminated ended) {
        elections
                .values()
                .removeIf(election -> election.path().equals(ended.getRef().path()));
        return this;
    }
}
