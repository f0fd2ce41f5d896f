package io.murmuration.persistence;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes groups: everything that waits goes out with one write and one force, then all of it is answered in order.
 *
 * <p>A mutable hot path, used by the writer thread only. What it throws ends the journal.
 */
final class JournalWriter {

    /** So many dead segments are kept to be written again, which spares the disk new zeros; others are deleted. */
    static final int SPARES_MAX = 2;

    private final SegmentWriter.Place place;
    private final JournalIndex index;
    private final BooleanSupplier replaysRunning;
    private final GroupBuffer buffer;
    private final List<Stored> stored = new ArrayList<>();
    private final List<Removed> removed = new ArrayList<>();
    private final List<Runnable> answers = new ArrayList<>();
    private final Map<String, StreamIndex> introduced = new HashMap<>();
    private final Map<StreamIndex, Long> pendingHighest = new HashMap<>();
    private final CopyForward copies;
    private SegmentWriter segment;
    private final AtomicLong appendedBytes = new AtomicLong();
    private final AtomicLong copiedBytes = new AtomicLong();

    /** A record that becomes visible when its group is durable. */
    private record Stored(StreamIndex stream, long last, long place, int bytes) {}

    /** A deletion that takes effect when its group is durable. */
    private record Removed(StreamIndex stream, long toSequenceNr) {}

    JournalWriter(
            SegmentWriter.Place place, JournalIndex index, SegmentWriter segment, BooleanSupplier replaysRunning) {
        this.place = place;
        this.index = index;
        this.segment = segment;
        this.replaysRunning = replaysRunning;
        this.buffer = new GroupBuffer(place.settings());
        this.copies = new CopyForward(place, index);
    }

    /** Carries out a group of requests and answers them. */
    void write(List<JournalRequest> group) throws IOException {
        long bytes = 0;
        for (JournalRequest request : group) {
            bytes += request.bytes();
        }
        if (bytes > 0 && segment.isFullFor(bytes)) {
            roll();
        }
        buffer.begin(segment.segment().id(), segment.end(), segment.end());
        for (JournalRequest request : group) {
            prepare(request);
        }
        int appended = buffer.bytes();
        if (appended > 0) {
            copies.addTo(buffer, segment.segment().id());
            segment.append(buffer);
        }
        publish();
        appendedBytes.addAndGet(appended);
        copiedBytes.addAndGet(buffer.bytes() - appended);
        answers.forEach(Runnable::run);
        answers.clear();
    }

    /** Removes segments without a live record, unless a replay may still read them. */
    void removeDeadSegments() throws IOException {
        List<Segment> dead = index.dead();
        if (dead.isEmpty() || replaysRunning.getAsBoolean()) {
            return;
        }
        int spares = index.spareCount();
        List<Path> renamed = new ArrayList<>();
        for (Segment segment : dead) {
            Path file = segment.id().in(place.folder());
            if (spares + renamed.size() < SPARES_MAX) {
                Path spare = file.resolveSibling(file.getFileName() + SegmentId.SPARE_SUFFIX);
                place.disk().rename(file, spare);
                renamed.add(spare);
            } else {
                place.disk().delete(file);
            }
            index.remove(segment);
        }
        place.disk().forceFolder(place.folder());
        // Not before: after a power failure the old name would stand for what was written over it.
        renamed.forEach(index::addSpare);
    }

    /** The bytes that were written because someone asked for it. */
    long appendedBytes() {
        return appendedBytes.get();
    }

    /** The bytes that were written to give the place of mostly dead segments back. */
    long copiedBytes() {
        return copiedBytes.get();
    }

    void close() throws IOException {
        try (copies) {
            segment.close();
        }
    }

    /**
     * Goes on in a new segment. The old one is sealed only after that, or a crash in between would look like a loss.
     */
    private void roll() throws IOException {
        SegmentWriter next =
                SegmentWriter.following(place, index, segment.segment().id().number() + 1);
        segment.seal(buffer);
        segment = next;
        copies.look();
        removeDeadSegments();
    }

