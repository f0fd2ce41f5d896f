package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import io.murmuration.Group;
import io.murmuration.machine.Command;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The shape differs where a reply is encoded otherwise. Versions of a type stand in classes of their own, whose names
 * count as one: an application has one version at a time.
 */
@SuppressWarnings("SameNameButDifferent") // versions of one type are what this is about
class ReplyShapeTest {
    private static ActorSystem<Void> system;

    interface First {
        record Ask() implements Command<Receipt> {}

        record Receipt(long number, Optional<Map<Kind, List<Line>>> lines, Thing thing) {}

        record Line(String text, int cents) {}

        record Same(String text, int cents) {}

        enum Kind {
            CASH,
            CARD
        }

        sealed interface Thing permits Coin {}

        record Coin(int cents) implements Thing {}

        record AskAmount() implements Command<Amount> {}

        record Amount(@JsonValue long cents) {}

        record AskPoint() implements Command<Point> {}

        final class Point {
            public int x;
        }
    }

    interface Equal {
        record Ask() implements Command<Receipt> {}

        record Receipt(long number, Optional<Map<Kind, List<Line>>> lines, Thing thing) {}

        record Line(String text, int cents) {}

        enum Kind {
            CASH,
            CARD
        }

        sealed interface Thing permits Coin {}

        record Coin(int cents) implements Thing {}
    }

    interface OtherKinds {
        record Ask() implements Command<Receipt> {}

        record Receipt(long number, Optional<Map<Kind, List<First.Line>>> lines, First.Thing thing) {}

        enum Kind {
            CASH,
            CARD,
            VOUCHER
        }
    }

    interface OneMoreDeepDown {
        record Ask() implements Command<Receipt> {}

        record Receipt(long number, Optional<Map<First.Kind, List<Line>>> lines, First.Thing thing) {}

        record Line(String text, int cents, int tax) {}
    }

    interface Renamed {
        record Ask() implements Command<Receipt> {}

        record Receipt(long serial, Optional<Map<First.Kind, List<First.Line>>> lines, First.Thing thing) {}
    }

    interface Reordered {
        record Ask() implements Command<Receipt> {}

        record Receipt(Optional<Map<First.Kind, List<First.Line>>> lines, long number, First.Thing thing) {}
    }

    interface OtherType {
        record Ask() implements Command<Receipt> {}

        record Receipt(int number, Optional<Map<First.Kind, List<First.Line>>> lines, First.Thing thing) {}
    }

    interface WrittenOtherwise {
        record Ask() implements Command<Receipt> {}

        record Receipt(
                @JsonProperty("n") long number, Optional<Map<First.Kind, List<First.Line>>> lines, First.Thing thing) {}
    }

    interface OneMoreInTheFamily {
        record Ask() implements Command<Receipt> {}

        record Receipt(long number, Optional<Map<First.Kind, List<First.Line>>> lines, Thing thing) {}

        sealed interface Thing permits Coin, Note {}

        record Coin(int cents) implements Thing {}

        record Note(int euros) implements Thing {}
    }

    interface OtherMember {
        record Ask() implements Command<Receipt> {}

        record Receipt(long number, Optional<Map<First.Kind, List<First.Line>>> lines, Thing thing) {}

        sealed interface Thing permits Coin {}

        record Coin(long cents) implements Thing {}
    }

    interface Second {
        record AskAmount() implements Command<Amount> {}

        record Amount(@JsonValue String cents) {}

        record AskPoint() implements Command<Point> {}

        final class Point {
            public int x;
            public int y;
        }
    }

    sealed interface InOneOrder {
        record Ask() implements Command<First.Line>, InOneOrder {}

        record Name() implements Command<First.Same>, InOneOrder {}
    }

    sealed interface InAnother permits InAnother.Name, InAnother.Ask {
        record Ask() implements Command<First.Line>, InAnother {}

