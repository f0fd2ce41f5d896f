package io.murmuration.persistence;

import io.murmuration.persistence.JournalInspection.SegmentFile;
import io.murmuration.persistence.JournalInspection.Use;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * What an inspection learns while it reads whatever can be read: what each segment holds, and of a damaged journal
 * where the damage lies and where the events lie that are left.
 */
final class Salvage implements DamageSurvey.Finds {

    private final boolean collects;
    /** The segments of a journal that is whole. */
    private final Map<Long, Segment> segments = new HashMap<>();

    private final long newest;
    /** What lies behind it in the newest segment was never confirmed. */
    private final long end;

    private final Map<Long, Tally> tallies = new HashMap<>();
    private final List<DamagedJournalException> damages = new ArrayList<>();
    private final Map<Integer, String> names = new TreeMap<>();
    private final Map<Integer, Long> highest = new HashMap<>();
    private final Map<Integer, Long> deletedTo = new HashMap<>();
    private final Map<Integer, CopiedPlaces> places = new HashMap<>();
    /** Where segments end, as the newest one says. */
    private final Map<Long, Checkpoint.Earlier> expected = new HashMap<>();

    /** What was read of a segment. */
    private static final class Tally {
        private final Path path;
        private long end;
        private long records;

        Tally(Path path) {
            this.path = path;
        }
    }

    private Salvage(boolean collects, long newest, long end) {
        this.collects = collects;
        this.newest = newest;
        this.end = end;
    }

    /** Counts what is in the segments of a journal that is whole. */
    static Salvage counting(JournalIndex whole) {
        List<Segment> all = whole.segments();
        Segment last = all.isEmpty() ? null : all.get(all.size() - 1);
        Salvage salvage = last == null
                ? new Salvage(false, 0, 0)
                : new Salvage(false, last.id().number(), last.end());
        all.forEach(segment -> salvage.segments.put(segment.id().number(), segment));
        return salvage;
    }

    /** Collects what is left of a damaged journal. */
    static Salvage collecting(SortedSet<Long> numbers) {
        return new Salvage(true, numbers.isEmpty() ? 0 : numbers.last(), Long.MAX_VALUE);
    }

    @Override
    public void opened(SegmentReader reader) {
        tallies.put(reader.header().id().number(), new Tally(reader.path()));
    }

    @Override
    public void record(SegmentReader reader, SegmentReader.Found found) {
        long number = reader.header().id().number();
        if (number == newest && found.position() >= end) {
            return;
        }
        Tally tally = tallyOf(number);
        tally.records++;
        tally.end = found.next();
        if (collects) {
            collect(number, found);
        }
    }

    private void collect(long number, SegmentReader.Found found) {
        ByteBuffer body = found.body().duplicate();
        switch (found.kind()) {
            case CHECKPOINT -> takeCheckpoint(number, Checkpoint.decode(body));
            case STREAM -> names.put(body.getInt(), Checkpoint.readName(body));
            case DELETED -> deletedTo.merge(body.getInt(), body.getLong(), Math::max);
            case EVENTS, COPIED -> {
                EventsBody events = EventsBody.read(body);
                highest.merge(events.stream(), events.last(), Math::max);
                places.computeIfAbsent(events.stream(), any -> new CopiedPlaces())
                        .add(events.last(), StreamIndex.place(number, found.position()), (int)
                                (found.next() - found.position()));
            }
            case SEALED -> {}
        }
    }

    private void takeCheckpoint(long number, Checkpoint facts) {
        for (Checkpoint.Stream stream : facts.streams()) {
            names.put(stream.id(), stream.persistenceId());
            highest.merge(stream.id(), stream.highest(), Math::max);
            deletedTo.merge(stream.id(), stream.deletedTo(), Math::max);
        }
        if (number == newest) {
            facts.earlier().forEach(earlier -> expected.put(earlier.id().number(), earlier));
        }
    }

    /** In the newest segment this is damage only under the conditions of {@link TailRule}. */
    @Override
    public void hole(SegmentReader reader, long from, SegmentReader.Found next) {
        long number = reader.header().id().number();
        boolean torn = number == newest && from >= reader.header().durableTo() && next.groupStart() <= from;
        if (collects && !torn) {
            damages.add(new DamagedJournalException(
                    reader.path(),
                    from,
                    "no intact record begins here; the next one lies at offset " + next.position() + "."));
        }
    }

    @Override
    public void refused(DamagedJournalException why) {
        damages.add(why);
    }

    /** Each place of damage that was met. */
    List<DamagedJournalException> damages() {
        List<DamagedJournalException> all = new ArrayList<>(damages);
        tallies.forEach((number, tally) -> {
            Checkpoint.Earlier listed = expected.get(number);
            if (listed != null && tally.end < listed.end()) {
                all.add(new DamagedJournalException(
                        tally.path,
                        Math.max(tally.end, SegmentHeader.BYTES),
                        "no intact record begins here, but the segment was complete up to offset " + listed.end()
                                + "."));
            }
        });
        return all;
    }

    /** Where the events lie that can be read. */
    JournalIndex index() {
        JournalIndex index = new JournalIndex();
        names.forEach((id, name) -> {
            if (index.stream(name) == null) {
                StreamIndex stream = new StreamIndex(id, name);
                stream.raiseHighest(highest.getOrDefault(id, 0L));
                stream.deleteTo(deletedTo.getOrDefault(id, 0L), (segment, bytes) -> {});
                stream.merge(
                        places.getOrDefault(id, new CopiedPlaces()), (segment, bytes) -> {}, (segment, bytes) -> {});
                index.add(stream);
            }
        });
        return index;
    }

    /** What a segment's file is and holds. */
    SegmentFile describe(long number, Path file, Use use, long size) {
        Tally tally = tallies.get(number);
        if (tally == null) {
            return new SegmentFile(file.toString(), Use.UNREADABLE, number, size, 0, 0, 0);
        }
        Segment known = segments.get(number);
        long liveBytes = known == null ? 0 : known.liveBytes();
        return new SegmentFile(file.toString(), use, number, size, tally.end, tally.records, liveBytes);
    }

    private Tally tallyOf(long number) {
        Tally tally = tallies.get(number);
        if (tally == null) {
            throw new IllegalStateException("Segment " + number + " was not opened.");
        }
        return tally;
    }
}
