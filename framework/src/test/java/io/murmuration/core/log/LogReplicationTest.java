package io.murmuration.core.log;

import static io.murmuration.core.log.Logs.all;
import static io.murmuration.core.log.Logs.entries;
import static io.murmuration.core.log.Logs.id;
import static io.murmuration.core.log.Logs.leader;
import static io.murmuration.core.log.Logs.one;
import static io.murmuration.core.log.Logs.peer;
import static io.murmuration.core.log.Logs.propose;
import static io.murmuration.core.log.Logs.sent;
import static io.murmuration.core.log.Logs.sentAppend;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.ClientRpc.ReadIndex;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.LogRpc.AppendEntries;
import io.murmuration.core.model.LogRpc.Matched;
import io.murmuration.core.model.LogRpc.Mismatched;
import io.murmuration.core.model.Payload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the leader l feeds its followers a and b (protocol, Log 5 to 7). */
class LogReplicationTest {
    private static final long T = Logs.T.toNanos();
    private static final Moment START = new Moment(0, 1_000);

    private final List<Effect> first = new ArrayList<>();

    /** Eight large entries behind nothing, each a message of its own. */
    private static List<Entry> large(int count) {
        List<Entry> entries = new ArrayList<>();
        for (int index = 1; index <= count; index++) {
            entries.add(new Entry(id(index, 1), 0, new Payload.Proposed(1, index, 1, Logs.command(100 << 10))));
        }
        return List.copyOf(entries);
    }

    @Test
    void probesWithOneMessageInFlightUntilTheLogsMatch() {
        ReplicatedLog log = leader(3, entries(1, 1, 1, 2), first);

        log.propose(Logs.GATEWAY, propose(1, 8, 1), START);
        List<Effect> proposed = log.flush(0);
        List<Effect> mismatched = log.receive(peer("a"), new Mismatched(3, 1, id(1, 1)), 0);
        List<Effect> matched = log.receive(peer("a"), new Matched(3, 2, 1), 0);

        assertThat(all(proposed, Effect.Send.class)).isEmpty();
        assertThat(sentAppend(mismatched, "a").previous()).isEqualTo(id(2, 1));
        assertThat(sentAppend(matched, "a").previous()).isEqualTo(id(1, 1));
        assertThat(sentAppend(matched, "a").entries()).extracting(Entry::index).containsExactly(2L, 3L, 4L, 5L);
    }

    @Test
    void aLargeEntryIsNoPartOfAProbe() {
        ReplicatedLog log = leader(3, large(4), first);

        List<Effect> effects = log.receive(peer("a"), new Mismatched(3, 1, id(1, 1)), 0);

        assertThat(sentAppend(effects, "a").entries()).isEmpty();
    }

    @Test
    void replicatesThroughAWindowOfFourMessages() {
        ReplicatedLog log = leader(3, large(20), first);
        log.receive(peer("a"), new Mismatched(3, 1, id(1, 1)), 0);

        List<Effect> opened = log.receive(peer("a"), new Matched(3, 2, 1), 0);
        List<Effect> one = log.receive(peer("a"), new Matched(3, 3, 2), 0);
        List<Effect> three = log.receive(peer("a"), new Matched(3, 6, 5), 0);

        assertThat(sent(opened, "a", AppendEntries.class)).hasSize(4);
        assertThat(sent(one, "a", AppendEntries.class)).hasSize(1);
        assertThat(sent(three, "a", AppendEntries.class)).hasSize(3);
    }

    @Test
    void anUnansweredBatchPutsAFollowerBackToProbing() {
        ReplicatedLog log = leader(3, large(8), first);
        log.receive(peer("a"), new Mismatched(3, 1, id(1, 1)), 0);
        log.receive(peer("a"), new Matched(3, 2, 1), 0);

        List<Effect> early = log.wake(T / 2 - 1);
        List<Effect> late = log.wake(T / 2);

        assertThat(sent(early, "a", AppendEntries.class)).isEmpty();
        AppendEntries probe = sentAppend(late, "a");
        assertThat(probe.previous()).isEqualTo(id(1, 1));
        assertThat(probe.entries()).isEmpty();
    }

