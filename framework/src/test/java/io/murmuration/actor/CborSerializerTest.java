package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.Group;
import io.murmuration.actor.CodecTypes.Add;
import io.murmuration.actor.CodecTypes.Circle;
import io.murmuration.core.model.StoreRecord;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The three serializers as Pekko finds them by this library's reference configuration. */
class CborSerializerTest {
    private final ActorSystem<Void> system = CodecUserTest.system("");
    private final Serialization serialization = SerializationExtension.get(system);

    @AfterEach
    void stop() {
        ActorTestKit.shutdown(system);
    }

    @Test
    void wireAndRecordsAreBound() throws Exception {
        assertThat(serialization.serializerFor(Wire.class)).isInstanceOf(WireSerializer.class);
        assertThat(serialization.serializerFor(StoreRecord.BallotCast.class)).isInstanceOf(RecordSerializer.class);
        for (Wire wire : WireSamples.wires().values()) {
            byte[] bytes = serialization.serialize(wire).get();
            WireSerializer serializer = (WireSerializer) serialization.findSerializerFor(wire);
            assertThat(serialization
                            .deserialize(bytes, serializer.identifier(), serializer.manifest(wire))
                            .get())
                    .isEqualTo(wire);
        }
    }

    @Test
    void takesATypeOnlyOnceItsGroupIsStarted() throws Exception {
        CborSerializer cbor = CborSerializer.of(serialization);
        byte[] bytes = cbor.form(cbor.mapper().constructType(Add.class)).write(new Add(7));

        assertThatThrownBy(() -> cbor.fromBinary(bytes, Add.class.getName()))
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining(Add.class.getName());
        assertThatThrownBy(() -> cbor.toBinary(new Add(7))).hasMessageContaining(Add.class.getName());

        UserCodec.forGroup(system, Group.of("g", CodecTypes.machine(0L, CodecTypes.Change.class)));

        assertThat(cbor.fromBinary(bytes, Add.class.getName())).isEqualTo(new Add(7));
        assertThat(cbor.toBinary(new Add(7))).isEqualTo(bytes);
        assertThatThrownBy(() -> cbor.fromBinary(bytes, Circle.class.getName()))
                .isInstanceOf(NotSerializableException.class);
    }

    @Test
    void guessesNoComponentOfARecord() throws Exception {
        UserCodec.forGroup(system, Group.of("g", CodecTypes.machine(0L, CodecTypes.Change.class)));
        CborSerializer cbor = CborSerializer.of(serialization);
        byte[] unknown = cbor.mapper().writeValueAsBytes(Map.of("amount", 7, "times", 3));
        byte[] missing = cbor.mapper().writeValueAsBytes(Map.of());
        byte[] empty = cbor.mapper().writeValueAsBytes(Collections.singletonMap("amount", null));

        assertThat(cbor.fromBinary(cbor.mapper().writeValueAsBytes(Map.of("amount", 7)), Add.class.getName()))
                .isEqualTo(new Add(7));
        for (byte[] bytes : List.of(unknown, missing, empty)) {
            assertThatThrownBy(() -> cbor.fromBinary(bytes, Add.class.getName()))
                    .isInstanceOf(IOException.class)
                    .hasMessageMatching("(?s).*(times|amount).*");
        }
    }

    @Test
    void aGroupThatIsRefusedRegistersNothing() throws Exception {
        CborSerializer cbor = CborSerializer.of(serialization);

        assertThatThrownBy(() -> UserCodec.forGroup(
                        system, Group.of("g", CodecTypes.machine(0L, CodecTypeCheckTest.Supplied.class))))
                .isInstanceOf(IllegalArgumentException.class);

        assertThatThrownBy(() -> cbor.fromBinary(new byte[] {(byte) 0xA0}, CodecTypeCheckTest.Supplied.class.getName()))
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("takes only");
    }
}
