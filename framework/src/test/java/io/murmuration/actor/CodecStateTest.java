package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.Group;
import io.murmuration.core.model.Blocks;
import io.murmuration.core.model.Codec;
import io.murmuration.core.model.Codec.CodecException;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.EncodedState;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** States, which may be large, through the codec of a group. */
class CodecStateTest {
    private static final long MAX = 64 << 20;

    private static ActorSystem<Void> system;

    /** What is large by being many, and what is large in one. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Library(List<String> books, byte[] map) {}

    @BeforeAll
    static void start() {
        system = CodecUserTest.system("");
    }

    @AfterAll
    static void stop() {
        ActorTestKit.shutdown(system);
    }

    private static Codec codec(Object state) {
        return UserCodec.forGroup(system, Group.of("g", CodecTypes.machine(state, CodecTypes.Change.class)));
    }

    private static Library library(int books) {
        byte[] map = new byte[Blocks.BLOCK_BYTES + 7];
        new Random(1).nextBytes(map);
        return new Library(
                IntStream.range(0, books).mapToObj(number -> "Buch ü " + number).toList(), map);
    }

    private static Encoded whole(EncodedState state) {
        return new Encoded(state.serializer(), state.manifest(), state.bytes().joined());
    }

    @Test
    void aLargeStateIsEncodedInBlocksAndComesBackAsItWas() {
        Library state = library(50_000);
        Codec codec = codec(state);

        EncodedState encoded = codec.encodeState(state, MAX);

        assertThat(encoded.bytes().arrays()).hasSizeGreaterThan(3);
        Library decoded = (Library) codec.decodeState(encoded);
        assertThat(decoded.books()).isEqualTo(state.books());
        assertThat(decoded.map()).isEqualTo(state.map());
    }

    @Test
    void aStateIsTheSameBytesInBlocksAndInOneArray() {
        Library state = library(100);
        Codec codec = codec(state);

        assertThat(whole(codec.encodeState(state, MAX))).isEqualTo(codec.encode(state));
    }

    @Test
    void aStateThatExceedsTheBoundIsNotEncodedToItsEnd() {
        Library state = library(100);
        Codec codec = codec(state);
        long size = codec.encodeState(state, MAX).bytes().size();

        assertThat(codec.encodeState(state, size).bytes().size()).isEqualTo(size);
        assertThatThrownBy(() -> codec.encodeState(state, size - 1))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("Library")
                .hasMessageContaining("murmuration.snapshot-bytes-max (" + (size - 1) + ")");
    }

    @Test
    void aStateOfASerializerOfPekkoGoesThroughOneArray() {
        Codec codec = codec(7L);

        EncodedState encoded = codec.encodeState(42L, MAX);

        assertThat(whole(encoded)).isEqualTo(codec.encode(42L));
        assertThat(codec.decodeState(encoded)).isEqualTo(42L);
        assertThatThrownBy(() -> codec.encodeState(42L, 7))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("murmuration.snapshot-bytes-max (7)");
    }

    @Test
    void damagedBlocksAreRefusedWithTheManifest() {
        Library state = library(3);
        Codec codec = codec(state);
        EncodedState encoded = codec.encodeState(state, MAX);
        Blocks cut = encoded.bytes().slice(0, encoded.bytes().size() - 1);
        Blocks longer = Blocks.of(encoded.bytes().joined(), new byte[] {0});

        for (Blocks damaged : List.of(cut, longer)) {
            assertThatThrownBy(() ->
                            codec.decodeState(new EncodedState(encoded.serializer(), encoded.manifest(), damaged)))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("Library");
        }
        assertThatThrownBy(() ->
                        codec.decodeState(new EncodedState(encoded.serializer(), "java.lang.Runtime", encoded.bytes())))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("java.lang.Runtime");
    }

    @Test
    void streamsOverBlocksGiveBackWhatWasWritten() throws IOException {
        byte[] some = new byte[2 * Blocks.BLOCK_BYTES + 3];
        new Random(2).nextBytes(some);
        BlocksOutput output = new BlocksOutput(MAX);
        output.write(-2);
        output.write(some, 1, some.length - 1);

        Blocks written = output.written();

        try (BlocksInput input = new BlocksInput(written)) {
            assertThat(input.read()).isEqualTo(0xFE);
            assertThat(input.read(new byte[5], 2, 0)).isZero();
            assertThat(input.readAllBytes()).isEqualTo(java.util.Arrays.copyOfRange(some, 1, some.length));
            assertThat(input.read()).isEqualTo(-1);
            assertThat(input.read(new byte[1], 0, 1)).isEqualTo(-1);
        }
    }
}
