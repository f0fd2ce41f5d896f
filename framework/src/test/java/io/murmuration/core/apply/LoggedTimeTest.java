package io.murmuration.core.apply;

import static io.murmuration.core.apply.Till.drained;
import static io.murmuration.core.apply.Till.entry;
import static io.murmuration.core.apply.Till.only;
import static io.murmuration.core.apply.Till.open;
import static io.murmuration.core.apply.Till.outcomes;
import static io.murmuration.core.apply.Till.proposed;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.ClientRpc.Outcome;
import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Payload;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Time, randomness and expiry come from the log alone (protocol, Machine 3 and 4). */
class LoggedTimeTest {
    @Test
    void refusesACommandOfASessionThatExpiredAndNeverFoldsIt() {
        Machine<List<String>> machine = Till.fresh();
        machine.committed(List.of(entry(1, open(Till.LIFE, "n1"))), true);
        List<Entry> log = new ArrayList<>();
        for (long index = 2; index <= 363; index++) {
            log.add(new Entry(new EntryId(index, 1), 10_000 * index, new Payload.NoOp()));
        }
        drained(machine, machine.committed(log, true));

        List<Effect> effects = machine.committed(List.of(entry(364, proposed(1, 1, 1, new Till.Pay("late")))), true);

        assertThat(outcomes(effects)).containsExactly(new Outcome(1, 0, new Reply.SessionUnknown()));
        assertThat(machine.state()).isEmpty();
    }

    @Test
    void whatAFoldIsToldIsTheSameOnEveryNodeAndNeverRunsBackwards() {
        for (long seed = 1; seed <= 50; seed++) {
            Random random = new Random(seed);
            List<Entry> log = new ArrayList<>(List.of(entry(1, open(Till.LIFE, "n1"))));
            long clock = 1_000_000_000;
            long term = 1;
            for (long serial = 1; serial <= 40; serial++) {
                if (random.nextInt(5) == 0) {
                    term++;
                    clock += random.nextLong(200_000_000) - 100_000_000; // another leader, whose clock is another
                }
                clock += random.nextInt(20_000);
                EntryId id = new EntryId(log.size() + 1, term);
                log.add(new Entry(id, clock, proposed(1, serial, 1, new Till.Note())));
            }
            Machine<List<String>> first = Till.fresh();
            Machine<List<String>> second = Till.fresh();
            Machine<List<String>> replayed = Till.fresh();

            Till.fedInPieces(first, log, random);
            Till.fedInPieces(second, log, random);
            replayed.committed(log.subList(0, 20), false);
            Image<?> image =
                    only(Effect.Take.class, replayed.snapshotNow()).get(0).image();
            Machine<List<String>> restored =
                    Machine.restored(Till.blueprint(Till.SECOND, MachineSettings.DEFAULT), image);
            restored.committed(log.subList(20, log.size()), false);

            assertThat(second.state()).as("seed %s", seed).isEqualTo(first.state());
            assertThat(restored.state()).as("seed %s", seed).isEqualTo(first.state());
            long[] before = {0, 0};
            Set<String> randoms = new HashSet<>();
            for (String told : first.state()) {
                String[] parts = told.split(" ", -1);
                long time = Long.parseLong(parts[2]);
                long elapsed = Long.parseLong(parts[3]);
                assertThat(time).as("seed %s: time", seed).isGreaterThanOrEqualTo(before[0]);
                assertThat(elapsed - before[1])
                        .as("seed %s: a step of elapsed", seed)
                        .isBetween(0L, LogTime.STEP_MILLIS_MAX);
                before[0] = time;
                before[1] = elapsed;
                randoms.add(parts[4]);
            }
            assertThat(randoms).as("seed %s: random numbers", seed).hasSize(40);
        }
    }
}
