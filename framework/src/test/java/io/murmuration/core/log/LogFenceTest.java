package io.murmuration.core.log;

import static io.murmuration.core.log.Logs.all;
import static io.murmuration.core.log.Logs.append;
import static io.murmuration.core.log.Logs.closed;
import static io.murmuration.core.log.Logs.entries;
import static io.murmuration.core.log.Logs.id;
import static io.murmuration.core.log.Logs.members;
import static io.murmuration.core.log.Logs.one;
import static io.murmuration.core.log.Logs.peer;
import static io.murmuration.core.log.Logs.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.LogRpc.AppendEntries;
import io.murmuration.core.model.LogRpc.Matched;
import io.murmuration.core.model.LogRpc.Outdated;
import io.murmuration.core.model.Recovered;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** F1, F2, F4: nothing below the fence is acknowledged, and nothing at all before the first one. */
class LogFenceTest {
    private static final Moment START = new Moment(0, 1_000);

    @Test
    void staysClosedUntilItsFirstFence() {
        ReplicatedLog log = closed("f", members("f", "l", "x"), entries(1, 1));

        List<Effect> effects = log.receive(peer("l"), append(1, 1, id(1, 1), List.of(), 1), 0);

        assertThat(effects).containsExactly(new Effect.TermSeen(1));
        assertThat(log.commit()).isZero();
    }

    @Test
    void isClosedToTermZeroToo() {
        ReplicatedLog log = closed("f", members("f", "l", "x"), List.of());

        assertThat(log.receive(peer("l"), append(0, 1, EntryId.NONE, List.of(), 0), 0))
                .containsExactly(new Effect.TermSeen(0));
    }

    @Test
    void takesUpWhatItHeldBackOnceTheFenceHasMoved() {
        ReplicatedLog log = closed("f", members("f", "l", "x"), entries(1, 1));
        log.receive(peer("l"), append(2, 7, id(1, 1), List.of(), 1), 0);

        List<Effect> effects = log.fence(2, 5, 0);

        assertThat(effects.get(0)).isEqualTo(new Effect.Fenced(2, 5, id(1, 1), members("f", "l", "x"), true));
        assertThat(one(effects, Effect.LeaderHeard.class)).isEqualTo(new Effect.LeaderHeard(2, "l"));
        assertThat(sent(effects, "l", Matched.class)).containsExactly(new Matched(2, 7, 1));
        assertThat(log.commit()).isEqualTo(1);
    }

    @Test
    void holdsBackTheNewestOfTheHighestTerm() {
        ReplicatedLog log = Logs.follower(1, entries(1, 1));
        log.receive(peer("l"), append(3, 1, id(1, 1), List.of(), 0), 0);
        log.receive(peer("l"), append(3, 2, id(1, 1), List.of(), 0), 0);
        log.receive(peer("x"), append(2, 9, id(1, 1), List.of(), 0), 0);

        assertThat(sent(log.fence(2, 1, 0), "x", Matched.class)).isEmpty();
        assertThat(sent(log.fence(3, 2, 0), "l", Matched.class)).containsExactly(new Matched(3, 2, 1));
        assertThat(all(log.fence(3, 3, 0), Effect.Send.class)).isEmpty();
    }

    @Test
    void answersWhatItHeldBackEvenWhenTheFenceHasPassedIt() {
        ReplicatedLog log = Logs.follower(1, entries(1, 1));
        log.receive(peer("l"), append(3, 4, id(1, 1), List.of(), 0), 0);

        assertThat(sent(log.fence(5, 1, 0), "l", Outdated.class)).containsExactly(new Outdated(5, 4));
    }

    @Test
    void anAnswerOfAHigherTermIsToldAndDisplacesNoRequest() {
        ReplicatedLog log = Logs.follower(1, entries(1, 1));
        log.receive(peer("l"), append(3, 4, id(1, 1), List.of(), 0), 0);

        List<Effect> effects = log.receive(peer("x"), new Outdated(3, 1), 0);

        assertThat(effects).containsExactly(new Effect.TermSeen(3));
        assertThat(sent(log.fence(3, 1, 0), "l", Matched.class)).hasSize(1);
    }

    @Test
    void neverMovesDown() {
        ReplicatedLog log = Logs.follower(5, entries(1, 1));

        List<Effect> effects = log.fence(3, 2, 0);

        assertThat(effects).containsExactly(new Effect.Fenced(5, 2, id(1, 1), members("f", "l", "x"), true));
    }

