package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import io.murmuration.Group;
import io.murmuration.machine.Command;
import java.util.AbstractMap;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What cannot be encoded is told when the group is started, with the place and the way out. */
class CodecTypeCheckTest {
    private static ActorSystem<Void> system;

    @BeforeAll
    static void start() {
        system = CodecUserTest.system("");
    }

    @AfterAll
    static void stop() {
        ActorTestKit.shutdown(system);
    }

    private static void check(Object state, Class<?> family) {
        UserCodec.forGroup(system, Group.of("shop", CodecTypes.machine(state, family)));
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Object state, Class<?> family) {
        return assertThatThrownBy(() -> check(state, family))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("The group \"shop\" cannot be started: ");
    }

    record Noted(List<CharSequence> notes) implements Command<Long> {}

    record Supplied(Supplier<String> supplier) implements Command<Long> {}

    abstract static class Abstract {}

    record HoldsAbstract(Optional<Abstract> held) implements Command<Long> {}

    @Test
    void aComponentOfAnInterfaceThatIsNotSealedIsRefused() {
        assertRefused(0L, Supplied.class)
                .hasMessageContaining("Supplied.supplier")
                .hasMessageContaining("java.util.function.Supplier")
                .hasMessageContaining("not sealed")
                .hasMessageContaining("Seal it");
        assertRefused(0L, HoldsAbstract.class)
                .hasMessageContaining("HoldsAbstract.held")
                .hasMessageContaining("abstract class");
    }

    record Anything(Object value) implements Command<Long> {}

    @SuppressWarnings("rawtypes") // as a user may write it
    record RawList(List values) implements Command<Long> {}

    record AnyKey(Map<Object, Long> byKey) implements Command<Long> {}

    @Test
    void aComponentWithoutADefiniteTypeIsRefused() {
        assertRefused(0L, Anything.class).hasMessageContaining("Anything.value").hasMessageContaining("definite type");
        assertRefused(0L, RawList.class).hasMessageContaining("RawList.values").hasMessageContaining("definite type");
        assertRefused(0L, AnyKey.class).hasMessageContaining("AnyKey.byKey").hasMessageContaining("keys");
    }

    record Id(String text) {}

    record RecordKey(Map<Id, Long> byId) implements Command<Long> {}

    @Test
    void aMapWhoseKeysAreRecordsIsRefused() {
        assertRefused(0L, RecordKey.class)
                .hasMessageContaining("RecordKey.byId")
                .hasMessageContaining("Id");
    }

    record Ref(ActorRef<String> replyTo) implements Command<Long> {}

    @Test
    void anActorRefInACommandIsRefused() {
        assertRefused(0L, Ref.class).hasMessageContaining("Ref.replyTo").hasMessageContaining("ActorRef");
    }

    sealed interface Item {}

    static final class Books {
        record Sale(String title) implements Item {}
    }

    static final class Cars {
        record Sale(int wheels) implements Item {}
    }

    record Sell(Item item) implements Command<Long> {}

    @Test
    void twoPermittedTypesOfOneSimpleNameAreRefusedByTheirNames() {
        assertRefused(0L, Sell.class)
                .hasMessageContaining(Item.class.getName())
                .hasMessageContaining(Books.Sale.class.getName())
                .hasMessageContaining(Cars.Sale.class.getName())
                .hasMessageContaining("rename");
    }

    sealed interface Half {}

    non-sealed interface Open extends Half {}

    record Whole(Half half) implements Command<Long> {}

    @Test
    void aPermittedInterfaceThatIsOpenIsRefused() {
        assertRefused(0L, Whole.class).hasMessageContaining("Open").hasMessageContaining("not sealed");
    }

    record Generic<T>(T value) implements Command<Long> {}

    record Untyped<R>(String text) implements Command<R> {}

    record ObjectReply() implements Command<Object> {}

    record VoidReply() implements Command<Void> {}

    record NumberReply() implements Command<Number> {}

    record CollectionReply() implements Command<Collection<Optional<Number>>> {}

    @Test
    void aReplyWithoutADefiniteTypeIsRefused() {
        assertRefused(0L, Generic.class).hasMessageContaining("Generic").hasMessageContaining("type parameters");
        assertRefused(0L, Untyped.class).hasMessageContaining("Untyped");
        assertRefused(0L, ObjectReply.class).hasMessageContaining("ObjectReply").hasMessageContaining("Command<Long>");
        assertRefused(0L, VoidReply.class).hasMessageContaining("VoidReply").hasMessageContaining("Void");
        assertRefused(0L, NumberReply.class).hasMessageContaining("the reply of NumberReply");
    }

    sealed interface Lists {}

    record Longs() implements Lists, Command<List<Long>> {}

    record Words() implements Lists, Command<List<String>> {}

