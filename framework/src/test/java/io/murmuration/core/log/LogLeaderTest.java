package io.murmuration.core.log;

import static io.murmuration.core.log.Logs.all;
import static io.murmuration.core.log.Logs.answers;
import static io.murmuration.core.log.Logs.append;
import static io.murmuration.core.log.Logs.entries;
import static io.murmuration.core.log.Logs.id;
import static io.murmuration.core.log.Logs.leader;
import static io.murmuration.core.log.Logs.one;
import static io.murmuration.core.log.Logs.peer;
import static io.murmuration.core.log.Logs.propose;
import static io.murmuration.core.log.Logs.sent;
import static io.murmuration.core.log.Logs.sentAppend;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ClientRpc.Open;
import io.murmuration.core.model.ClientRpc.ReadIndex;
import io.murmuration.core.model.ClientRpc.ReadRefused;
import io.murmuration.core.model.ClientRpc.Refusal;
import io.murmuration.core.model.ClientRpc.Refused;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.LogRpc.AppendEntries;
import io.murmuration.core.model.LogRpc.Matched;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Payload;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Recovered;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The leader l of a group of three, with a and b. */
class LogLeaderTest {
    private static final Moment START = new Moment(0, 1_000);

    private final List<Effect> first = new ArrayList<>();

    static ClientRpc notLeader(long batch, String leader, boolean surely, Long... serials) {
        return new Refused(Logs.LIFE, batch, List.of(serials), Refusal.NOT_LEADER, leader, surely);
    }

    @Test
    void beginsWithANoOpOfItsOwnTermSentInParallelWithItsOwnWrite() {
        leader(3, entries(1, 1, 2), first);

        Entry noOp = new Entry(id(3, 3), 1_000, new Payload.NoOp());
        assertThat(one(first, Effect.Write.class).appended().entries()).containsExactly(noOp);
        assertThat(sentAppend(first, "a")).isEqualTo(append(3, 1, id(2, 2), List.of(noOp), 0));
        assertThat(sentAppend(first, "b")).isEqualTo(append(3, 1, id(2, 2), List.of(noOp), 0));
    }

    @Test
    void itsOwnCopyCountsWhenDurableAndNotBefore() {
        ReplicatedLog log = leader(3, List.of(), first);

        log.receive(peer("a"), new Matched(3, 1, 1), 0);
        long before = log.commit();
        List<Effect> effects = log.written(1, 0);

        assertThat(before).isZero();
        assertThat(log.commit()).isEqualTo(1);
        assertThat(one(effects, Effect.Committed.class).answering()).isTrue();
    }

    @Test
    void commitsWithoutItsOwnDisk() {
        ReplicatedLog log = leader(3, List.of(), first);

        log.receive(peer("a"), new Matched(3, 1, 1), 0);
        log.receive(peer("b"), new Matched(3, 1, 1), 0);

        assertThat(log.commit()).isEqualTo(1);
        assertThat(log.durable()).isZero();
    }

    @Test
    void commitsNothingOfAnOlderTermByCounting() {
        ReplicatedLog log = leader(3, entries(1, 1, 2), first);
        log.written(1, 0);

        log.receive(peer("a"), new Matched(3, 1, 2), 0);
        long byCounting = log.commit();
        log.receive(peer("a"), new Matched(3, 1, 3), 0);

        assertThat(byCounting).isZero();
        assertThat(log.commit()).isEqualTo(3);
    }

    @Test
    void aLoneVoterCommitsByItself() {
        ReplicatedLog log = Logs.closed("l", Logs.members("l"), List.of());
        log.fence(1, 1, 0);
        log.lead(1, START);

        log.written(1, 0);

        assertThat(log.commit()).isEqualTo(1);
    }

    /** §6: "Agreement (for elections and entry commitment) requires separate majorities from both the old and new". */
    @Test
    void jointMembersNeedBothMajorities() {
        Members joint = new Members(
                Logs.members("a", "b", "l").voters(),
                Logs.members("c", "d", "l").voters(),
                List.of(peer("z")));
        ReplicatedLog log = Logs.closed("l", joint, List.of());
        log.fence(3, 1, 0);
        first.addAll(log.lead(3, START));
        log.written(1, 0);

        log.receive(peer("z"), new Matched(3, 1, 1), 0);
        log.receive(peer("a"), new Matched(3, 1, 1), 0);
        log.receive(peer("b"), new Matched(3, 1, 1), 0);
        long byOne = log.commit();
        log.receive(peer("d"), new Matched(3, 1, 1), 0);

        assertThat(all(first, Effect.Send.class))
                .extracting(Effect.Send::node)
                .containsExactly("a", "b", "c", "d", "z");
        assertThat(byOne).isZero();
        assertThat(log.commit()).isEqualTo(1);
    }

