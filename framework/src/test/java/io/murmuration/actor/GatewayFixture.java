package io.murmuration.actor;

import io.murmuration.GroupSettings;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ClientRpc.Outcome;
import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.Codec;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Peer;
import io.murmuration.machine.Command;
import io.murmuration.machine.Query;
import io.murmuration.machine.StateMachine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;

/** A Gateway of n1 among probes: the Logs of n1, n2 and n3, and n1's Election and Machine. */
final class GatewayFixture {
    sealed interface Change extends Command<Long> permits Add, Put {}

    record Add(long amount) implements Change {}

    record Put(String text) implements Change {}

    sealed interface Asked extends Query<Long> permits Sum, Over {}

    record Sum(long plus) implements Asked {}

    /** Fails in any state. */
    record Over(String what) implements Asked {}

    /** No answer is for this one. */
    record Odd() implements Query<Long> {}

    /** No fold is for this one. */
    record Strange() implements Command<Long> {}

    static final StateMachine<Long> MACHINE = StateMachine.startingFrom(0L)
            .fold(Add.class, (sum, add) -> sum + add.amount())
            .fold(Put.class, (sum, put) -> sum + put.text().length())
            .answering(Sum.class, (sum, asked) -> sum + asked.plus())
            .answering(Over.class, (sum, asked) -> {
                throw new IllegalStateException(asked.what());
            })
            .covering(Change.class, Asked.class);

    /** Numbers and commands as text; {@code -1} cannot be encoded, and what is no number cannot be decoded. */
    static class TextCodec implements Codec {
        @Override
        public Encoded encode(Object value) {
            if (value.equals(new Add(-1)) || value.equals(-1L)) {
                throw new CodecException("No serializer takes it; bind one.", new IllegalArgumentException());
            }
            return new Encoded(1, "", value.toString().getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public Object decode(Encoded encoded) {
            String text = new String(encoded.bytes(), StandardCharsets.UTF_8);
            if (text.startsWith("Sum")) {
                return new Sum(3);
            } else if (text.startsWith("Over")) {
                return new Over("the limit");
            } else if (text.startsWith("Odd")) {
                return new Odd();
            }
            try {
                return Long.valueOf(text);
            } catch (NumberFormatException noNumber) {
                throw new CodecException("\"" + text + "\" is no number.", noNumber);
            }
        }
    }

    /** So long that nothing is asked again, however slowly a test answers. */
    private static final Duration T = Duration.ofMinutes(1);

    final UUID groupId = new UUID(1, 2);
    final Map<String, TestProbe<Wire>> logs = new ConcurrentHashMap<>();
    final Map<String, TestProbe<Wire>> gateways = new ConcurrentHashMap<>();
    final Map<String, String> places = new ConcurrentHashMap<>();
    final TestProbe<LogMessage> ownLog;
    final TestProbe<MachineMessage> machine;
    final TestProbe<ElectionMessage> election;
    final TestProbe<SnapshotsMessage> snapshots;
    final ActorRef<GatewayMessage> gateway;
    final GatewayReplica<Long> replica;
    final GroupSettings settings;
    private final ActorTestKit kit;

    GatewayFixture(ActorTestKit kit, Codec codec) {
        this.kit = kit;
        for (String node : List.of("n1", "n2", "n3")) {
            logs.put(node, kit.createTestProbe(Wire.class));
        }
        for (String node : List.of("n2", "n3", "web")) {
            gateways.put(node, kit.createTestProbe(Wire.class));
        }
        ownLog = kit.createTestProbe(LogMessage.class);
        machine = kit.createTestProbe(MachineMessage.class);
        election = kit.createTestProbe(ElectionMessage.class);
        snapshots = kit.createTestProbe(SnapshotsMessage.class);
        settings = new GroupSettings(
                "n1",
                List.of("n1", "n2", "n3"),
                true,
                false,
                T,
                Duration.ofSeconds(10),
                1_000,
                1 << 20,
                0,
                1 << 16,
                1 << 20,
                1 << 20,
                1 << 20,
                "journal",
                "snapshots",
                "dispatcher",
                0,
                OptionalInt.empty());
        gateway = kit.spawn(Gateway.create(
                "bank",
                settings,
                codec,
                new ProbeRoutes(logs, gateways, places),
                kit.createTestProbe(GroupMessage.class).ref(),
                new Answering("bank", MACHINE)));
        replica = new GatewayReplica<>("bank", gateway, MACHINE, codec, settings);
    }

    /** Other nodes' Logs and Gateways are probes; nothing else is sent to by a Gateway. */
    private record ProbeRoutes(
            Map<String, TestProbe<Wire>> logs, Map<String, TestProbe<Wire>> gateways, Map<String, String> places)
            implements Routes {
        @Override
        public void told(String node, String address) {
            places.put(node, address);
        }

        @Override
        public Way log(String node) {
            return logs.get(node).getRef()::tell;
        }

        @Override
        public Way election(String node) {
            throw new AssertionError("A Gateway says nothing to an Election of another node.");
        }

        @Override
        public Way gateway(String node) {
            return gateways.get(node).getRef()::tell;
        }

        @Override
        public Way machine(String node) {
            throw new AssertionError("A Gateway says nothing to a Machine of another node.");
        }

        @Override
        public Way snapshots(String node) {
            throw new AssertionError("A Gateway says nothing to Snapshots.");
        }

        @Override
        public Way group(String node) {
            throw new AssertionError("A Gateway says nothing to a GroupActor.");
        }
    }

    /** The replica runs, and n2 leads. */
    GatewayFixture up() {
        ActorRef<StoreMessage> store = kit.createTestProbe(StoreMessage.class).getRef();
        gateway.tell(new GatewayMessage.ReplicaUp(
                groupId,
                new Neighbours(
                        election.getRef(),
                        ownLog.getRef(),
                        machine.getRef(),
                        store,
                        snapshots.getRef(),
                        gateway,
                        kit.createTestProbe(GroupMessage.class).ref())));
        gateway.tell(new GatewayMessage.LeaderIs(1, "n2"));
        return this;
    }

    /** As {@link #up}, with session 40 open and serial 1 answered. */
    GatewayFixture inSession() {
        up();
        var first = replica.ask(new Add(1));
        ClientRpc.Open open = next("n2", ClientRpc.Open.class);
        answer("n2", new ClientRpc.Opened(open.life(), 40));
        reply(next("n2", ClientRpc.Propose.class), 1, new Reply.Replied(text("1")));
        first.toCompletableFuture().join();
        return this;
    }

    /** What a Gateway on another node receives. */
    <M extends ClientRpc> M told(String node, Class<M> kind) {
        return kind.cast(gateways.get(node).receiveMessage().body());
    }

    <M extends ClientRpc> M next(String node, Class<M> kind) {
        return kind.cast(logs.get(node).receiveMessage().body());
    }

    void answer(String from, ClientRpc answer) {
        gateway.tell(new Wire(groupId, new Peer(from, new UUID(3, 4)), answer));
    }

    void reply(ClientRpc.Propose to, long serial, Reply reply) {
        answer(
                "n2",
                new ClientRpc.Outcomes(to.life(), to.session(), List.of(new Outcome(serial, 100 + serial, reply))));
    }

    static Encoded text(String text) {
        return new Encoded(1, "", text.getBytes(StandardCharsets.UTF_8));
    }

    static <T> T result(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    static Throwable failure(CompletionStage<?> stage) {
        try {
            Object value = stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
            throw new AssertionError("It succeeded with " + value + ".");
        } catch (ExecutionException failed) {
            return failed.getCause();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }
}
