package io.murmuration.core.apply;

import static io.murmuration.core.apply.Till.SECOND;
import static io.murmuration.core.apply.Till.SELF;
import static io.murmuration.core.apply.Till.THIRD;
import static io.murmuration.core.apply.Till.entry;
import static io.murmuration.core.apply.Till.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.Entry;
import io.murmuration.core.model.MachineRpc.OutcomeHash;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Payload;
import io.murmuration.core.model.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Who differs from a majority stops; without a majority nobody does [B10]. */
class AgreementTest {
    private final List<Effect> out = new ArrayList<>();
    private final Agreement agreement = fresh();

    /** With epochs of 640 entries. */
    private static Agreement fresh() {
        return new Agreement(Till.blueprint(SELF, MachineSettings.DEFAULT.withHashEvery(10)));
    }

    private static OutcomeHash hash(long index, long chain) {
        return new OutcomeHash(index, Till.SHAPE, chain);
    }

    private Diverged own(long index, long chain) {
        return agreement.own(hash(index, chain), Till.MEMBERS, out);
    }

    private Diverged says(Peer peer, long index, long chain) {
        return agreement.reported(peer, hash(index, chain), out);
    }

    /** A report of a member that encodes replies otherwise. */
    private Diverged saysOtherwise(Peer peer, long index, long chain) {
        return agreement.reported(peer, new OutcomeHash(index, Till.SHAPE + 1, chain), out);
    }

    @Test
    void goesOnWithTheMajority() {
        assertThat(own(10, 7)).isNull();
        assertThat(says(SECOND, 10, 7)).isNull();
        assertThat(says(THIRD, 10, 8)).as("the other one stops itself").isNull();
        assertThat(out).isEmpty();
    }

    @Test
    void stopsWhereAMajoritySaysOtherwise() {
        own(10, 7);
        says(SECOND, 10, 7);
        own(20, 7);

        assertThat(says(SECOND, 20, 8)).as("one is no majority").isNull();
        Diverged diverged = says(THIRD, 20, 8);

        assertThat(diverged)
                .hasMessageContaining("after index 10, where they agreed, and by index 20")
                .hasMessageContaining("hash to 0000000000000007")
                .hasMessageContaining("of the majority to 0000000000000008")
                .hasMessageContaining("n2#0000: 0000000000000008, n3#0000: 0000000000000008")
                .hasMessageContaining("seed this replica anew");
        assertThat(diverged.index()).isEqualTo(20);
    }

    @Test
    void judgesWhenItReachesAnIndexThatWasReportedBefore() {
        assertThat(says(SECOND, 10, 8)).isNull();
        assertThat(says(THIRD, 10, 8)).isNull();

        assertThat(own(10, 7)).isNotNull();
    }

    @Test
    void countsNobodyButTheVotersAtThatIndex() {
        Peer formerDisk = new Peer("n3", new UUID(5, 5));
        Peer stranger = new Peer("n9", new UUID(0, 9));
        own(10, 7);

        assertThat(says(SECOND, 10, 8)).isNull();
        assertThat(says(formerDisk, 10, 8)).isNull();
        assertThat(says(stranger, 10, 8)).isNull();
        assertThat(says(SELF, 10, 8)).as("an echo").isNull();
        assertThat(out).isEmpty();
    }

    @Test
    void needsBothMajoritiesWhileMembersChange() {
        Peer fourth = new Peer("n4", new UUID(0, 4));
        Peer fifth = new Peer("n5", new UUID(0, 5));
        Members joint = new Members(List.of(SELF, fourth, fifth), List.of(SELF, SECOND, THIRD), List.of());
        agreement.own(hash(10, 7), joint, out);

        assertThat(says(fourth, 10, 8)).isNull();
        assertThat(says(fifth, 10, 8)).as("the new members alone").isNull();
        assertThat(says(SECOND, 10, 8)).isNull();

        assertThat(says(THIRD, 10, 8)).isNotNull();
    }