    @Test
    void countsOnlyThisIncarnationOfAMember() {
        ReplicatedLog log = leader(3, List.of(), first);
        log.written(1, 0);

        log.receive(new Peer("a", UUID.randomUUID()), new Matched(3, 1, 1), 0);
        log.receive(peer("stranger"), new Matched(3, 1, 1), 0);
        long byStrangers = log.commit();
        log.receive(peer("a"), new Matched(2, 1, 1), 0);
        long byOlderTerm = log.commit();

        assertThat(byStrangers).isZero();
        assertThat(byOlderTerm).isZero();
        assertThat(log.matched()).containsEntry("a", 0L);
    }

    @Test
    void everyPipelinedMessageCarriesTheTermOfItsOwnPrevious() {
        ReplicatedLog log = leader(9, entries(1, 1, 2, 2), first);
        commitNoOp(log);

        List<Effect> effects = new ArrayList<>();
        for (int batch = 1; batch <= 2; batch++) {
            effects.addAll(proposeAndFlush(log, batch, 50_000, batch));
        }

        List<AppendEntries> appends = sent(effects, "a", AppendEntries.class);
        assertThat(appends).extracting(AppendEntries::previous).containsExactly(id(4, 9), id(5, 9));
        assertThat(sentAppend(first, "a").previous()).isEqualTo(id(3, 2));
    }

    @Test
    void whatWaitsWhileTwoBatchesAreUncommittedGoesOutTogether() {
        ReplicatedLog log = leader(3, List.of(), first);
        commitNoOp(log);
        proposeAndFlush(log, 1, 8, 1);
        proposeAndFlush(log, 2, 8, 2);

        List<Effect> third = proposeAndFlush(log, 3, 8, 3, 4);
        List<Effect> fourth = proposeAndFlush(log, 4, 8, 5);
        log.written(3, 0);
        List<Effect> committed = log.receive(peer("a"), new Matched(3, 2, 2), 0);

        assertThat(third).isEmpty();
        assertThat(fourth).isEmpty();
        assertThat(one(committed, Effect.Write.class).appended().entries())
                .extracting(Entry::id)
                .containsExactly(id(4, 3), id(5, 3), id(6, 3));
        assertThat(sentAppend(committed, "b").entries()).hasSize(3);
    }

    @Test
    void asksForOneFlushHoweverMuchComes() {
        ReplicatedLog log = leader(3, List.of(), first);
        commitNoOp(log);

        List<Effect> one = log.propose(Logs.GATEWAY, propose(1, 8, 1), START);
        List<Effect> two = log.propose(Logs.GATEWAY, propose(2, 8, 2), START);
        List<Effect> flush = log.flush(0);

        assertThat(one).containsExactly(new Effect.FlushSoon());
        assertThat(two).isEmpty();
        assertThat(sentAppend(flush, "a").entries()).hasSize(2);
    }

    @Test
    void stampsEntriesWithTheTimeAtWhichTheyWereProposed() {
        ReplicatedLog log = leader(3, List.of(), first);
        commitNoOp(log);

        log.propose(Logs.GATEWAY, propose(1, 8, 4), new Moment(0, 77));
        log.open(Logs.GATEWAY, new Open(Logs.LIFE, 2), new Moment(0, 78));
        List<Entry> batch = sentAppend(log.flush(0), "a").entries();

        assertThat(batch)
                .containsExactly(
                        new Entry(id(2, 3), 77, new Payload.Proposed(1, 4, 1, Logs.command(8))),
                        new Entry(id(3, 3), 78, new Payload.OpenSession(Logs.LIFE, "g")));
    }

