package io.murmuration.core.apply;

import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.EntryId;
import io.murmuration.machine.Changed;
import io.murmuration.machine.Command;
import io.murmuration.machine.Meta;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The commands that were folded last, for those who watch; mutable, on the hot path: a few numbers for each command,
 * and no object of its own, since all that lives on is copied by the garbage collector. All commands from
 * {@link #oldest} on are here, none is missing in between.
 *
 * <p>Bounded by {@code bytesMax}: commands and replies are counted as they are encoded, and {@link #OVERHEAD} for each.
 * States are not kept: nobody knows what they share.
 */
final class History {
    /** What a command costs beyond its bytes: its objects, and that they are larger than what is encoded of them. */
    static final int OVERHEAD = 256;

    private static final int FIRST_CAPACITY = 64;
    /** Index, term, milliseconds since 1970, milliseconds elapsed, size. */
    private static final int NUMBERS = 5;

    private final long bytesMax;
    private @Nullable Command<?>[] commands = new Command<?>[FIRST_CAPACITY];
    /** The value of a reply, or the {@link Reply} that stands for none. */
    private @Nullable Object[] outcomes = new Object[FIRST_CAPACITY];

    private long[] numbers = new long[NUMBERS * FIRST_CAPACITY];
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
        commands = new Command<?>[FIRST_CAPACITY];
        outcomes = new Object[FIRST_CAPACITY];
        numbers = new long[NUMBERS * FIRST_CAPACITY];
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
     * @param id its entry
     * @param time the log's time at it
     * @param commandBytes its size encoded
     * @param value the reply as an object, or null if it was rejected
     * @param reply what the asker is told
     */
    void add(EntryId id, LogTime time, Command<?> command, int commandBytes, @Nullable Object value, Reply reply) {
        newest = id.index();
        if (bytesMax == 0) {
            return;
        }
        if (count == commands.length) {
            grow();
        }
        int at = slot(count);
        int size = OVERHEAD + commandBytes + ReplyRule.size(reply);
        commands[at] = command;
        outcomes[at] = reply instanceof Reply.Replied ? Objects.requireNonNull(value) : reply;
        int first = NUMBERS * at;
        numbers[first] = id.index();
        numbers[first + 1] = id.term();
        numbers[first + 2] = time.millis();
        numbers[first + 3] = time.elapsedMillis();
        numbers[first + 4] = size;
        count++;
        bytes += size;
        added += size;
        while (bytes > bytesMax) {
            drop();
        }
    }

    private void grow() {
        @Nullable Command<?>[] moreCommands = new Command<?>[2 * count];
        @Nullable Object[] moreOutcomes = new Object[2 * count];
        long[] moreNumbers = new long[NUMBERS * 2 * count];
        int behind = count - head;
        System.arraycopy(commands, head, moreCommands, 0, behind);
        System.arraycopy(commands, 0, moreCommands, behind, head);
        System.arraycopy(outcomes, head, moreOutcomes, 0, behind);
        System.arraycopy(outcomes, 0, moreOutcomes, behind, head);
        System.arraycopy(numbers, NUMBERS * head, moreNumbers, 0, NUMBERS * behind);
        System.arraycopy(numbers, 0, moreNumbers, NUMBERS * behind, NUMBERS * head);
        commands = moreCommands;
        outcomes = moreOutcomes;
        numbers = moreNumbers;
        head = 0;
    }

    private void drop() {
        oldest = indexAt(0) + 1;
        bytes -= sizeAt(0);
        commands[head] = null;
        outcomes[head] = null;
        head = slot(1);
        count--;
    }

    private int slot(int place) {
        return (head + place) % commands.length;
    }

    private long indexAt(int place) {
        return numbers[NUMBERS * slot(place)];
    }

    private long sizeAt(int place) {
        return numbers[NUMBERS * slot(place) + 4];
    }

    private Changed at(int place) {
        int at = slot(place);
        int first = NUMBERS * at;
        Meta meta = new LogTime(numbers[first + 2], numbers[first + 3]).meta(numbers[first], numbers[first + 1]);
        return new Changed(meta, Objects.requireNonNull(commands[at]), outcome(Objects.requireNonNull(outcomes[at])));
    }

    private static Changed.Outcome outcome(Object kept) {
        if (kept instanceof Reply.Declined declined) {
            return new Changed.Rejected(declined.reason());
        }
        return kept instanceof Reply.Unencodable lost ? new Changed.ReplyLost(lost.why()) : new Changed.Replied(kept);
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
            taken += sizeAt(place);
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
            if (indexAt(middle) < index) {
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
