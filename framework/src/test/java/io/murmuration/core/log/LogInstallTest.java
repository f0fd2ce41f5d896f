package io.murmuration.core.log;

import static io.murmuration.core.log.Logs.all;
import static io.murmuration.core.log.Logs.entries;
import static io.murmuration.core.log.Logs.id;
import static io.murmuration.core.log.Logs.members;
import static io.murmuration.core.log.Logs.one;
import static io.murmuration.core.log.Logs.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.LogRpc.Matched;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.StoreRecord.Base;
import io.murmuration.core.model.StoreRecord.SnapshotInstalled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a snapshot of another node takes the place of what the log lacks (§7). */
class LogInstallTest {
    private static final Object IMAGE = "a state";

    @Test
    void theStateIsReplacedOnlyWhenTheLogRestsOnTheSnapshotDurably() {
        ReplicatedLog log = committed(entries(1, 1, 1), 2, 0);

        List<Effect> installed = log.install(id(9, 1), members("f", "l", "x"), IMAGE, 0);
        Effect.Write write = one(installed, Effect.Write.class);
        List<Effect> earlier = log.written(write.sequence() - 1, 0);
        List<Effect> written = log.written(write.sequence(), 0);

        assertThat(write.record()).isEqualTo(new SnapshotInstalled(base(id(9, 1)), null));
        assertThat(all(installed, Effect.Restore.class)).isEmpty();
        assertThat(earlier).isEmpty();
        assertThat(written).contains(new Effect.Restore(9, IMAGE), new Effect.Covered(9));
        assertThat(log.last()).isEqualTo(id(9, 1));
        assertThat(log.commit()).isEqualTo(9);
    }

    @Test
    void keepsWhatFollowsTheSnapshotIfTheLogHoldsItsLastEntry() {
        ReplicatedLog log = committed(entries(1, 1, 1, 1, 1, 1), 2, 0);

        List<Effect> effects = log.install(id(4, 1), members("f", "l", "x"), IMAGE, 0);

        SnapshotInstalled record =
                (SnapshotInstalled) one(effects, Effect.Write.class).record();
        assertThat(record.kept()).isEqualTo(id(5, 1));
        assertThat(log.last()).isEqualTo(id(5, 1));
        assertThat(log.base()).isEqualTo(id(4, 1));
        assertThat(log.durable()).isEqualTo(5);
    }

    @Test
    void dropsEverythingIfTheLogHoldsAnotherEntryThere() {
        ReplicatedLog log = committed(entries(1, 1, 1, 1, 1, 1), 2, 0);
        log.fence(3, 1, 0);

        List<Effect> effects = log.install(id(4, 3), members("f", "l", "x"), IMAGE, 0);

        SnapshotInstalled record =
                (SnapshotInstalled) one(effects, Effect.Write.class).record();
        assertThat(record.kept()).isNull();
        assertThat(log.last()).isEqualTo(id(4, 3));
    }

    @Test
    void acknowledgesNothingBehindTheSnapshotBeforeItIsDurable() {
        ReplicatedLog log = committed(entries(1, 1, 1), 2, 0);
        Effect.Write write = one(log.install(id(9, 1), members("f", "l", "x"), IMAGE, 0), Effect.Write.class);

        List<Effect> probe = log.receive(peer("l"), Logs.append(1, 20, id(9, 1), List.of(), 9), 0);
        List<Effect> written = log.written(write.sequence(), 0);

        assertThat(sent(probe, Matched.class)).isEmpty();
        assertThat(sent(written, Matched.class)).containsExactly(new Matched(1, 20, 9));
    }

    @Test
    void feedsTheMachineNothingUntilItHasTakenTheSnapshot() {
        ReplicatedLog log = committed(entries(1, 1, 1), 2, 0);
        Effect.Write write = one(log.install(id(9, 1), members("f", "l", "x"), IMAGE, 0), Effect.Write.class);
        log.written(write.sequence(), 0);

        List<Effect> next = log.receive(peer("l"), Logs.append(1, 20, id(9, 1), entries(10, 1), 10), 0);
        List<Effect> stale = log.applied(2);
        List<Effect> ready = log.machineReady(9);

        assertThat(all(next, Effect.Committed.class)).isEmpty();
        assertThat(stale).isEmpty();
        assertThat(one(ready, Effect.Committed.class).entries()).isEqualTo(entries(10, 1));
    }

    @Test
    void whatTheMachineSaysOfAnEarlierSnapshotIsOutOfDate() {
        ReplicatedLog log = committed(entries(1, 1, 1), 2, 0);
        log.written(
                one(log.install(id(9, 1), members("f", "l", "x"), IMAGE, 0), Effect.Write.class)
                        .sequence(),
                0);
        log.written(
                one(log.install(id(20, 1), members("f", "l", "x"), IMAGE, 0), Effect.Write.class)
                        .sequence(),
                0);
        log.receive(peer("l"), Logs.append(1, 20, id(20, 1), entries(21, 1), 21), 0);

        List<Effect> stale = log.machineReady(9);
        List<Effect> ready = log.machineReady(20);

        assertThat(stale).isEmpty();
        assertThat(one(ready, Effect.Committed.class).entries()).isEqualTo(entries(21, 1));
    }

