package io.murmuration.persistence;

import java.nio.ByteBuffer;

/**
 * The head of an {@link RecordKind#EVENTS} record; the events follow, each as a length and its bytes.
 *
 * @param stream the number of the persistence id
 * @param first the first sequence number
 * @param previous the last sequence number of the record before it, 0 if there was none: rejected events leave gaps in
 *     the numbers, so this and not the count tells whether a record is missing
 * @param count the number of events
 */
record EventsBody(int stream, long first, long previous, int count) {

    static final int HEAD_BYTES = 2 * Integer.BYTES + 2 * Long.BYTES;

    static void write(ByteBuffer target, int stream, long previous, AtomicAppend append) {
        target.putInt(stream)
                .putLong(append.first())
                .putLong(previous)
                .putInt(append.events().size());
        for (EventBytes event : append.events()) {
            target.putInt(event.size()).put(event.head()).put(event.payload());
        }
    }

    /** Reads the head and leaves the buffer at the first event. */
    static EventsBody read(ByteBuffer body) {
        return new EventsBody(body.getInt(), body.getLong(), body.getLong(), body.getInt());
    }

    /** Takes the next event out of a body. */
    static ByteBuffer nextEvent(ByteBuffer body) {
        int length = body.getInt();
        ByteBuffer event = body.slice(body.position(), length);
        body.position(body.position() + length);
        return event;
    }

    long last() {
        return first + count - 1;
    }
}
