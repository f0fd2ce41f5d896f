package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.murmuration.Group;
import io.murmuration.core.model.Codec;
import io.murmuration.core.model.Encoded;
import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.StateMachine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Replies are compared between nodes by bytes that no order of iteration changes [B10]. */
class CodecCanonicalTest {
    enum Kind {
        FIRST,
        SECOND,
        THIRD
    }

    sealed interface Thing {}

    record Box(Set<Thing> things, Optional<Map<Kind, Long>> counts) implements Thing {}

    record Coin(int value) implements Thing {}

    record Stock(Map<String, List<Thing>> shelves, Set<Kind> kinds, Set<String> tags, Map<Integer, Long> points) {}

    record Plain(long number, String text, List<Coin> coins, Optional<Long> more, Kind kind) {}

    sealed interface Question<R> extends Command<R> {}

    record Look() implements Question<Stock> {}

    record Count() implements Question<Plain> {}

    record Unpack() implements Question<Map<Kind, Thing>> {}

    private static ActorSystem<Void> system;
    private static Codec codec;
    private static ObjectMapper mapper;

    @BeforeAll
    static void start() {
        system = CodecUserTest.system("");
        codec = UserCodec.forGroup(
                system,
                Group.of(
                        "canonical",
                        StateMachine.startingFrom(0L)
                                .on(Look.class, (state, look, meta) -> Applied.rejected(state, "never asked"))
                                .on(Count.class, (state, count, meta) -> Applied.rejected(state, "never asked"))
                                .on(Unpack.class, (state, unpack, meta) -> Applied.rejected(state, "never asked"))
                                .covering(Question.class)));
        mapper = CborSerializer.of(Bindings.of(system).serialization()).mapper();
    }

    @AfterAll
    static void stop() {
        ActorTestKit.shutdown(system);
    }

    private static byte[] canonical(Object value) {
        return codec.canonical(value, codec.encode(value));
    }

    private static Stock stock(
            Random order, Supplier<Map<String, List<Thing>>> shelves, Supplier<Set<Kind>> kinds, boolean enumMap) {
        List<Thing> things = shuffled(List.of(new Coin(1), new Coin(2), new Coin(30)), order);
        Map<Kind, Long> counts = enumMap ? new EnumMap<>(Kind.class) : new LinkedHashMap<>();
        shuffled(List.of(Kind.values()), order)
                .forEach(kind -> counts.put(kind, (long) kind.name().length()));
        Map<String, List<Thing>> onShelves = shelves.get();
        for (String shelf : shuffled(List.of("a", "b", "c", "d"), order)) {
            onShelves.put(shelf, List.of(new Box(new LinkedHashSet<>(things), Optional.of(counts)), new Coin(7)));
        }
        Set<Kind> someKinds = kinds.get();
        someKinds.addAll(shuffled(List.of(Kind.FIRST, Kind.THIRD), order));
        Map<Integer, Long> points = new LinkedHashMap<>();
        shuffled(List.of(1, 2, 3, 4), order).forEach(x -> points.put(x, (long) x));
        Set<String> tags = new LinkedHashSet<>(shuffled(List.of("new", "old", "red"), order));
        return new Stock(onShelves, someKinds, tags, points);
    }

    private static <T> List<T> shuffled(List<T> values, Random random) {
        List<T> shuffled = new ArrayList<>(values);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    @Test
    void equalValuesGiveEqualBytesWhateverTheirCollectionsAre() {
        byte[] expected = canonical(stock(new Random(0), TreeMap::new, HashSet::new, false));

        for (long seed = 1; seed <= 30; seed++) {
            Random order = new Random(seed);
            Stock linked = stock(order, LinkedHashMap::new, LinkedHashSet::new, false);
            Stock hashed = stock(order, HashMap::new, () -> EnumSet.noneOf(Kind.class), true);
            assertThat(canonical(linked)).as("seed %s", seed).isEqualTo(expected);
            assertThat(canonical(hashed)).as("seed %s", seed).isEqualTo(expected);
            assertThat(canonical(codec.decode(codec.encode(hashed))))
                    .as("seed %s, decoded", seed)
                    .isEqualTo(expected);
        }
    }

    @Test
    void differentValuesGiveDifferentBytes() {
        Stock some = stock(new Random(1), HashMap::new, HashSet::new, false);

        Map<String, List<Thing>> other = new HashMap<>(some.shelves());
        other.put("a", List.of(new Coin(7), new Coin(7)));
        Map<Integer, Long> moved = new HashMap<>(some.points());
        moved.put(1, 2L);

        assertThat(List.of(
                        new Stock(other, some.kinds(), some.tags(), some.points()),
                        new Stock(some.shelves(), Set.of(Kind.FIRST), some.tags(), some.points()),
                        new Stock(some.shelves(), some.kinds(), Set.of("new"), some.points()),
                        new Stock(some.shelves(), some.kinds(), some.tags(), moved)))
                .allSatisfy(changed -> assertThat(canonical(changed)).isNotEqualTo(canonical(some)));
    }

    @Test
    void theOrderOfAListIsPartOfTheValue() {
        Plain one = new Plain(1, "", List.of(new Coin(1), new Coin(2)), Optional.empty(), Kind.FIRST);
        Plain other = new Plain(1, "", List.of(new Coin(2), new Coin(1)), Optional.empty(), Kind.FIRST);

        assertThat(canonical(one)).isNotEqualTo(canonical(other));
    }

    @Test
    void sortsADeclaredMapOfAFamily() {
        Map<Kind, Thing> one = new LinkedHashMap<>();
        one.put(Kind.FIRST, new Coin(1));
        one.put(Kind.SECOND, new Box(Set.of(), Optional.empty()));
        Map<Kind, Thing> other = new EnumMap<>(Kind.class);
        other.put(Kind.SECOND, new Box(Set.of(), Optional.empty()));
        other.put(Kind.FIRST, new Coin(1));

        assertThat(canonical(one)).isEqualTo(canonical(other));
    }

    @Test
    void takesTheBytesAsTheyAreWhereNothingCanVary() {
        Plain plain = new Plain(1, "text", List.of(new Coin(1)), Optional.of(2L), Kind.FIRST);

        Encoded encoded = codec.encode(plain);

        assertThat(codec.canonical(plain, encoded)).isSameAs(encoded.bytes());
    }

    @Test
    void whatMayHoldAMapOrASetMayVary() {
        assertThat(mayVary(Plain.class)).isFalse();
        assertThat(mayVary(Coin.class)).isFalse();
        assertThat(mayVary(Long.class)).isFalse();
        assertThat(mayVary(Thing.class)).isTrue();
        assertThat(mayVary(Stock.class)).isTrue();
        assertThat(mayVary(CodecTypes.Inner.class)).isFalse();
        assertThat(mayVary(CodecTypes.Rich.class)).isTrue();
        assertThat(mayVary(ArrayList.class)).as("of anything").isTrue();
        assertThat(mayVary(Unknown.class)).as("in doubt").isTrue();
    }

    private static boolean mayVary(Class<?> type) {
        return IterationOrder.mayVary(mapper, mapper.constructType(type));
    }

    /** A class of a user's own: nobody knows what it writes. */
    static final class Unknown {
        public int getNumber() {
            return 1;
        }
    }
}
