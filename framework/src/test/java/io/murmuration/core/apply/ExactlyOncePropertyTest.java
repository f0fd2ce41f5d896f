package io.murmuration.core.apply;

import static io.murmuration.core.apply.Till.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.ClientRpc.Outcome;
import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.Payload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random histories of Gateways that retry, reorder and double; each failure names its seed. */
class ExactlyOncePropertyTest {
    private static final int HISTORIES = 60;

    /** What Gateways made of some commands, and how the log came to look. */
    private record History(List<Entry> log, Map<String, Long> proposed) {}

    /** A Gateway that sends each command one to four times, late and out of order, within its window. */
    private static List<Payload> copiesOf(int gateway, long session, Random random) {
        int serials = 1 + random.nextInt(120);
        List<Payload> copies = new ArrayList<>();
        List<long[]> order = new ArrayList<>();
        for (long serial = 1; serial <= serials; serial++) {
            int times = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 1;
            for (int copy = 0; copy < times; copy++) {
                order.add(new long[] {serial * 10 + random.nextInt(150), serial});
            }
        }
        order.sort((a, b) -> Long.compare(a[0], b[0]));
        for (long[] next : order) {
            copies.add(Till.proposed(session, next[1], 1, commandOf(gateway, next[1])));
        }
        return copies;
    }

    /** All copies of a serial carry one command: which one depends on the serial alone. */
    private static Object commandOf(int gateway, long serial) {
        return serial % 7 == 0 ? new Till.Refuse("r" + serial) : new Till.Pay(gateway + "-" + serial);
    }

    private static History history(long seed) {
        Random random = new Random(seed);
        int gateways = 1 + random.nextInt(4);
        List<Entry> log = new ArrayList<>();
        List<List<Payload>> queues = new ArrayList<>();
        Map<String, Long> proposed = new HashMap<>();
        for (int gateway = 1; gateway <= gateways; gateway++) {
            log.add(entry(log.size() + 1, Till.open(new UUID(0, gateway), "n" + gateway)));
            queues.add(copiesOf(gateway, gateway, random));
        }
        List<Integer> turns = new ArrayList<>();
        for (int gateway = 0; gateway < gateways; gateway++) {
            turns.addAll(Collections.nCopies(queues.get(gateway).size(), gateway));
        }
        Collections.shuffle(turns, random);
        int[] at = new int[gateways];
        for (int gateway : turns) {
            if (random.nextInt(8) == 0) {
                log.add(entry(log.size() + 1, Till.open(new UUID(0, gateway + 1), "n" + (gateway + 1))));
            }
            Payload.Proposed next = (Payload.Proposed) queues.get(gateway).get(at[gateway]++);
            log.add(entry(log.size() + 1, next));
            proposed.putIfAbsent(gateway + 1 + "-" + next.serial(), (long) log.size());
        }
        return new History(log, proposed);
    }

    /**
     * The history without what was said before: the first copy of each serial stays, at its index; the rest is a no-op.
     */
    private static List<Entry> deduplicated(List<Entry> log) {
        Set<String> seen = new HashSet<>();
        return log.stream()
                .map(entry -> entry.payload() instanceof Payload.Proposed copy
                                && !seen.add(copy.session() + "-" + copy.serial())
                        ? entry(entry.index(), new Payload.NoOp())
                        : entry)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    @DisplayName("retries, reorderings and duplicates give the state and the outcomes of the deduplicated history")
    void retriesGiveTheStateOfTheDeduplicatedHistory(long start) {
        for (long seed = start * HISTORIES; seed < (start + 1) * HISTORIES; seed++) {
            History history = history(seed);
            Machine<List<String>> real = Till.fresh();
            Machine<List<String>> plain = Till.fresh();

            List<Outcome> told = Till.outcomes(Till.fedInPieces(real, history.log(), new Random(seed)));
            List<Outcome> once = Till.outcomes(Till.fedInPieces(plain, deduplicated(history.log()), new Random(seed)));

            assertThat(real.state()).as("seed %s", seed).isEqualTo(plain.state());
            assertThat(new HashSet<>(told)).as("seed %s", seed).isEqualTo(new HashSet<>(once));
            assertThat(once).as("seed %s", seed).hasSize(history.proposed().size());
            assertThat(told).as("seed %s", seed).hasSizeGreaterThanOrEqualTo(once.size());
            assertThat(real.sessions().contents())
                    .as("seed %s", seed)
                    .hasSameSizeAs(plain.sessions().contents());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    @DisplayName("replicas that are fed the same log in different pieces are equal")
    void replicasFedInDifferentPiecesAreEqual(long start) {
        for (long seed = start * HISTORIES; seed < (start + 1) * HISTORIES; seed++) {
            List<Entry> log = history(seed).log();
            Machine<List<String>> one = Till.fresh();
            Machine<List<String>> other = Till.fresh();

            List<Effect> first = Till.fedInPieces(one, log, new Random(seed));
            List<Effect> second = Till.fedInPieces(other, log, new Random(~seed));

            assertThat(one.state()).as("seed %s", seed).isEqualTo(other.state());
            assertThat(one.time()).as("seed %s", seed).isEqualTo(other.time());
            assertThat(one.applied()).as("seed %s", seed).isEqualTo(other.applied());
            assertThat(one.sessions().contents())
                    .as("seed %s", seed)
                    .isEqualTo(other.sessions().contents());
            assertThat(Till.outcomes(first))
                    .as("seed %s", seed)
                    .containsExactlyInAnyOrderElementsOf(Till.outcomes(second));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    @DisplayName("whatever lowest, eviction and order do, no serial takes effect twice, and each effect is told")
    void noSerialTakesEffectTwiceWhateverLowestAndEvictionDo(long start) {
        for (long seed = start * HISTORIES; seed < (start + 1) * HISTORIES; seed++) {
            Random random = new Random(seed);
            Machine<List<String>> machine = Till.bounded(2, 3_000 + random.nextInt(3_000));
            List<Entry> log = new ArrayList<>();
            List<Long> opened = new ArrayList<>();
            for (long index = 1; index <= 400; index++) {
                if (index <= 2 || random.nextInt(15) == 0) {
                    opened.add(0, index);
                    log.add(entry(index, Till.open(new UUID(0, random.nextInt(4)), "n")));
                    continue;
                }
                long session = opened.get(random.nextInt(Math.min(5, opened.size())));
                long serial = 1L + random.nextInt(40);
                long lowest = Math.max(1, serial - random.nextInt(30));
                log.add(entry(index, Till.proposed(session, serial, lowest, new Till.Pay(session + "-" + serial))));
            }

            List<Outcome> told = Till.outcomes(Till.fedInPieces(machine, log, random));

            assertThat(machine.state())
                    .as("seed %s", seed)
                    .doesNotHaveDuplicates()
                    .isNotEmpty();
            assertThat(told.stream()
                            .filter(outcome -> outcome.reply() instanceof Reply.Replied)
                            .map(Outcome::index)
                            .distinct())
                    .as("seed %s: each effect was told under its own index", seed)
                    .hasSize(machine.state().size());
            assertThat(machine.sessions().count()).as("seed %s", seed).isLessThanOrEqualTo(2);
        }
    }
}
