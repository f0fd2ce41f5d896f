package io.murmuration.core.log;

import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Mutable, on the hot path. Entries that follow each other, as bytes in a few large arrays: what a log keeps for
 * followers is hardly ever looked at, and as objects it would be copied by each collection of garbage. An entry that is
 * asked for is made anew. Terms are the caller's to know.
 */
final class PackedEntries {
    /**
     * The largest chunk, unless one entry is larger. With its header it fills a region of G1 where the heap is small.
     */
    static final int CHUNK_BYTES = (1 << 20) - 64;
    /** The first chunk: a log that is short takes up little. Each other is twice as large as the one before. */
    private static final int SMALLEST_BYTES = 4 << 10;
    /** Time, session, serial, lowest, serializer, manifest. */
    private static final int HEADER_BYTES = 4 * Long.BYTES + 2 * Integer.BYTES;

    /** In order; only the first may begin with entries that were dropped. */
    private final ArrayList<Chunk> chunks = new ArrayList<>();
    /** What is no command, by index: there are few. */
    private final NavigableMap<Long, Entry> others = new TreeMap<>();

    private long next;
    private long bytes;
    private int chunkBytes = SMALLEST_BYTES;

    /** Entries of which the first will have this index. */
    PackedEntries(long first) {
        next = first;
    }

    /** Up to as many entries as fit into its array. */
    private static final class Chunk {
        private final ByteBuffer content;
        private final long first;
        /** Whatever was put here and not truncated. */
        private int count;
        /** How many of them were dropped: the first ones. */
        private int dropped;

        /** Where each entry ends in the content. */
        private int[] ends = new int[16];
        /** The sum of {@link Entry#size} up to each entry. */
        private long[] sizes = new long[16];

        private final List<String> manifests = new ArrayList<>();
        private final Map<String, Integer> numbers = new HashMap<>();

        Chunk(long first, int bytes) {
            this.first = first;
            this.content = ByteBuffer.allocate(bytes);
        }

        long last() {
            return first + count - 1;
        }

        int place(long index) {
            return (int) (index - first);
        }

        int end(int place) {
            return place < 0 ? 0 : ends[place];
        }

        /** The sum of sizes up to this place, exclusive. */
        long before(int place) {
            return place == 0 ? 0 : sizes[place - 1];
        }

        long size() {
            return before(count) - before(dropped);
        }

        void add(int size) {
            if (count == ends.length) {
                ends = Arrays.copyOf(ends, 2 * count);
                sizes = Arrays.copyOf(sizes, 2 * count);
            }
            ends[count] = content.position();
            sizes[count] = before(count) + size;
            count++;
        }

        void put(Entry entry, Payload.Proposed command) {
            Encoded encoded = command.command();
            content.putLong(entry.timeMillis())
                    .putLong(command.session())
                    .putLong(command.serial())
                    .putLong(command.lowest())
                    .putInt(encoded.serializer())
                    .putInt(number(encoded.manifest()))
                    .put(encoded.bytes());
        }

        Entry get(EntryId id, int place) {
            int at = end(place - 1);
            Encoded command = new Encoded(
                    content.getInt(at + 4 * Long.BYTES),
                    manifests.get(content.getInt(at + 4 * Long.BYTES + Integer.BYTES)),
                    Arrays.copyOfRange(content.array(), at + HEADER_BYTES, ends[place]));
            Payload.Proposed payload = new Payload.Proposed(
                    content.getLong(at + Long.BYTES),
                    content.getLong(at + 2 * Long.BYTES),
                    content.getLong(at + 3 * Long.BYTES),
                    command);
            return new Entry(id, content.getLong(at), payload);
        }

        void truncate(int keep) {
            content.position(end(keep - 1));
            count = keep;
        }

        private int number(String manifest) {
            Integer known = numbers.get(manifest);
            if (known != null) {
                return known;
            }
            manifests.add(manifest);
            numbers.put(manifest, manifests.size() - 1);
            return manifests.size() - 1;
        }
    }

    /** The sum of {@link Entry#size} over all of them. */
    long bytes() {
        return bytes;
    }

