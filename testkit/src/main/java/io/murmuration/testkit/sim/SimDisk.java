package io.murmuration.testkit.sim;

import io.murmuration.core.model.Blocks;
import io.murmuration.core.model.JournalPrefix;
import io.murmuration.core.model.LastBallot;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.Replay;
import io.murmuration.core.model.StoreRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A Store with the disk below it: records in the order in which they were handed over, a synced prefix, and behind it
 * what a crash may lose. Mutable. Like the real Store it fills ballots into bases, says <em>written</em> only after a
 * sync that began after the write, and deletes what a durable base makes needless. Beside it the snapshots, each of
 * them durable. Records are counted from 0, deleted ones too.
 */
final class SimDisk {
    private final List<StoreRecord> records = new ArrayList<>();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final ArrayDeque<Needless> needless = new ArrayDeque<>();
    private final TreeMap<Long, Blocks> snapshots = new TreeMap<>();
    private JournalPrefix prefix = new JournalPrefix();
    private int deleted;
    private long saved;
    private int synced;
    private int syncing;
    private boolean busy;
    private boolean damaged;
    private boolean full;
    private @Nullable LastBallot ballot;

    /**
     * A write that is not durable yet.
     *
     * @param owner who handed it over
     * @param sequence the owner's count of writes
     * @param life the life of the owner
     * @param end how many records there are with it
     */
    record Waiting(Actor owner, long sequence, long life, int end) {}

    /** Once a record is durable, all up to another one may go; both as counts. */
    private record Needless(int durable, int upTo) {}

    /** Takes a write. */
    void write(Message.Write write, long life) {
        LastBallot order = ballot;
        if (order == null) {
            throw new AssertionError("The Store is handed a write before it has read its journal.");
        }
        write.records().forEach(next -> add(order.next(next)));
        waiting.add(new Waiting(write.owner(), write.sequence(), life, count()));
    }

    /**
     * A sync covers what was written before it. Returns false if one is under way, or there is nothing to do; what a
     * crash has left is not looked at before it is read.
     */
    boolean startSync() {
        if (busy || synced == count() || ballot == null) {
            return false;
        }
        busy = true;
        syncing = count();
        return true;
    }

    private void add(StoreRecord record) {
        records.add(record);
        remember(count(), record);
    }

    private void remember(int number, StoreRecord record) {
        int upTo = (int) prefix.next(number, record);
        if (upTo > 0) {
            needless.add(new Needless(number, upTo));
        }
    }

    private int count() {
        return deleted + records.size();
    }

    /** Deletes what durable bases make needless; a Store may do so at any time later, or never. */
    void deleteNeedless() {
        while (!needless.isEmpty() && needless.peek().durable() <= synced) {
            int upTo = needless.remove().upTo();
            if (upTo > deleted) {
                records.subList(0, upTo - deleted).clear();
                deleted = upTo;
            }
        }
    }

    /** The newest snapshot can no longer be read. */
    void damageSnapshot() {
        snapshots.pollLastEntry();
    }

    /** Whether the log rests on a snapshot that can no longer be read. */
    boolean withoutState() {
        long base = 0;
        for (StoreRecord record : records) {
            if (record instanceof StoreRecord.PrefixDropped dropped) {
                base = dropped.base().last().index();
            } else if (record instanceof StoreRecord.SnapshotInstalled installed) {
                base = installed.base().last().index();
            }
        }
        return base > 0 && (snapshots.isEmpty() || snapshots.lastKey() < base);
    }

    void save(long index, Blocks bytes) {
        snapshots.put(index, bytes);
        saved = Math.max(saved, index);
    }

    /** The highest index of a snapshot that ever was durable here. */
    long saved() {
        return saved;
    }

    /** The snapshots that can be read, by their index. */
    NavigableMap<Long, Blocks> snapshots() {
        return snapshots;
    }

    /** The sync has succeeded: these writes are durable. */
    List<Waiting> synced() {
        busy = false;
        synced = syncing;
        List<Waiting> done = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.peek().end() <= synced) {
            done.add(waiting.remove());
        }
        return done;
    }

    /** The process ends: of what was not synced the first so many records are there afterwards. */
    void crash(int kept) {
        while (count() > synced + kept) {
            records.remove(records.size() - 1);
        }
        waiting.clear();
        busy = false;
        ballot = null;
    }

    /** All is lost. */
    void wipe() {
        records.clear();
        snapshots.clear();
        saved = 0;
        deleted = 0;
        synced = 0;
        crash(0);
        damaged = false;
    }

    /** A durable record no longer reads as it was written. */
    void damage() {
        damaged = true;
    }

    boolean damaged() {
        return damaged;
    }

    void full(boolean now) {
        full = now;
    }

    boolean full() {
        return full;
    }

    /** How many records a crash may lose. */
    int unsynced() {
        return count() - synced;
    }

    boolean isEmpty() {
        return records.isEmpty();
    }

    /** Whether the sync that is under way is to make something of this durable. */
    boolean syncing() {
        return busy;
    }

    /** Whether all that was handed over is durable. */
    boolean idle() {
        return waiting.isEmpty() && !busy;
    }

    /**
     * Reads the journal. What is read is written anew and synced before anybody hears of it, since what the last
     * process wrote may have been in the page cache only [A4].
     */
    Recovered recover() {
        if (busy) {
            throw new AssertionError("A journal is not read while another Store writes to it.");
        }
        synced = count();
        prefix = new JournalPrefix();
        needless.clear();
        for (int at = 0; at < records.size(); at++) {
            remember(deleted + at + 1, records.get(at));
        }
        Replay replay = new Replay();
        records.forEach(replay::add);
        Recovered recovered = replay.result();
        ballot = new LastBallot(recovered.ballot());
        return recovered;
    }

    /** How many records were deleted. */
    int deleted() {
        return deleted;
    }

    /** How many records are durable. */
    int durable() {
        return synced;
    }

    /** What is durable and not deleted, behind the first so many records. */
    List<StoreRecord> durable(int after) {
        return records.subList(Math.max(0, after - deleted), synced - deleted);
    }
}
