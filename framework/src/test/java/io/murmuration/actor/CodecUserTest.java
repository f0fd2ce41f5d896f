package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.murmuration.Group;
import io.murmuration.actor.CodecTypes.Add;
import io.murmuration.actor.CodecTypes.Answer;
import io.murmuration.actor.CodecTypes.Circle;
import io.murmuration.actor.CodecTypes.Color;
import io.murmuration.actor.CodecTypes.Inner;
import io.murmuration.actor.CodecTypes.Nothing;
import io.murmuration.actor.CodecTypes.Rich;
import io.murmuration.actor.CodecTypes.Shape;
import io.murmuration.actor.CodecTypes.Square;
import io.murmuration.core.model.Codec;
import io.murmuration.core.model.Codec.CodecException;
import io.murmuration.core.model.Encoded;
import io.murmuration.machine.Command;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Users' values through the codec of a group that holds their types. */
class CodecUserTest {
    private static final int JAVA_SERIALIZER = 1;
    private static final int STRING_SERIALIZER = 20;

    private static ActorSystem<Void> system;

    @BeforeAll
    static void start() {
        system = system("");
    }

    @AfterAll
    static void stop() {
        ActorTestKit.shutdown(system);
    }

    static ActorSystem<Void> system(String config) {
        Config all = ConfigFactory.parseString(config + "\npekko.loglevel = WARNING\npekko.jvm-shutdown-hooks = off")
                .withFallback(ConfigFactory.load());
        return ActorSystem.create(Behaviors.empty(), "codec", all);
    }

    private static Codec codec(Object state, Class<?> family) {
        return UserCodec.forGroup(system, Group.of("g", CodecTypes.machine(state, family)));
    }

    private static Rich rich() {
        Shape circle = new Circle(1.5);
        return new Rich(
                new byte[] {1, -1},
                Optional.of("there"),
                OptionalLong.empty(),
                Instant.parse("2026-11-22T17:00:00.123456789Z"),
                Duration.ofNanos(1_500_000_001),
                ZonedDateTime.of(2026, 11, 22, 17, 0, 0, 1, ZoneId.of("Europe/Berlin")),
                Color.GREEN,
                List.of(new Inner("a", Optional.of(new Inner("b", Optional.empty())))),
                new TreeMap<>(Map.of("b", 2L, "a", 1L)),
                Set.of(Color.RED),
                Map.of(Color.GREEN, List.of(circle, new Square(2), Nothing.NOTHING, Nothing.REALLY_NOTHING)),
                new CodecTypes.Group(List.of(circle, new CodecTypes.Group(List.of(), Map.of())), Map.of("x", circle)),
                new Square(3),
                new UUID(1, 2),
                new BigDecimal("1.50"),
                'ß',
                new long[] {Long.MIN_VALUE, 0},
                "zwölf €");
    }

    @Test
    void recordsOfAllShapesComeBackAsTheyWere() {
        Codec codec = codec(0L, Rich.class);

        Encoded encoded = codec.encode(rich());

        assertThat(encoded.serializer()).isEqualTo(CborSerializer.IDENTIFIER);
        assertThat(encoded.manifest()).isEqualTo(Rich.class.getName());
        assertThat(codec.decode(encoded)).isEqualTo(rich());
        Answer answer = new Answer(Nothing.REALLY_NOTHING, Optional.of(Color.GREEN));
        assertThat(codec.decode(codec.encode(answer))).isEqualTo(answer);
    }

    @Test
    void onlyTheComponentsOfARecordAreEncoded() {
        Codec codec = codec(0L, Rich.class);

        String text = new String(codec.encode(rich()).bytes(), StandardCharsets.ISO_8859_1);

        assertThat(text).contains("maybe").doesNotContain("summary", "empty", "not a component");
    }

    @Test
    void aValueIsEncodedToTheSameBytesEachTime() {
        Codec one = codec(0L, Rich.class);
        Codec other = codec(0L, Rich.class);

        assertThat(one.encode(rich())).isEqualTo(other.encode(rich()));
    }