    @Test
    void aSilentPeerGetsOneProbeATenthOfTAndLaterOneAHalf() {
        ReplicatedLog log = leader(3, entries(1, 1), first);
        commitWith(log, "b", 2);

        List<Long> probes = new ArrayList<>();
        for (long now = 0; now <= 4 * T; now += T / 100) {
            for (AppendEntries probe : sent(log.wake(now), "a", AppendEntries.class)) {
                assertThat(probe.entries()).isEmpty();
                probes.add(now);
            }
        }

        assertThat(probes.stream().filter(now -> now <= T)).hasSize(10);
        assertThat(probes.stream().filter(now -> now > T + T / 10)).hasSizeBetween(5, 6);
    }

    @Test
    void asksToBeWokenWhenSomethingIsDue() {
        ReplicatedLog log = leader(3, List.of(), first);
        assertThat(log.wakeAt()).isEqualTo(T / 10);

        log.written(1, 0);
        log.receive(peer("a"), new Matched(3, 1, 1), 0);
        log.receive(peer("b"), new Matched(3, 1, 1), 0);
        assertThat(log.wakeAt()).isEqualTo(Replication.NEWS_NANOS);

        log.wake(Replication.NEWS_NANOS);
        assertThat(log.wakeAt()).isEqualTo(Replication.NEWS_NANOS + T / 2);

        log.receive(peer("a"), new Matched(3, 2, 1), 0);
        log.receive(peer("b"), new Matched(3, 2, 1), 0);
        assertThat(log.wakeAt()).isEqualTo(Replication.NEWS_NANOS + Replication.REMINDER_TIMEOUTS * T);
    }

    @Test
    void matchNeverGoesBackOnALateReply() {
        ReplicatedLog log = leader(3, entries(1, 1, 1, 1), first);
        log.receive(peer("a"), new Matched(3, 1, 4), 0);

        List<Effect> late = log.receive(peer("a"), new Matched(3, 1, 2), 0);
        List<Effect> lateToo = log.receive(peer("a"), new Mismatched(3, 1, id(1, 1)), 0);

        assertThat(log.matched()).containsEntry("a", 4L);
        assertThat(late).isEmpty();
        assertThat(lateToo).isEmpty();
    }

    @Test
    void aLostBatchIsFoundByTheNextOnesGap() {
        ReplicatedLog log = leader(3, large(8), first);
        log.receive(peer("a"), new Mismatched(3, 1, id(1, 1)), 0);
        log.receive(peer("a"), new Matched(3, 2, 1), 0);

        // Message 3 (entry 2) was lost; message 4 asks for entry 2, and the follower ends at 1.
        List<Effect> effects = log.receive(peer("a"), new Mismatched(3, 4, id(1, 1)), 0);
        List<Effect> more = log.receive(peer("a"), new Mismatched(3, 5, id(1, 1)), 0);

        assertThat(sentAppend(effects, "a").previous()).isEqualTo(id(1, 1));
        assertThat(more).isEmpty();
    }

    @Test
    void anAnswerToAnEarlierProbeStillCounts() {
        ReplicatedLog log = leader(3, entries(1, 1, 1, 2), first);
        log.wake(T / 10);
        log.wake(2 * T / 10);

        List<Effect> effects = log.receive(peer("a"), new Mismatched(3, 1, id(2, 1)), 2 * T / 10);

        assertThat(sentAppend(effects, "a").previous()).isEqualTo(id(2, 1));
    }

    /** [C11] */
    @Test
    void aFollowerThatLostWhatItAcknowledgedIsNeitherFedNorCounted() {
        ReplicatedLog log = leader(3, entries(1, 1, 1), first);
        log.receive(peer("a"), new Matched(3, 1, 3), 0);
        log.propose(Logs.GATEWAY, propose(1, 8, 1), START);
        log.flush(0);

        List<Effect> denied = log.receive(peer("a"), new Mismatched(3, 2, id(1, 1)), 0);
        log.written(1, 0);
        List<Effect> after = new ArrayList<>(log.receive(peer("a"), new Matched(3, 2, 4), 0));
        log.propose(Logs.GATEWAY, propose(2, 8, 2), START);
        after.addAll(log.flush(0));
        after.addAll(log.wake(9 * T));

        assertThat(one(denied, Effect.Warn.class).what()).contains("acknowledged entries up to 3");
        assertThat(sent(after, "a", AppendEntries.class)).isEmpty();
        assertThat(all(after, Effect.Warn.class)).isEmpty();
        assertThat(log.matched()).containsEntry("a", 0L);
        assertThat(log.commit()).isZero();
    }

