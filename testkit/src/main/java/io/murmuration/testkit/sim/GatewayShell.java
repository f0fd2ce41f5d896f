package io.murmuration.testkit.sim;

import io.murmuration.core.client.Client;
import io.murmuration.core.client.ClientSettings;
import io.murmuration.core.client.Effect;
import io.murmuration.core.client.Failure;
import io.murmuration.core.client.Request;
import io.murmuration.core.election.Effect.LeaderIs;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.Codec;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Peer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The shell of a {@link Client}: what Gateway is in production. It lives as long as its process. */
final class GatewayShell implements Effect.Port {
    private final SimNode node;
    private final Client core;
    private final Codec codec;
    private final Map<Long, SimCall> calls = new HashMap<>();
    private long lastNumber;
    private @Nullable UUID group;
    private boolean replicaUp;
    private boolean closed;

    private GatewayShell(SimNode node, Client core, Codec codec) {
        this.node = node;
        this.core = core;
        this.codec = codec;
    }

    static GatewayShell of(SimNode node, SimRandom random) {
        SimGroup group = node.group();
        Limits limits = node.world().limits();
        ClientSettings known = new ClientSettings(
                group.name(),
                node.name(),
                group.founders(),
                group.electionTimeout(),
                limits.gatewayBytesMax(),
                limits.machine().sessions().idle());
        return new GatewayShell(node, new Client(known, random), group.codec());
    }

    void receive(Object message) {
        long now = node.nanos();
        if (message instanceof Message.Asked asked) {
            call(asked, now);
        } else if (message instanceof Message.Wire wire) {
            if (wire.body() instanceof ClientRpc body && Objects.equals(wire.group(), group)) {
                node.world().witness().heard(node, wire);
                perform(core.received(wire.from().node(), body, now));
            }
        } else if (message instanceof Message.Again) {
            perform(core.flush(now));
        } else if (message instanceof Message.Wake) {
            perform(core.wake(now));
        } else if (message instanceof Message.ReadsDone done) {
            done.numbers().forEach(calls::remove);
            perform(core.readsDone(done.numbers()));
        } else if (message instanceof LeaderIs m) {
            perform(core.leaderIs(m.term(), m.leader(), now));
        } else if (message instanceof Message.ReplicaUp up) {
            boolean another = group != null && !group.equals(up.group());
            group = up.group();
            replicaUp = true;
            perform(core.up(another, now));
        } else if (message instanceof Message.GroupIs known) {
            boolean another = group != null && !group.equals(known.group());
            group = known.group();
            perform(core.known(another, now));
        } else if (message instanceof Message.MembersAre known) {
            perform(core.membersAre(known.members(), now));
        } else if (message instanceof Message.ReplicaDown down) {
            replicaUp = false;
            perform(core.down(down.why(), now));
        } else {
            throw new AssertionError("Gateway is told " + message + ", which it does not know.");
        }
    }

    /** Nothing is answered any more: what is open fails, and what comes from now on fails at once. */
    void close(String why) {
        closed = true;
        perform(core.close(why, node.nanos()));
    }

    boolean closed() {
        return closed;
    }

    private void call(Message.Asked asked, long now) {
        SimCall call = asked.call();
        Request request = new Request(++lastNumber, asked.nanos(), asked.nanos() + call.patience);
        calls.put(request.number(), call);
        if (call.order != null) {
            perform(core.order(request, call.order, now));
        } else if (call.command != null) {
            Encoded command = codec.encode(call.command);
            perform(core.ask(request, command, now));
        } else {
            perform(call.local ? core.readLocal(request, now) : core.read(request, now));
        }
    }

    /** What is open when the process ends, in the order in which it was asked. */
    List<SimCall> open() {
        List<SimCall> open = new ArrayList<>();
        calls.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(call -> open.add(call.getValue()));
        return open;
    }

    private void perform(List<Effect> effects) {
        for (Effect effect : effects) {
            node.world().beforeEffect(node);
            effect.to(this);
        }
        node.arm(Actor.GATEWAY, core.wakeAt());
    }

    @Override
    public void send(Effect.Send send) {
        Message.Wire wire =
                new Message.Wire(group, new Peer(node.name(), send.rpc().life()), send.rpc());
        if (replicaUp && send.node().equals(node.name())) {
            node.post(Actor.GATEWAY, Actor.LOG, wire);
        } else {
            node.world().transmit(node, Actor.GATEWAY, send.node(), Actor.LOG, wire);
        }
    }

    @Override
    public void answer(Effect.Answer answer) {
        SimCall call = calls.remove(answer.number());
        if (call == null) {
            return;
        }
        Object told = answer.reply() instanceof ClientRpc.Reply.Replied replied
                ? codec.decode(replied.value())
                : answer.reply();
        node.end(call, SimCall.Status.OK, answer.index(), told);
    }

    @Override
    public void settled(Effect.Settled settled) {
        SimCall call = calls.remove(settled.number());
        if (call != null) {
            node.end(call, SimCall.Status.OK, 0, settled.members());
        }
    }

    @Override
    public void fail(Effect.Fail fail) {
        SimCall call = calls.remove(fail.number());
        if (call != null) {
            boolean unknown = fail.failure() == Failure.UNKNOWN;
            node.end(call, unknown ? SimCall.Status.UNKNOWN : SimCall.Status.FAILED, 0, fail.sentence());
        }
    }

    @Override
    public void query(Effect.Query query) {
        if (!replicaUp) {
            return;
        }
        Message.ReadsDone done = new Message.ReadsDone(query.numbers());
        List<SimCall> asked = new ArrayList<>();
        for (long number : query.numbers()) {
            SimCall call = calls.get(number);
            if (call != null) {
                asked.add(call);
            }
        }
        node.post(Actor.GATEWAY, Actor.MACHINE, new Message.Read(query.index(), (state, applied) -> {
            asked.forEach(call -> read(call, state, applied));
            node.post(Actor.MACHINE, Actor.GATEWAY, done);
        }));
    }

    @Override
    public void sendQuery(Effect.SendQuery send) {
        throw new AssertionError("Each simulated node has a replica and reads there, but sends " + send);
    }

    @Override
    public void queryAnswer(Effect.QueryAnswer answer) {
        throw new AssertionError("Each simulated node has a replica and reads there, but is told " + answer);
    }

    /** On the Machine's thread: the caller may have been told meanwhile that it waits too long. */
    private void read(SimCall call, Object state, long applied) {
        if (call.status == SimCall.Status.OPEN) {
            node.world().witness().read(node, call, state, applied);
            node.end(call, SimCall.Status.OK, applied, state);
        }
    }

    @Override
    public void flushSoon(Effect.FlushSoon flush) {
        node.post(Actor.GATEWAY, Actor.GATEWAY, new Message.Again());
    }

    @Override
    public void report(Effect.Report report) {
        // For operators; the trace shows what led to it.
    }
}