    @Test
    void aMapThatHasAnOrderKeepsIt() {
        Codec codec = codec(0L, CodecTypes.Count.class);
        Map<String, Long> linked = new LinkedHashMap<>();
        for (String key : List.of("z", "b", "y", "a")) {
            linked.put(key, 1L);
        }

        @SuppressWarnings("unchecked") // the reply is declared so
        Map<String, Long> back = (Map<String, Long>) codec.decode(codec.encode(linked));

        assertThat(back.keySet()).containsExactly("z", "b", "y", "a");
    }

    @Test
    void boundTypesAreEncodedByTheirOwnSerializers() {
        Codec codec = codec(7L, CodecTypes.Change.class);

        Encoded encoded = codec.encode(42L);

        assertThat(encoded.serializer()).isEqualTo(18);
        assertThat(encoded.bytes()).hasSize(Long.BYTES);
        assertThat(codec.decode(encoded)).isEqualTo(42L);
    }

    @Test
    void aSerializableTypeIsEncodedAsCborAndNeverByJava() {
        Codec codec = codec(0L, CodecTypes.Paint.class);

        Encoded command = codec.encode(new CodecTypes.Paint(Color.GREEN));
        Encoded reply = codec.encode(Color.GREEN);

        assertThat(command.serializer()).isEqualTo(CborSerializer.IDENTIFIER);
        assertThat(codec.decode(command)).isEqualTo(new CodecTypes.Paint(Color.GREEN));
        assertThat(reply.manifest()).isEqualTo(Color.class.getName());
        assertThat(codec.decode(reply)).isEqualTo(Color.GREEN);
    }

    @Test
    void genericRepliesAreEncodedAsTheirCommandDeclaresThem() {
        List<Inner> inners = List.of(new Inner("a", Optional.empty()));
        Codec names = codec(0L, CodecTypes.Names.class);
        Codec find = codec(0L, CodecTypes.Find.class);
        Codec attempt = codec(0L, CodecTypes.Try.class);

        assertThat(names.encode(inners).manifest()).isEqualTo("java.util.List<io.murmuration.actor.CodecTypes$Inner>");
        assertThat(names.decode(names.encode(inners))).isEqualTo(inners);
        assertThat(find.decode(find.encode(Optional.of(new Circle(1))))).isEqualTo(Optional.of(new Circle(1)));
        assertThat(find.decode(find.encode(Optional.empty()))).isEqualTo(Optional.empty());
        CodecTypes.Ok<Inner> ok = new CodecTypes.Ok<>(inners.get(0));
        assertThat(attempt.decode(attempt.encode(ok))).isEqualTo(ok);
        assertThat(attempt.decode(attempt.encode(new CodecTypes.Bad<Inner>("no"))))
                .isEqualTo(new CodecTypes.Bad<>("no"));
    }

    @Test
    void aGenericStateIsEncodedAsACommandDeclaresIt() {
        Map<String, Long> state = new TreeMap<>(Map.of("a", 1L));

        Codec codec = codec(state, CodecTypes.Count.class);

        assertThat(codec.decode(codec.encode(state))).isEqualTo(state);
    }

    @Test
    void aReplyOfASealedTypeIsEncodedUnderTheNameOfItsClass() {
        Codec codec = codec(new Square(1), CodecTypes.Draw.class);

        for (Object shape : List.of(new Circle(2), new Square(3), Nothing.REALLY_NOTHING)) {
            assertThat(codec.decode(codec.encode(shape))).isEqualTo(shape);
        }
    }

    @Test
    void aStateOfASealedTypeMayBecomeAnyOfItsMembers() {
        Codec codec = codec(new Square(1), CodecTypes.Change.class);

        assertThat(codec.decode(codec.encode(new Circle(2)))).isEqualTo(new Circle(2));
    }

    @Test
    void aClassOfNoStartedGroupIsNeitherEncodedNorDecoded() {
        Codec codec = codec(0L, CodecTypes.Change.class);

        assertThatThrownBy(() -> codec.encode(new Answer(new Circle(1), Optional.empty())))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("Answer is none of the commands, replies and states");
        for (String name : List.of(Answer.class.getName(), "java.io.File", "javax.script.ScriptEngineManager", "")) {
            assertThatThrownBy(
                            () -> codec.decode(new Encoded(CborSerializer.IDENTIFIER, name, new byte[] {(byte) 0xA0})))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining(name);
        }
    }

