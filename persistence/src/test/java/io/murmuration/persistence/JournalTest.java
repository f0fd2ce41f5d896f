package io.murmuration.persistence;

import static io.murmuration.persistence.JournalFixture.delete;
import static io.murmuration.persistence.JournalFixture.event;
import static io.murmuration.persistence.JournalFixture.events;
import static io.murmuration.persistence.JournalFixture.highest;
import static io.murmuration.persistence.JournalFixture.open;
import static io.murmuration.persistence.JournalFixture.segments;
import static io.murmuration.persistence.JournalFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.persistence.DiskImage.Outage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What the engine promises when nothing goes wrong. */
final class JournalTest {

    private static final long ONE_SEGMENT = 1 << 20;
    private static final long SMALL = 500;
    private final FaultyDisk disk = JournalScript.emptyDisk();

    @Test
    void replaysWithinBoundsAndLimit() throws Exception {
        try (Storage storage = open(disk, SMALL)) {
            JournalScript.await(storage.journal()
                    .append(List.of(
                            event("a", 1, "-one"),
                            new AtomicAppend(
                                    "a",
                                    2,
                                    List.of(
                                            JournalFixture.bytes("-two"),
                                            JournalFixture.bytes("-three"),
                                            JournalFixture.bytes("-four"))),
                            event("a", 5, "-five"))));

            assertThat(events(storage, "a")).containsExactly("1-one", "2-two", "3-three", "4-four", "5-five");
            assertThat(events(storage, "a", 3, 4, 9)).containsExactly("3-three", "4-four");
            assertThat(events(storage, "a", 2, 9, 2)).containsExactly("2-two", "3-three");
            assertThat(events(storage, "a", 4, 3, 9)).isEmpty();
            assertThat(events(storage, "a", 1, 9, 0)).isEmpty();
            assertThat(events(storage, "unknown")).isEmpty();
            assertThat(highest(storage, "unknown")).isZero();
        }
    }

    @Test
    void beginsANewSegmentWhenOneIsFull() throws Exception {
        try (Storage storage = open(disk, SMALL)) {
            for (int i = 1; i <= 20; i++) {
                write(storage, "a", i, "-event");
            }

            assertThat(segments(disk)).hasSizeGreaterThan(3);
            assertThat(events(storage, "a")).hasSize(20);
        }
        try (Storage storage = open(disk, SMALL)) {
            assertThat(events(storage, "a")).hasSize(20).startsWith("1-event").endsWith("20-event");
        }
    }

    @Test
    void keepsTheHighestSequenceNumberWhenEverythingIsDeletedAndSegmentsAreGone() throws Exception {
        try (Storage storage = open(disk, SMALL)) {
            for (int i = 1; i <= 20; i++) {
                write(storage, "a", i, "-event");
            }

            delete(storage, "a", Long.MAX_VALUE);

            // Files are removed after the answer and before the next one.
            assertThat(highest(storage, "a")).isEqualTo(20);
            assertThat(segments(disk)).hasSize(1);
        }
        for (int restart = 0; restart < 3; restart++) {
            try (Storage storage = open(disk.afterPowerFailure(Outage.DROP_UNFORCED, 0), SMALL)) {
                assertThat(highest(storage, "a")).isEqualTo(20);
                assertThat(events(storage, "a")).isEmpty();
                write(storage, "a", 21, "-event");
                assertThat(events(storage, "a")).containsExactly("21-event");
            }
        }
    }

    @Test
    void deletesInclusivelyAndNeverWhatIsNotWrittenYet() throws Exception {
        try (Storage storage = open(disk, ONE_SEGMENT)) {
            for (int i = 1; i <= 4; i++) {
                write(storage, "a", i, "-event");
            }

            delete(storage, "a", 3);
            assertThat(events(storage, "a")).containsExactly("4-event");
            delete(storage, "a", 1);
            assertThat(events(storage, "a")).containsExactly("4-event");
            delete(storage, "a", 100);
            write(storage, "a", 5, "-event");

            assertThat(events(storage, "a")).containsExactly("5-event");
            delete(storage, "unknown", 7);
            assertThat(highest(storage, "unknown")).isZero();
        }
    }

    @Test
    void deletesAPartOfAnAtomicWrite() throws Exception {
        AtomicAppend three = new AtomicAppend(
                "a", 1, List.of(JournalFixture.bytes("-1"), JournalFixture.bytes("-2"), JournalFixture.bytes("-3")));
        try (Storage storage = open(disk, ONE_SEGMENT)) {
            JournalScript.await(storage.journal().append(List.of(three)));
            delete(storage, "a", 2);
            assertThat(events(storage, "a")).containsExactly("3-3");
        }
        try (Storage storage = open(disk, ONE_SEGMENT)) {
            assertThat(events(storage, "a")).containsExactly("3-3");
        }
    }

