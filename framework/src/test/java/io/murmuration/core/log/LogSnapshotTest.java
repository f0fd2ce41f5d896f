package io.murmuration.core.log;

import static io.murmuration.core.log.Logs.all;
import static io.murmuration.core.log.Logs.entries;
import static io.murmuration.core.log.Logs.id;
import static io.murmuration.core.log.Logs.members;
import static io.murmuration.core.log.Logs.one;
import static io.murmuration.core.log.Logs.peer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.LogRpc.AppendEntries;
import io.murmuration.core.model.LogRpc.Matched;
import io.murmuration.core.model.LogRpc.Mismatched;
import io.murmuration.core.model.LogRpc.Outdated;
import io.murmuration.core.model.LogRpc.SnapshotOffer;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Payload;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.SnapshotRpc.Held;
import io.murmuration.core.model.SnapshotRpc.SnapshotId;
import io.murmuration.core.model.StoreRecord.Base;
import io.murmuration.core.model.StoreRecord.PrefixDropped;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Log compaction (§7): what is dropped, when, and how a follower that needs what was dropped is brought up. */
class LogSnapshotTest {
    private static final long T = Logs.T.toNanos();
    // ---- dropping

    @Test
    void dropsThePrefixOnlyWhenASnapshotIncludesIt() {
        ReplicatedLog log = committed(entries(1, 1, 1, 1, 1), 3, 0);

        List<Effect> effects = log.compact(held(3, 1), 0);

        assertThat(log.base()).isEqualTo(id(3, 1));
        assertThat(one(effects, Effect.Write.class).record()).isEqualTo(new PrefixDropped(base(id(3, 1))));
        assertThat(log.entry(4).id()).isEqualTo(id(4, 1));
        assertThat(log.last()).isEqualTo(id(4, 1));
    }

    @Test
    void olderSnapshotsAreNeededUntilTheRecordIsDurable() {
        ReplicatedLog log = committed(entries(1, 1, 1, 1, 1), 3, 0);
        Effect.Write write = one(log.compact(held(3, 1), 0), Effect.Write.class);

        List<Effect> before = log.written(write.sequence() - 1, 0);
        List<Effect> after = log.written(write.sequence(), 0);

        assertThat(all(before, Effect.Covered.class)).isEmpty();
        assertThat(after).containsExactly(new Effect.Covered(3));
    }

    @Test
    void keepsATailForSlowFollowers() {
        long size = Logs.entry(1, 1).size();
        ReplicatedLog log = committed(entries(1, 1, 1, 1, 1, 1), 5, 2 * size);

        log.compact(held(5, 1), 0);

        assertThat(log.base()).isEqualTo(id(3, 1));
    }

    @Test
    void aSnapshotThatDropsNothingIsCoveredAtOnce() {
        ReplicatedLog log = committed(entries(1, 1, 1), 2, 1 << 20);

        List<Effect> effects = log.compact(held(2, 1), 0);

        assertThat(effects).containsExactly(new Effect.Covered(2));
        assertThat(log.base()).isEqualTo(EntryId.NONE);
    }

    @Test
    void dropsNothingThatIsNotKnownToBeCommitted() {
        ReplicatedLog log = committed(entries(1, 1, 1, 1), 1, 0);

        List<Effect> effects = log.compact(held(3, 1), 0);

        assertThat(effects).isEmpty();
        assertThat(log.base()).isEqualTo(EntryId.NONE);
    }

    @Test
    void dropsNothingThatTheMachineIsStillToBeFed() {
        Recovered read = new Recovered(
                peer("f").incarnation(),
                Logs.LIFE,
                Ballot.NONE,
                EntryId.NONE,
                members("f", "l", "x"),
                entries(1, 1, 1, 1, 1));
        ReplicatedLog log = new ReplicatedLog(peer("f"), new LogSettings(Logs.T, 64 << 20, 0), read);
        log.fence(1, 1, 0);
        log.receive(peer("l"), Logs.append(1, 1, id(4, 1), List.of(), 4), 0);

        List<Effect> early = log.compact(held(3, 1), 0);
        List<Effect> ready = log.machineReady(1);

        assertThat(log.commit()).isEqualTo(4);
        assertThat(early).isEmpty();
        assertThat(one(ready, Effect.Committed.class).entries())
                .extracting(Entry::index)
                .containsExactly(2L, 3L, 4L);
    }

