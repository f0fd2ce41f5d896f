package io.murmuration.core.apply;

import static io.murmuration.core.apply.Till.entry;
import static io.murmuration.core.apply.Till.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.core.model.Codec;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.Peer;
import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.StateMachine;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever encodes replies otherwise, or says no in other words, has not folded otherwise [B10]. */
class UpgradeTest {
    private static final UUID GROUP = new UUID(9, 9);
    private static final MachineSettings SETTINGS = MachineSettings.DEFAULT.withHashEvery(3);
    private static final int EPOCH = (int) SETTINGS.epochEntries();

    sealed interface Step<R> extends Command<R>, Serializable permits Add, Deny {}

    record Add() implements Step<Long> {}

    record Deny() implements Step<Long> {}

    /** One that encodes replies otherwise in each version. */
    private record Versioned(int version) implements Codec {
        @Override
        public Encoded encode(Object value) {
            Encoded plain = Till.CODEC.encode(value);
            int length = plain.size();
            byte[] bytes = Arrays.copyOf(plain.bytes(), length + 1);
            bytes[length] = (byte) version;
            return new Encoded(plain.serializer(), plain.manifest(), bytes);
        }

        @Override
        public Object decode(Encoded encoded) {
            return Till.CODEC.decode(encoded);
        }

        @Override
        public long replyShape() {
            return 1_000L + version;
        }
    }

    /** One node, which folds from some index on as no other does. */
    private static final class Node {
        private final Peer peer;
        private int version = 1;
        private long wrongFrom = Long.MAX_VALUE;
        private Machine<Long> machine;
        private final List<Effect> complaints = new ArrayList<>();
        private final List<Effect.Report> reports = new ArrayList<>();

        Node(Peer peer) {
            this.peer = peer;
            this.machine = new Machine<>(blueprint(), Till.MEMBERS);
        }

        private Blueprint<Long> blueprint() {
            StateMachine<Long> folds = StateMachine.startingFrom(0L)
                    .on(Add.class, (sum, add, meta) -> Applied.of(sum + 1, meta.index() >= wrongFrom ? -sum : sum))
                    .on(Deny.class, (sum, deny, meta) -> Applied.rejected(sum, "no, says version " + version))
                    .covering(Step.class);
            return new Blueprint<>("till", peer, folds, new Versioned(version), SETTINGS);
        }

        boolean stopped() {
            return !only(Effect.Stop.class, complaints).isEmpty();
        }

        Image<?> image() {
            Effect.Take take = only(Effect.Take.class, machine.snapshotNow()).get(0);
            machine.snapshotEnded(take.image().last().index(), true);
            return Image.of(take.image().encoded(GROUP, new Versioned(version), 1 << 20), new Versioned(version));
        }

        void startFrom(Image<?> image, int startVersion) {
            version = startVersion;
            machine = Machine.restored(blueprint(), image);
        }
    }

    private final List<Node> nodes = List.of(new Node(Till.SELF), new Node(Till.SECOND), new Node(Till.THIRD));
    private final List<Entry> log = new ArrayList<>(List.of(entry(1, Till.open(Till.LIFE, "n1"))));

    /** All that were not stopped fold so many more entries, and hear of each other; but one report of ten is lost. */
    private void fold(int count, Random random) {
        int target = log.size() + count;
        while (log.size() < target) {
            long serial = log.size();
            Step<Long> step = random.nextInt(5) == 0 ? new Deny() : new Add();
            log.add(entry(log.size() + 1, Till.proposed(1, serial, serial, step)));
        }
        for (Entry next : log) {
            for (Node node : nodes) {
                if (node.machine.applied().index() == next.index() - 1 && !node.stopped()) {
                    perform(node, node.machine.committed(List.of(next), true), random);
                }
            }
        }
    }

    private void perform(Node node, List<Effect> effects, Random random) {
        node.complaints.addAll(only(Effect.Warn.class, effects));
        node.complaints.addAll(only(Effect.Stop.class, effects));
        for (Effect.Report report : only(Effect.Report.class, effects)) {
            node.reports.add(report);
            for (Node other : nodes) {
                if (other != node && !other.stopped() && random.nextInt(10) > 0) {
                    perform(other, other.machine.reported(node.peer, report.hash()), random);
                }
            }
        }
    }

    private void assertThatAllAreContent(Object where) {
        for (Node node : nodes) {
            assertThat(node.complaints).as("%s, %s", where, node.peer).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aRollingUpgradeStopsAndWarnsNobodyAndBlindsNobodyForLong(long seed) {
        Random random = new Random(seed);
        for (Node node : nodes) {
            fold(1 + random.nextInt(2 * EPOCH), random);
            Image<?> image = node.image();
            fold(random.nextInt(EPOCH / 2), random);
            node.startFrom(image, 2);
        }
        fold(EPOCH + 2 * (int) SETTINGS.hashEvery(), random);
        assertThatAllAreContent("seed " + seed);
        Node bad = nodes.get(random.nextInt(3));

        bad.wrongFrom = bad.machine.applied().index() + 1;
        fold(EPOCH / 2, random);

        for (Node node : nodes) {
            assertThat(node.stopped()).as("seed %s, %s", seed, node.peer).isEqualTo(node == bad);
        }
    }

    @Test
    void versionsThatEncodeOtherwiseHashOtherwise() {
        Random random = new Random(1);
        Node other = nodes.get(2);
        other.version = 2;
        other.machine = new Machine<>(other.blueprint(), Till.MEMBERS);

        fold(30, random);

        assertThat(other.machine.chain()).isNotEqualTo(nodes.get(0).machine.chain());
        assertThat(nodes.get(1).machine.chain()).isEqualTo(nodes.get(0).machine.chain());
        assertThatAllAreContent("two versions from the start");
    }

    @Test
    void whoChangesItsVersionSaysNothingBeforeTheNextEpoch() {
        Random random = new Random(1);
        Node upgraded = nodes.get(0);
        fold(9, random);
        upgraded.startFrom(upgraded.image(), 2);
        upgraded.reports.clear();

        fold(EPOCH - 10, random);
        assertThat(upgraded.image().shape()).isZero();
        assertThat(upgraded.reports).isEmpty();
        fold((int) SETTINGS.hashEvery(), random);

        assertThat(upgraded.image().shape()).isEqualTo(1_002);
        assertThat(upgraded.reports).hasSize(1);
    }

    @Test
    void anImageMadeUnderAnotherVersionGivesAStateAndNoHash() {
        Random random = new Random(1);
        Node upgraded = nodes.get(0);
        fold(10, random);
        Image<?> old = upgraded.image();
        upgraded.startFrom(old, 2);
        fold(5, random);
        Image<?> mixed = upgraded.image();
        Node second = nodes.get(1);
        Node third = nodes.get(2);

        second.startFrom(old, 1);
        third.startFrom(mixed, 1);
        second.reports.clear();
        third.reports.clear();
        fold(5, random);

        assertThat(third.machine.state()).isEqualTo(second.machine.state());
        assertThat(second.reports).as("goes on under the same version").isNotEmpty();
        assertThat(third.reports)
                .as("the first version again, but after another")
                .isEmpty();
        assertThatAllAreContent("restored");
    }

    @Test
    void thereIsNoShapeZero() {
        assertThatThrownBy(() -> new Blueprint<>("till", Till.SELF, Till.machine(), Till.CODEC, SETTINGS, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("stands for none");
    }
}