    /** Adds an entry whose index is the next. */
    void add(Entry entry) {
        Payload.Proposed command = entry.payload() instanceof Payload.Proposed proposed ? proposed : null;
        int needed = command == null ? 0 : HEADER_BYTES + command.command().bytes().length;
        Chunk chunk = chunkFor(needed);
        if (command == null) {
            others.put(next, entry);
        } else {
            chunk.put(entry, command);
        }
        int size = entry.size();
        chunk.add(size);
        bytes += size;
        next++;
    }

    /**
     * One entry.
     *
     * @param id its index, which must be there, and its term
     */
    Entry get(EntryId id) {
        Chunk chunk = chunks.get(chunkOf(id.index()));
        int place = chunk.place(id.index());
        if (chunk.end(place) > chunk.end(place - 1)) {
            return chunk.get(id, place);
        }
        return Objects.requireNonNull(others.get(id.index()), "what has no bytes is kept as it is");
    }

    /** {@link Entry#size} of one entry. */
    long size(long index) {
        Chunk chunk = chunks.get(chunkOf(index));
        int place = chunk.place(index);
        return chunk.sizes[place] - chunk.before(place);
    }

    /** Removes all entries from this index on. */
    void truncate(long from) {
        while (!chunks.isEmpty() && newest().first + newest().dropped >= from) {
            bytes -= chunks.remove(chunks.size() - 1).size();
        }
        if (!chunks.isEmpty() && newest().last() >= from) {
            Chunk chunk = newest();
            bytes -= chunk.size();
            chunk.truncate(chunk.place(from));
            bytes += chunk.size();
        }
        others.tailMap(from, true).clear();
        next = Math.min(next, from);
    }

    /** Forgets the entries up to this index, all of which are there. */
    void dropTo(long index) {
        int gone = 0;
        while (gone < chunks.size() && chunks.get(gone).last() <= index) {
            bytes -= chunks.get(gone).size();
            gone++;
        }
        chunks.subList(0, gone).clear();
        if (!chunks.isEmpty() && chunks.get(0).first <= index) {
            Chunk chunk = chunks.get(0);
            bytes -= chunk.size();
            chunk.dropped = Math.max(chunk.dropped, chunk.place(index + 1));
            bytes += chunk.size();
        }
        others.headMap(index, true).clear();
    }

    /** Forgets all of them; the next one will have this index. */
    void restart(long first) {
        chunks.clear();
        others.clear();
        bytes = 0;
        next = first;
        chunkBytes = SMALLEST_BYTES;
    }

    /** The least index, above {@code floor}, from which on no more than so many bytes lie up to {@code end}. */
    long firstWithin(long floor, long end, long bytesMax) {
        long left = bytesMax;
        long index = end;
        while (index > floor) {
            Chunk chunk = chunks.get(chunkOf(index));
            int place = chunk.place(index);
            long whole = chunk.sizes[place] - chunk.before(chunk.dropped);
            if (whole > left) {
                while (index > floor && size(index) <= left) {
                    left -= size(index);
                    index--;
                }
                break;
            }
            left -= whole;
            index = chunk.first + chunk.dropped - 1;
        }
        return Math.max(index, floor) + 1;
    }

    private Chunk newest() {
        return chunks.get(chunks.size() - 1);
    }

    private Chunk chunkFor(int needed) {
        if (chunks.isEmpty() || newest().content.remaining() < needed) {
            chunks.add(new Chunk(next, Math.max(chunkBytes, needed)));
            chunkBytes = Math.min(2 * chunkBytes, CHUNK_BYTES);
        }
        return newest();
    }

    /** The chunk in which an entry lies. Most often the newest: who asks for one of long ago is behind. */
    private int chunkOf(long index) {
        if (chunks.isEmpty() || index < chunks.get(0).first + chunks.get(0).dropped || index >= next) {
            throw new IndexOutOfBoundsException(index + " is out of bounds: the entries end before " + next + ".");
        }
        int low = 0;
        int high = chunks.size() - 1;
        if (newest().first <= index) {
            return high;
        }
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (chunks.get(middle).first <= index) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
