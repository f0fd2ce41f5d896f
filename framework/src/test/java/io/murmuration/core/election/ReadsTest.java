package io.murmuration.core.election;

import static io.murmuration.core.election.Rig.LIFE;
import static io.murmuration.core.election.Rig.N1;
import static io.murmuration.core.election.Rig.N2;
import static io.murmuration.core.election.Rig.N3;
import static io.murmuration.core.election.Rig.N4;
import static io.murmuration.core.election.Rig.T;
import static io.murmuration.core.election.Rig.THREE;
import static io.murmuration.core.election.Rig.only;
import static io.murmuration.core.election.Rig.said;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.ClientRpc.ReadReady;
import io.murmuration.core.model.ClientRpc.ReadRefused;
import io.murmuration.core.model.ClientRpc.Refusal;
import io.murmuration.core.model.ElectionRpc.Heartbeat;
import io.murmuration.core.model.ElectionRpc.HeartbeatReply;
import io.murmuration.core.model.ElectionRpc.PreVoteReply;
import io.murmuration.core.model.ElectionRpc.VoteReply;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Reads that wait for a round of heartbeats: protocol rule Machine 5. */
final class ReadsTest {
    private static final EntryId END = new EntryId(5, 3);
    private static final Duration BEAT = T.dividedBy(10);

    private static HeartbeatReply reply(long term, long round) {
        return new HeartbeatReply(term, round, EntryId.NONE, 0, true);
    }

    private static ReadReady ready(long id, long index) {
        return new ReadReady(LIFE, id, index);
    }

    private static List<Effect> read(Rig rig, long id, long index) {
        return rig.election.confirmRead("n3", LIFE, id, index, 1, rig.now);
    }

    /** A leader whose round is confirmed, so that none is under way. */
    private static Rig quiet() {
        Rig rig = Rig.leading(THREE);
        rig.receives(N2, reply(1, 1));
        return rig;
    }

    @Test
    void readIsConfirmedByARoundThatStartedAfterItCame() {
        Rig rig = Rig.leading(THREE);

        List<Effect> asked = read(rig, 7, 3); // round 1 is under way
        assertThat(asked).isEmpty();
        List<Effect> first = rig.receives(N2, reply(1, 1));
        assertThat(only(Effect.Answer.class, first)).isEmpty();
        assertThat(said(first)).containsExactly(new Heartbeat(1, 2), new Heartbeat(1, 2));

        List<Effect> second = rig.receives(N3, reply(1, 2));
        assertThat(second).containsExactly(new Effect.Answer("n3", ready(7, 3)));
    }

    @Test
    void readStartsARoundAtOnceIfNoneIsUnderWay() {
        Rig rig = quiet();

        List<Effect> asked = read(rig, 7, 3);
        assertThat(said(asked)).containsExactly(new Heartbeat(1, 2), new Heartbeat(1, 2));
        rig.receives(N3, reply(1, 1));

        assertThat(rig.receives(N2, reply(1, 2))).contains(new Effect.Answer("n3", ready(7, 3)));
    }

    @Test
    void readsShareARoundAndTheNextOneStartsWhenATenthOfTHasPassed() {
        Rig rig = quiet();
        read(rig, 1, 3);
        read(rig, 2, 4);
        read(rig, 3, 5);

        List<Effect> beat = rig.runsFor(BEAT);
        assertThat(said(beat)).containsExactly(new Heartbeat(1, 3), new Heartbeat(1, 3));
        List<Effect> all = rig.receives(N2, reply(1, 3));

        assertThat(all)
                .containsExactly(
                        new Effect.Answer("n3", ready(1, 3)),
                        new Effect.Answer("n3", ready(2, 4)),
                        new Effect.Answer("n3", ready(3, 5)));
    }