    @Test
    void aSnapshotOfAnotherHistoryStopsTheReplica() {
        ReplicatedLog log = committed(entries(1, 1, 1, 1), 3, 0);

        assertThatThrownBy(() -> log.compact(held(3, 2), 0)).isInstanceOf(InvariantViolation.class);
    }

    @Test
    void theBaseNamesTheMembersInForceThere() {
        Members three = members("f", "l", "x");
        Members two = members("f", "l");
        List<Entry> entries = new ArrayList<>(entries(1, 1, 1));
        entries.add(new Entry(id(3, 1), 0, new Payload.MembersSet(two)));
        ReplicatedLog log = committed(entries, 3, 0);

        Effect.Write first = one(log.compact(held(2, 1), 0), Effect.Write.class);
        Effect.Write second = one(log.compact(held(3, 1), 0), Effect.Write.class);

        assertThat(((PrefixDropped) first.record()).base().members()).isEqualTo(three);
        assertThat(((PrefixDropped) second.record()).base().members()).isEqualTo(two);
        assertThat(((PrefixDropped) second.record()).base().founded()).isEqualTo(three);
        assertThat(log.members().inForce()).isEqualTo(two);
    }

    @Test
    void whatLiesInThePrefixMatches() {
        ReplicatedLog log = committed(entries(1, 1, 1, 1, 1), 4, 0);
        log.compact(held(3, 1), 0);

        List<Effect> old = log.receive(peer("l"), Logs.append(1, 9, id(1, 1), entries(2, 1, 1, 1), 4), 0);

        assertThat(sent(old, Matched.class)).containsExactly(new Matched(1, 9, 4));
    }

    // ---- a leader and a follower that is behind the base

    @Test
    void offersASnapshotToAFollowerThatNeedsWhatWasDropped() {
        ReplicatedLog log = leaderThatDropped(3);

        List<Effect> effects = mismatch(log, "a", EntryId.NONE, 0);

        assertThat(offers(effects)).containsExactly(held(3, 1));
    }

    @Test
    void offersAgainUntilItIsAnswered() {
        ReplicatedLog log = leaderThatDropped(3);
        mismatch(log, "a", EntryId.NONE, 0);

        List<Effect> early = log.wake(T / 2 - 1);
        List<Effect> late = log.wake(T / 2);

        assertThat(offers(early)).isEmpty();
        assertThat(offers(late)).containsExactly(held(3, 1));
    }

    @Test
    void feedsEntriesOnceTheFollowerHasTheSnapshot() {
        ReplicatedLog log = leaderThatDropped(3);
        long sequence = offer(mismatch(log, "a", EntryId.NONE, 0)).sequence();

        List<Effect> effects = log.receive(peer("a"), new Matched(2, sequence, 3), 1);

        AppendEntries next = sent(effects, AppendEntries.class).get(0);
        assertThat(next.previous()).isEqualTo(id(3, 1));
        assertThat(next.entries()).extracting(Entry::index).startsWith(4L);
    }

    @Test
    void aFollowerThatCameFarEnoughByAnotherSnapshotIsProbed() {
        ReplicatedLog log = leaderThatDropped(3);
        long sequence = offer(mismatch(log, "a", EntryId.NONE, 0)).sequence();

        List<Effect> effects = log.receive(peer("a"), new Mismatched(2, sequence, id(4, 1)), 1);

        assertThat(sent(effects, AppendEntries.class).get(0).previous()).isEqualTo(id(4, 1));
    }

    @Test
    void aSilentFollowerWhoseNextEntryIsGoneIsAskedAtTheBase() {
        ReplicatedLog log = leaderThatDropped(3);

        List<Effect> effects = log.wake(T / 10);

        List<AppendEntries> probes = sent(effects, AppendEntries.class);
        assertThat(probes).isNotEmpty();
        assertThat(probes).allMatch(probe -> probe.previous().index() >= 3);
    }