    private void prepare(JournalRequest request) {
        if (request instanceof JournalRequest.Append append) {
            prepareAppend(append);
        } else if (request instanceof JournalRequest.Delete delete) {
            prepareDelete(delete);
        } else if (request instanceof JournalRequest.Highest highest) {
            StreamIndex stream = known(highest.persistenceId());
            long answer = stream == null ? 0 : highestOf(stream);
            answers.add(() -> highest.answer().complete(answer));
        }
    }

    private void prepareAppend(JournalRequest.Append append) {
        StorageException wrong = outOfOrder(append.writes());
        CompletableFuture<Void> answer = append.answer();
        if (wrong != null) {
            answers.add(() -> answer.completeExceptionally(wrong));
            return;
        }
        for (AtomicAppend write : append.writes()) {
            StreamIndex stream = knownOrIntroduced(write.persistenceId());
            EventsBody.write(buffer.beginRecord(write.bodyBytes()), stream.id(), highestOf(stream), write);
            long at = StreamIndex.place(segment.segment().id().number(), buffer.endRecord(RecordKind.EVENTS));
            stored.add(new Stored(stream, write.last(), at, (int) RecordFrame.framedBytes(write.bodyBytes())));
            pendingHighest.put(stream, write.last());
        }
        answers.add(() -> answer.complete(null));
    }

    private void prepareDelete(JournalRequest.Delete delete) {
        CompletableFuture<Void> answer = delete.answer();
        answers.add(() -> answer.complete(null));
        StreamIndex stream = known(delete.persistenceId());
        if (stream == null) {
            return;
        }
        // What was not written yet cannot be deleted, or later events would vanish.
        long to = Math.min(delete.toSequenceNr(), highestOf(stream));
        if (to > stream.deletedTo()) {
            buffer.beginRecord(JournalRequest.Delete.BODY_BYTES)
                    .putInt(stream.id())
                    .putLong(to);
            buffer.endRecord(RecordKind.DELETED);
            removed.add(new Removed(stream, to));
        }
    }

    /** Sequence numbers only rise; a write that goes back comes from a second writer of the same persistence id. */
    private @Nullable StorageException outOfOrder(List<AtomicAppend> writes) {
        Map<String, Long> ends = writes.size() == 1 ? Map.of() : new HashMap<>();
        for (AtomicAppend write : writes) {
            Long end = ends.get(write.persistenceId());
            if (end == null) {
                StreamIndex stream = known(write.persistenceId());
                end = stream == null ? 0 : highestOf(stream);
            }
            if (write.first() <= end) {
                return new StorageException("An event of " + write.persistenceId() + " came with sequence number "
                        + write.first() + " although " + end
                        + " is already stored; two actors with this persistence id are running, stop one of them.");
            }
            if (writes.size() > 1) {
                ends.put(write.persistenceId(), write.last());
            }
        }
        return null;
    }

    private long highestOf(StreamIndex stream) {
        Long pending = pendingHighest.get(stream);
        return pending == null ? stream.highest() : pending;
    }

    private @Nullable StreamIndex known(String persistenceId) {
        StreamIndex stream = index.stream(persistenceId);
        return stream == null ? introduced.get(persistenceId) : stream;
    }

    private StreamIndex knownOrIntroduced(String persistenceId) {
        StreamIndex stream = known(persistenceId);
        if (stream != null) {
            return stream;
        }
        StreamIndex created = new StreamIndex(index.nextStreamId() + introduced.size(), persistenceId);
        introduced.put(persistenceId, created);
        byte[] name = persistenceId.getBytes(StandardCharsets.UTF_8);
        Checkpoint.putName(buffer.beginRecord(2L * Integer.BYTES + name.length).putInt(created.id()), name);
        buffer.endRecord(RecordKind.STREAM);
        return created;
    }

    /** Makes visible what has just become durable. */
    private void publish() {
        introduced.values().forEach(index::add);
        for (Stored record : stored) {
            index.addRecord(record.stream(), record.last(), record.place(), record.bytes());
        }
        copies.publish();
        for (Removed deletion : removed) {
            index.deleteTo(deletion.stream(), deletion.toSequenceNr());
            copies.look();
        }
        introduced.clear();
        pendingHighest.clear();
        stored.clear();
        removed.clear();
    }
}
