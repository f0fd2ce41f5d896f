package io.murmuration.core.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.Blocks;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.SnapshotRpc;
import io.murmuration.core.model.SnapshotRpc.Held;
import io.murmuration.core.model.SnapshotRpc.SnapshotId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random walks of three nodes that take snapshots and pull each other's, with loss, doubling, reordering and crashes.
 * After each step: what is installed is exactly what was taken at its index, the newest durable snapshot is never
 * deleted, and nobody holds more than it may.
 */
class SnapshotsWalkTest {
    private static final int WALKS = Integer.getInteger("murmuration.walks", 150);
    private static final int STEPS = 1_500;
    private static final Duration TIMEOUT = Duration.ofMillis(100);
    private static final long T = TIMEOUT.toNanos();
    private static final SnapshotSettings SETTINGS = new SnapshotSettings(64, TIMEOUT, 4_000);

    @Test
    void endsWithTheRightBytesAndNeverMixes() {
        long start = Long.getLong("murmuration.seed", 1);
        long installed = 0;
        long resumed = 0;
        for (long seed = start; seed < start + WALKS; seed++) {
            Walk walk = new Walk(seed);
            try {
                walk.run();
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("-Dmurmuration.seed=" + seed, failure);
            }
            installed += walk.installed;
            resumed += walk.resumed;
        }

        // A walk in which nothing happens proves nothing.
        assertThat(installed / WALKS).as("snapshots installed a walk").isGreaterThan(5);
        assertThat(resumed / WALKS).as("bytes asked for again a walk").isGreaterThan(5);
    }

    /** What every node's snapshot at an index says; its length differs from index to index, and its bytes from node. */
    private static Blocks bytes(Peer taker, long index) {
        Random content = new Random(index * 31 + taker.node().hashCode());
        byte[] bytes = new byte[Long.BYTES + 100 + content.nextInt(900)];
        content.nextBytes(bytes);
        ByteBuffer.wrap(bytes).putLong(index);
        int cut = Long.BYTES + content.nextInt(50);
        return Blocks.of(Arrays.copyOf(bytes, cut), Arrays.copyOfRange(bytes, cut, bytes.length));
    }

    private record Packet(Peer from, String to, SnapshotRpc message) {}

    private static final class Walk {
        private final Random random;
        private final Map<String, Node> nodes = new LinkedHashMap<>();
        private final List<Packet> network = new ArrayList<>();
        private long now = Long.MAX_VALUE - 3 * T;
        private long committed = 10;
        private long installed;
        private long resumed;

        Walk(long seed) {
            random = new Random(seed);
            for (String name : List.of("a", "b", "c")) {
                nodes.put(name, new Node(name));
            }
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                step();
                nodes.values().forEach(Node::check);
            }
            heal();
        }

        private void step() {
            Node node = any();
            int what = random.nextInt(100);
            if (what < 50) {
                deliver(true);
            } else if (what < 65) {
                node.work();
            } else if (what < 72) {
                pass(random.nextLong(2 * T));
            } else if (what < 76) {
                committed += random.nextInt(3);
                node.take();
            } else if (what < 82) {
                any().offerTo(node);
            } else if (what < 84) {
                pass(random.nextLong(12 * T));
            } else if (what < 85 && random.nextInt(3) == 0) {
                node.crash();
            } else if (what < 86 && random.nextInt(10) == 0) {
                node.loseState();
            }
        }

        private Node any() {
            return List.copyOf(nodes.values()).get(random.nextInt(nodes.size()));
        }

        private void deliver(boolean unkind) {
            if (network.isEmpty()) {
                return;
            }
            int at = unkind && random.nextInt(3) == 0 ? random.nextInt(network.size()) : 0;
            Packet packet = unkind && random.nextInt(15) == 0 ? network.get(at) : network.remove(at);
            if (!unkind || random.nextInt(15) != 0) {
                Node to = node(packet.to());
                to.perform(to.core.receive(packet.from(), packet.message(), now));
            }
            while (network.size() > 40) {
                network.remove(random.nextInt(network.size()));
            }
        }

        private Node node(String name) {
            Node node = nodes.get(name);
            if (node == null) {
                throw new AssertionError("Nobody is called " + name);
            }
            return node;
        }

        private void pass(long nanos) {
            now += nanos;
            for (Node node : nodes.values()) {
                if (node.core.wakeAt() != Long.MAX_VALUE && now - node.core.wakeAt() >= 0) {
                    node.perform(node.core.wake(now));
                }
            }
        }

        /** No more loss: whoever has lost its state, and that is at least one, gets it back from the others. */
        private void heal() {
            node("c").loseState();
            for (int round = 0; round < 2_000 && someoneIsPoor(); round++) {
                for (int i = 0; i < 50; i++) {
                    deliver(false);
                    nodes.values().forEach(Node::work);
                }
                pass(T / 2);
                nodes.values().forEach(Node::check);
            }
            assertThat(someoneIsPoor()).as("still without a state").isFalse();
        }

        private boolean someoneIsPoor() {
            return nodes.values().stream().anyMatch(node -> node.seeding);
        }

        /** One node: its store, its Machine and its Log as far as they concern snapshots. */
        private final class Node implements Port {
            private final Peer self;
            private final TreeMap<Long, Blocks> store = new TreeMap<>();
            private final List<Runnable> work = new ArrayList<>();
            private Snapshots core;
            private @Nullable SnapshotId asked;
            private long askedUpTo;
            private long base;
            private boolean taking;
            private boolean seeding;
            private int decoding;
            private int saving;