    @Test
    void keepsTheLogBehindASnapshotThatIsBeingPulled() {
        ReplicatedLog log = leaderThatDropped(3);
        mismatch(log, "a", EntryId.NONE, 0);
        log.pulled(peer("a"), 3, 0);
        commitAll(log);

        log.compact(held(5, 1), 1);
        EntryId pinned = log.base();
        log.compact(held(5, 1), Replication.PULL_TIMEOUTS * T);

        assertThat(pinned).isEqualTo(id(3, 1));
        assertThat(log.base()).isEqualTo(id(5, 1));
    }

    @Test
    void atTheBoundWhatWasKeptForASilentFollowerIsLetGo() {
        ReplicatedLog log = leaderThatDropped(3, 600);
        mismatch(log, "a", EntryId.NONE, 0);
        log.pulled(peer("a"), 3, 0);
        commitAll(log);
        log.compact(held(5, 1), 1);

        List<Effect> during = log.propose(Logs.GATEWAY, Logs.propose(1, 300, 1), new Moment(1, 1));
        List<Effect> later = log.propose(Logs.GATEWAY, Logs.propose(2, 300, 2), new Moment(11 * T, 1));

        assertThat(refusals(during)).containsExactly(ClientRpc.Refusal.OVERLOADED);
        assertThat(refusals(later)).isEmpty();
    }

    @Test
    void keepsTheLogUntilTheFollowerHasCaughtUpWithWhatWasWrittenMeanwhile() {
        ReplicatedLog log = leaderThatDropped(3);
        long sequence = offer(mismatch(log, "a", EntryId.NONE, 0)).sequence();
        log.pulled(peer("a"), 3, 0);
        commitAll(log);
        log.receive(peer("a"), new Matched(2, sequence, 3), 1);

        log.compact(held(6, 2), 2);
        EntryId behind = log.base();
        log.receive(peer("a"), new Matched(2, sequence + 1, 6), 3);
        log.compact(held(6, 2), 4);

        assertThat(behind).isEqualTo(id(3, 1));
        assertThat(log.base()).isEqualTo(id(6, 2));
    }

    @Test
    void whoDoesNotPullHoldsUpNothingHoweverOftenItSpeaks() {
        ReplicatedLog log = leaderThatDropped(3);
        mismatch(log, "a", EntryId.NONE, 0);
        log.pulled(peer("a"), 3, 0);
        commitAll(log);
        long later = Replication.PULL_TIMEOUTS * T;
        long sequence = offer(log.wake(later)).sequence();
        log.receive(peer("a"), new Mismatched(2, sequence, EntryId.NONE), later);

        log.compact(held(5, 1), later);

        assertThat(log.base()).isEqualTo(id(5, 1));
    }

    @Test
    void asksForASnapshotNowAndThenWhileTheLogIsFull() {
        ReplicatedLog log = leaderThatDropped(3, 500);

        List<Effect> first = log.propose(Logs.GATEWAY, Logs.propose(1, 300, 1), new Moment(1, 1));
        List<Effect> soon = log.propose(Logs.GATEWAY, Logs.propose(2, 300, 2), new Moment(T, 1));
        List<Effect> later = log.propose(Logs.GATEWAY, Logs.propose(3, 300, 3), new Moment(11 * T, 1));

        assertThat(first).contains(new Effect.TakeSnapshot());
        assertThat(soon).doesNotContain(new Effect.TakeSnapshot());
        assertThat(later).contains(new Effect.TakeSnapshot());
    }

    @Test
    void whoPulledAsAFollowerThatKeepsPaceHoldsUpNothing() {
        ReplicatedLog log = leaderThatDropped(3);
        log.receive(peer("a"), new Matched(2, 1, 6), 0);
        log.pulled(peer("a"), 3, 0);
        commitAll(log);
        log.receive(peer("a"), new Matched(2, 2, 6), 1);

        log.compact(held(6, 2), 1);

        assertThat(log.base()).isEqualTo(id(6, 2));
    }

