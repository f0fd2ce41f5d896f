package io.murmuration.persistence;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What the journal knows of its files: the persistence ids with the places of their records, and the segments.
 *
 * <p>Streams may be looked up by any thread; everything else belongs to the thread that recovers and then to the
 * writer.
 */
final class JournalIndex {

    private final Map<String, StreamIndex> byName = new ConcurrentHashMap<>();
    private final Map<Integer, StreamIndex> byId = new TreeMap<>();
    private final TreeMap<Long, Segment> segments = new TreeMap<>();
    private final ArrayDeque<Path> spares = new ArrayDeque<>();
    /** Whether a segment may have died since {@link #dead} was last empty; it is asked after each write. */
    private boolean someMayBeDead;

    @Nullable
    StreamIndex stream(String persistenceId) {
        return byName.get(persistenceId);
    }

    @Nullable
    StreamIndex stream(int id) {
        return byId.get(id);
    }

    Collection<StreamIndex> streams() {
        return byId.values();
    }

    int nextStreamId() {
        return byId.size() + 1;
    }

    void add(StreamIndex stream) {
        byId.put(stream.id(), stream);
        byName.put(stream.persistenceId(), stream);
    }

    void add(Segment segment) {
        segments.put(segment.id().number(), segment);
        // What was the newest one until now may hold nothing that is live.
        someMayBeDead = true;
    }

    /** The segment of that number, which must exist. */
    Segment segment(long number) {
        Segment segment = segments.get(number);
        if (segment == null) {
            throw new IllegalStateException("The index names segment " + number + ", which does not exist.");
        }
        return segment;
    }

    void remove(Segment segment) {
        segments.remove(segment.id().number());
    }

    /** The segments from the oldest to the newest. */
    List<Segment> segments() {
        return new ArrayList<>(segments.values());
    }

    /** The segments without a live record, except the newest, which is written to. */
    List<Segment> dead() {
        if (!someMayBeDead) {
            return List.of();
        }
        List<Segment> dead = segments.headMap(segments.lastKey()).values().stream()
                .filter(Segment::isDead)
                .toList();
        someMayBeDead = !dead.isEmpty();
        return dead;
    }

    /** The closed segment that gives most back when its few live records are copied, or null if none is worth it. */
    @Nullable
    Segment mostlyDead() {
        return segments.headMap(segments.lastKey()).values().stream()
                .filter(segment -> !segment.isDead() && segment.isMostlyDead())
                .min(Comparator.comparingLong(Segment::liveBytes))
                .orElse(null);
    }

    /** Adds a durable record of a stream. */
    void addRecord(StreamIndex stream, long last, long place, int bytes) {
        stream.add(last, place, bytes);
        segment(StreamIndex.segmentOf(place)).gainLive(bytes);
    }

    /** Adds the copies of a stream that were found; each counts instead of the record that it repeats. */
    void merge(StreamIndex stream, CopiedPlaces copies) {
        stream.merge(copies, this::lose, (number, bytes) -> segment(number).gainLive(bytes));
    }

    /** Notes that a record lies elsewhere from now on, unless it was deleted meanwhile. */
    void move(StreamIndex stream, long last, long from, long to) {
        int bytes = stream.move(last, from, to);
        if (bytes >= 0) {
            lose(StreamIndex.segmentOf(from), bytes);
            segment(StreamIndex.segmentOf(to)).gainLive(bytes);
        }
    }

    /** Deletes a stream's records up to a sequence number. */
    void deleteTo(StreamIndex stream, long sequenceNr) {
        stream.deleteTo(sequenceNr, this::lose);
    }

    private void lose(long number, int bytes) {
        Segment segment = segment(number);
        segment.loseLive(bytes);
        someMayBeDead |= segment.isDead();
    }

    /** Where the live records lie that a segment holds, in the order of the file. Looks at every live record. */
    long[] livePlacesIn(Segment segment) {
        LongStream.Builder places = LongStream.builder();
        for (StreamIndex stream : byId.values()) {
            stream.placesIn(segment.id().number(), places);
        }
        return places.build().sorted().toArray();
    }

    /** Adds a file of no content that counts, under a name that is durable, to be written again. */
    void addSpare(Path file) {
        spares.add(file);
    }

    /** A file to be written again, or null if a new one is needed. */
    @Nullable
    Path takeSpare() {
        return spares.poll();
    }

    int spareCount() {
        return spares.size();
    }

    /** The facts for a new segment's first record. */
    Checkpoint checkpoint(long replaced) {
        List<Checkpoint.Earlier> earlier = segments.values().stream()
                .filter(segment -> segment.id().number() != replaced)
                .map(Segment::earlier)
                .toList();
        List<Checkpoint.Stream> facts =
                byId.values().stream().map(StreamIndex::checkpoint).toList();
        return new Checkpoint(replaced, earlier, facts);
    }
}
