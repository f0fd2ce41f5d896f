package io.murmuration.persistence;

/**
 * A segment file that exists, and how many live records it still holds.
 *
 * <p>Used by the thread that recovers and then by the writer thread only.
 */
final class Segment {

    private final SegmentId id;
    private long end;
    private int live;

    Segment(SegmentId id, long end) {
        this.id = id;
        this.end = end;
    }

    SegmentId id() {
        return id;
    }

    /** Where the last record ends. */
    long end() {
        return end;
    }

    void extendTo(long newEnd) {
        end = newEnd;
    }

    void gainLive() {
        live++;
    }

    void loseLive() {
        live--;
    }

    boolean isDead() {
        return live == 0;
    }

    Checkpoint.Earlier earlier() {
        return new Checkpoint.Earlier(id, end);
    }
}