    @Test
    void asksWhereItIsWhenWhatWasOfferedCanNoLongerBeRead() {
        ReplicatedLog log = leaderThatDropped(3);
        mismatch(log, "a", EntryId.NONE, 0);
        log.lost(held(3, 1).id());

        List<Effect> effects = log.wake(T / 2);

        assertThat(offers(effects)).isEmpty();
        assertThat(sent(effects, AppendEntries.class))
                .extracting(AppendEntries::previous)
                .contains(id(3, 1));
        assertThat(log.wakeAt()).isGreaterThan(T / 2);
    }

    @Test
    void offersNoSnapshotThatCanNoLongerBeRead() {
        ReplicatedLog log = leaderThatDropped(3);
        log.lost(held(3, 1).id());

        List<Effect> effects = mismatch(log, "a", EntryId.NONE, 0);

        assertThat(offers(effects)).isEmpty();
    }

    @Test
    void withoutASnapshotTheOperatorIsTold() {
        Recovered read = new Recovered(
                peer("l").incarnation(), Logs.LIFE, Ballot.NONE, id(3, 1), members("a", "b", "l"), List.of());
        ReplicatedLog log = new ReplicatedLog(peer("l"), Logs.settings(), read);
        log.fence(2, 1, 0);
        log.lead(2, new Moment(0, 0));

        List<Effect> effects = mismatch(log, "a", EntryId.NONE, 0);

        assertThat(one(effects, Effect.Warn.class).what()).contains("needs entries that this node no longer has");
    }

    @Test
    void offersNoSnapshotThatEndsBeforeItsLogBegins() {
        Recovered read = new Recovered(
                peer("l").incarnation(), Logs.LIFE, Ballot.NONE, id(5, 1), members("a", "b", "l"), List.of());
        ReplicatedLog log = new ReplicatedLog(peer("l"), Logs.settings(), read);
        log.machineReady(5);
        log.fence(2, 1, 0);
        log.lead(2, new Moment(0, 0));
        log.compact(held(3, 1), 0);

        List<Effect> effects = mismatch(log, "a", EntryId.NONE, 0);

        assertThat(offers(effects)).isEmpty();
    }

    // ---- a follower

    @Test
    void pullsWhatIsOfferedAndSaysWhereItIs() {
        ReplicatedLog log = committed(entries(1, 1, 1, 1), 2, 0);

        List<Effect> effects = log.receive(peer("l"), new SnapshotOffer(1, 7, held(9, 1)), 0);

        assertThat(effects).contains(new Effect.Fetch(held(9, 1)));
        assertThat(sent(effects, Mismatched.class)).containsExactly(new Mismatched(1, 7, id(2, 1)));
    }

    @Test
    void pullsNothingThatIsCommittedHere() {
        ReplicatedLog log = committed(entries(1, 1, 1, 1), 3, 0);

        List<Effect> effects = log.receive(peer("l"), new SnapshotOffer(1, 7, held(3, 1)), 0);

        assertThat(all(effects, Effect.Fetch.class)).isEmpty();
        assertThat(sent(effects, Matched.class)).containsExactly(new Matched(1, 7, 3));
    }

    @Test
    void acknowledgesAnOfferOnlyAsFarAsItsLogIsDurable() {
        ReplicatedLog log = committed(entries(1, 1, 1), 2, 0);
        log.receive(peer("l"), Logs.append(1, 6, id(2, 1), entries(3, 1, 1), 4), 0);

        List<Effect> effects = log.receive(peer("l"), new SnapshotOffer(1, 7, held(3, 1)), 0);

        assertThat(log.commit()).isEqualTo(4);
        assertThat(sent(effects, Matched.class)).containsExactly(new Matched(1, 7, 2));
    }

