package io.murmuration.core.snapshot;

import io.murmuration.core.model.Blocks;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.InvariantViolation;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Mutable. What is to be made durable: one at a time, so that an answer is unambiguous. At most two are there at once,
 * one that the own Machine took and one that was pulled, since neither is followed by another before it has ended.
 */
final class Saves {
    private final ArrayDeque<Job> waiting = new ArrayDeque<>();
    private @Nullable Job inFlight;

    /** A snapshot on its way to the disk; {@code pulled} from another node, or taken by the own Machine. */
    record Job(EntryId last, Blocks bytes, long checksum, boolean pulled) {}

    void add(Job job) {
        waiting.add(job);
    }

    /** The next one to begin with, or null while one is in flight. */
    @Nullable
    Job next() {
        if (inFlight == null) {
            inFlight = waiting.poll();
            return inFlight;
        }
        return null;
    }

    /** The Store has answered, or need not be asked. */
    Job ended(long index) {
        Job job = inFlight;
        if (job == null || job.last().index() != index) {
            throw new InvariantViolation("The snapshot store answers a save at index " + index + ", but "
                    + (job == null ? "none" : "one at index " + job.last().index()) + " is in flight.");
        }
        inFlight = null;
        return job;
    }
}
