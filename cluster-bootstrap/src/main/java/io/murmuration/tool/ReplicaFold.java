package io.murmuration.tool;

import io.murmuration.actor.StoredForms;
import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.Codec.CodecException;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.Payload;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.Replay;
import io.murmuration.core.model.StoreRecord;
import io.murmuration.core.model.StoreRecord.BallotCast;
import io.murmuration.core.model.StoreRecord.EntriesAppended;
import io.murmuration.core.model.StoreRecord.PrefixDropped;
import io.murmuration.core.model.StoreRecord.SnapshotInstalled;
import io.murmuration.persistence.JournalInspection;
import io.murmuration.persistence.JournalInspection.Event;
import io.murmuration.persistence.JournalInspection.Lost;
import io.murmuration.tool.ReplicaFacts.LostIndices;
import io.murmuration.tool.ReplicaFacts.Name;
import io.murmuration.tool.ReplicaFacts.TermRun;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a replica's records by its own {@link Replay}, which is given entries without their commands: what it keeps is
 * some 60 bytes for each entry of the log. Mutable.
 */
final class ReplicaFold {
    private static final Payload NOTHING = new Payload.NoOp();

    private final Name name;
    private final Replay replay = new Replay();
    private final List<Gap> gaps;
    private Ballot ballot = Ballot.NONE;
    private @Nullable String wrong;

    /** Lost sequence numbers, and the indices around them. */
    private static final class Gap {
        private final Lost lost;
        private long before;
        private long after = Long.MAX_VALUE;

        Gap(Lost lost) {
            this.lost = lost;
        }

        void read(long sequenceNr, long first, long last) {
            if (sequenceNr < lost.from()) {
                before = last;
            } else if (after == Long.MAX_VALUE) {
                after = first;
            }
        }

        LostIndices indices() {
            return new LostIndices(
                    lost.from(), lost.to(), before + 1, after == Long.MAX_VALUE ? Long.MAX_VALUE : after - 1);
        }
    }

    /** {@code lost} is what the journal has lost of this replica. */
    ReplicaFold(Name name, List<Lost> lost) {
        this.name = name;
        this.gaps = lost.stream().map(Gap::new).toList();
    }

    static ReplicaFacts of(JournalInspection inspection, Name name) {
        List<Lost> lost = inspection.lost().stream()
                .filter(each -> each.persistenceId().equals(name.persistenceId()))
                .toList();
        ReplicaFold fold = new ReplicaFold(name, lost);
        inspection.events(name.persistenceId(), 1, Long.MAX_VALUE, fold::take);
        return fold.facts();
    }

    void take(Event event) {
        StoreRecord record;
        try {
            record = StoredForms.record(
                    event.serializer(), event.manifest(), event.payload().array());
        } catch (CodecException e) {
            wrong = wrong == null ? "Sequence number " + event.sequenceNr() + ": " + e.getMessage() : wrong;
            return;
        }
        if (record instanceof EntriesAppended appended) {
            gaps.forEach(gap -> gap.read(
                    event.sequenceNr(),
                    appended.first().index(),
                    appended.last().index()));
            record = withoutCommands(appended);
        }
        vote(record);
        add(record);
    }

    private void add(StoreRecord record) {
        if (wrong == null) {
            try {
                replay.add(record);
            } catch (InvariantViolation e) {
                wrong = e.getMessage();
            }
        }
    }

    /** Also when the records do not fit together the latest vote is worth knowing. */
    private void vote(StoreRecord record) {
        if (record instanceof BallotCast cast) {
            ballot = ballot.laterOf(cast.ballot());
        } else if (record instanceof PrefixDropped dropped) {
            ballot = ballot.laterOf(dropped.base().ballot());
        } else if (record instanceof SnapshotInstalled installed) {
            ballot = ballot.laterOf(installed.base().ballot());
        }
    }

    private static EntriesAppended withoutCommands(EntriesAppended appended) {
        return new EntriesAppended(appended.entries().stream()
                .map(entry -> entry.payload() instanceof Payload.MembersSet
                        ? entry
                        : new Entry(entry.id(), entry.timeMillis(), NOTHING))
                .toList());
    }

    ReplicaFacts facts() {
        Recovered recovered = Recovered.NOTHING;
        if (wrong == null) {
            try {
                recovered = replay.result();
            } catch (InvariantViolation e) {
                wrong = e.getMessage();
            }
        }
        return new ReplicaFacts(
                name,
                recovered.group(),
                recovered.incarnation(),
                ballot,
                recovered.base(),
                runs(recovered.entries()),
                recovered.members(),
                wrong,
                gaps.stream().map(Gap::indices).toList());
    }

    private static List<TermRun> runs(List<Entry> entries) {
        List<TermRun> runs = new ArrayList<>();
        for (Entry entry : entries) {
            int end = runs.size() - 1;
            if (end >= 0 && runs.get(end).term() == entry.term()) {
                runs.set(end, new TermRun(entry.term(), runs.get(end).first(), entry.index()));
            } else {
                runs.add(new TermRun(entry.term(), entry.index(), entry.index()));
            }
        }
        return List.copyOf(runs);
    }
}
