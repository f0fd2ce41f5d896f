package io.murmuration.core.log;

import static io.murmuration.core.log.Logs.all;
import static io.murmuration.core.log.Logs.answers;
import static io.murmuration.core.log.Logs.id;
import static io.murmuration.core.log.Logs.leader;
import static io.murmuration.core.log.Logs.one;
import static io.murmuration.core.log.Logs.peer;
import static io.murmuration.core.log.Logs.propose;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ClientRpc.Control;
import io.murmuration.core.model.ClientRpc.Refusal;
import io.murmuration.core.model.ClientRpc.Refused;
import io.murmuration.core.model.ClientRpc.Ruled;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.HandOverStep;
import io.murmuration.core.model.LogRpc.Matched;
import io.murmuration.core.model.LogRpc.Mismatched;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Order;
import io.murmuration.core.model.OrderId;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Ruling;
import io.murmuration.core.model.SnapshotRpc;
import io.murmuration.core.model.Ticket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The leader l of a group of three, with a and b, hands over: protocol rule Election 7, thesis 3.10. */
class LogHandOverTest {
    private static final Moment START = new Moment(0, 1_000);
    private static final long T = Logs.T.toNanos();
    private static final Effect.HandOver GIVEN_UP = new Effect.HandOver(3, new HandOverStep.GivenUp());

    private final ReplicatedLog log = leader(3, List.of(), new ArrayList<>());
    private long orders;

    private List<Effect> ordered(String to) {
        return Logs.ordered(log, ++orders, new Order.HandOver(to), START);
    }

    private List<Effect> chosen(String to) {
        return log.handOver(3, new HandOverStep.Chosen(peer(to)), 0);
    }

    /** The no-op is committed, and a, not b, holds it. */
    private void committed() {
        log.written(1, 0);
        log.receive(peer("a"), new Matched(3, 1, 1), 0);
    }

    private List<Effect> flushed(long batch, long... serials) {
        List<Effect> effects = new ArrayList<>(log.propose(Logs.GATEWAY, propose(batch, 8, serials), START));
        effects.addAll(log.flush(0));
        return effects;
    }

    private static Ruling ruling(List<Effect> effects) {
        List<Ruling> rulings = answers(effects).stream()
                .filter(Ruled.class::isInstance)
                .map(answer -> ((Ruled) answer).ruling())
                .toList();
        assertThat(rulings).as("rulings in %s", effects).hasSize(1);
        return rulings.get(0);
    }

    private static Effect.HandOver level(String to) {
        return new Effect.HandOver(3, new HandOverStep.Level(peer(to)));
    }

    @Test
    void asksElectionWhoTakesOver() {
        committed();

        List<Effect> effects = ordered("a");

        assertThat(one(effects, Effect.HandOver.class)).isEqualTo(new Effect.HandOver(3, new HandOverStep.Wanted("a")));
        assertThat(ruling(effects)).isInstanceOf(Ruling.Underway.class);
    }

    @Test
    void orderThatNamesTheLeaderIsSettledOnceItHasCommittedThatItWasGiven() {
        Ruling before = ruling(ordered("l"));
        committed();

        Ruling given = ruling(ordered("l"));
        log.written(2, 0);
        List<Effect> after = log.receive(peer("a"), new Matched(3, 2, 2), 0);

        assertThat(before).isInstanceOf(Ruling.Underway.class);
        assertThat(given).isInstanceOf(Ruling.Underway.class);
        assertThat(log.members().inForce().orders()).containsExactly(new OrderId(Logs.LIFE, 2));
        assertThat(ruling(after)).isEqualTo(new Ruling.Settled(Logs.members("a", "b", "l")));
    }

    /** Who is cut off commits nothing, and somebody else may lead by now. */
    @Test
    void leaderThatIsCutOffDoesNotSayThatItLeads() {
        committed();

        Ruling first = ruling(ordered("l"));
        log.written(2, 0);
        Ruling again = ruling(Logs.ordered(log, 1, new Order.HandOver("l"), START));

        assertThat(first).isInstanceOf(Ruling.Underway.class);
        assertThat(again).isInstanceOf(Ruling.Underway.class);
    }

