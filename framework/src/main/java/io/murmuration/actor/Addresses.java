package io.murmuration.actor;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValue;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Where the nodes are: {@code murmuration.addresses} first, else the cluster member that carries the role
 * {@code murmuration-node-<name>}, else what a node without a replica says of itself. Addresses may change under a
 * stable name. Thread-safe.
 */
final class Addresses {
    /** So many nodes without a replica are known by what they say. */
    static final int TOLD_MAX = 1_024;

    private static final Pattern ADDRESS = Pattern.compile("[^:]+:\\d{1,5}|\\[[^\\]]+\\]:\\d{1,5}");

    private static final Way NOWHERE = wire -> {};

    private final ActorSystem<?> system;
    private final Links links;
    private final ActorRefResolver resolver;
    private final Map<String, String> configured;
    private final ConcurrentMap<String, Resolved> together = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, String> seen = new ConcurrentHashMap<>();
    /** What nodes without a replica say of themselves, who spoke last behind; at most {@link #TOLD_MAX}. */
    private final Map<String, String> told = Collections.synchronizedMap(new LinkedHashMap<>());

    Addresses(ActorSystem<?> system, Links links) {
        this.system = system;
        this.links = links;
        this.resolver = ActorRefResolver.get(system);
        this.configured = read(system.settings().config().getConfig("murmuration.addresses"));
    }

    static boolean isAddress(String text) {
        return ADDRESS.matcher(text).matches();
    }

    /** The actors of a group, wherever its nodes are. */
    Routes of(
            String group,
            ActorRef<Object> heartbeats,
            ActorRef<LivenessActor.Message> liveness,
            ActorRef<NodeActor.Message> node) {
        return new ByPath(group, heartbeats, liveness, node);
    }

    /** Where another node's heartbeats are collected and handed out. */
    Way heartbeats(String node) {
        return way(whereIs(node), HeartbeatsActor.NAME, together, node);
    }

    /** The one that makes connections beside Artery, at this {@code host:port} of Artery's. */
    ActorRef<? super Wire> links(String address) {
        return resolve(address, LinkActor.NAME);
    }

    /** The cluster says where a node is. */
    void isAt(String node, Address address) {
        seen.put(node, address.getHost().get() + ":" + address.getPort().get());
    }

    /** The nodes whose place is known by now. */
    Set<String> nodes() {
        Set<String> nodes = new TreeSet<>(configured.keySet());
        nodes.addAll(seen.keySet());
        return nodes;
    }

    /** The {@code host:port} of a node, if it is known. */
    Optional<String> whereIs(String node) {
        String known = configured.get(node);
        if (known == null) {
            known = seen.get(node);
        }
        return Optional.ofNullable(known != null ? known : told.get(node));
    }

    private static Map<String, String> read(Config addresses) {
        Map<String, String> read = new TreeMap<>();
        for (Map.Entry<String, ConfigValue> node : addresses.root().entrySet()) {
            String address = String.valueOf(node.getValue().unwrapped());
            if (!isAddress(address)) {
                throw new IllegalArgumentException("murmuration.addresses." + node.getKey() + " is \"" + address
                        + "\"; it must be host:port, for example \"10.0.0.1:25520\".");
            }
            read.put(node.getKey(), address);
        }
        return read;
    }

    /**
     * References by path without uid, kept as long as the address stays: a restarted peer answers under the same one.
     */
    private final class ByPath implements Routes {
        private final String group;
        private final ActorRef<Object> heartbeats;
        private final ActorRef<LivenessActor.Message> liveness;
        private final ActorRef<NodeActor.Message> node;
        private final ConcurrentMap<String, Resolved> resolved = new ConcurrentHashMap<>();

        ByPath(
                String group,
                ActorRef<Object> heartbeats,
                ActorRef<LivenessActor.Message> liveness,
                ActorRef<NodeActor.Message> node) {
            this.group = group;
            this.heartbeats = heartbeats;
            this.liveness = liveness;
            this.node = node;
        }

        @Override
        public Collection<String> nodes() {
            return Addresses.this.nodes();
        }

        @Override
        public void beat(String node, Wire wire) {
            heartbeats.tell(new HeartbeatsActor.Post(group, node, wire));
        }

        @Override
        public void runs(ActorRef<ElectionMessage> election) {
            heartbeats.tell(new HeartbeatsActor.Register(group, election));
        }

        @Override
        public boolean watchesNodes() {
            return true;
        }

        @Override
        public void rely(Collection<String> nodes) {
            heartbeats.tell(new HeartbeatsActor.Rely(group, List.copyOf(nodes)));
        }

        @Override
        public void near(ActorRef<ElectionMessage> election, Collection<String> nodes) {
            liveness.tell(new LivenessActor.Near(group, election, List.copyOf(nodes)));
        }

        @Override
        public void stuck(String why) {
            node.tell(new NodeActor.Stuck(group, why));
        }

        @Override
        public Way election(String node) {
            return actor(node, "/election");
        }

        @Override
        public Way log(String node) {
            return actor(node, "/log");
        }

        @Override
        public Way machine(String node) {
            return actor(node, "/machine");
        }

        @Override
        public Way gateway(String node) {
            return actor(node, "/gateway");
        }

        @Override
        public Way snapshots(String node) {
            return actor(node, "/snapshots");
        }

        @Override
        public Way group(String node) {
            return actor(node, "");
        }

        @Override
        public void introduce(String node, Wire wire) {
            // A selection passes the quarantine of a former incarnation, and brings the handshake with the new one.
            whereIs(node)
                    .ifPresent(address -> system.classicSystem()
                            .actorSelection(path(address, group + "/gateway"))
                            .tell(wire, org.apache.pekko.actor.ActorRef.noSender()));
        }

        @Override
        public void told(String node, String address) {
            if (isAddress(address)) {
                synchronized (told) {
                    told.remove(node);
                    told.put(node, address);
                    if (told.size() > TOLD_MAX) {
                        told.remove(told.keySet().iterator().next());
                    }
                }
            }
        }

        private Way actor(String node, String child) {
            return way(whereIs(node), group + child, resolved, node + child);
        }
    }

    /** Kept as long as the address stays. */
    private Way way(Optional<String> address, String path, ConcurrentMap<String, Resolved> known, String key) {
        if (address.isEmpty()) {
            return NOWHERE;
        }
        Resolved before = known.get(key);
        if (before != null && before.address().equals(address.get())) {
            return before.way();
        }
        ActorRef<Wire> artery = resolve(address.get(), path);
        Resolved now = new Resolved(address.get(), beside(address.get(), path, artery));
        known.put(key, now);
        return now.way();
    }

    /** Founding is rare, and a snapshot is long: it must not stand in the way of what is short. */
    private Way beside(String address, String path, ActorRef<Wire> artery) {
        if (path.endsWith("/" + Entrance.SNAPSHOTS) || !(path.contains("/") || path.equals(HeartbeatsActor.NAME))) {
            return artery::tell;
        }
        Links.Other other = links.other(address);
        byte[] bytes = Link.path(path);
        return wire -> {
            if (!links.send(other, bytes, wire)) {
                artery.tell(wire);
            }
        };
    }

    private ActorRef<Wire> resolve(String address, String path) {
        return resolver.resolveActorRef(path(address, path));
    }

    private String path(String address, String path) {
        return "pekko://" + system.name() + "@" + address + "/system/murmuration/" + path;
    }

    private record Resolved(String address, Way way) {}
}
