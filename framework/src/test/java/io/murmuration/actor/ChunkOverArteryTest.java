package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.Blocks;
import io.murmuration.core.model.SnapshotRpc.SnapshotChunk;
import io.murmuration.core.model.SnapshotRpc.SnapshotId;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A chunk of the largest size, by the path of the door, on the real transport. */
class ChunkOverArteryTest {
    private static final String REMOTING = """
            pekko.actor.provider = cluster
            pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
            pekko.remote.artery.large-message-destinations = ["/system/murmuration/*/snapshots"]
            pekko.cluster.jmx.enabled = off
            """;

    @Test
    void aLargeChunkArrivesWhole() {
        ActorSystem<Void> sender = CodecUserTest.system(REMOTING);
        ActorSystem<Void> receiver = CodecUserTest.system(REMOTING);
        try {
            BlockingQueue<Wire> received = new LinkedBlockingQueue<>();
            receiver.systemActorOf(
                    Behaviors.setup(node -> {
                        node.spawn(
                                Behaviors.setup(group -> {
                                    group.spawn(
                                            Behaviors.receiveMessage((Wire wire) -> {
                                                received.add(wire);
                                                return Behaviors.same();
                                            }),
                                            "snapshots");
                                    return Behaviors.empty();
                                }),
                                "bank");
                        return Behaviors.empty();
                    }),
                    "murmuration",
                    Props.empty());
            Address address = Cluster.get(receiver).selfMember().address();
            ActorRef<Wire> door =
                    ActorRefResolver.get(sender).resolveActorRef(address + "/system/murmuration/bank/snapshots");
            byte[] bytes =
                    new byte[ChunkSize.of(Adapter.toClassic(sender).settings().config(), "bank")];
            new Random(1).nextBytes(bytes);
            SnapshotId id = new SnapshotId(WireSamples.N1, 5, 7);
            Wire wire = new Wire(WireSamples.GROUP, WireSamples.N1, new SnapshotChunk(id, 0, Blocks.of(bytes), true));

            assertThat(bytes).hasSize(ChunkSize.LARGE);
            Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> {
                door.tell(wire);
                Wire came = received.poll(500, TimeUnit.MILLISECONDS);
                return wire.equals(came);
            });
        } finally {
            ActorTestKit.shutdown(sender);
            ActorTestKit.shutdown(receiver);
        }
    }
}
