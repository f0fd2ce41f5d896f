package io.murmuration.core.model;

import java.util.Objects;

/**
 * One entry of the log (§5.3).
 *
 * @param id its index and term
 * @param timeMillis the leader's clock when it made the entry, milliseconds since 1970; may jump between leaders, the
 *     Machine makes it monotonic
 * @param payload what it is about
 */
public record Entry(EntryId id, long timeMillis, Payload payload) {
    /** Checks that nothing is missing. */
    public Entry {
        Objects.requireNonNull(id);
        Objects.requireNonNull(payload);
    }

    /**
     * The entry's index.
     *
     * @return its position in the log
     */
    public long index() {
        return id.index();
    }

    /**
     * The entry's term.
     *
     * @return the term of the leader that made it
     */
    public long term() {
        return id.term();
    }

    /**
     * The size that bounds are counted in.
     *
     * @return bytes
     */
    public int size() {
        return 32 + payload.size();
    }
}