    @Test
    void leaderThatHandsOverIsNotOrderedToStay() {
        committed();
        ordered("a");

        assertThat(ruling(ordered("l"))).isInstanceOf(Ruling.Declined.class);
    }

    /** It was on its way when the hand-over was given up: whoever ordered it has been told so. */
    @Test
    void lateCopyOfAHandOverThatFailedHandsNothingOver() {
        committed();
        ordered("a");
        Ruling failed = ruling(log.wake(T));

        List<Effect> late = Logs.ordered(log, 1, new Order.HandOver("a"), START);

        assertThat(late).hasSize(1);
        assertThat(ruling(late)).isEqualTo(failed);
    }

    @Test
    void whoDoesNotVoteIsDeclined() {
        Members withLearner = new Members(
                Logs.members("a", "l").voters(), Logs.members("a", "b", "l").voters(), List.of(peer("z")));
        ReplicatedLog other = Logs.closed("l", withLearner, List.of());
        other.fence(3, 1, 0);
        other.lead(3, START);

        for (String nobody : List.of("stranger", "z", "b")) {
            List<Effect> effects = Logs.ordered(other, ++orders, new Order.HandOver(nobody), START);

            assertThat(effects).hasSize(1);
            assertThat(((Ruling.Declined) ruling(effects)).why())
                    .isEqualTo(nobody + " does not vote in this group, so it cannot lead. Name one of [a, l], or add it"
                            + " to the members first.");
        }
    }

    @Test
    void whoHoldsAllIsToldToCampaignAtOnce() {
        committed();
        ordered("a");

        List<Effect> effects = chosen("a");

        assertThat(effects).containsExactly(level("a"));
    }

    /** "The prior leader stops accepting new client requests" (thesis 3.10). */
    @Test
    void holdsProposalsBackUntilTheTargetIsLevelAndBeyond() {
        committed();
        flushed(1, 1);

        List<Effect> begun = chosen("a");
        List<Effect> held = flushed(2, 2);
        List<Effect> reached = log.receive(peer("a"), new Matched(3, 2, 2), 0);
        List<Effect> heldStill = flushed(3, 3);

        assertThat(begun).isEmpty();
        assertThat(all(held, Effect.Write.class)).isEmpty();
        assertThat(reached).contains(level("a"));
        assertThat(all(reached, Effect.Write.class)).isEmpty();
        assertThat(all(heldStill, Effect.Write.class)).isEmpty();
        assertThat(log.last()).isEqualTo(id(2, 3));
    }

    @Test
    void onlyTheTargetItselfMakesTheTargetLevel() {
        committed();
        flushed(1, 1);
        chosen("a");

        log.written(2, 0);
        List<Effect> other = log.receive(peer("b"), new Matched(3, 1, 2), 0);

        assertThat(log.commit()).isEqualTo(2);
        assertThat(all(other, Effect.HandOver.class)).isEmpty();
    }

    @Test
    void whatWaitedIsRefusedAsSurelyNotAppendedWithTheTargetAsHint() {
        committed();
        chosen("a");
        flushed(1, 1, 2);

        List<Effect> lost = log.fence(4, 2, 0);

        assertThat(answers(lost))
                .containsExactly(new Refused(Logs.LIFE, 1, List.of(1L, 2L), Refusal.NOT_LEADER, "a", true));
    }

    @Test
    void nobodyIsHintedAtWhoWasNotToldToCampaign() {
        committed();
        flushed(1, 1);
        chosen("a");
        flushed(2, 2);

        List<ClientRpc> lost = answers(log.fence(4, 2, 0));

        assertThat(lost).contains(new Refused(Logs.LIFE, 2, List.of(2L), Refusal.NOT_LEADER, null, true));
    }

