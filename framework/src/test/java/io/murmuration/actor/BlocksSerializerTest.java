package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.Test;

/** What a snapshot store other than the embedded one makes of a snapshot. */
class BlocksSerializerTest {
    private static final byte[][] SOME = {{1, 2}, {}, new byte[300], {-1}};

    private final BlocksSerializer serializer = new BlocksSerializer();

    @Test
    void arraysAreBoundToItAndComeBackAsTheyWere() {
        ActorSystem<Void> system = CodecUserTest.system("");
        try {
            Serialization serialization = SerializationExtension.get(system);

            byte[] bytes = serialization.serialize(SOME).get();

            assertThat(serialization.findSerializerFor(SOME).identifier()).isEqualTo(BlocksSerializer.IDENTIFIER);
            assertThat(serialization
                            .deserialize(bytes, BlocksSerializer.IDENTIFIER, "")
                            .get())
                    .isEqualTo(SOME);
        } finally {
            ActorTestKit.shutdown(system);
        }
    }

    @Test
    void refusesEveryCutAndAnyAddition() {
        byte[] bytes = serializer.toBinary(SOME);

        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> serializer.fromBinary(cut)).isInstanceOf(MalformedException.class);
        }
        byte[] longer = java.util.Arrays.copyOf(bytes, bytes.length + 1);
        assertThatThrownBy(() -> serializer.fromBinary(longer)).isInstanceOf(MalformedException.class);
    }

    @Test
    void refusesWhatNoArrayCanHold() {
        int size = serializer.toBinary(SOME).length;

        assertThat(BlocksSerializer.toBinary(SOME, size)).hasSize(size);
        assertThatThrownBy(() -> BlocksSerializer.toBinary(SOME, size - 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(size + " bytes")
                .hasMessageContaining("murmuration.snapshot-store")
                .hasMessageContaining("split the state");
    }
}
