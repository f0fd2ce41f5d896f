package io.murmuration.actor;

import com.typesafe.config.Config;
import io.murmuration.core.model.NodeRpc;
import io.murmuration.core.model.Peer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Tells other nodes, through Artery, where this one takes {@link Link}s, and makes those that it is to make: of two
 * nodes the one whose address is less connects.
 */
final class LinkActor {
    /** Its name below {@code /system/murmuration}: no group can have it. */
    static final String NAME = "~links";

    /** There is something to say to the process at that {@code host:port} of Artery's, and no connection. */
    record Want(String address) {}

    private final ActorContext<Object> context;
    private final Links links;
    private final Function<String, ActorRef<? super Wire>> there;
    private final Peer self;
    private final String address;
    private final LinkPort port;
    private final NodeRpc.LinkAt place;

    private LinkActor(
            ActorContext<Object> context,
            Links links,
            String node,
            String address,
            LinkPort port,
            Function<String, ActorRef<? super Wire>> there)
            throws IOException {
        this.context = context;
        this.links = links;
        this.there = there;
        this.self = new Peer(node, links.token);
        this.address = address;
        this.port = port;
        this.place = new NodeRpc.LinkAt(address, port.port());
    }

    /**
     * The node's one LinkActor; it ends at once where there are to be no connections beside Artery.
     *
     * @param links are given the connections
     * @param node this node's name
     * @param there leads to the one at that {@code host:port} of Artery's
     * @return its behavior
     */
    static Behavior<Object> create(Links links, String node, Function<String, ActorRef<? super Wire>> there) {
        return Behaviors.setup(context -> {
            Loop loop = Loop.current();
            Config config = context.getSystem().settings().config();
            Address own = ((ExtendedActorSystem) context.getSystem().classicSystem())
                    .provider()
                    .getDefaultAddress();
            if (own.getHost().isEmpty() || own.getPort().isEmpty() || loop == null || !wanted(config)) {
                return Behaviors.stopped();
            }
            try {
                String host = own.getHost().get();
                InetSocketAddress bind =
                        new InetSocketAddress(bind(config, host), config.getInt("murmuration.links.port"));
                String self = host + ":" + own.getPort().get();
                LinkPort port = new LinkPort(links, self, bind, loop);
                return new LinkActor(context, links, node, self, port, there).running();
            } catch (IOException e) {
                context.getLog().warn("There are no connections beside Artery: {}", e.getMessage());
                return Behaviors.stopped();
            }
        });
    }

    /** Not where what Artery says is encrypted: this is not. */
    static boolean wanted(Config config) {
        String key = "pekko.remote.artery.transport";
        return config.getBoolean("murmuration.links.enabled")
                && config.hasPath(key)
                && config.getString(key).equals("tcp");
    }

    private static String bind(Config config, String own) throws IOException {
        String host = config.getString("pekko.remote.artery.bind.hostname");
        return switch (host) {
            case "" -> own;
            case "<getHostAddress>" -> InetAddress.getLocalHost().getHostAddress();
            case "<getHostName>" -> InetAddress.getLocalHost().getHostName();
            default -> host;
        };
    }

    private Behavior<Object> running() {
        ActorRef<Object> me = context.getSelf();
        links.wanted(address -> me.tell(new Want(address)));
        return Behaviors.receive(Object.class)
                .onMessage(Want.class, want -> tell(want.address()))
                .onMessage(Wire.class, this::on)
                .onSignal(PostStop.class, stopped -> {
                    port.close();
                    return Behaviors.same();
                })
                .build();
    }

    private Behavior<Object> tell(String other) {
        if (!other.equals(address)) {
            there.apply(other).tell(new Wire(null, self, place));
        }
        return Behaviors.same();
    }

    private Behavior<Object> on(Wire wire) {
        if (wire.body() instanceof NodeRpc.LinkAt at && Addresses.isAddress(at.address())) {
            if (address.compareTo(at.address()) > 0) {
                return tell(at.address());
            }
            dial(at, wire.from());
        }
        return Behaviors.same();
    }

    /** Names are looked up elsewhere, since that may take seconds. */
    private void dial(NodeRpc.LinkAt at, Peer other) {
        Executor blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
        String host = at.address().substring(0, at.address().lastIndexOf(':')).replaceAll("[\\[\\]]", "");
        var unused = CompletableFuture.runAsync(
                () -> port.dial(at.address(), new InetSocketAddress(host, at.port()), other.incarnation()), blocking);
    }
}
