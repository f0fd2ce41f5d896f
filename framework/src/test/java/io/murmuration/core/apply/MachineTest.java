package io.murmuration.core.apply;

import static io.murmuration.core.apply.Till.drained;
import static io.murmuration.core.apply.Till.encoded;
import static io.murmuration.core.apply.Till.entry;
import static io.murmuration.core.apply.Till.only;
import static io.murmuration.core.apply.Till.open;
import static io.murmuration.core.apply.Till.outcomes;
import static io.murmuration.core.apply.Till.proposed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ClientRpc.Outcome;
import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Payload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MachineTest {
    private static final Reader NOBODY = (state, applied) -> {};

    private final Machine<List<String>> machine = Till.fresh();

    private List<Effect> feed(Payload... payloads) {
        List<Entry> entries = new ArrayList<>();
        for (Payload payload : payloads) {
            entries.add(entry(machine.applied().index() + 1 + entries.size(), payload));
        }
        return drained(machine, machine.committed(entries, true));
    }

    private void opened() {
        feed(open(Till.LIFE, "n1"));
    }

    @Test
    void tellsLogItsIndexFirst() {
        assertThat(machine.start()).containsExactly(new Effect.Ready(0));
    }

    @Test
    void opensOneSessionPerLifeAndAnswersEachTime() {
        List<Effect> effects = feed(open(Till.LIFE, "n1"), open(Till.OTHER_LIFE, "n2"), open(Till.LIFE, "n1"));

        assertThat(only(Effect.Answer.class, effects))
                .containsExactly(
                        new Effect.Answer("n1", new ClientRpc.Opened(Till.LIFE, 1)),
                        new Effect.Answer("n2", new ClientRpc.Opened(Till.OTHER_LIFE, 2)),
                        new Effect.Answer("n1", new ClientRpc.Opened(Till.LIFE, 1)));
    }

    @Test
    void foldsInOrderAndAnswersWithTheIndex() {
        opened();

        List<Effect> effects =
                feed(proposed(1, 1, 1, new Till.Pay("a")), new Payload.NoOp(), proposed(1, 2, 1, new Till.Pay("b")));

        assertThat(machine.state()).containsExactly("a", "b");
        assertThat(effects)
                .containsExactly(
                        new Effect.Answer(
                                "n1",
                                new ClientRpc.Outcomes(
                                        Till.LIFE,
                                        1,
                                        List.of(
                                                new Outcome(1, 2, new Reply.Replied(encoded(0))),
                                                new Outcome(2, 4, new Reply.Replied(encoded(1)))))),
                        new Effect.Progressed(4));
    }

    @Test
    void answersNobodyForEntriesThatItsNodeDidNotLead() {
        opened();

        List<Effect> effects = machine.committed(List.of(entry(2, proposed(1, 1, 1, new Till.Pay("a")))), false);

        assertThat(effects).containsExactly(new Effect.Progressed(2));
        assertThat(machine.state()).containsExactly("a");
    }

    @Test
    void answersARetryAfterAChangeOfLeaderWithTheFirstOutcome() {
        opened();
        machine.committed(List.of(entry(2, proposed(1, 1, 1, new Till.Pay("a")))), false);

        List<Effect> effects = feed(proposed(1, 1, 1, new Till.Pay("a")));

        assertThat(outcomes(effects)).containsExactly(new Outcome(1, 2, new Reply.Replied(encoded(0))));
        assertThat(machine.state()).containsExactly("a");
    }

    @Test
    void refusesWithoutFoldingWhenTheSessionIsUnknownOrTheSerialForgotten() {
        Machine<List<String>> small = Till.bounded(1, 1_000);
        small.committed(List.of(entry(1, open(Till.LIFE, "n1")), entry(2, open(Till.OTHER_LIFE, "n2"))), true);

        List<Effect> effects = small.committed(
                List.of(
                        entry(3, proposed(1, 1, 1, new Till.Pay("dropped"))),
                        entry(4, proposed(2, 1, 2, new Till.Pay("released")))),
                true);

        assertThat(small.state()).isEmpty();
        assertThat(only(Effect.Answer.class, effects))
                .containsExactly(
                        new Effect.Answer(
                                "n1",
                                new ClientRpc.Outcomes(
                                        Till.LIFE, 1, List.of(new Outcome(1, 0, new Reply.SessionUnknown())))),
                        new Effect.Answer(
                                "n2",
                                new ClientRpc.Outcomes(
                                        Till.OTHER_LIFE, 2, List.of(new Outcome(1, 0, new Reply.Forgotten())))));
    }

    @Test
    void staysSilentTowardsASessionThatNobodyRemembers() {
        assertThat(feed(proposed(77, 1, 1, new Till.Pay("a")))).containsExactly(new Effect.Progressed(1));
        assertThat(machine.state()).isEmpty();
    }

    @Test
    void remembersARejection() {
        opened();

        List<Effect> effects =
                feed(proposed(1, 1, 1, new Till.Refuse("poor")), proposed(1, 1, 1, new Till.Refuse("poor")));

        Outcome declined = new Outcome(1, 2, new Reply.Declined("poor"));
        assertThat(outcomes(effects)).containsExactly(declined, declined);
    }

    @Test
    void cutsAReasonThatIsTooLong() {
        opened();

        List<Effect> effects = feed(proposed(1, 1, 1, new Till.Refuse("x".repeat(1_000_000))));

        assertThat(outcomes(effects).get(0).reply())
                .isEqualTo(new Reply.Declined("x".repeat(ReplyRule.REASON_CHARS_MAX) + "..."));
    }

    @Test
    void refusesAGapAndARepetition() {
        opened();

        assertThatThrownBy(() -> machine.committed(List.of(entry(3, new Payload.NoOp())), true))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("3@1 cannot follow 1@1");
        assertThatThrownBy(() -> machine.committed(List.of(entry(1, new Payload.NoOp())), true))
                .isInstanceOf(InvariantViolation.class);
    }

    @Test
    void refusesATermThatFalls() {
        machine.committed(List.of(new Entry(new EntryId(1, 5), 0, new Payload.NoOp())), true);

        assertThatThrownBy(() -> machine.committed(List.of(new Entry(new EntryId(2, 4), 0, new Payload.NoOp())), true))
                .isInstanceOf(InvariantViolation.class);
    }

    @Test
    void stopsAtAFoldThatThrowsAndNeverSkips() {
        opened();

        List<Effect> effects = feed(
                proposed(1, 1, 1, new Till.Pay("a")),
                proposed(1, 2, 1, new Till.Burn()),
                proposed(1, 3, 1, new Till.Pay("b")));

        assertThat(machine.state()).containsExactly("a");
        assertThat(machine.applied().index()).isEqualTo(2);
        assertThat(outcomes(effects)).extracting(Outcome::serial).containsExactly(1L);
        Effect last = effects.get(effects.size() - 1);
        assertThat(last).isInstanceOf(Effect.Stop.class);
        FoldFailed failed = (FoldFailed) ((Effect.Stop) last).cause();
        assertThat(failed.group()).isEqualTo("till");
        assertThat(failed.index()).isEqualTo(3);
        assertThat(failed.command()).isEqualTo(Till.Burn.class.getName());
        assertThat(failed).hasMessageContaining("it burns").hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void goesOnFailingAtTheSameEntry() {
        opened();
        feed(proposed(1, 1, 1, new Till.Burn()), proposed(1, 2, 1, new Till.Pay("b")));

        List<Effect> effects = machine.slice();

        assertThat(effects).singleElement().isInstanceOf(Effect.Stop.class);
        assertThat(machine.state()).isEmpty();
    }

    @Test
    void stopsAtACommandThatCannotBeDecodedOrIsNone() {
        Encoded garbage = new Encoded(1, "io.gone.Command", new byte[] {1, 2, 3});
        opened();

        List<Effect> undecodable = feed(new Payload.Proposed(1, 1, 1, garbage));
        Machine<List<String>> other = Till.fresh();
        List<Effect> noCommand =
                other.committed(List.of(entry(1, open(Till.LIFE, "n1")), entry(2, proposed(1, 1, 1, "text"))), true);

        assertThat(only(Effect.Stop.class, undecodable))
                .singleElement()
                .satisfies(stop -> assertThat(stop.cause())
                        .hasMessageContaining("io.gone.Command at index 2 could not be decoded"));
        assertThat(only(Effect.Stop.class, noCommand))
                .singleElement()
                .satisfies(stop -> assertThat(stop.cause()).hasMessageContaining("not a Command"));
    }

    @Test
    void takesEffectOnceAlthoughItsReplyCannotBeEncoded() {
        opened();

        List<Effect> effects = feed(
                proposed(1, 1, 1, new Till.Opaque()),
                proposed(1, 1, 1, new Till.Opaque()),
                proposed(1, 2, 1, new Till.Pay("b")));

        assertThat(machine.state()).containsExactly("opaque", "b");
        assertThat(outcomes(effects)).hasSize(3);
        assertThat(outcomes(effects).get(0)).isEqualTo(outcomes(effects).get(1));
        assertThat(outcomes(effects).get(0).reply()).isInstanceOf(Reply.Unencodable.class);
        assertThat(only(Effect.ReplyLost.class, effects))
                .singleElement()
                .satisfies(lost -> assertThat(lost.index()).isEqualTo(2));
    }

    @Test
    void saysTheSameOfAnUnencodableReplyOnEveryNode() {
        List<Entry> log = List.of(entry(1, open(Till.LIFE, "n1")), entry(2, proposed(1, 1, 1, new Till.Opaque())));
        Machine<List<String>> other = Till.fresh();

        machine.committed(log, true);
        other.committed(log, false);

        assertThat(machine.sessions().contents()).isEqualTo(other.sessions().contents());
        assertThat(machine.sessions().contents().get(0).outcomes()).hasSize(1);
    }

    @Test
    void refusesAReplyThatWouldVanishOnTheWire() {
        opened();

        List<Effect> effects =
                feed(proposed(1, 1, 1, new Till.Fill(200_000)), proposed(1, 2, 1, new Till.Fill(100_000)));

        assertThat(outcomes(effects).get(0).reply())
                .isInstanceOfSatisfying(
                        Reply.Unencodable.class,
                        reply -> assertThat(reply.why()).contains("more than 131072"));
        assertThat(outcomes(effects).get(1).reply()).isInstanceOf(Reply.Replied.class);
        assertThat(machine.state()).containsExactly("fill", "fill");
    }

    @Test
    void splitsAnswersThatWouldVanishOnTheWire() {
        opened();
        Payload[] payloads = new Payload[20];
        for (int serial = 1; serial <= 20; serial++) {
            payloads[serial - 1] = proposed(1, serial, 1, new Till.Fill(serial == 7 ? 125_000 : 20_000));
        }

        List<Effect> effects = feed(payloads);

        assertThat(outcomes(effects)).hasSize(20);
        assertThat(only(Effect.Answer.class, effects))
                .hasSizeBetween(4, 8)
                .allSatisfy(answer -> assertThat(((ClientRpc.Outcomes) answer.message())
                                .outcomes().stream()
                                        .mapToInt(outcome -> ReplyRule.size(outcome.reply()))
                                        .sum())
                        .isLessThanOrEqualTo(131_072));
    }

    @Test
    void batchesAnswersPerGatewayAndSlice() {
        feed(open(Till.LIFE, "n1"), open(Till.OTHER_LIFE, "n2"));
        Payload[] payloads = new Payload[100];
        for (int at = 0; at < 100; at++) {
            payloads[at] = proposed(1 + at % 2, 1 + at / 2, 1, new Till.Pay("p" + at));
        }

        List<Effect> effects = feed(payloads);

        assertThat(only(Effect.Answer.class, effects))
                .extracting(Effect.Answer::node)
                .containsExactly("n1", "n2");
        assertThat(outcomes(effects)).hasSize(100);
    }

    @Test
    void foldsInSlicesSoThatAPulseIsAnsweredInBetween() {
        List<Entry> log = new ArrayList<>();
        for (long index = 1; index <= 2 * Machine.SLICE_ENTRIES + 1; index++) {
            log.add(entry(index, new Payload.NoOp()));
        }

        List<Effect> first = machine.committed(log, true);
        List<Effect> pulse = machine.pulse();
        List<Effect> more = machine.committed(List.of(entry(log.size() + 1, new Payload.NoOp())), true);

        assertThat(first).containsExactly(new Effect.Progressed(256), new Effect.Continue());
        assertThat(pulse).containsExactly(new Effect.Alive(256));
        assertThat(more).isEmpty();
        assertThat(machine.slice()).containsExactly(new Effect.Progressed(512), new Effect.Continue());
        assertThat(machine.slice()).containsExactly(new Effect.Progressed(514));
    }

    @Test
    void readsAtOnceWhatIsApplied() {
        opened();

        assertThat(machine.read(1, NOBODY)).containsExactly(new Effect.Serve(NOBODY, List.of(), 1));
        assertThat(machine.read(0, NOBODY)).containsExactly(new Effect.Serve(NOBODY, List.of(), 1));
    }

    @Test
    void letsAReadWaitUntilItsIndexIsApplied() {
        Reader other = (state, applied) -> {};
        opened();

        assertThat(machine.read(4, other)).isEmpty();
        assertThat(machine.read(3, NOBODY)).isEmpty();

        assertThat(feed(proposed(1, 1, 1, new Till.Pay("a")))).noneMatch(Effect.Serve.class::isInstance);
        assertThat(only(Effect.Serve.class, feed(proposed(1, 2, 1, new Till.Pay("b")))))
                .containsExactly(new Effect.Serve(NOBODY, List.of("a", "b"), 3));
        assertThat(only(Effect.Serve.class, feed(new Payload.NoOp(), new Payload.NoOp())))
                .containsExactly(new Effect.Serve(other, List.of("a", "b"), 5));
    }

    @Test
    void servesReadsOfOneSliceInTheOrderOfTheirIndices() {
        Reader second = (state, applied) -> {};
        Reader third = (state, applied) -> {};
        machine.read(3, third);
        machine.read(2, NOBODY);
        machine.read(2, second);

        List<Effect> effects = feed(new Payload.NoOp(), new Payload.NoOp(), new Payload.NoOp());

        assertThat(only(Effect.Serve.class, effects))
                .extracting(Effect.Serve::reader)
                .containsExactly(NOBODY, second, third);
    }

    @Test
    void timeAndElapsedAdvanceWithEveryEntryAndNeverRunBackwards() {
        machine.committed(
                List.of(
                        new Entry(new EntryId(1, 1), 50_000, open(Till.LIFE, "n1")),
                        new Entry(new EntryId(2, 1), 53_000, new Payload.NoOp()),
                        new Entry(new EntryId(3, 1), 52_000, new Payload.MembersSet(Members.NONE)),
                        new Entry(new EntryId(4, 1), 90_000, new Payload.NoOp())),
                true);

        List<Effect> effects =
                machine.committed(List.of(new Entry(new EntryId(5, 1), 10, proposed(1, 1, 1, new Till.Ask()))), true);

        assertThat(outcomes(effects).get(0).reply()).isEqualTo(new Reply.Replied(encoded("90000 13000")));
    }
}