    @Test
    void aMessageCarriesAtMost128KibibytesButOneEntryTravelsAlone() {
        ReplicatedLog log = leader(3, List.of(), first);
        commitNoOp(log);

        List<Effect> effects = proposeAndFlush(log, 1, 60 << 10, 1, 2, 3);
        log.written(3, 0);
        List<Effect> large = new ArrayList<>(log.propose(Logs.GATEWAY, propose(2, 128 << 10, 4), START));
        large.addAll(log.receive(peer("a"), new Matched(3, 3, 4), 0));

        assertThat(sent(effects, "a", AppendEntries.class))
                .extracting(append -> append.entries().size())
                .containsExactly(2, 1);
        assertThat(sentAppend(large, "a").entries()).hasSize(1);
    }

    @Test
    void refusesProposalsWhenTheLogIsFullButNeverItsNoOp() {
        LogSettings tight = new LogSettings(Logs.T, 2_000, 0);
        ReplicatedLog log = new ReplicatedLog(
                peer("l"),
                tight,
                new Recovered(null, null, Ballot.NONE, EntryId.NONE, Logs.members("a", "b", "l"), List.of()));
        log.fence(1, 1, 0);
        log.lead(1, START);

        List<ClientRpc> fits = answers(log.propose(Logs.GATEWAY, propose(1, 1_000, 1), START));
        List<ClientRpc> full = answers(log.propose(Logs.GATEWAY, propose(2, 1_000, 2, 3), START));
        log.flush(0);
        log.propose(Logs.GATEWAY, propose(3, 700, 4), START);
        List<ClientRpc> open = answers(log.open(Logs.GATEWAY, new Open(Logs.LIFE, 5), START));
        log.fence(2, 2, 0);
        log.lead(2, START);
        log.fence(3, 3, 0);
        log.lead(3, START);

        assertThat(fits).isEmpty();
        assertThat(full).containsExactly(new Refused(Logs.LIFE, 2, List.of(2L, 3L), Refusal.OVERLOADED, "l", true));
        assertThat(open).containsExactly(new Refused(Logs.LIFE, 5, List.of(), Refusal.OVERLOADED, "l", true));
        assertThat(log.last()).isEqualTo(id(4, 3));
    }

    @Test
    void boundsWhatWaits() {
        ReplicatedLog log = leader(3, List.of(), first);
        commitNoOp(log);
        int accepted = 0;

        while (accepted < 1_000
                && answers(log.propose(Logs.GATEWAY, propose(accepted, 100 << 10, 1), START))
                        .isEmpty()) {
            accepted++;
        }

        assertThat(accepted * (100L << 10)).isBetween(Proposals.QUEUE_BYTES_MAX - (1 << 20), Proposals.QUEUE_BYTES_MAX);
    }

    @Test
    void aDeposedLeaderSaysUnknownOfWhatIsInItsLogAndSurelyNotOfWhatIsNot() {
        ReplicatedLog log = leader(3, List.of(), first);
        commitNoOp(log);
        proposeAndFlush(log, 1, 8, 1, 2);
        proposeAndFlush(log, 2, 8, 3);
        log.propose(Logs.GATEWAY, propose(3, 8, 4), START);

        List<ClientRpc> told = answers(log.fence(4, 1, 0));

        assertThat(told)
                .containsExactly(
                        notLeader(1, null, false, 1L, 2L), notLeader(2, null, false, 3L), notLeader(3, null, true, 4L));
    }

    /** [B1]: truncated is not gone; only another committed entry in its place is. */
    @Test
    void saysSurelyNotOnlyWhenAnotherEntryIsCommittedAtThatIndex() {
        ReplicatedLog log = leader(3, List.of(), first);
        commitNoOp(log);
        proposeAndFlush(log, 1, 8, 1, 2, 3);
        log.fence(4, 1, 0);

        List<Effect> same = log.receive(peer("a"), append(4, 1, id(2, 3), List.of(), 2), 0);
        List<Effect> truncated = log.receive(peer("a"), append(4, 2, id(2, 3), entries(3, 4, 4), 2), 0);
        List<Effect> committed = log.receive(peer("a"), append(4, 3, id(4, 4), List.of(), 4), 0);
        List<Effect> again = log.receive(peer("a"), append(4, 4, id(4, 4), List.of(), 4), 0);

        assertThat(answers(same)).isEmpty();
        assertThat(answers(truncated)).isEmpty();
        assertThat(answers(committed)).containsExactly(notLeader(1, "a", true, 2L, 3L));
        assertThat(answers(again)).isEmpty();
    }

