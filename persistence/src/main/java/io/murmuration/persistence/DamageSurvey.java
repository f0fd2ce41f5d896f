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

    /** Events that can be read: those above {@code previous} up to {@code last}. */
    private record Run(long previous, long last) {}

    private DamageSurvey() {}

    /** One sentence on what is lost. */
    static String of(SegmentWriter.Place place, SortedSet<Long> numbers) {
        DamageSurvey survey = new DamageSurvey();
        for (long number : numbers) {
            survey.readWhatCanBeRead(place, number);
        }
        return survey.sentence();
    }

    private void readWhatCanBeRead(SegmentWriter.Place place, long number) {
        try (SegmentReader reader = SegmentReader.open(place, number)) {
            read(reader);
        } catch (IOException | DamagedJournalException e) {
            LOG.debug("[journal] cannot read on in segment {}, which counts as lost ({})", number, e.toString());
        }
    }

    private void read(SegmentReader reader) throws IOException {
        for (long at = SegmentHeader.BYTES; at < reader.size(); ) {
            SegmentReader.Found found = reader.at(at);
            if (found == null) {
                at += RecordFrame.ALIGNMENT;
            } else {
                take(found.kind(), found.body());
                at = found.next();
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

    private String sentence() {
        List<String> lost = new ArrayList<>();
        highest.forEach((id, top) -> addLost(id, top, lost));
        if (lost.isEmpty()) {
            return "Every event of which intact records tell can be read; what was written last may be lost.";
        }
        int more = lost.size() - RANGES_MAX;
        return "Events that cannot be read: "
                + String.join(", ", lost.subList(0, Math.min(RANGES_MAX, lost.size())))
                + (more > 0 ? " and " + more + " ranges more" : "") + "; others that were written last may be lost.";
    }

    private void addLost(int id, long top, List<String> lost) {
        List<Run> known = new ArrayList<>(runs.getOrDefault(id, List.of()));
        known.sort(Comparator.comparingLong(Run::previous));
        long covered = deletedTo.getOrDefault(id, 0L);
        String name = names.getOrDefault(id, "persistence id number " + id);
        for (Run run : known) {
            if (run.previous > covered) {
                lost.add(name + " " + (covered + 1) + " to " + run.previous);
            }
            covered = Math.max(covered, run.last);
        }
        if (covered < top) {
            lost.add(name + " " + (covered + 1) + " to " + top);
        }
    }
}
