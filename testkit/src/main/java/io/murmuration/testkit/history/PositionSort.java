package io.murmuration.testkit.history;

/** Sorts positions by a number each, without an object per position: a stable merge sort, n log n at worst. */
final class PositionSort {
    private PositionSort() {}

    /** All positions of {@code keys}, lowest key first; equal keys stay in order. */
    static int[] all(long[] keys) {
        int[] positions = new int[keys.length];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = i;
        }
        return by(keys, positions);
    }

    /** These positions, lowest key first; equal keys stay in order. The array that is given is used up. */
    static int[] by(long[] keys, int[] positions) {
        int[] from = positions;
        int[] to = new int[positions.length];
        for (long width = 1; width < positions.length; width *= 2) {
            for (long begin = 0; begin < from.length; begin += 2 * width) {
                int middle = (int) Math.min(begin + width, from.length);
                int end = (int) Math.min(begin + 2 * width, from.length);
                merge(keys, from, to, (int) begin, middle, end);
            }
            int[] swap = from;
            from = to;
            to = swap;
        }
        return from;
    }

    private static void merge(long[] keys, int[] from, int[] to, int begin, int middle, int end) {
        if (middle >= end || keys[from[middle - 1]] <= keys[from[middle]]) {
            System.arraycopy(from, begin, to, begin, end - begin);
            return;
        }
        int left = begin;
        int right = middle;
        for (int i = begin; i < end; i++) {
            boolean takeLeft = right >= end || (left < middle && keys[from[left]] <= keys[from[right]]);
            to[i] = takeLeft ? from[left++] : from[right++];
        }
    }
}
