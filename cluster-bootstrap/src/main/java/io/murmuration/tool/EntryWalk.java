package io.murmuration.tool;

import io.murmuration.actor.StoredForms;
import io.murmuration.core.model.Codec.CodecException;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.StoreRecord;
import io.murmuration.core.model.StoreRecord.EntriesAppended;
import io.murmuration.persistence.JournalInspection.Event;

/**
 * Goes through the records of a replica and hands on the entries that are asked for. Only one record is in memory at a
 * time. Mutable.
 */
final class EntryWalk {
    private final ReplicaFacts replica;
    private final long from;
    private final long to;
    private final boolean records;
    private final Sink sink;
    private long appended;
    private long shown;

    /** Whether an entry counts. */
    enum Standing {
        /** It is part of the log. */
        IN_THE_LOG,
        /** A later leader has replaced it. */
        REPLACED,
        /** A snapshot includes it. */
        DROPPED
    }

    /** Prints what is found. */
    interface Sink {
        /** An entry. */
        void entry(Entry entry, Standing standing);

        /** A record that holds no entry; {@code timeMillis} is 0 if nobody said when it was written. */
        void record(long sequenceNr, long timeMillis, StoreRecord record);

        /** From this index on the log is replaced by the entries that follow. */
        void truncated(long sequenceNr, long index);

        /** A record that cannot be read. */
        void unreadable(long sequenceNr, String why);
    }

    EntryWalk(ReplicaFacts replica, long from, long to, boolean records, Sink sink) {
        this.replica = replica;
        this.from = from;
        this.to = to;
        this.records = records;
        this.sink = sink;
    }

    void take(Event event) {
        StoreRecord record;
        try {
            record = StoredForms.record(
                    event.serializer(), event.manifest(), event.payload().array());
        } catch (CodecException e) {
            sink.unreadable(event.sequenceNr(), String.valueOf(e.getMessage()));
            return;
        }
        if (record instanceof EntriesAppended entries) {
            long first = entries.first().index();
            if (records && first <= appended) {
                sink.truncated(event.sequenceNr(), first);
            }
            appended = entries.last().index();
            entries.entries().forEach(this::take);
        } else if (records) {
            sink.record(event.sequenceNr(), event.timestampMillis(), record);
        }
    }

    private void take(Entry entry) {
        if (entry.index() < from || entry.index() > to) {
            return;
        }
        Standing standing = standingOf(entry);
        if (standing == Standing.IN_THE_LOG) {
            shown = entry.index();
        }
        if (records || standing == Standing.IN_THE_LOG) {
            sink.entry(entry, standing);
        }
    }

    /** An entry of the same index and term is the same entry (§5.3), so its first place in the journal may stand. */
    private Standing standingOf(Entry entry) {
        if (replica.wrong() != null) {
            return Standing.IN_THE_LOG;
        }
        if (entry.index() <= replica.base().index()) {
            return Standing.DROPPED;
        }
        boolean counts = replica.termAt(entry.index()) == entry.term() && entry.index() > shown;
        return counts ? Standing.IN_THE_LOG : Standing.REPLACED;
    }
}
