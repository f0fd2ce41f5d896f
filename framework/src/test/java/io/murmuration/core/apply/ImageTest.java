package io.murmuration.core.apply;

import static io.murmuration.core.apply.Till.drained;
import static io.murmuration.core.apply.Till.entry;
import static io.murmuration.core.apply.Till.only;
import static io.murmuration.core.apply.Till.open;
import static io.murmuration.core.apply.Till.proposed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.core.model.Entry;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Machine is at an index: when it is taken, and that a restored Machine goes on as the one it was taken of. */
class ImageTest {
    private static final UUID GROUP = new UUID(9, 9);
    private static final Reader NOBODY = (state, applied) -> {};
    private static final MachineSettings SMALL = MachineSettings.DEFAULT.withSnapshotBytes(1_000);

    private static List<Entry> noOps(long from, int count) {
        List<Entry> entries = new ArrayList<>();
        for (int at = 0; at < count; at++) {
            entries.add(entry(from + at, new Payload.NoOp()));
        }
        return entries;
    }

    /** The image of a machine that was fed so many entries. */
    private static Image<?> imageAt(int index) {
        Machine<List<String>> machine = Till.fresh();
        List<Entry> log = new ArrayList<>(List.of(
                entry(1, open(Till.LIFE, "n1")),
                entry(2, new Payload.MembersSet(Members.voting(List.of(Till.SELF)))),
                entry(3, proposed(1, 1, 1, new Till.Note()))));
        log.addAll(noOps(4, index - 3));
        drained(machine, machine.committed(log, true));
        return only(Effect.Take.class, machine.snapshotNow()).get(0).image();
    }

    private static Image<?> travelled(Image<?> image) {
        return Image.of(image.encoded(GROUP, Till.CODEC, 1 << 20), Till.CODEC);
    }

    @Test
    void holdsAllThatTheMachineIs() {
        Image<?> image = imageAt(5);

        assertThat(image.last()).isEqualTo(entry(5, new Payload.NoOp()).id());
        assertThat(image.members()).as("in force at its index [C2]").isEqualTo(Members.voting(List.of(Till.SELF)));
        assertThat(image.time()).isEqualTo(new LogTime(5_000, 4_000));
        assertThat(image.sessions().open()).hasSize(1);
        assertThat((List<?>) image.state()).hasSize(1);
        assertThat(image.encoded(GROUP, Till.CODEC, 1 << 20).group()).isEqualTo(GROUP);
        assertThat(travelled(image)).isEqualTo(image);
    }

    @Test
    void isTakenBySizeAndNeverTwoAtATime() {
        Machine<List<String>> machine = Till.fresh(SMALL);

        assertThat(only(Effect.Take.class, machine.committed(noOps(1, 12), true)))
                .isEmpty();
        assertThat(only(Effect.Take.class, machine.committed(noOps(13, 1), true)))
                .singleElement()
                .satisfies(take -> assertThat(take.image().last().index()).isEqualTo(13));
        assertThat(only(Effect.Take.class, machine.committed(noOps(14, 20), true)))
                .isEmpty();
        assertThat(only(Effect.Take.class, machine.snapshotEnded(13, true)))
                .singleElement()
                .satisfies(take -> assertThat(take.image().last().index()).isEqualTo(33));
        assertThat(machine.snapshotEnded(13, true)).as("a late answer").isEmpty();
    }

    @Test
    void waitsForAsManyBytesAgainAfterAFailure() {
        Machine<List<String>> machine = Till.fresh(SMALL);
        machine.committed(noOps(1, 13), true);
        machine.committed(noOps(14, 50), true);

        assertThat(machine.snapshotEnded(13, false)).isEmpty();
        assertThat(only(Effect.Take.class, machine.committed(noOps(64, 12), true)))
                .isEmpty();
        assertThat(only(Effect.Take.class, machine.committed(noOps(76, 1), true)))
                .hasSize(1);
    }

    @Test
    void isTakenOnRequestUnlessThereIsNothingNew() {
        Machine<List<String>> machine = Till.fresh();
        assertThat(machine.snapshotNow()).as("before the first entry").isEmpty();
        machine.committed(noOps(1, 2), true);

        assertThat(machine.snapshotNow()).hasSize(1);
        machine.committed(noOps(3, 1), true);
        assertThat(machine.snapshotNow()).as("one is running").isEmpty();
        assertThat(only(Effect.Take.class, machine.snapshotEnded(2, true)))
                .singleElement()
                .satisfies(take -> assertThat(take.image().last().index()).isEqualTo(3));
        machine.snapshotEnded(3, true);
        assertThat(machine.snapshotNow()).as("it is held already").isEmpty();
    }

    @Test
    void neverChangesAfterItWasTaken() {
        Machine<List<String>> machine = Till.fresh();
        machine.committed(List.of(entry(1, open(Till.LIFE, "n1"))), true);
        Image<?> image = only(Effect.Take.class, machine.snapshotNow()).get(0).image();

        machine.committed(List.of(entry(2, proposed(1, 1, 1, new Till.Pay("later")))), true);

        assertThat((List<?>) image.state()).isEmpty();
        assertThat(image.sessions().open().get(0).outcomes()).isEmpty();
    }

