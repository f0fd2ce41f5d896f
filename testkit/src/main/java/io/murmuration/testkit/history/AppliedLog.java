package io.murmuration.testkit.history;

import java.util.Arrays;

/**
 * What one replica really applied: for each log index the operation of the history that took effect there. Filled by
 * one thread, in any order; twelve bytes per entry.
 *
 * <p>It must be complete from index 1 up to the index of the last acknowledged write: of a replica that has caught up,
 * without what a snapshot replaced. Entries that fold nothing stay out of it: a leader's first entry, the opening of a
 * session, and a command that was answered from its session because it had been carried out before.
 *
 * @since 0.1.0
 */
public final class AppliedLog {
    private long[] indices = new long[16];
    private int[] positions = new int[16];
    private int size;

    /** A log without entries. */
    public AppliedLog() {}

    /**
     * Adds an entry. What contradicts other entries is not refused here: the checker reports it.
     *
     * @param index its log index, from 1 on
     * @param position which operation it carried out: its place in {@link History#operations()}, from 0 on. A command
     *     that no recorded client sent belongs in the history as unknown, called at {@code Long.MIN_VALUE}
     * @throws IllegalArgumentException if one of them is below its first
     */
    public void add(long index, int position) {
        if (index < 1 || position < 0) {
            throw new IllegalArgumentException("Log index " + index + " with the operation at " + position
                    + " is no entry; indices begin at 1, positions at 0.");
        }
        if (size == indices.length) {
            indices = Arrays.copyOf(indices, 2 * size);
            positions = Arrays.copyOf(positions, 2 * size);
        }
        indices[size] = index;
        positions[size] = position;
        size++;
    }

    /**
     * How many entries there are.
     *
     * @return their number
     */
    public int size() {
        return size;
    }

    /** The numbers of the entries by which {@link #index} and {@link #position} find them, lowest index first. */
    int[] inOrder() {
        return PositionSort.all(Arrays.copyOf(indices, size));
    }

    long index(int entry) {
        return indices[entry];
    }

    int position(int entry) {
        return positions[entry];
    }
}
