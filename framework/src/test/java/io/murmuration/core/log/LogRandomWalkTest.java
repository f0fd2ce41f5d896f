package io.murmuration.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.log.LogGroup.Node;
import io.murmuration.core.log.LogGroup.Packet;
import io.murmuration.core.model.EntryId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random walks of a group with loss, delay, doubling, reordering, crashes and elections; {@link LogGroup} checks each
 * step.
 */
class LogRandomWalkTest {
    private static final int WALKS = Integer.getInteger("murmuration.walks", 60);
    private static final int STEPS = 1_500;

    @ParameterizedTest
    @ValueSource(ints = {3, 5})
    void keepsTheInvariantsAndConverges(int size) {
        long start = Long.getLong("murmuration.seed", 1);
        long committed = 0;

        for (long seed = start; seed < start + WALKS; seed++) {
            try {
                committed += new Walk(size, seed).run();
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("size " + size + ", -Dmurmuration.seed=" + seed, failure);
            }
        }

        // A walk in which nothing happens proves nothing.
        assertThat(committed / WALKS).as("committed entries a walk").isGreaterThan(20);
    }

    private static final class Walk {
        private final Random random;
        private final LogGroup group;
        private final List<Node> nodes;
        private long term;
        private Node candidate;
        private EntryId candidateLast = EntryId.NONE;
        private Set<Node> votes = new LinkedHashSet<>();
        private boolean won = true;
        private long serial;

        Walk(int size, long seed) {
            random = new Random(seed);
            String[] names = {"a", "b", "c", "d", "e"};
            group = new LogGroup(java.util.Arrays.copyOf(names, size));
            nodes = new ArrayList<>(group.nodes.values());
            candidate = nodes.get(0);
            // nanoTime may be anything, also close to its overflow.
            group.now = Long.MAX_VALUE - 2_000_000_000L;
        }

        long run() {
            for (int step = 0; step < STEPS; step++) {
                step();
                if (step % 50 == 0) {
                    group.checkLogMatching();
                }
            }
            heal();
            return group.committed.size();
        }

        private void step() {
            Node node = nodes.get(random.nextInt(nodes.size()));
            int what = random.nextInt(100);
            if (what < 45) {
                deliver();
            } else if (what < 60) {
                syncOne(node);
            } else if (what < 72) {
                node.propose(serial + 1, serial + 2);
                serial += 2;
            } else if (what < 80) {
                flush(node);
            } else if (what < 84) {
                node.apply();
            } else if (what < 90) {
                pass(random.nextInt(80_000_000));
            } else if (what < 95) {
                vote();
            } else if (what < 97) {
                adopt(node);
            } else if (what < 98 && random.nextInt(4) == 0) {
                crash(node);
            } else if (random.nextInt(12) == 0) {
                campaign(node);
            }
        }

        private void deliver() {
            if (group.network.isEmpty()) {
                return;
            }
            // Mostly in order, as Pekko delivers, sometimes not; sometimes lost or doubled.
            int at = random.nextInt(4) > 0 ? 0 : random.nextInt(group.network.size());
            Packet packet = random.nextInt(20) == 0 ? group.network.get(at) : group.network.remove(at);
            if (random.nextInt(20) != 0) {
                group.node(packet.to()).receive(packet);
            }
            while (group.network.size() > 60) {
                group.network.remove(random.nextInt(group.network.size()));
            }
        }

        private void syncOne(Node node) {
            if (!node.unsynced.isEmpty()) {
                node.sync();
            }
        }

        private void flush(Node node) {
            if (node.flushAsked) {
                node.flush();
            }
        }

        private void pass(long nanos) {
            group.now += nanos;
            nodes.forEach(Node::wakeIfDue);
        }

        private void campaign(Node node) {
            term++;
            candidate = node;
            candidateLast = node.fence(term).last();
            votes = new LinkedHashSet<>(List.of(node));
            won = false;
        }

        /** One more voter is fenced; between two of them anything may happen. */
        private void vote() {
            Node voter = nodes.get(random.nextInt(nodes.size()));
            if (won || voter.term > term) {
                return;
            }
            EntryId last = voter.fence(term).last();
            if (candidateLast.atLeastAsUpToDateAs(last)) {
                votes.add(voter);
            }
            if (votes.size() > nodes.size() / 2) {
                won = true;
                candidate.lead(term);
            }
        }

        private void adopt(Node node) {
            if (node.termSeen > node.term) {
                node.fence(node.termSeen);
            }
        }

        private void crash(Node node) {
            int kept = random.nextInt(node.unsynced.size() + 1);
            for (int at = 0; at < kept; at++) {
                node.persistSilently();
            }
            if (node.equals(candidate)) {
                won = true;
            }
            node.crash();
            node.fence(node.term);
        }

        /** All faults end: a leader is elected, and soon all agree on everything. */
        private void heal() {
            nodes.forEach(Node::syncAll);
            group.network.clear();
            term++;
            Node best = nodes.get(0);
            for (Node node : nodes) {
                best = node.log.last().atLeastAsUpToDateAs(best.log.last()) ? node : best;
            }
            nodes.forEach(node -> node.fence(term));
            best.lead(term);
            best.propose(++serial);
            for (int round = 0; round < 200; round++) {
                group.deliverAll();
                nodes.forEach(node -> {
                    node.syncAll();
                    node.apply();
                    flush(node);
                });
                pass(10_000_000);
            }
            EntryId end = best.log.last();
            for (Node node : nodes) {
                assertThat(node.log.last()).isEqualTo(end);
                assertThat(node.log.commit()).as("commit of %s", node.peer).isEqualTo(end.index());
                assertThat(node.fed).isEqualTo(end.index());
            }
        }
    }
}
