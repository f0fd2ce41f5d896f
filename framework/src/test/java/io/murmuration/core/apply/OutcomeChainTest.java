package io.murmuration.core.apply;

import static io.murmuration.core.apply.Till.entry;
import static io.murmuration.core.apply.Till.open;
import static io.murmuration.core.apply.Till.proposed;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Payload;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OutcomeChainTest {
    private static long chainOf(List<Entry> log) {
        Machine<List<String>> machine = Till.fresh();
        machine.committed(log, true);
        return machine.chain();
    }

    private static List<Entry> with(List<Entry> log, int at, Entry other) {
        List<Entry> changed = new ArrayList<>(log);
        changed.set(at, other);
        return changed;
    }

    @Test
    void anyDifferenceInAnOutcomeIsSeenAndStays() {
        List<Entry> log = List.of(
                entry(1, open(Till.LIFE, "n1")),
                entry(2, proposed(1, 1, 1, new Till.Pay("a"))),
                entry(3, proposed(1, 2, 1, new Till.Refuse("poor"))),
                entry(4, new Payload.NoOp()));
        Payload noOp = new Payload.NoOp();
        List<List<Entry>> others = List.of(
                log,
                with(log, 3, new Entry(new EntryId(4, 2), 4_000, noOp)),
                with(log, 3, new Entry(new EntryId(4, 1), 4_001, noOp)),
                with(log, 3, entry(4, new Payload.MembersSet(Members.NONE))),
                with(log, 3, entry(4, open(Till.LIFE, "n1"))),
                with(log, 3, entry(4, open(Till.OTHER_LIFE, "n1"))),
                with(log, 2, entry(3, proposed(1, 2, 1, new Till.Fill(1)))),
                with(log, 2, entry(3, proposed(1, 2, 1, new Till.Opaque()))),
                with(log, 2, entry(3, proposed(1, 1, 1, new Till.Pay("a")))),
                with(log, 2, entry(3, proposed(7, 1, 1, new Till.Pay("a")))),
                with(log, 2, entry(3, proposed(1, 1, 2, new Till.Pay("a")))));

        Set<Long> chains = new HashSet<>();
        others.forEach(other -> chains.add(chainOf(other)));

        assertThat(chains).hasSize(others.size());
    }

    @Test
    void theWordsOfARejectionAreNoPartOfIt() {
        List<Entry> log =
                List.of(entry(1, open(Till.LIFE, "n1")), entry(2, proposed(1, 1, 1, new Till.Refuse("too poor"))));

        assertThat(chainOf(with(log, 1, entry(2, proposed(1, 1, 1, new Till.Refuse("too por"))))))
                .isEqualTo(chainOf(log));
    }

    @Test
    void forgetsWithEachEpochWhatWasBefore() {
        MachineSettings settings = MachineSettings.DEFAULT.withHashEvery(2);
        Machine<List<String>> one = Till.fresh(settings);
        Machine<List<String>> other = Till.fresh(settings);
        one.committed(List.of(entry(1, new Payload.NoOp())), true);
        other.committed(List.of(entry(1, new Payload.MembersSet(Till.MEMBERS))), true);

        for (long index = 2; index <= 2 * settings.epochEntries(); index++) {
            List<Entry> next = List.of(entry(index, new Payload.NoOp()));
            one.committed(next, true);
            other.committed(next, true);

            assertThat(other.chain() == one.chain()).as("at %s", index).isEqualTo(index > settings.epochEntries());
        }
        assertThat(settings.epochEntries()).isEqualTo(128);
    }

    @Test
    void isTheSameHoweverEntriesAreFed() {
        List<Entry> log = new ArrayList<>(List.of(entry(1, open(Till.LIFE, "n1"))));
        for (int serial = 1; serial <= 900; serial++) {
            log.add(entry(log.size() + 1, proposed(1, serial, 1, new Till.Note())));
        }
        Machine<List<String>> one = Till.fresh();
        Machine<List<String>> other = Till.fresh();

        Till.fedInPieces(one, log, new Random(1));
        for (Entry entry : log) {
            other.committed(List.of(entry), false);
        }

        assertThat(other.chain()).isEqualTo(one.chain()).isNotZero();
        assertThat(other.state()).as("all that a fold is told").isEqualTo(one.state());
    }
}
