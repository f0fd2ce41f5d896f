package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.core.model.Blocks;
import io.murmuration.core.model.ClientRpc.Outcome;
import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.EncodedState;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Snapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.junit.jupiter.api.Test;

class SnapshotFormatTest {
    private static final long MAX = 10_000;
    private static final Snapshot.Session BUSY = new Snapshot.Session(
            7,
            WireSamples.LIFE,
            "n2",
            300,
            -5,
            List.of(
                    new Outcome(300, 18, new Reply.Replied(WireSamples.ADD)),
                    new Outcome(301, 19, new Reply.Declined("zu wenig Guthaben: 5 €")),
                    new Outcome(302, 20, new Reply.Unencodable("no serializer")),
                    new Outcome(303, 21, new Reply.SessionUnknown()),
                    new Outcome(304, 22, new Reply.Forgotten())));
    private static final Snapshot FULL = new Snapshot(
            WireSamples.GROUP,
            new EntryId(1L << 40, 3),
            WireSamples.NOTING,
            1_795_000_000_000L,
            3_600_000,
            0x7172_7374_7576_7778L,
            0x8123_4567_89AB_CDEFL,
            List.of(BUSY, new Snapshot.Session(8, WireSamples.LIFE, "knoten-ß", 1, 0, List.of())),
            List.of(new Snapshot.Gone(3, WireSamples.LIFE, "n2")),
            state(WireSamples.ADD));
    private static final Snapshot EMPTY = new Snapshot(
            WireSamples.GROUP, EntryId.NONE, Members.NONE, -1, 0, 0, 0, List.of(), List.of(), state(WireSamples.RESET));

    /** Lets the golden files be checked as those of the serializers are. */
    private static final class Goldens extends SerializerWithStringManifest {
        @Override
        public int identifier() {
            return -1;
        }

        @Override
        public String manifest(Object snapshot) {
            return "snapshot";
        }

        @Override
        public byte[] toBinary(Object snapshot) {
            return SnapshotFormat.toBlocks((Snapshot) snapshot, MAX).joined();
        }

        @Override
        public Object fromBinary(byte[] bytes, String manifest) {
            return SnapshotFormat.fromBlocks(Blocks.of(bytes));
        }
    }

    @Test
    void writesAndReadsTheGoldenBytes() {
        Map<String, Snapshot> samples = new LinkedHashMap<>();
        samples.put("Snapshot with all that there can be", FULL);
        samples.put("Snapshot of an empty machine", EMPTY);

        new CodecGoldens("snapshot", new Goldens()).check(samples, Object::getClass);
    }

    @Test
    void refusesEveryCutAndAnyAddition() {
        Blocks blocks = SnapshotFormat.toBlocks(FULL, MAX);

        for (int length = 0; length < blocks.size(); length++) {
            Blocks cut = blocks.slice(0, length);
            assertThatThrownBy(() -> SnapshotFormat.fromBlocks(cut)).isInstanceOf(MalformedException.class);
        }
        assertThatThrownBy(() -> SnapshotFormat.fromBlocks(Blocks.of(blocks.joined(), new byte[1])))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void refusesAnotherVersion() {
        byte[] bytes = SnapshotFormat.toBlocks(FULL, MAX).joined();
        bytes[0] = SnapshotFormat.VERSION + 1;

        assertThatThrownBy(() -> SnapshotFormat.fromBlocks(Blocks.of(bytes)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("version " + (SnapshotFormat.VERSION + 1))
                .hasMessageContaining("same version");
    }

    @Test
    void readsWhatIsCutIntoBlocksInWhateverWay() {
        Blocks written = SnapshotFormat.toBlocks(FULL, MAX);
        Random random = new Random(1);

        for (int size = 1; size < 40; size++) {
            Blocks.Builder cut = new Blocks.Builder(MAX);
            for (long at = 0; at < written.size(); ) {
                long end = Math.min(written.size(), at + 1 + random.nextInt(size));
                cut.add(written.slice(at, end));
                at = end;
            }
            assertThat(SnapshotFormat.fromBlocks(cut.build())).isEqualTo(FULL);
        }
    }

    @Test
    void keepsTheBlocksOfALargeState() {
        byte[] block = new byte[Blocks.BLOCK_BYTES];
        EncodedState state = new EncodedState(1, "x", Blocks.of(block, block, block));
        Snapshot large =
                new Snapshot(WireSamples.GROUP, EntryId.NONE, Members.NONE, 0, 0, 0, 0, List.of(), List.of(), state);

        Blocks written = SnapshotFormat.toBlocks(large, 8 << 20);

        assertThat(written.arrays()).filteredOn(array -> array == block).hasSize(3);
        assertThat(SnapshotFormat.fromBlocks(written).state().bytes().arrays())
                .hasSize(3)
                .allMatch(array -> array == block);
    }

    @Test
    void stopsAtTheBound() {
        byte[] block = new byte[Blocks.BLOCK_BYTES];
        Reply large = new Reply.Replied(new Encoded(1, "x", block));
        Snapshot.Session session =
                new Snapshot.Session(7, WireSamples.LIFE, "n2", 1, 0, List.of(new Outcome(1, 1, large)));
        Snapshot snapshot = new Snapshot(
                WireSamples.GROUP,
                EntryId.NONE,
                Members.NONE,
                0,
                0,
                0,
                0,
                List.of(session),
                List.of(),
                state(WireSamples.ADD));
        long size = SnapshotFormat.toBlocks(snapshot, Long.MAX_VALUE).size();

        assertThat(SnapshotFormat.toBlocks(snapshot, size).size()).isEqualTo(size);
        assertThatThrownBy(() -> SnapshotFormat.toBlocks(snapshot, size - 1))
                .isInstanceOf(Blocks.TooLargeException.class)
                .hasMessageContaining("murmuration.snapshot-bytes-max (" + (size - 1) + ")")
                .hasMessageContaining("split the state");
    }

    private static EncodedState state(Encoded encoded) {
        return new EncodedState(encoded.serializer(), encoded.manifest(), Blocks.of(encoded.bytes()));
    }
}
