package io.murmuration.core.log;

import static io.murmuration.core.log.Logs.all;
import static io.murmuration.core.log.Logs.append;
import static io.murmuration.core.log.Logs.closed;
import static io.murmuration.core.log.Logs.entries;
import static io.murmuration.core.log.Logs.follower;
import static io.murmuration.core.log.Logs.id;
import static io.murmuration.core.log.Logs.ids;
import static io.murmuration.core.log.Logs.members;
import static io.murmuration.core.log.Logs.one;
import static io.murmuration.core.log.Logs.peer;
import static io.murmuration.core.log.Logs.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.core.model.ClientRpc.Open;
import io.murmuration.core.model.ClientRpc.ReadIndex;
import io.murmuration.core.model.ClientRpc.ReadRefused;
import io.murmuration.core.model.ClientRpc.Refusal;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.LogRpc.Matched;
import io.murmuration.core.model.LogRpc.Mismatched;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Payload;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogFollowerTest {
    private static final EntryId NONE = EntryId.NONE;

    @Test
    void acknowledgesOnlyWhatIsDurable() {
        ReplicatedLog log = Logs.follower(2, entries(1, 1));

        List<Effect> received = log.receive(peer("l"), append(2, 5, id(1, 1), entries(2, 2, 2), 0), 0);
        Effect.Write write = one(received, Effect.Write.class);
        List<Effect> written = log.written(write.sequence(), 0);

        assertThat(write.appended().entries()).isEqualTo(entries(2, 2, 2));
        assertThat(sent(received, "l", Matched.class)).isEmpty();
        assertThat(written).containsExactly(new Effect.Send("l", new Matched(2, 5, 3)));
    }

    /** [A3] */
    @Test
    void anAppendThatBringsNothingNewWaitsForTheDiskToo() {
        ReplicatedLog log = Logs.follower(2, entries(1, 1));
        log.receive(peer("l"), append(2, 5, id(1, 1), entries(2, 2, 2), 0), 0);

        List<Effect> again = log.receive(peer("l"), append(2, 6, id(1, 1), entries(2, 2, 2), 0), 0);
        List<Effect> empty = log.receive(peer("l"), append(2, 7, id(3, 2), List.of(), 0), 0);
        List<Effect> durable = log.receive(peer("l"), append(2, 8, id(1, 1), List.of(), 0), 0);

        assertThat(all(again, Effect.Send.class)).isEmpty();
        assertThat(all(again, Effect.Write.class)).isEmpty();
        assertThat(all(empty, Effect.Send.class)).isEmpty();
        assertThat(sent(durable, "l", Matched.class)).containsExactly(new Matched(2, 8, 1));
        assertThat(log.written(1, 0)).containsExactly(new Effect.Send("l", new Matched(2, 7, 3)));
    }

    @Test
    void aWriteThatEndsAfterTheFenceHasMovedAcknowledgesNothingToTheOlderTerm() {
        ReplicatedLog log = Logs.follower(2, entries(1, 1));
        log.receive(peer("l"), append(2, 5, id(1, 1), entries(2, 2), 0), 0);

        log.fence(3, 1, 0);

        assertThat(log.written(1, 0)).isEmpty();
        assertThat(log.durable()).isEqualTo(2);
    }

    @Test
    void aStaleOrShortAppendTruncatesNothing() {
        ReplicatedLog log = Logs.follower(2, entries(1, 1));
        log.receive(peer("l"), append(2, 1, id(1, 1), entries(2, 2, 2, 2), 0), 0);

        List<Effect> stale = log.receive(peer("l"), append(2, 2, id(1, 1), entries(2, 2), 0), 0);
        log.receive(peer("l"), append(2, 3, id(1, 1), List.of(), 0), 0);

        assertThat(all(stale, Effect.Write.class)).isEmpty();
        assertThat(log.last()).isEqualTo(id(4, 2));
    }

    @Test
    void replacesFromTheFirstConflictInOneWrite() {
        ReplicatedLog log = Logs.follower(3, entries(1, 1, 1, 2, 2));

        List<Effect> effects = log.receive(peer("l"), append(3, 1, id(1, 1), entries(2, 1, 3, 3), 0), 0);

        assertThat(one(effects, Effect.Write.class).appended().entries()).isEqualTo(entries(3, 3, 3));
        assertThat(ids(log)).containsExactly(id(1, 1), id(2, 1), id(3, 3), id(4, 3));
        assertThat(log.durable()).isEqualTo(2);
    }

    @Test
    void neverTruncatesAtOrBelowTheCommitIndex() {
        ReplicatedLog log = Logs.follower(3, entries(1, 1, 1, 2));
        log.receive(peer("l"), append(3, 1, id(3, 2), List.of(), 2), 0);

        assertThatThrownBy(() -> log.receive(peer("l"), append(3, 2, id(1, 1), entries(2, 3), 2), 0))
                .isInstanceOf(InvariantViolation.class);
    }

    @Test
    void commitsNoFurtherThanTheMessageVerified() {
        ReplicatedLog log = Logs.follower(3, entries(1, 1, 1, 2, 2));

        List<Effect> effects = log.receive(peer("l"), append(3, 1, id(2, 1), List.of(), 99), 0);

        assertThat(log.commit()).isEqualTo(2);
        assertThat(one(effects, Effect.Committed.class)).isEqualTo(new Effect.Committed(entries(1, 1, 1), false));
    }

    @Test
    void theCommitIndexNeverFalls() {
        ReplicatedLog log = Logs.follower(3, entries(1, 1, 1, 1));
        log.receive(peer("l"), append(3, 1, id(3, 1), List.of(), 3), 0);

        log.receive(peer("l"), append(3, 2, id(3, 1), List.of(), 1), 0);
        log.receive(peer("l"), append(3, 3, id(1, 1), List.of(), 3), 0);

        assertThat(log.commit()).isEqualTo(3);
    }

    @Test
    void hintsWhereTheLogsPart() {
        ReplicatedLog log = Logs.follower(5, entries(1, 1, 2, 2, 2));

        List<Effect> shorter = log.receive(peer("l"), append(5, 1, id(9, 5), List.of(), 0), 0);
        List<Effect> conflict = log.receive(peer("l"), append(5, 2, id(4, 4), entries(5, 5), 9), 0);

        assertThat(sent(shorter, "l", Mismatched.class)).containsExactly(new Mismatched(5, 1, id(4, 2)));
        assertThat(sent(conflict, "l", Mismatched.class)).containsExactly(new Mismatched(5, 2, id(2, 2)));
        assertThat(log.commit()).isZero();
        assertThat(log.last()).isEqualTo(id(4, 2));
    }

    @Test
    void aPreviousInsideTheCompactedPrefixIsAMatch() {
        ReplicatedLog log = closed("f", members("f", "l", "x"), id(5, 2), entries(6, 2));
        log.fence(3, 1, 0);

        List<Effect> effects = log.receive(peer("l"), append(3, 1, id(2, 1), entries(3, 1, 1, 2, 2, 3), 7), 0);

        assertThat(one(effects, Effect.Write.class).appended().entries()).isEqualTo(entries(7, 3));
        assertThat(log.commit()).isEqualTo(7);
        List<Effect> below = log.receive(peer("l"), append(3, 2, id(1, 1), entries(2, 1), 7), 0);
        assertThat(sent(below, "l", Matched.class)).containsExactly(new Matched(3, 2, 2));
    }

    /**
     * An entry is replaced and comes back while its first write is in flight: the first answer says nothing about the
     * last.
     */
    @Test
    void abaOfAsynchronousWrites() {
        // 1 The leader of term 2 sends 2@2; the write is in flight.
        ReplicatedLog log = Logs.follower(2, entries(1, 1));
        long first = write(log.receive(peer("l"), append(2, 1, id(1, 1), entries(2, 2, 2), 0), 0));
        // 2 Term 3 has another leader,
        log.fence(3, 1, 0);
        // 3 which replaces it by 2@3; that write is in flight too.
        long second = write(log.receive(peer("x"), append(3, 1, id(1, 1), entries(2, 3), 0), 0));
        // 4 Term 4 has a leader that holds 2@2,
        log.fence(4, 2, 0);
        // 5 and sends it again: a third write of the same index and term as the first.
        List<Effect> back = log.receive(peer("l"), append(4, 1, id(1, 1), entries(2, 2, 2), 0), 0);
        long third = write(back);
        assertThat(sent(back, "l", Matched.class)).isEmpty();

        // 6 The first write is answered: nothing that is in the log now is durable by it.
        List<Effect> afterFirst = log.written(first, 0);
        assertThat(log.durable()).isEqualTo(1);
        // 7 So is the second.
        List<Effect> afterSecond = log.written(second, 0);
        assertThat(log.durable()).isEqualTo(1);
        // 8 Only the third makes it so,
        List<Effect> afterThird = log.written(third, 0);

        // 9 and only then is it acknowledged.
        assertThat(afterFirst).isEmpty();
        assertThat(afterSecond).isEmpty();
        assertThat(afterThird).containsExactly(new Effect.Send("l", new Matched(4, 1, 3)));
    }

    @Test
    void membersAreInForceWhenAppendedAndRolledBackWhenTruncated() {
        Members more = members("f", "l", "x", "y");
        Entry change = new Entry(id(2, 2), 0, new Payload.MembersSet(more));
        ReplicatedLog log = Logs.follower(2, entries(1, 1));

        List<Effect> appended = log.receive(peer("l"), append(2, 1, id(1, 1), List.of(change), 0), 0);
        Members meanwhile = log.members().inForce();
        log.fence(3, 1, 0);
        List<Effect> truncated = log.receive(peer("x"), append(3, 1, id(1, 1), entries(2, 3), 0), 0);

        assertThat(one(appended, Effect.MembersChanged.class)).isEqualTo(new Effect.MembersChanged(more, 2, true));
        assertThat(meanwhile).isEqualTo(more);
        assertThat(one(truncated, Effect.MembersChanged.class))
                .isEqualTo(new Effect.MembersChanged(members("f", "l", "x"), 0, true));
        assertThat(log.members().inForce()).isEqualTo(members("f", "l", "x"));
    }

    @Test
    void membersAreInForceAfterARestart() {
        Members more = members("f", "l", "x", "y");
        ReplicatedLog log = closed(
                "f",
                members("f", "l", "x"),
                List.of(Logs.entry(1, 1), new Entry(id(2, 1), 0, new Payload.MembersSet(more)), Logs.entry(3, 1)));

        assertThat(one(log.fence(2, 1, 0), Effect.Fenced.class).members()).isEqualTo(more);
    }

    @Test
    void refusesEntriesThatDoNotFollowEachOther() {
        ReplicatedLog log = Logs.follower(2, List.of());

        assertThatThrownBy(() -> log.receive(peer("l"), append(2, 1, NONE, entries(2, 2), 0), 0))
                .isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> log.receive(peer("l"), append(2, 2, NONE, entries(1, 3), 0), 0))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("of a later term");
    }

    @Test
    void readsAndProposalsAreSentToTheLeader() {
        ReplicatedLog log = Logs.follower(2, List.of());
        var before = Logs.answers(log.propose(Logs.GATEWAY, Logs.propose(3, 8, 1, 2), new Moment(0, 0)));
        log.follow(2, "l");
        log.follow(1, "x");

        var propose = Logs.answers(log.propose(Logs.GATEWAY, Logs.propose(3, 8, 1, 2), new Moment(0, 0)));
        var open = Logs.answers(log.open(Logs.GATEWAY, new Open(Logs.LIFE, 4), new Moment(0, 0)));
        var read = Logs.answers(log.readIndex(Logs.GATEWAY, new ReadIndex(Logs.LIFE, 5), 0));

        assertThat(before).containsExactly(LogLeaderTest.notLeader(3, null, true, 1L, 2L));
        assertThat(propose).containsExactly(LogLeaderTest.notLeader(3, "l", true, 1L, 2L));
        assertThat(open).containsExactly(LogLeaderTest.notLeader(4, "l", true));
        assertThat(read).containsExactly(new ReadRefused(Logs.LIFE, 5, Refusal.NOT_LEADER, "l"));
    }

    private static long write(List<Effect> effects) {
        return one(effects, Effect.Write.class).sequence();
    }

    /** protocol: who was removed may still stand, until it knows that its removal is committed. */
    @Test
    void mayStandUntilItsRemovalIsCommittedAndAgainWhenItIsRolledBack() {
        Entry removal = new Entry(id(2, 1), 0, new Payload.MembersSet(members("l", "x")));
        ReplicatedLog log = follower(1, entries(1, 1));
        ReplicatedLog rolledBack = follower(1, entries(1, 1));

        List<Effect> appended = log.receive(peer("l"), append(1, 1, id(1, 1), List.of(removal), 0), 0);
        List<Effect> committed = log.receive(peer("l"), append(1, 2, id(2, 1), List.of(), 2), 0);
        rolledBack.receive(peer("l"), append(1, 1, id(1, 1), List.of(removal), 0), 0);
        rolledBack.fence(2, 2, 0);
        List<Effect> truncated = rolledBack.receive(peer("x"), append(2, 1, id(1, 1), entries(2, 2), 2), 0);

        assertThat(one(appended, Effect.MembersChanged.class))
                .isEqualTo(new Effect.MembersChanged(members("l", "x"), 2, true));
        assertThat(one(committed, Effect.MembersChanged.class))
                .isEqualTo(new Effect.MembersChanged(members("l", "x"), 2, false));
        assertThat(log.members().whyOutside()).contains("was removed from the group at index 2");
        assertThat(all(truncated, Effect.MembersChanged.class))
                .containsExactly(new Effect.MembersChanged(members("f", "l", "x"), 0, true));
        assertThat(rolledBack.members().whyOutside()).isNull();
    }

    @Test
    void aNodeThatWasInvitedWithoutMembersNeverStandsUntilTheLogNamesIt() {
        ReplicatedLog log = Logs.closed("f", Members.NONE, List.of());
        Entry learning = new Entry(
                id(1, 1),
                0,
                new Payload.MembersSet(new Members(members("l", "x").voters(), List.of(), List.of(peer("f")))));
        Entry voting = new Entry(id(2, 1), 0, new Payload.MembersSet(members("f", "l", "x")));

        Effect.Fenced fenced = one(log.fence(1, 1, 0), Effect.Fenced.class);
        String outside = log.members().whyOutside();
        List<Effect> learned = log.receive(peer("l"), append(1, 1, EntryId.NONE, List.of(learning), 1), 0);
        List<Effect> promoted = log.receive(peer("l"), append(1, 2, id(1, 1), List.of(voting), 1), 0);

        assertThat(fenced.mayStand()).isFalse();
        assertThat(outside).contains("waits to be added");
        assertThat(one(learned, Effect.MembersChanged.class).mayStand()).isFalse();
        assertThat(one(promoted, Effect.MembersChanged.class).mayStand()).isTrue();
    }
}
