package io.murmuration.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.DeleteSnapshotSuccess;
import org.apache.pekko.persistence.DeleteSnapshotsSuccess;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotProtocol;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules of Pekko's technology compatibility kit for snapshot stores. */
final class SnapshotContractTest {

    private static final long MAX = Long.MAX_VALUE;

    @TempDir
    private static Path folder;

    private static ActorSystem system;
    private static int tests;

    private final TestKit probe = new TestKit(system);
    private final List<SnapshotMetadata> saved = new ArrayList<>();
    private String id = "";
    private ActorRef store = ActorRef.noSender();

    @BeforeAll
    static void start() {
        system = ActorSystem.create("snapshots", PluginFixture.config(folder.resolve("n1"), "n1"));
    }

    @AfterAll
    static void stop() {
        TestKit.shutdownActorSystem(system);
    }

    @BeforeEach
    void saveFiveSnapshots() {
        id = "murmuration|bank|n" + ++tests;
        store = Persistence.get(system)
                .snapshotStoreFor("murmuration.snapshot-store", com.typesafe.config.ConfigFactory.empty());
        for (int i = 1; i <= 5; i++) {
            saved.add(save(SnapshotMetadata.apply(id, i + 10), "s-" + i));
        }
    }

    @Test
    void loadsNothingOfAnUnknownId() {
        assertThat(load("invalid", SnapshotSelectionCriteria.latest(), MAX)).isEqualTo("none");
    }

    @Test
    void loadsNothingOutsideTheTime() {
        assertThat(load(id, SnapshotSelectionCriteria.create(MAX, 100), MAX)).isEqualTo("none");
    }

    @Test
    void loadsNothingOutsideTheNumbers() {
        assertThat(load(id, SnapshotSelectionCriteria.create(7, MAX), MAX)).isEqualTo("none");
        assertThat(load(id, SnapshotSelectionCriteria.latest(), 7)).isEqualTo("none");
    }

    @Test
    void loadsTheNewest() {
        assertThat(load(id, SnapshotSelectionCriteria.latest(), MAX)).isEqualTo("15:s-5");
    }

    @Test
    void loadsTheNewestBelowABound() {
        assertThat(load(id, SnapshotSelectionCriteria.create(13, MAX), MAX)).isEqualTo("13:s-3");
        assertThat(load(id, SnapshotSelectionCriteria.latest(), 13)).isEqualTo("13:s-3");
        assertThat(load(id, SnapshotSelectionCriteria.create(13, saved.get(2).timestamp()), MAX))
                .isEqualTo("13:s-3");
        assertThat(load(id, SnapshotSelectionCriteria.create(MAX, saved.get(2).timestamp()), 13))
                .isEqualTo("13:s-3");
    }

    @Test
    void deletesOneByItsNumber() {
        SnapshotMetadata doomed = SnapshotMetadata.apply(id, 13, 0);
        store.tell(new SnapshotProtocol.DeleteSnapshot(doomed), probe.getRef());

        assertThat(probe.expectMsgClass(DeleteSnapshotSuccess.class).metadata()).isEqualTo(doomed);
        assertThat(load(id, SnapshotSelectionCriteria.create(13, MAX), MAX)).isEqualTo("12:s-2");
    }

    @Test
    void deletesAllOfARange() {
        SnapshotSelectionCriteria criteria =
                SnapshotSelectionCriteria.create(13, saved.get(2).timestamp());
        store.tell(new SnapshotProtocol.DeleteSnapshots(id, criteria), probe.getRef());

        assertThat(probe.expectMsgClass(DeleteSnapshotsSuccess.class).criteria())
                .isEqualTo(criteria);
        assertThat(load(id, criteria, MAX)).isEqualTo("none");
        assertThat(load(id, SnapshotSelectionCriteria.create(14, saved.get(3).timestamp()), MAX))
                .isEqualTo("14:s-4");
    }