    @Test
    void refusesAnOfferOfAnEarlierTermAndTellsElectionOfALaterOne() {
        ReplicatedLog log = Logs.follower(5, entries(1, 1));

        List<Effect> earlier = log.receive(peer("l"), new SnapshotOffer(4, 7, held(9, 1)), 0);
        List<Effect> later = log.receive(peer("l"), new SnapshotOffer(6, 8, held(9, 1)), 0);

        assertThat(sent(earlier, Outdated.class)).containsExactly(new Outdated(5, 7));
        assertThat(later).containsExactly(new Effect.TermSeen(6));
    }

    // ---- helpers

    /** A follower that has committed up to an index, and whose Machine has applied as much. */
    private static ReplicatedLog committed(List<Entry> entries, long commit, long tailBytes) {
        Recovered read = new Recovered(
                peer("f").incarnation(), Logs.LIFE, Ballot.NONE, EntryId.NONE, members("f", "l", "x"), entries);
        ReplicatedLog log = new ReplicatedLog(peer("f"), new LogSettings(Logs.T, 64 << 20, tailBytes), read);
        log.machineReady(0);
        log.fence(1, 1, 0);
        EntryId end = entries.get((int) commit - 1).id();
        log.receive(peer("l"), Logs.append(1, 1, end, List.of(), commit), 0);
        log.applied(commit);
        assertThat(log.commit()).isEqualTo(commit);
        return log;
    }

    private static ReplicatedLog leaderThatDropped(long base) {
        return leaderThatDropped(base, 64 << 20);
    }

    /** The leader of term 2 with entries 1 to 5 of term 1, of which it has dropped some. */
    private static ReplicatedLog leaderThatDropped(long base, long logBytes) {
        Recovered read = new Recovered(
                peer("l").incarnation(),
                Logs.LIFE,
                Ballot.NONE,
                EntryId.NONE,
                members("a", "b", "l"),
                entries(1, 1, 1, 1, 1, 1));
        ReplicatedLog log = new ReplicatedLog(peer("l"), new LogSettings(Logs.T, logBytes, 0), read);
        log.machineReady(base);
        log.fence(2, 1, 0);
        log.lead(2, new Moment(0, 0));
        log.compact(held(base, 1), 0);
        assertThat(log.base().index()).isEqualTo(base);
        return log;
    }

    private static void commitAll(ReplicatedLog log) {
        log.written(2, 0);
        log.receive(peer("b"), new Matched(2, 1, 6), 0);
        log.applied(6);
        assertThat(log.commit()).isEqualTo(6);
    }

    /** A follower denies what it was probed with: first at the end, then at the base. */
    private static List<Effect> mismatch(ReplicatedLog log, String node, EntryId hint, long now) {
        List<Effect> next = log.receive(peer(node), new Mismatched(2, 1, hint), now);
        List<AppendEntries> probes = sent(next, AppendEntries.class);
        return probes.isEmpty()
                ? next
                : log.receive(peer(node), new Mismatched(2, probes.get(0).sequence(), hint), now);
    }

    private static Held held(long index, long term) {
        return new Held(new SnapshotId(peer("l"), index, 77), id(index, term), 1_000);
    }

    private static Base base(EntryId last) {
        return new Base(
                Logs.LIFE, peer("f").incarnation(), members("f", "l", "x"), members("f", "l", "x"), Ballot.NONE, last);
    }

    private static SnapshotOffer offer(List<Effect> effects) {
        return sent(effects, SnapshotOffer.class).get(0);
    }

    private static List<Held> offers(List<Effect> effects) {
        return sent(effects, SnapshotOffer.class).stream()
                .map(SnapshotOffer::snapshot)
                .toList();
    }

    private static List<ClientRpc.Refusal> refusals(List<Effect> effects) {
        return all(effects, Effect.Answer.class).stream()
                .map(Effect.Answer::message)
                .filter(ClientRpc.Refused.class::isInstance)
                .map(refused -> ((ClientRpc.Refused) refused).refusal())
                .toList();
    }

    private static <M> List<M> sent(List<Effect> effects, Class<M> type) {
        return all(effects, Effect.Send.class).stream()
                .map(Effect.Send::message)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }
}