    @Test
    void aSnapshotThatIsCommittedAlreadyIsNotNeeded() {
        ReplicatedLog log = committed(entries(1, 1, 1, 1), 3, 0);

        List<Effect> effects = log.install(id(3, 1), members("f", "l", "x"), IMAGE, 0);

        assertThat(effects).containsExactly(new Effect.Unneeded(3));
    }

    @Test
    void aLeaderReplacesNothing() {
        ReplicatedLog log = leader();

        List<Effect> effects = log.install(id(50, 2), members("a", "b", "l"), IMAGE, 0);

        assertThat(effects).containsExactly(new Effect.Unneeded(50));
    }

    @Test
    void aSnapshotOfALaterTermWaitsForTheFence() {
        ReplicatedLog log = committed(entries(1, 1, 1), 2, 0);

        List<Effect> early = log.install(id(9, 4), members("f", "l", "x"), IMAGE, 0);
        List<Effect> fenced = log.fence(4, 1, 0);

        assertThat(early).containsExactly(new Effect.TermSeen(4));
        assertThat(one(fenced, Effect.Write.class).record()).isInstanceOf(SnapshotInstalled.class);
    }

    @Test
    void aMachineWithoutAStateTakesOneThatTheLogGoesOnFrom() {
        Recovered read = new Recovered(
                peer("f").incarnation(), Logs.LIFE, Ballot.NONE, id(3, 1), members("f", "l", "x"), entries(4, 1, 1));
        ReplicatedLog log = new ReplicatedLog(peer("f"), Logs.settings(), read);
        log.machineWithoutState();
        log.fence(1, 1, 0);
        log.receive(peer("l"), Logs.append(1, 1, id(5, 1), List.of(), 5), 0);

        List<Effect> tooOld = log.install(id(2, 1), members("f", "l", "x"), IMAGE, 0);
        List<Effect> fits = log.install(id(4, 1), members("f", "l", "x"), IMAGE, 0);
        List<Effect> ready = log.machineReady(4);

        assertThat(tooOld).containsExactly(new Effect.Unneeded(2));
        assertThat(fits).containsExactly(new Effect.Restore(4, IMAGE), new Effect.Covered(4));
        assertThat(one(ready, Effect.Committed.class).entries()).isEqualTo(entries(5, 1));
    }

    @Test
    void whatBecameOfACommandThatASnapshotIncludesStaysUnknown() {
        ReplicatedLog log = leader();
        log.propose(Logs.GATEWAY, Logs.propose(1, 8, 1), new Moment(0, 0));
        log.flush(0);
        log.fence(3, 1, 0);

        log.install(id(20, 3), members("a", "b", "l"), IMAGE, 0);
        List<Effect> next = log.receive(peer("a"), Logs.append(3, 1, id(20, 3), List.of(), 20), 0);

        assertThat(all(next, Effect.Answer.class)).isEmpty();
    }

    @Test
    void takesNoMoreThanItCanHoldFromALeader() {
        Recovered read = new Recovered(
                peer("f").incarnation(), Logs.LIFE, Ballot.NONE, EntryId.NONE, members("f", "l", "x"), List.of());
        long size = Logs.entry(1, 1).size();
        ReplicatedLog log = new ReplicatedLog(peer("f"), new LogSettings(Logs.T, size, 0), read);
        log.fence(1, 1, 0);

        log.receive(peer("l"), Logs.append(1, 1, EntryId.NONE, entries(1, 1, 1), 0), 0);
        List<Effect> full = log.receive(peer("l"), Logs.append(1, 2, id(2, 1), entries(3, 1), 0), 0);
        List<Effect> written = log.written(1, 0);

        assertThat(log.last()).isEqualTo(id(2, 1));
        assertThat(all(full, Effect.Write.class)).isEmpty();
        assertThat(full).contains(new Effect.TakeSnapshot());
        assertThat(sent(written, Matched.class)).containsExactly(new Matched(1, 2, 2));
    }

    /** The leader of term 2 with entries 1 to 5 of term 1. */
    private static ReplicatedLog leader() {
        return Logs.leader(2, entries(1, 1, 1, 1, 1, 1), new ArrayList<>());
    }

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

    private static Base base(EntryId last) {
        return new Base(
                Logs.LIFE, peer("f").incarnation(), members("f", "l", "x"), members("f", "l", "x"), Ballot.NONE, last);
    }

    private static <M> List<M> sent(List<Effect> effects, Class<M> type) {
        return all(effects, Effect.Send.class).stream()
                .map(Effect.Send::message)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }
}
