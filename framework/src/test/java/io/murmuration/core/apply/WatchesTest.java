package io.murmuration.core.apply;

import static io.murmuration.core.apply.Till.drained;
import static io.murmuration.core.apply.Till.entry;
import static io.murmuration.core.apply.Till.only;
import static io.murmuration.core.apply.Till.proposed;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.MachineRpc.OutcomeHash;
import io.murmuration.core.model.Payload;
import io.murmuration.machine.Changed;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchesTest {
    private static final Watcher WATCHER = (number, told) -> {};
    private static final Watcher ANOTHER = (number, told) -> {
        throw new AssertionError("The core calls nobody.");
    };

    private final Machine<List<String>> machine = machine(1 << 20);

    private static Machine<List<String>> machine(long bytes) {
        Machine<List<String>> fresh = Till.fresh(MachineSettings.DEFAULT.withWatchBytes(bytes));
        fresh.committed(List.of(entry(1, Till.open(Till.LIFE, "n1"))), true);
        return fresh;
    }

    private List<Effect> feed(Payload... payloads) {
        List<Entry> entries = new ArrayList<>();
        for (Payload payload : payloads) {
            entries.add(entry(machine.applied().index() + 1 + entries.size(), payload));
        }
        return drained(machine, machine.committed(entries, true));
    }

    private static Payload pay(long serial, String what) {
        return proposed(1, serial, 1, new Till.Pay(what));
    }

    private static Told told(List<Effect> effects) {
        return only(Effect.Watched.class, effects).get(0).told();
    }

    private Told.Changes changes(long from) {
        return (Told.Changes) told(machine.watches().ask(new Question.Changes(WATCHER, 1, from)));
    }

    @Test
    void tellsEachCommandOnceInOrderWithWhatItsFoldSaid() {
        feed(pay(1, "a"), new Payload.NoOp(), pay(1, "a"), proposed(1, 2, 1, new Till.Refuse("poor")));
        feed(proposed(1, 3, 1, new Till.Opaque()), pay(4, "b"));

        Told.Changes told = changes(1);

        assertThat(told.changes()).extracting(Changed::index).containsExactly(2L, 5L, 6L, 7L);
        assertThat(told.changes())
                .extracting(change -> (Object) change.command())
                .containsExactly(new Till.Pay("a"), new Till.Refuse("poor"), new Till.Opaque(), new Till.Pay("b"));
        assertThat(told.changes().get(0).outcome()).isEqualTo(new Changed.Replied(0));
        assertThat(told.changes().get(1).outcome()).isEqualTo(new Changed.Rejected("poor"));
        assertThat(told.changes().get(2).outcome()).isInstanceOf(Changed.ReplyLost.class);
        assertThat(told.changes().get(3).outcome()).isEqualTo(new Changed.Replied(2));
        assertThat(told.next()).isEqualTo(8);
    }

    @Test
    void whatIsToldGivesEachStateWhenItIsFoldedAgain() {
        feed(proposed(1, 1, 1, new Till.Note()), pay(2, "a"), proposed(1, 3, 1, new Till.Note()));

        List<String> state = List.of();
        for (Changed changed : changes(1).changes()) {
            state = Till.machine()
                    .apply(state, changed.command(), changed.meta())
                    .state();
        }

        assertThat(state).isEqualTo(machine.state());
    }

    @Test
    void letsWhoAsksWaitForTheNextCommandAndAnswersOnce() {
        assertThat(machine.watches().ask(new Question.Changes(WATCHER, 5, 1))).isEmpty();

        assertThat(only(Effect.Watched.class, feed(new Payload.NoOp()))).isEmpty();
        List<Effect> first = feed(pay(1, "a"));
        List<Effect> second = feed(pay(2, "b"));

        assertThat(only(Effect.Watched.class, first)).singleElement().satisfies(effect -> {
            assertThat(effect.number()).isEqualTo(5);
            assertThat(((Told.Changes) effect.told()).next()).isEqualTo(4);
        });
        assertThat(only(Effect.Watched.class, second)).isEmpty();
    }

    @Test
    void waitsForAnIndexThatWasNotReachedAndTellsNothingBeforeIt() {
        machine.watches().ask(new Question.Changes(WATCHER, 1, 3));

        assertThat(only(Effect.Watched.class, feed(pay(1, "a")))).isEmpty();
        assertThat(((Told.Changes) told(feed(pay(2, "b")))).changes())
                .extracting(Changed::index)
                .containsExactly(3L);
    }

    @Test
    void aLaterQuestionReplacesAnEarlierOneAndWhoHasLeftIsToldNothing() {
        machine.watches().ask(new Question.Changes(WATCHER, 1, 1));
        machine.watches().ask(new Question.Changes(WATCHER, 2, 1));
        machine.watches().ask(new Question.Changes(ANOTHER, 3, 1));
        machine.watches().leave(ANOTHER);

        assertThat(only(Effect.Watched.class, feed(pay(1, "a"))))
                .extracting(Effect.Watched::number)
                .containsExactly(2L);
    }

    @Test
    void whoseLaterQuestionIsAnsweredAtOnceIsNotToldOfTheEarlierOne() {
        machine.watches().ask(new Question.Changes(WATCHER, 1, 1));

        assertThat(machine.watches().ask(new Question.Position(WATCHER, 2))).hasSize(1);

        assertThat(only(Effect.Watched.class, feed(pay(1, "a")))).isEmpty();
    }

    @Test
    void tellsWhereWhatIsToComeBegins() {
        feed(pay(1, "a"));

        assertThat(told(machine.watches().ask(new Question.Position(WATCHER, 1))))
                .isEqualTo(new Told.Changes(List.of(), 3));
    }

    @Test
    void saysSoWhenWhatIsAskedForIsForgotten() {
        Machine<List<String>> small = machine(1_000);
        for (int serial = 1; serial <= 10; serial++) {
            small.committed(List.of(entry(1 + serial, pay(serial, "x"))), true);
        }

        Told told = told(small.watches().ask(new Question.Changes(WATCHER, 1, 2)));

        assertThat(told).isInstanceOfSatisfying(Told.Forgotten.class, forgotten -> {
            assertThat(forgotten.from()).isEqualTo(2);
            assertThat(forgotten.oldest()).isBetween(9L, 11L);
            assertThat(forgotten.folded()).isTrue();
        });
    }

    @Test
    void saysSoToWhoWaitsWhenASnapshotIsTakenOverInstead() {
        machine.watches().ask(new Question.Changes(WATCHER, 1, 2));
        machine.watches().ask(new Question.Changes(ANOTHER, 1, 11));

        List<Effect> effects = machine.restore(imageAt(10));

        assertThat(only(Effect.Watched.class, effects))
                .containsExactly(new Effect.Watched(WATCHER, 1, new Told.Forgotten(2, 11, false)));
        assertThat(((Told.Changes) told(machine.committed(List.of(entry(11, pay(1, "a"))), true))).changes())
                .extracting(Changed::index)
                .as("who missed nothing goes on")
                .containsExactly(11L);
    }

    private static Image<?> imageAt(long index) {
        Image<?> image =
                only(Effect.Take.class, machine(0).snapshotNow()).get(0).image();
        return new Image<>(
                new EntryId(index, 1),
                image.members(),
                image.time(),
                image.shape(),
                image.chain(),
                image.sessions(),
                image.state());
    }

    @Test
    void whoAsksAMachineWithoutAStateWaitsForIt() {
        Machine<List<String>> waiting =
                Machine.withoutState(Till.blueprint(Till.SELF, MachineSettings.DEFAULT.withWatchBytes(1 << 20)));
        assertThat(waiting.watches().ask(new Question.Position(WATCHER, 1))).isEmpty();
        assertThat(waiting.watches().ask(new Question.Newest(ANOTHER, 2, -1))).isEmpty();

        List<Effect> effects = waiting.restore(imageAt(10));

        assertThat(only(Effect.Watched.class, effects))
                .containsExactly(
                        new Effect.Watched(WATCHER, 1, new Told.Changes(List.of(), 11)),
                        new Effect.Watched(ANOTHER, 2, new Told.State(List.of(), 10)));
    }

    @Test
    void tellsTheNewestStateAtOnceAndThenOnlyAnother() {
        assertThat(told(machine.watches().ask(new Question.Newest(WATCHER, 1, -1))))
                .isEqualTo(new Told.State(List.of(), 1));
        assertThat(machine.watches().ask(new Question.Newest(WATCHER, 2, 1))).isEmpty();

        assertThat(only(Effect.Watched.class, feed(new Payload.NoOp()))).isEmpty();
        assertThat(told(feed(pay(1, "a")))).isEqualTo(new Told.State(List.of("a"), 3));
    }

    @Test
    void tellsStatesAlsoWhereCommandsAreNotRemembered() {
        Machine<List<String>> off = machine(0);
        off.watches().ask(new Question.Newest(WATCHER, 2, 1));

        assertThat(told(off.committed(List.of(entry(2, pay(1, "a"))), true)))
                .isEqualTo(new Told.State(List.of("a"), 2));
    }

    @Test
    void endsASliceBeforeWhatSomeoneWaitsForIsForgotten() {
        Machine<List<String>> small = machine(16_000);
        List<Entry> entries = new ArrayList<>();
        for (int serial = 1; serial <= 400; serial++) {
            entries.add(entry(1 + serial, pay(serial, "x")));
        }
        List<Long> seen = new ArrayList<>();
        small.watches().ask(new Question.Changes(WATCHER, 1, 1));

        List<Effect> effects = small.committed(entries, true);
        while (effects.contains(new Effect.Continue())) {
            collect(small, effects, seen);
            effects = small.slice();
        }
        collect(small, effects, seen);

        assertThat(seen).hasSize(400).isSorted().doesNotHaveDuplicates();
    }

    private static void collect(Machine<?> machine, List<Effect> effects, List<Long> seen) {
        List<Effect> latest = effects;
        while (!only(Effect.Watched.class, latest).isEmpty()) {
            Told.Changes told = (Told.Changes) told(latest);
            told.changes().forEach(change -> seen.add(change.index()));
            latest = machine.watches().ask(new Question.Changes(WATCHER, 1, told.next()));
        }
    }

    @Test
    void foldsWholeSlicesWhenNobodyWaits() {
        Machine<List<String>> small = machine(16_000);
        List<Entry> entries = new ArrayList<>();
        for (int serial = 1; serial <= Machine.SLICE_ENTRIES; serial++) {
            entries.add(entry(1 + serial, pay(serial, "x")));
        }

        assertThat(small.committed(entries, true)).doesNotContain(new Effect.Continue());
    }

    @Test
    void tellsNobodyOfAStateThatIsNotTheGroups() {
        Machine<List<String>> diverging = new Machine<>(
                Till.blueprint(
                        Till.SELF,
                        MachineSettings.DEFAULT.withWatchBytes(1 << 20).withHashEvery(3)),
                Till.MEMBERS);
        diverging.committed(List.of(entry(1, Till.open(Till.LIFE, "n1"))), true);
        diverging.reported(Till.SECOND, new OutcomeHash(3, Till.SHAPE, 77));
        diverging.reported(Till.THIRD, new OutcomeHash(3, Till.SHAPE, 77));
        diverging.watches().ask(new Question.Changes(WATCHER, 1, 1));

        List<Effect> effects = diverging.committed(List.of(entry(2, pay(1, "a")), entry(3, pay(2, "b"))), true);

        assertThat(only(Effect.Stop.class, effects)).hasSize(1);
        assertThat(only(Effect.Watched.class, effects)).isEmpty();
    }
}
