package io.murmuration.testkit.sim;

import io.murmuration.core.election.Heartbeats;
import io.murmuration.core.election.Vigil;
import io.murmuration.core.model.NodeRpc;
import io.murmuration.core.model.NodeRpc.Awake;
import io.murmuration.core.model.NodeRpc.Beats;
import io.murmuration.core.model.NodeRpc.Left;
import io.murmuration.core.model.Peer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The shell of {@link Heartbeats} and {@link Vigil}: what HeartbeatsActor is in production, as long as its process. */
final class HeartbeatsShell {
    private final SimHost host;
    /** It speaks for a whole node, and uses the voice of one of its replicas. */
    private final SimNode voice;

    private final Peer self;
    private final Heartbeats core = new Heartbeats();
    private final Vigil vigil;
    /** Which life of each group's Election is told what comes. */
    private final Map<String, Long> elections = new TreeMap<>();

    private boolean watching;

    HeartbeatsShell(SimHost host) {
        this.host = host;
        this.voice = host.nodes().get(0);
        this.self = new Peer(voice.name(), voice.random().uuid());
        this.vigil = new Vigil(host.timeout());
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
                core.take().forEach(parcel -> send(parcel.node(), parcel.beats()));
            }
        } else if (message instanceof Message.Wire wire) {
            arrived(wire);
        } else if (message instanceof Message.Wake) {
            if (watching) {
                vigil.nodes().forEach(node -> send(node, new Awake()));
                voice.post(Actor.HEARTBEATS, Actor.HEARTBEATS, new Message.Drained());
                next();
            }
        } else if (message instanceof Message.Drained) {
            tell(vigil.look(voice.nanos()));
        } else if (message instanceof Message.Rely rely) {
            tell(vigil.rely(rely.group(), rely.nodes(), voice.nanos()));
        } else if (message instanceof Message.Registered election) {
            if (elections.put(election.group(), election.life()) != null) {
                ended(election.group());
            }
        } else if (message instanceof Message.Gone election) {
            if (elections.remove(election.group()) != null) {
                ended(election.group());
            }
        } else {
            throw new AssertionError("Heartbeats are told " + message + ", which they do not know.");
        }
    }

    private void look() {
        voice.post(Actor.HEARTBEATS, Actor.HEARTBEATS, new Message.Again());
    }

    private void send(String node, NodeRpc body) {
        voice.world().beforeEffect(voice);
        Message.Wire wire = new Message.Wire(null, self, body);
        voice.world().transmit(voice, Actor.HEARTBEATS, node, Actor.HEARTBEATS, wire);
    }

    private void arrived(Message.Wire wire) {
        tell(vigil.heard(wire.from(), voice.nanos()));
        if (wire.body() instanceof Left left) {
            tell(vigil.left(wire.from().node(), left.name(), voice.nanos()));
        } else if (wire.body() instanceof Beats beats) {
            beats.beats().forEach(beat -> vigil.speaks(wire.from().node(), beat.name()));
            Heartbeats.arrived(wire.from().node(), beats).forEach(this::arrived);
        }
    }

    private void arrived(Heartbeats.Arrived beat) {
        for (SimNode node : host.nodes()) {
            if (node.group().name().equals(beat.name())) {
                Message.Wire wire = new Message.Wire(beat.group(), beat.from(), beat.message());
                node.post(Actor.HEARTBEATS, Actor.ELECTION, new Message.Together(wire));
            }
        }
    }

    private void tell(List<Vigil.Silent> silent) {
        for (Vigil.Silent one : silent) {
            long life = elections.getOrDefault(one.group(), Event.ANY_LIFE);
            for (SimNode node : host.nodes()) {
                if (node.group().name().equals(one.group()) && node.lifeOf(Actor.ELECTION) == life) {
                    node.post(Actor.HEARTBEATS, Actor.ELECTION, new Message.Silent(one.node(), one.since()));
                }
            }
        }
        keepWatch();
    }

    private void ended(String group) {
        vigil.ended(group).forEach(node -> send(node, new Left(group)));
        keepWatch();
    }

    private void keepWatch() {
        boolean needed = !vigil.nodes().isEmpty();
        if (needed && !watching) {
            next();
        }
        watching = needed;
    }

    private void next() {
        voice.arm(Actor.HEARTBEATS, voice.nanos() + host.timeout() / 10);
    }
}
