package io.murmuration.testkit.sim;

import io.murmuration.core.election.Heartbeats;
import io.murmuration.core.model.NodeRpc.Beats;
import io.murmuration.core.model.Peer;

/** The shell of {@link Heartbeats}: what HeartbeatsActor is in production. It lives as long as its process. */
final class HeartbeatsShell {
    private final SimHost host;
    /** It speaks for a whole node, and uses the voice of one of its replicas. */
    private final SimNode voice;

    private final Peer self;
    private final Heartbeats core = new Heartbeats();

    HeartbeatsShell(SimHost host) {
        this.host = host;
        this.voice = host.nodes().get(0);
        this.self = new Peer(voice.name(), voice.random().uuid());
    }

    void receive(Object message) {
        if (message instanceof Message.Beating beating) {
            if (core.post(beating.node(), beating.beat())) {
                look();
            }
        } else if (message instanceof Message.Again) {
            if (core.looked()) {
                look();
            } else {
                core.take().forEach(this::send);
            }
        } else if (message instanceof Message.Wire wire && wire.body() instanceof Beats beats) {
            Heartbeats.arrived(wire.from().node(), beats).forEach(this::arrived);
        } else {
            throw new AssertionError("Heartbeats are told " + message + ", which they do not know.");
        }
    }

    private void look() {
        voice.post(Actor.HEARTBEATS, Actor.HEARTBEATS, new Message.Again());
    }

    private void send(Heartbeats.Parcel parcel) {
        voice.world().beforeEffect(voice);
        Message.Wire wire = new Message.Wire(null, self, parcel.beats());
        voice.world().transmit(voice, Actor.HEARTBEATS, parcel.node(), Actor.HEARTBEATS, wire);
    }

    private void arrived(Heartbeats.Arrived beat) {
        for (SimNode node : host.nodes()) {
            if (node.group().name().equals(beat.name())) {
                Message.Wire wire = new Message.Wire(beat.group(), beat.from(), beat.message());
                node.post(Actor.HEARTBEATS, Actor.ELECTION, new Message.Together(wire));
            }
        }
    }
}
