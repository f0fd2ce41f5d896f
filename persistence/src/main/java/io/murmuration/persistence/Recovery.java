package io.murmuration.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all segments once and builds the index.
 *
 * <p>Changes no file. Cuts only a torn tail of the last segment, by not counting it, and refuses any other damage. What
 * it returns may lie in the page cache only; {@link SegmentWriter#replacing} makes it durable before it is relied upon.
 */
final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final SegmentWriter.Place place;
    private final JournalIndex index = new JournalIndex();
    private final SequenceChain chain = new SequenceChain();
    private final Map<StreamIndex, CopiedPlaces> copies = new HashMap<>();
    private boolean torn;

    private Recovery(SegmentWriter.Place place) {
        this.place = place;
    }

    /**
     * What was found.
     *
     * @param index the journal's content
     * @param last the last segment, or null if there is none
     * @param superseded a segment whose content the last one repeats, to be deleted; 0 if none
     * @param torn whether behind the end of the last segment lies a write that was never confirmed
     */
    record Recovered(JournalIndex index, @Nullable Segment last, long superseded, boolean torn) {}

    /** Reads the folder's segments; warns of a torn tail, and says of damage what is lost by it. */
    static Recovered run(SegmentWriter.Place place, SortedSet<Long> numbers) throws IOException {
        try {
            Recovered recovered = read(place, numbers);
            Segment last = recovered.last();
            if (last != null && recovered.torn()) {
                LOG.warn(
                        "[journal] cut a torn tail (a write that was never confirmed) file={} offset={}",
                        last.id().in(place.folder()),
                        last.end());
            }
            return recovered;
        } catch (DamagedJournalException e) {
            throw e.withExtent(DamageSurvey.of(place, numbers).sentence());
        }
    }

    /** Reads the folder's segments and says nothing but what it returns or throws. */
    static Recovered read(SegmentWriter.Place place, SortedSet<Long> numbers) throws IOException {
        return new Recovery(place).run(numbers);
    }

    private Recovered run(SortedSet<Long> numbers) throws IOException {
        if (numbers.isEmpty()) {
            return new Recovered(index, null, 0, false);
        }
        long newest = numbers.last();
        Checkpoint facts = newestCheckpoint(newest);
        Map<Long, Checkpoint.Earlier> expected = new HashMap<>();
        facts.earlier().forEach(earlier -> expected.put(earlier.id().number(), earlier));
        TreeSet<Long> earlier = new TreeSet<>(numbers.headSet(newest));
        long superseded = earlier.remove(facts.replaced()) ? facts.replaced() : 0;
        for (long number : earlier) {
            Checkpoint.Earlier listed = expected.remove(number);
            if (listed == null) {
                throw new DamagedJournalException(
                        pathOf(number),
                        0,
                        "the newest segment does not know this file; it is not part of the journal.");
            }
            readEarlier(listed);
        }
        Segment last = readLast(newest);
        copies.forEach(index::merge);
        refuseGaps(new ArrayList<>(new TreeSet<>(expected.keySet())), last);
        return new Recovered(index, last, superseded, torn);
    }

    private Checkpoint newestCheckpoint(long number) throws IOException {
        try (SegmentReader reader = SegmentReader.open(place, number)) {
            return Checkpoint.decode(checkpointRecord(reader).body());
        }
    }

    private void readEarlier(Checkpoint.Earlier listed) throws IOException {
        long number = listed.id().number();
        try (SegmentReader reader = SegmentReader.open(place, number)) {
            if (!reader.header().id().equals(listed.id())) {
                throw new DamagedJournalException(
                        reader.path(), 0, "the file is not the segment of this number that later segments know.");
            }
            Segment segment = new Segment(listed.id(), listed.end());
            index.add(segment);
            long end = readRecords(reader, segment, listed.end());
            if (end != listed.end()) {
                throw new DamagedJournalException(
                        reader.path(),
                        end,
                        "no intact record begins here, but the segment was complete up to offset " + listed.end()
                                + ".");
            }
        }
    }

    private Segment readLast(long number) throws IOException {
        try (SegmentReader reader = SegmentReader.open(place, number)) {
            Segment segment = new Segment(reader.header().id(), 0);
            index.add(segment);
            long end = readRecords(reader, segment, Long.MAX_VALUE);
            torn = TailRule.isTorn(reader, end, reader.header().durableTo());
            segment.extendTo(end);
            return segment;
        }
    }

    /** Takes in all intact records before {@code limit} and returns where the last one ends. */
    private long readRecords(SegmentReader reader, Segment segment, long limit) throws IOException {
        SegmentReader.Found found = checkpointRecord(reader);
        takeCheckpoint(reader, Checkpoint.decode(found.body()));
        segment.beginAt(found.next());
        long end = found.next();
        while (end < limit) {
            found = reader.at(end);
            if (found == null) {
                return end;
            }
            take(reader, segment, found);
            end = found.next();
        }
        return end;
    }

    private void take(SegmentReader reader, Segment segment, SegmentReader.Found found) {
        ByteBuffer body = found.body();
        switch (found.kind()) {
            case STREAM -> addStream(reader, found.position(), body.getInt(), Checkpoint.readName(body));
            case EVENTS, COPIED -> takeEvents(reader, segment, found);
            case DELETED -> index.deleteTo(streamOf(reader, found.position(), body.getInt()), body.getLong());
            case SEALED ->
                throw new DamagedJournalException(
                        reader.path(),
                        found.position(),
                        "the segment says that a later one exists, but no later file is in the folder.");
            case CHECKPOINT ->
                throw new DamagedJournalException(
                        reader.path(), found.position(), "a second checkpoint lies in the middle of the segment.");
        }
    }

    private void takeEvents(SegmentReader reader, Segment segment, SegmentReader.Found found) {
        EventsBody events = EventsBody.read(found.body());
        StreamIndex stream = streamOf(reader, found.position(), events.stream());
        boolean copied = found.kind() == RecordKind.COPIED;
        chain.read(stream, events, copied, reader.path(), found.position());
        long place = StreamIndex.place(segment.id().number(), found.position());
        int bytes = (int) (found.next() - found.position());
        if (!copied) {
            index.addRecord(stream, events.last(), place, bytes);
        } else if (events.last() > stream.deletedTo()) {
            copies.computeIfAbsent(stream, any -> new CopiedPlaces()).add(events.last(), place, bytes);
        }
    }

    private void takeCheckpoint(SegmentReader reader, Checkpoint facts) {
        for (Checkpoint.Stream fact : facts.streams()) {
            StreamIndex stream = index.stream(fact.id());
            if (stream == null) {
                stream = addStream(reader, SegmentHeader.BYTES, fact.id(), fact.persistenceId());
            } else if (!stream.persistenceId().equals(fact.persistenceId())) {
                throw new DamagedJournalException(
                        reader.path(),
                        SegmentHeader.BYTES,
                        "number " + fact.id() + " stands for " + fact.persistenceId() + " here and for "
                                + stream.persistenceId() + " in an earlier segment.");
            }
            stream.raiseHighest(fact.highest());
            index.deleteTo(stream, fact.deletedTo());
        }
    }

    private StreamIndex addStream(SegmentReader reader, long offset, int id, String persistenceId) {
        if (index.stream(id) != null || index.stream(persistenceId) != null) {
            throw new DamagedJournalException(
                    reader.path(), offset, "the persistence id " + persistenceId + " is introduced a second time.");
        }
        StreamIndex stream = new StreamIndex(id, persistenceId);
        index.add(stream);
        return stream;
    }

    private StreamIndex streamOf(SegmentReader reader, long offset, int id) {
        StreamIndex stream = index.stream(id);
        if (stream == null) {
            throw new DamagedJournalException(
                    reader.path(), offset, "no persistence id was introduced as number " + id + ".");
        }
        return stream;
    }

    private void refuseGaps(List<Long> missing, Segment last) {
        SequenceChain.Gap gap = chain.firstGap(index.streams());
        if (gap == null) {
            return;
        }
        Path file = gap.file() == null ? last.id().in(place.folder()) : gap.file();
        String lacking = missing.isEmpty()
                ? "."
                : "; missing from the folder: "
                        + String.join(
                                ", ", missing.stream().map(SegmentId::fileName).toList()) + ".";
        throw new DamagedJournalException(file, gap.offset(), gap.finding() + lacking);
    }

    private static SegmentReader.Found checkpointRecord(SegmentReader reader) throws IOException {
        SegmentReader.Found found = reader.at(SegmentHeader.BYTES);
        if (found == null || found.kind() != RecordKind.CHECKPOINT) {
            throw new DamagedJournalException(
                    reader.path(), SegmentHeader.BYTES, "the segment does not begin with an intact checkpoint.");
        }
        return found;
    }

    private Path pathOf(long number) {
        return place.folder().resolve(SegmentId.fileName(number));
    }
}
