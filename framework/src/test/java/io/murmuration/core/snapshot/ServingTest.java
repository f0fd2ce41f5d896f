package io.murmuration.core.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.Blocks;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.SnapshotRpc.Held;
import io.murmuration.core.model.SnapshotRpc.SnapshotArrived;
import io.murmuration.core.model.SnapshotRpc.SnapshotChunk;
import io.murmuration.core.model.SnapshotRpc.SnapshotGone;
import io.murmuration.core.model.SnapshotRpc.SnapshotId;
import io.murmuration.core.model.SnapshotRpc.SnapshotPull;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ServingTest {
    private static final Peer SELF = new Peer("n1", new UUID(1, 1));
    private static final Peer N2 = new Peer("n2", new UUID(2, 2));
    private static final Peer N3 = new Peer("n3", new UUID(3, 3));
    private static final long T = Duration.ofMillis(500).toNanos();
    private static final Blocks SIX = Blocks.of(new byte[] {0, 1, 2}, new byte[] {3, 4, 5});
    private static final Held OLD = held(5);
    private static final Held NEW = held(9);

    private final Snapshots core = new Snapshots(SELF, new SnapshotSettings(4, Duration.ofMillis(500), 100), OLD);
    private long now = Long.MAX_VALUE - T;

    private static Held held(long index) {
        return new Held(new SnapshotId(SELF, index, SIX.checksum()), new EntryId(index, 2), SIX.size());
    }

    private List<Effect> pull(Peer from, Held held, long offset) {
        return core.receive(from, new SnapshotPull(held.id(), offset), now);
    }

    private static Effect head(Peer to, Held held) {
        return new Effect.Send(to.node(), new SnapshotChunk(held.id(), 0, Blocks.of(new byte[] {0, 1, 2, 3}), false));
    }

    private static Effect tail(Peer to, Held held) {
        return new Effect.Send(to.node(), new SnapshotChunk(held.id(), 4, Blocks.of(new byte[] {4, 5}), true));
    }

    private static Effect gone(Peer to, Held held) {
        return new Effect.Send(to.node(), new SnapshotGone(held.id()));
    }

    private static Effect pulled(Peer by, Held held) {
        return new Effect.Pulled(by, held.id().index());
    }

    /** A newer snapshot becomes durable. */
    private void newer() {
        core.taken("image", NEW.last());
        core.encoded(NEW.last(), SIX, SIX.checksum());
        core.saved(9);
    }

    @Test
    void readsTheBytesOnceForAllWhoPull() {
        assertThat(pull(N2, OLD, 0)).containsExactly(pulled(N2, OLD), new Effect.Load(OLD.id()));
        assertThat(pull(N3, OLD, 4)).containsExactly(pulled(N3, OLD));

        assertThat(core.loaded(OLD.id(), SIX, now)).containsExactly(head(N2, OLD), tail(N3, OLD));

        assertThat(pull(N2, OLD, 4)).containsExactly(pulled(N2, OLD), tail(N2, OLD));
    }

    @Test
    void saysThatAnySnapshotButTheNewestIsGone() {
        assertThat(pull(N2, NEW, 0)).containsExactly(gone(N2, NEW));
        Peer before = new Peer("n1", new UUID(7, 7));
        Held formerLife = new Held(new SnapshotId(before, 5, OLD.id().checksum()), OLD.last(), OLD.size());
        assertThat(pull(N2, formerLife, 0)).containsExactly(gone(N2, formerLife));
        newer();
        assertThat(pull(N2, OLD, 0)).containsExactly(gone(N2, OLD));
    }

    @Test
    void givesTheBytesBackWhenNobodyPulls() {
        pull(N2, OLD, 0);
        now += T;
        core.loaded(OLD.id(), SIX, now);
        now += 9 * T;
        core.wake(now);
        assertThat(pull(N2, OLD, 0)).contains(head(N2, OLD));
        now += 10 * T;
        assertThat(core.wakeAt()).isEqualTo(now);

        core.wake(now);

        assertThat(core.wakeAt()).isEqualTo(Long.MAX_VALUE);
        assertThat(pull(N2, OLD, 0)).containsExactly(pulled(N2, OLD), new Effect.Load(OLD.id()));
    }

    @Test
    void sendsAnOlderOneToItsEndAndLetsTheNewerOneWait() {
        pull(N2, OLD, 0);
        core.loaded(OLD.id(), SIX, now);
        newer();
        core.covered(9);

        assertThat(pull(N3, NEW, 0)).containsExactly(pulled(N3, NEW));
        assertThat(pull(N2, OLD, 4)).containsExactly(pulled(N2, OLD), tail(N2, OLD));
        now += 10 * T;
        assertThat(pull(N3, NEW, 0)).containsExactly(pulled(N3, NEW), new Effect.Load(NEW.id()));
        assertThat(pull(N2, OLD, 0)).containsExactly(gone(N2, OLD));
    }

    /** It was restarted in the middle of its pull, and is offered the newer one (found by seed 9254). */
    @Test
    void whoAsksForANewerOneDoesNotWaitForItself() {
        pull(N2, OLD, 0);
        core.loaded(OLD.id(), SIX, now);
        newer();

        assertThat(pull(N2, NEW, 0)).containsExactly(pulled(N2, NEW), new Effect.Load(NEW.id()));
    }

    @Test
    void aLatePullOfOneThatIsGoneEndsNoOther() {
        Held older = held(3);
        pull(N2, OLD, 0);
        core.loaded(OLD.id(), SIX, now);
        newer();

        assertThat(pull(N2, older, 0)).containsExactly(gone(N2, older));

        assertThat(pull(N3, NEW, 0)).containsExactly(pulled(N3, NEW));
        assertThat(pull(N2, OLD, 4)).containsExactly(pulled(N2, OLD), tail(N2, OLD));
    }

    @Test
    void servesWhatItWasReadingWhenANewerOneCame() {
        pull(N2, OLD, 0);
        newer();
        pull(N3, NEW, 0);

        assertThat(core.loaded(OLD.id(), SIX, now)).containsExactly(head(N2, OLD));
    }

    @Test
    void takesAnotherOneWhenTheNewestCanNoLongerBeRead() {
        pull(N2, OLD, 0);

        List<Effect> effects = core.loaded(OLD.id(), null, now);

        assertThat(effects)
                .contains(gone(N2, OLD), new Effect.Lost(OLD.id()), new Effect.TakeNow())
                .hasSize(4);
        assertThat(core.newest()).isNull();
        assertThat(core.covered(5)).isEmpty();
    }

    @Test
    void keepsTheNewestWhenAnOlderOneCanNoLongerBeRead() {
        pull(N2, OLD, 0);
        newer();

        assertThat(core.loaded(OLD.id(), null, now)).containsExactly(gone(N2, OLD));
        assertThat(core.newest()).isEqualTo(NEW);
    }

    @Test
    void ignoresOffsetsOutsideOfTheSnapshot() {
        pull(N2, OLD, 0);
        core.loaded(OLD.id(), SIX, now);

        assertThat(pull(N2, OLD, 6)).containsExactly(pulled(N2, OLD));
        assertThat(pull(N2, OLD, -1)).containsExactly(pulled(N2, OLD));
        assertThat(pull(N2, OLD, 1L << 32)).containsExactly(pulled(N2, OLD));
    }

    @Test
    void boundsWhoWaitsForTheBytes() {
        for (int i = 0; i < Serving.WAITING_MAX + 4; i++) {
            pull(new Peer("p" + i, new UUID(i, i)), OLD, 0);
        }
        pull(new Peer("p0", new UUID(0, 0)), OLD, 4);

        assertThat(core.loaded(OLD.id(), SIX, now)).hasSize(Serving.WAITING_MAX);
    }

    @Test
    void knowsHowFarThoseAreWhoPulledLast() {
        pull(N2, OLD, 0);
        assertThat(core.view(now).served()).containsExactly(new SnapshotsView.Served(N2, 5, 0, 6));
        core.loaded(OLD.id(), SIX, now);
        pull(N2, OLD, 4);
        assertThat(core.view(now).served()).containsExactly(new SnapshotsView.Served(N2, 5, 4, 6));
        core.receive(N2, new SnapshotArrived(OLD.id()), now);
        assertThat(core.view(now).served()).containsExactly(new SnapshotsView.Served(N2, 5, 6, 6));

        for (int i = 0; i < Serving.WAITING_MAX; i++) {
            pull(new Peer("m" + i, new UUID(4, i)), OLD, 0);
        }

        assertThat(core.view(now).served())
                .hasSize(Serving.WAITING_MAX)
                .allSatisfy(one -> assertThat(one.to().node()).startsWith("m"));
    }
}
