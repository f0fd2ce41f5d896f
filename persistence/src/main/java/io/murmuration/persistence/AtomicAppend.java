package io.murmuration.persistence;

import java.util.List;

/**
 * Events of one persistence id that are stored all or not at all.
 *
 * @param persistenceId whose events they are
 * @param first the sequence number of the first; the others follow without a gap
 * @param events the events, at least one
 */
record AtomicAppend(String persistenceId, long first, List<EventBytes> events) {

    /** The largest atomic write: 64 MiB, which is written from one buffer. */
    static final long BYTES_MAX = 64L << 20;

    AtomicAppend {
        if (events.isEmpty() || first < 1) {
            throw new IllegalArgumentException("An atomic write of " + persistenceId
                    + " needs at least one event and sequence numbers from 1, not " + events.size() + " events from "
                    + first + ".");
        }
    }

    long last() {
        return first + events.size() - 1;
    }

    /** The bytes of the record's body. */
    long bodyBytes() {
        long bytes = EventsBody.HEAD_BYTES;
        for (EventBytes event : events) {
            bytes += Integer.BYTES + event.size();
        }
        return bytes;
    }
}
