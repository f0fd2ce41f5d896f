package io.murmuration.persistence;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Copies the live records of mostly dead segments to the end of the log, so that a quiet persistence id does not keep
 * old segments for ever.
 *
 * <p>A segment is copied only when its live records take at most a third of what was written to it. Each byte copied
 * thus gives at least two dead ones back, and a byte dies once: <em>the log never copies more bytes than were written
 * to it</em>, so write amplification is at most 2. No other segment is more than two thirds dead, so behind the records
 * in flight the log takes at most three times its live records, and a checkpoint per segment.
 *
 * <p>Copies travel with a group that is written anyway, become durable with its force, and count only then; the old
 * segment goes after that. Each group carries a slice, so that no append waits for the whole. Used by the writer thread
 * only; the reading of a slice delays its group.
 */
final class CopyForward implements Closeable {

    static final long SLICE_BYTES_MIN = 128 << 10;
    private static final long SLICE_BYTES_MAX = 8 << 20;

    private final SegmentWriter.Place place;
    private final JournalIndex index;
    private final List<Moved> moved = new ArrayList<>();
    private boolean worthALook = true;
    private @Nullable Segment source;
    private @Nullable SegmentReader reader;
    /** Where the records lie in it that were live when its turn came. */
    private long[] places = {};

    private int next;
    private long at;

    /** A copy that counts when its group is durable. */
    private record Moved(StreamIndex stream, long last, long from, long to) {}

    CopyForward(SegmentWriter.Place place, JournalIndex index) {
        this.place = place;
        this.index = index;
    }

    /** Says that something was deleted, or that a segment was closed: there may be something to copy. */
    void look() {
        worthALook = true;
    }

    /**
     * Adds a slice of copies to a group: the live records of a part of the segment that is twice as long as the group,
     * within bounds, so that copying keeps ahead of writing. What is dead is not read.
     */
    void addTo(GroupBuffer buffer, SegmentId target) throws IOException {
        SegmentReader from = current();
        if (from == null || source == null) {
            return;
        }
        at += Math.max(SLICE_BYTES_MIN, Math.min(2L * buffer.bytes(), SLICE_BYTES_MAX));
        for (; next < places.length && StreamIndex.offsetOf(places[next]) < at; next++) {
            long place = StreamIndex.offsetOf(places[next]);
            SegmentReader.Found found = from.at(place);
            if (found == null) {
                throw new DamagedJournalException(
                        from.path(), place, "the record here was intact when the node started and no longer is.");
            }
            copyIfLive(source, found, buffer, target);
        }
        if (next == places.length) {
            close();
        }
    }

    /** Notes what has just become durable. */
    void publish() {
        for (Moved copy : moved) {
            index.move(copy.stream, copy.last, copy.from, copy.to);
        }
        moved.clear();
    }

    /** The segment that is being copied, or the next one; null if there is none. */
    private @Nullable SegmentReader current() throws IOException {
        if (source != null && source.isDead()) {
            close();
        }
        if (reader == null && worthALook) {
            Segment mostlyDead = index.mostlyDead();
            worthALook = mostlyDead != null;
            if (mostlyDead != null) {
                reader = SegmentReader.open(place, mostlyDead.id().number());
                source = mostlyDead;
                places = index.livePlacesIn(mostlyDead);
                next = 0;
                at = mostlyDead.begin();
            }
        }
        return reader;
    }

    private void copyIfLive(Segment old, SegmentReader.Found found, GroupBuffer buffer, SegmentId target) {
        if (!found.kind().holdsEvents()) {
            return;
        }
        EventsBody events = EventsBody.read(found.body().duplicate());
        StreamIndex stream = index.stream(events.stream());
        long from = StreamIndex.place(old.id().number(), found.position());
        if (stream == null || !stream.isAt(events.last(), from)) {
            return;
        }
        buffer.beginRecord(found.body().remaining()).put(found.body());
        long to = StreamIndex.place(target.number(), buffer.endRecord(RecordKind.COPIED));
        moved.add(new Moved(stream, events.last(), from, to));
    }

    /** Ends the copying of the current segment; what was not copied yet stays where it is. */
    @Override
    public void close() throws IOException {
        SegmentReader open = reader;
        reader = null;
        source = null;
        worthALook = true;
        if (open != null) {
            open.close();
        }
    }
}
