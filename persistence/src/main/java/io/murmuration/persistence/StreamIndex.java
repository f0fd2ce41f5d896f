package io.murmuration.persistence;

import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Where the records of one persistence id lie.
 *
 * <p>Holds 20 bytes per record and nothing of its content; up to 40 while the arrays have just grown. What is in it is
 * durable. The writer thread changes it, any thread may read it.
 */
final class StreamIndex {

    private final int id;
    private final String persistenceId;
    private long[] lasts = new long[16];
    private long[] places = new long[16];
    private int[] sizes = new int[16];
    private int from;
    private int to;
    private long highest;
    private long deletedTo;

    /** Told of each record that a segment no longer holds, or holds from now on. */
    @FunctionalInterface
    interface Change {
        void of(long segment, int bytes);
    }

    StreamIndex(int id, String persistenceId) {
        this.id = id;
        this.persistenceId = persistenceId;
    }

    /** A place is a segment number and an offset in one number; an offset is below 2^31. */
    static long place(long segment, long offset) {
        return segment << 31 | offset;
    }

    static long segmentOf(long place) {
        return place >>> 31;
    }

    static long offsetOf(long place) {
        return place & 0x7FFF_FFFFL;
    }

    int id() {
        return id;
    }

    String persistenceId() {
        return persistenceId;
    }

    synchronized long highest() {
        return highest;
    }

    synchronized long deletedTo() {
        return deletedTo;
    }

    /** How many records are not deleted. */
    synchronized int liveRecords() {
        return to - from;
    }

    /** What the records that are not deleted take on the disk. */
    synchronized long liveBytes() {
        return Arrays.stream(sizes, from, to).asLongStream().sum();
    }

    /** What the places of the records take in memory. */
    synchronized long indexBytes() {
        return lasts.length * (2L * Long.BYTES + Integer.BYTES);
    }

    synchronized Checkpoint.Stream checkpoint() {
        return new Checkpoint.Stream(id, highest, deletedTo, persistenceId);
    }

    /** Adds a record whose last event has this sequence number, behind all others. */
    synchronized void add(long last, long place, int bytes) {
        if (to == lasts.length) {
            int live = to - from;
            int capacity = live > lasts.length / 2 ? lasts.length * 2 : lasts.length;
            long[] newLasts = new long[capacity];
            long[] newPlaces = new long[capacity];
            int[] newSizes = new int[capacity];
            System.arraycopy(lasts, from, newLasts, 0, live);
            System.arraycopy(places, from, newPlaces, 0, live);
            System.arraycopy(sizes, from, newSizes, 0, live);
            lasts = newLasts;
            places = newPlaces;
            sizes = newSizes;
            from = 0;
            to = live;
        }
        lasts[to] = last;
        places[to] = place;
        sizes[to++] = bytes;
        raiseHighest(last);
    }

    /** Takes in the places of copies, each of which counts instead of the record that it repeats. */
    synchronized void merge(CopiedPlaces copies, Change lost, Change gained) {
        int capacity = Math.max(16, to - from + copies.size());
        StreamIndex merged = new StreamIndex(id, persistenceId);
        merged.lasts = new long[capacity];
        merged.places = new long[capacity];
        merged.sizes = new int[capacity];
        copies.sort();
        int own = from;
        for (int i = 0; i < copies.size(); i++) {
            long last = copies.last(i);
            boolean repeatedLater = i + 1 < copies.size() && copies.last(i + 1) == last;
            if (repeatedLater || last <= deletedTo) {
                continue;
            }
            for (; own < to && lasts[own] < last; own++) {
                merged.add(lasts[own], places[own], sizes[own]);
            }
            if (own < to && lasts[own] == last) {
                lost.of(segmentOf(places[own]), sizes[own]);
                own++;
            }
            gained.of(segmentOf(copies.place(i)), copies.bytes(i));
            merged.add(last, copies.place(i), copies.bytes(i));
        }
        for (; own < to; own++) {
            merged.add(lasts[own], places[own], sizes[own]);
        }
        lasts = merged.lasts;
        places = merged.places;
        sizes = merged.sizes;
        from = 0;
        to = merged.to;
        raiseHighest(merged.highest);
    }

    synchronized void raiseHighest(long sequenceNr) {
        highest = Math.max(highest, sequenceNr);
    }

    /** Forgets the records wholly at or below a sequence number and tells {@code freed} of each. */
    synchronized void deleteTo(long sequenceNr, Change freed) {
        deletedTo = Math.max(deletedTo, sequenceNr);
        for (; from < to && lasts[from] <= deletedTo; from++) {
            freed.of(segmentOf(places[from]), sizes[from]);
        }
    }

    /** Says whether the live record that ends with this sequence number lies at this place. */
    synchronized boolean isAt(long last, long place) {
        int found = Arrays.binarySearch(lasts, from, to, last);
        return found >= 0 && places[found] == place;
    }

    /**
     * Notes that a record lies elsewhere from now on.
     *
     * @return the bytes it takes, or -1 if it is no longer live at the first place
     */
    synchronized int move(long last, long place, long newPlace) {
        int found = Arrays.binarySearch(lasts, from, to, last);
        if (found < 0 || places[found] != place) {
            return -1;
        }
        places[found] = newPlace;
        return sizes[found];
    }

    /** Tells where the live records lie that a segment holds. */
    synchronized void placesIn(long segment, LongConsumer sink) {
        for (int i = from; i < to; i++) {
            if (segmentOf(places[i]) == segment) {
                sink.accept(places[i]);
            }
        }
    }

    /** The places of the live records that may hold events of the range, in order. */
    synchronized long[] places(long fromSequenceNr, long toSequenceNr) {
        int begin = Arrays.binarySearch(lasts, from, to, fromSequenceNr);
        begin = begin < 0 ? -begin - 1 : begin;
        int end = Arrays.binarySearch(lasts, from, to, toSequenceNr);
        end = end < 0 ? Math.min(-end, to) : end + 1;
        return begin < end ? Arrays.copyOfRange(places, begin, end) : new long[0];
    }
}