    /** The oldest is forgotten first: it stays unknown, which is never wrong. */
    @Test
    void boundsWhatItRemembersOfPastLeaderships() {
        ReplicatedLog log = leader(3, List.of(), first);
        commitNoOp(log);
        for (int batch = 1; batch <= Proposals.DOUBTS_MAX + 5; batch++) {
            log.propose(Logs.GATEWAY, propose(batch, 8, batch), START);
        }
        log.flush(0);
        long end = log.last().index();
        log.fence(4, 1, 0);
        long[] terms = new long[(int) end];
        Arrays.fill(terms, 4);

        List<Effect> effects = log.receive(peer("a"), append(4, 1, id(1, 3), entries(2, terms), 1 + end), 0);

        assertThat(answers(effects))
                .hasSize(Proposals.DOUBTS_MAX)
                .doesNotContain(notLeader(5, "a", true, 5L))
                .contains(notLeader(6, "a", true, 6L));
    }

    @Test
    void aCommittedCopyIsNotRefusedAnyMore() {
        ReplicatedLog log = leader(3, List.of(), first);
        commitNoOp(log);
        proposeAndFlush(log, 1, 8, 1);
        log.written(2, 0);
        log.receive(peer("a"), new Matched(3, 2, 2), 0);

        assertThat(log.commit()).isEqualTo(2);
        assertThat(answers(log.fence(4, 1, 0))).isEmpty();
    }

    @Test
    void aReadTakesTheCommitIndexAndIsConfirmedByElection() {
        ReplicatedLog log = leader(3, List.of(), first);
        commitNoOp(log);

        List<Effect> effects = log.readIndex(Logs.GATEWAY, new ReadIndex(Logs.LIFE, 8), 0);

        assertThat(effects).containsExactly(new Effect.ConfirmRead("g", Logs.LIFE, 8, 1, 3));
    }

    @Test
    void aReadWaitsForTheFirstCommitOfTheOwnTerm() {
        ReplicatedLog log = leader(3, entries(1, 1), first);
        log.written(1, 0);

        List<Effect> early = log.readIndex(Logs.GATEWAY, new ReadIndex(Logs.LIFE, 8), 0);
        List<Effect> committed = log.receive(peer("a"), new Matched(3, 1, 2), 0);

        assertThat(early).isEmpty();
        assertThat(all(committed, Effect.ConfirmRead.class))
                .containsExactly(new Effect.ConfirmRead("g", Logs.LIFE, 8, 2, 3));
    }

    @Test
    void waitingReadsAreBoundedAndRefusedWhenLeadershipEnds() {
        ReplicatedLog log = leader(3, List.of(), first);
        for (int read = 0; read < Leader.READS_MAX; read++) {
            assertThat(log.readIndex(Logs.GATEWAY, new ReadIndex(Logs.LIFE, read), 0))
                    .isEmpty();
        }

        List<ClientRpc> beyond = answers(log.readIndex(Logs.GATEWAY, new ReadIndex(Logs.LIFE, 9_999), 0));
        List<ClientRpc> ended = answers(log.resign(3));

        assertThat(beyond).containsExactly(new ReadRefused(Logs.LIFE, 9_999, Refusal.OVERLOADED, "l"));
        assertThat(ended).hasSize(Leader.READS_MAX).contains(new ReadRefused(Logs.LIFE, 0, Refusal.NOT_LEADER, null));
    }

    @Test
    void stopsWhenTheStoreIsSilentForAMinute() {
        ReplicatedLog log = leader(3, List.of(), first);

        assertThatThrownBy(() -> log.wake(Durability.PATIENCE_NANOS)).isInstanceOf(IllegalStateException.class);
    }

    /** Entry 1 is committed with b's help, and both followers are idle. */
    private void commitNoOp(ReplicatedLog log) {
        long noOp = log.last().index();
        log.written(1, 0);
        log.receive(peer("a"), new Matched(log.fence(), 1, noOp), 0);
        log.receive(peer("b"), new Matched(log.fence(), 1, noOp), 0);
        assertThat(log.commit()).isEqualTo(noOp);
    }

    private List<Effect> proposeAndFlush(ReplicatedLog log, long batch, int bytes, long... serials) {
        List<Effect> effects = new ArrayList<>(log.propose(Logs.GATEWAY, propose(batch, bytes, serials), START));
        if (effects.remove(new Effect.FlushSoon())) {
            effects.addAll(log.flush(0));
        }
        return effects;
    }
}
