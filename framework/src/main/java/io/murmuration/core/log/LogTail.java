package io.murmuration.core.log;

import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.InvariantViolation;
import java.util.ArrayList;
import java.util.List;

/**
 * Mutable, on the hot path. The entries behind the base, in memory: appending costs O(entries), everything else but a
 * truncation O(1) or O(terms). Indices have no gap and terms never fall (§5.3).
 */
final class LogTail {
    private final EntryId base;
    private final ArrayList<Entry> entries = new ArrayList<>();
    /** The first entry of each term that the tail holds, in order. */
    private final ArrayList<EntryId> starts = new ArrayList<>();

    private EntryId last;
    private long bytes;
    /** The slice handed out last: followers that keep pace with each other are sent the same list. */
    private List<Entry> cached = List.of();

    LogTail(EntryId base, List<Entry> recovered) {
        this.base = base;
        this.last = base;
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
        return bytes;
    }

    Entry entry(long index) {
        return entries.get(position(index));
    }

    /** The id of the entry at an index from the base to the end. */
    EntryId id(long index) {
        return index == base.index() ? base : entry(index).id();
    }

    long term(long index) {
        return id(index).term();
    }

    /** The first entry of the tail that has the term of the entry at this index (which lies behind the base). */
    EntryId firstOfTermAt(long index) {
        long term = term(index);
        int at = starts.size() - 1;
        while (starts.get(at).term() != term) {
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
        entries.ensureCapacity(entries.size() + added.size());
        for (Entry entry : added) {
            if (entry.index() != last.index() + 1 || entry.term() < last.term()) {
                throw new InvariantViolation("The log has no gap and its terms never fall, but " + entry.id()
                        + " was to be appended behind " + last + ".");
            }
            if (starts.isEmpty() || entry.term() != last.term()) {
                starts.add(entry.id());
            }
            entries.add(entry);
            bytes += entry.size();
            last = entry.id();
        }
        cached = added;
    }

    /** Removes all entries from this index on. */
    void truncate(long from) {
        int keep = position(from);
        for (int at = keep; at < entries.size(); at++) {
            bytes -= entries.get(at).size();
        }
        entries.subList(keep, entries.size()).clear();
        while (!starts.isEmpty() && starts.get(starts.size() - 1).index() >= from) {
            starts.remove(starts.size() - 1);
        }
        last = id(from - 1);
        cached = List.of();
    }

    /** The entries from {@code first} to at most {@code end}, as many as fit into the bytes, but at least one. */
    List<Entry> slice(long first, long end, long bytesMax) {
        int from = position(first);
        int until = from;
        long sum = 0;
        while (until < position(end + 1)) {
            sum += entries.get(until).size();
            if (sum > bytesMax && until > from) {
                break;
            }
            until++;
        }
        int size = until - from;
        if (size != cached.size() || size == 0 || cached.get(0).index() != first) {
            cached = List.copyOf(entries.subList(from, until));
        }
        return cached;
    }

    private int position(long index) {
        return Math.toIntExact(index - base.index() - 1);
    }
}