    @Test
    void twoDeclaredTypesOfOneShapeAreRefused() {
        assertRefused(0L, Lists.class)
                .hasMessageContaining("Longs")
                .hasMessageContaining("Words")
                .hasMessageContaining("Wrap one of them in a record");
    }

    @Test
    void aGenericStateThatNoCommandDeclaresIsRefused() {
        assertRefused(Map.of("a", 1L), CodecTypes.Change.class)
                .hasMessageContaining("The state is a")
                .hasMessageContaining("Wrap it in a record");
    }

    interface Persistent<K, V> extends Map<K, V> {}

    record Accounts(Persistent<String, Long> balances) implements Command<Long> {}

    @Test
    void aMapOfAKindThatJacksonCannotMakeIsRefusedByItsComponent() {
        assertRefused(0L, Accounts.class)
                .hasMessageContaining("Accounts.balances")
                .hasMessageContaining("Jackson module");
    }

    /** Encoded as its image; Jackson could not make the map that it holds. */
    static final class Book {
        private final Persistent<String, Long> balances;

        private Book(Persistent<String, Long> balances) {
            this.balances = balances;
        }

        @JsonValue
        Map<String, Long> image() {
            return Map.copyOf(balances);
        }

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static Book of(Map<String, Long> image) {
            return new Book(new Balances(image));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Book that && balances.equals(that.balances);
        }

        @Override
        public int hashCode() {
            return balances.hashCode();
        }
    }

    private static final class Balances extends AbstractMap<String, Long> implements Persistent<String, Long> {
        private final Map<String, Long> held;

        Balances(Map<String, Long> held) {
            this.held = Map.copyOf(held);
        }

        @Override
        public Set<Map.Entry<String, Long>> entrySet() {
            return held.entrySet();
        }
    }

    @Test
    void aStateThatIsEncodedAsAnImageIsTakenWhateverItHolds() {
        assertThatCode(() -> check(Book.of(Map.of("a", 1L)), CodecTypes.Change.class))
                .doesNotThrowAnyException();
    }

    record Forgetful(String kept, @JsonIgnore String lost) implements Command<Long> {}

    @Test
    void aComponentThatDoesNotComeBackIsRefusedByName() {
        assertRefused(0L, Forgetful.class).hasMessageContaining("Forgetful[\"lost\"]");
    }

    static final class Opaque {
        private final String secret;

        private Opaque(String first, String second) {
            this.secret = first + second.trim();
        }

        static Opaque of(String secret) {
            return new Opaque(secret, "");
        }

        @Override
        public String toString() {
            return secret;
        }
    }

    /** Two constructors, none of them for all to call. */
    static final class Closed {
        private final String text;

        private Closed(String text, int times) {
            this.text = text.repeat(times);
        }

        private Closed(String text, String more) {
            this.text = text + more;
        }

        static Closed twice(String text) {
            return text.isEmpty() ? new Closed("", "") : new Closed(text, 2);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    record HoldsClosed(Closed closed) implements Command<Long> {}

    @Test
    void aStateThatJacksonCannotBuildIsRefused() {
        assertRefused(Opaque.of("x"), CodecTypes.Change.class).hasMessageContaining("Opaque");
        assertRefused(Closed.twice("x"), CodecTypes.Change.class).hasMessageContaining("Closed");
        assertRefused(0L, HoldsClosed.class)
                .hasMessageContaining("HoldsClosed.closed")
                .hasMessageContaining("no constructor");
    }

    record Ledger(Map<String, Supplier<Long>> later) {}

    @Test
    void aStateWithAnUnusableComponentIsRefused() {
        assertRefused(new Ledger(Map.of()), CodecTypes.Change.class).hasMessageContaining("Ledger.later");
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes(@JsonSubTypes.Type(value = Tagged.class, name = "t"))
    interface Annotated {}

    record Tagged(int x) implements Annotated {}

    record UsesAnnotated(Annotated held, List<Annotated> more) implements Command<Long> {}

    @Test
    void aUsersOwnAnnotationsAreEnough() {
        assertThatCode(() -> check(0L, UsesAnnotated.class)).doesNotThrowAnyException();
    }

    @Test
    void aRecordThatRefusesTheSampleIsTakenIfTheMapperKnowsItsParts() {
        assertThatCode(() -> check(0L, CodecTypes.Picky.class)).doesNotThrowAnyException();
    }

    @Test
    void aStateMayBeAnEnumOrAText() {
        assertThatCode(() -> check(CodecTypes.Color.GREEN, CodecTypes.Change.class))
                .doesNotThrowAnyException();
        assertThatCode(() -> check("text", CodecTypes.Change.class)).doesNotThrowAnyException();
    }

    @Test
    void aRecordThatHoldsItselfIsTaken() {
        assertThatCode(() -> check(new CodecTypes.Inner("a", Optional.empty()), CodecTypes.Rich.class))
                .doesNotThrowAnyException();
    }
}
