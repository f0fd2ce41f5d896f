package io.murmuration.core.apply;

import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.machine.Changed;
import io.murmuration.machine.Command;
import io.murmuration.machine.Meta;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The commands that were folded last, for those who watch; mutable, on the hot path: two small objects for each command
 * while nobody watches. All commands from {@link #oldest} on are here, none is missing in between.
 *
 * <p>Bounded by {@code bytesMax}: commands and replies are counted as they are encoded, and {@link #OVERHEAD} for each.
 * States are not kept: nobody knows what they share.
 */
final class History {
    /** What a command costs beyond its bytes: its objects, and that they are larger than what is encoded of them. */
    static final int OVERHEAD = 256;

    private static final int FIRST_CAPACITY = 64;

    private final long bytesMax;
    private @Nullable Changed[] ring = new Changed[FIRST_CAPACITY];
    private int[] sizes = new int[FIRST_CAPACITY];
    private int head;
    private int count;
    private long bytes;
    private long added;
    private long origin;
    private long oldest = 1;
    private long newest;

    /**
     * A history that begins with index 1.
     *
     * @param bytesMax its bound; 0 for one that remembers nothing
     */
    History(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** The state is one at this index, from a snapshot: what led to it was not folded here. */
    void restart(long index) {
        ring = new Changed[FIRST_CAPACITY];
        sizes = new int[FIRST_CAPACITY];
        head = 0;
        count = 0;
        bytes = 0;
        origin = index;
        oldest = index + 1;
        newest = index;
    }

    /**
     * A command was folded.
     *
     * @param commandBytes its size encoded
     * @param value the reply as an object, or null if it was rejected
     * @param reply what the asker is told
     */
    void add(Meta meta, Command<?> command, int commandBytes, @Nullable Object value, Reply reply) {
        newest = meta.index();
        if (bytesMax > 0) {
            keep(new Changed(meta, command, outcome(value, reply)), OVERHEAD + commandBytes + ReplyRule.size(reply));
        }
    }

    private static Changed.Outcome outcome(@Nullable Object value, Reply reply) {
        if (reply instanceof Reply.Declined declined) {
            return new Changed.Rejected(declined.reason());
        }
        return reply instanceof Reply.Unencodable lost
                ? new Changed.ReplyLost(lost.why())
                : new Changed.Replied(Objects.requireNonNull(value));
    }

    private void keep(Changed changed, int size) {
        if (count == ring.length) {
            grow();
        }
        int at = (head + count) % ring.length;
        ring[at] = changed;
        sizes[at] = size;
        count++;
        bytes += size;
        added += size;
        while (bytes > bytesMax) {
            drop();
        }
    }

    private void grow() {
        @Nullable Changed[] larger = new Changed[2 * count];
        int[] largerSizes = new int[2 * count];
        for (int each = 0; each < count; each++) {
            int at = (head + each) % count;
            larger[each] = ring[at];
            largerSizes[each] = sizes[at];
        }
        ring = larger;
        sizes = largerSizes;
        head = 0;
    }

    private void drop() {
        oldest = at(0).index() + 1;
        bytes -= sizes[head];
        ring[head] = null;
        head = (head + 1) % ring.length;
        count--;
    }

    private Changed at(int place) {
        return Objects.requireNonNull(ring[(head + place) % ring.length]);
    }

    /**
     * The commands from an index on, as many as fit into a batch.
     *
     * @param from at least {@link #oldest}
     * @param countMax the most commands
     * @param bytesEnough no more are added behind so many bytes
     * @return the next commands in order; empty if none was folded there yet
     */
    List<Changed> from(long from, int countMax, long bytesEnough) {
        int place = placeOf(from);
        List<Changed> batch = new ArrayList<>(Math.min(countMax, count - place));
        long taken = 0;
        while (place < count && batch.size() < countMax && taken < bytesEnough) {
            batch.add(at(place));
            taken += sizes[(head + place) % ring.length];
            place++;
        }
        return batch;
    }

    /** The first place that holds an index of at least this one; {@link #count} if there is none. */
    private int placeOf(long index) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (at(middle).index() < index) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** All that was folded from this index on is remembered. */
    long oldest() {
        return oldest;
    }

    /** Whether this node folded what is at an index, as opposed to taking over a state that includes it. */
    boolean folded(long index) {
        return index > origin;
    }

    /** The index of the last command that was folded, or of the snapshot that was taken over since. */
    long newest() {
        return newest;
    }

    /** Whether a good part of it has been replaced since {@link #told}: time to tell who waits. */
    boolean movesOn() {
        return added > bytesMax / 4;
    }

    /** All who wait are told what is here. */
    void told() {
        added = 0;
    }

    long bytes() {
        return bytes;
    }
}
