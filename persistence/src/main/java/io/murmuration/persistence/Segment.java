package io.murmuration.persistence;

/**
 * A segment file that exists, and how many live records it still holds.
 *
 * <p>Used by the thread that recovers and then by the writer thread only.
 */
final class Segment {

    /** A segment is mostly dead if its live records take at most this part of what was written to it. */
    private static final int MOSTLY_DEAD_PART = 3;

    private final SegmentId id;
    private long begin;
    private long end;
    private int live;
    private long liveBytes;

    Segment(SegmentId id, long end) {
        this.id = id;
        this.end = end;
    }

    SegmentId id() {
        return id;
    }

    /** Where the checkpoint ends that it begins with. */
    long begin() {
        return begin;
    }

    void beginAt(long offset) {
        begin = offset;
    }

    /** Where the last record ends. */
    long end() {
        return end;
    }

    void extendTo(long newEnd) {
        end = newEnd;
    }

    void gainLive(int bytes) {
        live++;
        liveBytes += bytes;
    }

    void loseLive(int bytes) {
        live--;
        liveBytes -= bytes;
    }

    long liveBytes() {
        return liveBytes;
    }

    boolean isDead() {
        return live == 0;
    }

    /** Says whether copying its live records gives back at least twice as many bytes as it writes. */
    boolean isMostlyDead() {
        return liveBytes * MOSTLY_DEAD_PART <= end - begin;
    }

    Checkpoint.Earlier earlier() {
        return new Checkpoint.Earlier(id, end);
    }
}