    @Test
    void takesProposalsAgainAfterTAndSaysThatItFailed() {
        committed();
        ordered("a");
        chosen("a");
        flushed(1, 1);

        assertThat(log.wakeAt()).isLessThanOrEqualTo(T);
        List<Effect> early = log.wake(T - 1);
        List<Effect> late = log.wake(T);

        assertThat(all(early, Effect.HandOver.class)).isEmpty();
        assertThat(all(late, Effect.HandOver.class)).containsExactly(GIVEN_UP);
        assertThat(((Ruling.Declined) ruling(late)).why())
                .isEqualTo("a did not take over within the election time-out (500 ms); l leads on. Look at that node's"
                        + " disk and network, or name another.");
        assertThat(one(late, Effect.Write.class).appended().entries()).hasSize(1);
    }

    @Test
    void saysSoIfTheTargetDoesNotComeLevelWithinT() {
        committed();
        flushed(1, 1);
        ordered("a");
        chosen("a");

        List<Effect> late = log.wake(T);

        assertThat(((Ruling.Declined) ruling(late)).why()).startsWith("a did not come level within");
        assertThat(all(late, Effect.HandOver.class)).containsExactly(GIVEN_UP);
    }

    @Test
    void electionThatDoesNotAnswerIsNotWaitedForLongerThanT() {
        committed();
        ordered("a");

        List<Effect> late = log.wake(T);

        assertThat(ruling(late)).isInstanceOf(Ruling.Declined.class);
        assertThat(ruling(ordered("b"))).isInstanceOf(Ruling.Underway.class);
    }

    @Test
    void whatWaitsIsBoundedAsEver() {
        committed();
        chosen("a");
        long bytes = 120_000;
        long batch = 0;
        List<ClientRpc> answers = new ArrayList<>();

        while (answers.isEmpty() && batch < 1_000) {
            batch++;
            answers.addAll(answers(log.propose(Logs.GATEWAY, propose(batch, (int) bytes, batch), START)));
        }

        assertThat(answers)
                .containsExactly(new Refused(Logs.LIFE, batch, List.of(batch), Refusal.OVERLOADED, "l", true));
        assertThat(batch * bytes).isBetween(Proposals.QUEUE_BYTES_MAX - 2 * bytes, Proposals.QUEUE_BYTES_MAX + bytes);
    }

    @Test
    void oneAtATime() {
        committed();
        ordered("a");
        chosen("a");

        Ruling same = ruling(ordered("a"));
        Ruling best = ruling(ordered(null));
        Ruling other = ruling(ordered("b"));
        List<Effect> otherChoice = chosen("b");

        assertThat(same).isEqualTo(new Ruling.Underway("a is level and was told to campaign."));
        assertThat(best).isEqualTo(same);
        assertThat(((Ruling.Declined) other).why())
                .isEqualTo("One hand-over at a time: leadership is being handed to a; order again when that is over.");
        assertThat(otherChoice).isEmpty();
    }

    @Test
    void whoIsBeingProbedIsNotWaitedForAndTheOrderIsSaidAgain() {
        committed();
        ordered("b");

        List<Effect> effects = chosen("b");
        List<Effect> next = flushed(1, 1);

        assertThat(((Ruling.Underway) ruling(effects)).how()).startsWith("b lacks what lies behind 0");
        assertThat(all(effects, Effect.HandOver.class)).containsExactly(GIVEN_UP);
        assertThat(all(next, Effect.Write.class)).hasSize(1);
    }

    @Test
    void whoIsFarBehindIsNotWaitedFor() {
        committed();
        for (int batch = 1; batch <= 10; batch++) {
            log.propose(Logs.GATEWAY, propose(batch, 120_000, batch), START);
            log.flush(0);
            log.written(batch + 1L, 0);
            log.receive(peer("b"), new Matched(3, batch, batch + 1L), 0);
        }
        ordered("a");

        List<Effect> effects = chosen("a");

        assertThat(log.commit()).isEqualTo(11);
        assertThat(((Ruling.Underway) ruling(effects)).how()).startsWith("a is 10 entries behind");
        assertThat(all(effects, Effect.HandOver.class)).containsExactly(GIVEN_UP);
    }

