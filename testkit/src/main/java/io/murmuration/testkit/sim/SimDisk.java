package io.murmuration.testkit.sim;

import io.murmuration.core.model.LastBallot;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.Replay;
import io.murmuration.core.model.StoreRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Store with the disk below it: records in the order in which they were handed over, a synced prefix, and behind it
 * what a crash may lose. Mutable. Like the real Store it fills ballots into bases, and says <em>written</em> only after
 * a sync that began after the write.
 */
final class SimDisk {
    private final List<StoreRecord> records = new ArrayList<>();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
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

    /** Takes a write. Returns whether a sync is to be started. */
    boolean write(Message.Write write, long life) {
        LastBallot order = ballot;
        if (order == null) {
            throw new AssertionError("The Store is handed a write before it has read its journal.");
        }
        write.records().forEach(next -> records.add(order.next(next)));
        waiting.add(new Waiting(write.owner(), write.sequence(), life, records.size()));
        return startSync();
    }

    /** A sync covers what was written before it. Returns false if one is under way, or there is nothing to do. */
    boolean startSync() {
        if (busy || synced == records.size()) {
            return false;
        }
        busy = true;
        syncing = records.size();
        return true;
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
        while (records.size() > synced + kept) {
            records.remove(records.size() - 1);
        }
        waiting.clear();
        busy = false;
        ballot = null;
    }

    /** All is lost. */
    void wipe() {
        records.clear();
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
        return records.size() - synced;
    }

    boolean isEmpty() {
        return records.isEmpty();
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
        synced = records.size();
        Replay replay = new Replay();
        records.forEach(replay::add);
        Recovered recovered = replay.result();
        ballot = new LastBallot(recovered.ballot());
        return recovered;
    }

    /** What is durable, from the first record on. */
    List<StoreRecord> durable() {
        return records.subList(0, synced);
    }
}
