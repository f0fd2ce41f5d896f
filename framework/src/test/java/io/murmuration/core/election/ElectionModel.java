package io.murmuration.core.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * N Elections with a naive Log each, a network that loses, doubles and delays, disks that are slow, mailboxes between
 * the actors of a node that are slow too, pauses and crashes: all drawn from one seed, on a clock of its own. Checks
 * the invariants of the protocol page at every step.
 */
final class ElectionModel {
    static final long MILLI = 1_000_000L;

    private record Event(long at, long order, Runnable action) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    final SplittableRandom random;
    final List<ModelNode> nodes = new ArrayList<>();
    private final Map<String, Long> lanes = new HashMap<>();
    final Members members;
    long now = 1_000 * MILLI;
    private long orders;
    boolean kind;
    /** How many messages Elections have sent. */
    long said;

    /** Who led each term, what is committed, and what is left to see at the end. */
    final TreeMap<Long, String> leaders = new TreeMap<>();

    final List<Long> committed = new ArrayList<>();
    /** The term in which each of them was committed. */
    final List<Long> committedIn = new ArrayList<>();

    final Set<Long> confirmedReads = new LinkedHashSet<>();

    final ElectionSettings settings;

    ElectionModel(long seed, int size) {
        this(seed, size, ElectionSettings.of(Rig.T));
    }

    ElectionModel(long seed, int size, ElectionSettings settings) {
        this.settings = settings;
        this.random = new SplittableRandom(seed);
        List<Peer> peers = new ArrayList<>();
        for (int i = 1; i <= size; i++) {
            peers.add(Rig.peer("n" + i));
        }
        this.members = Members.voting(peers);
        peers.forEach(peer -> nodes.add(new ModelNode(this, peer)));
    }

    /** Trouble for a while: crashes, pauses and losses as drawn. */
    void trouble(long millis) {
        kind = false;
        for (long at = 0; at < millis; at += 100 + random.nextInt(2_400 / nodes.size())) {
            ModelNode node = nodes.get(random.nextInt(nodes.size()));
            schedule(at * MILLI, () -> misfortune(node));
        }
        for (long at = 0; at < millis; at += 10) {
            schedule(at * MILLI, () -> nodes.forEach(ModelNode::read));
        }
        for (long at = 0; at < millis; at += 1 + random.nextInt(100)) {
            schedule(at * MILLI, () -> nodes.forEach(ModelNode::append));
        }
        run(millis);
    }

    /** Trouble in a group of which little is asked: seldom anything but a crash, a pause or a cut wakes it. */
    void troubleInSleep(long millis) {
        kind = true;
        for (long at = random.nextInt(4_000); at < millis; at += random.nextInt(4_000)) {
            ModelNode node = nodes.get(random.nextInt(nodes.size()));
            schedule(at * MILLI, () -> misfortune(node));
        }
        for (long at = random.nextInt(4_000); at < millis; at += random.nextInt(4_000)) {
            schedule(at * MILLI, () -> nodes.forEach(ModelNode::append));
            schedule((at + random.nextInt(500)) * MILLI, () -> nodes.forEach(ModelNode::read));
        }
        run(millis);
    }

    /** Everyone is up, pauses run out, and every message arrives in good time. */
    void quiet(long millis) {
        kind = true;
        nodes.forEach(node -> {
            node.cutUntil = now;
            if (!node.up) {
                node.boot();
            }
        });
        run(millis);
    }

    private void misfortune(ModelNode node) {
        int kindOf = random.nextInt(3);
        if (kindOf == 0) {
            node.crash();
            schedule(random.nextInt(1_500) * MILLI, () -> {
                if (!node.up) {
                    node.boot();
                }
            });
        } else if (kindOf == 1) {
            node.pausedUntil = Math.max(node.pausedUntil, now + random.nextInt(1_500) * MILLI);
        } else {
            node.cutUntil = Math.max(node.cutUntil, now + random.nextInt(3_000) * MILLI);
        }
    }

    void run(long millis) {
        long end = now + millis * MILLI;
        int steps = 0;
        while (!events.isEmpty() && events.peek().at() <= end) {
            Event next = events.remove();
            now = next.at();
            next.action().run();
            assertThat(++steps).as("steps of one run").isLessThan(3_000_000);
        }
        now = end;
    }

    /** The node that leads by its own account with a majority that follows it, or null. */
    @Nullable
    String settledLeader() {
        for (ModelNode node : nodes) {
            long following = nodes.stream()
                    .filter(other -> node.peer.node().equals(other.view().leader())
                            && other.view().term() == node.view().term())
                    .count();
            if (node.view().role() == Role.LEADER && following > nodes.size() / 2) {
                return node.peer.node();
            }
        }
        return null;
    }

    long highestTerm() {
        return nodes.stream().mapToLong(node -> node.view().term()).max().orElse(0);
    }

    void schedule(long delay, Runnable action) {
        events.add(new Event(now + delay, orders++, action));
    }

    /** In order within a lane. */
    void lane(String name, long delay, Runnable action) {
        long at = Math.max(now + delay, lanes.getOrDefault(name, 0L));
        lanes.put(name, at);
        events.add(new Event(at, orders++, action));
    }

    long delay(int mostMillis) {
        return random.nextInt(mostMillis * 1_000) * (MILLI / 1_000);
    }

    /** Between nodes: may be lost, doubled, late, out of order. */
    void carry(ModelNode from, String to, Runnable action) {
        ModelNode target = nodes.stream()
                .filter(node -> node.peer.node().equals(to))
                .findFirst()
                .orElseThrow();
        int copies = kind ? 1 : random.nextInt(100) < 8 ? 0 : random.nextInt(100) < 8 ? 2 : 1;
        if (from.cutUntil > now || target.cutUntil > now || from.mute || target.deaf) {
            copies = 0;
        }
        for (int i = 0; i < copies; i++) {
            boolean late = !kind && random.nextInt(100) < 3;
            schedule(late ? delay(2_000) : delay(kind ? 2 : 15), () -> target.whenAwake(action));
        }
    }
}