    @Test
    void whoLostWhatItHadIsDeclined() {
        committed();
        log.receive(peer("a"), new Mismatched(3, 2, id(0, 0)), 0);
        flushed(1, 1);
        log.receive(peer("a"), new Mismatched(3, 2, id(0, 0)), 0);
        ordered("a");

        List<Effect> effects = chosen("a");

        assertThat(((Ruling.Declined) ruling(effects)).why())
                .isEqualTo("a is not sent the log at present, so it cannot lead. Name another.");
    }

    @Test
    void whomElectionRulesOutIsDeclinedInItsWords() {
        committed();
        ordered("a");

        List<Effect> effects = log.handOver(3, new HandOverStep.Nobody("a does not answer."), 0);

        assertThat(ruling(effects)).isEqualTo(new Ruling.Declined("a does not answer."));
        assertThat(all(effects, Effect.HandOver.class)).isEmpty();
    }

    @Test
    void whoeverIsBestIsSettledWhenThisNodeLeadsNoMore() {
        committed();
        ordered(null);
        chosen("a");

        List<Effect> lost = log.fence(4, 2, 0);

        assertThat(ruling(lost)).isInstanceOf(Ruling.Settled.class);
    }

    @Test
    void leaderThatHasToGoAsksForTheBest() {
        committed();

        assertThat(ordered(null)).contains(new Effect.HandOver(3, new HandOverStep.Wanted(null)));
    }

    @Test
    void stepsOfAnotherTermChangeNothing() {
        committed();

        List<Effect> older = log.handOver(2, new HandOverStep.Chosen(peer("a")), 0);
        log.resign(3);
        List<Effect> resigned = log.handOver(3, new HandOverStep.Chosen(peer("a")), 0);

        assertThat(older).isEmpty();
        assertThat(resigned).isEmpty();
    }

    @Test
    void anotherIncarnationOfTheTargetIsNotFed() {
        committed();
        ordered("a");

        List<Effect> effects = log.handOver(3, new HandOverStep.Chosen(new Peer("a", Logs.LIFE)), 0);

        assertThat(ruling(effects)).isInstanceOf(Ruling.Declined.class);
    }

    /** What it lacks may lie in front of the log by now, although it is still fed (found by seed 679). */
    @Test
    void whoNeedsWhatTheLogNoLongerHoldsIsNotWaitedFor() {
        committed();
        log.propose(Logs.GATEWAY, propose(1, 600_000, 8, 9, 10), START);
        log.flush(0);
        log.written(3, 0);
        log.receive(peer("b"), new Matched(3, 2, 3), 0);
        log.written(4, 0);
        log.receive(peer("b"), new Matched(3, 3, 4), 0);
        log.applied(4);
        log.compact(held(4), 0);
        assertThat(log.base().index()).isEqualTo(3);
        ordered("a");

        List<Effect> effects = chosen("a");

        assertThat(ruling(effects)).isInstanceOf(Ruling.Underway.class);
        assertThat(one(effects, Effect.HandOver.class)).isEqualTo(GIVEN_UP);
    }

    private static SnapshotRpc.Held held(long index) {
        EntryId last = new EntryId(index, 3);
        return new SnapshotRpc.Held(new SnapshotRpc.SnapshotId(peer("l"), index, 7), last, 100);
    }

    /** The patience that is left differs each time that an order is said. */
    @Test
    void anOrderThatIsRepeatedIsAnsweredOnceWhenItEnds() {
        committed();
        ordered("a");
        chosen("a");
        for (long patience = 9_000; patience > 5_000; patience -= 1_000) {
            Control copy = new Control(Logs.LIFE, 1, new Order.HandOver("a"), patience, new Ticket(3, 1));
            log.control(Logs.GATEWAY, copy, START);
        }

        assertThat(answers(log.wake(T))).hasSize(1);
    }
}
