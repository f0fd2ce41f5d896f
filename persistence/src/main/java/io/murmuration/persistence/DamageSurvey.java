package io.murmuration.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says of a damaged journal which events of which persistence ids can no longer be read.
 *
 * <p>Reads whatever is intact, also behind damage. What no intact record names is not known of: events that were
 * written last may be lost besides. Changes nothing, and runs only when the journal was refused.
 */
final class DamageSurvey {

    private static final Logger LOG = LoggerFactory.getLogger(DamageSurvey.class);
    private static final int RANGES_MAX = 10;

    private final Map<Integer, String> names = new HashMap<>();
    private final Map<Integer, Long> highest = new TreeMap<>();
    private final Map<Integer, Long> deletedTo = new HashMap<>();
    private final Map<Integer, List<Run>> runs = new HashMap<>();
    private final Finds finds;

    /** Is told what a survey meets on its way. */
    interface Finds {

        /** For who wants to know only what is lost. */
        Finds IGNORED = new Finds() {};

        /** A segment begins whose header is good. */
        default void opened(SegmentReader reader) {}

        /** A record that can be read; its body is valid until this returns, and is not to be moved. */
        default void record(SegmentReader reader, SegmentReader.Found found) {}

        /** From this offset on nothing can be read up to the record of which the survey tells next. */
        default void hole(SegmentReader reader, long from, SegmentReader.Found next) {}

        /** The segment cannot be opened. */
        default void refused(DamagedJournalException why) {}
    }

    /**
     * Events of which intact records tell and that no intact record holds.
     *
     * @param name the persistence id
     * @param from the first sequence number
     * @param to the last sequence number
     */
    record Lost(String name, long from, long to) {}

    /** Events that can be read: those above {@code previous} up to {@code last}. */
    private record Run(long previous, long last) {}

    private DamageSurvey(Finds finds) {
        this.finds = finds;
    }

    /** Reads whatever can be read. */
    static DamageSurvey of(SegmentWriter.Place place, SortedSet<Long> numbers) {
        return of(place, numbers, Finds.IGNORED);
    }

    /** Reads whatever can be read and tells of all of it. */
    static DamageSurvey of(SegmentWriter.Place place, SortedSet<Long> numbers, Finds finds) {
        DamageSurvey survey = new DamageSurvey(finds);
        for (long number : numbers) {
            survey.readWhatCanBeRead(place, number);
        }
        return survey;
    }

    private void readWhatCanBeRead(SegmentWriter.Place place, long number) {
        try (SegmentReader reader = SegmentReader.open(place, number)) {
            read(reader);
        } catch (IOException | DamagedJournalException e) {
            if (e instanceof DamagedJournalException damage) {
                finds.refused(damage);
            }
            LOG.debug("[journal] cannot read on in segment {}, which counts as lost ({})", number, e.toString());
        }
    }

    private void read(SegmentReader reader) throws IOException {
        finds.opened(reader);
        long end = SegmentHeader.BYTES;
        for (long at = end; at < reader.size(); ) {
            SegmentReader.Found found = reader.at(at);
            if (found == null) {
                at += RecordFrame.ALIGNMENT;
            } else {
                if (at > end) {
                    finds.hole(reader, end, found);
                }
                finds.record(reader, found);
                take(found.kind(), found.body());
                at = found.next();
                end = at;
            }
        }
    }

    private void take(RecordKind kind, ByteBuffer body) {
        switch (kind) {
            case CHECKPOINT -> {
                for (Checkpoint.Stream stream : Checkpoint.decode(body).streams()) {
                    names.put(stream.id(), stream.persistenceId());
                    highest.merge(stream.id(), stream.highest(), Math::max);
                    deletedTo.merge(stream.id(), stream.deletedTo(), Math::max);
                }
            }
            case STREAM -> names.put(body.getInt(), Checkpoint.readName(body));
            case EVENTS, COPIED -> takeEvents(EventsBody.read(body));
            case DELETED -> deletedTo.merge(body.getInt(), body.getLong(), Math::max);
            case SEALED -> {}
        }
    }

    private void takeEvents(EventsBody events) {
        highest.merge(events.stream(), events.last(), Math::max);
        List<Run> known = runs.computeIfAbsent(events.stream(), any -> new ArrayList<>());
        int end = known.size() - 1;
        if (end >= 0 && known.get(end).last == events.previous()) {
            known.set(end, new Run(known.get(end).previous, events.last()));
        } else {
            known.add(new Run(events.previous(), events.last()));
        }
    }

    /** What is lost, by persistence id and in order. */
    List<Lost> lost() {
        List<Lost> lost = new ArrayList<>();
        highest.forEach((id, top) -> addLost(id, top, lost));
        return lost;
    }

    /** One sentence on what is lost. */
    String sentence() {
        List<String> lost = lost().stream()
                .map(each -> each.name() + " " + each.from() + " to " + each.to())
                .toList();
        if (lost.isEmpty()) {
            return "Every event of which intact records tell can be read; what was written last may be lost.";
        }
        int more = lost.size() - RANGES_MAX;
        return "Events that cannot be read: "
                + String.join(", ", lost.subList(0, Math.min(RANGES_MAX, lost.size())))
                + (more > 0 ? " and " + more + " ranges more" : "") + "; others that were written last may be lost.";
    }

    private void addLost(int id, long top, List<Lost> lost) {
        List<Run> known = new ArrayList<>(runs.getOrDefault(id, List.of()));
        known.sort(Comparator.comparingLong(Run::previous));
        long covered = deletedTo.getOrDefault(id, 0L);
        String name = names.getOrDefault(id, "persistence id number " + id);
        for (Run run : known) {
            if (run.previous > covered) {
                lost.add(new Lost(name, covered + 1, run.previous));
            }
            covered = Math.max(covered, run.last);
        }
        if (covered < top) {
            lost.add(new Lost(name, covered + 1, top));
        }
    }
}
