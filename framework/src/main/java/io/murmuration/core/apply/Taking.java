package io.murmuration.core.apply;

/**
 * When a snapshot is taken (protocol, Machine 6); mutable. By bytes of log since the last one, or on request, and never
 * two at a time.
 */
final class Taking {
    private static final long NONE = 0;

    private final long bytesMax;
    private long bytes;
    private long running = NONE;
    private long held;
    private boolean wanted;

    Taking(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    void folded(int size) {
        bytes += size;
    }

    /** Somebody wants one that reaches as far as is applied now. */
    void want() {
        wanted = true;
    }

    /** Whether one is to be taken at this index now; if so, it has begun. */
    boolean begins(long applied) {
        if (running != NONE) {
            return false;
        }
        boolean due = applied > held && (wanted || bytes >= bytesMax);
        wanted = false;
        if (due) {
            running = applied;
            bytes = 0;
        }
        return due;
    }

    /** It is stored, or could not be. After a failure the distance is counted anew: the disk is not asked at once. */
    void ended(long index, boolean stored) {
        if (index != running) {
            return;
        }
        running = NONE;
        if (stored) {
            held = index;
        } else {
            bytes = 0;
        }
    }

    /** The one that this node held cannot be read any more: another may be taken where it was. */
    void lost() {
        held = NONE;
    }

    /** The state has been replaced by a snapshot, which this node holds. */
    void restored(long index) {
        held = Math.max(held, index);
        bytes = 0;
    }
}
