package io.murmuration.core.model;

import io.murmuration.core.model.StoreRecord.EntriesAppended;
import io.murmuration.core.model.StoreRecord.PrefixDropped;
import io.murmuration.core.model.StoreRecord.SnapshotInstalled;
import java.util.ArrayDeque;

/**
 * Which records of a journal are needed no more; mutable (protocol, Store 4). A base repeats whatever stood before it
 * but for entries, so all records before the first one that still holds a live entry behind the base can go, and never
 * the base itself.
 */
public final class JournalPrefix {
    /** Records of entries, in the order of the journal; {@code last} is the last of its entries that still counts. */
    private final ArrayDeque<Batch> batches = new ArrayDeque<>();

    private record Batch(long sequence, long first, long last) {}

    /**
     * The next record in the order of the journal.
     *
     * @param sequence its number in the journal
     * @param record the record
     * @return all records up to this number may be deleted once this record is durable; 0 for none
     */
    public long next(long sequence, StoreRecord record) {
        if (record instanceof EntriesAppended appended) {
            cut(appended.first().index() - 1);
            batches.add(new Batch(
                    sequence, appended.first().index(), appended.last().index()));
            return 0;
        }
        if (record instanceof PrefixDropped dropped) {
            return behind(dropped.base().last(), sequence);
        }
        if (record instanceof SnapshotInstalled installed) {
            EntryId kept = installed.kept();
            cut(kept == null ? installed.base().last().index() : kept.index());
            return behind(installed.base().last(), sequence);
        }
        return 0;
    }

    /** What lies behind this index no longer counts. */
    private void cut(long end) {
        for (Batch batch = batches.peekLast(); batch != null && batch.last() > end; batch = batches.peekLast()) {
            batches.removeLast();
            if (batch.first() <= end) {
                batches.add(new Batch(batch.sequence(), batch.first(), end));
            }
        }
    }

    private long behind(EntryId base, long sequence) {
        Batch live = batches.peek();
        while (live != null && live.last() <= base.index()) {
            batches.remove();
            live = batches.peek();
        }
        return (live == null ? sequence : Math.min(live.sequence(), sequence)) - 1;
    }
}