    @Test
    void aLearnerJudgesItselfToo() {
        Members members = new Members(List.of(SECOND, THIRD), List.of(), List.of(SELF));
        agreement.own(hash(10, 7), members, out);

        assertThat(says(SECOND, 10, 8)).isNull();
        assertThat(says(THIRD, 10, 8)).isNotNull();
    }

    @Test
    void withoutAMajorityAllWarnOnceAndNobodyStops() {
        for (long index = 10; index <= 30; index += 10) {
            assertThat(own(index, 7)).isNull();
            assertThat(says(SECOND, index, 8)).isNull();
            assertThat(says(THIRD, index, 9)).isNull();
        }

        assertThat(out)
                .singleElement()
                .isInstanceOfSatisfying(
                        Effect.Warn.class,
                        warn -> assertThat(warn.sentence())
                                .contains("no value is that of a majority")
                                .contains("n2#0000: 0000000000000008"));
    }

    @Test
    void saysNothingWhileTheOthersMayStillAgree() {
        own(10, 7);
        says(SECOND, 10, 8);

        assertThat(out).isEmpty();
    }

    @Test
    void warnsInTheEndIfWhoIsMissingNeverReports() {
        own(10, 7);
        says(SECOND, 10, 8);
        for (int more = 1; more <= Agreement.OWN_MAX; more++) {
            own(10 + more, 7);
        }

        assertThat(only(Effect.Warn.class, out)).hasSize(1);
    }

    @Test
    void ignoresWhatComesTooLate() {
        for (int index = 1; index <= Agreement.OWN_MAX + 1; index++) {
            own(index, 7);
        }

        assertThat(says(SECOND, 1, 8)).isNull();
        assertThat(says(THIRD, 1, 8)).as("it is forgotten").isNull();
        assertThat(says(SECOND, 2, 8)).isNull();
        assertThat(says(THIRD, 2, 8)).as("it is remembered").isNotNull();
    }

    @Test
    void skipsIndicesForWhichItHasNoValue() {
        says(SECOND, 10, 8);
        says(THIRD, 10, 8);
        agreement.restored(15);

        assertThat(says(SECOND, 12, 8)).isNull();
        assertThat(own(20, 7)).isNull();
        assertThat(says(SECOND, 10, 8)).isNull();
        assertThat(says(THIRD, 10, 8)).isNull();
        assertThat(out).isEmpty();
    }

    @Test
    void judgesNothingOfAStateThatWasReplaced() {
        own(10, 7);
        agreement.restored(15);

        assertThat(says(SECOND, 10, 8)).isNull();
        assertThat(says(THIRD, 10, 8)).isNull();
    }

    @Test
    void hearsNothingOfWhoEncodesRepliesOtherwise() {
        own(10, 7);

        assertThat(saysOtherwise(SECOND, 10, 8)).isNull();
        assertThat(saysOtherwise(THIRD, 10, 8)).as("two of another version").isNull();
        for (int more = 1; more <= Agreement.OWN_MAX; more++) {
            own(10 + more, 7);
        }
        assertThat(out).isEmpty();
    }

    @Test
    void aMajorityIsOneOfAllVotersWhoeverIsComparable() {
        own(10, 7);

        assertThat(saysOtherwise(SECOND, 10, 8)).isNull();
        assertThat(says(THIRD, 10, 8)).as("the only other one of this version").isNull();
        assertThat(says(SECOND, 10, 8)).isNotNull();
    }

    @Test
    void whatItPassesWithoutAValueTakesNoRoom() {
        for (int index = 1; index <= Agreement.AHEAD_MAX; index++) {
            says(SECOND, index, 8);
            says(THIRD, index, 8);
        }
        agreement.passed(Agreement.AHEAD_MAX);

        says(SECOND, 100, 8);
        says(THIRD, 100, 8);

        assertThat(own(100, 7)).isNotNull();
    }

    private void agree(long index) {
        own(index, 7);
        says(SECOND, index, 7);
    }

    private Diverged differ(long index) {
        own(index, 7);
        says(SECOND, index, 8);
        return says(THIRD, index, 8);
    }