    @Test
    void replyOfAnEarlierTermConfirmsNoRead() {
        Rig rig = Rig.leading(THREE);
        read(rig, 7, 3);
        rig.receives(N2, reply(1, 1));

        assertThat(rig.receives(N3, reply(0, 2))).isEmpty();

        assertThat(rig.receives(N3, reply(1, 2))).containsExactly(new Effect.Answer("n3", ready(7, 3)));
    }

    @Test
    void majorityForAReadIsOfVotersEachOnce() {
        Members five = Members.voting(List.of(N1, N2, N3, N4, Rig.N5));
        Rig rig = Rig.of(five);
        rig.settle(rig.timerFires());
        rig.receivesAndSettles(N2, new PreVoteReply(0, 1, true));
        rig.receivesAndSettles(N3, new PreVoteReply(0, 1, true));
        rig.receives(N2, new VoteReply(1, true));
        rig.receives(N3, new VoteReply(1, true));
        rig.receives(N2, reply(1, 1));
        rig.receives(N3, reply(1, 1));
        read(rig, 7, 3);

        assertThat(rig.receives(N2, reply(1, 2))).isEmpty();
        assertThat(rig.receives(N2, reply(1, 2))).isEmpty();
        assertThat(rig.receives(new Peer("n3", new UUID(1, 1)), reply(1, 2))).isEmpty();
        assertThat(rig.receives(N3, reply(1, 9))).isEmpty();

        assertThat(rig.receives(N3, reply(1, 2))).containsExactly(new Effect.Answer("n3", ready(7, 3)));
    }

    @Test
    void onlyVoterConfirmsReadsAtOnce() {
        Rig rig = Rig.of(Members.voting(List.of(N1)));
        rig.settle(rig.timerFires());

        assertThat(read(rig, 7, 3)).contains(new Effect.Answer("n3", ready(7, 3)));
    }

    @Test
    void readOfAnotherTermOrRoleIsRefused() {
        Rig leader = Rig.leading(THREE);
        Rig follower = Rig.following(THREE, 3, END);

        List<Effect> older = leader.election.confirmRead("n3", LIFE, 7, 3, 0, leader.now);
        List<Effect> following = follower.election.confirmRead("n3", LIFE, 7, 3, 3, follower.now);

        assertThat(older).containsExactly(new Effect.Answer("n3", new ReadRefused(LIFE, 7, Refusal.NOT_LEADER, "n1")));
        assertThat(following)
                .containsExactly(new Effect.Answer("n3", new ReadRefused(LIFE, 7, Refusal.NOT_LEADER, "n2")));
    }

    @Test
    void lostLeadershipRefusesReadsThatWait() {
        Rig rig = quiet();
        read(rig, 7, 3);

        List<Effect> lost = rig.receives(N2, reply(2, 2));

        assertThat(lost).contains(new Effect.Answer("n3", new ReadRefused(LIFE, 7, Refusal.NOT_LEADER, null)));
    }

    @Test
    void changedMembersMakeWaitingReadsWaitForANewRound() {
        Rig rig = quiet();
        read(rig, 7, 3); // waits for round 2

        List<Effect> changed = rig.election.membersChanged(Members.voting(List.of(N1, N2, N4)), true, rig.now);
        assertThat(said(changed)).containsExactly(new Heartbeat(1, 3), new Heartbeat(1, 3));
        assertThat(rig.receives(N2, reply(1, 2))).isEmpty();

        assertThat(rig.receives(N4, reply(1, 3))).containsExactly(new Effect.Answer("n3", ready(7, 3)));
    }

    @Test
    void readsThatWaitAreBounded() {
        Rig rig = quiet();
        for (long id = 0; id < 10_000; id++) {
            assertThat(only(Effect.Answer.class, read(rig, id, 1))).isEmpty();
        }

        assertThat(read(rig, 10_000, 1))
                .containsExactly(new Effect.Answer("n3", new ReadRefused(LIFE, 10_000, Refusal.OVERLOADED, "n1")));
    }
}