        record Name() implements Command<First.Same>, InAnother {}
    }

    @BeforeAll
    static void start() {
        system = CodecUserTest.system("");
    }

    @AfterAll
    static void stop() {
        ActorTestKit.shutdown(system);
    }

    private static ReplyShape shapeOf(Class<?> family) {
        Bindings bindings = Bindings.of(system);
        CborSerializer cbor = CborSerializer.of(bindings.serialization());
        return new ReplyShape(
                cbor.mapper(),
                GroupTypes.of(group(family).machine(), cbor.mapper().getTypeFactory(), bindings));
    }

    private static Group<Long> group(Class<?> family) {
        return Group.of("shop", CodecTypes.machine(0L, family));
    }

    /** As if all versions of a type were of one name. */
    private static String textOf(Class<?> command) {
        return shapeOf(command).toString().replaceAll("ReplyShapeTest\\$\\w+\\$", "");
    }

    @Test
    void isTheSameForTheSameTypes() {
        assertThat(textOf(Equal.Ask.class)).isEqualTo(textOf(First.Ask.class));
        assertThat(shapeOf(First.Ask.class).hash())
                .isEqualTo(shapeOf(First.Ask.class).hash())
                .isNotEqualTo(shapeOf(Equal.Ask.class).hash())
                .isNotZero();
    }

    @Test
    void differsWhereAReplyIsEncodedOtherwise() {
        List<Class<?>> versions = List.of(
                First.Ask.class,
                OneMoreDeepDown.Ask.class,
                Renamed.Ask.class,
                Reordered.Ask.class,
                OtherType.Ask.class,
                WrittenOtherwise.Ask.class,
                OtherKinds.Ask.class,
                OneMoreInTheFamily.Ask.class,
                OtherMember.Ask.class);

        assertThat(versions.stream().map(ReplyShapeTest::textOf)).doesNotHaveDuplicates();
        assertThat(textOf(Second.AskAmount.class)).isNotEqualTo(textOf(First.AskAmount.class));
        assertThat(textOf(Second.AskPoint.class)).isNotEqualTo(textOf(First.AskPoint.class));
    }

    @Test
    void goesOverRepliesInTheOrderOfTheirNames() {
        assertThat(textOf(InAnother.class)).isEqualTo(textOf(InOneOrder.class));
        assertThat(shapeOf(First.Ask.class).toString())
                .contains("ReplyShapeTest$First$Line")
                .as("a command is no reply")
                .doesNotContain("First$Ask");
    }

    @Test
    void isWhatTheCodecOfAGroupTells() {
        assertThat(UserCodec.forGroup(system, group(First.Ask.class)).replyShape())
                .isEqualTo(shapeOf(First.Ask.class).hash());
        ActorSystem<Void> another = CodecUserTest.system("");
        try {
            assertThat(UserCodec.forGroup(another, group(First.Ask.class)).replyShape())
                    .as("in another system")
                    .isEqualTo(shapeOf(First.Ask.class).hash());
        } finally {
            ActorTestKit.shutdown(another);
        }
    }

    @Test
    void namesATypeOfAnotherSerializerOnly() {
        ActorSystem<Void> bound = CodecUserTest.system("""
                pekko.actor.serialization-bindings { "%s" = jackson-json }
                """.formatted(First.Receipt.class.getName()));
        try {
            CborSerializer cbor = CborSerializer.of(Bindings.of(bound).serialization());
            String text = new ReplyShape(
                            cbor.mapper(),
                            GroupTypes.of(
                                    group(First.Ask.class).machine(),
                                    cbor.mapper().getTypeFactory(),
                                    Bindings.of(bound)))
                    .toString();

            assertThat(text)
                    .contains("reply io.murmuration.actor.ReplyShapeTest$First$Receipt: of another serializer")
                    .doesNotContain("Line");
        } finally {
            ActorTestKit.shutdown(bound);
        }
    }
}
