package io.murmuration.core.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.EntryId;
import io.murmuration.machine.Changed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static final int SIZE = History.OVERHEAD + 10;

    private static void add(History history, long index, int bytes) {
        history.add(
                new EntryId(index, 1), LogTime.START, new Till.Pay("at " + index), bytes, null, new Reply.Declined(""));
    }

    private static History of(long bytesMax, long... indices) {
        History history = new History(bytesMax);
        for (long index : indices) {
            add(history, index, 10);
        }
        return history;
    }

    private static List<Long> all(History history, long from) {
        return history.from(from, Integer.MAX_VALUE, Long.MAX_VALUE).stream()
                .map(Changed::index)
                .toList();
    }

    @Test
    void remembersFromAnyIndexOnAlsoBetweenCommands() {
        History history = of(10_000, 2, 3, 7);

        assertThat(history.oldest()).isEqualTo(1);
        assertThat(all(history, 1)).containsExactly(2L, 3L, 7L);
        assertThat(all(history, 4)).containsExactly(7L);
        assertThat(all(history, 8)).isEmpty();
    }

    @Test
    void givesBackWhatWasFolded() {
        History history = new History(10_000);
        Till.Pay pay = new Till.Pay("at 5");
        LogTime time = new LogTime(1_700_000_000_123L, 4_500);
        history.add(new EntryId(5, 2), time, pay, 10, 17L, new Reply.Replied(new Encoded(1, "long", new byte[8])));
        history.add(new EntryId(6, 2), time, pay, 10, null, new Reply.Declined("no"));
        history.add(new EntryId(7, 3), time, pay, 10, 18L, new Reply.Unencodable("too large"));

        assertThat(history.from(5, 9, Long.MAX_VALUE))
                .containsExactly(
                        new Changed(time.meta(5, 2), pay, new Changed.Replied(17L)),
                        new Changed(time.meta(6, 2), pay, new Changed.Rejected("no")),
                        new Changed(time.meta(7, 3), pay, new Changed.ReplyLost("too large")));
    }

    @Test
    void forgetsTheOldestAtItsBoundAndKnowsFromWhereOnItIsWhole() {
        History history = of(3 * SIZE, 2, 3, 7, 8);

        assertThat(history.oldest()).isEqualTo(3);
        assertThat(history.bytes()).isEqualTo(3 * SIZE);
        assertThat(all(history, 3)).containsExactly(3L, 7L, 8L);
        assertThat(history.folded(2)).isTrue();
    }

    @Test
    void forgetsTheOldestOfAnySizeUntilTheBoundHolds() {
        History history = of(3 * SIZE, 2, 3, 7);

        add(history, 8, 2 * SIZE - History.OVERHEAD);

        assertThat(history.oldest()).isEqualTo(4);
        assertThat(all(history, 4)).containsExactly(7L, 8L);
    }

    @Test
    void endsABatchAtItsCountOrItsBytes() {
        History history = of(10_000, 1, 2, 3, 4);

        assertThat(history.from(1, 2, Long.MAX_VALUE))
                .extracting(Changed::index)
                .containsExactly(1L, 2L);
        assertThat(history.from(2, 9, SIZE)).extracting(Changed::index).containsExactly(2L);
        assertThat(history.from(2, 9, SIZE + 1)).extracting(Changed::index).containsExactly(2L, 3L);
    }

    @Test
    void remembersNothingWhenSwitchedOffButTheNewestIndex() {
        History history = of(0, 2, 3);

        assertThat(history.newest()).isEqualTo(3);
        assertThat(all(history, 1)).isEmpty();
    }

    @Test
    void beginsAnewBehindASnapshot() {
        History history = of(10_000, 2, 3);

        history.restart(90);
        add(history, 92, 10);

        assertThat(history.oldest()).isEqualTo(91);
        assertThat(history.folded(90)).isFalse();
        assertThat(history.folded(91)).isTrue();
        assertThat(all(history, 91)).containsExactly(92L);
        assertThat(history.bytes()).isEqualTo(SIZE);
    }

    @Test
    void holdsTheNewestThatFitWhateverComes() {
        long seed = Long.getLong("murmuration.seed", System.nanoTime());
        System.out.println("HistoryTest seed " + seed);
        Random random = new Random(seed);
        long bytesMax = 60_000L + random.nextInt(60_000);
        History history = new History(bytesMax);
        List<long[]> model = new ArrayList<>();
        long oldest = 1;
        long index = 0;
        long bytes = 0;

        for (int step = 0; step < 5_000; step++) {
            index += 1 + random.nextInt(3);
            int size = random.nextInt(random.nextInt(50) == 0 ? 20_000 : 200);
            add(history, index, size);
            model.add(new long[] {index, History.OVERHEAD + size});
            bytes += History.OVERHEAD + size;
            while (bytes > bytesMax) {
                long[] gone = model.remove(0);
                bytes -= gone[1];
                oldest = gone[0] + 1;
            }
            long from = oldest + random.nextInt((int) (index - oldest) + 2);

            assertThat(history.oldest()).as("seed %d", seed).isEqualTo(oldest);
            assertThat(all(history, from))
                    .as("seed %d", seed)
                    .isEqualTo(model.stream()
                            .map(each -> each[0])
                            .filter(each -> each >= from)
                            .toList());
        }
    }
}