    @Test
    void aClassOfAnotherGroupIsNotDecoded() {
        Codec one = codec(0L, CodecTypes.Change.class);
        Codec other = codec(0L, CodecTypes.Paint.class);

        Encoded add = one.encode(new Add(1));

        assertThatThrownBy(() -> other.decode(add)).isInstanceOf(CodecException.class);
    }

    @Test
    void bytesOfAnotherSerializerAreRefusedBeforeItIsAsked() {
        Codec codec = codec(0L, CodecTypes.Change.class);

        for (int serializer : new int[] {JAVA_SERIALIZER, STRING_SERIALIZER, 33, 99_999}) {
            assertThatThrownBy(() -> codec.decode(new Encoded(serializer, "x", new byte[8])))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("is bound to the serializer " + serializer)
                    .hasMessageContaining("it is not asked");
        }
    }

    @Test
    void damagedBytesAreRefusedWithTheManifest() {
        Codec codec = codec(0L, Rich.class);
        Encoded encoded = codec.encode(rich());

        for (int length = 0; length < encoded.bytes().length; length++) {
            byte[] cut = Arrays.copyOf(encoded.bytes(), length);
            assertThatThrownBy(() -> codec.decode(new Encoded(encoded.serializer(), encoded.manifest(), cut)))
                    .as("cut to %s bytes", length)
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining(Rich.class.getName());
        }
        byte[] longer = Arrays.copyOf(encoded.bytes(), encoded.bytes().length + 1);
        assertThatThrownBy(() -> codec.decode(new Encoded(encoded.serializer(), encoded.manifest(), longer)))
                .isInstanceOf(CodecException.class);
        byte[] cborNull = {(byte) 0xF6};
        assertThatThrownBy(() -> codec.decode(new Encoded(encoded.serializer(), encoded.manifest(), cborNull)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("null");
    }

    @Test
    void aNameThatIsNotPermittedIsRefusedInsideAValue() {
        Codec codec = codec(0L, Rich.class);
        Encoded answer = codec.encode(new Answer(new Circle(1), Optional.empty()));
        String forged = new String(answer.bytes(), StandardCharsets.ISO_8859_1).replace("Circle", "String");

        assertThatThrownBy(() -> codec.decode(new Encoded(
                        answer.serializer(), answer.manifest(), forged.getBytes(StandardCharsets.ISO_8859_1))))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("String");
    }

    record Marked(String text) implements Command<Long> {}

    @Test
    void aUsersOwnBindingWins() {
        ActorSystem<Void> bound =
                system("pekko.actor.serialization-bindings { \"" + Marked.class.getName() + "\" = jackson-cbor }");
        try {
            Codec codec = UserCodec.forGroup(bound, Group.of("g", CodecTypes.machine(0L, Marked.class)));

            Encoded encoded = codec.encode(new Marked("x"));

            assertThat(encoded.serializer()).isEqualTo(33);
            assertThat(codec.decode(encoded)).isEqualTo(new Marked("x"));
        } finally {
            ActorTestKit.shutdown(bound);
        }
    }

    record Stranger(String text) {}

    @Test
    void aClassOfNoGroupIsRefusedAlsoFromASerializerThatTheGroupUses() {
        ActorSystem<Void> bound = system("pekko.actor.serialization-bindings { \"" + Marked.class.getName()
                + "\" = jackson-cbor, \"" + Stranger.class.getName() + "\" = jackson-cbor }");
        try {
            Codec codec = UserCodec.forGroup(bound, Group.of("g", CodecTypes.machine(0L, Marked.class)));
            Encoded marked = codec.encode(new Marked("x"));

            assertThatThrownBy(() ->
                            codec.decode(new Encoded(marked.serializer(), Stranger.class.getName(), marked.bytes())))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("Stranger is none of the commands");
        } finally {
            ActorTestKit.shutdown(bound);
        }
    }

    @Test
    void aBindingToJavaSerializationIsRefusedWhenTheGroupIsStarted() {
        ActorSystem<Void> bound = system("pekko.actor.allow-java-serialization = on\n"
                + "pekko.actor.serialization-bindings { \"" + Marked.class.getName() + "\" = java }");
        try {
            assertThatThrownBy(() -> UserCodec.forGroup(bound, Group.of("g", CodecTypes.machine(0L, Marked.class))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Marked is bound to Java serialization");
        } finally {
            ActorTestKit.shutdown(bound);
        }
    }
}
