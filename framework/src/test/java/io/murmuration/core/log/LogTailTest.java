package io.murmuration.core.log;

import static io.murmuration.core.log.Logs.entries;
import static io.murmuration.core.log.Logs.id;
import static io.murmuration.core.log.Logs.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LogTailTest {
    @Test
    void knowsTheBaseButNothingBelow() {
        LogTail tail = Logs.tail(id(3, 2), entries(4, 2, 3));

        assertThat(tail.id(3)).isEqualTo(id(3, 2));
        assertThat(tail.term(5)).isEqualTo(3);
        assertThat(tail.lastIndexUpToTerm(2, 5)).isEqualTo(4);
        assertThat(tail.lastIndexUpToTerm(1, 5)).isEqualTo(3);
        assertThatThrownBy(() -> tail.id(2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void refusesAGapAndAFallingTerm() {
        LogTail tail = Logs.tail(EntryId.NONE, entries(1, 2));

        assertThatThrownBy(() -> tail.append(entries(3, 2))).isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> tail.append(entries(1, 2))).isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> tail.append(entries(2, 1))).isInstanceOf(InvariantViolation.class);
    }

    @Test
    void slicesByBytesButNeverToNothing() {
        LogTail tail = Logs.tail(EntryId.NONE, entries(1, 1, 1, 1, 1));
        long size = tail.entry(1).size();

        assertThat(tail.slice(1, 4, 2 * size)).hasSize(2);
        assertThat(tail.slice(2, 4, 2 * size + 1)).hasSize(2);
        assertThat(tail.slice(2, 3, 1)).hasSize(1);
        assertThat(tail.slice(3, 4, 99 * size)).isEqualTo(entries(3, 1, 1));
    }

    @Test
    void sharesTheSliceAmongFollowersThatKeepPace() {
        LogTail tail = Logs.tail(EntryId.NONE, entries(1, 1));
        List<Entry> batch = entries(2, 1, 1);

        tail.append(batch);

        assertThat(tail.slice(2, 3, 1 << 20)).isSameAs(batch);
    }

    @Test
    void whatWasLongAgoIsThereAsItWas() {
        LogTail tail = Logs.tail(EntryId.NONE, List.of());
        List<Entry> all = new ArrayList<>();
        for (long index = 1; tail.bytes() < 5 * settings().recentBytes(); index++) {
            Entry entry = new Entry(
                    id(index, 1 + index / 1_000),
                    -index,
                    new Payload.Proposed(
                            index << 40,
                            Long.MAX_VALUE - index,
                            index,
                            new Encoded(-1, "m" + index % 3, new byte[(int) (index % 500)])));
            tail.append(List.of(entry));
            all.add(entry);
        }

        assertThat(tail.slice(1, tail.lastIndex(), Long.MAX_VALUE)).isEqualTo(all);
        assertThat(tail.slice(1, 2, Long.MAX_VALUE).get(0)).isNotSameAs(all.get(0));
        assertThat(tail.entry(tail.lastIndex())).isSameAs(all.get(all.size() - 1));
    }

    /** Against the dumb alternative: a list. */
    @Test
    void agreesWithAList() {
        long seed = Long.getLong("murmuration.seed", System.nanoTime());
        System.out.println("LogTailTest seed " + seed);
        Random random = new Random(seed);
        EntryId base = id(random.nextInt(3), 1);
        LogTail tail = Logs.tail(base, List.of());
        List<Entry> list = new ArrayList<>();
        for (int round = 0; round < 6_000; round++) {
            long last = base.index() + list.size();
            int choice = random.nextInt(200);
            if (choice == 0) {
                base = id(last + random.nextInt(3), tail.last().term() + random.nextInt(2));
                tail.restart(base);
                list.clear();
            } else if (choice < 10) {
                long to = base.index() + random.nextInt(list.size() + 1);
                EntryId next = tail.id(to);
                tail.dropTo(to);
                list.subList(0, (int) (to - base.index())).clear();
                base = next;
            } else if (choice < 30 && !list.isEmpty()) {
                long from = last - random.nextInt(Math.min(list.size(), choice < 20 ? 10 : list.size()));
                tail.truncate(from);
                list.subList((int) (from - base.index() - 1), list.size()).clear();
            } else {
                long term = Math.max(1, tail.last().term()) + random.nextInt(3) / 2;
                List<Entry> added = List.of(
                        any(last + 1, term, random),
                        any(last + 2, term, random),
                        any(last + 3, term + random.nextInt(2), random));
                tail.append(added);
                list.addAll(added);
            }
            compare(tail, base, list, random);
        }
    }

    private static Entry any(long index, long term, Random random) {
        int kind = random.nextInt(1_000);
        if (kind < 10) {
            return new Entry(id(index, term), random.nextLong(), new Payload.NoOp());
        }
        if (kind < 20) {
            UUID life = new UUID(random.nextLong(), random.nextLong());
            return new Entry(id(index, term), random.nextLong(), new Payload.OpenSession(life, "n" + kind));
        }
        byte[] bytes = new byte[random.nextInt(kind == 20 ? 2 << 20 : kind < 100 ? 50_000 : 300)];
        random.nextBytes(bytes);
        Encoded command = new Encoded(random.nextInt(), "type" + random.nextInt(4), bytes);
        return new Entry(
                id(index, term),
                random.nextLong(),
                new Payload.Proposed(random.nextLong(), random.nextLong(), random.nextLong(), command));
    }

    private static void compare(LogTail tail, EntryId base, List<Entry> list, Random random) {
        assertThat(tail.base()).isEqualTo(base);
        assertThat(tail.lastIndex()).isEqualTo(base.index() + list.size());
        assertThat(tail.bytes()).isEqualTo(list.stream().mapToLong(Entry::size).sum());
        if (list.isEmpty()) {
            assertThat(tail.last()).isEqualTo(base);
            return;
        }
        Entry any = list.get(random.nextInt(list.size()));
        int place = (int) (any.index() - base.index() - 1);
        assertThat(tail.entry(any.index())).isEqualTo(any);
        assertThat(tail.size(any.index())).isEqualTo(any.size());
        assertThat(tail.slice(any.index(), tail.lastIndex(), 1 << 18)).isEqualTo(prefix(list, place, 1 << 18));
        long most = random.nextInt(3 << 20);
        assertThat(tail.indexBefore(any.index(), most)).isEqualTo(before(base, list, place, most));
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

    private static List<Entry> prefix(List<Entry> list, int from, long bytesMax) {
        int until = from;
        long sum = list.get(from).size();
        do {
            until++;
            sum += until < list.size() ? list.get(until).size() : bytesMax + 1;
        } while (sum <= bytesMax);
        return list.subList(from, until);
    }

    private static long before(EntryId base, List<Entry> list, int place, long bytesMax) {
        int at = place;
        for (long sum = 0; at >= 0 && sum + list.get(at).size() <= bytesMax; at--) {
            sum += list.get(at).size();
        }
        return base.index() + at + 1;
    }
}
