package io.murmuration.core.election;

import static io.murmuration.core.election.Rig.LIFE;
import static io.murmuration.core.election.Rig.N1;
import static io.murmuration.core.election.Rig.N2;
import static io.murmuration.core.election.Rig.N3;
import static io.murmuration.core.election.Rig.N4;
import static io.murmuration.core.election.Rig.T;
import static io.murmuration.core.election.Rig.THREE;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.ClientRpc.ReadReady;
import io.murmuration.core.model.ElectionRpc.HeartbeatReply;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.HandOverStep.Level;
import io.murmuration.core.model.HandOverStep.Wanted;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Reads that wait for no round: protocol rule Election 6, thesis 6.4.1. */
final class LeaseTest {
    private static final ElectionSettings LEASES = new ElectionSettings(T, 0, OptionalInt.of(10));
    private static final Duration SPAN = T.dividedBy(10).multipliedBy(9);
    private static final Duration TICK = Duration.ofNanos(1);

    private final Rig rig = Rig.leading(THREE, LEASES);

    private List<Effect> read() {
        return read(rig);
    }

    private static List<Effect> read(Rig of) {
        return of.election.confirmRead("n3", LIFE, 1, 7, 1, of.now);
    }

    private static boolean ready(List<Effect> effects) {
        return effects.contains(new Effect.Answer("n3", new ReadReady(LIFE, 1, 7)));
    }

    private List<Effect> answers(Peer peer, long round) {
        return rig.receives(peer, new HeartbeatReply(1, round, EntryId.NONE, 0, true, 0));
    }

    @Test
    void readUnderALeaseWaitsForNoRound() {
        boolean before = ready(read());
        answers(N2, 1);

        List<Effect> effects = read();

        assertThat(before).isFalse();
        assertThat(effects).containsExactly(new Effect.Answer("n3", new ReadReady(LIFE, 1, 7)));
    }

    @Test
    void withoutLeasesEachReadWaitsForARound() {
        Rig plain = Rig.leading(THREE);
        plain.receives(N2, new HeartbeatReply(1, 1, EntryId.NONE, 0, true, 0));

        assertThat(ready(read(plain))).isFalse();
    }

    @Test
    void leaseRunsFromTheSendingOfTheRoundNotFromItsAnswer() {
        long sent = rig.now;
        rig.passes(T.dividedBy(2));
        answers(N2, 1);

        rig.now = sent + SPAN.minus(TICK).toNanos();
        boolean within = ready(read());
        rig.now = sent + SPAN.toNanos();
        boolean beyond = ready(read());

        assertThat(within).isTrue();
        assertThat(beyond).isFalse();
    }

    @Test
    void oneOfFiveIsNoMajority() {
        Rig five = Rig.leading(THREE, LEASES);
        five.members = Members.voting(List.of(N1, N2, N3, N4, Rig.N5));
        five.election.membersChanged(five.members, true, five.now);
        five.runsFor(T.dividedBy(10));

        five.receives(N2, new HeartbeatReply(1, 2, EntryId.NONE, 0, true, 0));
        boolean one = ready(read(five));
        five.receives(N4, new HeartbeatReply(1, 2, EntryId.NONE, 0, true, 0));

        assertThat(one).isFalse();
        assertThat(ready(read(five))).isTrue();
    }

    /** A pause between the answer and the read: only the clock says that the lease has ended. */
    @Test
    void leaseEndsWhileTheProcessStandsStill() {
        answers(N2, 1);
        boolean before = ready(read());

        rig.passes(T.multipliedBy(3));

        assertThat(before).isTrue();
        assertThat(ready(read())).isFalse();
    }

    @Test
    void answerThatComesAfterThePauseOpensNoLease() {
        rig.passes(T.multipliedBy(3));
        answers(N2, 1);

        assertThat(ready(read())).isFalse();
    }

    @Test
    void leaseIsVoidWhenMembersChangeUntilARoundThatStartedAfterwards() {
        rig.runsFor(T.dividedBy(10));
        answers(N2, 1);
        Members more = new Members(List.of(N1, N2, N3), List.of(), List.of(N4));
        rig.members = more;
        rig.election.membersChanged(more, true, rig.now);
        boolean void1 = ready(read());
        answers(N2, 2);
        boolean olderRound = ready(read());

        rig.runsFor(T.dividedBy(10));
        answers(N2, 3);
        boolean newer = ready(read());

        assertThat(void1).isFalse();
        assertThat(olderRound).isFalse();
        assertThat(newer).isTrue();
    }

    @Test
    void thereIsNoneForTheRestOfATermInWhichSomebodyWasToldToCampaign() {
        answers(N2, 1);
        boolean before = ready(read());
        rig.election.handOver(1, new Wanted("n2"), rig.now);
        boolean chosen = ready(read());
        rig.election.handOver(1, new Level(N2), rig.now);
        boolean told = ready(read());

        rig.runsFor(T.dividedBy(10));
        answers(N3, 2);
        answers(N2, 2);

        assertThat(before).isTrue();
        assertThat(chosen).isTrue();
        assertThat(told).isFalse();
        assertThat(ready(read())).isFalse();
    }

    @Test
    void laterRoundProlongsIt() {
        answers(N2, 1);
        rig.runsFor(T.dividedBy(2));
        answers(N3, 6);
        long sent = rig.now;

        rig.now = sent + SPAN.minus(TICK).toNanos();

        assertThat(ready(read())).isTrue();
    }
}
