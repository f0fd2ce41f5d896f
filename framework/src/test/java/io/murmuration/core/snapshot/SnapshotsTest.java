package io.murmuration.core.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.core.model.Blocks;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.SnapshotRpc.Held;
import io.murmuration.core.model.SnapshotRpc.SnapshotArrived;
import io.murmuration.core.model.SnapshotRpc.SnapshotChunk;
import io.murmuration.core.model.SnapshotRpc.SnapshotGone;
import io.murmuration.core.model.SnapshotRpc.SnapshotHeld;
import io.murmuration.core.model.SnapshotRpc.SnapshotId;
import io.murmuration.core.model.SnapshotRpc.SnapshotPull;
import io.murmuration.core.model.SnapshotRpc.SnapshotWanted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SnapshotsTest {
    private static final Peer SELF = new Peer("n1", new UUID(1, 1));
    private static final Peer N2 = new Peer("n2", new UUID(2, 2));
    private static final Peer N3 = new Peer("n3", new UUID(3, 3));
    private static final long T = Duration.ofMillis(500).toNanos();
    private static final SnapshotSettings SETTINGS = new SnapshotSettings(4, Duration.ofMillis(500), 100);
    private static final Blocks TEN = Blocks.of(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});

    private final Snapshots core = new Snapshots(SELF, SETTINGS, null);
    private long now = -3 * T;

    private static EntryId at(long index) {
        return new EntryId(index, 2);
    }

    private static Held held(Peer holder, long index, Blocks bytes) {
        return new Held(new SnapshotId(holder, index, bytes.checksum()), at(index), bytes.size());
    }

    private static SnapshotChunk chunk(Held held, long from, long to, Blocks bytes) {
        return new SnapshotChunk(held.id(), from, bytes.slice(from, to), to == bytes.size());
    }

    private static Effect.Send pull(Held held, long offset) {
        return new Effect.Send(held.id().holder().node(), new SnapshotPull(held.id(), offset));
    }

    /** What a puller of the whole is sent, one chunk after the other. */
    private List<Effect> feed(Held held, Blocks bytes) {
        List<Effect> effects = List.of();
        for (long from = 0; from < bytes.size(); from += 4) {
            effects = core.receive(held.id().holder(), chunk(held, from, Math.min(from + 4, bytes.size()), bytes), now);
        }
        return effects;
    }

    /** A snapshot of its own, durable. */
    private Held own(long index, Blocks bytes) {
        core.taken("image", at(index));
        core.encoded(at(index), bytes, bytes.checksum());
        core.saved(index);
        return held(SELF, index, bytes);
    }

    private static Effect only(List<Effect> effects) {
        assertThat(effects).hasSize(1);
        return effects.get(0);
    }

    @Test
    void tellsMachineAndLogOfItsOwnSnapshotOnlyWhenItIsDurable() {
        assertThat(core.taken("image", at(5))).containsExactly(new Effect.Encode("image", at(5)));

        Effect.Save save = (Effect.Save) only(core.encoded(at(5), TEN, TEN.checksum()));

        assertThat(save.last()).isEqualTo(at(5));
        assertThat(save.bytes()).isSameAs(TEN);
        assertThat(core.newest()).isNull();
        assertThat(core.saved(5))
                .containsExactly(new Effect.TakeEnded(5, true), new Effect.Compact(held(SELF, 5, TEN)));
        assertThat(core.newest()).isEqualTo(held(SELF, 5, TEN));
    }

    @Test
    void letsTheMachineGoOnWhenItsSnapshotFails() {
        assertThat(core.encodingFailed(at(5), "no serializer"))
                .containsExactly(
                        new Effect.Warn("The snapshot at 5@2 is not kept: no serializer."),
                        new Effect.TakeEnded(5, false));
        core.encoded(at(6), TEN, 0);

        List<Effect> failed = core.saveFailed(6, "disk full", now);

        assertThat(failed.get(0)).isInstanceOf(Effect.Warn.class);
        assertThat(failed.subList(1, failed.size())).containsExactly(new Effect.TakeEnded(6, false));
        assertThat(core.newest()).isNull();
    }

    @Test
    void keepsNoSnapshotThatIsTooLarge() {
        List<Effect> effects = core.encoded(at(5), Blocks.of(new byte[101]), 0);

        assertThat(effects.get(0).toString()).contains("101 bytes", "snapshot-bytes-max (100)", "raise");
        assertThat(effects.get(1)).isEqualTo(new Effect.TakeEnded(5, false));
    }

    @Test
    void savesNothingAtAnIndexThatItHoldsAlready() {
        own(5, TEN);

        assertThat(core.taken("again", at(5)))
                .containsExactly(new Effect.TakeEnded(5, true), new Effect.Compact(held(SELF, 5, TEN)));
        assertThat(core.encoded(at(5), Blocks.of(new byte[] {9}), 9))
                .containsExactly(new Effect.TakeEnded(5, true), new Effect.Compact(held(SELF, 5, TEN)));
        assertThat(core.newest()).isEqualTo(held(SELF, 5, TEN));
    }

    @Test
    void savesOneAtATime() {
        Held offer = held(N2, 8, TEN);
        core.encoded(at(5), Blocks.of(new byte[] {5}), 5);
        core.fetch(offer, now);
        feed(offer, TEN);

        assertThat(core.decoded(at(8), Members.NONE, "pulled", now)).isEmpty();
        assertThat(core.saved(5)).hasSize(3).last().isInstanceOf(Effect.Save.class);
        assertThat(core.saved(8)).containsExactly(new Effect.Install(at(8), Members.NONE, "pulled"));
    }

    @Test
    void refusesAnAnswerToASaveThatIsNotInFlight() {
        assertThatThrownBy(() -> core.saved(5)).isInstanceOf(InvariantViolation.class);
        core.encoded(at(5), TEN, 0);
        assertThatThrownBy(() -> core.saved(6)).isInstanceOf(InvariantViolation.class);
    }

    @Test
    void deletesOldOnesOnlyOnceTheLogCoversANewerOneThatIsDurable() {
        own(5, TEN);
        core.covered(5);
        core.encoded(at(9), TEN, TEN.checksum());

        assertThat(core.saved(9)).doesNotHaveAnyElementsOfTypes(Effect.DeleteBelow.class);
        assertThat(core.covered(9)).containsExactly(new Effect.DeleteBelow(9));
    }

    @Test
    void neverDeletesTheNewestThatIsDurable() {
        assertThat(core.covered(7)).isEmpty();
        core.encoded(at(5), TEN, 0);

        assertThat(core.saved(5)).contains(new Effect.DeleteBelow(5));
    }

    @Test
    void pullsChunkByChunkThenDecodesThenSavesThenInstalls() {
        Held offer = held(N2, 5, TEN);

        assertThat(core.fetch(offer, now)).containsExactly(pull(offer, 0));
        assertThat(core.receive(N2, chunk(offer, 0, 4, TEN), now)).containsExactly(pull(offer, 4));
        assertThat(core.receive(N2, chunk(offer, 4, 8, TEN), now)).containsExactly(pull(offer, 8));
        List<Effect> arrived = core.receive(N2, chunk(offer, 8, 10, TEN), now);
        assertThat(((Effect.Decode) arrived.get(0)).bytes()).isEqualTo(TEN);
        assertThat(arrived).hasSize(2).contains(new Effect.Send("n2", new SnapshotArrived(offer.id())));
        Effect.Save save = (Effect.Save) only(core.decoded(at(5), Members.NONE, "image", now));
        assertThat(save.bytes()).isEqualTo(TEN);
        assertThat(core.saved(5)).containsExactly(new Effect.Install(at(5), Members.NONE, "image"));
        assertThat(core.newest()).isEqualTo(held(SELF, 5, TEN));
        assertThat(core.installed(5)).containsExactly(new Effect.Compact(held(SELF, 5, TEN)));
        assertThat(core.wakeAt()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void ignoresLateDoubledAndForeignChunks() {
        Held offer = held(N2, 5, TEN);
        core.fetch(offer, now);
        core.receive(N2, chunk(offer, 0, 4, TEN), now);

        assertThat(core.receive(N2, chunk(offer, 0, 4, TEN), now)).isEmpty();
        assertThat(core.receive(N2, chunk(offer, 8, 10, TEN), now)).isEmpty();
        assertThat(core.receive(N3, chunk(offer, 4, 8, TEN), now)).isEmpty();
        assertThat(core.receive(N2, chunk(held(N2, 6, TEN), 4, 8, TEN), now)).isEmpty();
        assertThat(core.receive(N2, new SnapshotChunk(offer.id(), 4, Blocks.of(), false), now))
                .isEmpty();
        assertThat(core.receive(N2, chunk(offer, 4, 8, TEN), now)).containsExactly(pull(offer, 8));
    }

    @Test
    void asksAgainAtItsOffsetWhenNothingComesAndWaitsLongerEachTime() {
        Held offer = held(N2, 5, TEN);
        core.fetch(offer, now);
        core.receive(N2, chunk(offer, 0, 4, TEN), now);
        List<Long> waits = new ArrayList<>();

        for (int i = 0; i < 6; i++) {
            waits.add((core.wakeAt() - now) / T);
            now = core.wakeAt();
            assertThat(core.wake(now - 1)).isEmpty();
            assertThat(core.wake(now)).containsExactly(pull(offer, 4));
        }

        assertThat(waits).containsExactly(1L, 2L, 4L, 8L, 8L, 8L);
    }

    @Test
    void ignoresOtherOffersWhileItMakesProgress() {
        Held first = held(N2, 5, TEN);
        Held second = held(N3, 7, TEN);
        core.fetch(first, now);

        assertThat(core.fetch(second, now + 9 * T)).isEmpty();
        core.receive(N2, chunk(first, 0, 4, TEN), now + 9 * T);
        assertThat(core.fetch(second, now + 18 * T)).isEmpty();
        assertThat(core.fetch(second, now + 19 * T)).containsExactly(pull(second, 0));
        assertThat(core.receive(N2, chunk(first, 4, 8, TEN), now + 19 * T)).isEmpty();
    }

    @Test
    void resumesTheSameSnapshotAfterALongSilence() {
        Held offer = held(N2, 5, TEN);
        core.fetch(offer, now);
        core.receive(N2, chunk(offer, 0, 4, TEN), now);

        assertThat(core.fetch(offer, now + 50 * T)).isEmpty();
        assertThat(core.receive(N2, chunk(offer, 4, 8, TEN), now + 50 * T)).containsExactly(pull(offer, 8));
    }

    @Test
    void givesItsMemoryBackWhenTheHolderStaysAway() {
        Held offer = held(N2, 5, TEN);
        core.fetch(offer, now);
        core.receive(N2, chunk(offer, 0, 4, TEN), now);

        core.wake(now + Intake.ABANDONED_TIMEOUTS * T);

        assertThat(core.wakeAt()).isEqualTo(Long.MAX_VALUE);
        assertThat(core.fetch(offer, now + 121 * T)).containsExactly(pull(offer, 0));
    }

    @Test
    void startsAnewAtZeroWhenTheHolderNoLongerHasIt() {
        Held first = held(N2, 5, TEN);
        Held second = held(N2, 7, TEN);
        core.fetch(first, now);
        core.receive(N2, chunk(first, 0, 4, TEN), now);

        core.receive(N3, new SnapshotGone(first.id()), now);
        assertThat(core.fetch(second, now)).isEmpty();
        core.receive(N2, new SnapshotGone(second.id()), now);
        assertThat(core.fetch(second, now)).isEmpty();
        core.receive(N2, new SnapshotGone(first.id()), now);
        assertThat(core.fetch(second, now)).containsExactly(pull(second, 0));
    }

    @Test
    void throwsAwayWhatHasAWrongChecksum() {
        Held offer = held(N2, 5, TEN);
        Blocks other = Blocks.of(new byte[] {0, 1, 2, 2, 4, 5, 6, 7, 8, 9});
        core.fetch(offer, now);

        Effect last = only(feed(offer, other));

        assertThat(last.toString()).contains("checksum", "asked for anew");
        assertThat(core.fetch(offer, now)).containsExactly(pull(offer, 0));
    }

    @Test
    void throwsAwayWhatHasAnotherSizeThanOffered() {
        Held offer = held(N2, 5, TEN);
        core.fetch(offer, now);
        assertThat(only(core.receive(N2, new SnapshotChunk(offer.id(), 0, Blocks.of(new byte[4]), true), now)))
                .isInstanceOf(Effect.Warn.class);
        core.fetch(offer, now);
        assertThat(only(core.receive(N2, new SnapshotChunk(offer.id(), 0, Blocks.of(new byte[10]), false), now)))
                .isInstanceOf(Effect.Warn.class);
        core.fetch(offer, now);
        assertThat(only(core.receive(N2, new SnapshotChunk(offer.id(), 0, Blocks.of(new byte[11]), true), now)))
                .isInstanceOf(Effect.Warn.class);
    }

    @Test
    void refusesWhatDecodesToAnotherEntryThanOffered() {
        Held offer = held(N2, 5, TEN);
        core.fetch(offer, now);
        feed(offer, TEN);

        Effect refused = only(core.decoded(new EntryId(5, 1), Members.NONE, "image", now));

        assertThat(refused.toString()).contains("5@2", "5@1", "not installed");
        assertThat(core.fetch(offer, now + 99 * T)).isEmpty();
        assertThat(core.fetch(offer, now + 100 * T)).containsExactly(pull(offer, 0));
    }

    @Test
    void complainsOnceAboutWhatItCannotDecodeAndTakesAnotherOne() {
        Held offer = held(N2, 5, TEN);
        core.fetch(offer, now);
        feed(offer, TEN);

        assertThat(only(core.undecodable("class Till is unknown", now)).toString())
                .contains("class Till is unknown", "same version");
        assertThat(core.fetch(offer, now)).isEmpty();
        assertThat(core.fetch(held(N2, 6, TEN), now)).hasSize(1);
    }

    @Test
    void refusesASnapshotThatIsTooLargeWithoutPullingIt() {
        Held large = held(N2, 5, Blocks.of(new byte[101]));

        assertThat(only(core.fetch(large, now)).toString()).contains("101 bytes", "snapshot-bytes-max (100)");
        assertThat(core.fetch(large, now)).isEmpty();
    }

    @Test
    void ignoresOffersThatMakeNoSense() {
        assertThat(core.fetch(new Held(held(N2, 5, TEN).id(), at(6), 10), now)).isEmpty();
        assertThat(core.fetch(new Held(held(N2, 5, TEN).id(), at(5), 0), now)).isEmpty();
        assertThat(core.fetch(held(new Peer("n1", new UUID(9, 9)), 5, TEN), now))
                .isEmpty();
    }

    @Test
    void installsWhatIsPulledWithoutSavingItOverADurableOne() {
        own(9, TEN);
        Held offer = held(N2, 8, TEN);
        core.fetch(offer, now);
        feed(offer, TEN);

        assertThat(core.decoded(at(8), Members.NONE, "image", now))
                .containsExactly(new Effect.Install(at(8), Members.NONE, "image"));
        assertThat(core.newest()).isEqualTo(held(SELF, 9, TEN));
    }

    @Test
    void triesAgainLaterWhenAPulledSnapshotCannotBeSaved() {
        Held offer = held(N2, 5, TEN);
        core.fetch(offer, now);
        feed(offer, TEN);
        core.decoded(at(5), Members.NONE, "image", now);

        assertThat(only(core.saveFailed(5, "disk full", now)).toString()).contains("disk full");
        assertThat(core.newest()).isNull();
        assertThat(core.fetch(offer, now + 10 * T - 1)).isEmpty();
        assertThat(core.fetch(offer, now + 10 * T)).containsExactly(pull(offer, 0));
    }

    @Test
    void takesNoOtherOfferBeforeTheLogHasAnswered() {
        Held offer = held(N2, 5, TEN);
        core.fetch(offer, now);
        feed(offer, TEN);
        core.decoded(at(5), Members.NONE, "image", now);
        core.saved(5);

        assertThat(core.fetch(held(N2, 7, TEN), now + 500 * T)).isEmpty();
        core.unneeded(4);
        assertThat(core.fetch(held(N2, 7, TEN), now + 500 * T)).isEmpty();
        core.unneeded(5);
        assertThat(core.fetch(held(N2, 7, TEN), now + 500 * T)).hasSize(1);
    }

    @Test
    void asksTheOthersInTurnForAStateUntilOneIsInstalled() {
        assertThat(core.seed(5, List.of(N2, N3), now)).containsExactly(new Effect.Send("n2", new SnapshotWanted(5)));
        now = core.wakeAt();
        assertThat(core.wake(now)).containsExactly(new Effect.Send("n3", new SnapshotWanted(5)));
        now = core.wakeAt();
        assertThat(core.wake(now)).containsExactly(new Effect.Send("n2", new SnapshotWanted(5)));
        Held short4 = held(N2, 4, TEN);
        assertThat(core.receive(N2, new SnapshotHeld(short4), now)).isEmpty();
        Held reaches = held(N2, 6, TEN);
        assertThat(core.receive(N2, new SnapshotHeld(reaches), now)).containsExactly(pull(reaches, 0));
        now = core.wakeAt();
        assertThat(core.wake(now)).containsExactly(pull(reaches, 0));
        feed(reaches, TEN);
        core.decoded(at(6), Members.NONE, "image", now);
        core.saved(6);
        core.installed(6);

        assertThat(core.wakeAt()).isEqualTo(Long.MAX_VALUE);
        assertThat(core.receive(N2, new SnapshotHeld(held(N2, 7, TEN)), now)).isEmpty();
    }

    @Test
    void goesOnAskingWhenTheLogCouldNotUseTheSeed() {
        core.seed(5, List.of(N2, N3), now);
        Held reaches = held(N2, 6, TEN);
        core.receive(N2, new SnapshotHeld(reaches), now);
        feed(reaches, TEN);
        core.decoded(at(6), Members.NONE, "image", now);
        core.saved(6);

        core.unneeded(6);

        now = core.wakeAt();
        assertThat(core.wake(now)).containsExactly(new Effect.Send("n3", new SnapshotWanted(5)));
    }

    @Test
    void goesOnAskingWhenWhatWasInstalledDoesNotReachFarEnough() {
        core.seed(5, List.of(N2, N3), now);

        core.installed(4);
        assertThat(core.wakeAt()).isEqualTo(now + T);
        core.installed(5);

        assertThat(core.wakeAt()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void offersTheLogNoOlderOneThanTheNewest() {
        Held offer = held(N2, 8, TEN);
        core.taken("own", at(5));
        core.fetch(offer, now);
        feed(offer, TEN);
        core.decoded(at(8), Members.NONE, "pulled", now);
        core.encoded(at(5), Blocks.of(new byte[] {5}), 5);

        assertThat(core.saved(8))
                .containsExactly(new Effect.Install(at(8), Members.NONE, "pulled"), new Effect.TakeEnded(5, true));
    }

    @Test
    void isNotStalledWhileItDecodes() {
        Held offer = held(N2, 5, TEN);
        core.fetch(offer, now);
        feed(offer, TEN);

        assertThat(core.fetch(held(N3, 7, TEN), now + 500 * T)).isEmpty();
        assertThat(core.wake(now + 500 * T)).noneMatch(Effect.Warn.class::isInstance);
        assertThat(core.decoded(at(5), Members.NONE, "image", now + 500 * T)).hasSize(1);
    }

    @Test
    void tellsTheHolderAllTheTimeThatItIsInstalling() {
        Held offer = held(N2, 5, TEN);
        core.fetch(offer, now);
        feed(offer, TEN);
        Effect arrived = new Effect.Send("n2", new SnapshotArrived(offer.id()));

        assertThat(core.wakeAt()).isEqualTo(now + T);
        assertThat(core.wake(now + T - 1)).isEmpty();
        assertThat(core.wake(now + T)).containsExactly(arrived);
        core.decoded(at(5), Members.NONE, "image", now + T);
        core.saved(5);
        assertThat(core.wake(now + 2 * T)).containsExactly(arrived);
        core.installed(5);
        assertThat(core.wakeAt()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void tellsTheLogOfAFollowerThatInstalls() {
        Held held = own(5, TEN);

        assertThat(core.receive(N2, new SnapshotArrived(held.id()), now)).containsExactly(new Effect.Pulled(N2, 5));
    }

    @Test
    void asksTheNextOneAtOnceWhenTheSeedIsGone() {
        core.seed(5, List.of(N2, N3), now);
        Held reaches = held(N2, 6, TEN);
        core.receive(N2, new SnapshotHeld(reaches), now);

        core.receive(N2, new SnapshotGone(reaches.id()), now);

        assertThat(core.wakeAt()).isEqualTo(now);
        assertThat(core.wake(now)).containsExactly(new Effect.Send("n3", new SnapshotWanted(5)));
    }

    @Test
    void saysWhoKeepsAReplicaWithoutAState() {
        assertThat(core.seed(5, List.of(), now).get(0).toString()).contains("restore");
        core.seed(5, List.of(N2, N3), now);
        List<Effect> all = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            now = core.wakeAt();
            all.addAll(core.wake(now));
        }

        assertThat(all.stream().filter(Effect.Warn.class::isInstance).toList())
                .singleElement()
                .asString()
                .contains("n2", "n3", "index 5");
    }

    @Test
    void letsItsMachineTakeOneForWhoHasLostItsState() {
        assertThat(core.receive(N2, new SnapshotWanted(5), now)).containsExactly(new Effect.TakeNow());
        assertThat(core.receive(N3, new SnapshotWanted(5), now + 9 * T)).isEmpty();
        assertThat(core.receive(N3, new SnapshotWanted(5), now + 10 * T)).containsExactly(new Effect.TakeNow());
        Held held = own(5, TEN);

        assertThat(core.receive(N2, new SnapshotWanted(5), now + 11 * T))
                .containsExactly(new Effect.Send("n2", new SnapshotHeld(held)));
        assertThat(core.receive(N2, new SnapshotWanted(6), now + 20 * T)).containsExactly(new Effect.TakeNow());
        assertThat(core.requested()).containsExactly(new Effect.TakeNow());
    }
}