    @Test
    void anAcknowledgementBehindTheEndOfTheLogIsDamageToo() {
        ReplicatedLog log = leader(3, List.of(), first);

        List<Effect> effects = log.receive(peer("a"), new Matched(3, 1, 9), 0);

        assertThat(all(effects, Effect.Warn.class)).hasSize(1);
        assertThat(log.matched()).containsEntry("a", 0L);
    }

    /** The conflict of a lost pipeline is no damage, although its hint points below what matched. */
    @Test
    void aConflictBehindWhatMatchedIsNoDamage() {
        ReplicatedLog log = leader(3, entries(1, 1, 1, 2, 2), first);
        log.receive(peer("a"), new Mismatched(3, 1, id(2, 1)), 0);
        log.receive(peer("a"), new Matched(3, 2, 2), 0);
        log.propose(Logs.GATEWAY, propose(1, 8, 1), START);
        AppendEntries next = sentAppend(log.flush(0), "a");

        List<Effect> effects = log.receive(peer("a"), new Mismatched(3, next.sequence(), id(1, 1)), 0);

        assertThat(all(effects, Effect.Warn.class)).isEmpty();
        assertThat(sentAppend(effects, "a").previous().index()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void aFollowerBehindTheBaseIsProbedAtItsIntervalAndReportedOnce() {
        ReplicatedLog log = Logs.closed("l", Logs.members("a", "b", "l"), id(5, 1), entries(6, 1));
        log.fence(3, 1, 0);
        first.addAll(log.lead(3, START));

        List<Effect> toBase = log.receive(peer("a"), new Mismatched(3, 1, id(2, 1)), 0);
        List<Effect> behind = log.receive(peer("a"), new Mismatched(3, 2, id(2, 1)), 0);
        List<Effect> probed = log.wake(T / 10);
        List<Effect> again = log.receive(peer("a"), new Mismatched(3, 3, id(2, 1)), T / 10);

        assertThat(sentAppend(toBase, "a").previous()).isEqualTo(id(5, 1));
        assertThat(sent(behind, "a", AppendEntries.class)).isEmpty();
        assertThat(one(behind, Effect.Warn.class).what()).contains("needs entries");
        assertThat(sentAppend(probed, "a").previous()).isEqualTo(id(5, 1));
        assertThat(again).isEmpty();
    }

    @Test
    void commitNewsGoesToAnIdleFollowerWithin10Milliseconds() {
        ReplicatedLog log = leader(3, List.of(), first);
        log.receive(peer("a"), new Matched(3, 1, 1), 0);
        log.receive(peer("b"), new Matched(3, 1, 1), 0);

        List<Effect> early = log.wake(Replication.NEWS_NANOS - 1);
        List<Effect> due = log.wake(Replication.NEWS_NANOS);
        List<Effect> later = log.wake(2 * Replication.NEWS_NANOS);

        assertThat(early).isEmpty();
        assertThat(sentAppend(due, "a")).isEqualTo(Logs.append(3, 2, id(1, 3), List.of(), 1));
        assertThat(later).isEmpty();
    }

    @Test
    void commitNewsGoesAtOnceWhereAReadWaits() {
        ReplicatedLog log = leader(3, List.of(), first);
        log.receive(peer("a"), new Matched(3, 1, 1), 0);
        log.receive(peer("b"), new Matched(3, 1, 1), 0);

        List<Effect> effects = log.readIndex(peer("a"), new ReadIndex(Logs.LIFE, 1), 0);
        List<Effect> again = log.readIndex(peer("a"), new ReadIndex(Logs.LIFE, 2), 0);

        assertThat(sentAppend(effects, "a").commit()).isEqualTo(1);
        assertThat(sent(effects, "b", AppendEntries.class)).isEmpty();
        assertThat(all(again, Effect.Send.class)).isEmpty();
    }

    @Test
    void commitNewsTravelsWithTheNextAppend() {
        ReplicatedLog log = leader(3, List.of(), first);
        log.receive(peer("a"), new Matched(3, 1, 1), 0);
        log.receive(peer("b"), new Matched(3, 1, 1), 0);
        log.propose(Logs.GATEWAY, propose(1, 8, 1), START);

        AppendEntries append = sentAppend(log.flush(0), "a");

        assertThat(append.commit()).isEqualTo(1);
        assertThat(log.wake(Replication.NEWS_NANOS)).isEmpty();
    }

    @Test
    void lostCommitNewsIsToldAgain() {
        ReplicatedLog log = leader(3, List.of(), first);
        log.receive(peer("a"), new Matched(3, 1, 1), 0);
        log.receive(peer("b"), new Matched(3, 1, 1), 0);
        log.wake(Replication.NEWS_NANOS);

        List<Effect> retried = log.wake(Replication.NEWS_NANOS + T / 2);

        assertThat(sentAppend(retried, "a").commit()).isEqualTo(1);
    }

    /** A follower that was restarted has forgotten the commit index, and nothing tells the leader so. */
    @Test
    void anIdleFollowerIsToldTheCommitIndexAgain() {
        ReplicatedLog log = leader(3, List.of(), first);
        log.receive(peer("a"), new Matched(3, 1, 1), 0);
        log.receive(peer("b"), new Matched(3, 1, 1), 0);
        log.wake(Replication.NEWS_NANOS);
        log.receive(peer("a"), new Matched(3, 2, 1), Replication.NEWS_NANOS);
        log.receive(peer("b"), new Matched(3, 2, 1), Replication.NEWS_NANOS);
        log.written(1, Replication.NEWS_NANOS);
        long due = Replication.NEWS_NANOS + Replication.REMINDER_TIMEOUTS * T;

        long wakeAt = log.wakeAt();
        List<Effect> early = log.wake(due - 1);
        List<Effect> told = log.wake(due);

        assertThat(wakeAt).isEqualTo(due);
        assertThat(early).isEmpty();
        assertThat(sentAppend(told, "a")).isEqualTo(Logs.append(3, 3, id(1, 3), List.of(), 1));
        assertThat(log.wake(due)).isEmpty();
    }

    /** The answer to an earlier message says nothing of the news behind it. */
    @Test
    void newsLostBehindAnAnsweredBatchIsToldAgain() {
        ReplicatedLog log = leader(3, List.of(), first);
        log.written(1, 0);
        log.receive(peer("a"), new Matched(3, 1, 1), 0);
        log.receive(peer("b"), new Matched(3, 1, 1), 0);
        log.propose(Logs.GATEWAY, propose(1, 8, 1), START);
        log.flush(0);
        log.written(2, 0);
        log.receive(peer("b"), new Matched(3, 2, 2), 0);
        AppendEntries news = sentAppend(log.wake(Replication.NEWS_NANOS), "a");

        log.receive(peer("a"), new Matched(3, 2, 2), Replication.NEWS_NANOS);
        List<Effect> retried = log.wake(Replication.NEWS_NANOS + T / 2);

        assertThat(news).isEqualTo(Logs.append(3, 3, id(2, 3), List.of(), 2));
        assertThat(sentAppend(retried, "a").commit()).isEqualTo(2);
    }

    @Test
    void theWindowIsBoundedInBytesToo() {
        Progress progress = new Progress(peer("a"), 1, 0, 0);
        progress.sent(0, 0, 0, 0);
        progress.matched(1, 0, Logs.tail(id(0, 0), List.of()), 0);

        progress.sent(1, Progress.WINDOW_BYTES - 1, 0, 0);
        boolean below = progress.windowOpen();
        progress.sent(1, 1, 0, 0);

        assertThat(below).isTrue();
        assertThat(progress.windowOpen()).isFalse();
    }

    private static void commitWith(ReplicatedLog log, String node, long index) {
        log.written(1, 0);
        log.receive(peer(node), new Matched(log.fence(), 1, index), 0);
        assertThat(log.commit()).isEqualTo(index);
    }
}
