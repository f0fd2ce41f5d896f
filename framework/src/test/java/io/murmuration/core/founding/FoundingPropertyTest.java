package io.murmuration.core.founding;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.FoundingRpc;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.StoreRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random walks: messages are lost, doubled and late, processes die before and after a write, disks are lost. */
class FoundingPropertyTest {
    private static final List<String> FOUNDERS = List.of("n1", "n2", "n3");

    private final List<Node> nodes = new ArrayList<>();
    private final List<Letter> network = new ArrayList<>();
    private Random random = new Random();
    private long ids;

    private record Letter(String from, String to, FoundingRpc rpc) {}

    /** A process with its disk. */
    private final class Node implements Founding.Port {
        private final String name;
        private @Nullable UUID incarnation;
        private @Nullable UUID group;
        private Members members = Members.NONE;
        private @Nullable StoreRecord writing;
        private Founding core;

        Node(String name) {
            this.name = name;
            this.core = start();
        }

        Founding start() {
            writing = null;
            core = new Founding(name, FOUNDERS, true, incarnation, new UUID(1, ++ids), new UUID(2, ++ids));
            perform(core.start(new Recovered(incarnation, group, Ballot.NONE, EntryId.NONE, members, List.of())));
            return core;
        }

        void wipe() {
            incarnation = null;
            group = null;
            members = Members.NONE;
            start();
        }

        void perform(List<Founding.Effect> effects) {
            effects.forEach(effect -> effect.to(this));
        }

        void flush() {
            if (writing instanceof StoreRecord.Prepared prepared) {
                incarnation = prepared.incarnation();
            } else if (writing instanceof StoreRecord.Founded founded) {
                group = founded.group();
                members = founded.members();
            }
        }

        @Override
        public void persist(StoreRecord record) {
            assertThat(writing).as("one write at a time").isNull();
            writing = record;
        }

        @Override
        public void send(String node, FoundingRpc rpc) {
            network.add(new Letter(name, node, rpc));
        }

        @Override
        public void join(UUID id, Peer self, Members known) {
            assertThat(id).as("joined only what is durable").isEqualTo(group);
            assertThat(self.incarnation()).isEqualTo(incarnation);
            assertThat(known.votes(self)).as("never under another incarnation").isTrue();
        }
    }

    private void step(int faults, boolean wipes) {
        Node node = nodes.get(random.nextInt(nodes.size()));
        int dice = random.nextInt(100);
        if (dice < 10) {
            node.perform(node.core.tick());
        } else if (dice < 25 && node.writing != null) {
            node.flush();
            node.writing = null;
            node.perform(node.core.written());
        } else if (dice < 25 + faults) {
            if (random.nextBoolean()) {
                node.flush();
            }
            node.start();
        } else if (wipes && dice == 99) {
            node.wipe();
        } else if (!network.isEmpty()) {
            Letter letter = network.remove(random.nextInt(network.size()));
            if (random.nextInt(100) < faults) {
                return;
            }
            if (random.nextInt(100) < faults) {
                network.add(letter);
            }
            Node to = nodes.get(FOUNDERS.indexOf(letter.to()));
            to.perform(to.core.on(letter.from(), letter.rpc()));
        }
    }

    /** Groups that could elect a leader: a majority of those whom they name has joined and kept its disk. */
    private Set<UUID> alive() {
        Map<UUID, Integer> joined = new TreeMap<>();
        for (Node node : nodes) {
            if (node.group != null) {
                joined.merge(node.group, 1, Integer::sum);
            }
        }
        Set<UUID> alive = new TreeSet<>();
        joined.forEach((group, count) -> {
            if (count > FOUNDERS.size() / 2) {
                alive.add(group);
            }
        });
        return alive;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 15})
    void atMostOneGroupCanEverElectALeader(int faults) {
        for (long seed = 0; seed < 2_000; seed++) {
            random = new Random(seed);
            nodes.clear();
            network.clear();
            FOUNDERS.forEach(name -> nodes.add(new Node(name)));

            for (int i = 0; i < 150; i++) {
                step(faults, true);

                assertThat(alive()).as("seed %d step %d", seed, i).hasSizeLessThanOrEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 15})
    void everybodyJoinsOnceFaultsEndAndNoDiskWasLost(int faults) {
        for (long seed = 0; seed < 1_000; seed++) {
            random = new Random(seed);
            nodes.clear();
            network.clear();
            FOUNDERS.forEach(name -> nodes.add(new Node(name)));
            for (int i = 0; i < 60; i++) {
                step(faults, false);
            }
            nodes.forEach(Node::start);

            for (int i = 0; i < 600; i++) {
                step(0, false);
            }

            assertThat(nodes).as("seed %d", seed).allMatch(node -> node.group != null);
            assertThat(alive()).as("seed %d faults %d", seed, faults).hasSize(1);
        }
    }
}
