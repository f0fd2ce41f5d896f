package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ElectionRpc.Heartbeat;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.LogRpc.AppendEntries;
import io.murmuration.core.model.Payload;
import io.murmuration.core.model.SnapshotRpc.SnapshotChunk;
import java.io.NotSerializableException;
import java.lang.management.ManagementFactory;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.junit.jupiter.api.Test;

class WireSerializerTest {
    private final WireSerializer serializer = new WireSerializer();

    @Test
    void writesTheSameBytesIntoABufferOfAnyOrderAndReadsThemBack() throws Exception {
        for (Wire wire : WireSamples.wires().values()) {
            byte[] expected = serializer.toBinary(wire);
            for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
                ByteBuffer direct = ByteBuffer.allocateDirect(4096).order(order);

                serializer.toBinary(wire, direct.position(7));

                assertThat(direct.order()).isEqualTo(order);
                assertThat(direct.position()).isEqualTo(7 + expected.length);
                byte[] written = new byte[expected.length];
                direct.get(7, written);
                assertThat(written).isEqualTo(expected);
                direct.flip().position(7);
                assertThat(serializer.fromBinary(direct, serializer.manifest(wire)))
                        .isEqualTo(wire);
            }
        }
    }

    @Test
    void whatIsReadDoesNotShareMemoryWithThePooledBuffer() throws Exception {
        Wire wire = WireSamples.wires().get("SnapshotChunk");
        ByteBuffer pooled = ByteBuffer.allocateDirect(512);
        serializer.toBinary(wire, pooled);
        pooled.flip();

        Wire read = (Wire) serializer.fromBinary(pooled, serializer.manifest(wire));
        pooled.clear();
        for (int i = 0; i < pooled.capacity(); i++) {
            pooled.put(i, (byte) 0x55);
        }

        assertThat(((SnapshotChunk) read.body()).bytes().joined()).containsExactly(0, -1, 127);
    }

    @Test
    void anOverflowOfTheFrameIsLetThroughSinceArteryTellsByIt() {
        Wire wire = WireSamples.wires().get("AppendEntries of every payload");

        assertThatThrownBy(() -> serializer.toBinary(wire, ByteBuffer.allocate(20)))
                .isInstanceOf(BufferOverflowException.class);
    }

    @Test
    void refusesAnUnknownManifestAndNamesIt() {
        byte[] bytes = {9, 0};

        assertThatThrownBy(() -> serializer.fromBinary(bytes, "zz"))
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("\"zz\"")
                .hasMessageContaining("version 9");
        assertThatThrownBy(() -> new RecordSerializer().fromBinary(bytes, "zz"))
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("\"zz\"");
    }

    @Test
    void refusesAnUnknownVersionAndNamesManifestAndVersion() {
        WireSamples.wires().forEach((label, wire) -> {
            byte[] bytes = serializer.toBinary(wire);
            for (byte version : new byte[] {0, 9, -1}) {
                bytes[0] = version;

                assertThatThrownBy(() -> serializer.fromBinary(bytes, serializer.manifest(wire)))
                        .as(label)
                        .isInstanceOf(NotSerializableException.class)
                        .hasMessageContaining("\"" + serializer.manifest(wire) + "\"")
                        .hasMessageContaining("not version " + (version & 0xFF));
            }
        });
    }

    @Test
    void refusesAMessageThatIsCutAtAnyLengthOrTooLong() {
        WireSamples.wires().values().forEach(wire -> refusesEveryLengthButItsOwn(serializer, wire));
    }

    @Test
    void refusesARecordThatIsCutAtAnyLengthOrTooLong() {
        WireSamples.records().values().forEach(each -> refusesEveryLengthButItsOwn(new RecordSerializer(), each));
    }

    private static void refusesEveryLengthButItsOwn(SerializerWithStringManifest serializer, Object value) {
        byte[] bytes = serializer.toBinary(value);
        for (int length = 0; length <= bytes.length + 1; length++) {
            if (length != bytes.length) {
                byte[] other = Arrays.copyOf(bytes, length);
                assertThatThrownBy(() -> serializer.fromBinary(other, serializer.manifest(value)))
                        .as(value + " cut to " + length + " bytes")
                        .isInstanceOf(NotSerializableException.class);
            }
        }
    }

    @Test
    void aHugeOrNegativeLengthIsRefusedBeforeAnythingIsAllocated() {
        Wire probe = WireSamples.wires().get("AppendEntries as a probe");
        byte[] bytes = serializer.toBinary(probe);
        // At the end stand the count of entries and the commit index, one byte each.
        for (long count : new long[] {3, Integer.MAX_VALUE, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
            ByteBuffer forged = ByteBuffer.allocate(bytes.length + 16).put(bytes, 0, bytes.length - 2);
            Out.into(forged).number(count);
            forged.put((byte) 0).flip();

            assertThatThrownBy(() -> serializer.fromBinary(forged, "ae"))
                    .isInstanceOf(NotSerializableException.class)
                    .hasMessageContaining(Long.toUnsignedString(count) + " elements");
        }
    }

    @Test
    void numbersOfEverySizeComeBack() {
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            long value = random.nextLong() >> random.nextInt(64);
            ByteBuffer buffer = ByteBuffer.allocate(32);
            Out out = Out.into(buffer);
            out.number(value);
            out.signed(value);
            buffer.flip();

            In in = new In(buffer);

            assertThat(in.number()).isEqualTo(value);
            assertThat(in.signed()).isEqualTo(value);
            in.end();
        }
    }

    @Test
    void aNumberOfMoreThan64BitsIsRefused() {
        byte[] tooLong = {-1, -1, -1, -1, -1, -1, -1, -1, -1, 2};

        assertThatThrownBy(() -> new In(ByteBuffer.wrap(tooLong)).number()).isInstanceOf(MalformedException.class);
    }

    @Test
    void aFlagThatIsNeitherZeroNorOneIsRefused() {
        assertThatThrownBy(() -> new In(ByteBuffer.wrap(new byte[] {2})).flag())
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("this one is 2");
    }

    @Test
    void anUnknownKindOfPayloadReplyOrRefusalIsRefused() {
        byte[] entry = serializer.toBinary(append(List.of(new Entry(new EntryId(1, 1), 0, new Payload.NoOp()))));
        entry[entry.length - 2] = 9;
        Wire forgotten = new Wire(
                null, WireSamples.N1, new ClientRpc.Answer(WireSamples.LIFE, 1, 1, new ClientRpc.Reply.Forgotten()));
        byte[] reply = serializer.toBinary(forgotten);
        reply[reply.length - 1] = 9;
        byte[] refusal = serializer.toBinary(WireSamples.wires().get("ReadRefused without a hint"));
        refusal[refusal.length - 2] = 9;

        assertThatThrownBy(() -> serializer.fromBinary(entry, "ae")).hasMessageContaining("payload 9");
        assertThatThrownBy(() -> serializer.fromBinary(reply, "cr")).hasMessageContaining("reply 9");
        assertThatThrownBy(() -> serializer.fromBinary(refusal, "rx")).hasMessageContaining("refusal 9");
    }

    @Test
    void aTextThatIsNotUtf8IsRefused() {
        byte[] broken = {2, (byte) 0xC3, 0x28};

        assertThatThrownBy(() -> new In(ByteBuffer.wrap(broken)).text())
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void aRepeatedManifestCostsAByteAlsoBeyondWhatIsRemembered() throws Exception {
        List<Entry> alike = new ArrayList<>();
        List<Entry> different = new ArrayList<>();
        for (int i = 1; i <= 200; i++) {
            EntryId id = new EntryId(i, 1);
            alike.add(new Entry(
                    id, 0, new Payload.Proposed(1, i, 1, new Encoded(1, "example.Counter$Add00", new byte[0]))));
            String name = String.format(Locale.ROOT, "example.Counter$Add%02d", i % 100);
            different.add(new Entry(id, 0, new Payload.Proposed(1, i, 1, new Encoded(1, name, new byte[0]))));
        }

        byte[] small = serializer.toBinary(append(alike));
        byte[] large = serializer.toBinary(append(different));

        assertThat(small.length).isLessThan(200 * 14 + 100);
        assertThat(serializer.fromBinary(small, "ae")).isEqualTo(append(alike));
        assertThat(serializer.fromBinary(large, "ae")).isEqualTo(append(different));
    }

    private static Wire append(List<Entry> entries) {
        return new Wire(WireSamples.GROUP, WireSamples.N1, new AppendEntries(1, 1, EntryId.NONE, entries, 0));
    }

    @Test
    void refusesToWriteAnythingButAWire() {
        assertThatThrownBy(() -> serializer.toBinary(new Heartbeat(1, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Heartbeat");
    }

    /**
     * Bytes of messages are flipped, overwritten, cut and joined: each result is a message or a clear refusal, and
     * cheap.
     */
    @Test
    void damagedBytesAreReadAsAMessageOrRefusedWithoutAllocatingMuch() {
        long seed = Long.getLong("fuzz.seed", System.nanoTime());
        Random random = new Random(seed);
        SerializerWithStringManifest[] serializers = {serializer, new RecordSerializer()};
        List<? extends Map<String, ?>> samples = List.of(WireSamples.wires(), WireSamples.records());
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int refused = 0;
        for (int i = 0; i < 15_000; i++) {
            int which = random.nextInt(2);
            List<?> values = List.copyOf(samples.get(which).values());
            Object value = values.get(random.nextInt(values.size()));
            byte[] bytes = damage(serializers[which].toBinary(value), random);
            String manifest = serializers[which].manifest(value);

            long before = thread.getCurrentThreadAllocatedBytes();
            try {
                serializers[which].fromBinary(bytes, manifest);
            } catch (NotSerializableException expected) {
                refused++;
            } catch (Exception | Error e) {
                throw new AssertionError("-Dfuzz.seed=" + seed + " round " + i + " manifest " + manifest, e);
            }
            long allocated = thread.getCurrentThreadAllocatedBytes() - before;

            assertThat(allocated)
                    .as("bytes allocated; -Dfuzz.seed=" + seed + " round " + i)
                    .isLessThan(1 << 20);
        }
        assertThat(refused).as("-Dfuzz.seed=" + seed).isBetween(4_000, 14_500);
    }

    private static byte[] damage(byte[] bytes, Random random) {
        byte[] damaged =
                Arrays.copyOf(bytes, Math.max(2, bytes.length + (random.nextInt(4) == 0 ? random.nextInt(9) - 4 : 0)));
        int times = 1 + random.nextInt(4);
        for (int i = 0; i < times; i++) {
            // The version stays mostly as it is, or nothing behind it would be tried.
            int at = 1 + random.nextInt(damaged.length - 1);
            switch (random.nextInt(3)) {
                case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> damaged[at] = (byte) random.nextInt();
                default -> damaged[at] = (byte) 0xFF;
            }
        }
        return damaged;
    }
}