    @Test
    void answersARequestOfALowerTermWithItsOwn() {
        ReplicatedLog log = Logs.follower(5, entries(1, 1));

        List<Effect> effects = log.receive(peer("l"), append(4, 3, id(1, 1), entries(2, 4), 2), 0);

        assertThat(effects).containsExactly(new Effect.Send("l", new Outdated(5, 3)));
        assertThat(log.last()).isEqualTo(id(1, 1));
    }

    @Test
    void tellsThePositionInMemoryThoughItIsNotDurable() {
        ReplicatedLog log = Logs.follower(2, entries(1, 1));
        log.receive(peer("l"), append(2, 1, id(1, 1), entries(2, 2), 0), 0);

        Effect.Fenced fenced = one(log.fence(3, 1, 0), Effect.Fenced.class);

        assertThat(fenced.last()).isEqualTo(id(2, 2));
        assertThat(log.durable()).isEqualTo(1);
    }

    @Test
    void leadsOnlyItsFence() {
        ReplicatedLog log = Logs.follower(2, List.of());

        assertThat(log.lead(1, START)).isEmpty();
        assertThat(log.lead(3, START)).isEmpty();
        assertThat(log.leading()).isFalse();
        assertThat(log.lead(2, START)).isNotEmpty();
        assertThat(log.lead(2, START)).isEmpty();
    }

    @Test
    void leadsNothingBeforeItsFirstFence() {
        ReplicatedLog log = closed("l", members("a", "b", "l"), List.of());

        assertThat(log.lead(1, START)).isEmpty();
        assertThat(log.leading()).isFalse();
    }

    @Test
    void onlyAHigherFenceEndsLeading() {
        ReplicatedLog log = Logs.leader(2, List.of(), new ArrayList<>());

        log.fence(2, 9, 0);
        boolean still = log.leading();
        log.fence(3, 10, 0);

        assertThat(still).isTrue();
        assertThat(log.leading()).isFalse();
        assertThat(sent(log.wake(Logs.T.toNanos()), "a", AppendEntries.class)).isEmpty();
    }

    @Test
    void resignEndsOnlyTheTermThatIsLed() {
        ReplicatedLog log = Logs.leader(2, List.of(), new ArrayList<>());

        log.resign(1);
        boolean still = log.leading();
        log.resign(2);

        assertThat(still).isTrue();
        assertThat(log.leading()).isFalse();
        assertThat(log.fence()).isEqualTo(2);
    }

    @Test
    void refusesTwoLeadersInOneTerm() {
        ReplicatedLog follower = Logs.follower(2, List.of());
        follower.receive(peer("l"), append(2, 1, EntryId.NONE, List.of(), 0), 0);
        ReplicatedLog leader = Logs.leader(2, List.of(), new ArrayList<>());
        ReplicatedLog resigned = Logs.leader(2, List.of(), new ArrayList<>());
        resigned.resign(2);

        assertThatThrownBy(() -> follower.receive(peer("x"), append(2, 1, EntryId.NONE, List.of(), 0), 0))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("both l and x lead term 2");
        assertThatThrownBy(() -> follower.follow(2, "x")).isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> follower.lead(2, START)).isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> leader.receive(peer("a"), append(2, 1, EntryId.NONE, List.of(), 0), 0))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("the leader of term 2, which l");
        assertThatThrownBy(() -> resigned.receive(peer("a"), append(2, 1, EntryId.NONE, List.of(), 0), 0))
                .isInstanceOf(InvariantViolation.class);
    }

    @Test
    void tellsElectionOfTheLeaderAtOnceAndThenNowAndThen() {
        ReplicatedLog log = Logs.follower(2, List.of());
        long soon = Logs.T.toNanos() / 20;

        assertThat(heard(log, 0)).isEqualTo(1);
        assertThat(heard(log, soon - 1)).isZero();
        assertThat(heard(log, soon)).isEqualTo(1);
    }

    private static int heard(ReplicatedLog log, long now) {
        return all(log.receive(peer("l"), append(2, 1, EntryId.NONE, List.of(), 0), now), Effect.LeaderHeard.class)
                .size();
    }

    @Test
    void answersAPulse() {
        ReplicatedLog log = Logs.follower(1, entries(1, 1));

        assertThat(log.pulse()).containsExactly(new Effect.LogPulse(id(1, 1), 0, 1, 0));
    }

    @Test
    void refusesAMachineThatKnowsMoreThanTheLog() {
        ReplicatedLog log = new ReplicatedLog(
                peer("f"),
                Logs.settings(),
                new Recovered(null, null, Ballot.NONE, EntryId.NONE, members("f"), entries(1, 1)));

        assertThatThrownBy(() -> log.machineReady(2))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("The Machine starts at 2");
    }
}
