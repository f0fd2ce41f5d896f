package io.murmuration.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.Payload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeedTest {
    private final Feed feed = new Feed();

    @Test
    void waitsForTheMachine() {
        LogTail tail = Logs.tail(EntryId.NONE, Logs.entries(1, 1, 1));

        assertThat(feed.next(tail, 2)).isEmpty();
        feed.machineReady(1);

        assertThat(feed.next(tail, 2)).isEqualTo(Logs.entries(2, 1));
        assertThat(feed.next(tail, 2)).isEmpty();
    }

    @Test
    void feedsOnlyWhatIsCommitted() {
        LogTail tail = Logs.tail(EntryId.NONE, Logs.entries(1, 1, 1, 1));
        feed.machineReady(0);

        assertThat(feed.next(tail, 2)).isEqualTo(Logs.entries(1, 1, 1));
    }

    @Test
    void runsAtMostAWindowOfBytesAhead() {
        LogTail tail = Logs.tail(EntryId.NONE, large(100, 100 << 10));
        feed.machineReady(0);

        List<Entry> fed = drain(tail, 100);

        assertThat(bytes(fed)).isBetween(Feed.WINDOW_BYTES - (100 << 10), Feed.WINDOW_BYTES);
        long last = fed.get(fed.size() - 1).index();

        feed.applied(last - 1);
        assertThat(drain(tail, 100).get(0).index()).isEqualTo(last + 1);
    }

    @Test
    void feedsAllInOrderWithoutAGap() {
        LogTail tail = Logs.tail(EntryId.NONE, large(200, 60 << 10));
        feed.machineReady(0);
        List<Entry> all = new ArrayList<>();

        for (int round = 0; round < 100 && all.size() < 200; round++) {
            all.addAll(drain(tail, 200));
            feed.applied(all.size());
        }

        assertThat(all).isEqualTo(tail.slice(1, 200, Long.MAX_VALUE));
    }

    @Test
    void refusesAMachineThatAppliedWhatItWasNotFed() {
        LogTail tail = Logs.tail(EntryId.NONE, Logs.entries(1, 1, 1));
        feed.machineReady(0);
        feed.next(tail, 1);
        feed.applied(1);

        assertThatThrownBy(() -> feed.applied(2)).isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> feed.applied(0)).isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> feed.machineReady(0)).isInstanceOf(InvariantViolation.class);
    }

    private List<Entry> drain(LogTail tail, long commit) {
        List<Entry> fed = new ArrayList<>();
        for (List<Entry> next = feed.next(tail, commit); !next.isEmpty(); next = feed.next(tail, commit)) {
            fed.addAll(next);
        }
        return fed;
    }

    private static long bytes(List<Entry> entries) {
        return entries.stream().mapToLong(Entry::size).sum();
    }

    private static List<Entry> large(int count, int bytes) {
        List<Entry> entries = new ArrayList<>();
        for (int index = 1; index <= count; index++) {
            entries.add(new Entry(Logs.id(index, 1), 0, new Payload.Proposed(1, index, 1, Logs.command(bytes - 200))));
        }
        return List.copyOf(entries);
    }
}
