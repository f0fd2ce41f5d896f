package io.murmuration.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.Query;
import io.murmuration.machine.StateMachine;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StateMachineTestKitQueryTest {
    record Put(String key, int value) implements Command<Integer> {}

    record Get(String key) implements Query<Integer> {}

    record First() implements Query<String> {}

    record Spoil() implements Query<Integer> {}

    record Count() implements Query<Long> {}

    /** Its map can be changed from outside, as no state's should. */
    record Shelf(Map<String, Integer> things) {}

    private static final AtomicLong ASKED = new AtomicLong();

    private final StateMachineTestKit<Shelf> kit =
            StateMachineTestKit.of(StateMachine.startingFrom(new Shelf(new HashMap<>()))
                    .on(Put.class, (shelf, put, meta) -> {
                        Map<String, Integer> next = new HashMap<>(shelf.things());
                        next.put(put.key(), put.value());
                        return Applied.of(new Shelf(next), put.value());
                    })
                    .answering(Get.class, (shelf, get) -> shelf.things().getOrDefault(get.key(), 0))
                    .answering(
                            First.class,
                            (shelf, first) -> shelf.things().keySet().iterator().next())
                    .answering(Spoil.class, (shelf, spoil) -> {
                        shelf.things().put("spoiled", 1);
                        return 1;
                    })
                    .answering(Count.class, (shelf, count) -> ASKED.incrementAndGet())
                    .covering(Put.class));

    @Test
    void asksTheInitialStateAndTheStateAfterTheCommands() {
        kit.whenAsked(new Get("a"))
                .thenAnswer(0)
                .and()
                .given(new Put("a", 1), new Put("a", 2))
                .whenAsked(new Get("a"))
                .thenAnswer(2);

        assertThat(kit.given(new Put("b", 3)).whenAsked(new Get("b")).answer()).isEqualTo(3);
    }

    @Test
    void saysWhatWasAnsweredInstead() {
        assertThatThrownBy(() -> kit.whenAsked(new Get("a")).thenAnswer(7))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Get[key=a] was to be answered with 7, but the answer was 0.");
    }

    @Test
    void findsAnAnswerThatDependsOnTheOrderOfAHashCollection() {
        StateMachineTestKit<Shelf> filled = kit.given(new Put("a", 1), new Put("b", 2), new Put("c", 3));

        assertThatThrownBy(() -> filled.whenAsked(new First())).hasMessageContaining("no collection that iterates");
    }

    @Test
    void findsAnAnswerThatDependsOnMoreThanTheState() {
        assertThatThrownBy(() -> kit.whenAsked(new Count())).hasMessageContaining("Answer from the state alone");
    }

    @Test
    void findsAQueryThatChangesTheState() {
        assertThatThrownBy(() -> kit.given(new Put("a", 1)).whenAsked(new Spoil()))
                .hasMessageContaining("was changed after it had been handed out");
    }
}
