package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.core.model.ClientRpc.Outcome;
import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Snapshot;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.junit.jupiter.api.Test;

class SnapshotFormatTest {
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
            WireSamples.JOINT,
            1_795_000_000_000L,
            3_600_000,
            0x7172_7374_7576_7778L,
            0x8123_4567_89AB_CDEFL,
            List.of(BUSY, new Snapshot.Session(8, WireSamples.LIFE, "knoten-ß", 1, 0, List.of())),
            List.of(new Snapshot.Gone(3, WireSamples.LIFE, "n2")),
            WireSamples.ADD);
    private static final Snapshot EMPTY = new Snapshot(
            WireSamples.GROUP, EntryId.NONE, Members.NONE, -1, 0, 0, 0, List.of(), List.of(), WireSamples.RESET);

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
            return SnapshotFormat.toBytes((Snapshot) snapshot);
        }

        @Override
        public Object fromBinary(byte[] bytes, String manifest) {
            return SnapshotFormat.fromBytes(bytes);
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
        byte[] bytes = SnapshotFormat.toBytes(FULL);

        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> SnapshotFormat.fromBytes(cut)).isInstanceOf(MalformedException.class);
        }
        assertThatThrownBy(() -> SnapshotFormat.fromBytes(Arrays.copyOf(bytes, bytes.length + 1)))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void refusesAnotherVersion() {
        byte[] bytes = SnapshotFormat.toBytes(FULL);
        bytes[0] = 2;

        assertThatThrownBy(() -> SnapshotFormat.fromBytes(bytes))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("version 2")
                .hasMessageContaining("same version");
    }

    /** One large array stands for many, so that the test needs no such memory. */
    @Test
    void refusesWhatNoArrayCanHold() {
        Reply large = new Reply.Replied(new Encoded(1, "x", new byte[1 << 20]));
        Snapshot.Session session = new Snapshot.Session(
                7, WireSamples.LIFE, "n2", 1, 0, Collections.nCopies(1 << 10, new Outcome(1, 1, large)));
        List<Snapshot.Session> five = Collections.nCopies(5, session);
        Snapshot huge = new Snapshot(
                WireSamples.GROUP, EntryId.NONE, Members.NONE, 0, 0, 0, 0, five, List.of(), WireSamples.ADD);

        assertThatThrownBy(() -> SnapshotFormat.toBytes(huge))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5368")
                .hasMessageContaining("2147483583")
                .hasMessageContaining("split the state");
        assertThat(SnapshotFormat.size(FULL)).isEqualTo(SnapshotFormat.toBytes(FULL).length);
    }
}
