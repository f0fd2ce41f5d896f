package io.murmuration.core.log;

import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.InvariantViolation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Mutable, on the hot path. The entries behind the base, in memory: the last ones as they are, all of them packed. What
 * concerns the last ones costs O(1) or O(terms) but for a truncation, an entry further back O(log entries) and a copy.
 * Indices have no gap and terms never fall (§5.3).
 */
final class LogTail {
    private final long recentBytesEnough;
    private EntryId base;
    private final PackedEntries packed;
    /** The last entries, up to twice as many as are enough: they leave many at a time. */
    private final ArrayList<Entry> recent = new ArrayList<>();

    private long recentBytes;
    /** The first entry of each term that the tail holds, in order. */
    private final ArrayList<EntryId> starts = new ArrayList<>();

    private EntryId last;
    /** The slice handed out last: followers that keep pace with each other are sent the same list. */
    private List<Entry> cached = List.of();

    /**
     * A log as it was read.
     *
     * @param base the last entry before it
     * @param recovered its entries
     * @param recentBytes how much of its end is kept as it is: what followers and the Machine are sent while they keep
     *     pace
     */
    LogTail(EntryId base, List<Entry> recovered, long recentBytes) {
        this.recentBytesEnough = recentBytes;
        this.base = base;
        this.last = base;
        this.packed = new PackedEntries(base.index() + 1);
        append(recovered);
        cached = List.of();
    }

    /** The last entry before the tail, or {@link EntryId#NONE}. */
    EntryId base() {
        return base;
    }

    EntryId last() {
        return last;
    }

    long lastIndex() {
        return last.index();
    }

    /** The sum of {@link Entry#size} over the tail. */
    long bytes() {
        return packed.bytes();
    }

    Entry entry(long index) {
        return index > last.index() - recent.size() ? recent.get(position(index)) : packed.get(id(index));
    }

    /** {@link Entry#size} of one entry. */
    long size(long index) {
        return packed.size(index);
    }

    /** The id of the entry at an index from the base to the end. */
    EntryId id(long index) {
        return index == base.index() ? base : new EntryId(index, term(index));
    }

    /** The term of the entry at an index from the base to the end. */
    long term(long index) {
        if (index == base.index()) {
            return base.term();
        }
        return startBefore(index).term();
    }

    /** The first entry of the tail that has the term of the entry at this index (which lies behind the base). */
    EntryId firstOfTermAt(long index) {
        return startBefore(index);
    }

    private EntryId startBefore(long index) {
        if (index <= base.index() || index > last.index()) {
            throw new IndexOutOfBoundsException(
                    index + " is out of bounds: the log has entries behind " + base + " up to " + last + ".");
        }
        int at = starts.size() - 1;
        while (starts.get(at).index() > index) {
            at--;
        }
        return starts.get(at);
    }

    /** The highest index, at most {@code bound} and at least the base, whose term is at most {@code term}. */
    long lastIndexUpToTerm(long term, long bound) {
        long end = last.index();
        for (int at = starts.size() - 1; at >= 0; at--) {
            EntryId start = starts.get(at);
            if (start.term() <= term && start.index() <= bound) {
                return Math.min(end, bound);
            }
            end = start.index() - 1;
        }
        return base.index();
    }

    /** Adds entries at the end. */
    void append(List<Entry> added) {
        for (Entry entry : added) {
            if (entry.index() != last.index() + 1 || entry.term() < last.term()) {
                throw new InvariantViolation("The log has no gap and its terms never fall, but " + entry.id()
                        + " was to be appended behind " + last + ".");
            }
            if (starts.isEmpty() || entry.term() != last.term()) {
                starts.add(entry.id());
            }
            packed.add(entry);
            recent.add(entry);
            recentBytes += entry.size();
            last = entry.id();
        }
        if (recentBytes > 2 * recentBytesEnough) {
            forgetOld();
        }
        cached = added;
    }

    private void forgetOld() {
        int gone = 0;
        while (recentBytes > recentBytesEnough) {
            recentBytes -= recent.get(gone).size();
            gone++;
        }
        recent.subList(0, gone).clear();
    }

    /** Removes all entries from this index on. */
    void truncate(long from) {
        EntryId before = id(from - 1);
        forgetRecent(Math.max(0, position(from)), recent.size());
        packed.truncate(from);
        while (!starts.isEmpty() && starts.get(starts.size() - 1).index() >= from) {
            starts.remove(starts.size() - 1);
        }
        last = before;
        cached = List.of();
    }

    /** Whether the log holds exactly this entry, or ends its prefix with it. */
    boolean holds(EntryId id) {
        return id.index() >= base.index() && id.index() <= last.index() && term(id.index()) == id.term();
    }

    /** Forgets the entries up to this index, the new base. */
    void dropTo(long index) {
        EntryId next = id(index);
        forgetRecent(0, Math.max(0, position(index + 1)));
        packed.dropTo(index);
        @Nullable EntryId first = index < last.index() ? new EntryId(index + 1, term(index + 1)) : null;
        base = next;
        starts.removeIf(start -> start.index() <= index);
        if (first != null && (starts.isEmpty() || starts.get(0).index() > first.index())) {
            starts.add(0, first);
        }
        cached = List.of();
    }

    /** A snapshot stands for everything: the log is empty behind it. */
    void restart(EntryId snapshot) {
        recent.clear();
        recentBytes = 0;
        packed.restart(snapshot.index() + 1);
        starts.clear();
        base = snapshot;
        last = snapshot;
        cached = List.of();
    }

    /** The least index, at least the base, behind which no more than these bytes lie up to {@code end}. */
    long indexBefore(long end, long bytesMax) {
        return packed.firstWithin(base.index(), end, bytesMax) - 1;
    }

    /** The entries from {@code first} to at most {@code end}, as many as fit into the bytes, but at least one. */
    List<Entry> slice(long first, long end, long bytesMax) {
        long sum = packed.size(first);
        long until = first + 1;
        while (until <= end) {
            sum += packed.size(until);
            if (sum > bytesMax) {
                break;
            }
            until++;
        }
        int size = (int) (until - first);
        if (size != cached.size() || cached.get(0).index() != first) {
            cached = copy(first, until);
        }
        return cached;
    }

    private List<Entry> copy(long first, long until) {
        int from = position(first);
        if (from >= 0) {
            return List.copyOf(recent.subList(from, from + (int) (until - first)));
        }
        List<Entry> copies = new ArrayList<>((int) (until - first));
        for (long index = first; index < until; index++) {
            copies.add(entry(index));
        }
        return List.copyOf(copies);
    }

    private void forgetRecent(int from, int until) {
        for (Entry entry : recent.subList(from, until)) {
            recentBytes -= entry.size();
        }
        recent.subList(from, until).clear();
    }

    /** Where an entry is among the recent ones; negative for one of long ago. */
    private int position(long index) {
        return Math.toIntExact(index - (last.index() - recent.size()) - 1);
    }
}