    @Test
    void aMachineStartsFromAnImage() {
        Image<?> image = imageAt(5);

        Machine<List<String>> machine = Machine.restored(Till.blueprint(Till.SELF, SMALL), travelled(image));

        assertThat(machine.start()).containsExactly(new Effect.Ready(5));
        assertThat(only(Effect.Progressed.class, machine.committed(noOps(6, 1), true)))
                .containsExactly(new Effect.Progressed(6));
        assertThatThrownBy(() -> machine.committed(noOps(8, 1), true)).isInstanceOf(InvariantViolation.class);
    }

    @Test
    void aMachineWithoutAStateWaitsForOne() {
        Machine<List<String>> machine = Machine.withoutState(Till.blueprint(Till.SELF, SMALL));

        assertThat(machine.start()).isEmpty();
        assertThat(machine.pulse()).containsExactly(new Effect.Alive(0));
        assertThat(machine.read(0, NOBODY)).isEmpty();
        assertThat(machine.read(9, NOBODY)).isEmpty();
        assertThat(machine.snapshotNow()).isEmpty();
        assertThatThrownBy(() -> machine.committed(noOps(1, 1), true)).isInstanceOf(InvariantViolation.class);

        List<Effect> effects = machine.restore(imageAt(5));
        assertThat(effects).containsExactly(new Effect.Ready(5), new Effect.Serve(NOBODY, machine.state(), 5));
        assertThat(only(Effect.Serve.class, machine.committed(noOps(6, 4), true)))
                .containsExactly(new Effect.Serve(NOBODY, machine.state(), 9));
    }

    @Test
    void isReplacedByASnapshotThatIsAhead() {
        Machine<List<String>> machine = Till.fresh();
        machine.committed(noOps(1, 2 * Machine.SLICE_ENTRIES), true);
        machine.read(600, NOBODY);

        assertThat(machine.restore(imageAt(700)))
                .containsExactly(new Effect.Ready(700), new Effect.Serve(NOBODY, machine.state(), 700));

        assertThat(machine.slice()).as("a slice that was on its way").isEmpty();
        assertThat(machine.committed(noOps(701, 1), true)).contains(new Effect.Progressed(701));
    }

    @Test
    void neverFallsBack() {
        Machine<List<String>> machine = Till.fresh();
        machine.committed(noOps(1, 5), true);

        assertThatThrownBy(() -> machine.restore(imageAt(5)))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("never falls");
        assertThatThrownBy(() -> machine.restore(imageAt(4))).isInstanceOf(InvariantViolation.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aMachineThatWentThroughSnapshotsIsEqualInAllItDoes(long block) {
        int dropped = 0;
        for (long seed = block * 40; seed < (block + 1) * 40; seed++) {
            Random random = new Random(seed);
            MachineSettings settings = MachineSettings.DEFAULT
                    .withHashEvery(1 + random.nextInt(40))
                    .withSessions(new Sessions.Bounds(4, 4_000, Duration.ofSeconds(40)));
            Machine<List<String>> plain = Till.fresh(settings);
            Machine<List<String>> restored = Till.fresh(settings);
            for (Entry entry : history(random)) {
                if (random.nextInt(12) == 0) {
                    Image<?> image = travelled(imageOf(restored));
                    restored = Machine.restored(Till.blueprint(Till.SELF, settings), image);
                }

                List<Effect> expected = plain.committed(List.of(entry), true);
                List<Effect> told = restored.committed(List.of(entry), true);

                assertThat(told).as("seed %s at %s", seed, entry).isEqualTo(expected);
                assertThat(restored.sessions().table())
                        .as("seed %s at %s", seed, entry)
                        .isEqualTo(plain.sessions().table());
                assertThat(restored.sessions().bytes())
                        .isEqualTo(plain.sessions().bytes());
                assertThat(restored.chain()).as("seed %s at %s", seed, entry).isEqualTo(plain.chain());
                assertThat(restored.time()).isEqualTo(plain.time());
                assertThat(restored.members()).isEqualTo(plain.members());
                assertThat(restored.state()).isEqualTo(plain.state());
            }
            dropped += plain.sessions().table().gone().size();
        }
        assertThat(dropped).as("sessions that ended").isGreaterThan(40);
    }

    private static Image<?> imageOf(Machine<?> machine) {
        return new Image<>(
                machine.applied(),
                machine.members(),
                machine.time(),
                Till.SHAPE,
                machine.chain(),
                machine.sessions().table(),
                machine.state());
    }

    /** Leaders' clocks jump, sessions are opened, used, left alone and used again. */
    private static List<Entry> history(Random random) {
        List<Entry> log = new ArrayList<>();
        List<Long> sessions = new ArrayList<>();
        long clock = 1_000_000;
        for (long index = 1; index <= 250; index++) {
            clock += random.nextInt(30) == 0 ? random.nextInt(200_000) - 100_000 : random.nextInt(3_000);
            Payload payload = new Payload.NoOp();
            int dice = random.nextInt(20);
            if (sessions.isEmpty() || dice == 0) {
                payload = open(new UUID(0, random.nextInt(8)), "n" + random.nextInt(3));
                sessions.add(index);
            } else if (dice < 17) {
                long session = sessions.get(sessions.size() - 1 - random.nextInt(Math.min(6, sessions.size())));
                long serial = 1L + random.nextInt(30);
                Object command = random.nextInt(3) == 0 ? new Till.Note() : new Till.Pay(session + "-" + serial);
                payload = proposed(session, serial, Math.max(1, serial - random.nextInt(20)), command);
            } else if (dice == 18) {
                payload = new Payload.MembersSet(Members.voting(List.of(Till.SELF)));
            }
            log.add(new Entry(entry(index, payload).id(), clock, payload));
        }
        return log;
    }
}
