package io.murmuration.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads the live events of one persistence id, in order; a segment is opened each time that the order comes to it. */
final class Replay {

    private final SegmentWriter.Place place;
    private final String persistenceId;
    private final long from;
    private final long to;
    private final Journal.EventSink sink;
    private long left;

    Replay(SegmentWriter.Place place, String persistenceId, long from, long to, long max, Journal.EventSink sink) {
        this.place = place;
        this.persistenceId = persistenceId;
        this.from = from;
        this.to = to;
        this.left = max;
        this.sink = sink;
    }

    void run(@Nullable StreamIndex stream) throws IOException {
        if (stream == null || from > to || left <= 0) {
            return;
        }
        long first = Math.max(from, stream.deletedTo() + 1);
        long[] places = stream.places(first, to);
        int next = 0;
        while (next < places.length && left > 0) {
            next = readSegment(places, next, first);
        }
    }

    private int readSegment(long[] places, int begin, long first) throws IOException {
        long number = StreamIndex.segmentOf(places[begin]);
        int next = begin;
        try (SegmentReader reader = SegmentReader.open(place, number)) {
            while (next < places.length && left > 0 && StreamIndex.segmentOf(places[next]) == number) {
                long offset = StreamIndex.offsetOf(places[next++]);
                SegmentReader.Found found = reader.at(offset);
                if (found == null) {
                    throw new DamagedJournalException(
                            reader.path(),
                            offset,
                            "the record of " + persistenceId
                                    + " here was intact when the node started and no longer is.");
                }
                handOver(found.body(), first);
            }
        }
        return next;
    }

    private void handOver(ByteBuffer body, long first) {
        EventsBody events = EventsBody.read(body);
        for (int i = 0; i < events.count() && left > 0; i++) {
            ByteBuffer event = EventsBody.nextEvent(body);
            long sequenceNr = events.first() + i;
            if (sequenceNr >= first && sequenceNr <= to) {
                sink.event(sequenceNr, event);
                left--;
            }
        }
    }
}