    @Test
    void aQuietStreamKeepsNoOldSegment() throws Exception {
        try (Storage storage = open(disk, SMALL)) {
            write(storage, "quiet", 1, "-here");
            for (int i = 1; i <= 30; i++) {
                write(storage, "a", i, "-event");
                delete(storage, "a", i - 1);
            }

            assertThat(highest(storage, "quiet")).isEqualTo(1);
            assertThat(segments(disk)).hasSizeLessThanOrEqualTo(3).doesNotContain(1L);
        }
        try (Storage storage = open(disk, SMALL)) {
            assertThat(events(storage, "quiet")).containsExactly("1-here");
            assertThat(events(storage, "a")).containsExactly("30-event");
        }
    }

    @Test
    void refusesASequenceNumberThatIsStoredAlready() throws Exception {
        try (Storage storage = open(disk, ONE_SEGMENT)) {
            write(storage, "a", 1, "-one");
            write(storage, "a", 2, "-two");

            assertThatThrownBy(() -> write(storage, "a", 2, "-again")).hasMessageContaining("already stored");
            write(storage, "a", 3, "-three");

            assertThat(events(storage, "a")).containsExactly("1-one", "2-two", "3-three");
        }
    }

    @Test
    void whateverWaitsGoesOutWithOneForce() throws Exception {
        GatedDisk gated = new GatedDisk(disk);
        try (Storage storage = open(gated, ONE_SEGMENT)) {
            int before = gated.forces();
            CountDownLatch gate = gated.holdForces();
            List<CompletionStage<Void>> answers = new ArrayList<>();
            List<Integer> order = new ArrayList<>();
            for (int i = 1; i <= 30; i++) {
                int number = i;
                CompletionStage<Void> answer = storage.journal().append(List.of(event("a", i, "-event")));
                answers.add(answer.thenRun(() -> order.add(number)));
                gated.awaitHeldForce();
            }
            gate.countDown();
            for (CompletionStage<Void> answer : answers) {
                JournalScript.await(answer);
            }

            assertThat(gated.forces() - before).isEqualTo(2);
            assertThat(order).hasSize(30).isSorted();
        }
    }

    @Test
    void answersNothingBeforeTheForce() throws Exception {
        GatedDisk gated = new GatedDisk(disk);
        try (Storage storage = open(gated, ONE_SEGMENT)) {
            CountDownLatch gate = gated.holdForces();
            CompletableFuture<Void> written =
                    storage.journal().append(List.of(event("a", 1, "-one"))).toCompletableFuture();
            CompletableFuture<Long> highest =
                    storage.journal().highestSequenceNr("a").toCompletableFuture();
            gated.awaitHeldForce();

            assertThat(written).isNotDone();
            assertThat(highest).isNotDone();
            assertThat(events(storage, "a")).isEmpty();

            gate.countDown();
            JournalScript.await(written);
            assertThat(JournalScript.await(highest)).isEqualTo(1);
        }
    }

    @Test
    void refusesWhatExceedsTheQueue() throws Exception {
        GatedDisk gated = new GatedDisk(disk);
        JournalSettings settings =
                new JournalSettings(ONE_SEGMENT, 600, 4096, 600, java.util.zip.CRC32C::new, () -> 42);
        try (Storage storage = Storage.open(gated, JournalFixture.FOLDER, "n1", settings)) {
            CountDownLatch gate = gated.holdForces();
            CompletableFuture<Void> first =
                    storage.journal().append(List.of(event("a", 1, "-one"))).toCompletableFuture();
            gated.awaitHeldForce();
            CompletableFuture<Void> larger = storage.journal()
                    .append(List.of(event("b", 1, "x".repeat(1000))))
                    .toCompletableFuture();
            CompletableFuture<Void> refused =
                    storage.journal().append(List.of(event("c", 1, "-one"))).toCompletableFuture();

            assertThat(refused).isCompletedExceptionally();
            assertThatThrownBy(() -> JournalScript.await(refused))
                    .hasMessageContaining("murmuration.journal.queue-bytes (600)");
            gate.countDown();
            JournalScript.await(first);
            JournalScript.await(larger);
            write(storage, "c", 1, "-one");
            assertThat(events(storage, "c")).containsExactly("1-one");
        }
    }

    @Test
    void keepsASegmentThatAReplayStillReads() throws Exception {
        try (Storage storage = open(disk, SMALL)) {
            for (int i = 1; i <= 20; i++) {
                write(storage, "a", i, "-event");
            }
            List<Long> seen = new ArrayList<>();
            Journal.EventSink deleting = (sequenceNr, event) -> {
                seen.add(sequenceNr);
                if (sequenceNr == 1) {
                    try {
                        delete(storage, "a", 20);
                    } catch (java.util.concurrent.ExecutionException e) {
                        throw new IllegalStateException(e);
                    }
                }
            };

            JournalScript.await(storage.journal().replay("a", 1, 20, 20, deleting, Runnable::run));

            assertThat(seen).hasSize(20);
            assertThat(events(storage, "a")).isEmpty();
            write(storage, "a", 21, "-event");
            assertThat(highest(storage, "a")).isEqualTo(21);
            assertThat(segments(disk)).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void refusesCallsAfterItWasClosed() throws Exception {
        Storage storage = open(disk, ONE_SEGMENT);
        write(storage, "a", 1, "-one");
        storage.close();

        assertThatThrownBy(() -> write(storage, "a", 2, "-two")).hasMessageContaining("is closed");
    }
}
