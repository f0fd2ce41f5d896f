package io.murmuration.persistence;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The places of a persistence id's copied records while a journal is recovered.
 *
 * <p>Copies lie behind newer records of the log, so they are put into their order when everything was read.
 */
final class CopiedPlaces {

    private long[] lasts = new long[16];
    private long[] places = new long[16];
    private int[] sizes = new int[16];
    private int size;

    /** Adds a copy; of two with the same sequence number the later one counts. */
    void add(long last, long place, int bytes) {
        if (size == lasts.length) {
            lasts = Arrays.copyOf(lasts, 2 * size);
            places = Arrays.copyOf(places, 2 * size);
            sizes = Arrays.copyOf(sizes, 2 * size);
        }
        lasts[size] = last;
        places[size] = place;
        sizes[size++] = bytes;
    }

    /** Orders them by sequence number, and those of the same number as they were added. */
    void sort() {
        int[] order = IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparingLong(i -> lasts[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        lasts = Arrays.stream(order).mapToLong(i -> lasts[i]).toArray();
        places = Arrays.stream(order).mapToLong(i -> places[i]).toArray();
        sizes = Arrays.stream(order).map(i -> sizes[i]).toArray();
    }

    int size() {
        return size;
    }

    long last(int i) {
        return lasts[i];
    }

    long place(int i) {
        return places[i];
    }

    int bytes(int i) {
        return sizes[i];
    }
}