    @Test
    void tellsNoEarlierAgreementThanOneOfTheSameEpoch() {
        agree(630);

        assertThat(differ(660))
                .as("what came about before 640 is not in this value")
                .hasMessageContaining("after index 640, where all begin to compare anew, and by index 660:")
                .message()
                .doesNotContain("agreed");
    }

    @Test
    void anAgreementAtTheEndOfAnEpochCountsForTheNext() {
        agree(640);

        assertThat(differ(660)).hasMessageContaining("after index 640, where they agreed, and by index 660:");
    }

    @Test
    void aLaterAgreementSaysNothingOfAnEarlierEpoch() {
        own(640, 7);
        agree(650);
        says(SECOND, 640, 8);

        assertThat(says(THIRD, 640, 8))
                .hasMessageContaining("after index 0, where all begin to compare anew, and by index 640:");
    }

    @Test
    void saysThatASnapshotMayHaveBroughtTheDifference() {
        agree(650);
        agreement.restored(660);

        assertThat(differ(670))
                .hasMessageContaining("after index 640, where all begin to compare anew, and by index 670 (this replica"
                        + " started at index 660 and took over from a snapshot what came up to there)");
        assertThat(differ(1_290))
                .as("the snapshot is no part of it")
                .hasMessageContaining("after index 1,280, where all begin to compare anew, and by index 1,290:");
    }

    @Test
    void remembersTheLowestOfTooManyReports() {
        for (int index = 2 * Agreement.AHEAD_MAX; index >= 1; index--) {
            says(SECOND, index, 8);
            says(THIRD, index, 8);
        }

        assertThat(own(Agreement.AHEAD_MAX + 1, 7))
                .as("there was no room for it")
                .isNull();
        says(SECOND, Agreement.AHEAD_MAX + 2, 8);
        says(THIRD, Agreement.AHEAD_MAX + 2, 8);
        assertThat(own(Agreement.AHEAD_MAX + 2, 7)).isNotNull();
        Agreement other = fresh();
        for (int index = 1; index <= 2 * Agreement.AHEAD_MAX; index++) {
            other.reported(SECOND, hash(index, 8), out);
            other.reported(THIRD, hash(index, 8), out);
        }
        assertThat(other.own(hash(Agreement.AHEAD_MAX, 7), Till.MEMBERS, out)).isNotNull();
    }

    @Test
    void aGroupWithoutVotersAgreesOnNothing() {
        assertThat(agreement.own(hash(10, 7), Members.NONE, out)).isNull();
        assertThat(says(SECOND, 10, 8)).isNull();
        assertThat(out).isEmpty();
    }

    @Test
    void aMachineReportsAtFixedIndicesAndStopsBeforeItAnswers() {
        Machine<List<String>> machine = Till.fresh(MachineSettings.DEFAULT.withHashEvery(3));
        List<Entry> log = new ArrayList<>(List.of(
                entry(1, Till.open(Till.LIFE, "n1")),
                entry(2, Till.proposed(1, 1, 1, new Till.Pay("a"))),
                entry(3, new Payload.NoOp())));

        List<Effect> effects = machine.committed(log, true);
        assertThat(only(Effect.Report.class, effects))
                .containsExactly(new Effect.Report(hash(3, machine.chain()), Till.MEMBERS));
        assertThat(machine.reported(SECOND, hash(6, 8))).isEmpty();
        assertThat(machine.reported(THIRD, hash(6, 8))).isEmpty();
        List<Effect> last = machine.committed(
                List.of(
                        entry(4, Till.proposed(1, 2, 1, new Till.Pay("b"))),
                        entry(5, new Payload.NoOp()),
                        entry(6, new Payload.NoOp()),
                        entry(7, new Payload.NoOp())),
                true);

        assertThat(only(Effect.Answer.class, last))
                .as("answers of a diverged state")
                .isEmpty();
        assertThat(last.get(last.size() - 1))
                .isInstanceOfSatisfying(
                        Effect.Stop.class, stop -> assertThat(stop.cause()).isInstanceOf(Diverged.class));
        assertThat(machine.applied().index()).isEqualTo(6);
    }
}
