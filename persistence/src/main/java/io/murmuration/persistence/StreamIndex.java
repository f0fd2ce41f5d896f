package io.murmuration.persistence;

import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Where the records of one persistence id lie.
 *
 * <p>Holds 16 bytes per record and nothing of its content. What is in it is durable. The writer thread changes it, any
 * thread may read it.
 */
final class StreamIndex {

    private final int id;
    private final String persistenceId;
    private long[] lasts = new long[16];
    private long[] places = new long[16];
    private int from;
    private int to;
    private long highest;
    private long deletedTo;

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

    synchronized Checkpoint.Stream checkpoint() {
        return new Checkpoint.Stream(id, highest, deletedTo, persistenceId);
    }

    /** Adds a record whose last event has this sequence number. */
    synchronized void add(long last, long place) {
        if (to == lasts.length) {
            int live = to - from;
            int capacity = live > lasts.length / 2 ? lasts.length * 2 : lasts.length;
            long[] newLasts = new long[capacity];
            long[] newPlaces = new long[capacity];
            System.arraycopy(lasts, from, newLasts, 0, live);
            System.arraycopy(places, from, newPlaces, 0, live);
            lasts = newLasts;
            places = newPlaces;
            from = 0;
            to = live;
        }
        lasts[to] = last;
        places[to++] = place;
        raiseHighest(last);
    }

    synchronized void raiseHighest(long sequenceNr) {
        highest = Math.max(highest, sequenceNr);
    }

    /**
     * Forgets the records wholly at or below a sequence number and hands each one's segment number to {@code freed}.
     */
    synchronized void deleteTo(long sequenceNr, LongConsumer freed) {
        deletedTo = Math.max(deletedTo, sequenceNr);
        while (from < to && lasts[from] <= deletedTo) {
            freed.accept(segmentOf(places[from++]));
        }
    }

    /** Forgets where the records of the newest segment lie, which is about to be written anew. */
    synchronized void forgetPlacesIn(long segment) {
        while (from < to && segmentOf(places[to - 1]) == segment) {
            to--;
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

    /** Calls {@code each} with the segment number of every live record. */
    synchronized void forEachSegment(LongConsumer each) {
        for (int i = from; i < to; i++) {
            each.accept(segmentOf(places[i]));
        }
    }
}