            Node(String name) {
                self = new Peer(name, new UUID(name.hashCode(), 1));
                core = new Snapshots(self, SETTINGS, null);
            }

            void crash() {
                work.clear();
                taking = false;
                decoding = 0;
                saving = 0;
                asked = null;
                core = new Snapshots(self, SETTINGS, newest());
                if (seeding) {
                    seed();
                }
            }

            /** Of three at most one at a time, as where a majority is what counts. */
            void loseState() {
                if (someoneIsPoor()) {
                    return;
                }
                store.clear();
                seeding = true;
                crash();
            }

            private void seed() {
                List<Peer> others = nodes.values().stream()
                        .map(node -> node.self)
                        .filter(peer -> !peer.equals(self))
                        .toList();
                perform(core.seed(base, others, now));
            }

            private @Nullable Held newest() {
                if (store.isEmpty()) {
                    return null;
                }
                Blocks bytes = store.lastEntry().getValue();
                long index = store.lastKey();
                return new Held(new SnapshotId(self, index, bytes.checksum()), new EntryId(index, 1), bytes.size());
            }

            void take() {
                if (!taking && !seeding) {
                    taking = true;
                    perform(core.taken(bytes(self, committed), new EntryId(committed, 1)));
                }
            }

            /** As a leader's Log does for a follower that is behind. */
            void offerTo(Node follower) {
                Held held = core.newest();
                if (held != null && held.id().index() > follower.base) {
                    follower.perform(follower.core.fetch(held, now));
                }
            }

            void work() {
                if (!work.isEmpty()) {
                    work.remove(random.nextInt(work.size())).run();
                }
            }

            void perform(List<Effect> effects) {
                effects.forEach(effect -> effect.to(this));
            }

            void check() {
                assertThat(decoding).isLessThanOrEqualTo(1);
                assertThat(saving).isLessThanOrEqualTo(1);
                Held newest = core.newest();
                if (newest != null) {
                    assertThat(store).containsKey(newest.id().index());
                    assertThat(store.get(newest.id().index()).checksum())
                            .isEqualTo(newest.id().checksum());
                }
                // What the log no longer has is in a snapshot.
                assertThat(seeding || base == 0 || store.lastKey() >= base).isTrue();
            }

            @Override
            public void encode(Effect.Encode effect) {
                Blocks bytes = (Blocks) effect.image();
                work.add(() -> perform(
                        random.nextInt(10) == 0
                                ? core.encodingFailed(effect.last(), "no memory")
                                : core.encoded(effect.last(), bytes, bytes.checksum())));
            }

            @Override
            public void decode(Effect.Decode effect) {
                decoding++;
                Blocks bytes = effect.bytes();
                work.add(() -> {
                    decoding--;
                    EntryId last = new EntryId(ByteBuffer.wrap(bytes.joined()).getLong(), 1);
                    perform(core.decoded(last, Members.NONE, bytes, now));
                });
            }

            /** As Pekko: what has the number of a save that failed is deleted, also if it was there before. */
            @Override
            public void save(Effect.Save effect) {
                saving++;
                long index = effect.last().index();
                work.add(() -> {
                    saving--;
                    if (random.nextInt(10) == 0) {
                        store.remove(index);
                        perform(core.saveFailed(index, "disk full", now));
                    } else {
                        store.put(index, effect.bytes());
                        perform(core.saved(index));
                    }
                });
            }

            @Override
            public void load(Effect.Load effect) {
                work.add(() -> {
                    Blocks found = store.get(effect.id().index());
                    boolean fits =
                            found != null && found.checksum() == effect.id().checksum();
                    perform(core.loaded(effect.id(), fits ? found : null, now));
                });
            }

            @Override
            public void deleteBelow(Effect.DeleteBelow effect) {
                store.headMap(effect.index()).clear();
            }

            @Override
            public void send(Effect.Send effect) {
                if (effect.message() instanceof SnapshotRpc.SnapshotPull pull) {
                    resumed += pull.id().equals(asked) && pull.offset() == askedUpTo ? 1 : 0;
                    asked = pull.id();
                    askedUpTo = pull.offset();
                }
                network.add(new Packet(self, effect.node(), effect.message()));
            }

            @Override
            public void takeNow(Effect.TakeNow effect) {
                work.add(this::take);
            }

            @Override
            public void takeEnded(Effect.TakeEnded effect) {
                assertThat(taking).isTrue();
                taking = false;
            }

            @Override
            public void compact(Effect.Compact effect) {
                long index = effect.snapshot().id().index();
                work.add(() -> cover(index));
            }

            @Override
            public void install(Effect.Install effect) {
                long index = effect.last().index();
                Blocks image = (Blocks) effect.image();
                assertThat(nodes.values().stream().map(node -> bytes(node.self, index)))
                        .as("snapshots at " + index)
                        .anyMatch(image::equals);
                installed++;
                work.add(() -> {
                    if (!seeding && index <= base) {
                        perform(core.unneeded(index));
                    } else {
                        seeding &= index < base;
                        cover(index);
                        perform(core.installed(index));
                    }
                });
            }

            private void cover(long index) {
                if (index > base) {
                    base = index;
                }
                perform(core.covered(index));
            }

            @Override
            public void lost(Effect.Lost effect) {
                // The Log and the Machine are not here.
            }

            @Override
            public void pulled(Effect.Pulled effect) {
                assertThat(effect.index()).isPositive();
            }

            @Override
            public void warn(Effect.Warn effect) {
                assertThat(effect.what()).doesNotContain("thrown away", "not installed");
            }
        }
    }
}
