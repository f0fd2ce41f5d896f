package io.murmuration.core.apply;

import static io.murmuration.core.apply.Till.entry;
import static io.murmuration.core.apply.Till.only;
import static io.murmuration.core.apply.Till.proposed;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.Entry;
import io.murmuration.core.model.Payload;
import io.murmuration.machine.Changed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Readers that ask when they like, of a Machine that folds, starts anew from a snapshot of its own, or takes over one
 * of another node: what each is told is a piece of the one sequence of all commands, and it ends only where it must.
 */
class WatchesPropertyTest {
    private static final int ENTRIES = 1_500;

    private final long seed = Long.getLong("murmuration.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<Entry> log = new ArrayList<>();
    /** Images of a Machine that folded all of it, one at each index. */
    private final List<Image<?>> images = new ArrayList<>();

    private List<Changed> truth = List.of();

    /** Asks, keeps what it is told, and looks whether it fits. */
    private final class Reader implements Watcher {
        private long began;
        private long cursor;
        private boolean waits;
        private long given;
        private int ends;

        @Override
        public void told(long number, Told told) {
            throw new AssertionError("The core calls nobody.");
        }

        void ask(Machine<?> machine) {
            waits = true;
            hear(machine, machine.watches().ask(new Question.Changes(this, 1, cursor)));
        }

        void hear(Machine<?> machine, List<Effect> effects) {
            for (Effect.Watched effect : only(Effect.Watched.class, effects)) {
                if (effect.watcher() == this) {
                    assertThat(waits)
                            .as("seed %d: told without a question", seed)
                            .isTrue();
                    waits = false;
                    hear(machine, effect.told());
                }
            }
        }

        private void hear(Machine<?> machine, Told told) {
            if (told instanceof Told.Forgotten forgotten) {
                assertThat(forgotten.from()).isEqualTo(cursor);
                assertThat(forgotten.oldest()).as("seed %d", seed).isGreaterThan(cursor);
                assertThat(forgotten.oldest())
                        .as("seed %d", seed)
                        .isLessThanOrEqualTo(machine.applied().index() + 1);
                ends++;
                began = forgotten.oldest();
                cursor = began;
                given = 0;
                return;
            }
            Told.Changes changes = (Told.Changes) told;
            for (Changed each : changes.changes()) {
                Changed expected = truth.stream()
                        .filter(change -> change.index() >= cursor)
                        .findFirst()
                        .orElseThrow();
                assertThat(each).as("seed %d, cursor %d", seed, cursor).isEqualTo(expected);
                cursor = each.index() + 1;
                given++;
            }
            assertThat(changes.next()).isEqualTo(cursor);
            assertThat(given)
                    .as("seed %d", seed)
                    .isEqualTo(truth.stream()
                            .filter(change -> change.index() >= began && change.index() < cursor)
                            .count());
        }
    }

    private void write() {
        long serial = 0;
        log.add(entry(1, Till.open(Till.LIFE, "n1")));
        for (long index = 2; index <= ENTRIES; index++) {
            Payload payload = switch (random.nextInt(6)) {
                case 0 -> new Payload.NoOp();
                case 1 -> proposed(1, Math.max(1, serial), Math.max(1, serial - 9), new Till.Pay("again"));
                case 2 -> proposed(1, ++serial, Math.max(1, serial - 9), new Till.Refuse("poor"));
                default -> proposed(1, ++serial, Math.max(1, serial - 9), new Till.Ask());
            };
            log.add(entry(index, payload));
        }
        Machine<List<String>> all = new Machine<>(blueprint(1L << 30), Till.MEMBERS);
        images.add(null);
        for (Entry each : log) {
            all.committed(List.of(each), false);
            images.add(only(Effect.Take.class, all.snapshotNow()).get(0).image());
            all.snapshotEnded(each.index(), true);
        }
        List<Changed> told = new ArrayList<>();
        List<Effect> answer = all.watches().ask(new Question.Changes(new Reader(), 1, 1));
        while (!answer.isEmpty()) {
            Told.Changes batch =
                    (Told.Changes) only(Effect.Watched.class, answer).get(0).told();
            told.addAll(batch.changes());
            answer = all.watches().ask(new Question.Changes(new Reader(), 1, batch.next()));
        }
        truth = told;
    }

    private static Blueprint<List<String>> blueprint(long bytes) {
        return Till.blueprint(Till.SELF, MachineSettings.DEFAULT.withWatchBytes(bytes));
    }

    @Test
    void tellsEachReaderAPieceOfTheSequenceOfAllCommands() {
        System.out.println("WatchesPropertyTest seed " + seed);
        write();
        long folds = log.stream()
                .filter(each -> each.payload() instanceof Payload.Proposed)
                .count();
        assertThat((long) truth.size()).isBetween(folds / 2, folds);
        Blueprint<List<String>> small = blueprint(40_000);
        Machine<List<String>> machine = new Machine<>(small, Till.MEMBERS);
        List<Reader> readers = List.of(new Reader(), new Reader(), new Reader());
        readers.forEach(reader -> {
            reader.began = 1;
            reader.cursor = 1;
        });
        long held = 0;

        while (machine.applied().index() < ENTRIES) {
            int at = (int) machine.applied().index();
            List<Effect> effects = List.of();
            switch (random.nextInt(60)) {
                case 0 -> {
                    // Starts anew from its snapshot, and is asked again what the last one took with it.
                    machine = held == 0
                            ? new Machine<>(small, Till.MEMBERS)
                            : Machine.restored(small, images.get((int) held));
                    for (Reader reader : readers) {
                        if (reader.waits) {
                            reader.ask(machine);
                        }
                    }
                }
                case 1 -> held = at;
                case 2 -> {
                    held = Math.min(ENTRIES - 1, at + 1 + random.nextInt(40));
                    effects = held > at ? machine.restore(images.get((int) held)) : List.of();
                }
                default ->
                    effects = machine.committed(log.subList(at, Math.min(ENTRIES, at + 1 + random.nextInt(12))), false);
            }
            for (Reader reader : readers) {
                reader.hear(machine, effects);
            }
            for (int each = 0; each < readers.size(); each++) {
                Reader reader = readers.get(each);
                // The first always asks, the last hardly ever.
                if (!reader.waits && random.nextInt(1 + each * 40) == 0) {
                    reader.ask(machine);
                }
            }
        }

        Reader late = new Reader();
        late.began = 1;
        late.cursor = 1;
        late.ask(machine);
        assertThat(late.ends)
                .as("seed %d: who comes at the end has missed the beginning", seed)
                .isOne();
    }
}
