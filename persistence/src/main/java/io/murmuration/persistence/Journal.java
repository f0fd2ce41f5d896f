package io.murmuration.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The storage engine under the journal plugin: one write-ahead log for all persistence ids of a node.
 *
 * <p>An append or a deletion is answered only when it is durable. The first I/O error ends the journal: everything that
 * waits and everything later fails, and {@link #failed()} completes. All methods may be called by any thread and none
 * blocks, except {@link #open} and {@link #close}.
 */
final class Journal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private static final long CLOSE_MILLIS_MAX = 8_000;

    private final SegmentWriter.Place place;
    private final JournalIndex index;
    private final JournalQueue queue;
    private final JournalWriter writer;
    private final Thread thread;
    private final AtomicInteger replays = new AtomicInteger();
    private final CompletableFuture<Throwable> failed = new CompletableFuture<>();

    /** Takes one event out of the journal. The buffer is valid during the call only. */
    @FunctionalInterface
    interface EventSink {

        /** Called once per event in the order of the sequence numbers. */
        void event(long sequenceNr, ByteBuffer event);
    }

    private Journal(SegmentWriter.Place place, JournalIndex index, SegmentWriter segment) {
        this.place = place;
        this.index = index;
        this.queue = new JournalQueue(place.settings().queueBytes());
        this.writer = new JournalWriter(place, index, segment, () -> replays.get() > 0);
        this.thread = new Thread(this::run, "murmuration-journal-writer");
        this.thread.setDaemon(true);
    }

    /**
     * Recovers the journal in a folder and makes what it found durable.
     *
     * @throws DamagedJournalException if anything but a torn tail is wrong with it
     */
    static Journal open(Disk disk, Path folder, UUID id, JournalSettings settings) throws IOException {
        SegmentWriter.Place place = new SegmentWriter.Place(disk, folder, id, settings);
        // A rename of the process before may be in memory only; nothing is deleted on the strength of it.
        disk.forceFolder(folder);
        JournalFiles files = JournalFiles.list(disk, folder);
        Recovery.Recovered recovered = Recovery.run(place, files.numbers());
        deleteAll(disk, folder, leftovers(folder, files, recovered.superseded()));
        JournalIndex index = recovered.index();
        files.spares().stream().limit(JournalWriter.SPARES_MAX).forEach(index::addSpare);
        Segment last = recovered.last();
        SegmentWriter segment =
                last == null ? SegmentWriter.following(place, index, 1) : SegmentWriter.replacing(place, index, last);
        try {
            if (last != null) {
                deleteAll(disk, folder, List.of(last.id().in(folder)));
            }
            Journal journal = new Journal(place, index, segment);
            journal.writer.removeDeadSegments();
            journal.thread.start();
            return journal;
        } catch (IOException | RuntimeException e) {
            DiskIo.closeAfter(e, segment);
            throw e;
        }
    }

    /** Stores atomic writes; all of the list or none has been confirmed when the answer comes. */
    CompletionStage<Void> append(List<AtomicAppend> writes) {
        JournalRequest.Append request = JournalRequest.Append.of(writes);
        queue.offer(request);
        return request.answer();
    }

    /** Deletes events up to a sequence number, inclusive; at most up to the highest one. */
    CompletionStage<Void> deleteTo(String persistenceId, long toSequenceNr) {
        JournalRequest.Delete request =
                new JournalRequest.Delete(persistenceId, toSequenceNr, new CompletableFuture<>());
        queue.offer(request);
        return request.answer();
    }

    /** The highest sequence number that was ever stored, behind all writes in flight; 0 if there is none. */
    CompletionStage<Long> highestSequenceNr(String persistenceId) {
        JournalRequest.Highest request = new JournalRequest.Highest(persistenceId, new CompletableFuture<>());
        queue.offer(request);
        return request.answer();
    }

    /** Hands the live events of a range to the sink, on a thread of the executor, at most {@code max} of them. */
    CompletionStage<Void> replay(
            String persistenceId, long from, long to, long max, EventSink sink, Executor executor) {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        Replay replay = new Replay(place, persistenceId, from, to, max, sink);
        executor.execute(() -> {
            replays.incrementAndGet();
            try {
                replay.run(index.stream(persistenceId));
                answer.complete(null);
            } catch (IOException | DamagedJournalException e) {
                answer.completeExceptionally(fail("reading " + persistenceId, e));
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
            } finally {
                replays.decrementAndGet();
            }
        });
        return answer;
    }

    /** The bytes that were written because someone asked for it, since the journal was opened. */
    long appendedBytes() {
        return writer.appendedBytes();
    }

    /** The bytes of live records that were copied forward, since the journal was opened. */
    long copiedBytes() {
        return writer.copiedBytes();
    }

    /** Completes with the reason when the journal has failed for good. */
    CompletionStage<Throwable> failed() {
        return failed;
    }

    /** The reason if the journal has failed for good, else null. */
    @Nullable
    Throwable failure() {
        return failed.getNow(null);
    }

    /**
     * Finishes the writes that wait, then closes the file.
     *
     * @throws IOException if the disk does not answer within 8 s; the file then stays open until the process ends
     */
    @Override
    public void close() throws IOException {
        queue.close();
        try {
            thread.join(CLOSE_MILLIS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new IOException("the disk did not take the last writes within " + CLOSE_MILLIS_MAX + " ms");
        }
        writer.close();
    }

    private void run() {
        List<JournalRequest> group = new ArrayList<>();
        try {
            while (queue.take(group, place.settings().groupBytes())) {
                writer.write(group);
                writer.removeDeadSegments();
                group.clear();
            }
        } catch (Throwable e) {
            StorageException reason = fail("writing", e);
            group.forEach(request -> request.fail(reason));
            if (e instanceof VirtualMachineError error) {
                throw error;
            }
        }
    }

    /** Ends the journal for good. The first reason stays. */
    private StorageException fail(String doing, Throwable cause) {
        StorageException reason = new StorageException(
                "The journal in " + place.folder() + " failed while " + doing + " (" + cause
                        + ") and takes nothing more in this process; repair the disk or make room,"
                        + " then start the node again.",
                cause);
        if (failed.complete(reason)) {
            LOG.error("[journal] {}", reason.getMessage(), cause);
        }
        queue.fail(reason);
        return reason;
    }

    private static List<Path> leftovers(Path folder, JournalFiles files, long superseded) {
        List<Path> leftovers = new ArrayList<>(files.unfinished());
        files.spares().stream().skip(JournalWriter.SPARES_MAX).forEach(leftovers::add);
        if (superseded != 0) {
            leftovers.add(folder.resolve(SegmentId.fileName(superseded)));
        }
        return leftovers;
    }

    private static void deleteAll(Disk disk, Path folder, List<Path> files) throws IOException {
        for (Path file : files) {
            disk.delete(file);
        }
        if (!files.isEmpty()) {
            disk.forceFolder(folder);
        }
    }
}
