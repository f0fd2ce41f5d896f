package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.murmuration.core.model.NodeRpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two ActorSystems that speak through Artery, and beside it where they can. */
@Timeout(120)
class LinkActorTest {
    private static final Config DEFAULTS = ConfigFactory.load();
    private static final String BESIDE = "beside";
    private static final String ARTERY = "artery";

    private final List<End> ends = new ArrayList<>();

    @AfterEach
    void stop() {
        ends.forEach(End::stop);
    }

    @Test
    void nodesConnectWhenTheySpeakWhoeverBegins() throws Exception {
        End n1 = end("", 0);
        End n2 = end("", 0);
        n1.knows("n2", n2);
        n1.sayUntilHeard("n2", n2, BESIDE);
        assertThat(n1.links.other(n2.address).linked()).isTrue();
        End n3 = end("", 0);
        n3.knows("n1", n1);
        n3.knows("n2", n2);
        n3.sayUntilHeard("n1", n1, BESIDE);
        n3.sayUntilHeard("n2", n2, BESIDE);
        n1.knows("n3", n3);
        n1.say("n3", "at once");
        assertThat(n3.heard.poll(10, TimeUnit.SECONDS)).isEqualTo(BESIDE + " at once");
    }

    @Test
    void whatCannotGoBesideGoesThroughArtery() throws Exception {
        End n1 = end("", 0);
        End n2 = end("murmuration.links.enabled = off", 0);
        n1.knows("n2", n2);
        n2.knows("n1", n1);
        n1.sayUntilHeard("n2", n2, ARTERY);
        n2.sayUntilHeard("n1", n1, ARTERY);
        for (int i = 0; i < 20; i++) {
            n1.say("n2", "more");
            assertThat(n2.heard.poll(10, TimeUnit.SECONDS)).isEqualTo(ARTERY + " more");
        }
        assertThat(n1.links.other(n2.address).linked()).isFalse();
    }

    @Test
    void aNodeThatWasStartedAnewAtItsPlaceIsConnectedWithAgain() throws Exception {
        End n1 = end("", 0);
        End n2 = end("", 0);
        n1.knows("n2", n2);
        n1.sayUntilHeard("n2", n2, BESIDE);
        n2.stop();
        await().atMost(10, TimeUnit.SECONDS)
                .until(() -> !n1.links.other(n2.address).linked());
        End again = end("", Integer.parseInt(n2.address.substring(n2.address.indexOf(':') + 1)));
        assertThat(again.address).isEqualTo(n2.address);
        n1.sayUntilHeard("n2", again, BESIDE);
    }

    @Test
    void noneIsMadeWhereArteryIsEncryptedOrUsesUdp() {
        assertThat(LinkActor.wanted(DEFAULTS)).isTrue();
        for (String otherwise : List.of("tls-tcp", "aeron-udp")) {
            assertThat(LinkActor.wanted(ConfigFactory.parseString("pekko.remote.artery.transport = " + otherwise)
                            .withFallback(DEFAULTS)))
                    .isFalse();
        }
    }

    private End end(String config, int port) {
        End end = new End("pekko.actor.provider = cluster\n"
                + "pekko.remote.artery.canonical { hostname = \"127.0.0.1\", port = " + port + " }\n" + config);
        ends.add(end);
        return end;
    }

    private static final class End {
        final Links links = new Links();
        final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        final ActorSystem<Void> system;
        final Addresses addresses;
        final Address artery;
        final String address;
        final Routes routes;

        End(String config) {
            system = CodecUserTest.system(config);
            artery = ((ExtendedActorSystem) system.classicSystem()).provider().getDefaultAddress();
            address = artery.getHost().get() + ":" + artery.getPort().get();
            addresses = new Addresses(system, links);
            ActorRef<Object> nobody = system.ignoreRef();
            routes = addresses.of("bank", nobody, system.ignoreRef(), system.ignoreRef());
            ActorRef<Void> unused = system.systemActorOf(
                    Behaviors.setup(context -> {
                        ActorRef<Object> entrance = context.spawn(Entrance.create(), "bank");
                        entrance.tell(new Entrance.Turn(Entrance.LOG, context.spawn(ear(ARTERY), ARTERY)));
                        links.leadsTo("bank/" + Entrance.LOG, context.spawn(ear(BESIDE), BESIDE));
                        context.spawn(
                                LinkActor.create(links, "n", addresses::links),
                                LinkActor.NAME,
                                DispatcherSelector.fromConfig("murmuration.loops"));
                        return Behaviors.empty();
                    }),
                    "murmuration",
                    Props.empty());
        }

        private org.apache.pekko.actor.typed.Behavior<Wire> ear(String way) {
            return Behaviors.receiveMessage(wire -> {
                heard.add(way + " " + ((NodeRpc.Left) wire.body()).name());
                return Behaviors.same();
            });
        }

        void knows(String name, End other) {
            addresses.isAt(name, other.artery);
        }

        void say(String name, String what) {
            routes.log(name).tell(new Wire(null, WireSamples.N1, new NodeRpc.Left(what)));
        }

        void sayUntilHeard(String name, End other, String way) {
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                say(name, "hello");
                return (way + " hello").equals(other.heard.poll(100, TimeUnit.MILLISECONDS));
            });
            await().until(() -> other.heard.poll(100, TimeUnit.MILLISECONDS) == null);
        }

        void stop() {
            ActorTestKit.shutdown(system);
        }
    }
}
