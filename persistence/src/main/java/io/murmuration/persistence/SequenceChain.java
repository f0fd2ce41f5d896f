package io.murmuration.persistence;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds records that are missing between others.
 *
 * <p>Each record names the sequence number before it. Where that number is not the end of the record read before,
 * something is missing; it may be missing only if it is deleted, which is known when everything was read.
 */
final class SequenceChain {

    /** A record that does not follow the one read before it. */
    private record Break(StreamIndex stream, long previous, long first, Path file, long offset) {}

    private final Map<StreamIndex, long[]> ends = new HashMap<>();
    private final List<Break> breaks = new ArrayList<>();

    /** Notes a record in the order of the log. */
    void read(StreamIndex stream, EventsBody events, Path file, long offset) {
        long[] end = ends.computeIfAbsent(stream, any -> new long[1]);
        if (events.previous() != end[0] || events.first() <= events.previous()) {
            breaks.add(new Break(stream, events.previous(), events.first(), file, offset));
        }
        end[0] = events.last();
    }

    /** The first place where something is missing that was not deleted, or null. */
    @Nullable
    Gap firstGap(Iterable<StreamIndex> streams) {
        for (Break broken : breaks) {
            boolean backwards = broken.first <= broken.previous;
            if (backwards || broken.previous > broken.stream.deletedTo()) {
                return new Gap(
                        broken.file,
                        broken.offset,
                        "the events of " + broken.stream.persistenceId() + " before sequence number " + broken.first
                                + " are missing or out of order");
            }
        }
        for (StreamIndex stream : streams) {
            long[] read = ends.get(stream);
            long end = read == null ? 0 : read[0];
            if (end < stream.highest() && stream.highest() > stream.deletedTo()) {
                return new Gap(
                        null,
                        0,
                        "the events of " + stream.persistenceId() + " after sequence number " + end + " up to "
                                + stream.highest() + " are missing");
            }
        }
        return null;
    }

    /** Where and what is missing; without a file if it is the end of a stream. */
    record Gap(@Nullable Path file, long offset, String finding) {}
}
