package io.murmuration.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.core.model.Codec;
import io.murmuration.core.model.Encoded;
import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.Fold;
import io.murmuration.machine.StateMachine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StateMachineTestKitTest {
    record Put(String key, int value) implements Command<String>, Serializable {}

    record Note(String text) implements Command<String>, Serializable {}

    record Wallet(Map<String, Integer> coins) implements Serializable {}

    record Forgetful(String kept, TransientPart lost) implements Serializable {}

    /** Comes back from its encoding as another value. */
    record TransientPart(int number) implements Serializable {
        private Object writeReplace() {
            return new TransientPart(0);
        }
    }

    /** A state that is changed in place. */
    static final class Tin implements Serializable {
        private static final long serialVersionUID = 1L;

        final ArrayList<String> notes = new ArrayList<>();

        @Override
        public boolean equals(Object other) {
            return other instanceof Tin that && notes.equals(that.notes);
        }

        @Override
        public int hashCode() {
            return notes.hashCode();
        }

        @Override
        public String toString() {
            return notes.toString();
        }
    }

    static final class Nameless {}

    private static final class JavaCodec implements Codec {
        @Override
        public Encoded encode(Object value) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(value);
            } catch (IOException e) {
                throw new CodecException("Cannot encode " + value + ".", e);
            }
            return new Encoded(1, "", bytes.toByteArray());
        }

        @Override
        public Object decode(Encoded encoded) {
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(encoded.bytes()))) {
                return in.readObject();
            } catch (IOException | ClassNotFoundException e) {
                throw new CodecException("Cannot decode.", e);
            }
        }
    }

    private static <S> StateMachineTestKit<S> noting(S initial, Fold<S, Note, String> fold) {
        return StateMachineTestKit.of(
                StateMachine.startingFrom(initial).on(Note.class, fold).covering(Note.class));
    }

    private static StateMachineTestKit<Wallet> wallet(Map<String, Integer> empty, Fold<Wallet, Put, String> fold) {
        return StateMachineTestKit.of(
                StateMachine.startingFrom(new Wallet(empty)).on(Put.class, fold).covering(Put.class));
    }

    private static Applied<Wallet, String> put(Wallet wallet, Put put, Map<String, Integer> next) {
        if (put.value() < 0) {
            return Applied.rejected(wallet, "no debts");
        }
        next.putAll(wallet.coins());
        next.merge(put.key(), put.value(), Integer::sum);
        return Applied.of(new Wallet(next), put.key() + "=" + next.get(put.key()));
    }

    private static StateMachineTestKit<Wallet> sound() {
        return wallet(new TreeMap<>(), (wallet, put, meta) -> put(wallet, put, new TreeMap<>()));
    }

    @Test
    void passesASoundMachine() {
        sound().given(new Put("a", 1), new Put("b", 2))
                .when(new Put("a", 4))
                .thenReply("a=5")
                .thenState(wallet -> wallet.coins().get("b") == 2)
                .and()
                .when(new Put("a", -1))
                .thenRejected("no debts")
                .thenState(wallet -> wallet.coins().get("a") == 5);
    }

    @Test
    void saysWhatWasExpected() {
        StateMachineTestKit<Wallet> kit = sound().given(new Put("a", 1));

        assertThatThrownBy(() -> kit.when(new Put("a", 1)).thenReply("a=3"))
                .isInstanceOf(AssertionError.class)
                .hasMessage("Put[key=a, value=1] was to be answered with a=3, but the reply was a=2.");
        assertThatThrownBy(() -> kit.when(new Put("a", -1)).thenReply("a=0"))
                .hasMessageContaining("rejected: no debts");
        assertThatThrownBy(() -> kit.when(new Put("a", 1)).thenRejected("no debts"))
                .hasMessageContaining("reply was a=2");
        assertThatThrownBy(() -> kit.when(new Put("a", -1)).thenRejected("x"))
                .hasMessageContaining("reason was \"no debts\"");
        assertThatThrownBy(() -> kit.when(new Put("a", 1))
                        .thenState(wallet -> wallet.coins().isEmpty()))
                .hasMessageContaining("not as expected");
        assertThatThrownBy(() -> kit.given(new Put("a", -1))).hasMessageContaining("What is given must have happened");
    }

    @Test
    void catchesAFoldThatReadsTheClockHoweverQuickItIs() {
        var kit = noting("", (state, note, meta) -> Applied.of(state, note.text() + System.currentTimeMillis()));

        for (int time = 0; time < 50; time++) {
            assertThatThrownBy(() -> kit.given(new Note("a")))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("Meta.time()");
        }
    }

    @Test
    void catchesAFoldThatDrawsItsOwnRandomness() {
        Random random = new Random(1);
        var kit = noting(0L, (state, note, meta) -> Applied.of(random.nextLong(), "ok"));

        assertThatThrownBy(() -> kit.given(new Note("a"))).hasMessageContaining("replicas would drift apart");
    }

    @Test
    void passesAFoldThatTakesItsRandomnessFromTheEntry() {
        var kit = noting(0L, (state, note, meta) -> Applied.of(meta.random().nextLong(), "ok"));

        assertThatCode(() -> kit.given(new Note("a"), new Note("b"))).doesNotThrowAnyException();
    }

    @Test
    void catchesAStateThatIsChangedInPlace() {
        var kit = noting(new Tin(), (tin, note, meta) -> {
            tin.notes.add(note.text());
            return Applied.of(tin, "ok");
        });

        assertThatThrownBy(() -> kit.given(new Note("a")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("was changed after it had been handed out, from [] to [a]");
    }

    @Test
    void catchesAStateThatIsChangedLater() {
        List<Tin> kept = new ArrayList<>();
        var kit = noting(new Tin(), (tin, note, meta) -> {
            Tin next = new Tin();
            next.notes.addAll(tin.notes);
            next.notes.add(note.text());
            if (note.text().equals("late")) {
                kept.get(0).notes.clear();
            }
            kept.add(next);
            return Applied.of(next, "ok");
        });

        assertThatThrownBy(() -> kit.given(new Note("a"), new Note("b"), new Note("late")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("The state after Note[text=a] was changed after it had been handed out");
    }

    @Test
    void catchesAFoldThatDependsOnTheOrderOfAHashMap() {
        var kit = wallet(new HashMap<>(), (wallet, put, meta) -> {
            String first = wallet.coins().isEmpty()
                    ? put.key()
                    : wallet.coins().keySet().iterator().next();
            return put(wallet, new Put(first, put.value()), new HashMap<>(Map.of(put.key(), 0)));
        });

        assertThatThrownBy(() -> kit.given(new Put("a", 1), new Put("b", 2), new Put("c", 3)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("another order");
    }

    @Test
    void passesAFoldThatUsesAHashMapWithoutItsOrder() {
        var kit = wallet(new HashMap<>(), (wallet, put, meta) -> put(wallet, put, new HashMap<>()));

        assertThatCode(() -> kit.given(new Put("a", 1), new Put("b", 2), new Put("c", 3)))
                .doesNotThrowAnyException();
    }

    @Test
    void catchesAStateThatCannotBeCompared() {
        var kit = noting(new Nameless(), (state, note, meta) -> Applied.of(state, "ok"));

        assertThatThrownBy(() -> kit.given(new Note("a"))).hasMessageContaining("has no equals of its own");
    }

    @Test
    void catchesWhatDoesNotSurviveItsEncoding() {
        var losing = noting(new Forgetful("", new TransientPart(1)), (state, note, meta) -> Applied.of(state, "ok"));
        var opaque = StateMachineTestKit.of(StateMachine.startingFrom("")
                .on(Opaque.class, (state, ask, meta) -> Applied.of(state, new Unsent(1)))
                .covering(Opaque.class));

        assertThatCode(() -> losing.given(new Note("a"))).doesNotThrowAnyException();
        assertThatThrownBy(() -> losing.encoding(new JavaCodec()).given(new Note("a")))
                .hasMessageContaining("came back from its encoding as");
        assertThatThrownBy(() -> opaque.encoding(new JavaCodec()).given(new Opaque()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("The reply Unsent[number=1] cannot be encoded");
        assertThatCode(() -> sound().encoding(new JavaCodec()).given(new Put("a", 1)))
                .doesNotThrowAnyException();
    }

    /** Can be compared, but not encoded. */
    record Unsent(int number) {}

    record Opaque() implements Command<Unsent>, Serializable {}

    @Test
    void setsIndexTimeAndElapsed() {
        var kit = noting(
                "",
                (state, note, meta) -> Applied.of(
                        state,
                        meta.index() + " " + Duration.between(StateMachineTestKit.START, meta.time()) + " "
                                + meta.elapsed()));

        kit.when(new Note("a")).thenReply("1 PT0S PT0S");
        kit.given(new Note("a")).when(new Note("b")).thenReply("2 PT0S PT0S");
        kit.at(Duration.ofSeconds(4)).when(new Note("a")).thenReply("1 PT4S PT4S");
        kit.at(Duration.ofHours(1)).when(new Note("a")).thenReply("1 PT1H PT10S");
        kit.at(Duration.ofHours(1))
                .at(Duration.ofMinutes(1))
                .when(new Note("a"))
                .thenReply("1 PT1H PT10S");
        kit.passing(Duration.ofHours(24)).atIndex(50).when(new Note("a")).thenReply("50 PT24H PT24H");
        assertThatThrownBy(() -> kit.atIndex(5).atIndex(4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> kit.passing(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
    }
}
