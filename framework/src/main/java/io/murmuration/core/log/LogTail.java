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
    private EntryId base;
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

    /** Whether the log holds exactly this entry, or ends its prefix with it. */
    boolean holds(EntryId id) {
        return id.index() >= base.index() && id.index() <= last.index() && term(id.index()) == id.term();
    }

    /** Forgets the entries up to this index, the new base. */
    void dropTo(long index) {
        EntryId next = id(index);
        int dropped = position(index + 1);
        for (int at = 0; at < dropped; at++) {
            bytes -= entries.get(at).size();
        }
        entries.subList(0, dropped).clear();
        base = next;
        starts.removeIf(start -> start.index() <= index);
        if (!entries.isEmpty() && (starts.isEmpty() || starts.get(0).index() > index + 1)) {
            starts.add(0, entries.get(0).id());
        }
        cached = List.of();
    }

    /** A snapshot stands for everything: the log is empty behind it. */
    void restart(EntryId snapshot) {
        entries.clear();
        starts.clear();
        bytes = 0;
        base = snapshot;
        last = snapshot;
        cached = List.of();
    }

    /** The least index, at least the base, behind which no more than these bytes lie up to {@code end}. */
    long indexBefore(long end, long bytesMax) {
        long sum = 0;
        long index = end;
        while (index > base.index()) {
            sum += entry(index).size();
            if (sum > bytesMax) {
                break;
            }
            index--;
        }
        return index;
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