    @Test
    void deletesNothingOutsideTheTime() {
        SnapshotSelectionCriteria criteria =
                SnapshotSelectionCriteria.create(14, saved.get(3).timestamp() - 1, 14, 0);
        store.tell(new SnapshotProtocol.DeleteSnapshots(id, criteria), probe.getRef());

        probe.expectMsgClass(DeleteSnapshotsSuccess.class);
        assertThat(load(id, SnapshotSelectionCriteria.create(14, MAX), MAX)).isEqualTo("14:s-4");
    }

    @Test
    void replacesOneOfTheSameNumber() {
        save(saved.get(4), "s-5-modified");

        assertThat(load(id, SnapshotSelectionCriteria.create(15, MAX), MAX)).isEqualTo("15:s-5-modified");
    }

    @Test
    void savesAMegabyteAndMore() {
        String large = "0".repeat(3_000_000);
        save(SnapshotMetadata.apply(id, 100), large);

        assertThat(load(id, SnapshotSelectionCriteria.latest(), MAX)).isEqualTo("100:" + large);
    }

    @Test
    void keepsArraysAsTheyAreWithoutASerializer() {
        byte[] full = new byte[SnapshotFile.BLOCK_BYTES];
        new java.util.Random(5).nextBytes(full);
        byte[][] arrays = {{1}, full, {2, 3}};
        save(SnapshotMetadata.apply(id, 100), arrays);
        save(SnapshotMetadata.apply(id, 101), new byte[0][]);

        // No serializer is bound to arrays of arrays here.
        assertThat(select(id, SnapshotSelectionCriteria.create(100, MAX), MAX)
                        .get()
                        .snapshot())
                .isEqualTo(arrays);
        assertThat(select(id, SnapshotSelectionCriteria.latest(), MAX).get().snapshot())
                .isEqualTo(new byte[0][]);
    }

    @Test
    void leavesArraysThatCannotBeBlocksToASerializer() {
        for (byte[][] arrays : new byte[][][] {{{1}, {}}, {{1}, null}, {new byte[SnapshotFile.BLOCK_BYTES + 1]}}) {
            store.tell(new SnapshotProtocol.SaveSnapshot(SnapshotMetadata.apply(id, 16), arrays), probe.getRef());

            assertThat(probe.expectMsgClass(SaveSnapshotFailure.class).cause())
                    .hasMessageContaining("Java serialization");
        }
    }

    @Test
    void serializesThroughPekkoAndKeepsMetadata() {
        PluginFixture.Ref state = new PluginFixture.Ref(probe.getRef());
        save(SnapshotMetadata.apply(id, 100).withMetadata("about it"), state);

        SelectedSnapshot found =
                select(id, SnapshotSelectionCriteria.latest(), MAX).get();

        assertThat(found.snapshot()).isEqualTo(state);
        assertThat(found.metadata().metadata().get()).isEqualTo("about it");
    }

    @Test
    void failsToSaveWhatCannotBeSerialized() {
        store.tell(new SnapshotProtocol.SaveSnapshot(SnapshotMetadata.apply(id, 16), new Object()), probe.getRef());

        assertThat(probe.expectMsgClass(SaveSnapshotFailure.class).cause())
                .isInstanceOf(java.io.NotSerializableException.class);
        assertThat(load(id, SnapshotSelectionCriteria.latest(), MAX)).isEqualTo("15:s-5");
    }

    private SnapshotMetadata save(SnapshotMetadata metadata, Object state) {
        store.tell(new SnapshotProtocol.SaveSnapshot(metadata, state), probe.getRef());
        return probe.expectMsgClass(SaveSnapshotSuccess.class).metadata();
    }

    private String load(String persistenceId, SnapshotSelectionCriteria criteria, long to) {
        scala.Option<SelectedSnapshot> found = select(persistenceId, criteria, to);
        return found.isEmpty()
                ? "none"
                : found.get().metadata().sequenceNr() + ":" + found.get().snapshot();
    }

    private scala.Option<SelectedSnapshot> select(String persistenceId, SnapshotSelectionCriteria criteria, long to) {
        store.tell(new SnapshotProtocol.LoadSnapshot(persistenceId, criteria, to), probe.getRef());
        return probe.expectMsgClass(SnapshotProtocol.LoadSnapshotResult.class).snapshot();
    }
}
