package io.murmuration.persistence;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds records that are missing between others.
 *
 * <p>Each record names the sequence number before it. Records that follow one another make a run; runs begin anew where
 * something was deleted, and where records were copied. What no run covers is missing; it may be missing only if it is
 * deleted, which is known when everything was read.
 */
final class SequenceChain {

    private final Map<StreamIndex, Runs> streams = new HashMap<>();

    /** Records that follow one another: the number before the first one, and the number of the last one. */
    private static final class Run {
        private final long previous;
        private final long first;
        private final Path file;
        private final long offset;
        private long last;

        Run(EventsBody events, Path file, long offset) {
            this.previous = events.previous();
            this.first = events.first();
            this.file = file;
            this.offset = offset;
            this.last = events.last();
        }
    }

    /** What was read of one persistence id; copies have runs of their own, as they lie behind newer records. */
    private static final class Runs {
        private final List<Run> all = new ArrayList<>();
        private @Nullable Run written;
        private @Nullable Run copied;
        private @Nullable Run backwards;

        void read(EventsBody events, boolean copy, Path file, long offset) {
            Run current = copy ? copied : written;
            boolean falls =
                    events.first() <= events.previous() || (!copy && current != null && events.first() <= current.last);
            if (falls && backwards == null) {
                backwards = new Run(events, file, offset);
            }
            if (current != null && events.previous() == current.last) {
                current.last = events.last();
                return;
            }
            Run next = new Run(events, file, offset);
            all.add(next);
            if (copy) {
                copied = next;
            } else {
                written = next;
            }
        }
    }

    /** Notes a record in the order of the log. */
    void read(StreamIndex stream, EventsBody events, boolean copied, Path file, long offset) {
        streams.computeIfAbsent(stream, any -> new Runs()).read(events, copied, file, offset);
    }

    /** The first place where something is missing that was not deleted, or null. */
    @Nullable
    Gap firstGap(Iterable<StreamIndex> all) {
        for (StreamIndex stream : all) {
            Gap gap = gapOf(stream, streams.getOrDefault(stream, new Runs()));
            if (gap != null) {
                return gap;
            }
        }
        return null;
    }

    private static @Nullable Gap gapOf(StreamIndex stream, Runs runs) {
        if (runs.backwards != null) {
            return gapBefore(stream, runs.backwards);
        }
        long covered = stream.deletedTo();
        List<Run> ordered = new ArrayList<>(runs.all);
        ordered.sort(Comparator.comparingLong(run -> run.previous));
        for (Run run : ordered) {
            if (run.last > covered) {
                if (run.previous > covered) {
                    return gapBefore(stream, run);
                }
                covered = run.last;
            }
        }
        if (covered < stream.highest()) {
            return new Gap(
                    null,
                    0,
                    "the events of " + stream.persistenceId() + " after sequence number " + covered + " up to "
                            + stream.highest() + " are missing");
        }
        return null;
    }

    private static Gap gapBefore(StreamIndex stream, Run run) {
        return new Gap(
                run.file,
                run.offset,
                "the events of " + stream.persistenceId() + " before sequence number " + run.first
                        + " are missing or out of order");
    }

    /** Where and what is missing; without a file if it is the end of a stream. */
    record Gap(@Nullable Path file, long offset, String finding) {}
}
