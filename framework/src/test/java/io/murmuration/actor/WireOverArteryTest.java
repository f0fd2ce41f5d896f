package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Every message through the real transport: its buffers are pooled, direct and little endian. */
class WireOverArteryTest {
    private static final String REMOTING = """
            pekko.actor.provider = cluster
            pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
            """;

    @Test
    void everyMessageArrivesAsItWasSent() throws Exception {
        ActorSystem<Void> sender = CodecUserTest.system(REMOTING);
        ActorSystem<Void> receiver = CodecUserTest.system(REMOTING);
        try {
            BlockingQueue<Wire> received = new LinkedBlockingQueue<>();
            ActorRef<Wire> local = receiver.systemActorOf(
                    Behaviors.receiveMessage(wire -> {
                        received.add(wire);
                        return Behaviors.same();
                    }),
                    "sink",
                    Props.empty());
            ActorRef<Wire> remote = ActorRefResolver.get(sender)
                    .resolveActorRef(ActorRefResolver.get(receiver).toSerializationFormat(local));
            List<Wire> wires = List.copyOf(WireSamples.wires().values());

            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
                remote.tell(wires.get(0));
                return received.poll(100, TimeUnit.MILLISECONDS) != null;
            });
            wires.forEach(remote::tell);

            for (Wire wire : wires.subList(1, wires.size())) {
                Wire next = received.poll(20, TimeUnit.SECONDS);
                while (wires.get(0).equals(next)) {
                    next = received.poll(20, TimeUnit.SECONDS);
                }
                assertThat(next).isEqualTo(wire);
            }
        } finally {
            ActorTestKit.shutdown(sender);
            ActorTestKit.shutdown(receiver);
        }
    }
}
