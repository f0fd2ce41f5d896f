package io.murmuration.core.log;

import static io.murmuration.core.log.Logs.entries;
import static io.murmuration.core.log.Logs.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.InvariantViolation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogTailTest {
    @Test
    void knowsTheBaseButNothingBelow() {
        LogTail tail = new LogTail(id(3, 2), entries(4, 2, 3));

        assertThat(tail.id(3)).isEqualTo(id(3, 2));
        assertThat(tail.term(5)).isEqualTo(3);
        assertThat(tail.lastIndexUpToTerm(2, 5)).isEqualTo(4);
        assertThat(tail.lastIndexUpToTerm(1, 5)).isEqualTo(3);
        assertThatThrownBy(() -> tail.id(2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void refusesAGapAndAFallingTerm() {
        LogTail tail = new LogTail(EntryId.NONE, entries(1, 2));

        assertThatThrownBy(() -> tail.append(entries(3, 2))).isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> tail.append(entries(1, 2))).isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> tail.append(entries(2, 1))).isInstanceOf(InvariantViolation.class);
    }

    @Test
    void slicesByBytesButNeverToNothing() {
        LogTail tail = new LogTail(EntryId.NONE, entries(1, 1, 1, 1, 1));
        long size = tail.entry(1).size();

        assertThat(tail.slice(1, 4, 2 * size)).hasSize(2);
        assertThat(tail.slice(2, 4, 2 * size + 1)).hasSize(2);
        assertThat(tail.slice(2, 3, 1)).hasSize(1);
        assertThat(tail.slice(3, 4, 99 * size)).isEqualTo(entries(3, 1, 1));
    }

    @Test
    void sharesTheSliceAmongFollowersThatKeepPace() {
        LogTail tail = new LogTail(EntryId.NONE, entries(1, 1));
        List<Entry> batch = entries(2, 1, 1);

        tail.append(batch);

        assertThat(tail.slice(2, 3, 1 << 20)).isSameAs(batch);
    }

    /** Against the dumb alternative: a list. */
    @Test
    void agreesWithAList() {
        long seed = Long.getLong("murmuration.seed", System.nanoTime());
        System.out.println("LogTailTest seed " + seed);
        Random random = new Random(seed);
        EntryId base = id(random.nextInt(3), 1);
        LogTail tail = new LogTail(base, List.of());
        List<Entry> list = new ArrayList<>();
        for (int round = 0; round < 3_000; round++) {
            long last = base.index() + list.size();
            if (random.nextInt(4) == 0 && !list.isEmpty()) {
                long from = base.index() + 1 + random.nextInt(list.size());
                tail.truncate(from);
                list.subList((int) (from - base.index() - 1), list.size()).clear();
            } else {
                long term = (list.isEmpty() ? 1 : list.get(list.size() - 1).term()) + random.nextInt(3) / 2;
                List<Entry> added = entries(last + 1, term, term, term + random.nextInt(2));
                tail.append(added);
                list.addAll(added);
            }
            compare(tail, base, list, random);
        }
    }

    private static void compare(LogTail tail, EntryId base, List<Entry> list, Random random) {
        assertThat(tail.lastIndex()).isEqualTo(base.index() + list.size());
        assertThat(tail.bytes()).isEqualTo(list.stream().mapToLong(Entry::size).sum());
        if (list.isEmpty()) {
            assertThat(tail.last()).isEqualTo(base);
            return;
        }
        Entry any = list.get(random.nextInt(list.size()));
        assertThat(tail.entry(any.index())).isEqualTo(any);
        assertThat(tail.slice(any.index(), tail.lastIndex(), 1 << 20))
                .isEqualTo(list.subList((int) (any.index() - base.index() - 1), list.size()));
        EntryId first = list.stream()
                .map(Entry::id)
                .filter(id -> id.term() == any.term())
                .findFirst()
                .orElseThrow();
        assertThat(tail.firstOfTermAt(any.index())).isEqualTo(first);
        long bound = base.index() + random.nextInt(list.size() + 1);
        long expected = list.stream()
                .filter(entry -> entry.term() <= any.term() && entry.index() <= bound)
                .mapToLong(Entry::index)
                .max()
                .orElse(base.index());
        assertThat(tail.lastIndexUpToTerm(any.term(), bound)).isEqualTo(expected);
    }
}
